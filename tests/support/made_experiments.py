"""Experiments and what a look at them found, made by hand: for pages and exports.

The figures agree with each other (a share is its count over its people, an interval is around its
value), but nothing is estimated here: ``core.experiments`` has the statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any

from core.domain.experiment_results import (
    Advice,
    AlwaysValid,
    Analysis,
    ArmValue,
    BanditReading,
    BanditRound,
    Bayes,
    Effect,
    MetricReading,
    Moving,
    Outcome,
    RuleError,
    SegmentReading,
    Span,
    Warned,
)
from core.domain.experiments import Design, Experiment, Metric, Registered, Rule, Variant

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TWO = {"plain": "Plain invitation", "question": "Invitation with a question"}
WIDER = 1.31
RULES = (
    RuleError(
        rule="always_valid",
        name="Always-valid interval leaves out no difference",
        kind="always_valid",
        looks=20,
        false_alarms=0.013,
        found=0.71,
        days=13.2,
        exaggerated=0.08,
        replicates=10_000,
    ),
    RuleError(
        rule="p_daily",
        name="p under .05 at any look",
        kind="fixed",
        looks=20,
        false_alarms=0.246,
        found=0.91,
        days=7.4,
        exaggerated=0.42,
        replicates=10_000,
    ),
    RuleError(
        rule="loss_daily",
        name="Expected loss under 1 % at any look",
        kind="expected_loss",
        looks=20,
        false_alarms=0.911,
        found=0.99,
        days=2.1,
        exaggerated=0.9,
        replicates=10_000,
    ),
)


def span(value: float, half: float) -> Span:
    """A figure with so much on either side."""
    return Span(value=value, low=value - half, high=value + half)


def made_arm(variant: str, n: int, share: float, missing: int = 0) -> ArmValue:
    """A share in one variant; without people there is no share."""
    count = round(n * share)
    if not n:
        return ArmValue(variant=variant, n=0, missing=missing, count=0, text="nobody yet")
    value = count / n
    half = 1.96 * sqrt(max(value * (1 - value), 1 / n) / n)
    low, high = max(0.0, value - half), min(1.0, value + half)
    return ArmValue(
        variant=variant,
        n=n,
        missing=missing,
        count=count,
        value=value,
        low=low,
        high=high,
        sd=sqrt(value * (1 - value)),
        text=f"{count:,} of {n:,}, {100 * value:.1f} %",
    )


def made_effect(arm: ArmValue, control: ArmValue) -> Effect:
    """One arm against the control; refused, in words, where there is nobody."""
    if arm.value is None or control.value is None or not control.value:
        why = "nobody is in it yet" if not (arm.n and control.n) else "nobody did it in the control"
        return Effect(
            variant=arm.variant,
            absolute=None,
            relative=None,
            p=None,
            adjusted_p=None,
            method="",
            always=None,
            bayes=None,
            variance_removed=None,
            verdict="unclear",
            sentence=f"Nothing can be said of it: {why}.",
            refused={"absolute": why, "relative": why, "p": why, "always": why, "bayes": why},
        )
    step = arm.value - control.value
    half = 1.96 * sqrt((arm.sd or 0) ** 2 / arm.n + (control.sd or 0) ** 2 / control.n)
    always = span(step, WIDER * half)
    relative = span(step / control.value, half / control.value)
    far = abs(step) / half if half else 0.0
    p = min(1.0, 0.05 / max(far, 0.05) ** 2)
    better = min(0.999, max(0.001, 0.5 + 0.475 * max(-1, min(1, step / half if half else 0))))
    verdict = "better" if always.low > 0 else "worse" if always.high < 0 else "unclear"
    return Effect(
        variant=arm.variant,
        absolute=span(step, half),
        relative=relative,
        p=p,
        adjusted_p=min(1.0, 2 * p),
        method="Newcombe's interval for the difference of two shares",
        always=AlwaysValid(
            absolute=always,
            relative=span(relative.value, WIDER * half / control.value),
            p=min(1.0, 2.2 * p),
            method="Asymptotic confidence sequence",
            tuning=1_400,
            widening=WIDER,
        ),
        bayes=Bayes(
            better=better,
            best=better,
            loss_if_chosen=max(0.0, 0.2 * half * (1 - better)),
            loss_if_not=max(0.0, 0.4 * half * better),
            credible=span(step, half * 0.98),
            prior="Beta(1, 1): every share is as likely as any other",
        ),
        variance_removed=None,
        verdict=verdict,
        sentence=f"{100 * step:+.1f} points against the control.",
    )


def made_metric(
    id: str, name: str, shares: dict[str, float], n: int = 700, **fields: Any
) -> MetricReading:
    """One yes-or-no metric in all variants, the control first."""
    arms = tuple(made_arm(variant, n, share) for variant, share in shares.items())
    given: dict[str, Any] = {
        "metric": id,
        "name": name,
        "kind": "proportion",
        "role": "secondary",
        "better": "higher",
        "arms": arms,
        "effects": tuple(made_effect(arm, arms[0]) for arm in arms[1:]),
    }
    return MetricReading(**(given | fields))


def made_money(id: str, name: str, variants: Sequence[str], n: int = 700) -> MetricReading:
    """A mean in dollars, all variants a little apart; its relative figure is refused."""
    why = "the control's mean is too near 0 for a ratio"
    arms = tuple(
        ArmValue(
            variant=variant,
            n=n,
            missing=3,
            value=6.2 + at,
            low=5.1 + at,
            high=7.3 + at,
            sd=14.9,
            text=f"{6.2 + at:.2f} on average",
        )
        for at, variant in enumerate(variants)
    )
    effects = tuple(
        Effect(
            variant=arm.variant,
            absolute=span((arm.value or 0) - 6.2, 1.5),
            relative=None,
            p=0.19,
            adjusted_p=0.19,
            method="Welch's t",
            always=AlwaysValid(
                absolute=span((arm.value or 0) - 6.2, 2.0),
                relative=None,
                p=0.6,
                method="Asymptotic confidence sequence",
                tuning=1_400,
                widening=WIDER,
            ),
            bayes=None,
            variance_removed=0.22,
            verdict="unclear",
            sentence="It may be chance.",
            refused={"relative": why, "bayes": "no prior was given for money"},
        )
        for arm in arms[1:]
    )
    return MetricReading(
        metric=id,
        name=name,
        kind="revenue",
        role="secondary",
        better="higher",
        arms=arms,
        effects=effects,
        notes=("7 values above 180 were set to 180 (winsorised at 99 %).",),
    )


def made_design(variants: dict[str, str] = TWO, metrics: int = 3, **fields: Any) -> Design:
    """A design with a primary metric, a guardrail, and as many others as are wished."""
    listed = [
        Metric(id="booked", name="Booked a seat", role="primary", value="goal:booked"),
        *(
            Metric(id=f"m{at}", name=f"Metric {at}", value=f"goal:m{at}")
            for at in range(1, metrics - 1)
        ),
    ]
    if metrics > 1:
        opted = Metric(
            id="opted_out",
            name="Opted out",
            role="guardrail",
            better="lower",
            value="opted_out",
            margin=0.1,
        )
        listed.append(opted)
    given: dict[str, Any] = {
        "name": "Ask one question in the invitation",
        "hypothesis": "People who are asked something answer more, and book more.",
        "variants": tuple(Variant(id=id, name=name) for id, name in variants.items()),
        "metrics": tuple(listed),
        "segments": ("persona",),
        "rule": Rule(),
    }
    return Design(**(given | fields))


def made_experiment(design: Design | None = None, **fields: Any) -> Experiment:
    """A running experiment that was looked at once."""
    design = design or made_design()
    given: dict[str, Any] = {
        "id": "x-made",
        "status": "running",
        "design": design,
        "source": "rehearsal",
        "created_at": AT - timedelta(days=20),
        "registered": Registered(
            at=AT - timedelta(days=14), fingerprint=design.fingerprint, people=1_400
        ),
        "looks": 3,
    }
    return Experiment(**(given | fields))


def made_analysis(
    design: Design | None = None,
    *,
    n: int = 700,
    shares: Sequence[float] = (0.121, 0.171),
    outcome: Outcome = "winner",
    warnings: Sequence[Warned] = (),
    segments: int = 7,
    days: int = 14,
    bandit: bool = False,
    **fields: Any,
) -> Analysis:
    """One look at an experiment, in the variants and metrics of its design.

    Args:
        design: The design; a small one where it is not given.
        n: People in each variant.
        shares: The primary metric in each variant, repeated as often as there are variants.
        outcome: What the rule says.
        warnings: What must be known first.
        segments: How many values the one segment has.
        days: For how long effects are followed.
        bandit: Whether a bandit chose.
        fields: Whatever else shall be other than usual.
    """
    design = design or made_design()
    ids = [variant.id for variant in design.variants]
    by_variant = {id: shares[at % len(shares)] for at, id in enumerate(ids)}
    metrics = tuple(
        made_metric(
            metric.id,
            metric.label,
            {id: share * 0.97**at for id, share in by_variant.items()}
            if metric.better == "higher"
            else dict.fromkeys(ids, 0.11),
            n,
            role=metric.role,
            better=metric.better,
        )
        for at, metric in enumerate(design.metrics)
    )
    primary = metrics[0]
    winner = ids[-1] if outcome in ("winner", "harm") else None
    given: dict[str, Any] = {
        "experiment_id": "x-made",
        "number": 3,
        "at": AT,
        "name": design.name,
        "hypothesis": design.hypothesis,
        "control": ids[0],
        "variants": {variant.id: variant.label for variant in design.variants},
        "participants": dict.fromkeys(ids, n),
        "days": float(days),
        "paired": False,
        "engine": "behaviour",
        "metrics": metrics,
        "segments": made_segments(by_variant, segments, n),
        "over_time": made_over_time(primary, days) if n else (),
        "warnings": tuple(warnings),
        "advice": made_advice(outcome, winner),
        "rules": RULES,
        "bandit": made_bandit(primary, n) if bandit else None,
        "means_not": (
            "95 % is not the probability that this variant is better; that stands beside it.",
            "Not significant does not mean that there is no difference: it may be too small to "
            "be seen with so many people.",
            "These people were simulated, and the model of them is uncalibrated.",
        ),
        "data": "2 runs with the same 700 people, 9,812 events",
        "fingerprint": design.fingerprint,
    }
    return Analysis(**(given | fields))


HEADLINES: dict[str, str] = {
    "winner": "Asking a question wins: 17.1 % book instead of 12.1 %",
    "keep_going": "It is too early to say whether a question helps",
    "no_difference": "There is no difference worth having",
    "harm": "Asking a question does harm: stop it",
    "broken": "These figures cannot be believed: people are not spread as designed",
}


def made_advice(outcome: Outcome, variant: str | None) -> Advice:
    """What the rule says, in words."""
    return Advice(
        outcome=outcome,
        variant=variant,
        headline=HEADLINES[outcome],
        reasons=(
            "The always-valid interval of the difference, +0.2 to +9.8 points, leaves out 0.",
            "The guardrail “Opted out” did not get worse by more than 10 %.",
        ),
        rule="Always-valid interval at 95 %: may be looked at whenever you like",
        error="Looked at 20 times it is wrong in 1.3 of 100 experiments where nothing differs.",
        next="Make the invitation with a question the version in use.",
        people_left=480 if outcome == "keep_going" else None,
    )


def made_segments(shares: dict[str, float], values: int, n: int) -> tuple[SegmentReading, ...]:
    """The primary metric by persona."""
    found = []
    for at in range(values):
        part = made_metric("booked", "Booked a seat", shares, n // max(1, values) + at)
        found.append(
            SegmentReading(
                segment="persona",
                value=f"Persona {at + 1}",
                metric="booked",
                arms=part.arms,
                effects=part.effects,
                differs=at == 1,
            )
        )
    return tuple(found)


def made_over_time(primary: MetricReading, days: int) -> tuple[Moving, ...]:
    """The primary metric's effects, narrowing day by day."""
    found = []
    for effect in primary.effects:
        if effect.absolute is None:
            continue
        half = effect.absolute.high - effect.absolute.value
        for day in range(1, days + 1):
            now = half * sqrt(days / day)
            value = effect.absolute.value * (1 + 0.6 * (-1) ** day / day)
            found.append(
                Moving(
                    at=AT - timedelta(days=days - day),
                    day=float(day),
                    variant=effect.variant,
                    people=100 * day,
                    effect=span(value, now),
                    always=span(value, now * (1 + WIDER / day**0.5)) if day > 1 else None,
                    p=0.5 / day,
                    always_p=0.9 / day,
                )
            )
    return tuple(found)


def made_bandit(primary: MetricReading, n: int) -> BanditReading:
    """Ten batches that lean to the last variant more and more."""
    ids = [arm.variant for arm in primary.arms]
    rounds = []
    for at in range(10):
        lean = 0.5 + 0.045 * at
        rest = (1 - lean) / max(1, len(ids) - 1)
        shares = {id: lean if id == ids[-1] else rest for id in ids}
        rounds.append(
            BanditRound(
                round=at + 1,
                shares=shares,
                people={id: round(n / 5 * share) for id, share in shares.items()},
                regret=1.4 * (at + 1) ** 0.6,
            )
        )
    return BanditReading(
        rounds=tuple(rounds),
        regret=rounds[-1].regret,
        even_regret=14.0,
        arms=tuple(
            arm.model_copy(
                update={
                    "low": max(0.0, (arm.low or 0) - 0.02),
                    "high": (arm.high or 0) + 0.02,
                    "text": f"{arm.text}, weighted by how likely each was sent there",
                }
            )
            for arm in primary.arms
        ),
        effects=primary.effects,
        method="Adaptively weighted inverse-probability estimate",
        known=True,
    )


SPLIT_WRONG = Warned(
    kind="sample_ratio",
    severity="stop",
    title="People are not spread as designed",
    text="612 and 788 people came where 700 and 700 were meant to (p = 0.000003). Something "
    "keeps people out of one variant, so the two groups are not alike.",
    fix="Find what loses people before they are counted: a redirect, a filter, a late event. "
    "Then start again; these figures cannot be repaired.",
    evidence={"p": 0.000003, "deviation": 0.126},
)
NOVEL = Warned(
    kind="novelty",
    severity="warning",
    title="The effect is fading",
    text="It was +9 points in the first three days, +3 in the last three.",
    fix="Wait another week before you decide.",
)
