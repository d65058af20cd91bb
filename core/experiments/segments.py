"""The effects among the participants of each segment: ideas, corrected for looking at many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain.experiment_results import Effect, SegmentReading
from core.domain.experiments import Metric
from core.experiments import numbers
from core.experiments.contrasts import Contrast
from core.experiments.effects import Refusals, effect_of
from core.experiments.groups import Group, by_value, in_order, treatments
from core.experiments.looking import Look
from core.experiments.sentences import effect_sentence
from core.experiments.statistics import adjusted

MOST_VALUES = 30
"""Of a segment with more values, those with most participants are read."""
ENOUGH = 30
"""A value with fewer participants in an arm is not held against the others."""
ENOUGH_EVENTS = 5
"""Nor one with fewer who did it, or did not."""


@dataclass(frozen=True)
class Cut:
    """One segment's value, with everyone in it."""

    segment: str
    value: str
    group: Group


@dataclass(frozen=True)
class Found:
    """One effect in one value of a segment."""

    cut: Cut
    metric: Metric
    variant: str
    effect: Effect
    apart: float | None
    """The p-value that it is the same as among everybody else of the segment."""


def cuts(look: Look) -> list[Cut]:
    """Every value of every segment."""
    return [
        Cut(segment, value, group)
        for segment in look.design.segments
        for value, group in _largest(by_value(look.design, look.readings, segment)).items()
    ]


def segment_readings(look: Look, made: Sequence[Cut]) -> tuple[SegmentReading, ...]:
    """Each metric in each value of each segment.

    The p-values are corrected over all of them (Benjamini & Hochberg, JRSS B 57, 1995), and so are
    the always-valid ones, on which each verdict rests, and those of being another effect than
    among the rest (the leave-one-out form of Cochran's Q, Biometrics 10, 1954).
    """
    found = list(_found(look, made))
    ps = adjusted([one.effect.p for one in found], "fdr_bh")
    always = adjusted(
        [one.effect.always.p if one.effect.always else None for one in found], "fdr_bh"
    )
    apart = adjusted([one.apart for one in found], "fdr_bh")
    alpha = look.terms.alpha
    rows: dict[tuple[str, str, str], list[Effect]] = {}
    differs: set[tuple[str, str, str]] = set()
    for one, p, sure, other in zip(found, ps, always, apart, strict=True):
        key = (one.cut.segment, one.cut.value, one.metric.id)
        rows.setdefault(key, []).append(_corrected(one, p, sure is not None and sure <= alpha))
        if other is not None and other < alpha:
            differs.add(key)
    return tuple(
        SegmentReading(
            segment=cut.segment,
            value=cut.value,
            metric=metric.id,
            arms=tuple(cut.group.arm(metric, id, alpha) for id in in_order(look.design)),
            effects=tuple(rows.get((cut.segment, cut.value, metric.id), ())),
            differs=(cut.segment, cut.value, metric.id) in differs,
        )
        for cut in made
        for metric in look.design.metrics
    )


def _largest(groups: dict[str, Group]) -> dict[str, Group]:
    if len(groups) <= MOST_VALUES:
        return groups
    sizes = {value: sum(cell.n for cell in group.cells.values()) for value, group in groups.items()}
    kept = set(sorted(sizes, key=lambda value: (-sizes[value], value))[:MOST_VALUES])
    return {value: group for value, group in groups.items() if value in kept}


def _found(look: Look, made: Sequence[Cut]) -> Iterator[Found]:
    control = look.design.control_id
    if control is None:
        return
    for segment in look.design.segments:
        values = [one for one in made if one.segment == segment]
        for metric in look.design.metrics:
            for variant in treatments(look.design):
                contrasts = [one.group.contrast(metric, control, variant) for one in values]
                others = apart_from_rest(contrasts)
                for cut, contrast, other in zip(values, contrasts, others, strict=True):
                    effect = effect_of(variant, contrast, look.terms, bayes=False)
                    yield Found(cut, metric, variant, effect, other)


def _corrected(found: Found, p: float | None, sure: bool) -> Effect:
    effect = found.effect.model_copy(
        update={"adjusted_p": p, "verdict": found.effect.verdict if sure else "unclear"}
    )
    return effect.model_copy(update={"sentence": effect_sentence(found.metric, effect)})


def apart_from_rest(contrasts: Sequence[Contrast]) -> list[float | None]:
    """For each effect the p-value of being the same as the others' weighted mean.

    None where it, or all of the others, are too few to say.
    """
    known = [_known(one) for one in contrasts]
    weight = math.fsum(1 / se**2 for _, se in filter(None, known))
    total = math.fsum(value / se**2 for value, se in filter(None, known))
    return [one and _apart(one, weight, total) for one in known]


def _apart(one: tuple[float, float], weight: float, total: float) -> float | None:
    value, se = one
    rest = weight - 1 / se**2
    if rest <= weight * 1e-12:
        return None
    middle = (total - value / se**2) / rest
    return numbers.p_of_z((value - middle) / math.sqrt(se**2 + 1 / rest))


def _known(contrast: Contrast) -> tuple[float, float] | None:
    if not contrast.enough(ENOUGH, ENOUGH_EVENTS):
        return None
    made = Refusals().ask("estimate", lambda: contrast.estimate(relative=False))
    if made is None or not (math.isfinite(made.value) and 0 < made.se < math.inf):
        return None
    return made.value, made.se
