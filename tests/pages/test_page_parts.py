"""The parts that every page uses: plain text, times, rates, errors, colours."""

from __future__ import annotations

import logging
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.domain.errors import BadInput, NotFound
from core.domain.reports import Rate, Spread
from pages.parts import charts
from pages.parts.page import ago, count_text, counted, interval_text, plain, short
from pages.parts.theme import DARK, LIGHT, Palette

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a*b_c", r"a\*b\_c"),
        ("<b>", r"\<b\>"),
        ("$x$", r"\$x\$"),
        ("1. one", r"1\. one"),
        ("- one", r"\- one"),
        ("# one", r"\# one"),
        (":smile:", ":\u2060smile:"),
        (":material/home:", ":\u2060material/home:"),
        (":red[x]", ":\u2060red\\[x\\]"),
        ("at 9:00", "at 9:00"),
        ("http://a.b", "http:\u2060//a.b"),
        ("    code", "code"),
        ("one\ntwo", "one  \ntwo"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("مريم", "\u2068مريم\u2069"),
    ],
)
def test_plain_text_has_no_markdown_in_it(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(max_size=200))
def test_plain_text_leaves_no_mark_unescaped(text: str) -> None:
    bare = plain(text).replace("\\\\", "")
    for mark in "`*_{}[]<>#|~$^&!":
        assert bare.count(mark) == bare.count(f"\\{mark}")


def test_short_counted_and_rates() -> None:
    assert short("a\nb   c") == "a b c"
    assert short("x" * 80, 10) == "x" * 9 + "…"
    assert counted(1, "person", "people") == "1 person"
    assert counted(1_400, "person", "people") == "1,400 people"
    rate = Rate(count=17, of=20, rate=0.85, low=0.64, high=0.948)
    assert (rate.text, count_text(rate)) == ("17/20, 85 %, 64–95", "17 of 20")
    assert interval_text(rate) == "85 % (64–95)"
    assert interval_text(Rate(count=0, of=0)) == "no data"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (130, "2 min ago"), (7_300, "2 h ago"), (90_000, "1 day ago")],
)
def test_ago(seconds: int, said: str) -> None:
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=seconds)
    assert ago(moment) == said


def test_long_ago_is_a_date() -> None:
    assert ago(datetime(2026, 1, 5)) == "5 Jan 2026"
    assert ago(None) == "never"


def test_an_error_of_ours_is_told_in_words() -> None:
    def script() -> None:
        from core.domain.errors import BadInput
        from pages.parts.page import guarded

        with guarded():
            raise BadInput("has a <b>brace</b> too many", place="steps[3]", fix="Take one out.")

    app = AppTest.from_function(script).run()
    told = app.warning[0].value.replace("\\", "")
    assert told.startswith("**This cannot be used as it is.** Has a <b>brace</b> too many.")
    assert "Take one out." in told
    assert "Where: steps[3]" in told
    assert not app.exception


def test_an_unforeseen_error_shows_a_reference_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def script() -> None:
        from pages.parts.page import guarded

        with guarded():
            raise ZeroDivisionError("a secret path")

    with caplog.at_level(logging.ERROR, "greenroom.pages"):
        app = AppTest.from_function(script).run()
    told = app.error[0].value
    assert "secret" not in told and "Nothing was lost" in told
    assert caplog.records[0].args[0] in told
    assert caplog.records[0].exc_info


def test_errors_say_who_must_act() -> None:
    assert BadInput("x").actor == "person" and NotFound("x").actor == "person"


@pytest.mark.parametrize(("mode", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_tokens_are_those_of_the_theme(mode: str, palette: Palette) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][mode]
    assert palette.paper == theme["backgroundColor"]
    assert palette.panel == theme["secondaryBackgroundColor"]
    assert palette.ink == theme["textColor"]
    assert palette.line == theme["borderColor"]
    assert palette.green == theme["primaryColor"]
    assert palette.chart_green == theme["greenColor"]
    assert palette.ochre == theme["orangeColor"]
    assert palette.brick == theme["redColor"]
    assert palette.quiet == theme["grayColor"]
    assert list(palette.series) == theme["chartCategoricalColors"]


def test_figures_show_labels_as_they_are_written_and_mark_one_bar() -> None:
    drawn = charts.bars(["<b>x</b>", "y"], [140, 58], ["140", "58 · 41 %"], highlight=1)
    assert drawn.layout.yaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert drawn.data[0].marker.color[1] == LIGHT.ochre
    assert drawn.data[0].marker.color[0] == LIGHT.chart_green


def test_figures_of_nothing_and_of_missing_numbers() -> None:
    assert charts.bars([], [], []).data
    assert charts.rate_bars(["a"], [Rate(count=0, of=0)]).data
    assert not charts.spread(["a"], [Spread(n=0)]).data
    assert charts.spread(["a"], [Spread(n=2, mean=1, q1=0, median=1, q3=2, low=0, high=2)]).data
    assert charts.ring(None).layout.annotations[0].text == "<b>–</b>"
