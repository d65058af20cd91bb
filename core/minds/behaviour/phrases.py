"""The phrase bank: templates with alternatives and slots, compiled once and filled by dice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Union

import yaml

from core.domain.errors import BadInput
from core.minds.behaviour.parameters import DATA

_MASK = (1 << 64) - 1
Node = Union[str, "Slot", "Choice"]
Template = tuple[Node, ...]


class Dice:
    """Many small choices from one addressed number: a linear congruential sequence.

    The multiplier is Knuth's (MMIX); quality beyond "looks varied" is not needed for words.
    """

    __slots__ = ("_state",)

    def __init__(self, uniform: float) -> None:
        self._state = int(uniform * 2**53) << 11 | 1

    def roll(self, sides: int) -> int:
        """A number from 0 to ``sides - 1``."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return ((self._state >> 33) * sides) >> 31

    def chance(self) -> float:
        """A number from 0 to below 1."""
        return self.roll(1 << 24) / (1 << 24)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a word that the situation gives."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, each as likely."""

    options: tuple[Template, ...]


def compile_template(text: str) -> Template:
    """The parts of a template such as ``{Yes|Sure}, {weekday} works``.

    Raises:
        BadInput: If braces do not match.
    """
    parts, end = _parse(text, 0, top=True)
    if end != len(text):
        raise BadInput("has a brace too many", place=text)
    return parts


def _parse(text: str, start: int, *, top: bool) -> tuple[Template, int]:
    """Parts from ``start`` up to the end of this level, and where that is."""
    parts: list[Node] = []
    at = start
    while at < len(text) and (top or text[at] not in "|}"):
        if text[at] == "{":
            node, at = _parse_braces(text, at + 1)
            parts.append(node)
        else:
            stop = re.compile(r"[{}|]" if not top else r"[{}]").search(text, at)
            end = stop.start() if stop else len(text)
            if end == at:
                break
            parts.append(text[at:end])
            at = end
    return tuple(parts), at


def _parse_braces(text: str, start: int) -> tuple[Node, int]:
    """One slot or choice, and where it ends."""
    options: list[Template] = []
    at = start
    while True:
        option, at = _parse(text, at, top=False)
        options.append(option)
        if at >= len(text):
            raise BadInput("has an open brace", place=text)
        at += 1
        if text[at - 1] == "}":
            break
    only = options[0]
    if len(options) == 1 and len(only) == 1 and isinstance(only[0], str):
        return Slot(only[0]), at
    return Choice(tuple(options)), at


class Slots:
    """What fills the slots of one reply: a word that is given, or each time another of a list.

    ``NAME_cap`` is the same with a capital letter; a topic is named once, then it is ``this``.
    """

    __slots__ = ("_dice", "_given", "_lists", "_topics", "_used")

    def __init__(
        self,
        dice: Dice,
        given: Mapping[str, str],
        lists: Mapping[str, Sequence[str]],
        topics: Sequence[str] = (),
    ) -> None:
        self._dice = dice
        self._given = given
        self._lists = lists
        self._topics = list(topics)
        self._used: dict[str, int] = {}

    def fill(self, name: str) -> str:
        """The words for a slot."""
        if name.endswith("_cap"):
            text = self.fill(name[:-4])
            return text[:1].upper() + text[1:]
        if name == "topic":
            left = self._topics
            return left.pop(self._dice.roll(len(left))) if left else "this"
        given = self._given.get(name)
        if given is not None:
            return given
        words = self._lists[name]
        at = self._used.get(name)
        at = self._dice.roll(len(words)) if at is None else (at + 1) % len(words)
        self._used[name] = at
        return words[at]


def render(template: Template, dice: Dice, slots: Slots) -> str:
    """The words of a template, its choices made by the dice."""
    parts: list[str] = []
    for node in template:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Slot):
            parts.append(slots.fill(node.name))
        else:
            parts.append(render(node.options[dice.roll(len(node.options))], dice, slots))
    return "".join(parts)


Lists = Mapping[str, tuple[Template, ...]]


@dataclass(frozen=True)
class PhraseBank:
    """Everything that the behaviour model can say, compiled.

    ``replies``, ``more``, ``openers``, ``closings`` and ``remarks`` are by voice, the first two
    by kind of reply before that; ``signals``, ``nouns`` and ``adjectives`` are for reading.
    """

    voices: Mapping[str, str]
    slots: Mapping[str, tuple[str, ...]]
    specifications: tuple[Template, ...]
    replies: Mapping[str, Lists]
    more: Mapping[str, Lists]
    minimal: Lists
    minimal_cold: Lists
    openers: Lists
    closings: Lists
    remarks: Lists
    asks: tuple[Template, ...]
    stories: tuple[Template, ...]
    notes: tuple[Template, ...]
    signals: Mapping[str, tuple[str, ...]]
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]

    def reply(self, kind: str, voice: str) -> tuple[Template, ...]:
        """The hearts of replies of a kind in a voice, or in the neutral one."""
        voices = self.replies[kind]
        return voices.get(voice) or voices["neutral"]

    def second(self, kind: str, voice: str) -> tuple[Template, ...]:
        """Second sentences for a kind in a voice, if there are any."""
        voices = self.more.get(kind.split("_")[0] if kind.startswith("answer") else kind, {})
        return voices.get(voice) or voices.get("neutral") or ()

    def few_words(self, kind: str, voice: str) -> tuple[Template, ...]:
        """Replies of at most six words."""
        cold = self.minimal_cold.get(kind) if voice == "cold" else None
        return cold or self.minimal[kind]


@lru_cache(maxsize=1)
def load_phrases() -> PhraseBank:
    """The phrases that Greenroom ships (``data/models/behaviour/phrases.yaml``)."""
    return read_phrases((DATA / "phrases.yaml").read_text("utf-8"))


def read_phrases(text: str) -> PhraseBank:
    """A phrase bank written as YAML.

    Raises:
        BadInput: If a template cannot be read or uses a slot that does not exist.
    """
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return PhraseBank(
        voices=document["voices"],
        slots=_words(document["slots"]),
        specifications=_templates(document["specifications"]),
        replies={kind: _compiled(voices) for kind, voices in document["replies"].items()},
        more={kind: _compiled(voices) for kind, voices in document["more"].items()},
        minimal=_compiled(document["minimal"]),
        minimal_cold=_compiled(document["minimal_cold"]),
        openers=_compiled(document["openers"]),
        closings=_compiled(document["closings"]),
        remarks=_compiled(document["remarks"]),
        asks=_templates(document["asks"]),
        stories=_templates(document["stories"]),
        notes=_templates(document["notes"]),
        signals=_words(document["signals"]),
        nouns=tuple(document["nouns"]),
        adjectives=tuple(document["adjectives"]),
    )


def _words(section: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(map(str, words)) for name, words in section.items()}


def _compiled(section: Mapping[str, Any]) -> dict[str, tuple[Template, ...]]:
    return {name: _templates(texts) for name, texts in section.items()}


def _templates(texts: Sequence[str]) -> tuple[Template, ...]:
    return tuple(compile_template(text) for text in texts)
