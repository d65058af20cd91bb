"""Decisions: what the rule says, or what a person says against it, as it is recorded."""

from __future__ import annotations

from datetime import datetime

from core.domain.errors import BadInput, Conflict
from core.domain.experiment_results import Analysis, Outcome
from core.domain.experiments import Decided, Design

_NAMED = ("winner", "harm")
_WORDS: dict[Outcome, str] = {
    "winner": "a winner",
    "keep_going": "keep going",
    "no_difference": "no difference worth having",
    "harm": "stop, it harms",
    "broken": "the data cannot be believed",
}


def by_rule(
    analysis: Analysis, at: datetime, outcome: Outcome | None, variant: str | None, note: str
) -> Decided:
    """What the rule decides at a look.

    Raises:
        Conflict: If it decides nothing yet, or something else than was asked for.
    """
    advice = analysis.advice
    asked = (outcome or advice.outcome, variant or advice.variant)
    if advice.outcome == "keep_going" or asked != (advice.outcome, advice.variant):
        raise Conflict(
            f"The rule does not say so. {advice.headline}",
            place="outcome",
            fix=f"{advice.next} A person may decide otherwise, with a note.",
        )
    return Decided(
        at=at,
        outcome=advice.outcome,
        variant=advice.variant,
        look=analysis.number,
        reasons=(advice.headline, *advice.reasons),
        note=note,
    )


def by_person(
    design: Design,
    analysis: Analysis,
    at: datetime,
    outcome: Outcome | None,
    variant: str | None,
    note: str,
) -> Decided:
    """What a person decides, whatever the rule says; it is recorded as theirs.

    Raises:
        BadInput: If it is no decision, its reason is not given, or it names no variant.
    """
    if outcome is None or outcome == "keep_going":
        raise BadInput(
            "That is no decision.",
            place="outcome",
            fix="Choose winner, no_difference, harm or broken; to keep going, do nothing.",
        )
    if not note.strip():
        raise BadInput("A person's decision needs its reason.", place="note", fix="Write down why.")
    if outcome in _NAMED and (variant is None or design.variant(variant) is None):
        ids = ", ".join(one.id for one in design.variants)
        raise BadInput("Say which variant.", place="variant", fix=f"Choose one of: {ids}.")
    advice = analysis.advice
    agrees = (advice.outcome, advice.variant) == (outcome, variant)
    reasons = (
        f"A person decided: {note.strip()}",
        f"The rule {'agrees' if agrees else 'said: ' + _WORDS[advice.outcome]}. {advice.headline}",
    )
    return Decided(
        at=at,
        outcome=outcome,
        variant=variant if outcome in _NAMED else None,
        look=analysis.number,
        reasons=reasons,
        by="person",
        note=note,
    )
