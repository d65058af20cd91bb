"""Rehearsals, reports and conversations: none, one, stopped, compared."""

from __future__ import annotations

from core.domain.reports import Transcript, Turn
from core.workbench import Workspace
from pages.parts.transcript import FOLD, transcript_html
from tests.conftest import TWO_STEPS
from tests.pages.conftest import OpenRoom, texts
from tests.pages.test_flow_page import button, played


def test_nothing_rehearsed_yet_points_at_flows(open_room: OpenRoom) -> None:
    for room, words in (
        ("rehearsals", "Your rehearsals will stand here"),
        ("report", "A report will stand here"),
        ("conversation", "A conversation will stand here"),
    ):
        app = open_room(room)
        assert not app.exception
        assert words in texts(app)


def test_the_report_says_what_was_found(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("report", run=report.facts.run_id)
    assert not app.exception
    said = texts(app)
    assert report.headline in said
    assert "run 1 · version 1 · Behaviour model · seed 7 · 21 people · uncalibrated" in said
    assert report.funnel.title in said
    assert report.score is not None
    assert f"{report.score.value} of 100" in said
    for advice in report.recommendations:
        assert advice.title in said
        assert advice.evidence in said
    rates = {metric.label: metric.value for metric in app.metric}
    assert rates["Answered"] == f"{report.answered.rate.count} of 21"


def test_a_number_in_the_address_is_enough(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("report", run="1")
    assert report.headline in texts(app)
    assert "There is no rehearsal '99' here." in texts(open_room("report", run="99"))


def test_parts_of_the_score_add_up(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("report", run=report.facts.run_id)
    table = next(one.value for one in app.table if "Points" in one.value.columns)
    points = [int(text.split()[0]) for text in table["Points"]]
    assert report.score is not None
    assert sum(points) == report.score.value


def test_a_stopped_run_says_so_on_its_report(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    workspace.store.runs.change(report.facts.run_id, "interrupted", error="The process ended.")
    app = open_room("report", run=report.facts.run_id)
    said = texts(app)
    assert "Interrupted" in said
    assert "goes on from where it is" in said
    assert button(app, "Resume")
    workspace.store.runs.change(report.facts.run_id, "failed", error="The disk went away.")
    assert "The disk went away." in texts(open_room("report", run=report.facts.run_id))


def test_a_run_without_people_yet_has_no_numbers(open_room: OpenRoom, workspace: Workspace) -> None:
    flow = workspace.flows.create(TWO_STEPS)
    population = workspace.populations.from_words("all", 1, 7)
    run = workspace.rehearsals.prepare(flow.id, population.id)
    workspace.store.runs.change(run.id, "paused")
    app = open_room("report", run=run.id)
    assert not app.exception
    assert "has found nothing yet" in texts(app)
    assert not app.metric


def test_contacts_are_listed_and_narrowed(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("report", run=report.facts.run_id)
    assert "21 people" in texts(app)
    app.selectbox(key="people_persona").select("eager-eddie").run()
    assert not app.exception
    assert "3 people" in texts(app)
    people = next(one.value for one in app.dataframe if "Person" in one.value.columns)
    assert set(people["Persona"]) == {"Eager Eddie"}


def test_two_runs_are_compared(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    facts = report.facts
    again = workspace.rehearsals.prepare(facts.flow_id, facts.population_id, seed=8)
    workspace.rehearsals.play(again.id)
    app = open_room("report", run=again.id, **{"with": facts.run_id})
    assert not app.exception
    said = texts(app)
    assert workspace.reports.compare(facts.run_id, again.id).headline in said
    assert "21 people were in both, compared one by one" in said
    app.toggle(key="reactions_shown").set_value(True).run()
    assert not app.exception
    found = workspace.reports.reactions(facts.run_id, again.id)
    said = texts(app)
    assert found.headline in said
    assert "Both were played by the behaviour model" in said
    app.checkbox(key="reactions_clear").uncheck().run()
    app.selectbox(key="reactions_measure").select("Hours to answer").run()
    rows = next(one.value for one in app.dataframe if "Run 1 SD" in one.value.columns)
    hours = [one for one in found.differences if one.measure == "hours"]
    assert len(rows) == len(hours)
    assert rows["Run 1 SD"].notna().any()


def test_rehearsals_are_listed_picked_and_filtered(
    open_room: OpenRoom, workspace: Workspace
) -> None:
    report = played(workspace)
    facts = report.facts
    again = workspace.rehearsals.prepare(facts.flow_id, facts.population_id, seed=8)
    workspace.store.runs.change(again.id, "paused")
    app = open_room("rehearsals")
    assert not app.exception
    said = texts(app)
    assert "2 rehearsals" in said
    assert "Stopped" in said
    assert app.button(key=f"resume_{again.id}")
    app.checkbox(key=f"pick_{again.id}").check()
    app.checkbox(key=f"pick_{facts.run_id}").check().run()
    assert "Picked: run 1 and run 2." in texts(app)
    assert not app.button(key="runs_compare").disabled
    app.selectbox(key="runs_status").select("failed").run()
    assert "No rehearsal is like that." in texts(app)


def test_a_conversation_and_the_next_one(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("conversation", run=report.facts.run_id, contact="eager-eddie-0002")
    assert not app.exception
    transcript = workspace.reports.transcript(report.facts.run_id, "eager-eddie-0002")
    said = texts(app)
    assert transcript.title in said
    assert f"contact {transcript.position + 1} of 21" in said
    app.button(key="talk_Next").click().run()
    assert not app.exception
    assert app.query_params["contact"] == "eager-eddie-0003"


def test_a_stranger_is_said_in_words(open_room: OpenRoom, workspace: Workspace) -> None:
    report = played(workspace)
    app = open_room("conversation", run=report.facts.run_id, contact="nobody-0001")
    assert not app.exception
    assert "nobody called nobody-0001" in texts(app)


def transcript_of(*turns: Turn) -> Transcript:
    return Transcript(
        run_id="r",
        contact_id="c",
        name="<i>שרה</i>",
        persona="p",
        persona_name="P",
        age=40,
        timezone="UTC",
        title="t",
        turns=list(turns),
        goals=[],
        opted_out=False,
        ended=None,
        days=1,
        position=0,
        contacts=1,
    )


def turn(**fields: object) -> Turn:
    base = {
        "seq": 0,
        "side": "out",
        "kind": "sent",
        "at": "2026-01-05T09:00:00",
        "local": "Monday, 9:00",
        "channel": "email",
    }
    return Turn.model_validate(base | fields)


def test_what_people_wrote_is_never_markup() -> None:
    evil = '<script>alert(1)</script>"onclick="x'
    turns = [
        turn(subject=evil, preheader=evil, body=evil, marks=[evil]),
        turn(seq=1, channel="mobile", body=evil, gap=evil),
        turn(seq=2, side="in", kind="replied", body=evil, answers={evil: evil}),
        turn(seq=3, side="note", kind="goal_reached", body=evil),
    ]
    html = transcript_html(transcript_of(*turns))
    assert "<script" not in html
    assert '"onclick' not in html
    assert "<i>שרה" not in html
    assert html.count("&lt;script&gt;") >= 8


def test_a_long_body_is_folded_and_whole() -> None:
    html = transcript_html(transcript_of(turn(channel="sms", body="a" * 20_000)))
    assert html.count("a" * FOLD) >= 1
    assert f"{20_000 - FOLD:,} more characters" in html
    assert html.count("<details>") == 1


def test_each_channel_has_its_shape() -> None:
    turns = [
        turn(seq=at, channel=channel, body="hello")
        for at, channel in enumerate(("email", "sms", "whatsapp", "telegram", "web", "mobile"))
    ]
    html = transcript_html(transcript_of(*turns))
    for shape in (
        "letter email",
        "bubble sms",
        "bubble whatsapp",
        "bubble telegram",
        "push mobile",
    ):
        assert f'class="{shape}"' in html
    assert html.count("Monday") >= 1
