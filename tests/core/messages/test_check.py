"""One message checked: what is found, and that thousands are found the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.domain.messages import MessageDraft
from core.messages import check_message, check_messages, has_way_out

PRIZE = "WIN CASH NOW!!! Claim your FREE £1000 prize, call 09061701461 now!!!"
BY_EMAIL = "Unsubscribe: https://example.org/u"


def found(channel: str, body: str, subject: str | None = None) -> list[str]:
    draft = MessageDraft.model_validate({"channel": channel, "body": body, "subject": subject})
    return [one.type for one in check_message(draft).findings]


def test_a_clean_message_has_no_finding() -> None:
    check = check_message(MessageDraft(channel="sms", body="Hi Anna. Reply STOP to opt out."))
    assert check.model_dump() == {
        "spam_risk": check.spam_risk,
        "is_spam": False,
        "tone": "neutral",
        "segments": 1,
        "encoding": "gsm7",
        "length": 31,
        "findings": [],
    }


def test_everything_at_once() -> None:
    assert found("sms", f"{PRIZE} {'a' * 160}") == ["spam_risk", "sms_segments", "missing_opt_out"]
    assert found("email", PRIZE) == ["spam_risk", "missing_opt_out", "bad_subject"]
    assert found("web", "You are an idiot.") == ["tone_issue"]


@pytest.mark.parametrize(
    ("subject", "bad"), [(None, True), (" ", True), ("a" * 70, False), ("a" * 71, True)]
)
def test_subjects(subject: str | None, bad: bool) -> None:
    assert ("bad_subject" in found("email", f"Hello. {BY_EMAIL}", subject)) == bad


def test_only_an_email_has_a_subject_and_only_an_sms_has_segments() -> None:
    check = check_message(MessageDraft(channel="web", subject="a" * 99, body="Hello 👋"))
    assert (check.segments, check.encoding, check.length, check.findings) == (None, None, 7, [])


@pytest.mark.parametrize(
    ("channel", "text", "enough"),
    [
        ("sms", "Reply STOP to opt out.", True),
        ("sms", "Text stop to end", True),
        ("sms", "Antworte STOP zum Abmelden.", True),
        ("whatsapp", "Responde STOP para darte de baja", True),
        ("telegram", "STOP pour se désinscrire", True),
        ("sms", "Do not stop now, we adopt outdoor rules", False),
        ("sms", "If you don't want these texts any more, just say stop.", True),
        ("sms", "Responda SAIR para sair", True),
        ("sms", "Reply N to leave the list", True),
        ("sms", "Reply N to leave work early", False),
        ("sms", "To end it, send 'STOP NEWS' to 4321", True),
        ("sms", "To unsub STOP £1.50 a message", True),
        ("sms", "We stop at nothing. Reply now.", False),
        ("sms", "We STOP at nothing. Reply now.", False),
        ("sms", "STOP waiting for it! Answer today", False),
        ("sms", "They say stop worrying.", False),
        ("sms", "How to unsubscribe from stress", False),
        ("email", "How to unsubscribe from stress", False),
        ("email", "Opt out of stress with us", False),
        ("email", "To be unsubscribed from\n this list, click here", True),
        ("email", "Opt out of these e-mails", True),
        ("email", "Opt out of receiving our offers", True),
        ("email", "Unsubscribe from Mindful Mondays", True),
        ("email", "Unsubscribe from coaching tips: https://example.org/u", True),
        ("sms", "Hi Anna. STOP anytime", True),
        ("whatsapp", "Manage preferences", False),
        ("email", "Leave this list: https://example.org", True),
        ("email", "Manage your e-mail preferences", True),
        ("email", "Abmelden: https://example.org", True),
        ("email", "Se désinscrire : https://example.org", True),
        ("email", "Hello, the bus stop is near", False),
        ("web", "Hello", True),
        ("mobile", "Hello", True),
    ],
)
def test_ways_out(channel: str, text: str, enough: bool) -> None:
    assert has_way_out(channel, text) is enough
    assert ("missing_opt_out" in found(channel, text, "Well")) is not enough


@pytest.mark.parametrize(
    "given", [{"channel": "pigeon", "body": "x"}, {"channel": "sms"}, {"channel": "sms", "body": 1}]
)
def test_what_is_no_message_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MessageDraft.model_validate(given)


@given(st.lists(st.tuples(st.sampled_from(["sms", "email"]), st.text(max_size=200)), max_size=8))
@settings(max_examples=25, deadline=None)
def test_thousands_are_checked_as_one(rows: list[tuple[Any, str]]) -> None:
    drafts = [MessageDraft(channel=channel, body=body) for channel, body in rows]
    together = check_messages(drafts)
    for draft, check in zip(drafts, together, strict=True):
        alone = check_message(draft)
        assert alone.model_dump(exclude={"spam_risk"}) == check.model_dump(exclude={"spam_risk"})
        assert abs(alone.spam_risk - check.spam_risk) <= 0.11


def test_how_loud_it_was_is_not_quoted() -> None:
    (one,) = check_message(MessageDraft(channel="web", body="You IDIOT, do it NOW!!")).findings
    assert one.message.startswith("the tone is aggressive: “idiot”")
    assert one.message.endswith(", said loudly")
