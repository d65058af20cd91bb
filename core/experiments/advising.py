"""What to do: the rule's answer, and why, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.domain.experiment_results import Advice, RuleError
from core.domain.experiments import Boundary
from core.experiments import numbers
from core.experiments.answers import (
    Answer,
    broken,
    by_a_bandit,
    guardrails,
    harm,
    keep_going,
    move_words,
    no_difference,
    undecided,
    winner,
)
from core.experiments.deciding import Decider, Said, decider
from core.experiments.guardrails import guardrail_sentence
from core.experiments.needing import people_left
from core.experiments.standing import Standing

HARM = (
    "Harm is stopped at any look by the always-valid p-value, whatever the rule; that is not "
    "counted in it."
)
STANDS = "That is what the rule said when it was read. It stands; later data do not change it."


def advise(standing: Standing, errors: Sequence[RuleError]) -> Advice:
    """What the rule says of one look.

    Args:
        standing: The look.
        errors: Each rule's measured error.
    """
    rule = decider(standing.rule.kind)
    answer = _answer(standing, rule)
    return Advice(
        outcome=answer.outcome,
        variant=answer.variant,
        headline=answer.headline,
        reasons=(*answer.reasons, *_simulated(standing)),
        rule=rule.words(standing.rule, standing.planned),
        error=error_words(rule, standing.rule.boundary, errors),
        next=answer.next,
        people_left=people_left(standing, rule) if answer.outcome == "keep_going" else None,
        read=answer.read,
    )


def nothing_to_decide(reason: str, fix: str) -> Advice:
    """The advice of an experiment that cannot be read at all."""
    return Advice(
        outcome="keep_going",
        variant=None,
        headline=f"Nothing can be decided: {reason}.",
        reasons=(),
        rule="",
        error="",
        next=fix,
    )


def _answer(standing: Standing, rule: Decider) -> Answer:
    stops = [one for one in standing.warnings if one.severity == "stop"]
    if stops:
        return broken(stops[0].title, [one.text for one in stops], stops[0].fix)
    early = _too_early(standing)
    if early:
        return keep_going(standing, rule, "it is too early", [early])
    if standing.design.assignment.how == "bandit":
        return by_a_bandit()
    stands = standing_answer(standing, rule)
    if stands is not None:
        harmed = _harmed(standing, {})
        return harm(standing, harmed) if harmed and stands.outcome != "harm" else stands
    waiting = rule.waits(standing)
    answer = _read(standing, rule, waiting)
    return answer if waiting else replace(answer, read=rule.planned)


def _read(standing: Standing, rule: Decider, waiting: str | None) -> Answer:
    said = {} if waiting else rule.says(standing)
    harmed = _harmed(standing, said)
    better = [
        one
        for one in standing.reading.effects
        if said.get(one.variant) == "better" and one.variant not in harmed
    ]
    if better:
        return winner(standing, better, harmed)
    if harmed:
        return harm(standing, harmed)
    if waiting:
        return keep_going(standing, rule, "this is no look at which the rule is read", [waiting])
    if rule.keeps(standing):
        return no_difference(standing, rule)
    return undecided(standing, rule)


def standing_answer(standing: Standing, rule: Decider) -> Answer | None:
    """What a rule with planned looks said when it was read, if that is its answer for good.

    A difference that was declared stays declared, and after the last look there is no other: to
    read it again on later data would be another look, which nobody planned.
    """
    said = standing.said
    if said is None or not said.read or (standing.planned is None and rule.kind == "fixed"):
        return None
    if said.outcome == "keep_going" and not rule.ends(standing):
        return None
    kept = [one for one in said.reasons if one not in (*_simulated(standing), STANDS)]
    return Answer(said.outcome, said.variant, said.headline, (*kept, STANDS), said.next, read=True)


def _too_early(standing: Standing) -> str | None:
    rule = standing.rule
    if standing.fewest < rule.least_people:
        return (
            f"Nothing is decided with fewer than {numbers.people(rule.least_people)} in an arm; "
            f"the smallest has {numbers.people(standing.fewest)}."
        )
    if rule.least_days and standing.days is None:
        return (
            f"Nothing is decided before {rule.least_days:g} days have passed, and the data say no "
            "times: name the column that holds them."
        )
    if rule.least_days and (standing.days or 0.0) < rule.least_days:
        return (
            f"Nothing is decided before {rule.least_days:g} days have passed; it has been "
            f"{standing.days or 0:.1f}."
        )
    return None


def _harmed(standing: Standing, said: dict[str, Said]) -> dict[str, list[str]]:
    """Why each harmed variant is: the rule says so, or, under any rule, the always-valid one."""
    why: dict[str, list[str]] = {}
    always = decider("always_valid").says(standing)
    for one in standing.reading.effects:
        if "worse" in (said.get(one.variant), always.get(one.variant)):
            name = standing.name(one.variant)
            text = f"{standing.metric.label} is worse in {name}: {move_words(standing, one)}."
            why.setdefault(one.variant, []).append(text)
    for variant, sentence in _guardrail_harm(standing):
        why.setdefault(variant, []).append(sentence)
    return why


def _guardrail_harm(standing: Standing) -> Iterator[tuple[str, str]]:
    for metric, reading in guardrails(standing):
        for effect in reading.effects:
            if effect.variant in reading.harmed:
                name = standing.name(effect.variant)
                yield effect.variant, guardrail_sentence(metric, reading, effect, name)


def error_words(rule: Decider, boundary: Boundary, errors: Sequence[RuleError]) -> str:
    """How often the rule is wrong where nothing differs, as measured."""
    found = [one for one in errors if one.kind == rule.kind and _same_bounds(one, boundary)]
    told = " ".join(
        f"{one.name}: where nothing differs it declared a difference in "
        f"{numbers.percent(one.false_alarms)} of {one.replicates:,} simulated experiments with "
        f"{one.looks} {'look' if one.looks == 1 else 'looks'}."
        for one in found
    )
    return f"{told} {HARM}" if told and rule.kind != "always_valid" else told


def _same_bounds(error: RuleError, boundary: Boundary) -> bool:
    return error.kind != "group_sequential" or error.rule == boundary


def _simulated(standing: Standing) -> list[str]:
    if standing.engine is None:
        return []
    return [
        f"The people are simulated ({standing.engine}, uncalibrated): this is a prediction of "
        "what real people would do, not proof. Test the winner on real people before you rely "
        "on it."
    ]
