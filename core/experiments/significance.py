"""One number that says how clear a difference is, by the rule that the experiment goes by."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.experiment_results import Analysis, Effect
from core.domain.experiments import Rule
from core.experiments.statistics import adjusted


def significance(analysis: Analysis, rule: Rule, planned: int | None = None) -> float | None:
    """1 - p of the primary metric under the experiment's own rule; None where it cannot be told.

    It is that of the variant furthest from the control, corrected for the number of variants
    (Holm). Rules that allow several looks go by the always-valid p-value; a fixed one by the p that
    is read once, and not before the planned participants are there. A rule by expected loss has
    no p-value, and data that cannot be believed give none.

    Args:
        analysis: A look.
        rule: The rule chosen beforehand.
        planned: How many participants were planned, in all variants.
    """
    if analysis.advice.outcome == "broken" or not analysis.metrics:
        return None
    ps = _ps(analysis.metrics[0].effects, rule)
    if rule.kind == "fixed" and planned and analysis.people() < planned:
        return None
    found = [p for p in ps if p is not None]
    return 1 - min(found) if found else None


def _ps(effects: Sequence[Effect], rule: Rule) -> list[float | None]:
    if rule.kind == "expected_loss":
        return []
    if rule.kind == "fixed":
        return [effect.adjusted_p for effect in effects]
    return adjusted([effect.always.p if effect.always else None for effect in effects], "holm")
