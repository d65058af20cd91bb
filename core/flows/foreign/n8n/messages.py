"""What n8n's nodes say to people: whether they do, and every text of a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.n8n.speakers import (
    FIRST_RESOURCE,
    LOUD,
    MAIL,
    QUIET_ABOUT,
    SMS,
    SPEAKERS,
    Speaks,
    sounds_like,
)

ASKING = ("sendAndWait",)
WORDS_IN_BLOCKS = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)"')
OWN = ("n8n-nodes-base.", "@n8n/n8n-nodes-langchain.")
SAYING = frozenset(
    "text message content body caption messageText textBody textMessage messageBody html "
    "htmlBody messageContent msg bodyContent htmlContent textContent messageToSend "
    "markdown richText".split()
)
"""What parameters that hold words for people are called in nodes of any maker."""


def speaker_of(node: Node) -> Speaks | None:
    """How a node speaks to people; None where it does not."""
    kind = node.kind
    if node.is_trigger:
        return None
    if kind == "facebookGraphApi":
        return _graph(node)
    if kind in SPEAKERS:
        speaks = SPEAKERS[kind]
        return _on_its_way(node, speaks) if _sends(node, kind, speaks) else None
    if node.type.startswith(OWN) or kind.endswith("Tool"):
        return None
    step = sounds_like(node.type)
    if step is None or not _loud(node) or not any(words_in(node)):
        return None
    return Speaks(step, MAIL if step == "send_email" else SMS, _subject(node, step))


def _subject(node: Node, step: str) -> str:
    wanted = ("subject", "title") if step == "send_email" else ("title",)
    return next((name for name in wanted if node.text(name)), wanted[0])


def _graph(node: Node) -> Speaks | None:
    """Facebook's API for everything: its messages alone are messages."""
    said = node.text("edge").strip("/ ").endswith("messages") and any(words_in(node))
    return SPEAKERS[node.kind] if said else None


def _on_its_way(node: Node, speaks: Speaks) -> Speaks:
    """A node for several channels sends on the one that its receiver is on."""
    if speaks.step == "send_sms":
        ends = (node.text("to"), node.text("from"), node.text("options", "channel"))
        there = node.get("toWhatsapp") in (True, "true") or any("whatsapp" in one for one in ends)
        return speaks._replace(step="send_whatsapp") if there else speaks
    if speaks.step == "send_email" and node.text("resource") == "sms":
        return speaks._replace(step="send_sms")
    return speaks


def _sends(node: Node, kind: str, speaks: Speaks) -> bool:
    resource = node.text("resource") or FIRST_RESOURCE.get(kind, "")
    operation = node.text("operation")
    for pattern in speaks.sends:
        about, _, act = pattern.partition(":")
        fits = about in ("*", resource)
        if fits and (act == operation or (act.endswith("*") and operation.startswith(act[:-1]))):
            return True
    return _loud(node) and any(node.text(*path.split(".")).strip() for path in speaks.texts)


def _loud(node: Node) -> bool:
    """Whether what it is about, and what it does with that, may be a message."""
    does = node.text("operation")
    begins = any(does.lower().startswith(one) for one in LOUD if one)
    return node.text("resource") not in QUIET_ABOUT and (not does or begins or "end" in does)


def words_in(node: Node) -> Iterator[str]:
    """Texts in a node whose names say that they are for people, wherever they stand."""
    for one in _dicts(_parsed(node.parameters)):
        for key, value in one.items():
            if key in SAYING and isinstance(value, str) and value.removeprefix("=").strip():
                yield value


def _parsed(value: Any, depth: int = 0) -> Any:
    """Parameters, with the JSON that stands in them as texts read as well."""
    if isinstance(value, str) and value.lstrip("= ")[:1] in ("{", "[") and depth < 8:
        try:
            return _parsed(json.loads(value.removeprefix("=")), depth + 1)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, dict) and depth < 8:
        return {key: _parsed(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list) and depth < 8:
        return [_parsed(one, depth + 1) for one in value]
    return value


def pieces_of(node: Node, speaks: Speaks) -> list[str]:
    """Every text of a message as it stands there, expressions and all."""
    found = [node.text(*path.split(".")) for path in dict.fromkeys(speaks.texts)]
    if node.kind == "emailSend" or speaks.step == "send_email":
        found = _one_form(node, found)
    found += list(_attached(node))
    found += list(_buttons(node))
    if not any(one.removeprefix("=").strip() for one in found):
        found = list(words_in(node))
    texts: list[str] = []
    for text in found:
        plain = text.removeprefix("=")
        if plain.strip() and plain not in [one.removeprefix("=") for one in texts]:
            texts.append(text)
    return texts


def other_form(node: Node) -> str:
    """The plain text of an e-mail that is sent as HTML and as plain text; empty elsewhere."""
    form = node.text("emailFormat") or node.text("emailType")
    return node.text("text") if form == "both" and node.text("html") else ""


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
        yield from _titled(_parsed(node.get(where)))
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
    keys = ("pretext", "title", "text", "description", "name", "value", "footer", "fallback")
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
