"""Conditions made by hypothesis, over a few names that can each be a few things."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from core.flows.logic.values import ABSENT, MISSING, NOTHING, Fields, Value, constant

NUMBERS = ("a", "b", "r.n")
TEXTS = ("t", "r.t")
FLAGS = ("f",)
LISTS = ("l",)
NAMES = (*NUMBERS, *TEXTS, *FLAGS, *LISTS, "gone")
WHOLE = (-2, 0, 1, 2, 3, 5)
FRACTIONS = (0.5, 1.0, 2.5)
WORDS = ("x", "y", "xy", "")
NUMBER_DOMAIN = (*WHOLE, *FRACTIONS, None, MISSING, "x", True)
DOMAINS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(NUMBERS, NUMBER_DOMAIN),
    **dict.fromkeys(TEXTS, (*WORDS, None, MISSING, 1)),
    "f": (True, False, None, MISSING),
    "l": ((), ("x",), ("x", "y"), MISSING),
    "gone": (MISSING,),
}

LITERALS = (*map(str, WHOLE), *map(str, FRACTIONS))
QUOTED = tuple(f'"{word}"' for word in WORDS)
PLAIN = (*LITERALS, *QUOTED, "null", "true", "false")
ORDER = ("<", "<=", ">", ">=")
FORMS: tuple[tuple[tuple[str, ...] | str, ...], ...] = (
    (NUMBERS, ORDER, LITERALS),
    (NUMBERS, ORDER, LITERALS),
    (NUMBERS, ORDER, LITERALS),
    (LITERALS, ORDER, NUMBERS),
    (NUMBERS, ORDER, NUMBERS),
    (NUMBERS, tuple("+-*/%"), (*NUMBERS, *LITERALS), ORDER, LITERALS),
    ("-", NUMBERS, ORDER, NUMBERS, tuple("+-*"), LITERALS),
    ("double(", NUMBERS, ")", ORDER, LITERALS),
    ("int(", NUMBERS, ") *", LITERALS, ORDER, LITERALS),
    (NAMES, ("==", "!="), PLAIN),
    (NAMES, ("==", "!="), PLAIN),
    (NAMES, ("==", "!="), NAMES),
    (TEXTS, ORDER, QUOTED),
    (NAMES, "in [", PLAIN, ",", PLAIN, "]"),
    (QUOTED, "in", ("l", "r", "t")),
    (TEXTS, "in l"),
    ("size(", ("t", "l", "r", "a"), ")", ORDER, LITERALS),
    (("t.", "r.t.", "a."), ("startsWith(", "endsWith(", "contains("), QUOTED, ")"),
    (("f", "gone", "has(r.n)", "has(r.t)", "has(r.z)", "true", "false"),),
    ('l.exists(i, i == "x")',),
)


@st.composite
def conditions(draw: Any, depth: int = 3) -> str:
    """A condition of a few tests."""
    kind = draw(st.integers(0, 9)) if depth else 0
    if kind < 4:
        form = draw(st.sampled_from(FORMS))
        return " ".join(
            part if isinstance(part, str) else draw(st.sampled_from(part)) for part in form
        )
    left, right = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    assume((left + right).count("exists") < 2)
    if kind < 9:
        return f"({left} {('&&', '||')[kind % 2]} {right})" if kind < 8 else f"!({left})"
    return f"({left} ? {right} : {draw(conditions(0))})"


@st.composite
def domains(draw: Any, most: int = 3) -> dict[str, tuple[Any, ...]]:
    """What each name can be: at most so many things each."""
    return {
        name: tuple(draw(st.lists(st.sampled_from(all_), min_size=1, max_size=most, unique=True)))
        for name, all_ in ((name, list(values)) for name, values in DOMAINS.items())
    }


def contexts(domain: dict[str, tuple[Any, ...]], names: set[str]) -> Iterator[dict[str, Any]]:
    """Every combination of what some names can be."""
    wanted = [name for name in domain if name in names]
    for values in product(*(domain[name] for name in wanted)):
        context: dict[str, Any] = {"r": {}} if names & {"r", "r.n", "r.t"} else {}
        for name, value in zip(wanted, values, strict=True):
            if value is MISSING:
                continue
            holder = context["r"] if "." in name else context
            holder[name.removeprefix("r.")] = list(value) if isinstance(value, tuple) else value
        yield context


def state_of(domain: dict[str, tuple[Any, ...]]) -> Fields:
    """The same as a state."""
    values = {name: _joined(options) for name, options in domain.items()}
    inner = {name[2:]: value for name, value in values.items() if name.startswith("r.")}
    outer = {name: value for name, value in values.items() if "." not in name}
    return Fields({**outer, "r": Value(fields=Fields(inner))})


def _joined(options: tuple[Any, ...]) -> Value:
    value = NOTHING
    for option in options:
        value = value.join(ABSENT if option is MISSING else constant(option))
    return value
