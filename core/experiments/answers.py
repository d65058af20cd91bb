"""Each answer, and why, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.experiment_results import Effect, MetricReading, Outcome
from core.domain.experiments import Metric
from core.experiments import numbers
from core.experiments.deciding import Decider, decider
from core.experiments.guardrails import guardrail_sentence
from core.experiments.needing import people_left
from core.experiments.sentences import why_not
from core.experiments.standing import Standing
from core.experiments.stopped import stopped_words

FAR = 10
"""With so many times the people still missing, more of the same is no advice."""


@dataclass(frozen=True)
class Answer:
    """What was decided, before it is put into words."""

    outcome: Outcome
    variant: str | None
    headline: str
    reasons: tuple[str, ...]
    next: str
    read: bool = False


def by_a_bandit() -> Answer:
    """Raw arms mislead after adaptive assignment (Hadad et al. 2021), so no rule reads them."""
    return Answer(
        outcome="keep_going",
        variant=None,
        headline="Nothing is declared from these figures: a bandit chose who met what.",
        reasons=(
            "Whoever began with bad luck was sent fewer people to put it right, so plain shares, "
            "intervals and p-values of the variants are wrong more often than they say. The "
            "bandit's own reading weighs everybody by how likely they were sent where they went.",
        ),
        next="Read the bandit's figures, or let it run on; it sends people to what looks best.",
    )


def broken(title: str, reasons: list[str], fix: str) -> Answer:
    """Data that cannot be believed."""
    return Answer(
        outcome="broken",
        variant=None,
        headline=f"These data cannot be believed: {_lower(title)}. Nobody is declared the winner.",
        reasons=tuple(reasons),
        next=fix or "Find the cause, mend it, and start again with new people.",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def guardrails(standing: Standing) -> Iterator[tuple[Metric, MetricReading]]:
    """Each guardrail, and its figures."""
    by_id = {one.metric: one for one in standing.others}
    for metric in standing.design.metrics:
        if metric.role == "guardrail" and metric.id in by_id:
            yield metric, by_id[metric.id]


def move_words(standing: Standing, effect: Effect, rule: Decider | None = None) -> str:
    """By how much a variant moved the primary metric, by the rule's own interval."""
    absolute, relative = (rule or decider(standing.rule.kind)).interval(effect)
    if relative is not None:
        return numbers.span_of_change(relative)
    if absolute is not None:
        return numbers.span_of_difference(standing.metric.kind, absolute)
    return "no interval"


def _arms_words(standing: Standing, effect: Effect) -> str:
    control = standing.reading.arms[0]
    arm = next(one for one in standing.reading.arms if one.variant == effect.variant)
    return (
        f"{standing.name(effect.variant)}: {arm.text}. "
        f"{standing.name(control.variant)}: {control.text}."
    )


def winner(standing: Standing, better: list[Effect], harmed: dict[str, list[str]]) -> Answer:
    """One or more variants are better."""
    ranked = sorted(better, key=standing.gain, reverse=True)
    best = ranked[0]
    name = standing.name(best.variant)
    reasons = [_arms_words(standing, best), _why_better(standing, best)]
    reasons += stopped_words(standing, best)
    reasons += _small_gain(standing, best)
    reasons += _between(standing, ranked)
    reasons += _guardrail_words(standing, best.variant)
    reasons += [text for texts in harmed.values() for text in texts]
    return Answer(
        outcome="winner",
        variant=best.variant,
        headline=f"{name} wins: {standing.metric.label} {move_words(standing, best)}.",
        reasons=tuple(reasons),
        next=(
            f"Record the decision and make {name} the version in use. Expect somewhat less than "
            "what was measured: winners are overestimated on average."
        ),
    )


def _why_better(standing: Standing, effect: Effect) -> str:
    kind, rule = standing.rule.kind, standing.rule
    moved = move_words(standing, effect)
    if kind == "always_valid":
        return (
            f"The {numbers.confidence(rule.alpha)} always-valid interval of the difference leaves "
            f"no room for “no difference”: {moved}."
        )
    if kind == "fixed" and effect.adjusted_p is not None:
        return (
            f"{numbers.p_equals(effect.adjusted_p)}, under the {rule.alpha:g} that was agreed: "
            f"{moved}."
        )
    if kind == "group_sequential" and effect.p is not None:
        return f"{numbers.p_equals(effect.p)} crosses the bound of this planned look: {moved}."
    lost = effect.bayes.loss_if_chosen if effect.bayes else None
    probability = effect.bayes.better if effect.bayes else None
    if lost is None or probability is None or not standing.baseline:
        return f"Choosing it costs little on average: {moved}."
    return (
        f"It is better with a probability of {numbers.probability(probability)}, and choosing it "
        f"would cost {numbers.percent(lost / abs(standing.baseline))} of the control's value on "
        f"average, under the {numbers.rounded(rule.loss)} that was agreed."
    )


def _small_gain(standing: Standing, effect: Effect) -> list[str]:
    _, high, least = standing.room(*decider(standing.rule.kind).interval(effect))
    if high >= least:
        return []
    wanted = numbers.rounded(standing.rule.least)
    return [f"The gain is real but small: {wanted}, which was called worth having, is ruled out."]


def _between(standing: Standing, ranked: list[Effect]) -> list[str]:
    if len(ranked) < 2:
        return []
    first, second = ranked[0], ranked[1]
    rival = standing.rivals(second.variant, first.variant)
    names = f"{standing.name(first.variant)} and {standing.name(second.variant)}"
    if rival.verdict == "unclear":
        return [
            f"{names} are both better than the control; which of them is better cannot be told "
            f"({move_words(standing, rival)} between them). The one with the higher value is "
            "named; taking the cheaper one is as good a choice."
        ]
    return [
        f"{names} are both better than the control, and {standing.name(first.variant)} is better "
        f"than {standing.name(second.variant)}: {move_words(standing, rival)}."
    ]


def _guardrail_words(standing: Standing, variant: str) -> list[str]:
    return [
        guardrail_sentence(metric, reading, effect, standing.name(variant))
        for metric, reading in guardrails(standing)
        for effect in reading.effects
        if effect.variant == variant
    ]


def harm(standing: Standing, harmed: dict[str, list[str]]) -> Answer:
    """One or more variants are worse, in the primary metric or in a guardrail."""
    names = numbers.listed([standing.name(one) for one in harmed])
    first = next(iter(harmed))
    others = [one.variant for one in standing.reading.effects if one.variant not in harmed]
    rest = numbers.listed([standing.name(one) for one in others])
    go_on = f" {rest} may go on against the control." if rest else ""
    effects = [one for one in standing.reading.effects if one.variant in harmed]
    stopped = [text for one in effects for text in stopped_words(standing, one)]
    return Answer(
        outcome="harm",
        variant=first,
        headline=f"Stop {names}{': they do harm.' if len(harmed) > 1 else f'. {harmed[first][0]}'}",
        reasons=(*(text for texts in harmed.values() for text in texts), *stopped),
        next=f"Send no more people to {names}.{go_on}",
    )


def no_difference(standing: Standing, rule: Decider) -> Answer:
    """Nothing worth having."""
    least = numbers.rounded(standing.rule.least)
    control = standing.name(standing.reading.arms[0].variant)
    effects = standing.reading.effects
    moves = f"no variant moves {standing.metric.label} by {least} or more, either way"
    within = all(standing.within_least(*rule.interval(one)) for one in effects)
    keeping = f"keeping {control} costs less than was agreed, on average"
    return Answer(
        outcome="no_difference",
        variant=None,
        headline=f"No difference worth having: {moves if within else keeping}.",
        reasons=tuple(_within_words(standing, rule, one) for one in effects),
        next=f"Keep {control}, or whichever is cheaper to run. Try something bolder next."
        if within
        else f"Keep {control}.",
    )


def _within_words(standing: Standing, rule: Decider, effect: Effect) -> str:
    moved = f"{standing.name(effect.variant)}: {move_words(standing, effect, rule)}"
    if standing.within_least(*rule.interval(effect)):
        return f"{moved}, all of it within ±{numbers.rounded(standing.rule.least)}."
    lost = effect.bayes.loss_if_not if effect.bayes else None
    if lost is None or not standing.baseline:
        return f"{moved}."
    share = numbers.percent(lost / abs(standing.baseline))
    return f"{moved}. Not taking it costs {share} of the control's value on average."


def undecided(standing: Standing, rule: Decider) -> Answer:
    """The rule was read and declared nothing."""
    reasons = [_unclear(standing, rule, one) for one in standing.reading.effects]
    if not rule.ends(standing):
        return keep_going(standing, rule, _so_far(standing, rule), reasons)
    control = standing.name(standing.reading.arms[0].variant)
    return Answer(
        outcome="keep_going",
        variant=None,
        headline=(
            "Not decided: this rule has had its last look and found no difference, but one worth "
            "having is not ruled out."
        ),
        reasons=tuple(reasons),
        next=(
            f"Keep {control} for now. Adding people and testing again by this rule would be wrong "
            "more often than it says; plan a new, larger experiment, or one with the "
            "always-valid rule."
        ),
    )


def _so_far(standing: Standing, rule: Decider) -> str:
    ranked = sorted(standing.reading.effects, key=standing.gain, reverse=True)
    if not ranked or rule.interval(ranked[0]) == (None, None):
        return "it is not decided yet"
    best = ranked[0]
    moved = move_words(standing, best, rule)
    name = standing.name(best.variant)
    return f"{standing.metric.label} in {name} is at {moved}, which does not decide it yet"


def _unclear(standing: Standing, rule: Decider, effect: Effect) -> str:
    name = standing.name(effect.variant)
    absolute, relative = rule.interval(effect)
    if absolute is None and relative is None:
        return f"{name}: no interval. {why_not(effect)}"
    low, high, least = standing.room(absolute, relative)
    wanted = numbers.rounded(standing.rule.least)
    moved = f"{name}: {move_words(standing, effect, rule)}"
    if high < least:
        return f"{moved}. A gain of {wanted} or more is already ruled out; a loss is not."
    if low > 0:
        return f"{moved}. It looks better, but not by the rule that was agreed."
    return f"{moved}. Both no gain and a gain of {wanted} are still possible."


def keep_going(standing: Standing, rule: Decider, why: str, reasons: list[str]) -> Answer:
    """More people are needed."""
    left = people_left(standing, rule)
    how = f" About {left:,} more are needed." if left else ""
    if left and left > FAR * standing.people:
        how += (
            " That is many times what there is: a bolder change, or a larger difference worth "
            "having, is decided sooner."
        )
    return Answer(
        outcome="keep_going",
        variant=None,
        headline=f"Keep going: {why}.",
        reasons=tuple(reasons),
        next=f"Change nothing and let more people take part.{how}{_futile(standing, rule)}",
    )


def _futile(standing: Standing, rule: Decider) -> str:
    """What else may be done where no treatment can be worth having any more."""
    rooms = [standing.room(*rule.interval(one)) for one in standing.reading.effects]
    if rule.waits(standing) or not rooms or any(high >= least for _, high, least in rooms):
        return ""
    control = standing.name(standing.reading.arms[0].variant)
    return (
        " Or stop here: a gain worth having is ruled out already, so more people can only tell "
        f"how much is lost. Keeping {control} is safe."
    )
