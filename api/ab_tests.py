"""An experiment in the source document's ABTest shape, and back."""

from __future__ import annotations

from string import ascii_lowercase

from api.experiment_models import ABTest, ABVariant, ABVariantIn, NewABTest, TestState
from core.commands import checked_design
from core.domain.experiment_results import Analysis, ArmValue, Effect, MetricReading, Outcome
from core.domain.experiments import (
    Design,
    Experiment,
    Metric,
    SourceKind,
    Status,
    Variant,
)
from core.experiments import significance

STATES: dict[Status, TestState] = {
    "draft": "DRAFT",
    "running": "ACTIVE",
    "stopped": "STOPPED",
    "decided": "COMPLETED",
}
_YES_OR_NO = ("proportion", "retention")
_ANY_GOAL = Metric(id="conversion", name="Conversion", role="primary", value="goal")


def source_of(wanted: NewABTest) -> SourceKind:
    """Where an A/B test's figures come from."""
    return wanted.source or ("rehearsal" if wanted.flow is not None else "live")


def design_of(wanted: NewABTest) -> Design:
    """What an A/B test decides beforehand."""
    given = wanted.model_dump(
        include={
            "creator_id", "hypothesis", "control", "flow", "flow_version", "population", "seed",
            "segments", "rule", "prior", "planned",
        }
    )  # fmt: skip
    if wanted.assignment is not None:
        given["assignment"] = wanted.assignment
    return checked_design(
        {
            **given,
            "name": wanted.test_name,
            "variants": variants_of(wanted.variants),
            "metrics": wanted.metrics or [_ANY_GOAL],
        }
    )


def variants_of(given: list[ABVariantIn], taken: tuple[Variant, ...] = ()) -> list[Variant]:
    """Variants under their ids; one without an id gets the next free ``variant_a``."""
    used = {one.id for one in taken} | {one.variant_id for one in given if one.variant_id}
    found = []
    for one in given:
        id = one.variant_id or next(free for free in _ids() if free not in used)
        used.add(id)
        found.append(one.variant(id))
    return found


def _ids() -> list[str]:
    return [f"variant_{letter}" for letter in ascii_lowercase]


def as_ab_test(one: Experiment, seen: Analysis | None) -> ABTest:
    """An experiment as an A/B test, with what its newest look saw."""
    design = one.design
    primary = design.primary
    return ABTest(
        test_id=one.id,
        creator_id=design.creator_id,
        test_name=design.name,
        status=STATES[one.status],
        variants=[_variant(one, variant, seen) for variant in design.variants],
        statistical_significance=significance(seen, design.rule, _planned(one)) if seen else None,
        winner=_winner(one, seen),
        recommendations=_said(seen),
        hypothesis=design.hypothesis,
        control=design.control_id,
        primary_metric=primary.id if primary else None,
        metric_kind=primary.kind if primary else None,
        rule=design.rule.kind,
        outcome=_outcome(one, seen),
        look=seen.number if seen else None,
        participants=seen.people() if seen else 0,
        warnings=list(seen.warnings) if seen else [],
        source=one.source,
        created_at=one.created_at,
        fingerprint=one.registered.fingerprint if one.registered else None,
    )


def _planned(one: Experiment) -> int | None:
    return one.registered.people if one.registered else one.design.planned.people


def _outcome(one: Experiment, seen: Analysis | None) -> Outcome | None:
    if one.decided is not None:
        return one.decided.outcome
    return seen.advice.outcome if seen else None


def _winner(one: Experiment, seen: Analysis | None) -> str | None:
    """Whom the recorded decision names, else whom the rule declares now."""
    if one.decided is not None:
        return one.decided.variant if one.decided.outcome == "winner" else None
    if seen is None or seen.advice.outcome != "winner":
        return None
    return seen.advice.variant


def _said(seen: Analysis | None) -> list[str]:
    if seen is None:
        return []
    advice = seen.advice
    return [line for line in (advice.headline, *advice.reasons, advice.next) if line]


def _variant(one: Experiment, variant: Variant, seen: Analysis | None) -> ABVariant:
    primary = seen.metrics[0] if seen and seen.metrics else None
    rate = _arm(_yes_or_no(seen), variant.id)
    arm, effect = _arm(primary, variant.id), _effect(primary, variant.id)
    always, bayes = (effect.always, effect.bayes) if effect else (None, None)
    return ABVariant(
        variant_id=variant.id,
        name=variant.label,
        personality_config=variant.personality_config,
        participants=seen.participants.get(variant.id, 0) if seen else 0,
        conversion_rate=_share(rate),
        conversion_low=rate.low if rate else None,
        conversion_high=rate.high if rate else None,
        control=variant.id == one.design.control_id,
        weight=variant.weight,
        note=variant.note,
        value=arm.value if arm else None,
        effect=always.absolute if always else None,
        lift=always.relative if always else None,
        p=always.p if always else None,
        probability_better=bayes.better if bayes else None,
        expected_loss=bayes.loss_if_chosen if bayes else None,
    )


def _share(arm: ArmValue | None) -> float | None:
    """So many of so many; nothing for nobody."""
    if arm is None or arm.count is None:
        return arm.value if arm else None
    return arm.count / arm.n if arm.n else None


def _yes_or_no(seen: Analysis | None) -> MetricReading | None:
    """The first metric that participants did or did not; the primary one stands first."""
    metrics = seen.metrics if seen else ()
    return next((metric for metric in metrics if metric.kind in _YES_OR_NO), None)


def _arm(reading: MetricReading | None, variant: str) -> ArmValue | None:
    arms = reading.arms if reading else ()
    return next((arm for arm in arms if arm.variant == variant), None)


def _effect(reading: MetricReading | None, variant: str) -> Effect | None:
    effects = reading.effects if reading else ()
    return next((effect for effect in effects if effect.variant == variant), None)
