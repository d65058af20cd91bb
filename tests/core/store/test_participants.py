"""Participants of imported tables, against the same sums by numpy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from core.domain.errors import BadInput, NotFound
from core.domain.experiments import Data, Design, Metric, Variant
from core.domain.samples import Cell, Sample
from core.store import (
    Store,
    TableOrigin,
    participant_cells,
    participant_quantiles,
    participant_tails,
)

ARMS = (Variant(id="a"), Variant(id="b"))
START = datetime(2026, 3, 1, 22)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    made = Store.in_memory()
    yield made
    made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture
def keep(store: Store, folder: Path) -> Any:
    """Imports columns as a table."""

    def kept(**columns: Any) -> TableOrigin:
        path = folder / "table.parquet"
        parquet.write_table(pa.table(columns), path)
        return TableOrigin(store.datasets.add_file(path, "a table", "parquet").id)

    return kept


def design(*metrics: Metric, **more: Any) -> Design:
    return Design(name="x", variants=ARMS, metrics=metrics, **more)


def by(cells: list[Cell]) -> dict[Any, Cell]:
    found = {(one.variant, one.value, one.day): one for one in cells}
    assert len(found) == len(cells)
    return found


def expected(*columns: Any) -> Sample:
    """The sample of some columns, by numpy."""
    table = np.array(columns, dtype=np.longdouble)
    means = table.mean(axis=1)
    apart = table - means[:, None]
    products = apart @ apart.T
    return Sample(
        table.shape[1],
        tuple(float(one) for one in means),
        tuple(tuple(float(one) for one in row) for row in products),
    )


def assert_same(found: Sample, wanted: Sample, rel: float = 1e-9) -> None:
    scale = max((abs(one) for row in wanted.products for one in row), default=0)
    assert found.n == wanted.n
    assert found.means == pytest.approx(wanted.means, rel=1e-12, abs=1e-12)
    for mine, theirs in zip(found.products, wanted.products, strict=True):
        assert mine == pytest.approx(theirs, rel=rel, abs=rel * scale + 1e-9)


NUMBERS = st.one_of(
    st.none(),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.sampled_from([float("nan"), float("inf"), float("-inf"), 0.0, 1e6 + 1]),
)
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None]), NUMBERS, NUMBERS, NUMBERS),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, at_once=st.booleans())
def test_sums_are_numpys(store: Store, keep: Any, rows: list[Any], at_once: bool) -> None:
    variants, groups, x, y, z = (list(column) for column in zip(*rows, strict=True))
    origin = keep(
        unit=[f"u{at}" for at in range(len(rows))],
        variant=variants,
        g=pa.array(groups, pa.string()),
        **{name: pa.array(one, pa.float64()) for name, one in zip("xyz", (x, y, z), strict=True)},
        did=[None if one is None or not np.isfinite(one) else max(0, int(one)) for one in x],
    )
    asked = design(
        Metric(id="m", kind="mean", value="x"),
        Metric(id="r", kind="ratio", value="x", per="y"),
        Metric(id="c", kind="mean", value="x", before="z"),
        Metric(id="w", kind="revenue", value="x", winsorise=0.8),
        Metric(id="p", value="did"),
        segments=("g",),
    )
    with patch.object(participant_cells, "MOST_GROUPS", 4_000 if at_once else 0):
        whole = by(store.participants.cells(origin, asked))
        parts = by(store.participants.cells(origin, asked, segment="g"))
    finite = [np.array([v if v is not None else np.nan for v in one], float) for one in (x, y, z)]
    for one in finite:
        one[~np.isfinite(one)] = np.nan
    fx, fy, fz = finite
    middle = np.nanmean(fz) if np.isfinite(fz).any() else 0.0
    fz = np.where(np.isnan(fz), middle, fz)
    cap = np.nanquantile(fx, 0.8) if np.isfinite(fx).any() else np.inf
    for (variant, value, _), cell in {**whole, **parts}.items():
        mine = np.array(variants) == variant
        if value is not None:
            mine &= np.array([one or "" for one in groups]) == value
        assert cell.n == mine.sum()
        has, both = mine & ~np.isnan(fx), mine & ~np.isnan(fx) & ~np.isnan(fy)
        wanted = {
            "m": (fx[has],),
            "r": (fx[both], fy[both]),
            "c": (fx[has], fz[has]),
            "w": (np.minimum(fx[has], cap),),
            "p": ((fx[has] >= 1).astype(float),),
        }
        for id, columns in wanted.items():
            found = cell.metrics[id]
            assert found.missing == cell.n - len(columns[0])
            if len(columns[0]):
                assert_same(found.sample, expected(*columns), 1e-7)
            else:
                assert found.sample == Sample.none(len(columns))
    assert sum(cell.n for cell in parts.values()) == sum(cell.n for cell in whole.values())


def test_a_small_spread_far_from_zero_is_kept(store: Store, keep: Any) -> None:
    chance = np.random.default_rng(3)
    n = 40_000
    x = 1e6 + chance.standard_normal(n)
    before = 1e6 + 0.8 * (x - 1e6) + 0.6 * chance.standard_normal(n)
    origin = keep(
        unit=range(n),
        variant=["a", "b"] * (n // 2),
        x=x,
        pre=before,
        s=[f"s{i % 7}" for i in range(n)],
    )
    asked = design(Metric(id="m", kind="mean", value="x", before="pre"), segments=("s",))
    for cell in store.participants.cells(origin, asked):
        mine = slice(0 if cell.variant == "a" else 1, None, 2)
        wanted = expected(x[mine], before[mine])
        assert_same(cell.metrics["m"].sample, wanted)
        assert cell.metrics["m"].sample.variance() == pytest.approx(1, abs=0.05)


def test_rows_of_one_unit_are_added_up(store: Store, keep: Any) -> None:
    origin = keep(
        who=["1", "1", "2", "3", "3", "4", None, "5", "6"],
        arm=["a", "a", "b", "a", "b", None, "a", "other", "b"],
        bought=["no", "yes", "no", "yes", "no", "yes", "yes", "yes", None],
        spent=[1.0, 2.0, None, 5.0, 5.0, 1.0, 1.0, 1.0, 4.0],
        visits=[1, 1, 1, 1, 1, 1, 1, 1, 2],
        pre=[10.0, 20.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, None],
        came=[START + timedelta(hours=at) for at in (5, 1, 30, 0, 0, 0, 0, 0, 49)],
        land=["DE", "CH", "CH", "x", "x", "x", "x", "x", None],
    )
    asked = design(
        Metric(id="p", value="bought"),
        Metric(id="m", kind="mean", value="spent", before="pre"),
        Metric(id="r", kind="ratio", value="spent", per="visits"),
        segments=("land",),
        data=Data(unit="who", variant="arm", time="came"),
    )
    cells = by(store.participants.cells(origin, asked))
    a, b = cells["a", None, None], cells["b", None, None]
    assert (a.n, b.n) == (1, 2)
    assert a.metrics["p"].sample == Sample.of_counts(1, 1)
    assert (b.metrics["p"].sample, b.metrics["p"].missing) == (Sample.of_counts(1, 0), 1)
    assert a.metrics["m"].sample.means == (3.0, 15.0)
    assert b.metrics["m"].sample.means == (4.0, 9.0), "no earlier value is everybody's mean"
    assert a.metrics["r"].sample.means == (3.0, 2.0)
    assert b.metrics["r"].missing == 1
    parts = by(store.participants.cells(origin, asked, segment="land"))
    assert {key[:2]: cell.n for key, cell in parts.items()} == {
        ("a", "CH"): 1, ("b", "CH"): 1, ("b", ""): 1,
    }  # fmt: skip
    facts = store.participants.facts(origin, asked)
    assert (facts.rows, facts.nameless, facts.in_many, facts.several_rows) == (9, 2, 1, 2)
    assert (facts.participants, facts.unknown) == ({"a": 1, "b": 2}, {"other": 1})
    assert (facts.first, facts.last) == (START + timedelta(hours=1), START + timedelta(hours=49))
    days = by(store.participants.cells(origin, asked, daily=True))
    assert {key[::2]: cell.n for key, cell in days.items()} == {
        ("a", 0): 1,
        ("b", 1): 1,
        ("b", 2): 1,
    }
    assert store.participants.balance(origin, asked, "day") == [
        ("0", "a", 1),
        ("1", "b", 1),
        ("2", "b", 1),
    ]


def test_days_begin_with_the_first_participant(store: Store, keep: Any) -> None:
    hours = [0, 23, 24, 71, 72]
    origin = keep(
        unit=range(5), variant=list("ababa"), t=[START + timedelta(hours=h) for h in hours]
    )
    asked = design(data=Data(time="t"))
    days = store.participants.balance(origin, asked, "day")
    assert sorted((int(day), arm) for day, arm, _ in days) == [
        (0, "a"), (0, "b"), (1, "a"), (2, "b"), (3, "a"),
    ]  # fmt: skip
    untimed = store.participants.cells(origin, design(), daily=True)
    assert [(one.variant, one.day, one.n) for one in untimed] == [("a", None, 3), ("b", None, 2)]


@pytest.mark.parametrize("q", [0.5, 0.9, 0.03])
@pytest.mark.parametrize("shape", ["smooth", "whole", "mostly nothing"])
def test_order_statistics_of_many_are_those_of_all(
    store: Store, keep: Any, q: float, shape: str
) -> None:
    chance = np.random.default_rng(5)
    n = 6_000
    x = {
        "smooth": chance.lognormal(0, 2, n),
        "whole": np.floor(chance.exponential(4, n)),
        "mostly nothing": np.where(chance.random(n) < 0.02, chance.exponential(9, n), 0.0),
    }[shape]
    arms = chance.choice(["a", "b"], n, p=[0.9, 0.1])
    land = chance.choice(["x", "y"], n)
    origin = keep(
        unit=range(n), variant=arms, x=np.where(chance.random(n) < 0.1, np.nan, x), land=land
    )
    asked = design(
        Metric(id="q", kind="quantile", value="x", quantile=q),
        Metric(id="w", kind="revenue", value="x", winsorise=max(q, 0.95)),
        segments=("land",),
    )
    small = _answers(store, origin, asked)
    store.participants._kept.clear()
    with (
        patch.object(participant_tails, "SMALL", 100),
        patch.object(participant_quantiles, "SMALL", 100),
        patch.object(participant_tails, "SAMPLED", 1_000),
        patch.object(participant_quantiles, "SAMPLED", 1_000),
    ):
        assert _answers(store, origin, asked) == small
    table = store.database.rows(f'SELECT variant, x FROM "data_{origin.dataset}"')
    mine = np.sort([x for arm, x in table if arm == "a" and np.isfinite(x)])
    one = store.participants.quantiles(origin, asked)["q", "a", None]
    assert (one.n, one.value) == (len(mine), pytest.approx(np.quantile(mine, q)))
    reach = 1.96 * np.sqrt(len(mine) * q * (1 - q))
    assert one.low == mine[int(np.floor(len(mine) * q - reach)) - 1]
    assert one.high == mine[int(np.floor(len(mine) * q + reach))]


def _answers(store: Store, origin: TableOrigin, asked: Design) -> Any:
    """Every figure that is exact however many there are; skewness is in part from a sample."""
    reading = store.participants
    facts = reading.facts(origin, asked)
    tails = {name: replace(tail, skewness=None) for name, tail in facts.tails.items()}
    return (
        reading.quantiles(origin, asked),
        reading.quantiles(origin, asked, segment="land"),
        replace(facts, tails=tails),
        reading.cells(origin, asked),
    )


def test_tails_say_who_makes_up_the_sum(store: Store, keep: Any) -> None:
    x = [1.0] * 197 + [100.0, 1_000.0, -5.0]
    origin = keep(unit=range(200), variant=["a", "b"] * 100, x=x)
    asked = design(Metric(id="m", kind="revenue", value="x", winsorise=0.99))
    tail = store.participants.facts(origin, asked).tails["m"]
    assert (tail.largest, tail.negative) == (1_000.0, 1)
    assert tail.top_share == pytest.approx(1_100 / sum(x))
    assert (tail.cap, tail.capped) == (pytest.approx(np.quantile(x, 0.99)), 2)
    plain = store.participants.facts(origin, design(Metric(id="m", kind="mean", value="x")))
    assert (plain.tails["m"].cap, plain.tails["m"].capped) == (None, 0)
    assert store.participants.facts(origin, design(Metric(id="m", value="unit"))).tails == {}


def test_names_with_quotes_and_words_for_yes(store: Store, keep: Any) -> None:
    odd = 'x"; DROP TABLE datasets; --'
    origin = keep(
        **{
            "ü n": range(6),
            "v'a": [1, 1, 1, 2, 2, 2],
            odd: ["Yes", " no ", "", "TRUE", "0", "nan"],
        }
    )
    asked = Design(
        name="x",
        variants=(Variant(id="$one", value="1"), Variant(id="it's", value="2")),
        metrics=(Metric(id="p", value=odd),),
        segments=(odd,),
        data=Data(unit="ü n", variant="v'a"),
    )
    found = {one.variant: one.metrics["p"] for one in store.participants.cells(origin, asked)}
    assert {id: (one.sample.n, one.sample.means, one.missing) for id, one in found.items()} == {
        "$one": (2, (0.5,), 1),
        "it's": (2, (0.5,), 1),
    }
    assert len(store.participants.cells(origin, asked, segment=odd)) == 6
    assert store.datasets.all()


def test_what_cannot_be_read_is_said(store: Store, keep: Any) -> None:
    origin = keep(
        unit=range(3), variant=["a", "b", "a"], x=["1", "lots", "2"], day=[START.date()] * 3,
        huge=[1e200, -1e200, 3.0], id=[f"n{at}" for at in range(3)],
    )  # fmt: skip
    reading = store.participants
    with pytest.raises(
        BadInput, match=r"'x' is no number everywhere: it says “lots” .* 1\."
    ) as raised:
        reading.cells(origin, design(Metric(id="m", kind="mean", value="x")))
    assert raised.value.place == "metrics[0].value"
    with pytest.raises(BadInput, match="no column 'nope'") as raised:
        reading.facts(origin, design(Metric(id="m", kind="mean", value="nope")))
    assert "unit, variant, x" in (raised.value.fix or "")
    with pytest.raises(BadInput, match="holds dates"):
        reading.facts(origin, design(Metric(id="m", kind="mean", value="day")))
    with pytest.raises(BadInput, match="too large"):
        reading.cells(origin, design(Metric(id="m", kind="mean", value="huge")))
    with pytest.raises(BadInput, match="no variants"):
        reading.facts(origin, Design(name="x"))
    with pytest.raises(NotFound):
        reading.facts(TableOrigin("none"), design())
    with (
        patch.object(participant_cells, "MOST_VALUES", 2),
        patch.object(participant_cells, "MOST_GROUPS", 1),
        pytest.raises(BadInput, match="'id' has 3 different values"),
    ):
        reading.cells(origin, design(segments=("id",)), segment="id")


def test_a_variant_with_nobody_has_no_cell(store: Store, keep: Any) -> None:
    origin = keep(unit=[1, 2], variant=["a", "a"], x=[1.0, None])
    asked = design(Metric(id="m", kind="mean", value="x"))
    assert [one.variant for one in store.participants.cells(origin, asked)] == ["a"]
    assert store.participants.facts(origin, asked).participants == {"a": 2, "b": 0}


def test_one_analysis_reads_its_participants_once(store: Store, keep: Any) -> None:
    origin = keep(unit=range(4), variant=list("abab"), x=[1.0, 2.0, 3.0, 4.0], g=list("xxyy"))
    asked = design(Metric(id="m", kind="mean", value="x"), segments=("g",))
    before = store.participants.facts(origin, asked)
    with patch("core.store.participants.laid_out", side_effect=AssertionError("read again")):
        assert store.participants.facts(origin, asked) == before
        assert len(store.participants.cells(origin, asked)) == 2
        assert len(store.participants.cells(origin, asked, segment="g", daily=True)) == 4
        assert store.participants.quantiles(origin, asked) == {}


def test_a_count_is_a_yes_and_is_told(store: Store, keep: Any) -> None:
    origin = keep(unit=range(4), variant=list("aabb"), bought=[0, 3, 1, None], seen=[1, 0, 1, 1])
    metrics = (Metric(id="bought", value="bought"), Metric(id="seen", value="seen"))
    assert store.participants.facts(origin, design(*metrics)).counts == ("bought",)
    bought = {
        one.variant: one.metrics["bought"].sample
        for one in store.participants.cells(origin, design(*metrics))
    }
    assert (bought["a"], bought["b"]) == (Sample.of_counts(2, 1), Sample.of_counts(1, 1))


@pytest.mark.parametrize(
    ("kind", "values"),
    [("proportion", [0.37, 1.0]), ("proportion", [-1, 1]), ("retention", [9, 0])],
)
def test_what_is_no_yes_or_no_is_refused(
    store: Store, keep: Any, kind: Any, values: list[float]
) -> None:
    origin = keep(unit=[1, 2], variant=["a", "b"], value=values)
    asked = design(Metric(id="m", kind=kind, value="value"))
    with pytest.raises(BadInput, match=f"'value' .* says {values[0]:g} somewhere") as refused:
        store.participants.facts(origin, asked)
    assert refused.value.place == "metrics[0].value"
    with pytest.raises(BadInput):
        store.participants.cells(origin, asked)


def test_values_that_are_too_large_are_named(store: Store, keep: Any) -> None:
    origin = keep(unit=range(4), variant=list("aabb"), fine=[1, 2, 3, 4], huge=[1e308, 9e307, 1, 2])
    asked = design(*(Metric(id=id, kind="mean", value=id) for id in ("fine", "huge")))
    with pytest.raises(BadInput, match="Some values of 'huge' are too large") as refused:
        store.participants.cells(origin, asked)
    assert refused.value.place == "metrics[1].value"


def test_a_column_without_times_is_refused(store: Store, keep: Any) -> None:
    for said, fits in (("2026-03-01 09:30", True), ("n/a", True), ("soon", False)):
        origin = keep(unit=[1, 2], variant=["a", "b"], x=[1, 0], t=["2026-03-01", said])
        asked = design(Metric(id="m", value="x"), data=Data(time="t"))
        if fits:
            assert store.participants.facts(origin, asked).first == datetime(2026, 3, 1)
            continue
        with pytest.raises(BadInput, match="no time everywhere: it says “soon”") as refused:
            store.participants.facts(origin, asked)
        assert refused.value.place == "data.time"
