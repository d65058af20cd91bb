"""The flows of the demo: they are what a visitor sees first, so nothing in them may be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.domain.flows import EmailConfig
from core.flows import CompiledFlow, compile_flow, read_flow, validate_document

FOLDER = Path(__file__).parents[3] / "data" / "samples" / "flows"
GSM = set("@£$¥èéùìòÇ\nØøÅåÄÖÑÜäöñüà§¿¡ !\"#¤%&'()*+,-./:;<=>?_ÆæßÉΔΦΓΛΩΠΨΣΘΞ") | set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)
CONTEXT = {
    "contact": {"id": "x", "first_name": "Maximilian", "visits": 2, "purchases": 1, "tags": []},
    "links": {
        "unsubscribe": "https://example.org/unsubscribe",
        "booking": "https://example.org/book",
    },
    "answers": {},
    "reply": {},
}


@pytest.fixture(params=sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read_flow(request.param.read_bytes(), source=request.param.name)


@pytest.fixture
def sample(document: dict[str, Any]) -> CompiledFlow:
    return compile_flow(document)


def test_no_check_finds_anything(document: dict[str, Any]) -> None:
    validation = validate_document(document)
    assert validation.findings == []
    assert (validation.valid, validation.score) == (True, 100)


def test_it_is_a_whole_flow(sample: CompiledFlow) -> None:
    assert len(sample.steps) >= 12
    assert sample.quiet_hours
    assert str(sample.timezone) == "Europe/Berlin"
    assert len(sample.flow.tests) >= 5
    assert any(step.expect for step in sample.steps.values())


def test_every_message_can_be_left(sample: CompiledFlow) -> None:
    context = {**sample.variables, **CONTEXT}
    for step in sample.steps.values():
        text = "\n".join(template.render(context) for template in step.templates.values())
        if step.channel == "email":
            assert CONTEXT["links"]["unsubscribe"] in text, step.id
        if step.channel == "sms":
            assert "STOP" in text, step.id


def test_messages_have_their_size(sample: CompiledFlow) -> None:
    context = {**sample.variables, **CONTEXT}
    for step in sample.steps.values():
        if step.channel == "sms":
            text = step.templates["body"].render(context)
            assert len(text) <= 160, step.id
            assert set(text) <= GSM, step.id
        if isinstance(step.config, EmailConfig):
            assert 0 < len(step.templates["subject"].render(context)) <= 70, step.id
