"""How fast ten million participants are analysed, beside pandas and statsmodels in the same run."""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.measuring import middle
from core.domain.experiment_results import Analysis
from core.domain.experiments import Assignment, Data, Dataset, Design, Metric, Variant
from core.experiments import StoredReadings, analyse
from core.store import ParticipantReading, Store, TableOrigin

PARTICIPANTS, CHUNK = 10_000_000, 1_000_000
ARMS, LANDS, DAYS = ("a", "b", "c"), 10, 14
REPEATS = 5
WINSORISE = 0.99
AT = datetime(2026, 2, 1)
DESIGN = Design(
    name="Ten million",
    variants=tuple(Variant(id=one) for one in ARMS),
    metrics=(
        Metric(id="bought", role="primary", value="bought"),
        Metric(id="minutes", kind="mean", value="minutes"),
        Metric(id="revenue", kind="revenue", value="revenue", winsorise=WINSORISE),
        Metric(id="clicks per view", kind="ratio", value="clicks", per="views"),
        Metric(id="orders", kind="mean", value="orders", before="orders_before"),
    ),
    segments=("land",),
    assignment=Assignment(how="given"),
    data=Data(unit="unit", variant="variant", time="came"),
)


def make(path: Path) -> None:
    """Synthetic participants: 2 % more of everything in b, nothing in c."""
    chance = np.random.default_rng(11)
    writer: parquet.ParquetWriter | None = None
    for start in range(0, PARTICIPANTS, CHUNK):
        arm = chance.integers(0, len(ARMS), CHUNK)
        lift = np.where(arm == 1, 1.02, 1.0)
        before = chance.gamma(2.0, 3.0, CHUNK)
        views = 1 + chance.poisson(8.0, CHUNK)
        bought = chance.random(CHUNK) < 0.1 * lift
        table = pa.table(
            {
                "unit": pa.array(np.arange(start, start + CHUNK)),
                "variant": pa.array(np.array(ARMS)[arm]),
                "came": np.datetime64("2026-01-05", "us")
                + chance.integers(0, DAYS * 86_400, CHUNK).astype("timedelta64[s]"),
                "land": pa.array(np.array([f"land {n}" for n in range(LANDS)])[
                    chance.integers(0, LANDS, CHUNK)
                ]),
                "bought": bought,
                "minutes": chance.gamma(2.0, 5.0, CHUNK) * lift,
                "revenue": np.where(bought, chance.lognormal(3.0, 1.0, CHUNK) * lift, 0.0),
                "clicks": chance.binomial(views, 0.05 * lift),
                "views": views,
                "orders": before * lift + chance.normal(0.0, 2.0, CHUNK),
                "orders_before": before,
            }
        )  # fmt: skip
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of both processors together."""

    wall: float
    processor: float


def ours(store: Store, dataset: Dataset) -> tuple[list[Took], list[Took], dict[str, float]]:
    """(what the sums took, what the whole analysis took, the effects in b)."""
    origin, sums, whole = TableOrigin(dataset.id), [], []
    analyses: list[Analysis] = []
    for _ in range(REPEATS):
        fresh = ParticipantReading(store.database)
        sums.append(timed(ask, fresh, origin))
        readings = StoredReadings(ParticipantReading(store.database), origin)
        whole.append(timed(lambda read: analyses.append(analyse(DESIGN, read, at=AT)), readings))
    effects = {one.metric: one.effects[0].absolute for one in analyses[-1].metrics}
    return sums, whole, {name: span.value for name, span in effects.items() if span is not None}


def ask(reading: ParticipantReading, origin: TableOrigin) -> None:
    """Everything that an analysis asks the database."""
    reading.facts(origin, DESIGN)
    reading.cells(origin, DESIGN)
    reading.cells(origin, DESIGN, segment="land")
    reading.cells(origin, DESIGN, daily=True)
    reading.balance(origin, DESIGN, "land")
    reading.balance(origin, DESIGN, "day")


def timed(work: Callable[..., object], *given: object) -> Took:
    """How long it takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work(*given)
    return Took(time.perf_counter() - wall, time.process_time() - processor)


def theirs(table: Any) -> dict[str, float]:
    """The same effects with pandas and statsmodels: everybody, each land, each day so far."""
    from scipy import stats
    from statsmodels.stats.multitest import multipletests

    facts_of(table)
    stats.chisquare(table["variant"].value_counts())
    table["revenue_capped"] = table["revenue"].clip(upper=table["revenue"].quantile(WINSORISE))
    control, treatments = ARMS[0], ARMS[1:]
    arms = dict(list(table.groupby("variant", observed=True)))
    found = {arm: effects_of(arms[control], arms[arm]) for arm in treatments}
    values = []
    for _, part in table.groupby("land", observed=True):
        mine = dict(list(part.groupby("variant", observed=True)))
        values += [
            p for arm in treatments for _, p in effects_of(mine[control], mine[arm]).values()
        ]
    multipletests(values, method="fdr_bh")
    day = (table["came"] - table["came"].min()).dt.days
    daily = table.groupby(["variant", day], observed=True)["bought"].agg(["sum", "count"])
    daily.groupby(level=0, observed=True).cumsum()
    for name in ("revenue", "minutes", "orders"):
        top = table[name].quantile(0.99)
        table.loc[table[name] >= top, name].sum() / table[name].sum()
    return {name: value for name, (value, _) in found[treatments[0]].items()}


def facts_of(table: Any) -> None:
    """What our analysis says of the data beside the effects: all of it stands in its warnings."""
    import pandas as pd
    from scipy import stats

    table["unit"].duplicated().sum()
    table[["bought", "minutes", "revenue", "clicks", "views", "orders"]].isna().sum()
    day = (table["came"] - table["came"].min()).dt.days
    for by in (table["land"], day):
        stats.chi2_contingency(pd.crosstab(table["variant"], by))


def effects_of(a: Any, b: Any) -> dict[str, tuple[float, float]]:
    """Each metric's difference and p-value, with its interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    bought = [int(b["bought"].sum()), int(a["bought"].sum())]
    sizes = [len(b), len(a)]
    confint_proportions_2indep(bought[0], sizes[0], bought[1], sizes[1])
    found = {
        "bought": (
            bought[0] / sizes[0] - bought[1] / sizes[1],
            float(proportions_ztest(bought, sizes)[1]),
        )
    }
    ratio = a["clicks"].mean() / a["views"].mean(), b["clicks"].mean() / b["views"].mean()
    theta = sum(np.cov(one["orders"], one["orders_before"])[0, 1] for one in (a, b))
    theta /= sum(one["orders_before"].var() for one in (a, b))
    pairs = {
        "minutes": (a["minutes"], b["minutes"]),
        "revenue": (a["revenue_capped"], b["revenue_capped"]),
        "clicks per view": tuple(
            one["clicks"] / one["views"].mean() - share * (one["views"] / one["views"].mean() - 1)
            for one, share in zip((a, b), ratio, strict=True)
        ),
        "orders": (
            a["orders"] - theta * a["orders_before"],
            b["orders"] - theta * b["orders_before"],
        ),
    }
    return found | {name: welch(*pair) for name, pair in pairs.items()}


def welch(a: Any, b: Any) -> tuple[float, float]:
    """The difference of two means and its p-value, with its interval."""
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    treated, control = DescrStatsW(b), DescrStatsW(a)
    treated.tconfint_mean()
    control.tconfint_mean()
    compared = CompareMeans(treated, control)
    compared.tconfint_diff(usevar="unequal")
    return float(b.mean() - a.mean()), float(compared.ttest_ind(usevar="unequal")[1])


def measure() -> str:
    """The section of RESULTS.md."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "participants.parquet"
        make(path)
        store = Store(Path(folder) / "speed.duckdb")
        kept: list[Dataset] = []
        importing = timed(lambda: kept.append(store.datasets.add_file(path, "big", "parquet")))
        load = os.getloadavg()[0]
        sums, whole, mine = ours(store, kept[0])
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        store.close()
        tables: list[Any] = []
        reading = timed(lambda: tables.append(read_back(Path(folder) / "speed.duckdb", kept[0])))
        known: dict[str, float] = {}
        beside = [timed(lambda: known.update(theirs(tables[0]))) for _ in range(2)]
    apart = max(abs(mine[name] / known[name] - 1) for name in known)
    both = [Took(one.wall + reading.wall, one.processor + reading.processor) for one in beside]
    return "\n".join(
        [
            f"{PARTICIPANTS:,} synthetic participants, one row each, three variants, five metrics "
            "(proportion, mean, revenue winsorised at the 99th percentile, ratio, mean with what "
            "was known before), ten segments, fourteen days; from a DuckDB file, nothing kept from "
            "before. The other side reads the same DuckDB file into a data frame, with variant "
            "and segment as categories, and makes the same differences, intervals and p-values "
            "for everybody and each segment, the correction for looking at many, checks of the "
            "split (whole, by segment, by day), of missing values and of participants that stand "
            "twice (which ours learns at the import), a series by day and the tails.",
            "",
            "| what | seconds | processor seconds |",
            "| --- | --- | --- |",
            _row("importing the Parquet file, once", [importing]),
            _row("all sums and facts from DuckDB", sums),
            _row("the whole analysis (bar: 3 s)", whole),
            _row("reading the table into pandas", [reading]),
            _row("pandas and statsmodels, once it is in memory", beside),
            "",
            f"From the file, **{_times(both, whole, 'wall'):.1f} times faster** by the clock (bar: "
            f"10), {_times(both, whole, 'processor'):.1f} times less processor; with the data in "
            f"pandas' memory already {_times(beside, whole, 'wall'):.1f} times. "
            f"The effects of both differ by {apart:.0e} (relative) at most. "
            f"Peak memory of our side, with making the data: {memory:,.0f} MB. The machine's "
            f"load was {load:.1f} before and {os.getloadavg()[0]:.1f} after, on {os.cpu_count()} "
            "cores.",
        ]
    )


def read_back(database: Path, dataset: Dataset) -> Any:
    """The imported table as a data frame."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        table = connection.sql(f'FROM "data_{dataset.id}"').df()
    return table.astype({"variant": "category", "land": "category"})


def _times(slow: Sequence[Took], fast: Sequence[Took], what: str) -> float:
    """How many times as long the one takes."""
    of = [statistics.median(getattr(one, what) for one in side) for side in (slow, fast)]
    return of[0] / of[1]


def _row(what: str, took: Sequence[Took]) -> str:
    wall, processor = [one.wall for one in took], [one.processor for one in took]
    return f"| {what} | {middle(wall)} | {middle(processor)} |"
