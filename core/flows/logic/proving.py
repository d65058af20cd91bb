"""Proofs that conditions cannot come out in some way, by the solver z3.

A value is encoded kind by kind, each with the condition under which it is of that kind; what the
encoding does not know becomes anything that `evaluate` thinks possible. So a proof holds for every
case, and where there is none nothing is claimed. The solver is given a number of steps, not a time,
so that the same flow always gives the same findings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isinf
from typing import Any

from core.flows.logic.reasoning import ARITHMETIC, State, evaluate
from core.flows.logic.sources import Fact, Scene
from core.flows.logic.spans import Spans
from core.flows.logic.syntax import (
    Binary,
    Choice,
    Has,
    Listing,
    Literal,
    Node,
    Path,
    Reading,
    Unary,
    parse,
    reads_of,
)
from core.flows.logic.values import KINDS, Value, constant
from core.flows.logic.witness import relevant

MOST_PROOFS = 24
MOST_STEPS = 200_000
SLACK = 2.0**-30
"""How far a sum of fractions may be off, as a share of itself."""


@dataclass(slots=True)
class Prover:
    """Proves what it can, up to a number of times.

    Attributes:
        left: How many proofs may still be tried.
    """

    left: int = MOST_PROOFS
    _z: Any = None
    _world: Any = None

    def refutes(self, scene: Scene, wants: Sequence[tuple[str, bool]]) -> bool:
        """Whether it is proven that the conditions never come out like this."""
        trees = [(parse(source), truth) for source, truth in wants]
        paths = {path for tree, _ in trees for path in reads_of(tree)}
        if self.left <= 0 or not paths:
            return False
        self.left -= 1
        facts, _ = relevant(scene.facts, paths)
        if self._z is None:
            import z3

            self._z = z3
            self._world = self._z.Context()
        proof = Proof(scene.names, self._z, self._world)
        for tree, truth in trees:
            proof.claim(tree, truth)
        for fact in facts:
            proof.suppose(fact)
        return proof.refuted()


@dataclass(slots=True)
class Symbol:
    """A value that is not known: by kind, when it is of that kind, and what it is then.

    Of a test, ``true`` and ``false`` are when it is so; in any other case it raises.
    """

    guards: dict[str, Any]
    terms: dict[str, Any] = field(default_factory=dict)
    true: Any = None
    false: Any = None


class Proof:
    """One question to the solver, in a world that no other thread knows."""

    def __init__(self, names: State, solver: Any, world: Any) -> None:
        self._z = solver
        self._world = world
        self._names = names
        self._solver = self._z.Solver(ctx=self._world)
        self._solver.set("rlimit", MOST_STEPS)
        self._known: dict[str | Reading, Symbol] = {}
        self._true = self._z.BoolVal(True, self._world)
        self._false = self._z.BoolVal(False, self._world)
        self._count = 0

    def claim(self, node: Node, truth: bool) -> None:
        """Ask for a condition that holds, or does not (because it is false, or raises)."""
        holds = self._holds(self._symbol(node))
        self._solver.add(holds if truth else self._not(holds))

    def suppose(self, fact: Fact) -> None:
        """Add what is known to hold between names."""
        symbol = self._symbol(fact.node)
        if fact.name is None:
            self.claim(fact.node, fact.truth)
            return
        own = self._path((fact.name,))
        nothing = self._or(symbol.guards["absent"], symbol.guards["null"])
        self._solver.add(own.guards["null"] == nothing)
        for kind in KINDS[2:]:
            self._solver.add(own.guards[kind] == symbol.guards[kind])
            if kind in own.terms and kind in symbol.terms:
                same = own.terms[kind] == symbol.terms[kind]
                self._solver.add(self._z.Implies(own.guards[kind], same))

    def refuted(self) -> bool:
        """Whether nothing fits all of it."""
        return bool(self._solver.check() == self._z.unsat)

    # Symbols

    def _symbol(self, node: Node) -> Symbol:
        key = repr(node)
        if key not in self._known:
            self._known[key] = self._encoded(node)
        return self._known[key]

    def _encoded(self, node: Node) -> Symbol:
        match node:
            case Path():
                return self._path(node.names)
            case Has():
                return self._has(node)
            case Unary(op="!"):
                inner = self._symbol(node.right)
                return self._test(self._fails(inner), self._holds(inner))
            case Unary():
                return self._negative(self._symbol(node.right))
            case Choice():
                return self._choice(node)
            case Binary():
                return self._binary(node)
            case Literal():
                return self._literal(node)
            case _:
                return self._rest(node)

    def _path(self, names: Reading) -> Symbol:
        if names not in self._known:
            value = self._names.read(names)
            within = self._true
            if len(names) > 1:
                holder = self._names.read(names[:-1])
                value = holder.fields.get(names[-1]) if holder.fields else value
                within = self._path(names[:-1]).guards["fields"]
            self._known[names] = self._fresh(value, within)
        return self._known[names]

    def _name(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _fresh(self, value: Value, within: Any) -> Symbol:
        """Anything that a value can be; absent where it is not ``within`` something."""
        possible = [kind for kind in KINDS if getattr(value, kind)] or ["absent"]
        guards = dict.fromkeys(KINDS, self._false)
        if len(possible) == 1:
            guards[possible[0]] = within
        else:
            chosen = self._z.Int(self._name(), self._world)
            self._solver.add(self._or(*(chosen == KINDS.index(kind) for kind in possible)))
            for kind in possible:
                guards[kind] = self._and(within, chosen == KINDS.index(kind))
        guards["absent"] = self._or(guards["absent"], self._not(within))
        symbol = Symbol(guards)
        self._give_terms(symbol, value)
        return symbol

    def _literal(self, node: Literal) -> Symbol:
        value = constant(node.value)
        kind = next(kind for kind in KINDS if getattr(value, kind))
        makers: dict[str, Callable[[Any], Any]] = {
            "bools": lambda given: self._true if given else self._false,
            "ints": self._number,
            "doubles": self._number,
            "texts": lambda given: self._z.StringVal(given, self._world),
        }
        terms = {kind: makers[kind](node.value)} if kind in makers else {}
        return Symbol({**dict.fromkeys(KINDS, self._false), kind: self._true}, terms)

    def _and(self, *parts: Any) -> Any:
        left = [part for part in parts if part is not self._true]
        if any(part is self._false for part in left):
            return self._false
        return self._z.And(*left) if len(left) > 1 else left[0] if left else self._true

    def _or(self, *parts: Any) -> Any:
        left = [part for part in parts if part is not self._false]
        if any(part is self._true for part in left):
            return self._true
        return self._z.Or(*left) if len(left) > 1 else left[0] if left else self._false

    def _not(self, part: Any) -> Any:
        if part is self._true or part is self._false:
            return self._false if part is self._true else self._true
        return self._z.Not(part)

    def _give_terms(self, symbol: Symbol, value: Value) -> None:
        z, world = self._z, self._world
        if value.bools:
            term = symbol.terms["bools"] = z.Bool(self._name(), world)
            if len(value.bools) == 1:
                self._solver.add(term == (True in value.bools))
        for kind, make in (("ints", z.Int), ("doubles", z.Real)):
            spans: Spans = getattr(value, kind)
            if spans:
                term = symbol.terms[kind] = make(self._name(), world)
                self._solver.add(self._or(*(self._inside(term, span) for span in spans)))
        if value.texts is not None:
            term = symbol.terms["texts"] = z.String(self._name(), world)
            same = self._or(*(term == z.StringVal(text, world) for text in value.texts.named))
            self._solver.add(self._not(same) if value.texts.others else same)

    def _inside(self, term: Any, span: tuple[float, float, bool, bool]) -> Any:
        low, high, low_open, high_open = span
        parts = []
        if not isinf(low):
            parts.append(term > self._number(low) if low_open else term >= self._number(low))
        if not isinf(high):
            parts.append(term < self._number(high) if high_open else term <= self._number(high))
        return self._and(*parts)

    def _number(self, number: float) -> Any:
        if isinstance(number, int) or number.is_integer():
            return self._z.IntVal(int(number), self._world)
        top, bottom = number.as_integer_ratio()
        return self._z.Q(top, bottom, self._world)

    # Tests

    def _holds(self, symbol: Symbol) -> Any:
        if symbol.true is None:
            symbol.true = self._false
            if "bools" in symbol.terms:
                symbol.true = self._and(symbol.guards["bools"], symbol.terms["bools"])
        return symbol.true

    def _fails(self, symbol: Symbol) -> Any:
        if symbol.false is None:
            symbol.false = self._false
            if "bools" in symbol.terms:
                term = self._not(symbol.terms["bools"])
                symbol.false = self._and(symbol.guards["bools"], term)
        return symbol.false

    def _test(self, true: Any, false: Any) -> Symbol:
        """Something that is true, false, or raises."""
        decided = self._or(true, false)
        guards = dict.fromkeys(KINDS, self._false)
        guards |= {"bools": decided, "absent": self._not(decided)}
        return Symbol(guards, {"bools": true}, true, false)

    def _has(self, node: Has) -> Symbol:
        inside = self._path(node.names[:-1]).guards["fields"]
        gone = self._path(node.names).guards["absent"]
        return self._test(self._and(inside, self._not(gone)), self._and(inside, gone))

    def _choice(self, node: Choice) -> Symbol:
        test, yes, no = (self._symbol(part) for part in (node.test, node.yes, node.no))
        holds, fails = self._holds(test), self._fails(test)
        true = self._or(self._and(holds, self._holds(yes)), self._and(fails, self._holds(no)))
        false = self._or(self._and(holds, self._fails(yes)), self._and(fails, self._fails(no)))
        plain = all(set(part.terms) <= {"bools"} for part in (yes, no))
        return self._test(true, false) if plain else self._rest(node)

    def _rest(self, node: Node) -> Symbol:
        """Anything that is possible for an expression."""
        return self._fresh(evaluate(node, self._names), self._true)

    def _binary(self, node: Binary) -> Symbol:
        if node.op in ("&&", "||"):
            left, right = self._symbol(node.left), self._symbol(node.right)
            every, some = self._and, self._or
            if node.op == "||":
                every, some = some, every
            return self._test(
                every(self._holds(left), self._holds(right)),
                some(self._fails(left), self._fails(right)),
            )
        if node.op == "in":
            return self._in(node)
        if node.op in ARITHMETIC:
            return self._calculated(node)
        left, right = self._symbol(node.left), self._symbol(node.right)
        if node.op in ("==", "!="):
            return self._equal(left, right, node.op)
        return self._order(node.op, left, right)

    def _in(self, node: Binary) -> Symbol:
        if not isinstance(node.right, Listing):
            return self._rest(node)
        left = self._symbol(node.left)
        items = [self._symbol(item) for item in node.right.items]
        fine = self._and(*(self._not(one.guards["absent"]) for one in (left, *items)))
        same = self._or(*(self._same(left, item) for item in items))
        return self._test(self._and(fine, same), self._and(fine, self._not(same)))

    def _equal(self, left: Symbol, right: Symbol, op: str) -> Symbol:
        fine = self._not(self._or(left.guards["absent"], right.guards["absent"]))
        same = self._same(left, right)
        true, false = self._and(fine, same), self._and(fine, self._not(same))
        return self._test(true, false) if op == "==" else self._test(false, true)

    def _same(self, left: Symbol, right: Symbol) -> Any:
        z = self._z
        parts = [self._and(left.guards["null"], right.guards["null"])]
        parts += [
            self._and(left.guards[kind], right.guards[kind], left.terms[kind] == right.terms[kind])
            for kind in ("bools", "texts")
            if kind in left.terms and kind in right.terms
        ]
        parts += [self._and(fits, a == b) for fits, a, b in self._numbers(left, right)]
        for kind in ("lists", "fields"):
            both = self._and(left.guards[kind], right.guards[kind])
            parts.append(self._and(both, z.Bool(self._name(), self._world)))
        return self._or(*parts)

    def _numbers(self, left: Symbol, right: Symbol) -> list[tuple[Any, Any, Any]]:
        """Where both are numbers: when, and which."""
        return [
            (self._and(left.guards[a], right.guards[b]), left.terms[a], right.terms[b])
            for a in ("ints", "doubles")
            for b in ("ints", "doubles")
            if a in left.terms and b in right.terms
        ]

    def _order(self, op: str, left: Symbol, right: Symbol) -> Symbol:
        compare: dict[str, Callable[[Any, Any], Any]] = {
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
        }
        pairs = [(fits, compare[op](a, b)) for fits, a, b in self._numbers(left, right)]
        for kind, term in (("texts", self._text), ("bools", self._bit)):
            if kind in left.terms and kind in right.terms:
                both = self._and(left.guards[kind], right.guards[kind])
                pairs.append((both, compare[op](term(left.terms[kind]), term(right.terms[kind]))))
        true = self._or(*(self._and(fits, holds) for fits, holds in pairs))
        false = self._or(*(self._and(fits, self._not(holds)) for fits, holds in pairs))
        return self._test(true, false)

    def _text(self, term: Any) -> Any:
        return term

    def _bit(self, term: Any) -> Any:
        return self._z.If(term, self._number(1), self._number(0))

    def _calculated(self, node: Binary) -> Symbol:
        """Sums and products; of a division only what `evaluate` knows."""
        rest = evaluate(node, self._names)
        if node.op not in ("+", "-", "*") or rest.texts is not None or rest.lists is not None:
            return self._rest(node)
        left, right = self._symbol(node.left), self._symbol(node.right)
        guards = dict.fromkeys(KINDS, self._false)
        terms: dict[str, Any] = {}
        for kind in ("ints", "doubles"):
            if kind in left.terms and kind in right.terms:
                guards[kind] = self._and(left.guards[kind], right.guards[kind])
                exact = _result(node.op, left.terms[kind], right.terms[kind])
                terms[kind] = exact if kind == "ints" else self._about(exact)
        guards["absent"] = self._not(self._or(guards["ints"], guards["doubles"]))
        return Symbol(guards, terms)

    def _negative(self, symbol: Symbol) -> Symbol:
        terms: dict[str, Any] = {
            kind: -symbol.terms[kind] for kind in ("ints", "doubles") if kind in symbol.terms
        }
        guards = {kind: symbol.guards[kind] if kind in terms else self._false for kind in KINDS}
        guards["absent"] = self._not(self._or(guards["ints"], guards["doubles"]))
        return Symbol(guards, terms)

    def _about(self, exact: Any) -> Any:
        """A fraction as it is worked out with a limited number of digits."""
        z = self._z
        term = z.Real(self._name(), self._world)
        slack = self._number(SLACK) * z.If(exact >= 0, exact, -exact) + self._number(SLACK)
        self._solver.add(term >= exact - slack, term <= exact + slack)
        return term


def _result(op: str, left: Any, right: Any) -> Any:
    if op == "+":
        return left + right
    return left - right if op == "-" else left * right
