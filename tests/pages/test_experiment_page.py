"""The results page over experiments made by hand: what it says in every state."""

from __future__ import annotations

import re
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.domain.experiment_results import Outcome, Span
from core.domain.experiments import Design, Rule
from core.workbench import Workspace
from pages.parts.experiment_page import TABS
from pages.parts.experiment_words import (
    amount,
    difference_range,
    level,
    p_text,
    probability,
    relative,
)
from tests.pages.conftest import OpenRoom, texts
from tests.support.made_experiments import (
    NOVEL,
    SPLIT_WRONG,
    made_analysis,
    made_design,
    made_experiment,
    made_metric,
    made_money,
)
from tests.support.made_rooms import MadeExperiments

RUNS = {"plain": "r-1", "question": "r-2"}
NUMBERLESS = re.compile(r"\b(nan|inf|None)\b", re.IGNORECASE)


@pytest.fixture
def room(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> MadeExperiments:
    """Stands in the workspace instead of the real one."""
    st.cache_resource.clear()  # looks made by hand share their ids
    made = MadeExperiments()
    monkeypatch.setattr(workspace, "experiments", made)
    return made


def said(app: AppTest) -> str:
    assert not app.exception
    found = texts(app) + "\n" + "\n".join(str(one.proto.body) for one in app.get("html"))
    return found.replace("\u00a0", " ")


def labels(app: AppTest) -> list[str]:
    return [str(one.label) for one in app.button]


def green(app: AppTest) -> list[str]:
    return [str(one.label) for one in app.button if one.proto.type == "primary"]


def test_without_experiments_it_points_at_design(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    app = open_room("experiment")
    assert "Results will stand here" in said(app)
    assert green(app) == ["Design an experiment"]


def test_a_draft_leads_to_its_design(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(status="draft", looks=0, registered=None))
    app = open_room("experiment", experiment=id)
    assert "has not begun" in said(app)
    assert green(app) == ["Open its design"]


def test_nobody_has_looked_yet_and_then_somebody_does(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(looks=0, source="live"))
    app = open_room("experiment", experiment=id)
    assert "nobody has looked yet" in said(app)
    app.button(key="experiment_first_look").click().run()
    assert "This is look 1, and it was counted." in said(app)


def test_a_rehearsal_that_is_over_is_read_when_it_is_opened(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(looks=0, runs=RUNS))
    app = open_room("experiment", experiment=id)
    assert room.get(id).looks == 1
    assert green(app) == ["Record the decision"]
    assert "Look now" not in labels(app)


def test_an_earlier_look_is_shown_as_it_was_and_decides_nothing(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(source="live"))
    app = open_room("experiment", experiment=id)
    chooser = app.selectbox(key=f"experiment_looks_{id}_3_3")
    assert chooser.options[0] == "Look 3 of 3, on 2 Mar 2026, 09:30"
    chooser.select_index(2).run()
    words = said(app)
    assert "This is an earlier look" in words
    assert "look 1 on 28 Feb 2026" in words
    assert app.query_params["look"] == "1"
    assert "Record the decision" not in labels(app)
    app.button(key="experiment_newest").click().run()
    assert "This is an earlier look" not in said(app)
    assert "look" not in app.query_params
    assert "Record the decision" in labels(app)


@pytest.mark.parametrize("asked", ["0", "4", "-1", "x", "9" * 40, "²"])
def test_a_look_that_there_never_was_is_the_newest(
    open_room: OpenRoom, room: MadeExperiments, asked: str
) -> None:
    id = room.add(made_experiment())
    assert "look 3 on 2 Mar 2026" in said(open_room("experiment", experiment=id, look=asked))


def test_whoever_cannot_get_more_people_copies_it(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(runs=RUNS), made_analysis(outcome="keep_going"))
    app = open_room("experiment", experiment=id)
    assert green(app) == ["Copy it with more people"]
    assert "Look now" not in labels(app)


def test_the_title_is_the_answer(open_room: OpenRoom, room: MadeExperiments) -> None:
    analysis = made_analysis(warnings=[NOVEL])
    id = room.add(made_experiment(), analysis)
    app = open_room("experiment", experiment=id)
    words = said(app)
    assert app.title[0].value.replace("\\", "") == analysis.advice.headline
    for fact in ("Rehearsal", "uncalibrated", "1,400 people", "look 3 on 2 Mar 2026"):
        assert fact in words
    assert "registered 16 Feb 2026" in words
    assert NOVEL.title in words
    assert NOVEL.fix in words
    for reason in (*analysis.advice.reasons, *analysis.means_not):
        assert reason in words
    assert analysis.advice.error in words
    assert "+5.0 points" in words
    assert green(app) == ["Record the decision"]


def test_the_two_readings_show_their_own_intervals(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    analysis = made_analysis()
    effect = analysis.metrics[0].effects[0]
    assert effect.always is not None
    assert effect.always.absolute is not None
    assert effect.absolute is not None
    id = room.add(made_experiment(), analysis)
    app = open_room("experiment", experiment=id)
    words = said(app)
    assert difference_range("proportion", effect.always.absolute).replace("\u00a0", " ") in words
    assert "1.3 times as wide as read once" in words
    assert "narrowest at 1,400 participants" in words
    app.button_group(key=f"experiment_reading_{id}").set_value("once").run()
    words = said(app)
    assert difference_range("proportion", effect.absolute).replace("\u00a0", " ") in words
    assert effect.method in words
    assert "after 3 looks" in words


def test_a_stop_covers_the_figures(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(), made_analysis(outcome="broken", warnings=[SPLIT_WRONG]))
    app = open_room("experiment", experiment=id)
    words = said(app)
    assert SPLIT_WRONG.title in app.error[0].value
    assert "What to do" in words
    assert "+5.0 points" not in words
    assert not app.metric
    assert green(app) == ["Begin again with a copy"]
    app.toggle(key="experiment_broken_x-made_3").set_value(True).run()
    assert "+5.0 points" in said(app)


@pytest.mark.parametrize("tab", [*TABS])
def test_every_tab(open_room: OpenRoom, room: MadeExperiments, tab: str) -> None:
    id = room.add(made_experiment(runs=RUNS), made_analysis(bandit=True))
    app = open_room("experiment", experiment=id, tab=tab)
    words = said(app)
    assert "went wrong" not in words
    found = {
        "metrics": "1,400 participants in 2 variants",
        "time": "no difference since day",
        "segments": "For ideas, not for decisions",
        "beside": "It made a difference to 2 of 3 people",
        "rules": "Looked at 20 times where nothing differs",
        "plan": "Decided on 16 February 2026",
        "bandit": "It lost 5.57 where an even split would have lost 14",
    }
    assert found[tab] in words
    assert app.query_params["tab"] == tab


def test_the_rule_of_this_experiment_is_marked(open_room: OpenRoom, room: MadeExperiments) -> None:
    design = made_design(rule=Rule(kind="expected_loss"))
    id = room.add(made_experiment(design))
    app = open_room("experiment", experiment=id, tab="rules")
    table = next(one.value for one in app.dataframe if "This one" in one.value.columns)
    mine = table[table["This one"] != ""]
    assert list(mine["Rule"]) == ["Expected loss under 1 % at any look"]
    assert list(mine["Wrong where nothing differs"]) == pytest.approx([91.1])


def test_a_changed_design_is_said(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(), made_analysis(fingerprint="another"))
    assert "changed since" in said(open_room("experiment", experiment=id, tab="plan"))


@pytest.mark.parametrize("outcome", ["winner", "keep_going", "no_difference", "harm"])
def test_one_green_button_in_every_state(
    open_room: OpenRoom, room: MadeExperiments, outcome: Outcome
) -> None:
    id = room.add(made_experiment(source="live"), made_analysis(outcome=outcome))
    app = open_room("experiment", experiment=id)
    assert green(app) == ["Look now" if outcome == "keep_going" else "Record the decision"]


def test_decided_by_the_rule_and_applied(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment())
    app = open_room("experiment", experiment=id)
    app.button(key="experiment_record").click().run()
    assert "Recorded by the rule" in said(app)
    assert green(app) == ["Apply the winner"]
    assert "Look now" not in labels(app)
    app.button(key="experiment_apply").click().run()
    assert "The flow “Re-engage” has version 3 now." in said(app)
    assert green(app) == ["Plan the real test"]


def test_a_person_may_decide_otherwise_with_a_reason(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(), made_analysis(outcome="keep_going"))
    app = open_room("experiment", experiment=id)
    assert app.button(key="experiment_other").disabled
    app.selectbox(key="experiment_other_outcome").select("no_difference")
    app.text_area(key="experiment_other_note").set_value("The budget ends *here*.").run()
    app.button(key="experiment_other").click().run()
    words = said(app)
    assert "Recorded by a person" in words
    assert "The budget ends *here*." in words
    decided = room.get(id).decided
    assert decided is not None
    assert (decided.outcome, decided.by) == ("no_difference", "person")
    assert app.title[0].value == "Decided by a person: No difference worth having"
    assert "What the rule said" in words


def test_a_look_at_the_same_data_is_not_counted(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(source="live"), made_analysis(outcome="keep_going"))
    app = open_room("experiment", experiment=id)
    app.button(key="experiment_look").click().run()
    assert "no look was counted" in said(app)
    assert "3 looks so far" in said(app)
    room.fresh = True
    app.button(key="experiment_look").click().run()
    assert "This is look 4, and it was counted." in said(app)
    assert "4 looks so far" in said(app)


def test_reruns_do_not_read_again(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(id="x-once"))
    app = open_room("experiment", experiment=id)
    read = room.read
    app.button_group(key=f"experiment_reading_{id}").set_value("once").run()
    app.run()
    assert room.read == read <= 1


def test_nobody_gives_words_and_no_numbers(open_room: OpenRoom, room: MadeExperiments) -> None:
    analysis = made_analysis(n=0, outcome="keep_going")
    id = room.add(made_experiment(), analysis)
    for tab in ("metrics", "time", "segments", "plan"):
        app = open_room("experiment", experiment=id, tab=tab)
        words = said(app)
        assert "Nothing to say yet" in words
        assert "nobody is in it yet" in words
        assert not NUMBERLESS.search(words)
        assert not app.metric


def test_what_is_refused_says_why(open_room: OpenRoom, room: MadeExperiments) -> None:
    money = made_money("revenue", "Revenue a person", ["plain", "question"])
    id = room.add(made_experiment(), made_analysis(metrics=(money,), segments=0))
    app = open_room("experiment", experiment=id)
    words = said(app)
    assert words.count("the control's mean is too near 0 for a ratio") == 1
    assert "Not given" in words
    assert "took 22 % of the differences between people" in words
    assert "winsorised" in words


def test_twenty_variants_and_forty_metrics(open_room: OpenRoom, room: MadeExperiments) -> None:
    variants = {f"v{at}": f"Variant {at} " + "long " * 8 for at in range(20)}
    design = made_design(variants, 40)
    shares = [0.1 + 0.003 * at for at in range(20)]
    id = room.add(made_experiment(design), made_analysis(design, n=5_000, shares=shares))
    app = open_room("experiment", experiment=id)
    assert f"of {19 * 40} comparisons clearly better" in said(app)
    key = f"experiment_variant_{id}"
    assert app.selectbox(key=key).value == "v19"
    app.selectbox(key=key).select("v1").run()
    assert "+0.3 points" in said(app)
    app.selectbox(key="effects_role").select("guardrail").run()
    assert not app.exception


def test_absolute_differences_keep_each_metrics_own_axis(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    metrics = (
        made_metric("booked", "Booked", {"plain": 0.1, "question": 0.2}),
        made_money("revenue", "Revenue", ["plain", "question"]),
    )
    id = room.add(made_experiment(), made_analysis(metrics=metrics))
    app = open_room("experiment", experiment=id)
    assert len(app.get("plotly_chart")) == 1
    app.button_group(key="effects_scale").set_value("absolute").run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2


def test_names_are_never_markup(open_room: OpenRoom, room: MadeExperiments) -> None:
    evil = "<img src=x onerror=alert(1)> **שלום** :red[x]"
    design = made_design({"plain": evil, "question": evil[::-1]}, name=evil)
    id = room.add(made_experiment(design, runs=RUNS), made_analysis(design, bandit=True))
    for tab in TABS:
        app = open_room("experiment", experiment=id, tab=tab)
        raw = "\n".join(str(one.value) for one in (*app.markdown, *app.caption))
        assert not app.exception
        assert "<img" not in raw.replace("\\<", "")
        assert "<img" not in "".join(str(one.proto.body) for one in app.get("html"))


def test_side_by_side_goes_from_one_to_the_next(open_room: OpenRoom, room: MadeExperiments) -> None:
    id = room.add(made_experiment(runs=RUNS))
    app = open_room("experiment", experiment=id, tab="beside")
    assert "2 did better only with Invitation with a question" in said(app)
    assert app.query_params["contact"] == "cold-carl-0001"
    app.button(key="beside_Next").click().run()
    assert not app.exception
    assert app.query_params["contact"] == "cold-carl-0002"
    assert app.button(key="beside_Previous").disabled is False


def test_tabs_that_can_hold_nothing_are_not_there(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(source="live"))
    app = open_room("experiment", experiment=id, tab="beside")
    assert not app.exception
    assert [tab.label for tab in app.tabs] == [
        "Every figure",
        "Over time",
        "Segments",
        "Rules",
        "Decided beforehand",
    ]


def test_going_from_tab_to_tab_keeps_the_tabs_what_they_are(
    open_room: OpenRoom, room: MadeExperiments
) -> None:
    id = room.add(made_experiment(source="live"))
    app = open_room("experiment", experiment=id, tab="time")
    first = app.get("tab_container")[0].proto
    app.query_params["tab"] = "time"
    app.run()
    assert app.get("tab_container")[0].proto == first
    assert app.query_params["tab"] == "time"


def test_a_stranger_is_said_in_words(open_room: OpenRoom, room: MadeExperiments) -> None:
    words = said(open_room("experiment", experiment="x-none"))
    assert "There is no experiment" in words


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (level("proportion", 0.1214), "12.1 %"),
        (level("revenue", 1_000_000.4), "1,000,000"),
        (level("mean", 0), "0"),
        (level("mean", -0.0000001), "0.000000"),
        (relative(Span(value=-0.1, low=-0.3, high=0.1)), "−10 %"),
        (relative(Span(value=0.5, low=0.5, high=0.5)), "+50.00 %"),
        (amount("proportion", 0.00018), "0.018 points"),
        (probability(0.99999), "over 99.9 %"),
        (probability(0), "under 0.1 %"),
        (p_text(1e-15), "under 0.0001"),
        (p_text(1.0), "1.00"),
    ],
)
def test_numbers_as_people_read_them(made: str, expected: str) -> None:
    assert made.replace("\u00a0", " ") == expected


def test_a_design_of_the_support_is_a_design() -> None:
    document: dict[str, Any] = made_design().model_dump()
    assert Design.model_validate(document) == made_design()
