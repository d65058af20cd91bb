"""Validation: the order of findings, the score, what a configuration changes, and its speed."""

from __future__ import annotations

import json
from copy import deepcopy
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import BadInput, InvalidFlow
from core.domain.findings import Finding
from core.flows import (
    CHECKS,
    ValidationConfig,
    compile_flow,
    read_config,
    validate_document,
)
from core.flows.validation import score_of
from tests.support.flow_documents import flow_documents

END = {"id": "end", "type": "end"}
LOST = {"id": "lost", "type": "tag", "next": "end"}
MIXED: dict[str, Any] = {
    "name": "Mixed",
    "steps": [
        {"id": "a", "type": "tag", "next": "b"},
        LOST,
        {"id": "b", "type": "tag", "next": "gone"},
        END,
    ],
    "mystery": 1,
}


def types(document: Any, config: ValidationConfig | None = None) -> list[tuple[str, str | None]]:
    return [(one.type, one.step_id) for one in validate_document(document, config).findings]


def test_findings_come_worst_first_and_then_by_step() -> None:
    assert types(MIXED) == [
        ("missing_step", "b"),
        ("bad_config", None),
        ("orphan_step", "lost"),
        ("orphan_step", "end"),
    ]
    found = validate_document(MIXED)
    assert not found.valid
    assert found.checks == len(CHECKS)


@pytest.mark.parametrize(
    ("severities", "score"),
    [
        ([], 100),
        (["error"], 60),
        (["warning"], 92),
        (["info"], 99),
        (["warning"] * 6, 61),
        (["error", "error", "warning"], 33),
        (["error"] * 20, 0),
    ],
)
def test_the_score_falls_with_every_finding(severities: list[Any], score: int) -> None:
    findings = [Finding(type="x", severity=one, message="x") for one in severities]
    assert score_of(findings) == score


@given(flow_documents(), st.sampled_from([check.id for check in CHECKS]))
def test_without_one_check_the_rest_is_as_it_was(document: dict[str, Any], id: str) -> None:
    everything = validate_document(document)
    rest = validate_document(document, ValidationConfig(checks={id: "off"}))
    assert rest.findings == [one for one in everything.findings if one.type != id]
    assert rest.checks == everything.checks - 1
    assert rest.score >= everything.score


JUNK = st.sampled_from([None, True, 3, -1.5, "", "x", "{{ x", "a.b &&", [], ["x"], {}, {"id": 1}])


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place inside a document: what holds it, and under which key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(value, key) for key, _ in pairs]
    inner = value.values() if isinstance(value, dict) else value
    return found + [spot for one in inner if isinstance(one, dict | list) for spot in spots(one)]


@given(flow_documents(max_steps=6), st.data())
def test_no_check_fails_whatever_stands_in_a_flow(document: dict[str, Any], data: Any) -> None:
    document = json.loads(json.dumps(document))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = data.draw(st.sampled_from(spots(document)))
        if (isinstance(holder, dict) and key not in holder) or (
            isinstance(holder, list) and key >= len(holder)
        ):
            continue
        if data.draw(st.booleans()):
            holder[key] = deepcopy(data.draw(JUNK))
        else:
            del holder[key]
        if not document:
            return
    found = validate_document(document)
    for finding in found.findings[:5]:
        found.can_mend(finding)


@pytest.mark.parametrize("document", [None, 3, [], "x", {}, {"steps": 5}, {"steps": [None]}])
def test_what_is_no_flow_has_findings_and_no_score(document: Any) -> None:
    found = validate_document(document)
    assert not found.valid and found.score == 0
    assert {one.type for one in found.findings} == {"bad_config"}


def test_a_severity_changes_the_listing_and_not_what_can_be_played() -> None:
    config = ValidationConfig(
        checks={"missing_step": "info", "orphan_step": "error", "bad_config": "off"}
    )
    assert [(one.type, one.severity) for one in validate_document(MIXED, config).findings] == [
        ("orphan_step", "error"),
        ("orphan_step", "error"),
        ("missing_step", "info"),
    ]
    with pytest.raises(InvalidFlow):
        compile_flow(MIXED)


def test_what_fails() -> None:
    found = validate_document({"steps": [{"id": "a", "type": "end"}, {"id": "b", "type": "end"}]})
    assert [found.fails(one) for one in ("error", "warning", "info")] == [False, True, True]
    clean = validate_document({"steps": [END]})
    assert [clean.fails(one) for one in ("error", "warning", "info")] == [False] * 3


# The configuration


def test_a_configuration_is_read() -> None:
    config = read_config(
        "checks: {orphan_step: error, missing_step: off, no_exit: on}\n"
        "thresholds: {spam_risk: 80, quiet_from: 22:30}\n"
        "fail_on: warning\n"
    )
    assert config.checks == {"orphan_step": "error", "missing_step": "off", "no_exit": "on"}
    assert (config.thresholds.spam_risk, config.thresholds.quiet_from) == (80, 1_350)
    assert config.thresholds.sms_segments == 1
    assert config.fail_on == "warning"
    assert read_config("checks: {no_exit: false}").checks == {"no_exit": "off"}
    assert read_config("") == read_config("{}") == read_config("# nothing") == ValidationConfig()
    again = json.loads(json.dumps(config.model_dump(mode="json")))
    assert ValidationConfig.model_validate(again) == config


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "checks: {orphan_stp: off}",
            "checks.orphan_stp: There is no check of this name. Did you mean orphan_step?",
        ),
        ("checks: {orphan_step: loud}", "checks.orphan_step: Must be 'off', 'on', 'error'"),
        ("checks: [orphan_step]", "checks: Must be an object"),
        ("checks: {orphan_step: }", "checks.orphan_step: "),
        ("threshold: {}", "threshold: Is not known here. Did you mean thresholds?"),
        ("thresholds: {spam: 3}", "thresholds.spam: Is not known here. Did you mean spam_risk?"),
        ("thresholds: {spam_risk: 300}", "thresholds.spam_risk: Must be at most 100"),
        ("thresholds: {spam_risk: high}", "thresholds.spam_risk: Must be a number"),
        ("thresholds: {quiet_from: 25:00}", "thresholds.quiet_from: Must be at most 1,440"),
        ("thresholds: {quiet_from: late}", "thresholds.quiet_from: Must be a whole number"),
        ("fail_on: never", "fail_on: Must be 'error', 'warning' or 'info'"),
        ("- 3", ".greenroom.yaml"),
        ("checks: {", "not valid YAML"),
    ],
)
def test_a_bad_configuration_names_its_key(text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_config(text)
    assert words in str(caught.value)
    assert ".greenroom.yaml" in str(caught.value)


# Speed


def long_flow(steps: int) -> dict[str, Any]:
    """Messages, waits and conditions, one after the other."""
    made: list[dict[str, Any]] = []
    for number in range(0, steps, 4):
        name, after = f"s{number}", f"s{number + 4}"
        body = f"Hi {{{{ contact.first_name | default: 'there' }}}}, week {number}: how was it?"
        made += [
            {
                "id": name,
                "type": "send_sms",
                "config": {"body": f"{body} Reply STOP to opt out."},
                "next": f"{name}w",
            },
            {
                "id": f"{name}w",
                "type": "wait_for_reply",
                "config": {"timeout": "2d"},
                "on_reply": f"{name}c",
                "on_timeout": after,
            },
            {
                "id": f"{name}c",
                "type": "condition",
                "config": {
                    "branches": [
                        {"when": 'reply.intent == "interested"', "next": f"{name}t"},
                        {"when": f"contact.visits > {number}", "next": after},
                    ],
                    "else": after,
                },
            },
            {"id": f"{name}t", "type": "tag", "config": {"add": [name]}, "next": after},
        ]
    return {"name": "Long", "steps": [*made, {"id": f"s{steps}", "type": "end"}]}


@pytest.mark.slow
def test_five_hundred_steps_take_no_time() -> None:
    document = long_flow(500)
    validate_document(long_flow(8))
    fastest = min(_seconds(document) for _ in range(3))
    assert fastest < 1.5, f"{fastest:.3f} s"


def _seconds(document: dict[str, Any]) -> float:
    started = perf_counter()
    validate_document(document)
    return perf_counter() - started


@pytest.mark.parametrize("name", ["spam_risk", "sms_segments", "quiet_from", "whatsapp_hours"])
@pytest.mark.parametrize("given", ["true", "false"])
def test_yes_and_no_are_no_thresholds(name: str, given: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_config(f"thresholds: {{{name}: {given}}}")
    assert caught.value.message == "Must be a number."
    assert caught.value.place == f".greenroom.yaml: thresholds.{name}"


@pytest.mark.parametrize("text", ["checks:", "thresholds:", "checks:\nthresholds:\n"])
def test_a_part_with_nothing_in_it_is_left_out(text: str) -> None:
    assert read_config(text) == ValidationConfig()


@pytest.mark.parametrize("text", ["fail_on:", "checks: {orphan_step: }", "checks: []"])
def test_a_value_that_is_missing_is_not(text: str) -> None:
    with pytest.raises(BadInput):
        read_config(text)
