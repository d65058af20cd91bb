"""A branch whose condition nobody can fulfil."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from core.flows.checks.branches import BranchCheck, because, branch_of
from core.flows.checks.view import FlowView
from core.flows.logic.deciding import Verdict
from core.flows.logic.operations import kinds_of
from core.flows.logic.syntax import (
    Binary,
    Call,
    Literal,
    Node,
    Path,
    Reading,
    Unary,
    children,
    parse,
)
from core.flows.logic.values import NOTHING, Value, constant
from core.flows.logic.wording import name_of, nth

Values = Mapping[Reading, Value]
ORDER = ("<", "<=", ">", ">=")
KINDS = {"number": "a number", "text": "a text"}
GIVES = {**dict.fromkeys(("size", "int", "double"), "number"), "string": "text"}
"""What a function gives."""
MOST_REASONS, LONGEST, MOST_OF_A_SIDE = 2, 60, 40


class ConditionNeverTrue(BranchCheck):
    """A branch whose condition nobody can fulfil."""

    id = "condition_never_true"
    family = "logic"
    severity = "warning"
    title = "Every branch can be fulfilled"
    explanation = (
        "Nobody can fulfil this condition, so nobody takes this branch. Its parts contradict each "
        "other, it asks for a value that its name can never have, or it mixes kinds of values, "
        "which raises an error each time."
    )
    fix = "Correct the condition, or take the branch out."
    kind = "never"
    mends = "Take the branch out"
    example = """
name: A contradiction
steps:
  - id: ask
    type: assessment
    config:
      channel: web
      body: "A short question. Reply STOP to opt out."
      questions: [{id: energy, text: "Energy from 1 to 10?", kind: scale, min: 1, max: 10}]
    next: sort
  - id: sort
    type: condition
    config:
      branches:
        - {when: answers.energy > 8 && answers.energy < 3, next: odd}
        - {when: answers.energy >= 5, next: fit}
      else: done
  - {id: odd, type: tag, config: {add: [odd]}, next: done}
  - {id: fit, type: tag, config: {add: [fit]}, next: done}
  - {id: done, type: end}
"""

    def words(self, view: FlowView, verdict: Verdict) -> str:
        """The branch, and why: what is compared that cannot be, or what its names can be."""
        tree, values = parse(verdict.source), dict(verdict.values)
        reasons = [*_no_question(tree, values), *dict.fromkeys(_mixed(tree, values))][:MOST_REASONS]
        if not reasons:
            return f"{branch_of(verdict)} can never hold{because(verdict)}"
        written = " ".join(verdict.source.split())
        written = written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"
        branch = f"the {nth(verdict.branch)} branch of “{verdict.step_id}” ({written})"
        return f"{branch} can never hold: {' and '.join(reasons)}"


def _no_question(tree: Node, values: Values) -> Iterator[str]:
    """Where the whole is a number or a text."""
    kind = _kind_of(tree, values)
    if kind is not None:
        yield f"it gives {kind}, not yes or no"


def _mixed(node: Node, values: Values, turned: bool = False) -> Iterator[str]:
    """The comparisons of a text with a number that keep an expression from holding.

    An ``==`` between them is never true, so ``turned`` by a ``!`` it always is.
    """
    turned = turned != (isinstance(node, Unary) and node.op == "!")
    for child in children(node):
        yield from _mixed(child, values, turned)
    if isinstance(node, Binary) and (node.op in ORDER or (node.op == "==" and not turned)):
        left, right = _kind_of(node.left, values), _kind_of(node.right, values)
        if left is not None and right is not None and left != right:
            yield (
                f"it compares {left} ({_written(node.left)}) with {right} ({_written(node.right)})"
            )


def _kind_of(node: Node, values: Values) -> str | None:
    """``a number`` or ``a text``, where it can be nothing else that could be compared."""
    match node:
        case Literal():
            kinds = kinds_of(constant(node.value))
        case Path():
            kinds = kinds_of(values.get(node.names, NOTHING)) - {"null"}
        case Binary(op="+"):
            return _kind_of(node.left, values) or _kind_of(node.right, values)
        case Binary() if node.op in "-*/%":
            return KINDS["number"]
        case Call():
            kinds = frozenset((GIVES.get(node.name, ""),))
        case _:
            return None
    return KINDS.get(*kinds) if len(kinds) == 1 else None


def _written(node: Node) -> str:
    """A side of a comparison as its author wrote it, as far as it is short."""
    match node:
        case Literal():
            return json.dumps(node.value, ensure_ascii=False)[:MOST_OF_A_SIDE]
        case Path():
            return name_of(node.names)
        case Call():
            return f"{node.name}(…)"
        case _:
            return "what is computed"
