"""Looking more often than the rule allows."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import RuleError, Warned, WarningKind
from core.experiments import numbers
from core.experiments.rule_errors import rule_errors
from core.experiments.warnings.base import Seen


class Peeking:
    """A rule that is read once, looked at often; and one that limits no error at all."""

    kind: WarningKind = "peeking"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """By the number of looks so far."""
        rule, number = seen.look.design.rule, seen.look.number
        if rule.kind == "fixed" and number > 1:
            yield self._fixed(seen)
        elif rule.kind == "group_sequential" and number > rule.looks:
            yield self._more_than_planned(number, rule.looks)
        elif rule.kind == "expected_loss" and number > 1:
            yield self._loss(number)

    def _fixed(self, seen: Seen) -> Warned:
        number, alpha = seen.look.number, seen.look.design.rule.alpha
        return Warned(
            kind=self.kind,
            severity="warning",
            title=f"This was looked at {numbers.counted(number, 'time', 'times')}",
            text=(
                f"The rule that was chosen is wrong in {numbers.rounded(alpha)} of experiments if "
                "it is read once. "
                + _measured("fixed", "Stopping as soon as it looks significant")
                + " It is only read when the planned people are there; whoever stopped earlier "
                "because it looked good has not followed it."
            ),
            fix="Decide by the always-valid figures, which may be looked at as often as one likes.",
            evidence={"looks": number},
        )

    def _more_than_planned(self, number: int, planned: int) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=f"{number} looks, {planned} were planned",
            text=(
                "The bounds hold for the planned looks alone; between these nothing is decided, "
                "so looking did no harm as long as nobody stopped because of it."
            ),
            fix="Wait for the next planned look.",
            evidence={"looks": number, "planned": planned},
        )

    def _loss(self, number: int) -> Warned:
        return Warned(
            kind=self.kind,
            severity="info",
            title=f"This was looked at {numbers.counted(number, 'time', 'times')}",
            text=(
                "The rule by expected loss does not limit how often a difference is declared where "
                "there is none. "
                + _measured("expected_loss", "Stopping as soon as the loss is small")
            ).strip(),
            fix="It is right where a wrong choice costs little; else choose the always-valid rule.",
            evidence={"looks": number},
        )


def _measured(kind: str, doing: str) -> str:
    """What looking often does to a rule's error, as it was simulated."""
    found = [one for one in rule_errors() if _is_of(one, kind) and one.looks > 1]
    if not found:
        return ""
    worst = max(found, key=lambda one: one.false_alarms)
    return (
        f"{doing}, at any of {worst.looks} looks, was wrong in "
        f"{numbers.percent(worst.false_alarms)} of {worst.replicates:,} simulated experiments "
        "without any difference."
    )


def _is_of(one: RuleError, kind: str) -> bool:
    return one.kind == kind or (one.kind is None and one.rule.startswith(kind))
