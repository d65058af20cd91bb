"""The checks that read messages: spam risk, tone, segments, ways out, subjects."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows import repair, validate_document
from tests.support.short_flows import flow, found

PRIZE = "WIN CASH NOW!!! Claim your FREE £1000 prize, call 09061701461 now!!!"
OUT = "Reply STOP to opt out."


def one(type: str, **config: Any) -> dict[str, Any]:
    steps = [
        {"id": "m", "type": type, "config": config, "next": "e"},
        {"id": "e", "type": "end", "config": {}},
    ]
    return {"name": "One message", "steps": steps}


def types(document: dict[str, Any]) -> set[str]:
    return {one.type for one in validate_document(document).findings}


@pytest.mark.parametrize(
    "type", ["send_sms", "send_email", "send_whatsapp", "send_telegram", "send_web", "send_push"]
)
def test_a_crude_prize_is_found_on_every_channel(type: str) -> None:
    subject = {"subject": "Your prize"} if type == "send_email" else {}
    findings = validate_document(one(type, body=PRIZE, **subject)).findings
    spam = next(one for one in findings if one.type == "spam_risk")
    assert spam.step_id == "m"
    assert "“m”: the spam risk is" in spam.message


def test_an_answer_to_a_reply_needs_no_way_out() -> None:
    document = flow("sms a", "wait 2d reply=b timeout=done", "sms b", "end done")
    document["steps"][2]["config"]["body"] = "Thank you, I will look at it."
    assert "missing_opt_out" not in types(document)


def test_what_comes_later_than_the_reply_does() -> None:
    lines = ["sms a", "wait 2d reply=pause2 timeout=done", "pause 1d", "sms b", "end done"]
    document = flow(*lines)
    document["steps"][3]["config"]["body"] = "How is it going?"
    steps = [o.step_id for o in validate_document(document).findings if o.type == "missing_opt_out"]
    assert steps == ["b"]


def test_a_step_of_a_program_needs_none() -> None:
    assert found("missing_opt_out", "lesson a", "check b", "web c", "push d", "end") == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Hello, this is your plan for the week.", "Reply STOP to opt out."),
        ("Hallo, das ist dein Plan für die Woche.", "Antworte STOP zum Abmelden."),
        ("Bonjour, voici le plan pour la semaine avec vous.", "STOP pour se désinscrire."),
        ("Hola, este es el plan para tu semana con nosotros.", "Responde STOP para darte de baja."),
    ],
)
def test_a_way_out_is_added_in_the_language_of_the_message(body: str, line: str) -> None:
    document = one("send_sms", body=body)
    finding = next(f for f in validate_document(document).findings if f.type == "missing_opt_out")
    mended = repair(document, finding)
    assert mended is not None
    assert mended["steps"][0]["config"]["body"] == f"{body} {line}"
    assert "missing_opt_out" not in types(mended)


def test_typographic_signs_are_mended_where_that_is_enough() -> None:
    body = "It’s time – {{ contact.first_name | default: 'friend…' }}, " + "a" * 40 + f" {OUT}"
    document = one("send_sms", body=body)
    finding = next(f for f in validate_document(document).findings if f.type == "sms_segments")
    mended = repair(document, finding)
    assert mended is not None
    new = mended["steps"][0]["config"]["body"]
    assert new.startswith("It's time - {{ contact.first_name | default: 'friend…' }}, ")
    assert "sms_segments" not in types(mended)
    emoji = one("send_sms", body="👋 " + "a" * 80 + f" {OUT}")
    found_ = next(f for f in validate_document(emoji).findings if f.type == "sms_segments")
    assert repair(emoji, found_) is None


def test_a_title_is_the_subject_of_a_coaching_step() -> None:
    document = flow("lesson a", "end")
    document["steps"][0]["config"]["title"] = "a" * 71
    assert "bad_subject" in types(document)
    document["steps"][0]["config"]["channel"] = "web"
    assert "bad_subject" not in types(document)


@pytest.mark.parametrize("type", ["send_sms", "send_email", "send_whatsapp"])
@pytest.mark.parametrize("body", ["", "  \n"])
def test_of_an_empty_message_one_thing_is_said(type: str, body: str) -> None:
    template = {"template": "hello"} if type == "send_whatsapp" else {}
    (finding,) = validate_document(one(type, body=body, **template)).findings
    assert (finding.type, finding.severity) == ("bad_config", "warning")


def test_a_coaching_steps_subject_is_called_its_title() -> None:
    document = one("lesson", channel="email", body="Breathe in, and out.")
    (finding,) = [o for o in validate_document(document).findings if o.type == "bad_subject"]
    assert finding.message == "“m”: the title, which is the e-mail's subject, is empty"
    assert finding.fix == "Write a title that says what is inside."
    long = one("lesson", channel="email", body="Breathe in, and out.", title="a" * 71)
    (finding,) = [o for o in validate_document(long).findings if o.type == "bad_subject"]
    assert finding.message.startswith("“m”: the title, which is the e-mail's subject, has 71")


@pytest.mark.parametrize(
    ("document", "type", "label"),
    [
        (one("send_sms", body="Hello, your plan is here."), "missing_opt_out", f"Add “{OUT}”"),
        (
            one("send_email", body="Hello, your plan is here.", subject="A plan"),
            "missing_opt_out",
            "Add a link to unsubscribe",
        ),
        (one("send_smss", body="x"), "unknown_type", "Make it “send_sms”"),
        (one("send_sms", bodi="x"), "bad_config", "Apply this fix"),
        (
            one("send_sms", body=f"Hi. {OUT}") | {"variable": {}},
            "bad_config",
            "Call it “variables”",
        ),
    ],
)
def test_what_mending_does_stands_on_its_button(
    document: dict[str, Any], type: str, label: str
) -> None:
    validation = validate_document(document)
    finding = next(one for one in validation.findings if one.type == type)
    assert validation.mending(finding) == label
