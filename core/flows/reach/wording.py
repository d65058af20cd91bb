"""Why nobody can take a way, in words."""

from __future__ import annotations

from collections.abc import Sequence

from core.flows.compiled import CompiledStep
from core.flows.inspection import spoken_condition

NOT_DECIDED = (
    "Not known: the search ended before anybody was found, or it was proven that nobody is."
)
NOT_PLAYED = "Not known: it looks possible, but whoever was tried takes another way when played."
ONLY_BY_LINK = (
    "Not known: only somebody who leaves by the unsubscribe link may take it, and a written reply "
    "cannot do that."
)
TOO_MUCH = "Not known: whoever takes it carries more attributes or replies than a test can hold."
NO_WAY_HERE = "No way from the start leads to this step."
NOBODY_HERE = "Nobody gets to this step."
NO_REPLY = "there is no reply"
NO_MESSAGE = "No reply can come here: no message before this step is still to be answered."
TOO_LATE = "Nobody gets this far: a contact stops after 365 days or 1,000 steps."
MOST_SHOWN = 4


def contradicts(source: str) -> str:
    """A condition that holds for nobody, wherever it stands."""
    said = f"“{spoken_condition(source)}” can never hold"
    return f"{said}: its parts rule each other out." if "&&" in source else f"{said}."


def shadowed(number: int, step: CompiledStep) -> str:
    """A branch that only those before it can be taken for."""
    before = [f"“{spoken_condition(one.source)}”" for one in step.conditions[:number]]
    which = "the branch" if len(before) == 1 else "one of the branches"
    return f"Whenever this holds, {which} before it holds too: {listed(before, 'or')}."


def never_left_over(step: CompiledStep) -> str:
    """An ``else`` that nobody takes."""
    every = [f"“{spoken_condition(one.source)}”" for one in step.conditions]
    if len(every) == 1:
        return f"Its branch {every[0]} always holds here."
    return f"One of its branches always holds here: {listed(every, 'or')}."


def needs(source: str, known: str) -> str:
    """A branch that what is known here rules out."""
    return f"The branch needs “{spoken_condition(source)}”, but here {known}."


def ruled_out(source: str) -> str:
    """A branch that is ruled out, where no one thing can be named."""
    return f"The branch needs “{spoken_condition(source)}”, which what came before rules out."


def conflicts(source: str | None, before: Sequence[tuple[str, str, bool]]) -> str:
    """A branch that what was looked at before rules out: step, condition, and how it came out."""
    said = [
        f"“{spoken_condition(one)}” {'holds' if truth else 'does not hold'} at “{step}”"
        for step, one, truth in before
    ]
    what = (
        "Everybody here takes a branch"
        if source is None
        else (f"The branch needs “{spoken_condition(source)}”")
    )
    return f"{what}, but on every way here its conditions rule that out: {listed(said, 'and')}."


def behind(step: str, way: str, why: str) -> str:
    """A step to which only ways lead that nobody takes."""
    return f"{NOBODY_HERE} A way to it is “{way}” of “{step}”, which nobody takes: {why}"


def listed(words: Sequence[str], joint: str, most: int = MOST_SHOWN) -> str:
    """``a, b and c``; of many only some."""
    shown = list(dict.fromkeys(words))
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}"
