"""Everything that an analysis asks of its participants, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.errors import BadInput
from core.domain.experiments import Design
from core.domain.samples import Cell, DataFacts, Quantiles
from core.store.participant_cells import Fine, at_once, fine
from core.store.participant_pairs import Pairs, pairs
from core.store.participant_quantiles import Key, quantiles, quantiles_by
from core.store.participant_rows import Rows
from core.store.participant_tails import Columns, Edge, edges, some
from core.store.participant_units import Units, counted
from core.store.participant_yes import counts_read_as_yes


@dataclass(slots=True)
class Answers:
    """What was found.

    Attributes:
        facts: What is true of the data.
        edges: Each metric's cap and tail.
        timed: Whether it is known when participants came.
        fines: Cells, by several things at once.
        cuts: Quantiles, by segment (None: everybody).
        pairs: By first and second variant.
        refused: Segments by which results cannot be read, and why.
    """

    facts: DataFacts
    edges: dict[str, Edge]
    timed: bool
    fines: list[Fine] = field(default_factory=list)
    cuts: dict[str | None, dict[Key, Quantiles]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Pairs] = field(default_factory=dict)
    refused: dict[str, BadInput] = field(default_factory=dict)

    def cells(self, segment: str | None, daily: bool) -> list[Cell]:
        """Sums by variant, a segment's value and day.

        Raises:
            BadInput: If results cannot be read by that segment.
        """
        self._check(segment)
        daily = daily and self.timed
        found = next(one for one in self.fines if one.gives(segment, daily))
        return found.coarse(segment, daily)

    def quantiles(self, segment: str | None) -> dict[Key, Quantiles]:
        """Quantiles by variant and a segment's value."""
        self._check(segment)
        return self.cuts[segment]

    def _check(self, segment: str | None) -> None:
        if segment in self.refused:
            raise self.refused[segment]


def gathered(units: Units, rows: Rows, design: Design) -> Answers:
    """Read everything that the design names.

    Raises:
        BadInput: If values are too large to be added up, or are no yes or no.
    """
    sample = some(units, design)
    known = edges(units, design, sample)
    facts = _facts(units, rows, known, counts_read_as_yes(units, rows, design))
    answers = Answers(facts, known, units.first is not None)
    _add_cells(answers, units, design, sample)
    if any(metric.kind == "quantile" for metric in design.metrics):
        for segment in (one for one in design.segments if one not in answers.refused):
            answers.cuts[segment] = quantiles_by(units, design, segment)
        answers.cuts[None] = quantiles(units, design)
    else:
        answers.cuts = {segment: {} for segment in (None, *design.segments)}
    control = design.control_id
    if rows.paired and design.assignment.how == "paired" and control is not None:
        names = in_data(rows.names)
        for variant in (one for one in names if one != control and control in names):
            answers.pairs[control, variant] = paired(answers, units, design, control, variant)
    return answers


def paired(answers: Answers, units: Units, design: Design, a: str, b: str) -> Pairs:
    """Sums over the contacts that are in both of two variants."""
    names = in_data(units.names)
    return pairs(units, design, answers.edges, {"a": names[a], "b": names[b]}, b)


def in_data(names: Mapping[str, str]) -> dict[str, str]:
    """What the data call each variant."""
    return {id: name for name, id in names.items()}


def _add_cells(answers: Answers, units: Units, design: Design, sample: Columns) -> None:
    timed = answers.timed
    if at_once(units, sample, timed):
        answers.fines = [fine(units, design, answers.edges, units.segments, timed)]
        return
    answers.fines = [fine(units, design, answers.edges, (), False)]
    if timed:
        answers.fines.append(fine(units, design, answers.edges, (), True))
    for segment in units.segments:
        try:
            answers.fines.append(fine(units, design, answers.edges, (segment,), False))
        except BadInput as error:
            answers.refused[segment] = error


def _facts(
    units: Units, rows: Rows, known: Mapping[str, Edge], counts: tuple[str, ...]
) -> DataFacts:
    whole, nameless, in_many, several = counted(units, rows)
    participants = dict.fromkeys(units.names.values(), 0)
    for arm in units.known:
        participants[units.names[arm.variant or ""]] += arm.n
    return DataFacts(
        rows=whole,
        participants=participants,
        unknown={
            arm.variant: arm.n
            for arm in units.arms
            if arm.variant is not None and arm.variant not in units.names
        },
        nameless=nameless,
        in_many=in_many,
        several_rows=several,
        first=units.first,
        last=units.last,
        tails={id: edge.tail for id, edge in known.items() if edge.tail is not None},
        counts=counts,
    )
