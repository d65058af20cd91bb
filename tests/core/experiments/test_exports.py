"""An experiment as a file: complete, safe, and readable without anything else."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from core.domain.experiment_results import Analysis
from core.domain.experiments import (
    Applied,
    Decided,
    Design,
    Experiment,
    MessageChange,
    Metric,
    Registered,
    Variant,
)
from core.experiments.exports import EXPORTS, as_csv, as_html, as_json, as_markdown
from tests.support.made_readings import MadeReadings, both, design_of, looked_at, spent, yes

EVIL = "<script>alert('x')</script> & \"quoted\" | *bold* [a](http://x) `code`\n# head"
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def design(name: str = "Gate at level 30 or 40") -> Design:
    return design_of(
        Metric(id="did", name=name, role="primary", value="did"),
        Metric(id="spent", kind="revenue", role="guardrail", value="spent", margin=0.02),
        name=name,
        variants=("a", "b"),
        hypothesis="A later gate keeps people.",
        audience="New players",
        segments=("country",),
    ).model_copy(
        update={"variants": (Variant(id="a", name="As it is"), Variant(id="b", name=name[:40]))}
    )


def look(made: Design, value: str = "de", n: int = 10_000) -> Analysis:
    cells = [
        both(yes("a", n, n // 10), spent("a", n, 10, 4)),
        both(yes("b", n, n // 8), spent("b", n, 10, 4)),
    ]
    days = [
        both(yes(id, n // 8, n // 80, day=day), spent(id, n // 8, 10, 4, day=day))
        for day in range(8)
        for id in "ab"
    ]
    values = [
        both(yes(id, n, n // 10, value=value), spent(id, n, 10, 4, value=value)) for id in "ab"
    ]
    readings = MadeReadings(cells, days=days, values={"country": values}, more={"nameless": 3})
    return looked_at(readings, made, data="20,003 rows of gate.csv")


def experiment(made: Design) -> Experiment:
    return Experiment(
        id="exp-1",
        status="decided",
        design=made,
        created_at=AT,
        registered=Registered(at=AT, fingerprint=made.fingerprint, people=20_000),
        decided=Decided(
            at=AT, outcome="winner", variant="b", look=1, reasons=("It wins.",), note="Ship it"
        ),
        applied=Applied(at=AT, variant="b", what="Flow “gate” has version 7 now"),
    )


class Reader(HTMLParser):
    """Tags, text and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(page.replace("\u00a0", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "action", "data", "srcset"} or name.startswith("on"):
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def made() -> Design:
    return design()


@pytest.fixture(scope="module")
def analysis(made: Design) -> Analysis:
    return look(made)


def test_html_needs_no_network_and_no_script(made: Design, analysis: Analysis) -> None:
    page = as_html(analysis, experiment(made))
    read = Reader(page)
    assert not {"script", "img", "link", "iframe", "object", "base", "form"} & set(read.tags)
    assert read.addresses == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_html_tells_it_from_question_to_decision(made: Design, analysis: Analysis) -> None:
    text = Reader(as_html(analysis, experiment(made))).text
    order = [
        analysis.advice.headline,
        "What to know first",
        "Why",
        "The decision",
        "Ship it",
        "Flow “gate” has version 7 now",
        "A later gate keeps people.",
        "each variant against As it is",
        "Over time",
        "By segment",
        "How it was calculated",
        "Waudby-Smith",
        "Registered on 5 January 2026, 09:00 UTC, 20,000 people planned",
        made.fingerprint,
        "What this does not mean",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)


def test_its_charts_are_well_formed_and_say_what_they_show(
    made: Design, analysis: Analysis
) -> None:
    charts = re.findall(r"<svg.*?</svg>", as_html(analysis, made), re.DOTALL)
    assert len(charts) == 3
    for chart in charts:
        root = ElementTree.fromstring(chart)
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert "nan" not in chart.lower()


@pytest.mark.parametrize("format", ["html", "md"])
def test_nobodys_text_becomes_markup(format: str) -> None:
    evil = design(EVIL.replace("\n", " "))
    told = EXPORTS[format].write(look(evil, value=EVIL), experiment(evil))
    assert not re.search(r"(?<!\\)<script", told)
    assert "alert" in told
    if format == "html":
        ElementTree.fromstring(re.sub(r"(?s).*(<main>.*</main>).*", r"\1", told))
    else:
        assert "[a](" not in told
        assert not re.search(r"(?m)^# head", told)


def test_markdown_tables_keep_their_columns() -> None:
    evil = design(EVIL.replace("\n", " "))
    lines = as_markdown(look(evil, value=EVIL), evil).splitlines()
    rows = [re.sub(r"\\.", "", one) for one in lines if one.startswith("|")]
    widths = [one.count("|") for one in rows]
    heads = [at for at, one in enumerate(rows) if set(one) <= set("|:- ")]
    assert len(heads) > 8
    for at in heads:
        assert widths[at - 1] == widths[at] == widths[at + 1]


def test_markdown_reads_from_its_answer_on(made: Design, analysis: Analysis) -> None:
    told = as_markdown(analysis, made)
    assert told.startswith("# Gate at level 30 or 40\n\nA winner · look 1")
    assert "## What this does not mean" in told
    assert "not registered before the data came" in told
    assert "| As it is | 10,000 | 10.0 % |" in told.replace("10.00 %", "10.0 %")


def test_markdown_sets_words_at_the_left_and_figures_at_the_right(
    made: Design, analysis: Analysis
) -> None:
    told = as_markdown(analysis, experiment(made)).splitlines()
    rules = {told[at]: told[at + 1] for at in range(len(told) - 1) if "| :--" in told[at + 1]}
    assert rules["| Variant | People | Value | Interval |"] == "| :-- | --: | --: | --: |"
    assert rules["| Variant | Name in the data | Weight | What it is |"].startswith("| :-- | :-- |")


def test_what_a_variant_says_otherwise_stands_in_what_was_decided(analysis: Analysis) -> None:
    made = design()
    a, b = made.variants
    other = b.model_copy(update={"messages": {"invite": MessageChange(subject="May I ask?")}})
    told = as_markdown(analysis, made.model_copy(update={"variants": (a, other)}))
    assert "subject of invite: “May I ask?”" in told


def test_many_segments_are_cut_short_and_said_so(made: Design, analysis: Analysis) -> None:
    many = tuple(
        one.model_copy(update={"segment": f"s{at}"}) for at in range(4) for one in analysis.segments
    )
    told = as_markdown(analysis.model_copy(update={"segments": many}), made)
    quiet = {one.metric for one in many if not one.differs} - {analysis.metrics[0].metric}
    assert f"{4 * len(quiet)} more tables" in told
    assert "the CSV export has all of them" in told


def test_csv_has_every_figure(made: Design, analysis: Analysis) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(analysis, made))))
    everyone = [one for one in rows if one["scope"] == "everyone"]
    assert [(one["metric"], one["variant"]) for one in everyone] == [
        ("did", "a"),
        ("did", "b"),
        ("spent", "a"),
        ("spent", "b"),
    ]
    effect, row = analysis.metrics[0].effects[0], everyone[1]
    assert effect.absolute is not None
    assert effect.always is not None
    assert effect.always.absolute is not None
    assert float(row["difference"]) == effect.absolute.value
    assert float(row["always_difference_low"]) == effect.always.absolute.low
    assert float(row["p"]) == effect.p
    assert row["verdict"] == "better"
    scopes = {one["scope"] for one in rows}
    assert scopes == {"everyone", "segment", "until day"}


def test_no_cell_is_a_formula() -> None:
    made = design("=1+1")
    rows = list(csv.reader(io.StringIO(as_csv(look(made, value="@SUM(A1)"), made))))
    texts = [cell for row in rows for cell in row if cell[:1] in "=+@" and cell]
    assert texts == []
    assert any("'@SUM(A1)" in row for row in rows)


def test_json_is_the_look_itself(made: Design, analysis: Analysis) -> None:
    assert Analysis.model_validate(json.loads(as_json(analysis, made))) == analysis


@pytest.mark.parametrize("format", list(EXPORTS))
def test_an_experiment_with_nobody_can_be_written(format: str) -> None:
    made = design()
    assert EXPORTS[format].write(looked_at(MadeReadings([]), made), made)


def test_charts_of_enormous_numbers_stay_charts() -> None:
    made = design_of(Metric(id="spent", kind="mean", role="primary", value="spent"))
    cells = [spent("a", 100, 1e12, 1e11), spent("b", 100, -1e12, 1e11)]
    page = as_html(looked_at(MadeReadings(cells), made), made)
    ElementTree.fromstring(re.findall(r"<svg.*?</svg>", page, re.DOTALL)[0])
