"""The participants of one look, or of one segment's value: their sums, variant by variant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.domain.experiment_results import ArmValue
from core.domain.experiments import Design, Metric
from core.domain.samples import Cell, Measured, Quantiles, Sample
from core.experiments.contrasts import Apart, Contrast, Cut, Together
from core.experiments.metric_readings import arm_of_quantile, arm_of_sample, width
from core.experiments.reading import QuantileKey, Readings
from core.experiments.soundness import Unsound, unsound

ORDER = {"primary": 0, "secondary": 1, "guardrail": 2}


@dataclass(frozen=True)
class Group:
    """Sums of everyone, or of those with one value of a segment.

    Attributes:
        cells: By variant; several of one variant are added up.
        pairs: The same people in the control and in a variant, by that variant.
        quantiles: By metric and variant.
        shares: Each treatment's designed share of itself and the control.
    """

    cells: dict[str, Cell]
    pairs: dict[str, Cell] = field(default_factory=dict)
    quantiles: dict[tuple[str, str], Quantiles] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)

    def people(self, variant: str) -> int:
        """How many participants a variant has."""
        cell = self.cells.get(variant)
        return cell.n if cell else 0

    def measured(self, metric: Metric, variant: str) -> Measured:
        """One metric in one variant; nobody where nothing was measured."""
        found = self._raw(metric, variant)
        if unsound(metric, found.sample) is None:
            return found
        return Measured(Sample.none(width(metric)), found.missing)

    def _raw(self, metric: Metric, variant: str) -> Measured:
        cell = self.cells.get(variant)
        found = cell.metrics.get(metric.id) if cell else None
        return found or Measured(Sample.none(width(metric)), cell.n if cell else 0)

    def arm(self, metric: Metric, variant: str, alpha: float) -> ArmValue:
        """A metric's value in one variant."""
        if metric.kind == "quantile":
            found = self.quantiles.get((metric.id, variant))
            return arm_of_quantile(metric, variant, found, self.people(variant))
        raw = self._raw(metric, variant)
        reason = unsound(metric, raw.sample)
        if reason is not None:
            return ArmValue(variant=variant, n=raw.sample.n, missing=raw.missing, text=reason)
        return arm_of_sample(metric, variant, raw, alpha)

    def contrast(self, metric: Metric, a: str, b: str) -> Contrast:
        """Variant ``b`` beside ``a``; as pairs where the same people met both."""
        if metric.kind == "quantile":
            nobody = Quantiles(0, metric.quantile, 0.0, 0.0, 0.0)
            return Cut(metric, *(self.quantiles.get((metric.id, id), nobody) for id in (a, b)))
        pair = self.pairs.get(b)
        if pair is not None and metric.id in pair.metrics:
            sample = pair.metrics[metric.id].sample
            reason = unsound(metric, sample)
            return Unsound(metric, reason) if reason else Together(metric, sample)
        one, two = self._raw(metric, a).sample, self._raw(metric, b).sample
        reason = unsound(metric, one) or unsound(metric, two)
        return Unsound(metric, reason) if reason else Apart(metric, one, two, self.shares.get(b))


def in_order(design: Design) -> list[str]:
    """Variants' ids, the control first."""
    ids = [one.id for one in design.variants]
    control = design.control_id
    return sorted(ids, key=lambda id: id != control)


def treatments(design: Design) -> list[str]:
    """Every variant but the control."""
    return in_order(design)[1:]


def designed_shares(design: Design) -> dict[str, float]:
    """Each treatment's share of itself and the control; none where a weight is 0 or moves."""
    if design.assignment.how == "bandit":
        return {}
    weights = {one.id: one.weight for one in design.variants}
    base = weights.get(design.control_id or "", 0.0)
    return {
        id: weights[id] / (base + weights[id])
        for id in treatments(design)
        if base > 0 and weights[id] > 0
    }


def metrics_in_order(design: Design) -> list[Metric]:
    """The primary one first, guardrails last."""
    primary = design.primary
    return sorted(design.metrics, key=lambda one: -1 if one is primary else ORDER[one.role])


def everyone(design: Design, readings: Readings) -> Group:
    """All participants."""
    pairs: dict[str, Cell] = {}
    control = design.control_id
    if design.assignment.how == "paired" and control is not None:
        for id in treatments(design):
            pairs |= by_variant(readings.pairs(design, control, id))
    return Group(
        by_variant(readings.cells(design)),
        pairs,
        _cut(design, readings, None).get(None, {}),
        designed_shares(design),
    )


def by_value(design: Design, readings: Readings, segment: str) -> dict[str, Group]:
    """Those with each value of a segment; people without a value are in none."""
    cells = _sorted_by_value(readings.cells(design, segment=segment))
    pairs: dict[str, dict[str, Cell]] = {}
    control = design.control_id
    if design.assignment.how == "paired" and control is not None:
        for id in treatments(design):
            for cell in readings.pairs(design, control, id, segment=segment):
                if cell.value is not None:
                    pairs.setdefault(cell.value, {})[id] = cell
    quantiles, shares = _cut(design, readings, segment), designed_shares(design)
    return {
        value: Group(by_variant(found), pairs.get(value, {}), quantiles.get(value, {}), shares)
        for value, found in cells.items()
    }


def _sorted_by_value(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.value is not None:
            found.setdefault(cell.value, []).append(cell)
    return dict(sorted(found.items()))


def _cut(
    design: Design, readings: Readings, segment: str | None
) -> dict[str | None, dict[tuple[str, str], Quantiles]]:
    if not any(one.kind == "quantile" for one in design.metrics):
        return {}
    found: dict[str | None, dict[tuple[str, str], Quantiles]] = {}
    answers: dict[QuantileKey, Quantiles] = readings.quantiles(design, segment=segment)
    for (metric, variant, value), quantiles in answers.items():
        found.setdefault(value, {})[metric, variant] = quantiles
    return found


def by_variant(cells: Iterable[Cell]) -> dict[str, Cell]:
    """One cell a variant: days and values together."""
    found: dict[str, Cell] = {}
    for cell in cells:
        found[cell.variant] = together(found[cell.variant], cell) if cell.variant in found else cell
    return found


def together(a: Cell, b: Cell) -> Cell:
    """Two cells of a variant as one."""
    metrics = dict(a.metrics)
    for id, more in b.metrics.items():
        before = metrics.get(id)
        metrics[id] = (
            Measured(before.sample + more.sample, before.missing + more.missing) if before else more
        )
    return Cell(a.variant, a.n + b.n, metrics)
