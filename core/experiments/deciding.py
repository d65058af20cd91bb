"""The rules by which it is decided: one small class a rule, and one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from core.domain.experiment_results import Effect, Span
from core.domain.experiments import Rule, RuleKind
from core.experiments import numbers, stopping
from core.experiments.standing import Standing
from core.experiments.statistics import adjusted, bounds

Said = Literal["better", "worse"]


class Decider(Protocol):
    """One rule.

    Attributes:
        kind: Which.
        planned: Whether it is read at planned looks only, so that its answer stands afterwards.
    """

    kind: RuleKind
    planned: bool

    def words(self, rule: Rule, planned: int | None) -> str:
        """The rule, in words."""
        ...

    def waits(self, standing: Standing) -> str | None:
        """Why it says nothing at this look; None where it may speak."""
        ...

    def says(self, standing: Standing) -> dict[str, Said]:
        """The variants in which it declares a difference, and which way."""
        ...

    def interval(self, effect: Effect) -> tuple[Span | None, Span | None]:
        """The interval, absolute and relative, that must lie within the least difference."""
        ...

    def keeps(self, standing: Standing) -> bool:
        """Whether no treatment is worth having: the control may be kept."""
        ...

    def ends(self, standing: Standing) -> bool:
        """Whether this was its last word: no later look will be read."""
        ...


def _way(standing: Standing, effect: Effect) -> Said:
    return "better" if standing.gain(effect) > 0 else "worse"


def _within_least(rule: Decider, standing: Standing) -> bool:
    effects = standing.reading.effects
    return bool(effects) and all(standing.within_least(*rule.interval(one)) for one in effects)


def _always_interval(effect: Effect) -> tuple[Span | None, Span | None]:
    always = effect.always
    return (always.absolute, always.relative) if always else (None, None)


def _declared(
    standing: Standing, effects: Sequence[Effect], flags: Sequence[bool]
) -> dict[str, Said]:
    return {
        one.variant: _way(standing, one)
        for one, flag in zip(effects, flags, strict=True)
        if flag and standing.gain(one) != 0
    }


class AlwaysValidRule:
    """A difference is declared as soon as the always-valid interval excludes none."""

    kind: RuleKind = "always_valid"
    planned = False

    def words(self, rule: Rule, planned: int | None) -> str:
        """The rule, in words."""
        return (
            f"Always valid: look whenever you like. A variant wins when its {_sure(rule)} "
            "always-valid interval leaves no room for “no difference” (corrected for the number "
            f"of variants). It is no difference worth having when the interval lies within "
            f"±{numbers.rounded(rule.least)} of the control."
        )

    def waits(self, standing: Standing) -> str | None:
        """Never."""
        return None

    def says(self, standing: Standing) -> dict[str, Said]:
        """By the always-valid p-values, corrected by Holm."""
        effects = standing.reading.effects
        ps = adjusted([one.always.p if one.always else None for one in effects], "holm")
        alpha = standing.rule.alpha
        flags = [p is not None and bool(stopping.always_valid(p, alpha)) for p in ps]
        return _declared(standing, effects, flags)

    def interval(self, effect: Effect) -> tuple[Span | None, Span | None]:
        """The always-valid one."""
        return _always_interval(effect)

    def keeps(self, standing: Standing) -> bool:
        """Where every interval lies within the least difference worth having."""
        return _within_least(self, standing)

    def ends(self, standing: Standing) -> bool:
        """Never: one may always go on."""
        return False


class FixedRule:
    """Significance, read once, when the planned participants are there."""

    kind: RuleKind = "fixed"
    planned = True

    def words(self, rule: Rule, planned: int | None) -> str:
        """The rule, in words."""
        when = f"when {numbers.people(planned)} have taken part" if planned else "at the end"
        return (
            f"Fixed: read once, {when}. A variant wins when p is under {rule.alpha:g} (corrected "
            f"for the number of variants); the plan finds a difference of "
            f"{numbers.rounded(rule.least)} in {numbers.rounded(rule.power)} of experiments."
        )

    def waits(self, standing: Standing) -> str | None:
        """Until the planned participants are there."""
        planned = standing.planned
        read = planned is not None and any(one >= planned for one in standing.earlier)
        if read and standing.said is None:
            return "This rule is read once, and it was; what it said then stands."
        if planned is None or standing.people >= planned:
            return None
        return (
            f"This rule is read once, when {numbers.people(planned)} have taken part; "
            f"{numbers.people(standing.people)} have so far."
        )

    def says(self, standing: Standing) -> dict[str, Said]:
        """By the p-values, corrected by Holm."""
        effects, rule = standing.reading.effects, standing.rule
        planned = standing.planned or 0
        flags = [
            one.adjusted_p is not None
            and bool(stopping.fixed(one.adjusted_p, standing.people, planned, rule.alpha))
            for one in effects
        ]
        return _declared(standing, effects, flags)

    def interval(self, effect: Effect) -> tuple[Span | None, Span | None]:
        """The one for a single look."""
        return effect.absolute, effect.relative

    def keeps(self, standing: Standing) -> bool:
        """Where every interval lies within the least difference worth having."""
        return _within_least(self, standing)

    def ends(self, standing: Standing) -> bool:
        """Once it was read."""
        return standing.planned is None or standing.people >= standing.planned


class GroupSequentialRule:
    """Read at planned looks, each with its own bound."""

    kind: RuleKind = "group_sequential"
    planned = True

    def words(self, rule: Rule, planned: int | None) -> str:
        """The rule, in words."""
        step = f", every {numbers.people(planned / rule.looks)}" if planned else ""
        name = {"obrien_fleming": "O'Brien–Fleming", "pocock": "Pocock"}[rule.boundary]
        return (
            f"Group sequential: read at most {rule.looks} times{step}, by the bounds of {name}, "
            f"which are wrong in {numbers.rounded(rule.alpha)} of experiments in all."
        )

    def stage(self, standing: Standing) -> int:
        """Which planned look is due: by participants, or by count where none were planned."""
        looks = standing.rule.looks
        if standing.planned is None:
            return min(standing.number, looks)
        return stopping.stage(standing.people, standing.planned, looks)

    def waits(self, standing: Standing) -> str | None:
        """Until the next planned look is due."""
        now, planned, looks = self.stage(standing), standing.planned, standing.rule.looks
        if planned is None:
            late = standing.number > looks and standing.said is None
            return "The last of the planned looks was already read." if late else None
        read = [stopping.stage(people, planned, looks) for people in standing.earlier]
        if now and now not in read:
            return None
        if now == looks:
            return "The last of the planned looks was already read."
        due = -(-planned * (now + 1) // looks)
        return (
            f"This rule is read at planned looks only; the next is due at {numbers.people(due)}, "
            f"{numbers.people(standing.people)} have taken part so far."
        )

    def says(self, standing: Standing) -> dict[str, Said]:
        """By the bound of this look; several variants share the error (Bonferroni)."""
        effects, rule = standing.reading.effects, standing.rule
        at = self.stage(standing)
        if not at or not effects:
            return {}
        every = bounds(rule.looks, alpha=rule.alpha / len(effects), kind=rule.boundary)
        flags = [
            one.p is not None
            and bool(stopping.group_sequential(numbers.z_of_p(one.p), every[at - 1]))
            for one in effects
        ]
        return _declared(standing, effects, flags)

    def interval(self, effect: Effect) -> tuple[Span | None, Span | None]:
        """The always-valid one: it holds at each of the looks."""
        return _always_interval(effect)

    def keeps(self, standing: Standing) -> bool:
        """Where every interval lies within the least difference worth having."""
        return _within_least(self, standing)

    def ends(self, standing: Standing) -> bool:
        """At the last planned look."""
        return self.stage(standing) >= standing.rule.looks


class ExpectedLossRule:
    """A variant is taken when choosing it can cost only so little, on average."""

    kind: RuleKind = "expected_loss"
    planned = False

    def words(self, rule: Rule, planned: int | None) -> str:
        """The rule, in words."""
        return (
            "Expected loss: a variant is taken when choosing it would cost less than "
            f"{numbers.rounded(rule.loss)} of the control's value on average, given the data and "
            "the prior. It does not limit how often a difference is declared where there is none."
        )

    def waits(self, standing: Standing) -> str | None:
        """Never."""
        return None

    def says(self, standing: Standing) -> dict[str, Said]:
        """By what choosing each would lose."""
        baseline = standing.baseline
        if baseline is None:
            return {}
        said: dict[str, Said] = {}
        for one in standing.reading.effects:
            if self._cheap(standing, one.bayes.loss_if_chosen if one.bayes else None, baseline):
                said[one.variant] = "better"
        return {id: way for id, way in said.items() if _gains(standing, id)}

    def interval(self, effect: Effect) -> tuple[Span | None, Span | None]:
        """The credible one."""
        return (effect.bayes.credible, None) if effect.bayes else (None, None)

    def keeps(self, standing: Standing) -> bool:
        """Where keeping the control costs little, or nothing worth having is left."""
        baseline, effects = standing.baseline, standing.reading.effects
        cheap = baseline is not None and all(
            self._cheap(standing, one.bayes.loss_if_not if one.bayes else None, baseline)
            for one in effects
        )
        return (cheap and bool(effects)) or _within_least(self, standing)

    def ends(self, standing: Standing) -> bool:
        """Never."""
        return False

    def _cheap(self, standing: Standing, loss: float | None, baseline: float) -> bool:
        return loss is not None and bool(stopping.expected_loss(loss, baseline, standing.rule.loss))


def _gains(standing: Standing, variant: str) -> bool:
    return any(
        one.variant == variant and standing.gain(one) > 0 for one in standing.reading.effects
    )


def _sure(rule: Rule) -> str:
    return numbers.confidence(rule.alpha)


DECIDERS: tuple[Decider, ...] = (
    AlwaysValidRule(),
    FixedRule(),
    GroupSequentialRule(),
    ExpectedLossRule(),
)
"""Every rule, the normal one first."""


def decider(kind: RuleKind) -> Decider:
    """The rule of a kind."""
    return next(one for one in DECIDERS if one.kind == kind)
