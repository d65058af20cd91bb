"""Foreign flows: real documents of n8n and Typebot, read, played, and held against the originals.

What a document says is taken from it a second time here, by other means than the importer's.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.cast import built_in_personas
from core.domain.populations import Person
from core.flows import (
    CompiledFlow,
    Imported,
    Player,
    compile_flow,
    import_flow,
    validate_document,
)
from core.minds import BehaviourMind, GroundedMind, load_parameters, load_phrases
from core.settings import Settings

PEOPLE = 50
STANDING = {"missing_step", "duplicate_id", "unknown_type", "bad_config", "condition_error"}
CHAT = "slack discord microsoftTeams mattermost rocketchat googleChat matrix zulip line".split()
MAILS = "gmail emailSend sendGrid microsoftOutlook mailgun awsSes mailjet mandrill".split()
CHANNELS = {
    **dict.fromkeys(CHAT, "send_web"),
    **dict.fromkeys(MAILS, "send_email"),
    "telegram": "send_telegram",
    "whatsApp": "send_whatsapp",
    "twilio": "send_sms",
}
WORDS = ("text", "message", "textBody", "subject", "html", "content", "bodyContent", "caption")
QUIET = "get getAll search delete deleteMessage addLabels sendChatAction info member".split()
LOOPS = ("splitInBatches", "merge")
PATH = re.compile(r"[\w$]+(?=[\"'\]\s.)]*\}\}$)")


def measure() -> str:
    """The section of RESULTS.md."""
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    if not folder:
        return "Skipped: GREENROOM_BENCH_DATA is not set."
    paths = sorted((Path(folder) / "foreign_flows").glob("*/*.json"))
    if not paths:
        return "Skipped: there are no foreign_flows."
    audit = Audit()
    for path in paths:
        audit.look(path)
    return audit.told()


class Audit:
    """What was counted, and every place where something did not hold."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.stepless: Counter[str] = Counter()

    def hold(self, what: str, holds: bool, where: str) -> None:
        """Count one thing that must hold."""
        self.counts[what] += 1
        if holds:
            self.counts[f"{what}, held"] += 1
        else:
            self.faults.append(f"{what}: {where}")

    def look(self, path: Path) -> None:
        """Read one document, play it, and hold it against the original."""
        raw = json.loads(path.read_text("utf-8"))
        found = import_flow(path.read_bytes(), source=path.name)
        flow = compile_flow(found.document)
        errors = [
            one.type
            for one in validate_document(found.document).findings
            if one.severity == "error" or (one.type in STANDING and one.severity != "warning")
        ]
        self.hold("documents without errors", not errors, f"{path.name} {errors}")
        kinds = asyncio.run(_played(flow))
        self.hold("documents played to an end", "engine_failed" not in kinds, path.name)
        self.hold("people who came to an end", kinds["ended"] == PEOPLE, path.name)
        self._rows(found, path.name)
        checks = _n8n if found.format == "n8n" else _typebot
        for what, holds, where in checks(raw, found):
            self.hold(what, holds, f"{path.name}: {where}")

    def _rows(self, found: Imported, name: str) -> None:
        steps = {step["id"] for step in found.document["steps"]}
        for row in found.report:
            good = bool(row["steps"] or row["lost"]) and set(row["steps"]) <= steps
            self.hold("nodes with steps or a reason", good, f"{name}: {row['name']}")
            if not row["steps"]:
                self.stepless[row["type"].rsplit(".", 1)[-1]] += 1

    def told(self) -> str:
        """The counts as a table, what did not hold, and what most often has no step."""
        names = [name for name in self.counts if not name.endswith(", held")]
        held = {name: self.counts[f"{name}, held"] for name in names}
        rows = [f"| {name} | {held[name]} of {self.counts[name]} |" for name in names]
        lost = ", ".join(f"{name} {count}" for name, count in self.stepless.most_common(12))
        shown = "\n".join(f"- {fault}" for fault in self.faults[:20])
        return "\n".join(
            [
                "| what | held |",
                "| --- | --- |",
                *rows,
                "",
                f"Nodes that have no step, and say why: {lost}.",
                "",
                f"Where it did not hold:\n{shown}" if shown else "It held everywhere.",
            ]
        )


async def _played(flow: CompiledFlow) -> Counter[str]:
    persona = built_in_personas(Settings().data / "samples" / "personas")["eager-eddie"]
    mind = BehaviourMind(load_parameters(), load_phrases())
    kinds: Counter[str] = Counter()
    for number in range(PEOPLE):
        attributes = {
            "name": "Some Body",
            "first_name": "Some",
            "email": "some.body@example.com",
            "phone": "+447700900000",
            "tags": [],
        }
        player = Player(
            flow,
            Person(f"somebody-{number:04d}", persona.id, attributes, {}),
            persona,
            mind=mind,
            twin=GroundedMind(),
            seed=7,
            grounding=flow.texts,
        )
        kinds.update(row[3] for row in await player.play())
    return kinds


Held = tuple[str, bool, str]


def _texts(found: Imported, steps: list[str], kind: str) -> str:
    """What steps of one kind say, without what was an expression."""
    said = []
    for one in found.document["steps"]:
        if one["id"] in steps and one["type"] == kind:
            said += [str(one["config"].get("subject", "")), one["config"]["body"]]
    return "\n".join(said)


def _literals(text: str) -> list[str]:
    """The words of a text between its expressions."""
    parts = re.split(r"\{\{.*?\}\}", text.removeprefix("="), flags=re.DOTALL)
    return [part.strip() for part in parts if part.strip()]


def _n8n(raw: dict[str, Any], found: Imported) -> Iterator[Held]:
    whens = {
        step["id"]: [one["when"] for one in step["config"]["branches"]]
        for step in found.document["steps"]
        if step["type"] == "condition"
    }
    for node, row in zip(raw["nodes"], found.report, strict=True):
        kind, given = node["type"].rsplit(".", 1)[-1], node.get("parameters", {})
        if node.get("disabled"):
            continue
        if kind in CHANNELS and not _quiet(given):
            yield from _spoken(found, row, CHANNELS[kind], given)
        if kind in ("if", "filter", "switch"):
            cel = " ".join(when for step in row["steps"] for when in whens.get(step, ()))
            for left, right in _compared(given):
                held = left in cel and (right is None or right in cel)
                yield "simple comparisons of n8n in CEL", held, f"{left} {right} in {cel[:160]}"
        if kind in LOOPS:
            yield "loops and merges accounted for", bool(row["lost"]), row["name"]
        if kind == "stickyNote":
            notes = [one["text"] for one in found.document.get("canvas", {}).get("notes", ())]
            words = str(given.get("content", "")).replace("\r\n", "\n")
            yield "sticky notes kept", any(words == note for note in notes), row["name"]


def _quiet(given: dict[str, Any]) -> bool:
    resource = given.get("resource", "message")
    return (
        given.get("operation") in QUIET
        or resource in ("user", "channel", "reaction")
        or (resource == "file" and "options" not in given)
    )


def _spoken(
    found: Imported, row: dict[str, Any], kind: str, given: dict[str, Any]
) -> Iterator[Held]:
    yield "n8n messages on their channel", bool(_steps_of(found, row, kind)), row["name"]
    said = _texts(found, row["steps"], kind)
    for name in WORDS:
        for part in _literals(given[name]) if isinstance(given.get(name), str) else ():
            held = part in said or " ".join(part.split()) in " ".join(said.split())
            yield "literal texts of n8n messages", held, f"{row['name']}: {part[:80]!r}"


def _steps_of(found: Imported, row: dict[str, Any], kind: str) -> list[str]:
    return [
        one["id"]
        for one in found.document["steps"]
        if one["id"] in row["steps"] and one["type"] == kind
    ]


def _compared(given: Any) -> Iterator[tuple[str, str | None]]:
    """Left name and right value of each comparison between a plain path and a plain value."""
    if isinstance(given, dict):
        left = given.get("leftValue", given.get("value1"))
        right = given.get("rightValue", given.get("value2"))
        plain = isinstance(left, str) and re.fullmatch(
            r"=\{\{\s*(\$json|\$\('[^']*'\)\.item\.json)(\.[A-Za-z]\w*)+\s*\}\}", left
        )
        if plain and isinstance(left, str):
            name = re.findall(r"\w+", left)[-1]
            operator = given.get("operator")
            alone = isinstance(operator, dict) and operator.get("singleValue") is True
            words = None if alone or right in ("", None) else str(right)
            if words is None or "{{" not in words:
                if words is not None:
                    words = re.sub(r"^/(.*)/[a-z]*$", r"\1", words.removeprefix("="))
                yield name, None if words is None else json.dumps(words)[1:-1]
        for value in given.values():
            yield from _compared(value)
    elif isinstance(given, list):
        for value in given:
            yield from _compared(value)


def _typebot(raw: dict[str, Any], found: Imported) -> Iterator[Held]:
    rows = {row["id"]: row for row in found.report}
    names = {one["id"]: re.sub(r"\W+", "_", one["name"]).strip("_") for one in raw["variables"]}
    whens = " ".join(
        one["when"]
        for step in found.document["steps"]
        if step["type"] == "condition"
        for one in step["config"]["branches"]
    )
    for block in (one for group in raw["groups"] for one in group["blocks"]):
        row = rows.get(block["id"])
        yield "Typebot blocks with a row", row is not None, block["id"]
        if row is None:
            continue
        if block["type"] == "text":
            said = _texts(found, row["steps"], "send_web")
            for part in _leaves(block["content"]):
                for literal in _literals(part):
                    yield "literal texts of Typebot bubbles", literal in said, literal[:80]
        if block["type"] in ("image", "video", "embed", "audio"):
            said = _texts(found, row["steps"], "send_web")
            for part in _literals(block["content"].get("url", "")):
                yield "addresses of Typebot media", part in said, row["id"]
        if block["type"] == "Condition":
            for item in block["items"]:
                for one in item["content"]["comparisons"]:
                    held = names[one["variableId"]] in whens
                    held = held and str(one.get("value", "")) in whens
                    yield "comparisons of Typebot in CEL", held, str(one)
        if block["type"] == "Jump":
            yield "jumps accounted for", bool(row["lost"]), row["id"]


def _leaves(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        if isinstance(content.get("text"), str):
            yield content["text"]
        for value in content.values():
            yield from _leaves(value)
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value)
