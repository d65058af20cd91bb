"""Gaps: what conditions, values and messages read although nothing may have set it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.flows.checks.view import FlowView
from core.flows.compiled import CompiledStep
from core.flows.inspection import spoken_condition
from core.flows.logic.flowing import Key, Knowledge, known, set_by, sources_in, values_in
from core.flows.logic.sources import CONTACT, GONE, NEVER, Scene, own_part, questions_of
from core.flows.logic.syntax import Has, Reading, parse, reads_of, walk
from core.flows.logic.template_reads import Read, reads_in
from core.flows.logic.wording import nth

Kind = Literal["variable", "answer", "reply", "field", "contact", "twin"]
Expressions = list[tuple[str, str]]
FLOW_FIELDS = ("name", "timezone")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is read although nothing may have set it.

    Attributes:
        kind: A variable, an answer, the reply (or a twin's answer to it), a field that does not
            exist, or a field of the contact that is not known.
        names: What is read.
        step_id: Where.
        where: What reads it, in words.
        in_message: Whether that is a message.
        path: A way from the start on which nothing sets it; empty where nothing ever does.
        in_vain: Of a reply, whether it was waited for in vain.
    """

    kind: Kind
    names: Reading
    step_id: str
    where: str
    in_message: bool
    path: tuple[str, ...] = ()
    in_vain: bool = False


def gaps(view: FlowView) -> list[Gap]:
    """Every gap of a flow, each name once a step and kind of text."""
    found = _Gaps(view, view.shared(known))
    return [
        gap for step in view.steps.values() if step.id in view.reached for gap in found.of(step)
    ]


class _Gaps:
    def __init__(self, view: FlowView, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._set = set(view.flow.variables) if view.flow else set()
        self._asked: set[str] = set()
        for step in view.steps.values():
            self._set.update(set_by(step))
            self._asked.update(one.id for one in questions_of(step))
        self._whole = view.flow is not None and view.places.keys() == view.steps.keys()

    def of(self, step: CompiledStep) -> Iterator[Gap]:
        """The gaps of one step."""
        seen: set[tuple[Reading, bool]] = set()
        for gap in (*self._in_expressions(step), *self._in_messages(step), *self._in_twin(step)):
            if (gap.names, gap.in_message) not in seen:
                seen.add((gap.names, gap.in_message))
                yield gap

    def _scenes(self, step: CompiledStep) -> dict[Key, Scene]:
        return self._knowledge.scenes.get(step.id, {})

    # Conditions and values

    def _in_expressions(self, step: CompiledStep) -> Iterator[Gap]:
        expressions = _expressions(step)
        by_name: dict[Reading, list[Key]] = {}
        for key in self._scenes(step) if expressions else ():
            for names in self._knowledge.mistaken[step.id, key]:
                by_name.setdefault(names, []).append(key)
        for source, where in expressions:
            for names in sorted(filter(None, map(own_part, reads_of(parse(source))))):
                if names in by_name or (not self._scenes(step) and self._is_never_set(names)):
                    yield from self._gap(step, names, where, by_name.get(names, []), False)
            for names in _unknown_of_contact(source):
                yield Gap("contact", names, step.id, where, False)

    def _gap(
        self, step: CompiledStep, names: Reading, where: str, keys: list[Key], in_message: bool
    ) -> Iterator[Gap]:
        if names == ("reply",):
            keys = self._unheard(step, keys)
            if not keys:
                return
        kind: Kind = "variable"
        if names[0] in ("reply", "answers"):
            kind = "reply" if names[0] == "reply" else "answer"
        path: list[str] = []
        if keys and not self._is_never_set(names):
            path = self._knowledge.path_to(step.id, keys[0])
        in_vain = kind == "reply" and NEVER not in self._scenes(step)[keys[0]].waited
        yield Gap(kind, names, step.id, where, in_message, tuple(path), in_vain)

    def _unheard(self, step: CompiledStep, keys: list[Key]) -> list[Key]:
        """Where no step has waited for a reply; or, if there can be none at all, everywhere."""
        scenes = self._scenes(step)
        never = [key for key in keys if NEVER in scenes[key].waited]
        in_vain = all(scene.waited == {GONE} for scene in scenes.values())
        return never or (keys if in_vain else [])

    def _is_never_set(self, names: Reading) -> bool:
        """Whether nothing in the whole flow sets a name."""
        if names[0] == "answers":
            return self._whole and len(names) > 1 and names[1] not in self._asked
        return self._whole and names[0] != "reply" and names[0] not in self._set

    # Messages

    def _in_messages(self, step: CompiledStep) -> Iterator[Gap]:
        for name, template in step.templates.items():
            if template.constant is not None:
                continue
            where = _spoken(name)
            for read in reads_in(template):
                if not read.excused:
                    yield from self._in_message(step, read, where)

    def _in_message(self, step: CompiledStep, read: Read, where: str) -> Iterator[Gap]:
        names = read.names
        unknown = self._unknown_field(step, names)
        if unknown is not None:
            yield Gap(unknown, names[:2], step.id, where, True)
            return
        part = own_part(names)
        if part is None or part[0] in set_by(step):
            return
        scenes = self._scenes(step)
        keys = [key for key, scene in scenes.items() if scene.lacks(part)]
        if keys or (not scenes and self._is_never_set(part)):
            yield from self._gap(step, part, where, keys, True)

    def _unknown_field(self, step: CompiledStep, names: Reading) -> Kind | None:
        if len(names) < 2:
            return None
        if names[0] == "contact":
            return None if names[1] in CONTACT else "contact"
        sources = self._knowledge.sources
        mapping = sources.reply if names[0] == "reply" else sources.start.names.get(names[0])
        if names[0] not in ("reply", "flow", "links") or mapping.fields is None:
            return None
        return None if names[1] in mapping.fields.named or mapping.fields.open else "field"

    def _in_twin(self, step: CompiledStep) -> Iterator[Gap]:
        """A twin's answer where nobody can have said anything."""
        scenes = self._scenes(step).values()
        if step.type == "twin_reply" and scenes and all(one.waited == {NEVER} for one in scenes):
            yield Gap("twin", ("reply",), step.id, "it", False)


@lru_cache(maxsize=4096)
def _unknown_of_contact(source: str) -> tuple[Reading, ...]:
    """The contact's fields that an expression reads, that are not known, and not asked for."""
    tree = parse(source)
    unknown = {
        path[:2]
        for path in reads_of(tree)
        if path[0] == "contact" and len(path) > 1 and path[1] not in CONTACT
    }
    if unknown:
        unknown -= {part.names[:2] for part in walk(tree) if isinstance(part, Has)}
    return tuple(sorted(unknown))


def _expressions(step: CompiledStep) -> Expressions:
    """The expressions of a step that can be read, and what each is in words."""
    if step.type == "condition":
        return [
            (source, f"its {nth(number)} branch ({spoken_condition(source)})")
            for number, source in enumerate(sources_in(step))
            if source is not None
        ]
    return [(source, f"the value of “{name}”") for name, source in values_in(step).items()]


def _spoken(name: str) -> str:
    kind, _, which = name.partition(":")
    return f"its question “{which}”" if kind == "question" else f"its {kind}"
