"""What n8n's nodes say to people: on which channel, and in which of their parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from core.flows.foreign.n8n.nodes import Node

ASKING = ("sendAndWait",)
WORDS_IN_BLOCKS = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)"')


class Speaks(NamedTuple):
    """How a node type speaks.

    Attributes:
        step: The step type that it becomes.
        texts: The parameters that hold its words, with dots between levels.
        subject: The parameter of its subject line.
        sends: ``resource:operation`` of what sends, as its parameters give it; ``*`` is any, and an
            empty word is what stands where nothing is given.
    """

    step: str
    texts: tuple[str, ...]
    subject: str = ""
    sends: tuple[str, ...] = ("*:*",)


_SMS = ("message", "text", "body", "content")
MAIL = (
    *("htmlMessage", "message", "html", "text", "htmlBody", "textBody", "body", "bodyContent"),
    *("contentValue", "htmlContent", "textContent"),
)
CAPTIONS = ("additionalFields.caption", "caption", "mediaCaption", "additionalFields.mediaCaption")
SPEAKERS: dict[str, Speaks] = {
    "slack": Speaks(
        "send_web",
        ("text", "message", "options.initialComment", "initialComment"),
        sends=(
            *("message:", "message:post", "message:postEphemeral", "message:update"),
            *("message:sendAndWait", "file:upload", "file:"),
        ),
    ),
    "discord": Speaks(
        "send_web",
        ("content", "text", "message"),
        sends=("message:", "message:send", "message:sendLegacy", "message:sendAndWait", ":"),
    ),
    "microsoftTeams": Speaks(
        "send_web",
        ("message", "text", "content"),
        sends=("channelMessage:create", "chatMessage:create", "*:sendAndWait", "channelMessage:"),
    ),
    "mattermost": Speaks("send_web", ("message", "text"), sends=("message:", "message:post*")),
    "rocketchat": Speaks("send_web", ("text",), sends=("chat:*", ":*")),
    "googleChat": Speaks(
        "send_web",
        ("messageUi.text", "message", "messageJson"),
        sends=("message:create", "message:", "*:sendAndWait", "message:update"),
    ),
    "matrix": Speaks("send_web", ("text",), sends=("message:create", "message:")),
    "zulip": Speaks("send_web", ("content",), sends=("message:send*", "message:")),
    "line": Speaks("send_web", ("message",)),
    "ciscoWebex": Speaks("send_web", ("text",), sends=("message:create", "message:")),
    "chat": Speaks("send_web", ("message",)),
    "gmail": Speaks(
        "send_email",
        MAIL,
        "subject",
        sends=(
            *("message:", "message:send", "message:reply", "message:sendAndWait"),
            *("thread:reply", "draft:create", "draft:"),
        ),
    ),
    "emailSend": Speaks("send_email", MAIL, "subject"),
    "sendGrid": Speaks("send_email", MAIL, "subject", sends=("mail:*", ":*")),
    "microsoftOutlook": Speaks(
        "send_email",
        MAIL,
        "subject",
        sends=(
            *("message:send", "message:reply", "message:sendAndWait", "message:"),
            *("draft:create", "draft:send"),
        ),
    ),
    "mailgun": Speaks("send_email", MAIL, "subject"),
    "awsSes": Speaks("send_email", MAIL, "subject", sends=("email:*", ":*")),
    "mailjet": Speaks("send_email", MAIL, "subject", sends=("email:*", ":*")),
    "mandrill": Speaks("send_email", MAIL, "subject"),
    "sendInBlue": Speaks("send_email", MAIL, "subject", sends=("email:send", "email:")),
    "brevo": Speaks("send_email", MAIL, "subject", sends=("email:send", "email:")),
    "postmark": Speaks("send_email", MAIL, "subject"),
    "telegram": Speaks(
        "send_telegram",
        ("text", "message", *CAPTIONS),
        sends=(
            *("message:", "message:sendMessage", "message:sendAndWait", "message:editMessageText"),
            *("message:sendPhoto", "message:sendDocument", "message:sendVideo"),
            *("message:sendAudio", "message:sendAnimation", "message:sendSticker"),
            *("message:sendMediaGroup", "message:sendLocation"),
        ),
    ),
    "whatsApp": Speaks("send_whatsapp", ("textBody", "message", *CAPTIONS), sends=("message:*",)),
    "twilio": Speaks("send_sms", _SMS, sends=("sms:*", "call:*")),
    "messageBird": Speaks("send_sms", _SMS, sends=("sms:*",)),
    "vonage": Speaks("send_sms", _SMS, sends=("sms:*",)),
    "plivo": Speaks("send_sms", _SMS, sends=("sms:*", "call:*", "mms:*")),
    "msg91": Speaks("send_sms", _SMS, sends=("sms:*",)),
    "mocean": Speaks("send_sms", _SMS, sends=("sms:*", "voice:*")),
    "sms77": Speaks("send_sms", _SMS, sends=("sms:*", "voice:*")),
    "seven": Speaks("send_sms", _SMS, sends=("sms:*", "voice:*")),
    "awsSns": Speaks("send_sms", _SMS, "", sends=(":publish", ":")),
    "pushover": Speaks("send_push", ("message",), "title"),
    "pushbullet": Speaks("send_push", ("body",), "title", sends=("push:create", "push:", ":")),
    "gotify": Speaks("send_push", ("message",), "title", sends=("message:create", "message:", ":")),
    "pushcut": Speaks("send_push", ("text", "additionalFields.text"), "title"),
}
"""How each messenger of n8n's becomes a message here."""
FIRST_RESOURCE = {
    **dict.fromkeys(("slack", "gmail", "microsoftOutlook", "telegram", "whatsApp"), "message"),
    **dict.fromkeys(("mattermost", "discord", "googleChat", "matrix", "zulip"), "message"),
    **dict.fromkeys(("ciscoWebex", "gotify"), "message"),
    **dict.fromkeys(("twilio", "messageBird", "vonage", "plivo", "msg91", "sms77"), "sms"),
    **dict.fromkeys(("mocean", "seven"), "sms"),
    **dict.fromkeys(("sendGrid",), "mail"),
    **dict.fromkeys(("awsSes", "mailjet", "sendInBlue", "brevo"), "email"),
    **{"rocketchat": "chat", "pushbullet": "push", "microsoftTeams": "channel"},
}
"""What a node is about where its parameters do not say."""
ALIKE: tuple[tuple[str, str], ...] = (
    ("whatsapp", "whatsApp"),
    ("telegram", "telegram"),
    ("twilio", "twilio"),
    ("sms", "twilio"),
    ("slack", "slack"),
    ("discord", "discord"),
    ("teams", "microsoftTeams"),
    ("mattermost", "mattermost"),
    ("messenger", "line"),
    ("mail", "emailSend"),
    ("resend", "emailSend"),
    ("outlook", "emailSend"),
    ("ntfy", "pushover"),
    ("push", "pushover"),
    ("gotify", "pushover"),
)
"""Node types by others, told by a word in their name."""
OWN = ("n8n-nodes-base.", "@n8n/n8n-nodes-langchain.")


def speaker_of(node: Node) -> Speaks | None:
    """How a node speaks to people; None where it does not."""
    kind = node.kind
    if kind in SPEAKERS:
        speaks = SPEAKERS[kind]
        return speaks if _sends(node, kind, speaks) else None
    if node.type.startswith(OWN) or node.is_trigger or kind.endswith("Tool"):
        return None
    like = next((like for word, like in ALIKE if word in kind.lower()), None)
    if like is None:
        return None
    speaks = SPEAKERS[like]._replace(sends=("*:*",))
    texts = (*speaks.texts, *_SMS)
    return (
        speaks._replace(texts=texts) if any(node.text(*one.split(".")) for one in texts) else None
    )


def _sends(node: Node, kind: str, speaks: Speaks) -> bool:
    resource = node.text("resource") or FIRST_RESOURCE.get(kind, "")
    operation = node.text("operation")
    for pattern in speaks.sends:
        about, _, act = pattern.partition(":")
        fits = about in ("*", resource)
        if fits and (act == operation or (act.endswith("*") and operation.startswith(act[:-1]))):
            return True
    return False


def pieces_of(node: Node, speaks: Speaks) -> list[str]:
    """Every text of a message as it stands there, expressions and all."""
    found = [node.text(*path.split(".")) for path in dict.fromkeys(speaks.texts)]
    if node.kind == "emailSend" or speaks.step == "send_email":
        found = _one_form(node, found)
    found += list(_attached(node))
    found += list(_buttons(node))
    texts: list[str] = []
    for text in found:
        plain = text.removeprefix("=")
        if plain.strip() and plain not in [one.removeprefix("=") for one in texts]:
            texts.append(text)
    return texts


def _one_form(node: Node, found: list[str]) -> list[str]:
    """An e-mail that holds its text twice, as HTML and plain, is told once."""
    form = node.text("emailFormat") or node.text("emailType")
    filled = [one for one in found if one.removeprefix("=").strip()]
    if form == "text" and node.text("text").removeprefix("=").strip():
        return [node.text("text")]
    return filled[:1] if form in ("html", "both") else filled


def _attached(node: Node) -> Iterator[str]:
    """What stands in blocks, embeds and attachments."""
    blocks = node.get("blocksUi")
    if isinstance(blocks, str) and blocks.strip():
        yield from _in_blocks(blocks)
    elif isinstance(blocks, dict):
        yield from _in_blocks(json.dumps(blocks, ensure_ascii=False))
    for where in ("attachments", "embeds"):
        yield from _titled(node.get(where))
    for component in _dicts(node.get("components")):
        yield from _titled(component)


def _in_blocks(text: str) -> Iterator[str]:
    found = WORDS_IN_BLOCKS.findall(text)
    for one in found:
        words = one.replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/")
        yield f"={words}" if "{{" in words else words
    if not found:
        yield text


def _titled(value: Any) -> Iterator[str]:
    keys = ("pretext", "title", "text", "description", "fallback", "footer")
    for one in _dicts(value):
        for key in keys:
            words = one.get(key)
            if isinstance(words, str):
                yield words


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    open_, seen = [value], 0
    while open_ and seen < 1_000:
        here = open_.pop(0)
        seen += 1
        if isinstance(here, dict):
            yield here
            open_.extend(one for one in here.values() if isinstance(one, (dict, list)))
        elif isinstance(here, list):
            open_.extend(here)


def _buttons(node: Node) -> Iterator[str]:
    for where in ("inlineKeyboard", "replyKeyboard"):
        for one in _dicts(node.get(where)):
            words = one.get("text")
            if isinstance(words, str):
                yield words
