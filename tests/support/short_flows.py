"""Flows in short lines, for tests: ``sms a``, ``pause 12h``, ``wait 2d reply=x timeout=y``."""

from __future__ import annotations

from typing import Any

from core.flows import validate_document

KINDS = {
    "sms": ("send_sms", {"body": "Well. Reply STOP to opt out."}),
    "email": ("send_email", {"subject": "Well", "body": "Well. {{ links.unsubscribe }}"}),
    "push": ("send_push", {"body": "Well"}),
    "web": ("send_web", {"body": "Well"}),
    "whatsapp": ("send_whatsapp", {"body": "Well. Reply STOP to opt out."}),
    "template": ("send_whatsapp", {"body": "Well. Reply STOP to opt out.", "template": "well"}),
    "twin": ("twin_reply", {}),
    "end": ("end", {}),
}


def flow(*lines: str, **document: Any) -> dict[str, Any]:
    """A flow of these steps: each leads to the next, unless it says otherwise.

    A line is ``KIND [ID] [VALUE] [WAY=STEP …]``; ``pause`` and ``wait`` take a duration, ``pause``
    also a time of day or ``thursday/20:00``, ``check`` a channel.
    """
    named = [_named(line.split(), number) for number, line in enumerate(lines)]
    ids = [id for id, _, _, _ in named]
    steps = []
    for number, (id, kind, value, ways) in enumerate(named):
        onward = ids[number + 1] if number + 1 < len(ids) else None
        steps.append(_step(id, kind, value, ways, onward))
    return {"name": "Short", "steps": steps, **document}


def found(type: str, *lines: str, **document: Any) -> list[str | None]:
    """The steps at which a check finds something, in their order."""
    findings = validate_document(flow(*lines, **document)).findings
    return [one.step_id for one in findings if one.type == type]


def _named(words: list[str], number: int) -> tuple[str, str, str, dict[str, str]]:
    """A line's id, kind, value and ways."""
    kind, *rest = words
    ways = dict(word.split("=") for word in rest if "=" in word)
    plain = [word for word in rest if "=" not in word]
    if kind in ("pause", "wait"):
        return f"{kind}{number}", kind, plain[0], ways
    id = plain[0] if plain else f"{kind}{number}"
    return id, kind, plain[1] if len(plain) > 1 else "", ways


def _step(
    id: str, kind: str, value: str, ways: dict[str, str], onward: str | None
) -> dict[str, Any]:
    onward = ways.get("next", onward)
    lead = {"next": onward} if onward else {}
    if kind == "wait":
        both = {"on_reply": ways.get("reply", onward), "on_timeout": ways.get("timeout", onward)}
        return {"id": id, "type": "wait_for_reply", "config": {"timeout": value}, **both}
    if kind == "pause":
        return {"id": id, "type": "delay", "config": _pause(value), **lead}
    if kind in ("check", "lesson"):
        question = {"id": "mood", "text": "Well?"}
        type = "check_in" if kind == "check" else "lesson"
        config = {"title": "Well", "body": "Well", "channel": value or "email"}
        asked = {"questions": [question], "timeout": "2h"} if kind == "check" else {}
        return {"id": id, "type": type, "config": {**config, **asked}, **lead}
    if kind == "if":
        branches = [{"when": value.replace("_", " "), "next": ways["then"]}]
        return {
            "id": id,
            "type": "condition",
            "config": {"branches": branches, "else": ways.get("else", onward)},
        }
    if kind == "set":
        name, _, expression = value.partition(":")
        return {"id": id, "type": "set", "config": {"values": {name: expression}}, **lead}
    type, config = KINDS[kind]
    return {"id": id, "type": type, "config": dict(config), **({} if kind == "end" else lead)}


def _pause(value: str) -> dict[str, Any]:
    if ":" not in value:
        return {"duration": value}
    weekday, _, time = value.rpartition("/")
    return {"until": {"time": time, **({"weekday": weekday} if weekday else {})}}
