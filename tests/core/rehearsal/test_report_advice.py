"""The score adds up, the words fit the numbers, and every recommendation has its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.reports import Recommendation
from core.rehearsal import Reports
from core.rehearsal.score import Part, added_up
from core.rehearsal.wording import count_of, duration, share_in_words
from tests.core.rehearsal.test_report_reading import Told, rows_of
from tests.support.synthetic import Theatre

TELLS = "The course opens on Monday."
ASKS = "Shall I keep a seat for you?"


def document(body: str = TELLS, *, waits: bool = True, tests: bool = True) -> dict[str, Any]:
    wait = {"id": "wait", "type": "wait_for_reply", "config": {"timeout": "1d"}}
    steps = [
        {"id": "mail", "type": "send_sms", "config": {"body": body}, "next": "wait"},
        {**wait, "on_reply": "twin", "on_timeout": "end"},
        {"id": "twin", "type": "twin_reply", "config": {"instructions": "Shortly"}, "next": "book"},
        {"id": "book", "type": "goal", "config": {"name": "booked"}, "next": "end"},
        {"id": "end", "type": "end", "config": {}},
    ]
    if not waits:
        steps = [{**steps[0], "next": "end"}, steps[4]]
    some = [{"persona": "Eager Eddie", "expect": {"max_messages": 9}}]
    return {"name": "F", "steps": steps, **({"tests": some} if tests else {})}


def told(*, read: bool = True, reply: dict[str, Any] | None = None, hour: float = 9.0) -> Told:
    """One person who gets one message, and then leaves."""
    events: Told = [
        (0, "entered", None, None, {"persona": "eager-eddie"}),
        (0, "stepped", "mail", None, {"visit": 1}),
        (0, "sent", "mail", TELLS, {"local_hour": hour}),
        (0, "delivered", "mail", None, {}),
    ]
    if read:
        events.append((1, "read", "mail", None, {}))
    if reply is not None:
        said = {"intent": "other", "sentiment": "neutral", "hours": 5, "late": False, **reply}
        events.append((5, "replied", "mail", "Hm.", said))
        if said["intent"] == "opt_out":
            events.append((5, "opted_out", "mail", None, {"by": "reply"}))
    return [*events, (6, "ended", "mail", None, {"reason": "end", "hours": 6})]


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    made = Theatre(tmp_path, 20, ("Eager Eddie",))
    yield made
    made.close()


def advised(theatre: Theatre, flow: dict[str, Any], told: list[Told]) -> list[Recommendation]:
    version = theatre.write_flow(flow)
    rows = [
        row
        for number, events in enumerate(told, 1)
        for row in rows_of(f"eager-eddie-{number:04d}", events)
    ]
    run = theatre.keep(rows, len(told), version=version)
    found = Reports(theatre.store, theatre.compiled).report(run.id).recommendations
    assert 3 <= len(found) <= 5
    assert all(one.evidence and one.action for one in found)
    return found


def titles(found: list[Recommendation]) -> list[str]:
    return [one.title for one in found]


def test_a_message_that_asks_nothing(theatre: Theatre) -> None:
    found = advised(theatre, document(), [told()] * 18 + [told(reply={})] * 2)
    assert found[0].title == "Ask one question in “mail”"
    assert found[0].evidence == "20 read it, 2 answered."
    assert (found[0].step_id, found[0].kind, found[0].affected) == ("mail", "content", 18)
    asks = advised(theatre, document(ASKS), [told()] * 20)
    assert "Ask one question in “mail”" not in titles(asks)
    unheard = advised(theatre, document(waits=False), [told()] * 20)
    assert "Ask one question in “mail”" not in titles(unheard), "nothing waits for an answer"


def test_the_price_that_is_asked_for(theatre: Theatre) -> None:
    price = {"intent": "price_question"}
    found = advised(theatre, document(ASKS), [told(reply=price)] * 14 + [told()] * 6)
    advice = next(one for one in found if one.title == "Say the price before Eddie asks")
    assert advice.evidence.startswith("14 of the 20 copies of Eager Eddie asked")
    told_price = document("It costs $49. Shall I keep a seat?")
    assert "Say the price before Eddie asks" not in titles(
        advised(theatre, told_price, [told(reply=price)] * 20)
    )


def test_opt_outs_late_replies_and_odd_hours(theatre: Theatre) -> None:
    leave = [told(reply={"intent": "opt_out"})] * 5
    late = [told(reply={"late": True})] * 6
    found = advised(theatre, document(ASKS), leave + late + [told(hour=6.5)] * 9)
    assert {"Soften “mail”", "Wait longer after “mail”", "Move “mail” into the day"} <= set(
        titles(found)
    )
    day = next(one for one in found if one.kind == "timing" and "06:30" in one.evidence)
    assert day.evidence.startswith("9 people got it at an odd hour")
    unheard = advised(theatre, document(waits=False), late + [told()] * 14)
    assert "Listen after “mail”" in titles(unheard)


def test_where_nothing_is_wrong_it_stays_honest(theatre: Theatre) -> None:
    found = advised(theatre, document(waits=False, tests=False), [told()] * 20)
    assert "Write down what should happen" in titles(found)
    assert "Try a variant on the same people" in titles(found)


@given(
    st.lists(
        st.tuples(st.floats(0.5, 40), st.none() | st.floats(0, 1)), min_size=1, max_size=8
    ).filter(lambda parts: any(value is not None for _, value in parts))
)
def test_points_add_up_to_the_score(parts: list[tuple[float, float | None]]) -> None:
    made = added_up([Part(str(n), weight, value, "") for n, (weight, value) in enumerate(parts)])
    assert sum(part.points for part in made.parts) == made.value
    assert sum(part.weight for part in made.parts) == 100
    assert 0 <= made.value <= 100
    assert all(0 <= part.points <= part.weight for part in made.parts)


def test_words_for_numbers() -> None:
    assert [share_in_words(share) for share in (1, 0.95, 0.5, 0.33, 0.1, 0.01)] == [
        "All",
        "Nearly all",
        "Half",
        "A third",
        "A tenth",
        "A few",
    ]
    assert [duration(hours) for hours in (0.01, 0.5, 5, 48)] == ["1 min", "30 min", "5 h", "2 days"]
    assert (count_of(1, "reply", "replies"), count_of(1200, "reply", "replies")) == (
        "1 reply",
        "1,200 replies",
    )


@pytest.mark.parametrize(
    ("people", "headline"),
    [
        ([told(read=False)] * 20, "F: most people are lost between the first message and reading"),
        ([told()] * 20, "F: most people are lost between reading and the first reply"),
        (
            [told()] * 8 + [told(reply={})] * 12,
            "F: most people are lost between the first reply and “booked”",
        ),
    ],
)
def test_the_headline_is_what_was_found(
    theatre: Theatre, people: list[Told], headline: str
) -> None:
    version = theatre.write_flow(document(ASKS))
    rows = [
        row
        for number, events in enumerate(people, 1)
        for row in rows_of(f"eager-eddie-{number:04d}", events)
    ]
    report = Reports(theatre.store, theatre.compiled).report(
        theatre.keep(rows, 20, version=version).id
    )
    assert report.headline == headline
    assert 3 <= len(report.summary) <= 5
    assert sum(stage.largest_drop for stage in report.funnel.stages) == 1


def test_people_who_come_to_no_end_are_no_sound_run(theatre: Theatre) -> None:
    version = theatre.write_flow(document())
    events = [*told()[:-1], (6, "ended", "mail", None, {"reason": "too_long", "hours": 6})]
    people = [f"eager-eddie-{number:04d}" for number in range(1, 6)]
    run = theatre.keep([row for one in people for row in rows_of(one, events)], 5, version=version)
    report = Reports(theatre.store, theatre.compiled).report(run.id)
    found = next(one for one in report.findings if one.type == "too_long")
    assert (found.severity, found.step_id) == ("error", "mail")
    assert found.message.startswith("5 people came to no end")
    assert report.headline == "F: 5 of 5 people never come to an end"
    assert report.recommendations[0].title == "Give everybody a way to an end"
    assert report.score is not None
    soundness = next(part for part in report.score.parts if part.name == "Soundness")
    assert soundness.value < 1
