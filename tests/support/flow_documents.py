"""Flow documents made by hypothesis: valid ones, with loops, dead ends and every step type."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

BODIES = (
    "Hi {{ contact.first_name | default: 'there' }}, shall I keep a seat for you?",
    "It costs $49 and starts on Monday. {{ links.booking }}",
    "Last call! Reply STOP to opt out.",
    "How long should a lesson be?",
)
CONDITIONS = (
    'reply.intent == "interested"',
    'reply.sentiment == "negative"',
    "contact.visits > 3",
    "answers.energy >= 5",
    "score > 2",
    "reply.hours < 5.0",
    "contact.age > 30 && contact.purchases == 0",
)
DURATIONS = ("30m", "5h", "2d", "P1DT2H", "1w")
ENERGY = {"id": "energy", "text": "Energy, 1 to 10?", "kind": "scale", "min": 1, "max": 10}

_bodies = st.sampled_from(BODIES)
_durations = st.sampled_from(DURATIONS)


def _config(kind: str, draw: Any, target: st.SearchStrategy[str | None]) -> dict[str, Any]:
    """A valid configuration of a step type."""
    if kind == "send_email":
        return {"subject": "A seat", "body": draw(_bodies)}
    if kind.startswith("send_"):
        return {"body": draw(_bodies)}
    if kind == "wait_for_reply":
        return {"timeout": draw(_durations)}
    if kind == "delay":
        until = {"until": {"weekday": "monday", "time": "09:00"}}
        return draw(st.one_of(_durations.map(lambda d: {"duration": d}), st.just(until)))
    if kind == "condition":
        whens = draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3))
        branches = [{"when": when, "next": draw(target)} for when in whens]
        return {"branches": branches, "else": draw(target)}
    if kind == "split":
        arms = [{"name": name, "weight": draw(st.integers(1, 5))} for name in "ab"]
        return {"arms": [{**arm, "next": draw(target)} for arm in arms]}
    if kind in ("lesson", "check_in", "assessment"):
        return {"title": "Week", "body": draw(_bodies), "questions": [ENERGY], "channel": "web"}
    return {
        "twin_reply": {"instructions": "Shortly."},
        "set": {"values": {"score": "contact.visits * 2"}},
        "tag": {"add": ["warm"]},
        "goal": {"name": "booked", "value": 49},
        "handoff": {"to": "support"},
        "webhook": {"url": "https://example.org", "sample": {"score": 3}},
        "end": {},
    }[kind]


KINDS = (
    "send_email send_sms send_whatsapp send_telegram send_web send_push wait_for_reply "
    "wait_for_reply delay condition split twin_reply lesson check_in assessment set tag goal "
    "handoff webhook end"
).split()


@st.composite
def flow_documents(draw: Any, max_steps: int = 9) -> dict[str, Any]:
    """A flow that compiles. Ways lead anywhere, or nowhere."""
    ids = [f"s{number}" for number in range(draw(st.integers(1, max_steps)))]
    target = st.one_of(st.none(), st.sampled_from(ids), st.sampled_from(ids))
    steps = []
    for id in ids:
        kind = draw(st.sampled_from(KINDS))
        step = {"id": id, "type": kind, "config": _config(kind, draw, target)}
        names = ("on_reply", "on_timeout") if kind == "wait_for_reply" else ("next",)
        if kind not in ("condition", "split", "handoff", "end"):
            for name in names:
                to = draw(target)
                if to is not None:
                    step[name] = to
        steps.append(step)
    quiet = draw(st.sampled_from([None, {"from": "21:00", "to": "08:00"}]))
    return {
        "name": "Generated",
        "timezone": draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"])),
        "start": ids[0],
        "steps": steps,
        **({"quiet_hours": quiet} if quiet else {}),
    }
