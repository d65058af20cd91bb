"""Smaller things that the making of n8n's steps needs: words for the report, fields, lengths."""

from __future__ import annotations

import json
import re
from typing import Any

from core.flows.foreign.drafting import LONGEST_LINE, Row, duration_of
from core.flows.foreign.n8n.messages import words_in
from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.n8n.speakers import SPEAKERS, sounds_like
from core.flows.foreign.saying import Said, plain_liquid, short


def lose_words(row: Row, said: Said) -> None:
    """Say which words were not understood."""
    for words in said.strange:
        row.lose(f"This is not understood and stays as words in the text: “{words}”.")


def lose_around(node: Node, row: Row) -> None:
    """What is around a message and not carried here."""
    operation = node.text("operation")
    where = (
        ("channel", "channelId", "chatId", "sendTo", "toEmail", "to", "toList"),
        "goes to the person in the rehearsal",
    )
    named = next((node.get(key) for key in where[0] if node.get(key)), None)
    if isinstance(named, dict):
        named = named.get("cachedResultName") or named.get("value")
    if named:
        row.lose(
            f"It is sent to “{short(str(named).removeprefix('='))}” there; here it {where[1]}."
        )
    if operation in ("sendPhoto", "sendDocument", "sendVideo", "sendAudio", "sendAnimation"):
        row.lose("Its file is not carried; the words are.")
    if node.get("inlineKeyboard") or node.get("replyKeyboard"):
        row.lose("Its buttons are lines of the text here.")
    if node.get("blocksUi") or node.get("attachments") or node.get("embeds"):
        row.lose("Its blocks are plain text here, without their form and buttons.")
    if node.text("resource") == "draft":
        row.lose("n8n only writes a draft; here it is sent.")
    if operation in ("update", "editMessageText"):
        row.lose("It changes an earlier message there; here it is one of its own.")


def lose_unsent(node: Node, row: Row) -> None:
    """Say the words of a node that looks like a messenger and is not understood as one."""
    if node.kind not in SPEAKERS and sounds_like(node.type) is None:
        return
    words = list(dict.fromkeys(words_in(node)))
    if words:
        row.lose(
            "How it sends is not understood, so nothing is sent here. Its words are kept: "
            + "; ".join(f"“{short(bare_words(one), 600)}”" for one in words[:10])
        )


def how_it_begins(node: Node) -> str:
    """What starts a workflow there, as a sentence."""
    kind = node.kind.lower()
    if kind in ("cron", "interval") or "schedule" in kind:
        rule = short(json.dumps(node.get("rule") or node.get("triggerTimes") or {}), 120)
        return f"A schedule starts it there ({rule}); here each person starts when rehearsed."
    if kind == "webhook":
        return f"A call to “{short(node.text('path'))}” starts it there; here each person starts."
    if kind == "formtrigger":
        return "A form starts it there; here it is asked on the web."
    if kind in ("manualtrigger", "start"):
        return "A click starts it there; here each person starts when rehearsed."
    if kind == "errortrigger":
        return "Another workflow's error starts it there; here it is one of the starts."
    if kind == "executeworkflowtrigger":
        return "Another workflow starts it there; here each person starts when rehearsed."
    return f"An event of {node.kind.removesuffix('Trigger')} starts it there; here each person."


def fields_of(node: Node) -> list[dict[str, Any]]:
    """The fields of a form that people see."""
    rows = node.get("formFields", "values")
    return [
        one
        for one in (rows[:50] if isinstance(rows, list) else ())
        if isinstance(one, dict) and one.get("fieldType") not in ("html", "hiddenField")
    ]


def question_of(id: str, label: str, raw: dict[str, Any]) -> dict[str, Any]:
    """One field of a form as a question."""
    options = raw.get("fieldOptions")
    rows = options.get("values") if isinstance(options, dict) else None
    choices = [
        str(one.get("option"))[:LONGEST_LINE]
        for one in (rows[:50] if isinstance(rows, list) else ())
        if isinstance(one, dict) and one.get("option")
    ]
    kind = "choice" if choices else "number" if raw.get("fieldType") == "number" else "text"
    question: dict[str, Any] = {"id": id, "text": plain_liquid(label)[:LONGEST_LINE], "kind": kind}
    return {**question, "choices": choices} if choices else question


def span_of(where: dict[str, Any], amount: str, unit: str) -> str | None:
    """A length of time out of two parameters."""
    return length_of(where.get(amount, 1), str(where.get(unit, "hours")))


def length_of(amount: Any, unit: str) -> str | None:
    """A length of time; None where it is not written down."""
    if isinstance(amount, str) and re.fullmatch(r"=?\d{1,9}(\.\d{1,9})?", amount):
        amount = float(amount.removeprefix("="))
    if isinstance(amount, bool) or not isinstance(amount, (int, float)):
        return None
    return duration_of(float(amount), unit)


def first_pinned(pinned: Any) -> Any:
    """The first item of pinned data."""
    item = pinned[0] if isinstance(pinned, list) and pinned else pinned
    return item["json"] if isinstance(item, dict) and "json" in item else item


def bare_words(words: str) -> str:
    """Words whose expressions are in square brackets."""
    return words.removeprefix("=").replace("{{", "[").replace("}}", "]")


def about(node: Node) -> str:
    """For whoever reads the flow: what the node was, and its code."""
    words = [f"n8n: {node.type}"]
    words += [f"{key}: {node.text(key)}" for key in ("resource", "operation") if node.text(key)]
    code = next(
        (node.text(key) for key in ("jsCode", "functionCode", "pythonCode") if node.text(key)), ""
    )
    prompt = node.text("text") or node.text("prompt")
    told = dict.fromkeys((code, prompt, *words_in(node), node.comment))
    return "\n".join([*words, *(one for one in told if one.strip())])
