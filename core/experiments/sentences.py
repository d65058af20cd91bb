"""What figures say, and what they do not say, in sentences."""

from __future__ import annotations

from core.domain.experiment_results import Effect
from core.domain.experiments import Design, Metric
from core.experiments import numbers

VERDICTS = {
    "better": "This is better, however often it was looked at.",
    "worse": "This is worse, however often it was looked at.",
    "unclear": "Whether that is better or worse is not clear yet.",
}


def effect_sentence(metric: Metric, effect: Effect) -> str:
    """One effect: how much, how sure, and what that leaves."""
    always = effect.always
    if always is None or always.absolute is None:
        return f"{metric.label}: no effect can be given. {why_not(effect)}"
    moved = numbers.span_of_difference(metric.kind, always.absolute)
    if always.relative is not None:
        share = numbers.span_of_change(always.relative)
        moved = f"{share} relative to the control; {moved} in its own units"
    return f"{metric.label}: {moved}. {VERDICTS[effect.verdict]}"


def why_not(effect: Effect) -> str:
    """The first reason why a figure is missing."""
    return next(iter(effect.refused.values()), "There is nothing to compare.")


def means_not(design: Design, *, engine: str | None, segments: bool) -> tuple[str, ...]:
    """What must not be read into the figures."""
    sure = numbers.confidence(design.rule.alpha)
    said = [
        "A p-value is not the chance that there is no effect. It is how often data at least this "
        "far apart would come up if there were none.",
        f"An interval of {sure} does not say that the effect lies in it with {sure} probability. "
        f"The method's intervals hold the true effect in {sure} of experiments; the always-valid "
        "ones hold it at every look of these.",
        "“Not significant” does not mean “equal”. Only an interval that leaves no room for a "
        "difference worth having says that.",
        "A significant difference is not a large one. Read the effect and its interval, and ask "
        "what it is worth.",
        "The effect of a winner is overestimated on average, the more so the earlier it was found.",
    ]
    if segments:
        said.append(
            "Segments give ideas for the next experiment. They are not a reason to decide for "
            "some people and against others."
        )
    if engine is not None:
        said.append(
            f"These people are simulated ({engine}, uncalibrated). What is found here is a "
            "prediction; it proves nothing about real people."
        )
    return tuple(said)
