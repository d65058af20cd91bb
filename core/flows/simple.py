"""Conditions as rows of field, operator and value, and back: for those who do not write CEL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.domain.errors import BadInput
from core.flows.conditions import Condition
from core.flows.inspection import tokens_of
from core.flows.logic.syntax import Binary, Call, Has, Listing, Node, Path, Unary, parse
from core.flows.logic.syntax import Literal as Constant

Operator = Literal[
    "is",
    "is not",
    "is one of",
    "contains",
    "starts with",
    "more than",
    "at least",
    "less than",
    "at most",
    "is set",
    "is not set",
]
Joined = Literal["and", "or"]
SIGNS: dict[str, Operator] = {
    "==": "is",
    "!=": "is not",
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
}
FLIPPED = {"==": "==", "!=": "!=", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
CALLS: dict[str, Operator] = {"contains": "contains", "startsWith": "starts with"}
SIGN_OF = {operator: sign for sign, operator in SIGNS.items()}
CALL_OF = {operator: call for call, operator in CALLS.items()}
JOINS: dict[str, Joined] = {"&&": "and", "||": "or"}
LISTS = frozenset({"contact.tags"})
LARGEST = 2**63
LONGEST_FIELD = 200
MOST_ROWS = 50


class SimpleRow(BaseModel):
    """One row: ``contact.age`` ``at least`` ``18``.

    ``list`` says that the field is a list, which contains whole items rather than parts of a text.
    """

    model_config = ConfigDict(extra="forbid")

    field: str = Field(
        min_length=1, max_length=LONGEST_FIELD, description="A name, as CEL reads it."
    )
    operator: Operator
    value: Any = None
    list: bool = False


class SimpleCondition(BaseModel):
    """Rows of which all must hold, or any."""

    model_config = ConfigDict(extra="forbid")

    joined: Joined = "and"
    rows: list[SimpleRow] = Field(min_length=1, max_length=MOST_ROWS)


def simple(condition: str) -> SimpleCondition | None:
    """The rows that say the same as a condition; None where rows cannot say it.

    Raises:
        BadInput: If it is no CEL.
    """
    Condition.compile(condition)
    tree = parse(condition)
    sign = tree.op if isinstance(tree, Binary) and tree.op in JOINS else "&&"
    whole = _row(tree)
    rows = [whole] if whole else [_row(part) for part in _parts(tree, sign)]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows) or not 0 < len(found) <= MOST_ROWS:
        return None
    return SimpleCondition(joined=JOINS[sign], rows=found)


def composed(given: SimpleCondition) -> str:
    """The condition in CEL that rows say.

    Raises:
        BadInput: If a field is no name, or a value does not fit its operator; names the row.
    """
    sign = " && " if given.joined == "and" else " || "
    several = len(given.rows) > 1
    parts = [_cel(row, number, several) for number, row in enumerate(given.rows)]
    condition = sign.join(parts)
    Condition.compile(condition)
    return condition


def _parts(tree: Node, sign: str) -> Iterator[Node]:
    if isinstance(tree, Binary) and tree.op == sign and _row(tree) is None:
        yield from _parts(tree.left, sign)
        yield from _parts(tree.right, sign)
    else:
        yield tree


def _row(node: Node) -> SimpleRow | None:
    """One row, where a part of a condition is one."""
    match node:
        case Path():
            return _made(node, "is", True)
        case Has() if node.names[0] != "answers":
            return _made(Path(node.names), "is set")
        case Unary(op="!", right=Path() as path):
            return _made(path, "is", False)
        case Unary(op="!", right=Has(names=names)) if names[0] != "answers":
            return _made(Path(names), "is not set")
        case Binary(op="&&" | "||"):
            return _answered(node)
        case Binary():
            return _compared(node)
        case Call(name="contains" | "startsWith" as name, args=(Path() as path, Constant(value=v))):
            return _made(path, CALLS[name], v) if isinstance(v, str) else None
        case _:
            return None


def _made(path: Path, operator: Operator, value: Any = None, **more: Any) -> SimpleRow | None:
    field = _field(path.names)
    if len(field) > LONGEST_FIELD or (isinstance(value, float) and not isfinite(value)):
        return None
    return SimpleRow(field=field, operator=operator, value=value, **more)


def _compared(node: Binary) -> SimpleRow | None:
    left, right, op = node.left, node.right, node.op
    if op == "in":
        return _among(left, right)
    if isinstance(left, Constant) and isinstance(right, Path) and op in FLIPPED:
        left, right, op = right, left, FLIPPED[op]
    if not (isinstance(left, Path) and isinstance(right, Constant) and op in SIGNS):
        return None
    if right.value is None and op in ("==", "!=") and len(left.names) == 1:
        return _made(left, "is not set" if op == "==" else "is set")
    return _made(left, SIGNS[op], right.value)


def _among(left: Node, right: Node) -> SimpleRow | None:
    if isinstance(left, Constant) and isinstance(right, Path):
        listed = _field(right.names) not in LISTS
        return _made(right, "contains", left.value, list=listed) if left.value is not None else None
    if not (isinstance(left, Path) and isinstance(right, Listing) and right.items):
        return None
    values = [one.value for one in right.items if isinstance(one, Constant)]
    finite = all(not isinstance(one, float) or isfinite(one) for one in values)
    whole = len(values) == len(right.items) and finite
    return _made(left, "is one of", values) if whole else None


def _answered(node: Binary) -> SimpleRow | None:
    """``has(answers.x) && answers.x != null``, and its contrary."""
    there = node.op == "&&"
    first: Node | None = node.left
    if not there:
        first = first.right if isinstance(first, Unary) and first.op == "!" else None
    if not (isinstance(first, Has) and first.names[0] == "answers"):
        return None
    match node.right:
        case Binary(op=op, left=Path(names=names), right=Constant(value=None)):
            if names == first.names and op == ("!=" if there else "=="):
                return _made(Path(names), "is set" if there else "is not set")
    return None


def _field(names: Sequence[str]) -> str:
    """A path as CEL reads it."""
    parts = [names[0]]
    for name in names[1:]:
        plain = name.isascii() and name.isidentifier()
        parts.append(f".{name}" if plain else f"[{_literal(name)}]")
    return "".join(parts)


def _cel(row: SimpleRow, number: int, several: bool) -> str:
    place = f"rows[{number}]"
    path = _path(row.field, place)
    field = _field(path.names)
    match row.operator:
        case "is set" | "is not set":
            return _set(path, field, row.operator == "is set", several)
        case "is one of":
            values = row.value if isinstance(row.value, list) else [row.value]
            if not values:
                message = "“is one of” needs at least one value."
                raise BadInput(message, place=f"{place}.value")
            return f"{field} in [{', '.join(_literal(one, place) for one in values)}]"
        case "contains" if row.list or field in LISTS:
            return f"{_literal(row.value, place)} in {field}"
        case "contains" | "starts with":
            if not isinstance(row.value, str):
                message = f"“{row.operator}” needs a text."
                raise BadInput(message, place=f"{place}.value")
            return f"{field}.{CALL_OF[row.operator]}({_literal(row.value, place)})"
        case operator:
            return f"{field} {SIGN_OF[operator]} {_literal(row.value, place)}"


def _set(path: Path, field: str, there: bool, several: bool) -> str:
    dotted = "[" not in field
    if len(path.names) == 1 or not dotted:
        return f"{field} {'!=' if there else '=='} null"
    if path.names[0] != "answers":
        return f"has({field})" if there else f"!has({field})"
    text = f"has({field}) && {field} != null" if there else f"!has({field}) || {field} == null"
    return f"({text})" if several else text


def _path(field: str, place: str) -> Path:
    """The name that a row is about; nothing else may stand there."""
    only = all(token.kind in ("name", "text") or token.text in ".[]" for token in tokens_of(field))
    node = parse(field) if only else None
    if not isinstance(node, Path):
        message = f"“{field[:60]}” is no name that can be read here."
        raise BadInput(message, place=f"{place}.field", fix="Write it as in contact.age.")
    return node


def _literal(value: Any, place: str = "") -> str:
    """A value as CEL writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and -LARGEST < value < LARGEST:
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return repr(value)
    message = "a row's value must be a text, a number, yes, no or nothing."
    raise BadInput(message, place=f"{place}.value" if place else None)
