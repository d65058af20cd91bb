"""What a contact knew at one event of its log: the names that conditions and messages read then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.domain.events import Event
from core.flows.compiled import CompiledFlow, CompiledStep
from core.flows.conditions import RESERVED
from core.flows.contact import LINKS
from core.flows.inspection import needs_of, tokens_of
from core.flows.logic.sources import questions_of
from core.flows.logic.template_reads import reads_in

MOST_NAMES = 20
NO_VALUE = "no value"
"""How a name is shown that nothing has given a value."""
_Reply = tuple[str | None, dict[str, Any], dict[str, Any]]


def known_before(
    flow: CompiledFlow, attributes: Mapping[str, Any], events: Iterable[Event], seq: int
) -> dict[str, Any]:
    """Everything that a contact's conditions could read when the event ``seq`` was written.

    Args:
        flow: What was played.
        attributes: The contact's, as the population has them.
        events: The contact's, in order.
        seq: Which of them.
    """
    told = _Told(flow, attributes)
    for event in events:
        if event.seq >= seq:
            break
        told.hear(event)
    return told.context


def names_read(sources: Iterable[str]) -> list[str]:
    """The names and fields that expressions read, each once: ``reply.intent``."""
    found: dict[str, None] = {}
    for source in sources:
        for name, fields in needs_of(tokens_of(source)).items():
            paths = [name] if fields is None else [f"{name}.{field}" for field in fields]
            found.update(dict.fromkeys(paths))
    return list(found)[:MOST_NAMES]


def names_written(step: CompiledStep) -> list[str]:
    """The names that a step's messages read, each once."""
    reads = (read for template in step.templates.values() for read in reads_in(template))
    return list(dict.fromkeys(".".join(map(str, read.names)) for read in reads))[:MOST_NAMES]


def values_of(names: Sequence[str], context: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each name; one that has none is said to have ``no value``."""
    return {name: _value(name.split("."), context) for name in names}


def _value(path: Sequence[str], context: Mapping[str, Any]) -> Any:
    value: Any = context
    for part in path:
        if not isinstance(value, Mapping) or part not in value:
            return NO_VALUE
        value = value[part]
    return value


class _Told:
    """Listens to a contact's events, and remembers what the contact then knows."""

    def __init__(self, flow: CompiledFlow, attributes: Mapping[str, Any]) -> None:
        self._flow = flow
        self._unclaimed: list[_Reply] = []
        self._asking: str | None = None
        self._contact: dict[str, Any] = {**attributes, "opted_out": False}
        self._contact["tags"] = list(attributes.get("tags") or ())
        self._answers: dict[str, Any] = {}
        given = {name: value for name, value in flow.variables.items() if name not in RESERVED}
        self.context: dict[str, Any] = {
            **given,
            "contact": self._contact,
            "answers": self._answers,
            "flow": {"name": flow.name, "timezone": str(flow.timezone)},
            "links": {**LINKS, **(flow.flow.model_extra or {}).get("links", {})},
        }

    def hear(self, event: Event) -> None:
        """Take in what one event changes."""
        payload = event.payload
        if event.kind == "set":
            self.context.update(payload.get("values") or {})
        elif event.kind == "tagged":
            kept = [tag for tag in self._contact["tags"] if tag not in payload.get("remove", ())]
            self._contact["tags"] = list(dict.fromkeys([*kept, *payload.get("add", ())]))
        elif event.kind == "opted_out":
            self._contact["opted_out"] = True
        elif event.kind == "replied":
            self._unclaimed.append((event.step_id, _seen(event), payload.get("answers") or {}))
        elif event.kind == "timed_out":
            self.context.pop("reply", None)
            self._asking = None
        elif event.kind == "sent":
            self._asking = event.step_id
        elif event.kind == "entered":
            self._contact.setdefault("id", event.contact_id)
        elif event.kind in ("stepped", "branched", "ended") and event.step_id in self._flow.steps:
            self._move(event, self._flow.steps[event.step_id])

    def _move(self, event: Event, step: CompiledStep) -> None:
        if event.kind == "stepped":
            self._asking = None
            self._answers.update({question.id: None for question in questions_of(step)})
        elif step.type == "wait_for_reply" and event.payload.get("way") == "on_reply":
            self._claim(None)
        elif questions_of(step) and self._asking == step.id:
            self._claim(step.id)

    def _claim(self, to: str | None) -> None:
        """Use the oldest reply that no wait has used."""
        for reply in self._unclaimed:
            if to is None or reply[0] == to:
                self._unclaimed.remove(reply)
                self.context["reply"] = reply[1]
                self._answers.update(reply[2])
                return


def _seen(event: Event) -> dict[str, Any]:
    """A reply as conditions see it."""
    said = {name: event.payload.get(name) for name in ("intent", "sentiment", "hours")}
    return {"text": event.body or "", "channel": event.channel, **said}
