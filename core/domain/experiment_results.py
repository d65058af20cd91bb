"""What an experiment's figures say: one look at it, its plan, two people's ways beside each other.

A figure that cannot be given is None, and its reason stands in ``refused``; there is never a
number that only looks like one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.domain.experiments import MetricKind, Role, RuleKind
from core.domain.moments import Moment
from core.domain.reports import Result

Outcome = Literal["winner", "keep_going", "no_difference", "harm", "broken"]
Severity = Literal["stop", "warning", "info"]
WarningKind = Literal[
    "sample_ratio",
    "empty_variant",
    "broken_randomisation",
    "many_variants",
    "novelty",
    "outliers",
    "peeking",
    "missing",
    "design_changed",
    "too_early",
    "small_counts",
    "unknown_variant",
    "read_as_yes",
]


class Span(Result):
    """A figure with its interval (95 %, or 1 - the rule's alpha)."""

    value: float
    low: float
    high: float


class ArmValue(Result):
    """A metric in one variant.

    Attributes:
        variant: The variant's id.
        n: Participants with a value.
        missing: Participants without one.
        count: How many did it, for yes or no.
        value: The share, mean, ratio or quantile.
        low: Its interval's lower end.
        high: Its upper end.
        sd: How much participants differ.
        text: In words: ``17 of 140, 12.1 %``.
    """

    variant: str
    n: int
    missing: int = 0
    count: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    text: str = ""


class AlwaysValid(Result):
    """Figures that may be looked at whenever one likes.

    Attributes:
        absolute: The difference.
        relative: The same, relative to the control.
        p: The always-valid p-value: small once and for all.
        method: The method's name.
        tuning: The number of participants at which the interval is narrowest.
        widening: How many times wider than the interval for one look.
    """

    absolute: Span | None
    relative: Span | None
    p: float | None
    method: str
    tuning: int
    widening: float | None


class Bayes(Result):
    """What is to be believed after the data.

    Attributes:
        better: The probability of being better than the control (in the metric's good direction).
        best: The probability of being the best of all variants.
        loss_if_chosen: What is lost on average if it is chosen and is not better, in the metric's
            units.
        loss_if_not: What is lost on average if the control is kept.
        credible: The difference, with its credible interval.
        prior: What was believed before, in words.
    """

    better: float | None
    best: float | None
    loss_if_chosen: float | None
    loss_if_not: float | None
    credible: Span | None
    prior: str


class Effect(Result):
    """One variant against the control, in one metric.

    Attributes:
        variant: Its id.
        absolute: The difference, read once (fixed horizon).
        relative: The same, relative to the control.
        p: The p-value, read once.
        adjusted_p: The same, corrected for the number of variants (Holm).
        method: How it was made.
        always: The figures for looking at any time: the normal view.
        bayes: The probabilities.
        variance_removed: The share of the variance that what was known before (or the pairing)
            took out.
        verdict: What the always-valid interval leaves: better, worse, or unclear.
        sentence: All of it, in a sentence.
        refused: Why a figure is missing, by its name.
    """

    variant: str
    absolute: Span | None
    relative: Span | None
    p: float | None
    adjusted_p: float | None
    method: str
    always: AlwaysValid | None
    bayes: Bayes | None
    variance_removed: float | None
    verdict: Literal["better", "worse", "unclear"]
    sentence: str
    refused: dict[str, str] = Field(default_factory=dict)


class MetricReading(Result):
    """One metric in all variants; ``arms`` has the control first."""

    metric: str
    name: str
    kind: MetricKind
    role: Role
    better: Literal["higher", "lower"]
    arms: tuple[ArmValue, ...]
    effects: tuple[Effect, ...]
    harmed: tuple[str, ...] = ()
    """For a guardrail: the variants that are worse by more than the margin allows."""
    notes: tuple[str, ...] = ()


class SegmentReading(Result):
    """One metric among the participants of one segment; p-values are corrected (BH)."""

    segment: str
    value: str
    metric: str
    arms: tuple[ArmValue, ...]
    effects: tuple[Effect, ...]
    differs: bool
    """Whether the effect here is clearly another one than elsewhere, after correction."""
    name: str = ""
    """What the value is called, where it is an id (a persona's)."""

    @property
    def label(self) -> str:
        """What to call the value."""
        return self.name or self.value or "no value"


class Moving(Result):
    """The primary metric's effect of one variant, with everything known until then."""

    at: Moment | None
    day: float
    variant: str
    people: int
    effect: Span | None
    always: Span | None
    p: float | None
    always_p: float | None


class Warned(Result):
    """Something that must be known before the figures are believed."""

    kind: WarningKind
    severity: Severity
    title: str
    text: str
    fix: str = ""
    evidence: dict[str, float | int | str | None] = Field(default_factory=dict)


class Advice(Result):
    """What the rule says, and why, for somebody who was not there.

    Attributes:
        outcome: winner, keep_going, no_difference, harm, or broken (the data cannot be believed).
        variant: The winner, or the variant that harms.
        headline: In one sentence.
        reasons: Why, one sentence each.
        rule: The rule, in words.
        error: How often the rule is wrong where nothing differs, as measured, in words.
        next: What to do now.
        people_left: How many more participants, where that can be said.
        read: Whether a rule with planned looks was read by now; what it says then stands.
    """

    outcome: Outcome
    variant: str | None
    headline: str
    reasons: tuple[str, ...]
    rule: str
    error: str
    next: str
    people_left: int | None = None
    read: bool = False


class RuleError(Result):
    """How often a rule is wrong, and finds what is there, if it is looked at every day.

    Attributes:
        rule: Its id.
        name: In words.
        kind: Which of our rules it is; None for one that we do not offer.
        looks: How many looks.
        false_alarms: The share of A/A experiments in which it declared a difference.
        found: The share in which it found a difference that was there.
        days: After how many looks it stopped on average, where there was one.
        exaggerated: How much the effect was overestimated where it declared one, relative.
        replicates: How many simulated experiments.
    """

    rule: str
    name: str
    kind: RuleKind | None
    looks: int
    false_alarms: float
    found: float
    days: float
    exaggerated: float | None
    replicates: int


class BanditRound(Result):
    """One batch of a bandit: whom it sent where, and what that cost."""

    round: int
    shares: dict[str, float]
    people: dict[str, int]
    regret: float
    """Expected reward lost so far, against always choosing the best arm."""


class BanditReading(Result):
    """What a bandit did, and what may be said after it.

    Attributes:
        rounds: Its batches.
        regret: What it lost in all against the best arm; ``even_regret`` what an even split would
            have lost.
        arms: Each variant's value by inverse-probability weighting, whose interval stays honest
            although the bandit chose; ``text`` says so.
        effects: Each variant against the control, by the same.
        method: The method's name.
    """

    rounds: tuple[BanditRound, ...]
    regret: float
    even_regret: float
    arms: tuple[ArmValue, ...]
    effects: tuple[Effect, ...]
    method: str
    known: bool
    """Whether each person's outcome under every variant is known (a rehearsal), so that the regret
    is exact."""


class Analysis(Result):
    """One look at an experiment.

    Attributes:
        experiment_id: The experiment; None for one of the command line.
        number: Which look it is, from 1.
        at: When.
        name: The experiment's name.
        control: The control's id.
        variants: Ids and names, the control first.
        participants: By variant.
        days: How long it has been going, where times are known.
        paired: Whether everyone met every variant.
        engine: Who simulated the people; None for real ones.
        metrics: The primary one first, guardrails last.
        segments: By segment, value and metric.
        over_time: The primary metric's effects, as time went on.
        warnings: What must be known first, the worst first.
        advice: What the rule says.
        rules: Each rule's measured error.
        bandit: What a bandit did.
        means_not: What these figures do not mean, in sentences.
        data: What it was made from: so many rows of which table, which runs.
        fingerprint: Of the registered design.
    """

    experiment_id: str | None
    number: int
    at: Moment
    name: str
    hypothesis: str
    control: str
    variants: dict[str, str]
    participants: dict[str, int]
    days: float | None
    paired: bool
    engine: str | None
    metrics: tuple[MetricReading, ...]
    segments: tuple[SegmentReading, ...]
    over_time: tuple[Moving, ...]
    warnings: tuple[Warned, ...]
    advice: Advice
    rules: tuple[RuleError, ...]
    bandit: BanditReading | None = None
    means_not: tuple[str, ...] = ()
    data: str = ""
    fingerprint: str = ""

    def people(self, *variants: str) -> int:
        """How many are in these variants, or in all; who met every variant counts once."""
        counts = [self.participants.get(id, 0) for id in variants or self.participants]
        return max(counts, default=0) if self.paired else sum(counts)


class PlanPoint(Result):
    """One point of the curve: with so many participants, the smallest effect that is found."""

    people: int
    days: float | None
    least: float
    """Relative to the baseline."""
    always_least: float
    """The same under the always-valid rule, at the end."""


class Plan(Result):
    """What an experiment would need.

    Attributes:
        people: Participants in all variants together.
        per_variant: By variant.
        days: How long that takes.
        least: The smallest relative effect that is found with the wished power.
        least_absolute: The same, in the metric's units.
        baseline: What it was planned from.
        sd: The same.
        curve: For the chart.
        sentence: In words.
        source: Where the baseline comes from.
        predicted: The relative effect that a rehearsal predicts, and its interval.
        notes: What to know about it.
    """

    people: int
    per_variant: dict[str, int]
    days: float | None
    least: float
    least_absolute: float
    baseline: float
    sd: float | None
    curve: tuple[PlanPoint, ...]
    sentence: str
    source: str
    predicted: Span | None = None
    notes: tuple[str, ...] = ()


class Beside(Result):
    """One contact in two variants, on the same seed: what differs."""

    contact_id: str
    name: str
    persona: str
    run_a: str
    run_b: str
    outcome_a: str
    outcome_b: str
    value_a: float | None
    value_b: float | None
    parts_at: str | None
    """The step at which the two ways first part, in words; None where they do not."""


class BesideList(Result):
    """Contacts of two variants, those that differ first.

    Attributes:
        metric: What ``value_a`` and ``value_b`` measure.
        same: How many came out the same.
        only_a: How many did better in a.
        only_b: How many did better in b.
        contacts: Some of them, those that differ first.
        total: How many there are.
    """

    metric: str
    variant_a: str
    variant_b: str
    same: int
    only_a: int
    only_b: int
    contacts: tuple[Beside, ...]
    total: int
