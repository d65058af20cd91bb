"""Expressions of other builders as ours: conditions and values in CEL, texts in Liquid."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from core.domain.errors import BadInput
from core.flows.conditions import Condition
from core.flows.foreign.names import Path, cel_path, liquid_path, quoted
from core.flows.foreign.script import Binary, Call, Choice, Literal, Member, Name, Tree, Unary
from core.flows.templates import Template

Resolve = Callable[[Tree], Path | None]
"""The path that a tree reads, under our names; None where it is no plain reading."""
SIGNS = {"&&", "||", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"}
TESTS = {"includes": "contains", "startsWith": "startsWith", "endsWith": "endsWith"}
FILTERS = {
    "toLowerCase": "downcase",
    "toUpperCase": "upcase",
    "trim": "strip",
    "toTitleCase": "capitalize",
    "first": "first",
    "last": "last",
    "toString": "",
}
PLUS = {"+": "plus", "-": "minus", "*": "times", "/": "divided_by", "%": "modulo"}
MOMENTS = {
    **{"yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%-m"},
    **{"dd": "%d", "DD": "%d", "d": "%-d", "D": "%-d", "EEEE": "%A", "dddd": "%A", "EEE": "%a"},
    **{"HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "mm": "%M", "ss": "%S", "a": "%p"},
}
READS = ("fromISO", "fromMillis", "fromSeconds", "fromJSDate")
MOMENT = re.compile("|".join(sorted(MOMENTS, key=len, reverse=True)))
CURLY = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
WHOLE = re.compile(r"\s*\{\{((?:(?!\}\}).)*)\}\}\s*", re.DOTALL)
"""One expression, and nothing around it."""
TAG = re.compile(r"\{(?=[{%])")


def cel_of(tree: Tree, resolve: Resolve) -> str | None:
    """A tree in CEL; None where CEL has no such thing."""
    if isinstance(tree, Literal):
        return cel_literal(tree.value)
    path = resolve(tree)
    if path is not None:
        return cel_path(path)
    if isinstance(tree, Unary) and tree.sign == "!":
        return _cel_test(tree, resolve)
    if isinstance(tree, Unary):
        inside = cel_of(tree.of, resolve)
        return None if inside is None else f"-({inside})"
    if isinstance(tree, Binary):
        return _cel_binary(tree, resolve)
    if isinstance(tree, Choice):
        return _cel_choice(tree, resolve)
    return _cel_call(tree, resolve)


def _cel_choice(tree: Choice, resolve: Resolve) -> str | None:
    when = _cel_test(tree.when, resolve)
    then, otherwise = cel_of(tree.then, resolve), cel_of(tree.otherwise, resolve)
    if when is None or then is None or otherwise is None:
        return None
    return f"({when} ? {then} : {otherwise})"


def _cel_test(tree: Tree, resolve: Resolve) -> str | None:
    """A yes or no: what gives none of itself is asked whether it is set."""
    if isinstance(tree, Unary) and tree.sign == "!":
        inside = _cel_test(tree.of, resolve)
        return None if inside is None else f"!({inside})"
    if isinstance(tree, Binary) and tree.sign in ("&&", "||"):
        left, right = _cel_test(tree.left, resolve), _cel_test(tree.right, resolve)
        return None if left is None or right is None else f"({left} {tree.sign} {right})"
    said = cel_of(tree, resolve)
    if said is None or _is_test(tree):
        return said
    return f'({said} != null && {said} != "" && {said} != false)'


def cel_literal(value: str | int | float | bool | None) -> str:
    """A value as CEL writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else str(value)


def _is_test(tree: Tree) -> bool:
    """Whether a tree gives a yes or no of itself; elsewhere JavaScript asks if something is set."""
    if isinstance(tree, Binary):
        if tree.sign in ("&&", "||"):
            return _is_test(tree.left) and _is_test(tree.right)
        return tree.sign in ("==", "!=", "<", ">", "<=", ">=")
    if isinstance(tree, Unary):
        return tree.sign == "!" and _is_test(tree.of)
    if isinstance(tree, Call) and isinstance(tree.what, Member):
        return tree.what.key in {*TESTS, "isEmpty", "isNotEmpty"}
    return isinstance(tree, Literal) and isinstance(tree.value, bool)


def _cel_binary(tree: Binary, resolve: Resolve) -> str | None:
    if tree.sign not in SIGNS | {"??"}:
        return None
    if tree.sign in ("||", "??") and not _is_test(tree):
        return _cel_choice(Choice(tree.left, tree.left, tree.right), resolve)
    if tree.sign == "&&" and not _is_test(tree):
        return _cel_test(tree, resolve)
    left, right = cel_of(tree.left, resolve), cel_of(tree.right, resolve)
    if left is None or right is None:
        return None
    if tree.sign in PLUS:
        return _cel_sum(tree, left, right)
    open_, close = ("(", ")") if tree.sign in ("&&", "||") else ("", "")
    return f"{open_}{left} {tree.sign} {right}{close}"


def _cel_sum(tree: Binary, left: str, right: str) -> str:
    """A sum of texts or of numbers, each made of one kind."""
    sides = [(tree.left, left), (tree.right, right)]
    if tree.sign == "+" and any(_is_text(side) for side, _ in sides):
        parts = [said if _is_text(side) else f"string({said})" for side, said in sides]
        return f"{parts[0]} + {parts[1]}"
    whole = tree.sign in "+-*" and all(_is_whole(side) for side, _ in sides)
    parts = [_number(side, said, whole) for side, said in sides]
    return f"({parts[0]} {tree.sign} {parts[1]})"


def _is_text(tree: Tree) -> bool:
    if isinstance(tree, Literal):
        return isinstance(tree.value, str)
    return (
        isinstance(tree, Binary)
        and tree.sign == "+"
        and (_is_text(tree.left) or _is_text(tree.right))
    )


def _is_whole(tree: Tree) -> bool:
    if isinstance(tree, Literal):
        return isinstance(tree.value, int)
    if isinstance(tree, Binary):
        return _is_whole(tree.left) and _is_whole(tree.right)
    return True


def _number(tree: Tree, said: str, whole: bool) -> str:
    if isinstance(tree, Literal) and isinstance(tree.value, (int, float)):
        return said if whole else str(float(tree.value))
    if isinstance(tree, Binary):
        return said
    return f"{'int' if whole else 'double'}({said})"


def _cel_call(tree: Tree, resolve: Resolve) -> str | None:
    if isinstance(tree, Member) and tree.key == "length":
        inside = cel_of(tree.of, resolve)
        return None if inside is None else f"size({inside})"
    if not isinstance(tree, Call):
        return None
    if isinstance(tree.what, Name) and len(tree.given) == 1:
        kinds = {"Number": "double", "parseFloat": "double", "parseInt": "int", "String": "string"}
        inside = cel_of(tree.given[0], resolve)
        kind = kinds.get(tree.what.name)
        return f"{kind}({inside})" if kind and inside is not None else None
    if not isinstance(tree.what, Member):
        return None
    inside = cel_of(tree.what.of, resolve)
    if inside is None:
        return None
    return _cel_method(str(tree.what.key), inside, tree.given, resolve)


def _cel_method(name: str, inside: str, given: tuple[Tree, ...], resolve: Resolve) -> str | None:
    if name in TESTS and len(given) == 1:
        what = cel_of(given[0], resolve)
        return None if what is None else f"{inside}.{TESTS[name]}({what})"
    if given:
        return None
    if name == "isEmpty":
        return f'({inside} == null || {inside} == "")'
    if name == "isNotEmpty":
        return f'({inside} != null && {inside} != "")'
    if name == "toString":
        return f"string({inside})"
    return f"double({inside})" if name == "toNumber" else None


def bare(said: str) -> str:
    """An expression without brackets around the whole of it."""
    if not (said.startswith("(") and said.endswith(")")) or '"' in said:
        return said
    depth = 0
    for number, one in enumerate(said):
        depth += (one == "(") - (one == ")")
        if depth == 0 and number < len(said) - 1:
            return said
    return said[1:-1]


def compiles(source: str) -> bool:
    """Whether a condition or value is one that our checks read."""
    try:
        Condition.compile(source)
    except BadInput:
        return False
    return True


def liquid_of(tree: Tree, resolve: Resolve) -> str | None:
    """A tree as a text in Liquid; None where Liquid cannot say it."""
    if isinstance(tree, Literal):
        return "" if tree.value is None else plain_liquid(_worded(tree.value))
    if isinstance(tree, Binary) and tree.sign == "+" and _is_text(tree):
        left, right = liquid_of(tree.left, resolve), liquid_of(tree.right, resolve)
        return None if left is None or right is None else left + right
    if isinstance(tree, Choice):
        return _liquid_choice(tree, resolve)
    inside = _liquid_value(tree, resolve)
    return None if inside is None else f"{{{{ {inside} }}}}"


def _worded(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _liquid_choice(tree: Choice, resolve: Resolve) -> str | None:
    when = _liquid_test(tree.when, resolve)
    then, otherwise = liquid_of(tree.then, resolve), liquid_of(tree.otherwise, resolve)
    if when is None or then is None or otherwise is None:
        return None
    return f"{{% if {when} %}}{then}{{% else %}}{otherwise}{{% endif %}}"


def _liquid_test(tree: Tree, resolve: Resolve) -> str | None:
    if isinstance(tree, Binary) and tree.sign in ("==", "!=", "<", ">", "<=", ">="):
        left, right = _liquid_value(tree.left, resolve), _liquid_value(tree.right, resolve)
        return None if left is None or right is None else f"{left} {tree.sign} {right}"
    if isinstance(tree, Binary) and tree.sign in ("&&", "||"):
        left, right = _liquid_test(tree.left, resolve), _liquid_test(tree.right, resolve)
        word = "and" if tree.sign == "&&" else "or"
        mixed = any(
            isinstance(one, Binary) and one.sign in ("&&", "||") and one.sign != tree.sign
            for one in (tree.left, tree.right)
        )
        return None if mixed or left is None or right is None else f"{left} {word} {right}"
    if isinstance(tree, Unary) and tree.sign == "!":
        path = resolve(tree.of)
        return None if path is None else f"{liquid_path(path)} == nil"
    path = resolve(tree)
    return None if path is None else liquid_path(path)


def _liquid_value(tree: Tree, resolve: Resolve) -> str | None:
    """What stands inside ``{{ … }}``."""
    if isinstance(tree, Literal):
        return _liquid_literal(tree.value)
    path = resolve(tree)
    if path is not None:
        return liquid_path(path)
    if isinstance(tree, Binary):
        left, right = _liquid_value(tree.left, resolve), _liquid_value(tree.right, resolve)
        if left is None or right is None:
            return None
        if tree.sign in ("||", "??"):
            return f"{left} | default: {right}"
        return f"{left} | {PLUS[tree.sign]}: {right}" if tree.sign in PLUS else None
    if isinstance(tree, Member) and tree.key in ("length", 0):
        inside = _liquid_value(tree.of, resolve)
        name = "size" if tree.key == "length" else "first"
        return None if inside is None else f"{inside} | {name}"
    return _liquid_call(tree, resolve) if isinstance(tree, Call) else None


def _liquid_literal(value: str | int | float | bool | None) -> str | None:
    if isinstance(value, str):
        mark = '"' if '"' not in value else "'"
        return None if mark in value or "}}" in value else f"{mark}{value}{mark}"
    return "nil" if value is None else _worded(value)


def _liquid_call(tree: Call, resolve: Resolve) -> str | None:
    if isinstance(tree.what, Name) and tree.what.name == "String" and len(tree.given) == 1:
        return _liquid_value(tree.given[0], resolve)
    if not isinstance(tree.what, Member):
        return None
    if tree.what.of == Name("DateTime") and tree.what.key in READS and len(tree.given) == 1:
        return _liquid_value(tree.given[0], resolve)
    name, inside = str(tree.what.key), _liquid_value(tree.what.of, resolve)
    if inside is None:
        return None
    if name in FILTERS and not tree.given:
        return f"{inside} | {FILTERS[name]}" if FILTERS[name] else inside
    literals = [one for one in tree.given if isinstance(one, Literal)]
    given = [said for one in literals if (said := _liquid_literal(one.value)) is not None]
    if len(given) < len(tree.given):
        return None
    return _liquid_filter(name, inside, given, tree.given)


def _liquid_filter(name: str, inside: str, given: list[str], trees: tuple[Tree, ...]) -> str | None:
    if name in ("toFormat", "format") and len(given) == 1 and isinstance(trees[0], Literal):
        pattern = MOMENT.sub(lambda found: MOMENTS[found[0]], str(trees[0].value))
        return f'{inside} | date: "{pattern}"' if '"' not in pattern else None
    if name in ("replace", "replaceAll") and len(given) == 2:
        which = "replace" if name == "replaceAll" else "replace_first"
        return f"{inside} | {which}: {given[0]}, {given[1]}"
    if name in ("join", "split") and len(given) == 1:
        return f"{inside} | {name}: {given[0]}"
    if name in ("slice", "substring") and len(given) == 2 and given[0] == "0":
        return f"{inside} | slice: 0, {given[1]}"
    return None


def plain_liquid(text: str) -> str:
    """A text that Liquid leaves as it is."""
    return TAG.sub("{{ '{' }}", text)


@dataclass
class Said:
    """A text in our words, and what of it could not be said."""

    text: str
    strange: list[str] = field(default_factory=list)


def text_of(text: str, read: Callable[[str], str | None]) -> Said:
    """A text with ``{{ … }}`` in it, where ``read`` gives the Liquid of each, or None.

    What is not understood stays readable, in square brackets.
    """
    said = Said("")
    at = 0
    for match in CURLY.finditer(text):
        said.text += plain_liquid(text[at : match.start()])
        at = match.end()
        inside = read(match[1].strip())
        if inside is None:
            said.strange.append(short(match[1]))
            inside = plain_liquid(f"[{match[1].strip()}]")
        said.text += inside
    said.text += plain_liquid(text[at:])
    try:
        Template(said.text)
    except BadInput:
        return Said(plain_liquid(text), ["its expressions"])
    return said


def short(text: str, most: int = 80) -> str:
    """A few words of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
