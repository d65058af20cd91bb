"""Every figure of a look as CSV, one variant of one metric a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from core.domain.experiment_results import Analysis, ArmValue, Effect, Moving, Span
from core.domain.experiments import Design, Experiment

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ENDS = ("", "_low", "_high")
COLUMNS = (
    "scope",
    "segment",
    "segment_value",
    "day",
    "metric",
    "kind",
    "role",
    "better",
    "variant",
    "control",
    "n",
    "missing",
    "count",
    *(f"value{end}" for end in ENDS),
    "sd",
    *(f"difference{end}" for end in ENDS),
    *(f"relative{end}" for end in ENDS),
    "p",
    "adjusted_p",
    "method",
    *(f"always_difference{end}" for end in ENDS),
    *(f"always_relative{end}" for end in ENDS),
    "always_p",
    "always_method",
    "tuning",
    "widening",
    "probability_better",
    "probability_best",
    "loss_if_chosen",
    "loss_if_not",
    *(f"credible{end}" for end in ENDS),
    "prior",
    "variance_removed",
    "verdict",
    "harmed",
    "differs",
    "refused",
)


def as_csv(analysis: Analysis, _: Experiment | Design) -> str:
    """Every figure; an empty cell is one that cannot be given, and ``refused`` says why.

    Args:
        analysis: The look.
        _: Not needed: a look says what it is.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(analysis):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Numbers in full; text that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _rows(analysis: Analysis) -> Iterator[dict[str, Any]]:
    about = {}
    for reading in analysis.metrics:
        about[reading.metric] = {
            "metric": reading.metric,
            "kind": reading.kind,
            "role": reading.role,
            "better": reading.better,
            "control": analysis.control,
        }
        for row in _arms(reading.arms, reading.effects):
            harmed = {"harmed": row["variant"] in reading.harmed}
            guards = harmed if reading.role == "guardrail" else {}
            yield {"scope": "everyone", **about[reading.metric], **row, **guards}
    for one in analysis.segments:
        where = {"scope": "segment", "segment": one.segment, "segment_value": one.value}
        for row in _arms(one.arms, one.effects):
            yield {**where, **about[one.metric], **row, "differs": one.differs}
    for moving in analysis.over_time:
        yield {"scope": "until day", **about[analysis.metrics[0].metric], **_moving(moving)}


def _arms(arms: Sequence[ArmValue], effects: Sequence[Effect]) -> Iterator[dict[str, Any]]:
    by_variant = {one.variant: one for one in effects}
    for arm in arms:
        effect = by_variant.get(arm.variant)
        yield {
            "variant": arm.variant,
            "n": arm.n,
            "missing": arm.missing,
            "count": arm.count,
            "value": arm.value,
            "value_low": arm.low,
            "value_high": arm.high,
            "sd": arm.sd,
            **(_effect(effect) if effect else {}),
        }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        **_span("difference", effect.absolute),
        **_span("relative", effect.relative),
        "p": effect.p,
        "adjusted_p": effect.adjusted_p,
        "method": effect.method,
        **_always(effect),
        **_bayes(effect),
        "variance_removed": effect.variance_removed,
        "verdict": effect.verdict,
        "refused": "; ".join(f"{name}: {why}" for name, why in effect.refused.items()),
    }


def _always(effect: Effect) -> dict[str, Any]:
    always = effect.always
    if always is None:
        return {}
    return {
        **_span("always_difference", always.absolute),
        **_span("always_relative", always.relative),
        "always_p": always.p,
        "always_method": always.method,
        "tuning": always.tuning,
        "widening": always.widening,
    }


def _bayes(effect: Effect) -> dict[str, Any]:
    bayes = effect.bayes
    if bayes is None:
        return {}
    return {
        "probability_better": bayes.better,
        "probability_best": bayes.best,
        "loss_if_chosen": bayes.loss_if_chosen,
        "loss_if_not": bayes.loss_if_not,
        **_span("credible", bayes.credible),
        "prior": bayes.prior,
    }


def _moving(moving: Moving) -> dict[str, Any]:
    return {
        "day": moving.day,
        "variant": moving.variant,
        "n": moving.people,
        **_span("difference", moving.effect),
        "p": moving.p,
        **_span("always_difference", moving.always),
        "always_p": moving.always_p,
    }


def _span(name: str, span: Span | None) -> dict[str, float]:
    if span is None:
        return {}
    return {name: span.value, f"{name}_low": span.low, f"{name}_high": span.high}
