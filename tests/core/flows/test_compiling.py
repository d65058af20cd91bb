"""Compiling: what is found, in words that name the place, and what a flow is afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidFlow
from core.domain.findings import Finding
from core.flows import Way, all_ways, compile_flow, ranks, validate_document
from core.flows.compiling import read_document

END = {"id": "end", "type": "end"}


def flow(*steps: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"name": "A flow", "steps": [*steps, END], **top}


def step(kind: str, config: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "a", "type": kind, "config": config or {}, "next": "end", **more}


def found(document: Any) -> list[tuple[str, str, str | None]]:
    return [(one.severity, one.type, one.step_id) for one in read_document(document).findings]


def only(document: Any) -> Finding:
    findings = read_document(document).findings
    assert len(findings) == 1, findings
    return findings[0]


def test_every_way_of_every_type() -> None:
    document = flow(
        {"id": "mail", "type": "send_email", "config": {"body": "x"}, "next": "wait"},
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "1d 12h"},
            "on_reply": "sort",
        },
        {
            "id": "sort",
            "type": "condition",
            "config": {
                "branches": [
                    {"when": 'reply.intent == "interested"', "next": "arms"},
                    {"when": "contact.visits > 2"},
                ],
                "else": "help",
            },
        },
        {
            "id": "arms",
            "type": "split",
            "config": {"arms": [{"name": "short", "next": "end"}, {"name": "long", "weight": 2}]},
        },
        {"id": "help", "type": "handoff"},
    )
    compiled = compile_flow(document)
    assert all_ways(compiled) == [
        ("mail", Way("next", "wait", "next")),
        ("wait", Way("on_reply", "sort", "reply")),
        ("wait", Way("on_timeout", None, "no reply in 1 day 12 hours")),
        ("sort", Way("branch:0", "arms", "intent is interested")),
        ("sort", Way("branch:1", None, "visits > 2")),
        ("sort", Way("else", "help", "else")),
        ("arms", Way("arm:short", "end", "short")),
        ("arms", Way("arm:long", None, "long")),
    ]
    assert compiled.start == "mail"
    assert compiled.steps["wait"].seconds == 129_600
    assert compiled.steps["mail"].channel == "email"
    assert [one.id for one in compiled.flow.steps] == list(compiled.steps)


def test_what_a_step_carries() -> None:
    compiled = compile_flow(
        flow(
            {
                "id": "check",
                "type": "check_in",
                "config": {
                    "title": "Hi {{ contact.first_name }}",
                    "channel": "web",
                    "questions": [{"id": "energy", "text": "From {{ low }}?", "kind": "scale"}],
                },
                "next": "keep",
                "expect": "They answer.",
            },
            {"id": "keep", "type": "set", "config": {"values": {"x": "low + 1", "y": 2}}},
            quiet_hours={"from": "21:30", "to": "8:00"},
            timezone="Europe/Berlin",
            variables={"low": 1},
            start="check",
        )
    )
    check = compiled.steps["check"]
    assert set(check.templates) == {"title", "body", "question:energy"}
    assert check.templates["question:energy"].render(compiled.variables) == "From 1?"
    assert (check.seconds, check.channel, check.expect) == (172_800, "web", ("They answer.",))
    assert compiled.steps["keep"].values["x"].evaluate({"low": 1}) == (2, None)
    assert compiled.steps["keep"].values["y"].evaluate({}) == (2, None)
    assert compiled.quiet_hours == (1_290, 480)
    assert str(compiled.timezone) == "Europe/Berlin"


def test_texts_are_rendered_for_a_neutral_contact() -> None:
    body = "Hi {{ contact.first_name }}, it costs {{ price }}."
    compiled = compile_flow(flow(step("send_sms", {"body": body}), variables={"price": 49}))
    assert compiled.texts == ("Hi there, it costs 49.",)


@pytest.mark.parametrize(
    ("document", "type", "step_id", "words"),
    [
        (flow(step("send_sms", {})), "bad_config", "a", "steps[0].config.body: is missing"),
        (
            flow(step("send_sms", {"body": 5})),
            "bad_config",
            "a",
            "steps[0].config.body: must be a text",
        ),
        (flow(step("send_sms", {"body": "{{ x"})), "bad_config", "a", "steps[0].config.body"),
        (flow(step("send_sms", {"body": "{{ x | nope }}"})), "bad_config", "a", "“nope”"),
        (
            flow(step("send_sms", {"body": "{% for i in (1..1000000000) %}{% endfor %}"})),
            "bad_config",
            "a",
            "steps[0].config.body: line 1, column 4: it loops too often",
        ),
        (flow(step("delay", {"duration": "soon"})), "bad_config", "a", "“soon” is no duration"),
        (flow(step("delay", {"duration": "400d"})), "bad_config", "a", "longer than 366 days"),
        (flow(step("delay", {})), "bad_config", "a", "either duration or until"),
        (flow(step("pigeon")), "unknown_type", "a", "steps[0].type"),
        (
            flow(
                {
                    "id": "a",
                    "type": "split",
                    "config": {
                        "arms": [{"name": "x", "next": "end"}, {"name": "y", "next": "gone"}]
                    },
                }
            ),
            "missing_step",
            "a",
            "arm:y of “a” leads to “gone”",
        ),
        (flow(END), "duplicate_id", "end", "steps[1].id: “end” is also steps[0]"),
        (
            flow(
                {
                    "id": "a",
                    "type": "condition",
                    "config": {"branches": [{"when": "1 +"}], "else": "end"},
                }
            ),
            "condition_error",
            "a",
            "steps[0].config.branches[0].when: something is missing after + (line 1, column 4)",
        ),
        (flow(step("set", {"values": {"x": "1 +"}})), "condition_error", "a", "config.values.x"),
        (
            flow(
                {"id": "a", "type": "split", "config": {"arms": [{"name": "x", "next": "end"}] * 2}}
            ),
            "bad_config",
            "a",
            "arms[1]: “x” is there twice",
        ),
        (flow(timezone="Mars/Base"), "bad_config", None, "no time zone “Mars/Base”"),
        (flow(timezone="../etc/passwd"), "bad_config", None, "timezone"),
        (flow(start="gone"), "missing_step", None, "start: there is no step “gone”"),
        (flow(name="x" * 300), "bad_config", None, "name: "),
        (flow(name="a\x00b"), "bad_config", None, "name: has a control character"),
        (flow(variables={"x": float("nan")}), "bad_config", None, "variables.x: is no finite"),
        (flow(quiet_hours={"from": "25:00", "to": "8:00"}), "bad_config", None, "quiet_hours.from"),
        (flow(tests=[{"persona": "x"}]), "bad_config", None, "tests[0].expect: is missing"),
        ({"name": "Empty"}, "bad_config", None, "steps: a flow needs a list of steps"),
        ({"name": "Empty", "steps": []}, "bad_config", None, "steps: a flow needs a list of steps"),
        ([], "bad_config", None, "not a list"),
        ({"steps": [END] * 5_001}, "bad_config", None, "5,001 steps"),
    ],
)
def test_what_keeps_a_flow_from_being_compiled(
    document: Any, type: str, step_id: str | None, words: str
) -> None:
    finding = only(document)
    assert (finding.severity, finding.type, finding.step_id) == ("error", type, step_id)
    assert words in finding.message
    assert finding.fix
    with pytest.raises(InvalidFlow) as caught:
        compile_flow(document)
    assert caught.value.findings == [finding]


@pytest.mark.parametrize(
    ("document", "step_id", "words", "fix"),
    [
        (flow(step("send_sms", {"body": "x", "boddy": 1})), "a", "config.boddy", "body"),
        (
            flow(
                {
                    "id": "a",
                    "type": "split",
                    "config": {"arms": [{"name": "x", "wait": 1, "next": "end"}]},
                }
            ),
            "a",
            "steps[0].config.arms[0].wait",
            "weight",
        ),
        (flow(step("tag", on_rely="end")), "a", "steps[0].on_rely", "on_reply"),
        (flow(step("tag", on_reply="end")), "a", "not left by on_reply", "next"),
        (flow(timezon="UTC"), None, "timezon", "timezone"),
        (flow(variables={"reply": 1}), None, "variables.reply", "none of answers, contact"),
        (
            flow(tests=[{"persona": "x", "expect": {"reaches": ["gone"]}}]),
            None,
            "tests[0].expect: there is no step “gone”",
            "name",
        ),
        (
            flow(tests=[{"persona": "x", "expect": {"ways": ["end:next"]}}]),
            None,
            "tests[0].expect: there is no way “end:next”",
            "name",
        ),
        (
            flow(tests=[{"replies": [{"to": "gone"}], "expect": {"reaches": ["end"]}}]),
            None,
            "tests[0].replies: there is no step “gone”",
            "name",
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(
    document: dict[str, Any], step_id: str | None, words: str, fix: str
) -> None:
    finding = only(document)
    assert (finding.severity, finding.type, finding.step_id) == ("warning", "bad_config", step_id)
    assert words in finding.message
    assert fix in (finding.fix or "")
    assert compile_flow(document).name == "A flow"


def test_every_dangling_way_is_named() -> None:
    document = flow(
        {
            "id": "a",
            "type": "wait_for_reply",
            "config": {"timeout": "1d"},
            "on_reply": "x",
            "on_timeout": "y",
        },
        start="a",
    )
    messages = [one.message for one in read_document(document).findings]
    assert [message.split(" of ")[0] for message in messages] == ["on_reply", "on_timeout"]


def test_keys_of_other_programs_are_let_be() -> None:
    assert (
        found(flow(step("tag", position={"x": 1}), links={}, comments=[], **{"x-owner": "Ada"}))
        == []
    )
    assert only(flow(step("tag"), foo=1)).message == "foo: this key is not known and is not used"


def test_a_step_written_one_level_too_high_gets_advice() -> None:
    finding = only(flow({"id": "a", "type": "send_sms", "body": "Hi", "next": "end"}))
    assert finding.fix == "Move body under config."


def test_a_config_left_empty_is_no_config() -> None:
    assert found({"steps": [{"id": "end", "type": "end", "config": None}]}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "config", "next", "body", "branches", "when", "x"]),
            inner | st.sampled_from(["condition", "split", "end", "a"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"steps": st.lists(JSON, max_size=4)}, optional={"name": JSON}) | JSON)
def test_checking_never_raises_and_agrees_with_compiling(document: Any) -> None:
    validation = validate_document(document)
    assert 0 <= validation.score <= 100
    try:
        compile_flow(document)
    except InvalidFlow as error:
        assert not validation.valid
        assert all(finding in validation.findings for finding in error.findings)


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """A valid flow: any steps, their ways leading anywhere."""
    count = draw(st.integers(1, 12))
    target = st.sampled_from([None, *(f"s{number}" for number in range(count))])
    steps = []
    for number in range(count):
        kind = draw(
            st.sampled_from(["send_sms", "wait_for_reply", "condition", "split", "goal", "end"])
        )
        one: dict[str, Any] = {"id": f"s{number}", "type": kind, "config": {}}
        if kind == "send_sms":
            one |= {"config": {"body": "Hi {{ contact.first_name }}"}, "next": draw(target)}
        elif kind == "wait_for_reply":
            one |= {
                "config": {"timeout": "2d"},
                "on_reply": draw(target),
                "on_timeout": draw(target),
            }
        elif kind == "condition":
            branches = [{"when": f"contact.visits > {i}", "next": draw(target)} for i in range(2)]
            one["config"] = {"branches": branches, "else": draw(target)}
        elif kind == "split":
            one["config"] = {"arms": [{"name": name, "next": draw(target)} for name in "ab"]}
        elif kind == "goal":
            one |= {"config": {"name": "booked"}, "next": draw(target)}
        steps.append(one)
    return {"name": "Drawn", "steps": steps}


@given(flows())
def test_a_valid_flow_compiles_and_every_way_leads_somewhere(document: dict[str, Any]) -> None:
    compiled = compile_flow(document)
    assert all(way.to is None or way.to in compiled.steps for _, way in all_ways(compiled))
    assert found(document) == []


@given(flows())
def test_every_step_has_a_place_of_its_own(document: dict[str, Any]) -> None:
    compiled = compile_flow(document)
    places = ranks(compiled)
    assert places.keys() == compiled.steps.keys()
    assert len({(place.rank, place.row) for place in places.values()}) == len(places)
    assert places[compiled.start].rank == 0
