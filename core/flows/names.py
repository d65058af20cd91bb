"""The names that conditions and messages can read at a step: what each is, and whether it is set.

What is known comes from the walk that the checks use (`core.flows.logic.flowing`). Where nothing is
known, because no way leads to the step yet, every name that the flow may have by then is given, and
none that a step sets is sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.domain.debugging import NameAtStep
from core.domain.words import CHANNELS, INTENTS, SENTIMENTS
from core.flows.checks.view import FlowView
from core.flows.compiling import read_document
from core.flows.logic.flowing import known, set_by, sources_of
from core.flows.logic.sources import CONTACT, Scene, questions_of
from core.flows.logic.spans import only
from core.flows.logic.values import ANY_TEXT, UNKNOWN, Fields, Value, constant, like

MOST_VALUES = 50
ROOTS = ("contact", "reply", "answers", "flow", "links")
ORDERS: dict[str, tuple[str, ...]] = {
    "reply.intent": INTENTS,
    "reply.sentiment": SENTIMENTS,
    "reply.channel": CHANNELS,
}
ABOUT = {
    "contact.id": "The contact's own id in this rehearsal.",
    "contact.name": "The full name.",
    "contact.first_name": "The first name.",
    "contact.email": "The e-mail address.",
    "contact.phone": "The telephone number.",
    "contact.timezone": "Where they live, as in Europe/Berlin.",
    "contact.language": "Their language, as in en.",
    "contact.persona": "The persona that they are a copy of.",
    "contact.age": "Their age in years.",
    "contact.visits": "How often they have visited.",
    "contact.purchases": "How often they have bought.",
    "contact.last_seen_days": "How many days ago they were last seen.",
    "contact.tags": "Their tags, as a list.",
    "contact.opted_out": "Whether they want no more messages.",
    "reply.text": "The words of the last reply.",
    "reply.intent": "What the last reply means.",
    "reply.sentiment": "How the last reply sounds.",
    "reply.channel": "Where the last reply came in.",
    "reply.hours": "How many hours they took to reply.",
    "flow.name": "The name of this flow.",
    "flow.timezone": "The time zone of this flow.",
    "links.unsubscribe": "Where to unsubscribe; for messages.",
    "links.booking": "Where to book; for messages.",
}
FUNCTIONS = {
    "has": "Whether something is there: has(contact.city)",
    "size": "How long a text or a list is: size(reply.text) > 20",
    "contains": 'Whether a text holds another: reply.text.contains("price")',
    "startsWith": 'Whether a text begins so: contact.phone.startsWith("+44")',
    "endsWith": 'Whether a text ends so: contact.email.endsWith(".org")',
    "matches": 'Whether a text fits a pattern: reply.text.matches("[0-9]+")',
    "in": 'Whether it is one of several: reply.intent in ["interested", "question"]',
    "string": "A value as a text: string(contact.age)",
    "int": "A value as a whole number: int(answers.score)",
    "double": "A value as a number with a fraction: double(price) * 0.5",
    "exists": 'Whether it holds for one of a list: contact.tags.exists(t, t == "vip")',
    "all": "Whether it holds for all of a list: answers.scores.all(s, s > 3)",
    "filter": 'Those of a list for which it holds: contact.tags.filter(t, t != "new")',
    "map": "Each of a list, changed: answers.scores.map(s, s * 2)",
}


def names_at(
    document: Mapping[str, Any], step_id: str, contact: Mapping[str, Any] | None = None
) -> list[NameAtStep]:
    """Every name that conditions and templates can read at a step, then the functions.

    Args:
        document: The flow; as far as it can be read.
        step_id: The step; it need not be connected yet.
        contact: What contacts carry beside what all have, with an example of each.
    """
    draft = read_document(dict(document))
    view = FlowView.of(draft)
    scenes = list(view.shared(known).scenes.get(step_id, {}).values())
    scene = scenes[0] if scenes else _whole(view)
    for other in scenes[1:]:
        scene = scene.join(other)
    origins = _origins(view)
    found = {one.name: one for one in _names(scene, origins, contact or {})}
    if scene.names.open:
        for one in _names(_whole(view), origins, {}):
            found.setdefault(one.name, one.model_copy(update={"sure": False}))
    functions = [NameAtStep(name=k, type="function", about=v) for k, v in FUNCTIONS.items()]
    return [*found.values(), *functions]


def _names(
    scene: Scene, origins: Mapping[str, str], contact: Mapping[str, Any]
) -> Iterator[NameAtStep]:
    yield from _group("contact", scene, origins)
    yield from _carried(contact)
    yield from _group("reply", scene, origins)
    yield from _group("answers", scene, origins)
    yield from _variables(scene, origins)
    yield from _group("flow", scene, origins)
    yield from _group("links", scene, origins)


def _whole(view: FlowView) -> Scene:
    """Everything that any step of the flow may have set."""
    sources = sources_of(view)
    values = {name: UNKNOWN for step in view.steps.values() for name in set_by(step)}
    samples = {
        name: like(value).or_absent
        for step in view.steps.values()
        if step.sample is not None
        for name, value in step.sample.values.items()
    }
    given = {
        name: constant(value) for name, value in (view.flow.variables if view.flow else {}).items()
    }
    answers = {name: value.or_absent for name, value in sources.questions.items()}
    first = sources.start.names
    named = {name: value for name, value in (values | samples | given).items() if name not in ROOTS}
    more = {"reply": sources.reply.or_absent, "answers": Value(fields=Fields(answers))}
    return Scene(first.having(named | more))


def _origins(view: FlowView) -> dict[str, str]:
    """Where each variable and answer comes from, in words."""
    found: dict[str, str] = {}
    for step in view.steps.values():
        for question in questions_of(step):
            words = f": {question.text}" if question.text else ""
            found.setdefault(f"answers.{question.id}", f"Answered at {step.id}{words}"[:200])
        how = "Set at" if step.type == "set" else "Brought by the call at"
        for name in set_by(step):
            found.setdefault(name, f"{how} {step.id}.")
    variables = view.flow.variables if view.flow else {}
    return {**found, **dict.fromkeys(variables, "A variable of this flow.")}


def _group(root: str, scene: Scene, origins: Mapping[str, str]) -> Iterator[NameAtStep]:
    """The fields of one of the names that every flow has."""
    holder = scene.names.get(root)
    fields = holder.fields
    if fields is None:
        return
    for name, value in fields.named.items():
        if value.some:
            path = f"{root}.{name}"
            about = ABOUT.get(path) or origins.get(path, "")
            yield _name(path, value, about, sure=not (value.absent or holder.absent))


def _carried(contact: Mapping[str, Any]) -> Iterator[NameAtStep]:
    """What only some contacts have."""
    for name, example in contact.items():
        if name not in CONTACT:
            shown = f", as in {str(example)[:60]}" if isinstance(example, (str, int, float)) else ""
            about = f"Some personas have it{shown}."
            yield NameAtStep(
                name=_path("contact", name), type=_type(like(example)), about=about, sure=False
            )


def _variables(scene: Scene, origins: Mapping[str, str]) -> Iterator[NameAtStep]:
    for name, value in scene.names.named.items():
        if name in ROOTS or not value.some:
            continue
        yield _name(name, value, origins.get(name, ""), sure=not value.absent)
        for inner, part in value.fields.named.items() if value.fields else ():
            if part.some:
                sure = not value.absent and not part.absent and value.there.is_mapping
                yield _name(_path(name, inner), part, origins.get(name, ""), sure=sure)


def _name(name: str, value: Value, about: str, *, sure: bool) -> NameAtStep:
    values = _values(value)
    order = ORDERS.get(name)
    if order is not None:
        values = [one for one in order if one in values]
    return NameAtStep(name=name, type=_type(value), about=about, values=values, sure=sure)


def _path(root: str, name: str) -> str:
    """A field as CEL reads it."""
    return f"{root}.{name}" if name.isidentifier() and name.isascii() else f'{root}["{name}"]'


def _type(value: Value) -> str:
    """The kind of a value, where it has one; a value that can be of several is ``any``."""
    kinds = {
        "yes or no": bool(value.bools),
        "number": bool(value.ints or value.doubles),
        "text": value.texts is not None,
        "list": value.lists is not None,
        "group": value.fields is not None,
    }
    there = [name for name, one in kinds.items() if one]
    if len(there) == 1:
        whole = there == ["number"] and not value.doubles
        return "whole number" if whole else there[0]
    return "any" if there else "nothing"


def _values(value: Value) -> list[Any]:
    """What it can be, where that is little."""
    found: list[Any] = [one for one in (True, False) if one in value.bools]
    texts = value.texts
    if texts is not None and (texts == ANY_TEXT or texts.others):
        return []
    found += sorted(texts.named) if texts else []
    points = [*_points(value.ints, int), *_points(value.doubles, float)]
    if value.lists or value.fields or None in points:
        return []
    found += [point for point in points if point is not None]
    return found if len(found) <= MOST_VALUES else []


def _points(spans: Iterable[Any], kind: type[int] | type[float]) -> Iterator[int | float | None]:
    for span in spans:
        point = only((span,))
        whole = kind is int and point is None and span[1] - span[0] <= MOST_VALUES
        if whole:
            first, last = int(span[0]) + bool(span[2]), int(span[1]) - bool(span[3])
            yield from range(first, last + 1)
        else:
            yield None if point is None else kind(point)
