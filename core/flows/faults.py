"""What is wrong with an expression that CEL cannot read, in words for the person who wrote it.

CEL says what its grammar expected. These look for the mistakes that people make; where none of
them comes first, the place is all that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from core.domain.errors import BadInput
from core.flows.inspection import SAID, Token, place_of, tokens_of

POSITION = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
UNREADABLE = "it cannot be read here"
OPEN = {")": "(", "]": "[", "}": "{"}
STRAY = {
    "=": "write == to compare",
    "&": "write && for “and”",
    "|": "write || for “or”",
    "#": "“#” cannot stand here",
    **dict.fromkeys("“”„‟", 'write straight quotes, as in "yes"'),
    **dict.fromkeys("‘’‚", "write straight quotes, as in 'yes'"),
    **dict.fromkeys(('"', "'"), "the quote that opens here is never closed"),
}
"""Signs that CEL does not know by themselves, and what is to be done about each."""
PAIRS = {
    "=<": "write <= for “at most”",
    "=>": "write >= for “at least”",
    "<>": "write != for “is not”",
    "===": "write == to compare",
    "!==": "write != for “is not”",
    "{{": "leave out {{ and }}: a condition reads a name as it is",
}
KNOWN = frozenset("+-*/%<>!?:.,()[]{}") | {"==", "!=", "<=", ">=", "&&", "||"}
BETWEEN = frozenset("*/%+<>?:.") | {"==", "!=", "<=", ">=", "&&", "||", "in"}
"""What needs something on both of its sides."""
BEFORE = BETWEEN | {"-", "!"}
"""What needs something behind it."""
OWN = {
    "invalid int literal": "this number is too large",
    "invalid uint literal": "this number is too large",
    "invalid argument to has() macro": "has() needs a name and a field, as in has(answers.x)",
    "reserved identifier": "this word cannot be used as a name",
    "Incomplete": "? needs two values with : between, as in a ? b : c",
}
"""How some of CEL's own complaints begin."""
Fault = tuple[int, str]
"""Where, and what."""


def unreadable(source: str, complaint: str) -> BadInput:
    """Why an expression cannot be read, and the line and column.

    Args:
        source: The expression.
        complaint: What CEL says of it.
    """
    at, said = _complained(source, complaint)
    known = next((words for start, words in OWN.items() if said.startswith(start)), None)
    fault = min(_faults(source), default=None)
    if fault is not None and (fault[0] <= at or known is not None):
        at, known = fault[0], fault[1]
    return BadInput(known or UNREADABLE, place=place_of(source, at))


def _complained(source: str, complaint: str) -> Fault:
    """What CEL says first, and where that is in the source."""
    found = POSITION.search(complaint)
    if found is None:
        return 0, ""
    lines = source.split("\n")[: int(found[1]) - 1]
    return sum(len(line) + 1 for line in lines) + int(found[2]) - 1, found[3]


def _faults(source: str) -> Iterator[Fault]:
    tokens = tokens_of(source)
    if not tokens:
        yield 0, "it is empty"
        return
    end = Token("end", "", len(source.rstrip()))
    yield from _strange(source, tokens)
    yield from _brackets(tokens)
    first = tokens[0]
    if first.text in BETWEEN - {"."}:
        yield first.at, f"something is missing before {first.text}"
    for token, after in pairwise((*tokens, end)):
        yield from _side_by_side(token, after)


def _strange(source: str, tokens: tuple[Token, ...]) -> Iterator[Fault]:
    """The first sign that CEL does not know; behind a lost quote nothing can be told."""
    for token in tokens:
        if token.kind != "operator":
            continue
        pair = next((pair for pair in PAIRS if source.startswith(pair, token.at)), None)
        if pair is not None:
            yield token.at, PAIRS[pair]
            return
        if token.text not in KNOWN:
            sign = f"“{token.text}”" if token.text.isprintable() else "this sign"
            yield token.at, STRAY.get(token.text, f"{sign} cannot stand here")
            return


def _brackets(tokens: tuple[Token, ...]) -> Iterator[Fault]:
    open_: list[Token] = []
    for token in tokens:
        if token.kind != "operator":
            continue
        if token.text in OPEN.values():
            open_.append(token)
        elif token.text in OPEN:
            if not open_ or open_[-1].text != OPEN[token.text]:
                yield token.at, f"no {OPEN[token.text]} is open for this {token.text}"
                return
            open_.pop()
    for token in open_:
        yield token.at, f"the {token.text} is never closed"


def _side_by_side(token: Token, after: Token) -> Iterator[Fault]:
    """What is wrong where one word follows another."""
    low = after.text.lower()
    if _ends(token) and after.kind == "name" and low in SAID and low != "not":
        yield after.at, SAID[low]
    elif _ends(token) and low == "not":
        yield after.at, "write ! before the whole, as in !(a in b)"
    elif token.kind == "name" and token.text.lower() == "not" and _begins(after):
        yield token.at, SAID["not"]
    elif token.text in BEFORE and token.kind != "text" and _misses(after):
        yield after.at, f"something is missing after {token.text}"
    elif _ends(token) and _begins(after) and after.text not in ("(", "[", "{"):
        yield after.at, f"something is missing between {token.text[:40]} and {after.text[:40]}"


def _misses(after: Token) -> bool:
    """Whether nothing stands there that could be a value."""
    binary = after.text in BETWEEN and after.kind != "text" and after.text != "."
    return after.kind == "end" or binary or after.text in (*OPEN, ",")


def _ends(token: Token) -> bool:
    """Whether a value may end with this word."""
    return token.kind in ("text", "number") or (
        token.text in OPEN if token.kind == "operator" else token.text != "in"
    )


def _begins(token: Token) -> bool:
    """Whether a value may begin with this word."""
    return token.kind in ("text", "number") or (
        token.text in OPEN.values() if token.kind == "operator" else token.text not in ("in", "")
    )
