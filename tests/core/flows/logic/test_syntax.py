"""Our tree of an expression, held against CEL itself and against cel-python's tree."""

from __future__ import annotations

from typing import Any

import celpy
import pytest
from hypothesis import HealthCheck, given, settings

from core.flows.conditions import Expression
from core.flows.logic.syntax import (
    Binary,
    Call,
    Choice,
    Has,
    Listing,
    Literal,
    Node,
    Opaque,
    Path,
    Unary,
    parse,
    reads,
)
from tests.core.flows.logic.expressions import conditions, contexts, domains

READS = {
    "answers.energy > 8 && answers.energy < 3": {("answers", "energy")},
    'has(a.b) && a.b.c == "x"': {("a", "b"), ("a", "b", "c")},
    "contact.tags.exists(t, t == x)": {("contact", "tags"), ("x",)},
    'a["k"] in ["x", y]': {("a", "k"), ("y",)},
    "type(i) == int": {("i",)},
    "{'a': b}.a": {("b",)},
    "a.b.size() > size(c)": {("a", "b"), ("c",)},
    'matches == "size"': {("matches",)},
    "x == 2u": {("x",)},
}
WRITTEN = {
    "-3": "-3",
    "1 - 1": "(1 - 1)",
    "1 + 2 * 3": "(1 + (2 * 3))",
    "a - b - c": "((a - b) - c)",
    "!a && b": "(!a && b)",
    "a || b && c": "(a || (b && c))",
    "a ? b : c ? d : e": "(a ? b : (c ? d : e))",
    "1 < 2 == true": "((1 < 2) == True)",
    "- -a": "--a",
    '"a\\"b"': "'a\"b'",
    "r'\\d'": "'\\\\d'",
    "0x10 + 1e2": "(16 + 100.0)",
}


def written(node: Node) -> str:
    """A tree with all its brackets."""
    match node:
        case Literal(value):
            return repr(value)
        case Path(names):
            return ".".join(names)
        case Has(names):
            return f"has({'.'.join(names)})"
        case Unary(op, right):
            return op + written(right)
        case Binary(op, left, right):
            return f"({written(left)} {op} {written(right)})"
        case Choice(test, yes, no):
            return f"({written(test)} ? {written(yes)} : {written(no)})"
        case Listing(items):
            return f"[{', '.join(map(written, items))}]"
        case Call(name, args):
            if name in ("size", "double", "int", "string"):
                return f"{name}({written(args[0])})"
            return f"{written(args[0])}.{name}({written(args[1])})"
        case Opaque(source):
            return source


@pytest.mark.parametrize(("source", "names"), READS.items())
def test_what_is_read(source: str, names: set[Any]) -> None:
    assert reads(parse(source)) == names


@pytest.mark.parametrize(("source", "tree"), WRITTEN.items())
def test_how_tight_its_parts_are_bound(source: str, tree: str) -> None:
    assert written(parse(source)) == tree


def test_what_is_not_understood_says_nothing_but_what_it_reads() -> None:
    for source in ("{'a': b}.a", "x == 2u", "((a ? b : b) ? b : b) ? b : ((a ? b : b) ? b : b)"):
        assert any(isinstance(parse(source), kind) for kind in (Opaque, Binary))


CEL: dict[str, str] = {"True": "true", "False": "false", "None": "null", "'": '"'}


def as_cel(text: str) -> str:
    for python, cel in CEL.items():
        text = text.replace(python, cel)
    return text


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(conditions(), domains(1))
def test_the_tree_means_what_the_words_mean(source: str, domain: Any) -> None:
    again = Expression.compile(as_cel(written(parse(source))))
    for context in contexts(domain, set(domain)):
        assert again.evaluate(context) == Expression.compile(source).evaluate(context)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(conditions())
def test_the_tree_is_that_of_cel_python(source: str) -> None:
    environment = celpy.Environment()
    ours = environment.compile(as_cel(written(parse(source))))
    assert brackets_off(ours) == brackets_off(environment.compile(source))


def brackets_off(tree: Any) -> Any:
    """A tree of lark without brackets and rules that only pass something on."""
    if not hasattr(tree, "children"):
        return str(tree)
    children = [brackets_off(child) for child in tree.children]
    return children[0] if len(children) == 1 else (str(tree.data), *children)
