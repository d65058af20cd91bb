"""The conditions of n8n's IF, Switch and Filter, in every version that there is, as CEL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.flows.foreign.comparing import ALONE, Side, compare
from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.n8n.reads import Reads

OLD = {
    **{"equal": "equal", "notEqual": "not equal", "contains": "contains"},
    **{"notContains": "not contains", "startsWith": "starts with"},
    **{"notStartsWith": "not starts with", "endsWith": "ends with"},
    **{"notEndsWith": "not ends with", "regex": "matches", "notRegex": "not matches"},
    **{"isEmpty": "is empty", "isNotEmpty": "is full", "smaller": "less"},
    **{"smallerEqual": "less or equal", "larger": "greater", "largerEqual": "greater or equal"},
    **{"after": "greater", "before": "less"},
}
"""The operators of versions 1 and 2 of the nodes."""
NEW = {
    **{"exists": "is set", "notExists": "is not set", "empty": "is empty", "notEmpty": "is full"},
    **{"equals": "equal", "notEquals": "not equal", "true": "is true", "false": "is false"},
    **{"gt": "greater", "lt": "less", "gte": "greater or equal", "lte": "less or equal"},
    **{"after": "greater", "before": "less", "afterOrEquals": "greater or equal"},
    **{"beforeOrEquals": "less or equal", "lengthEquals": "length equal"},
    **{"lengthNotEquals": "length not equal", "lengthGt": "length greater"},
    **{"lengthLt": "length less", "lengthGte": "length greater or equal"},
    **{"lengthLte": "length less or equal"},
    **{
        name: OLD[name]
        for name in (
            *("contains", "notContains", "startsWith", "notStartsWith", "endsWith"),
            *("notEndsWith", "regex", "notRegex"),
        )
    },
}
"""The operators since version 2 of IF and Filter, and version 3 of Switch."""
FIRST = {"string": "equal", "number": "smaller", "boolean": "equal", "dateTime": "after"}
KINDS = {"string": "text", "dateTime": "date", "any": "text"}


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison: in CEL, or None where that cannot say it, and its words."""

    cel: str | None
    words: str


@dataclass
class Tested:
    """A condition: its comparisons, the word between them, and what of it was lost."""

    parts: list[Part]
    word: str = "and"
    lost: list[str] = field(default_factory=list)


def conditions_of(node: Node, reads: Reads, raw: Any) -> Tested:
    """The condition of an IF, a Filter, or one rule of a Switch."""
    if isinstance(raw, dict) and isinstance(raw.get("conditions"), list):
        return _new(node, reads, raw)
    return _old(node, reads, raw if isinstance(raw, dict) else {})


def _new(node: Node, reads: Reads, raw: dict[str, Any]) -> Tested:
    tests = [_one_new(node, reads, one) for one in raw["conditions"][:50] if isinstance(one, dict)]
    options = raw.get("options")
    tested = _together(tests, "or" if raw.get("combinator") == "or" else "and")
    loose = isinstance(options, dict) and options.get("caseSensitive") is False
    if loose or node.get("options", "ignoreCase") is True:
        tested.lost.append("n8n passes over small and capital letters here; in CEL they count.")
    return tested


def _one_new(node: Node, reads: Reads, raw: dict[str, Any]) -> Tested:
    about = raw.get("operator")
    operator = about if isinstance(about, dict) else {"operation": about, "type": "string"}
    kind = str(operator.get("type", "string"))
    name = str(operator.get("operation", "equals"))
    left, right = reads.side(node, raw.get("leftValue")), reads.side(node, raw.get("rightValue"))
    return _tested(left, NEW.get(name), right, KINDS.get(kind, kind), name)


def _old(node: Node, reads: Reads, raw: dict[str, Any]) -> Tested:
    tests = []
    for kind, rows in raw.items():
        for one in rows[:50] if isinstance(rows, list) else ():
            if isinstance(one, dict):
                name = str(one.get("operation") or FIRST.get(kind, "equal"))
                left = reads.side(node, one.get("value1"))
                right = reads.side(node, one.get("value2", "" if kind == "string" else None))
                tests.append(_tested(left, OLD.get(name), right, KINDS.get(kind, kind), name))
    any_ = node.text("combineOperation") == "any" or node.text("combineConditions") == "OR"
    return _together(tests, "or" if any_ else "and")


def _tested(left: Side, operator: str | None, right: Side, kind: str, name: str) -> Tested:
    alone = operator in ALONE
    words = f"{left.words} {operator or name}{'' if alone else f' {right.words}'}"
    if operator is None:
        return Tested([Part(None, words)])
    found = compare(left, operator, Side(None) if alone else right, kind)
    return Tested([Part(found.cel, words)], lost=list(found.lost))


def _together(tests: list[Tested], word: str) -> Tested:
    parts = [part for test in tests for part in test.parts]
    return Tested(parts, word, [sentence for test in tests for sentence in test.lost])


@dataclass
class Rule:
    """One rule of a Switch: when it holds, and the way out that it then takes."""

    test: Tested
    port: int


def rules_of(node: Node, reads: Reads) -> tuple[list[Rule], int | None]:
    """The rules of a Switch, and the way out where none holds."""
    if node.text("mode") == "expression":
        return _by_number(node, reads), None
    new = node.get("rules", "values")
    if isinstance(new, list):
        rules = [
            Rule(conditions_of(node, reads, one.get("conditions")), port)
            for port, one in enumerate(new[:99])
            if isinstance(one, dict)
        ]
        return rules, _fallback(node.get("options", "fallbackOutput"), len(rules))
    return _old_rules(node, reads), _old_fallback(node)


def _fallback(value: Any, extra: int) -> int | None:
    if value == "extra":
        return extra if extra >= 0 else None
    whole = isinstance(value, int) and not isinstance(value, bool)
    return int(value) if whole and 0 <= value < 99 else None


def _old_fallback(node: Node) -> int | None:
    rows = node.get("rules", "rules")
    named = node.version >= 2 and isinstance(rows, list)
    return _fallback(node.get("fallbackOutput"), len(rows) if named else -1)


def _old_rules(node: Node, reads: Reads) -> list[Rule]:
    kind = node.text("dataType") or "number"
    left = reads.side(node, node.get("value1"))
    rows = node.get("rules", "rules")
    rules = []
    for number, one in enumerate(rows[:99] if isinstance(rows, list) else ()):
        if not isinstance(one, dict):
            continue
        name = str(one.get("operation") or FIRST.get(kind, "equal"))
        right = reads.side(node, one.get("value2", "" if kind == "string" else None))
        port = one.get("output", number if node.version >= 2 else 0)
        whole = isinstance(port, int) and not isinstance(port, bool) and 0 <= port < 99
        test = _tested(left, OLD.get(name), right, KINDS.get(kind, kind), name)
        rules.append(Rule(test, port if whole else number))
    return rules


def _by_number(node: Node, reads: Reads) -> list[Rule]:
    """A Switch whose way out is computed."""
    value = reads.side(node, node.get("output"))
    ports = range(max(len(node.outs), 1))
    return [
        Rule(_tested(value, "equal", Side(str(port), port, str(port), True), "number", ""), port)
        for port in ports
    ]
