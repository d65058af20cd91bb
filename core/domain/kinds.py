"""How every kind of step is called and drawn, on the canvas and in exported pictures."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """How a step type is called and drawn; ``tone`` is a colour of the palette."""

    name: str
    sign: str
    tone: str


KINDS: dict[str, Kind] = {
    "send_sms": Kind("SMS", "▭", "ochre"),
    "send_whatsapp": Kind("WhatsApp", "✆", "green"),
    "send_telegram": Kind("Telegram", "➤", "slate"),
    "send_web": Kind("Web message", "▣", "slate"),
    "send_push": Kind("Push", "◉", "plum"),
    "send_email": Kind("Email", "✉", "green"),
    "wait_for_reply": Kind("Wait for reply", "◷", "slate"),
    "delay": Kind("Pause", "◴", "quiet"),
    "condition": Kind("Condition", "◇", "plum"),
    "split": Kind("Split", "⇉", "plum"),
    "twin_reply": Kind("Twin reply", "❝", "slate"),
    "lesson": Kind("Lesson", "▤", "green"),
    "check_in": Kind("Check-in", "☑", "slate"),
    "assessment": Kind("Assessment", "✎", "plum"),
    "set": Kind("Set", "=", "quiet"),
    "tag": Kind("Tag", "#", "quiet"),
    "goal": Kind("Goal", "★", "green"),
    "handoff": Kind("Handoff", "☎", "brick"),
    "webhook": Kind("Webhook", "↗", "quiet"),
    "end": Kind("End", "■", "quiet"),
}
