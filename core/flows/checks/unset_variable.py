"""A variable or an answer that is read before anything has set it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from core.domain.findings import Finding
from core.flows.checks.base import Check
from core.flows.checks.view import FlowView
from core.flows.draft import MEANT
from core.flows.logic.flowing import set_by
from core.flows.logic.gaps import Gap, gaps
from core.flows.logic.sources import CONTACT, questions_of
from core.flows.logic.wording import way

MOST_NAMES = 1_000
ALIKE = 0.78
"""How much a field must look like a known one: ``wages`` may be meant, ``agee`` is not."""


class UnsetVariable(Check):
    """A variable or an answer that is read before anything has set it."""

    id = "unset_variable"
    family = "logic"
    severity = "warning"
    title = "Conditions read only what has been set"
    explanation = (
        "On some way through the flow nothing has set this name before it is read. A condition "
        "that reads it does not hold then, and a value that is made of it is empty. A field of the "
        "contact that looks like a known one, misspelt, is a note: your people may well have it."
    )
    fix = "Set it in a step before this one, or give it a first value under variables."
    example = """
name: A name that nothing sets
steps:
  - id: sort
    type: condition
    config:
      branches: [{when: discount > 10, next: warm}]
      else: done
  - {id: warm, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""

    def find(self, view: FlowView) -> Iterator[Finding]:
        """Every variable and answer that a condition or a value reads too early."""
        for gap in view.shared(gaps):
            if gap.kind in ("variable", "answer") and not gap.in_message:
                message = f"{gap.where} reads “{'.'.join(gap.names)}”, but {why(gap)}"
                yield self.finding(message, gap.step_id, fix=meant(view, gap) or mending(gap))
            elif gap.kind == "contact" and not gap.in_message and (near := _near(gap.names[1])):
                message = f"{gap.where} reads “{'.'.join(gap.names)}”, which not every contact has"
                yield self.finding(message, gap.step_id, fix=near, severity="info")


def why(gap: Gap) -> str:
    """Why a name has no value."""
    name = f"“{gap.names[-1]}”"
    starts = "the flow starts here, and " if len(gap.path) == 1 else ""
    if gap.kind == "answer":
        asked = f"no check-in or assessment asks {name}"
        if starts:
            return f"{starts}{asked} before it"
        return f"{asked} on the way {way(gap.path)}" if gap.path else asked
    if not gap.path:
        return f"nothing in this flow sets {name}"
    if starts:
        return f"{starts}nothing has set {name} yet"
    return f"on the way {way(gap.path)} nothing sets {name}"


def mending(gap: Gap) -> str:
    """What to do about a name without a value; only a field can be asked for with ``has()``."""
    name = gap.names[-1]
    if gap.kind == "answer":
        ask = f"Ask for {name} before this step"
        plain = name.isascii() and name.isidentifier()
        return f"{ask}, or write has(answers.{name}) && in front of it." if plain else f"{ask}."
    return fix_unset(gap.names[0])


def fix_unset(name: str) -> str:
    """What to do about a variable that nothing has set."""
    return f"Set {name} before this step, or give {name} a first value under the flow's variables."


def meant(view: FlowView, gap: Gap) -> str | None:
    """The name that was meant, where a known one looks like it."""
    if gap.path:
        return None
    known = view.shared(_asked if gap.kind == "answer" else _set)
    return _close(gap.names[-1][:100], known)


def _asked(view: FlowView) -> tuple[str, ...]:
    asked = {one.id for step in view.steps.values() for one in questions_of(step)}
    return _some({*_given(view), *asked})


def _set(view: FlowView) -> tuple[str, ...]:
    return _some({*_given(view), *(name for step in view.steps.values() for name in set_by(step))})


def _given(view: FlowView) -> Iterable[str]:
    return view.flow.variables if view.flow else ()


def _some(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names)[:MOST_NAMES])


@lru_cache(maxsize=256)
def _near(field: str) -> str | None:
    """The contact's field that was meant; a population may carry others, with names of its own."""
    close = get_close_matches(field[:100].lower(), CONTACT, n=1, cutoff=ALIKE)
    return MEANT.format(f"contact.{close[0]}") if close else None


@lru_cache(maxsize=256)
def _close(word: str, known: tuple[str, ...]) -> str | None:
    close = get_close_matches(word, known, n=1)
    return MEANT.format(close[0]) if close else None
