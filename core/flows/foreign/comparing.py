"""Comparisons of other builders as CEL: one list of operators, whatever they are called there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.flows.foreign.names import quoted
from core.flows.foreign.saying import compiles

PATTERN = re.compile(r"^/(.*)/([a-z]*)$", re.DOTALL)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes:
        cel: It in CEL; None where that cannot say it.
        literal: The value itself, where it is written there.
        words: As it stood there.
    """

    cel: str | None
    literal: str | int | float | bool | None = None
    words: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison in CEL, or None, and what was changed."""

    cel: str | None
    lost: tuple[str, ...] = ()


def _signed(sign: str) -> Callable[[str, Side, str], str | None]:
    def compare(left: str, right: Side, kind: str) -> str | None:
        if right.cel is None:
            return None
        return f"{_of_kind(left, right, kind)} {sign} {_right(right, kind)}"

    return compare


def _right(right: Side, kind: str) -> str:
    """The right side as the kind of the comparison wants it."""
    value = right.literal
    assert right.cel is not None
    if kind in ("number", "loose number") and isinstance(value, str):
        if NUMBER.fullmatch(value.strip()):
            number = value.strip()
            return number if kind == "number" or "." in number else f"{number}.0"
        return right.cel
    if kind == "loose number" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value}.0"
    if kind == "loose number" and not right.plain:
        return f"double({right.cel})"
    if kind == "text" and isinstance(value, (int, float, bool)):
        return quoted(str(value).lower() if isinstance(value, bool) else str(value))
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower()
    if kind == "date":
        return _moment(right.cel, value)
    return right.cel


def _of_kind(left: str, right: Side, kind: str) -> str:
    if kind == "loose number":
        return f"double({left})"
    if kind == "date":
        return _moment(left, None)
    texts = kind == "text" and isinstance(right.literal, str)
    return f"string({left})" if texts and NUMBER.fullmatch(str(right.literal)) else left


def _moment(cel: str, value: object) -> str:
    if isinstance(value, str) and DATE.fullmatch(value.strip()):
        day, _, time = value.strip().replace(" ", "T").partition("T")
        clock = re.sub(r"(Z|[+-]\d\d:\d\d)$", "", time) or "00:00:00"
        zone = re.search(r"(Z|[+-]\d\d:\d\d)$", time)
        seconds = clock if clock.count(":") == 2 else f"{clock}:00"
        return f'timestamp("{day}T{seconds}{zone[0] if zone else "Z"}")'
    return f"timestamp({cel})"


def _called(name: str) -> Callable[[str, Side, str], str | None]:
    def compare(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
        return None if right.cel is None else f"{left}.{name}({_right(right, 'text')})"

    return compare


def _contains(left: str, right: Side, kind: str) -> str | None:
    if right.cel is None:
        return None
    return f"{right.cel} in {left}" if kind == "array" else _called("contains")(left, right, kind)


def _matches(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
    if not right.plain:
        return None if right.cel is None else f"string({left}).contains(string({right.cel}))"
    pattern = str(right.literal)
    found = PATTERN.match(pattern)
    if found:
        flags = "".join(sorted(set(found[2]) & set("ims")))
        pattern = (f"(?{flags})" if flags else "") + found[1].replace("\\/", "/")
    return f"string({left}).matches({quoted(pattern)})"


def _set(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
    return f"{left} != null"


def _full(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
    if kind in ("array", "object"):
        return f"{left} != null && size({left}) > 0"
    if kind in ("text", "loose text"):
        return f'{left} != null && {left} != ""'
    return f"{left} != null"


def _true(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
    return f"{left} == true"


def _length(sign: str) -> Callable[[str, Side, str], str | None]:
    def compare(left: str, right: Side, kind: str) -> str | None:  # noqa: ARG001
        return None if right.cel is None else f"size({left}) {sign} {_right(right, 'number')}"

    return compare


OPERATORS: dict[str, tuple[Callable[[str, Side, str], str | None], bool]] = {
    "equal": (_signed("=="), False),
    "not equal": (_signed("!="), False),
    "greater": (_signed(">"), False),
    "greater or equal": (_signed(">="), False),
    "less": (_signed("<"), False),
    "less or equal": (_signed("<="), False),
    "contains": (_contains, False),
    "not contains": (_contains, True),
    "starts with": (_called("startsWith"), False),
    "not starts with": (_called("startsWith"), True),
    "ends with": (_called("endsWith"), False),
    "not ends with": (_called("endsWith"), True),
    "matches": (_matches, False),
    "not matches": (_matches, True),
    "is set": (_set, False),
    "is not set": (_set, True),
    "is full": (_full, False),
    "is empty": (_full, True),
    "is true": (_true, False),
    "is false": (_true, True),
    "length equal": (_length("=="), False),
    "length not equal": (_length("!="), False),
    "length greater": (_length(">"), False),
    "length greater or equal": (_length(">="), False),
    "length less": (_length("<"), False),
    "length less or equal": (_length("<="), False),
}
"""Every comparison, and whether it is the opposite of what its maker says."""
ALONE = frozenset({"is set", "is not set", "is full", "is empty", "is true", "is false"})
"""Those that look at one side."""


def compare(left: Side, operator: str, right: Side, kind: str) -> Compared:
    """A comparison in CEL.

    Args:
        left: What is looked at.
        operator: A name of ``OPERATORS``.
        right: What it is held against.
        kind: text, loose text, number, loose number, boolean, date, array or object.
    """
    if left.cel is None or operator not in OPERATORS:
        return Compared(None)
    if operator in ("is set", "is not set") and left.plain:
        return Compared("true" if (operator == "is set") == (left.literal is not None) else "false")
    make, opposite = OPERATORS[operator]
    cel = make(left.cel, right, kind)
    if cel is None:
        return Compared(None)
    if opposite:
        cel = _opposite(cel)
    lost = []
    if operator in ("matches", "not matches") and not right.plain:
        lost.append(
            "The pattern is itself a value there; here it is looked for as plain words in the text."
        )
    return Compared(cel if compiles(cel) else None, tuple(lost))


def _opposite(cel: str) -> str:
    for sign, other in ((" != null && ", " == null || "),):
        if cel.count(sign) == 1:
            first, second = cel.split(sign)
            flipped = second.replace(" != ", " == ").replace(") > 0", ") == 0")
            return f"{first}{other}{flipped}"
    if cel.endswith(" != null"):
        return cel.removesuffix(" != null") + " == null"
    if cel.endswith(" == true"):
        return cel.removesuffix(" == true") + " != true"
    return f"!({cel})" if " in " in cel else f"!{cel}"


def joined(parts: list[str], word: str) -> str:
    """Several comparisons as one condition; ``word`` is ``and`` or ``or``."""
    if len(parts) == 1:
        return parts[0]
    sign = " || " if word == "or" else " && "
    other = "&&" if word == "or" else "||"
    return sign.join(f"({part})" if other in part else part for part in parts)


def joined_all(
    parts: list[tuple[str | None, str]], word: str, stand_in: Callable[[str], str]
) -> str:
    """Comparisons as one condition; those that CEL cannot say are stood in for.

    Args:
        parts: Each comparison in CEL, or None, and its words.
        word: ``and`` or ``or``.
        stand_in: Gives CEL for the words of what cannot be said.
    """
    if parts and all(cel is None for cel, _ in parts):
        return stand_in(f" {word} ".join(words for _, words in parts))
    said = [cel if cel is not None else stand_in(words) for cel, words in parts]
    whole = joined(said, word) if said else ""
    return whole if said and compiles(whole) else stand_in(f" {word} ".join(w for _, w in parts))
