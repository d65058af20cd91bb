"""Questions to the solver whose answers are values: the prover's encoding, and what it leaves open.

The prover takes texts, conversions and choices for anything that they can be. To find somebody who
takes a way they are told to the solver too. What is only likely of people (an age is a whole
number from 18 to 80) is a hint: given up where nothing fits it, and never part of a proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from core.flows.logic.proving import Proof, Symbol
from core.flows.logic.reasoning import State
from core.flows.logic.syntax import Binary, Call, Choice, Listing, Node, Path, Reading
from core.flows.logic.syntax import Literal as Written
from core.flows.logic.values import KINDS, MISSING
from core.flows.reach.patterns import samples_of

Answer = Literal["yes", "no", "unsure"]
LIKELY: dict[str, tuple[int, int]] = {
    "age": (18, 80),
    "visits": (0, 1_000),
    "purchases": (0, 1_000),
    "last_seen_days": (0, 365),
}
"""Whole numbers that people usually have."""
WORDS = ("name", "first_name", "email", "phone", "timezone", "language", "persona")
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\x([0-9a-fA-F]{2})")
TAGS = ("contact", "tags")
ANSWER = "answer#"
"""How the names of answers begin."""
MOST_LENGTH = 4
MOST_TAGS = 50
MOST_TRIES = 12


class Question(Proof):
    """Some conditions, and whether values are found with which they come out as wanted."""

    def __init__(self, names: State, solver: Any, world: Any) -> None:
        super().__init__(names, solver, world)
        self._hints: list[Any] = []
        self._inputs: list[Reading] = []
        self._tags: dict[str, Any] = {}
        self._members: dict[Reading, list[tuple[Any, Any]]] = {}
        self._tag_size: Any = None
        self._model: Any = None

    def answer(self, *, likely: bool) -> Answer:
        """Whether there are such values; likely ones, as far as that goes, where that is asked."""
        z, kept = self._z, []
        if self._tag_size is not None and self._tags:
            counted = (z.If(has, 1, 0) for has in self._tags.values())
            self._solver.add(self._tag_size >= z.Sum(*counted))
        for number, hint in enumerate(self._hints if likely else ()):
            name = z.Bool(f"hint{number}", self._world)
            self._solver.add(z.Implies(name, hint))
            kept.append(name)
        for _ in range(MOST_TRIES):
            found = self._solver.check(*kept)
            if found == z.sat:
                self._model = self._solver.model()
                return "yes"
            if found == z.unsat:
                core = {str(one) for one in self._solver.unsat_core()}
                if not core:
                    return "no"
                kept = [one for one in kept if str(one) not in core]
            elif kept:
                kept = []
            else:
                break
        return "unsure"

    # What was found

    def values(self) -> dict[Reading, Any]:
        """What was found for everything that is read; what is not there is left out."""
        found = {
            names: self._value(names)
            for names in self._inputs
            if len(names) > 1 or names[0].startswith(ANSWER)
        }
        return {names: value for names, value in found.items() if value is not MISSING}

    def missing(self) -> set[Reading]:
        """What is read, and must not be there."""
        return {one for one in self._inputs if len(one) > 1 and self._value(one) is MISSING}

    def tags(self) -> list[str]:
        """The tags that the contact has at first."""
        found = [word for word, has in self._tags.items() if self._is(has)]
        if self._tag_size is not None:
            size = self._plain("ints", self._model.eval(self._tag_size, model_completion=True))
            found += [f"tag-{number}" for number in range(len(found), min(size, MOST_TAGS))]
        return found

    def _is(self, guard: Any) -> bool:
        return bool(self._z.is_true(self._model.eval(guard, model_completion=True)))

    def _value(self, names: Reading) -> Any:
        symbol = self._known[names]
        kind = next((one for one in KINDS if self._is(symbol.guards[one])), "absent")
        if kind in symbol.terms:
            return self._plain(kind, self._model.eval(symbol.terms[kind], model_completion=True))
        held = [one for one, has in self._members.get(names, ()) if self._is(has)]
        empty: dict[str, Any] = {"null": None, "lists": held, "fields": {}}
        return empty.get(kind, MISSING)

    def _plain(self, kind: str, term: Any) -> Any:
        if kind == "bools":
            return bool(self._z.is_true(term))
        if kind == "ints":
            return int(term.as_long())
        if kind == "texts":
            return _unescaped(term.as_string())
        exact = term if hasattr(term, "as_fraction") else term.approx(12)
        return float(exact.as_fraction())

    # The encoding

    def _path(self, names: Reading) -> Symbol:
        known = names in self._known
        symbol = super()._path(names)
        if not known:
            self._inputs.append(names)
            self._hint(names, symbol)
        return symbol

    def _hint(self, names: Reading, symbol: Symbol) -> None:
        if names[0] == "contact" and len(names) == 2:
            self._hint_of_contact(names[1], symbol)
        elif len(names) == 2 and names[1] == "hours" and "doubles" in symbol.terms:
            hours = symbol.terms["doubles"]
            self._hints.append(self._z.And(hours >= self._z.Q(1, 100, self._world), hours <= 48))
        elif names[0].startswith(ANSWER):
            self._hints.append(self._not(symbol.guards["null"]))

    def _hint_of_contact(self, name: str, symbol: Symbol) -> None:
        guards, terms = symbol.guards, symbol.terms
        if name in LIKELY and "ints" in terms:
            low, high = LIKELY[name]
            self._hints.append(self._z.And(guards["ints"], terms["ints"] >= 0))
            self._hints.append(self._z.And(terms["ints"] >= low, terms["ints"] <= high))
        elif name in WORDS:
            self._hints.append(guards["texts"])
        else:
            odd = (guards[kind] for kind in ("null", "lists", "fields"))
            self._hints.append(self._not(self._or(*odd)))

    def _encoded(self, node: Node) -> Symbol:
        match node:
            case Call("counted", (Listing((_, *changes)),)):
                return self._counted([str(getattr(one, "value", "")) for one in changes])
            case Binary("in", Written(), Path(names)) if names[0] == "contact" and names != TAGS:
                return self._held(node)
            case Call("kept", (inner,)):
                return self._kept(self._symbol(inner))
            case Binary("in", Written(str() as word), Path(("contact", "tags"))):
                return self._tagged(word)
            case Call("matches", (text, Written(str() as pattern))):
                return self._matches(node, self._symbol(text), pattern)
            case Call("startsWith" | "endsWith" | "contains", (text, part)):
                return self._text_test(node.name, self._symbol(text), self._symbol(part))
            case Call("size", (inner,)):
                return self._sized(node, self._symbol(inner))
            case Call("double" | "int" | "string", (inner,)):
                return self._converted(node, self._symbol(inner))
            case _:
                return super()._encoded(node)

    def _tagged(self, word: str) -> Symbol:
        if word not in self._tags:
            self._tags[word] = self._z.Bool(f"tag {word}", self._world)
            self._hints.append(self._not(self._tags[word]))
        return self._test(self._tags[word], self._not(self._tags[word]))

    def _counted(self, changes: list[str]) -> Symbol:
        """How many tags there are once some (``+a``) were added and others (``-b``) removed."""
        first = self._symbol(Call("size", (Path(TAGS),))).terms["ints"]
        z, apart = self._z, self._z.Int("tags apart", self._world)
        before = [z.If(self._tagged(one[1:]).true, 1, 0) for one in changes]
        self._solver.add(apart <= first, apart >= z.Sum(*before), apart >= z.If(first > 0, 1, 0))
        self._hints.append(apart == first)
        count = apart - z.Sum(*before) + sum(one[0] == "+" for one in changes)
        self._solver.add(count >= 0)
        guards = dict.fromkeys(KINDS, self._false) | {"ints": self._true}
        return Symbol(guards, {"ints": count})

    def _held(self, node: Binary) -> Symbol:
        """Whether a value is in a list that the contact carries; or in a mapping, which is open."""
        assert isinstance(node.right, Path) and isinstance(node.left, Written)
        right = self._symbol(node.right)
        has = self._z.Bool(self._name(), self._world)
        self._members.setdefault(node.right.names, []).append((node.left.value, has))
        inside = self._or(right.guards["lists"], right.guards["fields"])
        self._hints.append(self._z.Implies(inside, right.guards["lists"]))
        return self._test(self._and(inside, has), self._and(inside, self._not(has)))

    def _kept(self, symbol: Symbol) -> Symbol:
        guards = dict(symbol.guards)
        guards["null"] = self._or(guards["null"], guards["absent"])
        guards["absent"] = self._false
        return Symbol(guards, dict(symbol.terms))

    def _choice(self, node: Choice) -> Symbol:
        test, yes, no = (self._symbol(part) for part in (node.test, node.yes, node.no))
        holds, fails = self._holds(test), self._fails(test)
        guards = {
            kind: self._or(self._and(holds, yes.guards[kind]), self._and(fails, no.guards[kind]))
            for kind in KINDS
        }
        guards["absent"] = self._or(guards["absent"], self._not(self._or(holds, fails)))
        terms = {}
        for kind in ("bools", "ints", "doubles", "texts"):
            one, other = yes.terms.get(kind), no.terms.get(kind)
            if one is not None and other is not None:
                terms[kind] = self._z.If(holds, one, other)
            elif one is not None or other is not None:
                terms[kind] = other if one is None else one
        return Symbol(guards, terms)

    def _text_test(self, name: str, text: Symbol, part: Symbol) -> Symbol:
        if "texts" not in text.terms or "texts" not in part.terms:
            return self._test(self._false, self._false)
        z, one, two = self._z, text.terms["texts"], part.terms["texts"]
        both = self._and(text.guards["texts"], part.guards["texts"])
        tests = {"startsWith": z.PrefixOf, "endsWith": z.SuffixOf}
        holds = tests[name](two, one) if name in tests else z.Contains(one, two)
        return self._test(self._and(both, holds), self._and(both, self._not(holds)))

    def _matches(self, node: Node, text: Symbol, pattern: str) -> Symbol:
        """Whether it matches is open; a text that does, or does not, is a hint."""
        if "texts" not in text.terms:
            return self._test(self._false, self._false)
        z, term, is_text = self._z, text.terms["texts"], text.guards["texts"]
        holds = z.Bool(self._name(), self._world)
        fits, other = samples_of(pattern)
        same = [term == z.StringVal(one, self._world) for one in fits]
        apart = [term == z.StringVal(one, self._world) for one in other]
        self._hints.append(z.Implies(z.And(is_text, holds), self._or(*same)))
        self._hints.append(z.Implies(z.And(is_text, z.Not(holds)), self._or(*apart)))
        return self._test(self._and(is_text, holds), self._and(is_text, self._not(holds)))

    def _sized(self, node: Call, inner: Symbol) -> Symbol:
        """The bytes of a text, as many as its letters or more; of a list or a mapping, anything."""
        symbol = self._rest(node)
        if "ints" in symbol.terms and "texts" in inner.terms:
            z, size, length = self._z, symbol.terms["ints"], self._z.Length(inner.terms["texts"])
            bounds = z.And(size >= length, size <= MOST_LENGTH * length)
            self._solver.add(z.Implies(inner.guards["texts"], bounds))
            self._hints.append(z.Implies(inner.guards["texts"], size == length))
        if isinstance(node.args[0], Path) and node.args[0].names == TAGS:
            self._tag_size = symbol.terms["ints"]
        if "ints" in symbol.terms:
            fits = self._or(*(inner.guards[kind] for kind in ("texts", "lists", "fields")))
            guards = dict.fromkeys(KINDS, self._false)
            guards |= {"ints": fits, "absent": self._not(fits)}
            return Symbol(guards, dict(symbol.terms))
        return symbol

    def _converted(self, node: Call, inner: Symbol) -> Symbol:
        symbol = self._rest(node)
        if node.name == "string" or not inner.terms.keys() & {"ints", "doubles"}:
            return self._as_text(symbol, inner) if node.name == "string" else symbol
        z, terms = self._z, inner.terms
        kind = "doubles" if node.name == "double" else "ints"
        if kind not in symbol.terms:
            return symbol
        own = symbol.terms[kind]
        if kind in terms:
            self._same_where(symbol, inner, kind, own == terms[kind])
        if kind == "doubles" and "ints" in terms:
            self._same_where(symbol, inner, "ints", own == z.ToReal(terms["ints"]))
        if kind == "ints" and "doubles" in terms:
            number = terms["doubles"]
            cut = z.If(number >= 0, z.ToInt(number), -z.ToInt(-number))
            self._same_where(symbol, inner, "doubles", own == cut)
        self._solver.add(z.Implies(inner.guards["absent"], symbol.guards["absent"]))
        return symbol

    def _same_where(self, symbol: Symbol, inner: Symbol, kind: str, same: Any) -> None:
        there = self._and(inner.guards[kind], self._not(symbol.guards["absent"]))
        self._solver.add(self._z.Implies(there, same))
        if symbol.guards["absent"] is not self._false:
            certain = self._z.Implies(inner.guards[kind], self._not(symbol.guards["absent"]))
            self._hints.append(certain)

    def _as_text(self, symbol: Symbol, inner: Symbol) -> Symbol:
        z = self._z
        if "texts" not in symbol.terms:
            return symbol
        if "texts" in inner.terms:
            same = symbol.terms["texts"] == inner.terms["texts"]
            self._solver.add(z.Implies(inner.guards["texts"], same))
        if "ints" in inner.terms:
            number, minus = inner.terms["ints"], z.StringVal("-", self._world)
            said = z.If(number >= 0, z.IntToStr(number), z.Concat(minus, z.IntToStr(-number)))
            self._solver.add(z.Implies(inner.guards["ints"], symbol.terms["texts"] == said))
        return symbol

    def _calculated(self, node: Binary) -> Symbol:
        left, right = self._symbol(node.left), self._symbol(node.right)
        guards = dict.fromkeys(KINDS, self._false)
        if node.op == "+":
            guards["lists"] = self._and(left.guards["lists"], right.guards["lists"])
        terms: dict[str, Any] = {}
        for kind in ("ints", "doubles", "texts"):
            if kind in left.terms and kind in right.terms:
                self._add_result(node.op, kind, (left, right), guards, terms)
        possible = self._or(guards["lists"], *(guards[kind] for kind in terms))
        guards["absent"] = self._not(possible)
        return Symbol(guards, terms)

    def _add_result(
        self,
        op: str,
        kind: str,
        sides: tuple[Symbol, Symbol],
        guards: dict[str, Any],
        terms: dict[str, Any],
    ) -> None:
        z, (a, b) = self._z, (side.terms[kind] for side in sides)
        both = self._and(*(side.guards[kind] for side in sides))
        if kind == "texts":
            if op == "+":
                guards[kind], terms[kind] = both, z.Concat(a, b)
        elif op in ("+", "-", "*"):
            exact = a + b if op == "+" else a - b if op == "-" else a * b
            guards[kind], terms[kind] = both, exact if kind == "ints" else self._about(exact)
        elif kind == "ints":
            size = z.If(b >= 0, b, -b)
            cut = z.If(a >= 0, a, -a) / size
            signed = z.If((a >= 0) == (b >= 0), cut, -cut)
            guards[kind] = self._and(both, b != 0)
            terms[kind] = signed if op == "/" else a - b * signed
        elif op == "/":
            open_ = z.Real(self._name(), self._world)
            guards[kind], terms[kind] = both, z.If(b == 0, open_, self._about(a / b))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def world_of(worlds: dict[str, Any]) -> dict[str, Any]:
    """The solver and its world, made where they are first asked for."""
    if not worlds:
        import z3

        worlds.update(z3=z3, world=z3.Context())
    return worlds


def question(names: State, wants: Iterable[tuple[Node, bool]], worlds: dict[str, Any]) -> Question:
    """A question in a world of its own: ``worlds`` keeps it between questions of one search."""
    world_of(worlds)
    asked = Question(names, worlds["z3"], worlds["world"])
    for node, truth in wants:
        asked.claim(node, truth)
    return asked
