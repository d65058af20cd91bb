"""An experiment told from its question to its decision, whatever it is written as."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.domain.experiment_results import Analysis, ArmValue, Outcome
from core.domain.experiments import Decided, Design, Experiment, Variant
from core.experiments import numbers
from core.experiments.exports.blocks import (
    Block,
    Document,
    Facts,
    Items,
    Notice,
    Section,
    Table,
    Text,
)
from core.experiments.exports.course import course_sections
from core.experiments.exports.measures import metric_sections, segment_sections

SHOWN = 6
"""So many reasons are written; the others are alike."""
OUTCOMES: dict[Outcome, str] = {
    "winner": "A winner",
    "keep_going": "Keep going",
    "no_difference": "No difference worth having",
    "harm": "Stop: harm",
    "broken": "The data cannot be believed",
}
KINDS = {
    "proportion": "share of people who did it",
    "mean": "mean of people",
    "ratio": "ratio of two sums",
    "revenue": "mean of people, with a long tail",
    "quantile": "quantile of people",
    "retention": "share of people still there",
}
HOW = {
    "hash": "by a fixed function of each person's id, by weight",
    "stratified": "by a fixed function of each person's id, balanced within strata",
    "paired": "everyone meets every variant",
    "bandit": "by a bandit (Thompson sampling): more people are sent to what looks better",
    "given": "as the data say",
}


def document(analysis: Analysis, about: Experiment | Design) -> Document:
    """One look, and what was decided before and after it.

    Args:
        analysis: The look.
        about: The experiment, or the design alone where there is none.
    """
    design = about.design if isinstance(about, Experiment) else about
    experiment = about if isinstance(about, Experiment) else None
    return Document(
        title=analysis.name,
        facts=" · ".join(_facts(analysis)),
        answer=analysis.advice.headline,
        outcome=analysis.advice.outcome,
        sections=tuple(_sections(analysis, design, experiment)),
        foot=_foot(analysis),
    )


def _facts(analysis: Analysis) -> Iterator[str]:
    yield OUTCOMES[analysis.advice.outcome]
    yield f"look {analysis.number}, {when(analysis.at)}"
    yield numbers.people(analysis.people())
    yield numbers.counted(len(analysis.variants), "variant", "variants")
    if analysis.days:
        yield f"{analysis.days:.1f} days"
    if analysis.engine is not None:
        yield f"simulated people ({analysis.engine}, uncalibrated)"
    if analysis.data:
        yield analysis.data


def _sections(
    analysis: Analysis, design: Design, experiment: Experiment | None
) -> Iterator[Section]:
    if analysis.warnings:
        yield Section("What to know first", tuple(_warnings(analysis)))
    yield Section("Why", tuple(_why(analysis, experiment)))
    if experiment is not None:
        yield Section("The decision", tuple(_decision(experiment, analysis)))
    if analysis.hypothesis or design.audience:
        yield Section("The question", tuple(_question(analysis, design)))
    yield from metric_sections(analysis, design)
    yield from course_sections(analysis)
    yield from segment_sections(analysis)
    if analysis.bandit is not None:
        yield Section("What the bandit did", tuple(_bandit(analysis)))
    yield Section("How it was calculated", tuple(_method(analysis)))
    yield Section("Decided beforehand", tuple(_beforehand(analysis, design, experiment)))
    yield Section("What this does not mean", (Items(analysis.means_not),))


def when(at: datetime) -> str:
    """``5 January 2026, 09:00 UTC``."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _warnings(analysis: Analysis) -> Iterator[Block]:
    for one in analysis.warnings:
        yield Notice(one.severity, one.title, one.text, one.fix)


def _why(analysis: Analysis, experiment: Experiment | None) -> Iterator[Block]:
    if analysis.advice.reasons:
        yield Items(analysis.advice.reasons[:SHOWN])
        more = len(analysis.advice.reasons) - SHOWN
        if more > 0:
            yield Text(
                f"{numbers.counted(more, 'more reason', 'more reasons')} in the JSON export."
            )
    if experiment is None or experiment.decided is None:
        yield Text(f"Next: {analysis.advice.next}")
    if analysis.advice.error:
        yield Text(f"How often this rule errs: {analysis.advice.error}", quiet=True)


def _question(analysis: Analysis, design: Design) -> Iterator[Block]:
    if analysis.hypothesis:
        yield Text(analysis.hypothesis)
    if design.audience:
        yield Text(f"Who takes part: {design.audience}")


def _beforehand(
    analysis: Analysis, design: Design, experiment: Experiment | None
) -> Iterator[Block]:
    registered = experiment.registered if experiment else None
    if registered is not None:
        people = f", {numbers.people(registered.people)} planned" if registered.people else ""
        yield Text(
            f"Registered on {when(registered.at)}{people}. Fingerprint {registered.fingerprint}."
        )
    else:
        yield Text(
            "This design was not registered before the data came. "
            f"Fingerprint {analysis.fingerprint}."
        )
    yield Facts(tuple(_terms(analysis, design)))
    yield Table(
        ("Variant", "Name in the data", "Weight", "What it is"),
        tuple(
            (
                f"{one.label} (control)" if one.id == analysis.control else one.label,
                one.in_data,
                f"{one.weight:g}",
                "; ".join(_behind(one)),
            )
            for one in design.variants
        ),
    )
    yield Table(
        ("Metric", "Role", "Kind", "Good is", "From", "May get worse by"),
        tuple(
            (
                one.label,
                "decides" if one is design.primary else one.role,
                KINDS[one.kind],
                one.better,
                f"{one.value} per {one.per}" if one.per else one.value,
                numbers.rounded(one.margin) if one.role == "guardrail" else "",
            )
            for one in design.metrics
        ),
    )


def _behind(variant: Variant) -> Iterator[str]:
    """Everything in which a variant differs from the flow as it is."""
    if variant.note:
        yield variant.note.rstrip(".")
    for step, change in variant.messages.items():
        for field, text in change.model_dump(exclude_none=True).items():
            yield f"{field} of {step}: “{text}”"
    yield from (f"{slug} in version {version}" for slug, version in variant.twins.items())
    yield from (f"{name} {value}" for name, value in variant.personality_config.items())
    if variant.flow:
        yield f"flow {variant.flow}"
    if variant.model:
        yield f"played by {variant.model}"


def _terms(analysis: Analysis, design: Design) -> Iterator[tuple[str, str]]:
    rule = design.rule
    if analysis.advice.rule:
        yield "The rule", analysis.advice.rule
    yield "Error allowed", numbers.rounded(rule.alpha)
    yield "Worth having", f"{numbers.rounded(rule.least)} of the control's value, relative"
    yield "Wished power", numbers.rounded(rule.power)
    yield "Assignment", HOW[design.assignment.how]
    if design.segments:
        yield "Also read by", ", ".join(design.segments)


def _bandit(analysis: Analysis) -> Iterator[Block]:
    bandit = analysis.bandit
    if bandit is None:
        return
    known = "exactly, since each person's outcome under every variant is known"
    yield Text(
        f"It lost {numbers.digits(bandit.regret)} against always choosing the best variant; an "
        f"even split would have lost {numbers.digits(bandit.even_regret)} "
        f"({known if bandit.known else 'estimated'})."
    )
    yield Table(
        ("Variant", "Value", "Interval"),
        tuple(_rewarded(analysis, one) for one in bandit.arms),
        title=bandit.method,
    )


def _rewarded(analysis: Analysis, arm: ArmValue) -> tuple[str, ...]:
    name = analysis.variants.get(arm.variant, arm.variant)
    if arm.value is None:
        return name, arm.text, ""
    kind = analysis.metrics[0].kind if analysis.metrics else "mean"
    return name, *numbers.value_with_interval(kind, arm.value, arm.low, arm.high)


def _method(analysis: Analysis) -> Iterator[Block]:
    yield Facts(tuple(dict(_methods(analysis)).items()))
    if analysis.rules:
        yield Table(
            ("Rule", "Looks", "Wrong where nothing differs", "Finds what is there", "Exaggerates"),
            tuple(
                (
                    one.name,
                    str(one.looks),
                    numbers.percent(one.false_alarms),
                    numbers.percent(one.found),
                    "" if one.exaggerated is None else numbers.change(one.exaggerated),
                )
                for one in analysis.rules
            ),
            title="How often each rule is wrong, in simulated experiments",
        )


def _methods(analysis: Analysis) -> Iterator[tuple[str, str]]:
    effects = [one for reading in analysis.metrics for one in reading.effects]
    once = sorted({one.method for one in effects if one.method})
    always = [one.always for one in effects if one.always is not None]
    priors = sorted({one.bayes.prior for one in effects if one.bayes is not None})
    if always:
        yield "At any time", "; ".join(sorted({one.method for one in always}))
        yield "Tuned to", f"{numbers.people(always[0].tuning)}: there the interval is narrowest"
        wider = [one.widening for one in always if one.widening is not None]
        if wider:
            yield (
                "What that costs",
                f"intervals up to {max(wider):.2f} times as wide as for a single look",
            )
    if once:
        yield "Read once", "; ".join(once)
    if priors:
        yield "Probabilities", "; ".join(priors)
    if len(analysis.variants) > 2:
        yield "Several variants", "Holm's correction of p-values"
    if analysis.segments:
        yield "Segments", "Benjamini and Hochberg's correction over all segments and metrics"


def _decision(experiment: Experiment, analysis: Analysis) -> Iterator[Block]:
    decided = experiment.decided
    if decided is None:
        yield Text("Nothing has been decided yet.")
        return
    yield Text(_decided_words(decided, analysis))
    known = {analysis.advice.headline, *analysis.advice.reasons}
    if fresh := tuple(one for one in decided.reasons if one not in known):
        yield Items(fresh)
    if decided.note:
        yield Text(decided.note)
    if experiment.applied is not None:
        yield Text(f"Applied on {when(experiment.applied.at)}: {experiment.applied.what}")


def _decided_words(decided: Decided, analysis: Analysis) -> str:
    by = "by the rule" if decided.by == "rule" else "by a person"
    name = analysis.variants.get(decided.variant or "", decided.variant or "")
    who = f": {name}" if name else ""
    return (
        f"{OUTCOMES[decided.outcome]}{who}. Decided {by} on {when(decided.at)}, on look "
        f"{decided.look}."
    )


def _foot(analysis: Analysis) -> str:
    return (
        f"Written from look {analysis.number} of {when(analysis.at)}. Design "
        f"{analysis.fingerprint}. Every figure stands in the JSON and CSV exports."
    )
