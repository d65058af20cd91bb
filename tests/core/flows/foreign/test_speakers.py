"""Every messenger of n8n's, and those of other makers, keeps its words and its channel."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.foreign_documents import imported, node, row, step, workflow

WORDS = "Your parcel is here"
GO = node("Go", "manualTrigger")
SAYING = [
    *[("send_web", "microsoftTeams", {"message": WORDS, **more}) for more in ({}, {"chatId": "1"})],
    ("send_web", "microsoftTeams", {"resource": "channelMessage", "message": WORDS}),
    ("send_web", "microsoftTeams", {"resource": "chatMessage", "message": WORDS}),
    ("send_web", "googleChat", {"messageUi": {"text": WORDS}}),
    ("send_web", "rocketchat", {"resource": "chat", "text": WORDS}),
    ("send_web", "mattermost", {"message": WORDS}),
    ("send_web", "discord", {"webhookUri": "x", "text": WORDS}),
    ("send_web", "discord", {"authentication": "webhook", "content": WORDS}),
    ("send_web", "discord", {"embeds": {"values": [{"description": WORDS}]}}),
    ("send_web", "discord", {"embeds": {"values": [{"json": json.dumps({"title": WORDS})}]}}),
    ("send_web", "matrix", {"roomId": "1", "text": WORDS}),
    ("send_web", "line", {"resource": "notification", "message": WORDS}),
    ("send_web", "pushover", {"message": WORDS}),
    ("send_web", "pushbullet", {"body": WORDS}),
    ("send_web", "gotify", {"message": WORDS}),
    ("send_web", "zulip", {"operation": "sendStream", "content": WORDS}),
    ("send_web", "ciscoWebex", {"text": WORDS}),
    ("send_web", "twist", {"resource": "messageConversation", "content": WORDS}),
    ("send_web", "signl4", {"message": WORDS}),
    (
        "send_web",
        "facebookGraphApi",
        {
            "edge": "messages",
            "options": {"queryParametersJson": json.dumps({"message": {"text": WORDS}})},
        },
    ),
    ("send_email", "sendGrid", {"resource": "mail", "contentValue": WORDS}),
    ("send_email", "mailgun", {"html": WORDS}),
    ("send_email", "mailjet", {"text": WORDS}),
    ("send_email", "awsSes", {"body": WORDS}),
    ("send_email", "microsoftOutlook", {"bodyContent": WORDS}),
    ("send_email", "gmail", {"sendTo": "a@example.com", "message": WORDS}),
    ("send_email", "emailSend", {"emailFormat": "text", "text": WORDS}),
    ("send_email", "mandrill", {"options": {"html": WORDS}}),
    ("send_email", "sendInBlue", {"htmlContent": WORDS}),
    ("send_sms", "mailjet", {"resource": "sms", "text": WORDS}),
    ("send_sms", "twilio", {"to": "+15550100", "message": WORDS}),
    ("send_whatsapp", "twilio", {"to": "whatsapp:+15550100", "message": WORDS}),
    ("send_sms", "vonage", {"message": WORDS}),
    ("send_sms", "messageBird", {"message": WORDS}),
    ("send_sms", "plivo", {"message": WORDS}),
    ("send_sms", "msg91", {"message": WORDS}),
    ("send_sms", "awsSns", {"topic": "t", "message": WORDS}),
    ("send_whatsapp", "whatsApp", {"operation": "send", "textBody": WORDS}),
    ("send_telegram", "telegram", {"chatId": "1", "text": WORDS}),
    ("send_web", "n8n-nodes-ours.Ntfy", {"message": WORDS}),
    ("send_web", "n8n-nodes-signal.sender", {"operation": "send", "text": WORDS}),
    ("send_web", "n8n-nodes-ours.facebookMessenger", {"fields": {"text": WORDS}}),
    ("send_whatsapp", "@ours/n8n-nodes-waha.WAHA", {"operation": "Send Text", "text": WORDS}),
    ("send_email", "n8n-nodes-ours.resend", {"operation": "sendEmail", "html": WORDS}),
    ("send_sms", "n8n-nodes-ours.clickSendSms", {"content": WORDS}),
    ("send_telegram", "n8n-nodes-ours.telegramPlus", {"options": {"message": WORDS}}),
]


@pytest.mark.parametrize(("kind", "type", "given"), SAYING)
def test_a_messenger_keeps_its_words_and_channel(
    kind: str, type: str, given: dict[str, Any]
) -> None:
    found = imported(workflow([GO, node("Say", type, given)], "Go > Say"))
    assert step(found, "say")["type"] == kind
    assert WORDS in step(found, "say")["config"]["body"]


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("microsoftTeams", {"resource": "task", "operation": "create", "title": "x"}),
        ("telegram", {"resource": "callback", "operation": "answerQuery", "text": "x"}),
        ("gmail", {"resource": "message", "operation": "get", "messageId": "x"}),
        ("slack", {"resource": "channel", "operation": "create", "text": "x"}),
        ("facebookGraphApi", {"edge": "feed", "text": "x"}),
        ("n8n-nodes-ours.slackUsers", {"resource": "user", "operation": "get"}),
        ("n8n-nodes-ours.pipeline", {"text": "x"}),
    ],
)
def test_what_is_no_message_is_not_sent(type: str, given: dict[str, Any]) -> None:
    found = imported(workflow([GO, node("Say", type, given), node("On", "wait")], "Go > Say > On"))
    assert not any(one["type"].startswith("send_") for one in found.document["steps"])


def test_words_of_a_messenger_that_is_not_understood_are_kept_and_said() -> None:
    given = {"resource": "callback", "operation": "answerQuery", "text": "Chosen well"}
    found = imported(workflow([GO, node("Say", "telegram", given)], "Go > Say"))
    assert "Chosen well" in step(found, "say")["comment"]
    assert any("Chosen well" in one for one in row(found, "Say")["lost"])


def test_an_email_in_two_forms_keeps_both() -> None:
    given = {"subject": "s", "emailFormat": "both", "html": "<b>rich</b>", "text": "plain words"}
    found = imported(workflow([GO, node("Say", "emailSend", given)], "Go > Say"))
    assert step(found, "say")["config"]["body"] == "<b>rich</b>"
    assert step(found, "say")["comment"] == "plain words"
    assert any("plain text" in one for one in row(found, "Say")["lost"])


def test_a_title_comes_before_the_words() -> None:
    given = {"title": "News", "message": "All well"}
    found = imported(workflow([GO, node("Say", "gotify", given)], "Go > Say"))
    assert step(found, "say")["config"]["body"] == "News\n\nAll well"
