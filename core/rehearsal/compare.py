"""Two runs of one flow beside each other: what differs, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.comparisons import Comparison, Difference, FlowChange, Side, StepChange
from core.domain.intervals import Interval, rate
from core.domain.runs import Run
from core.domain.sums import PairedRuns, PersonaSums, Visits
from core.flows import CompiledFlow, CompiledStep
from core.rehearsal.intervals import (
    paired_means,
    paired_shares,
    separate_means,
    separate_shares,
    spread,
)

PAIRED_SHARES = "the same people in both, Agresti & Min 2005"
SEPARATE_SHARES = "different people, Newcombe 1998"
PAIRED_MEANS = "the same people in both, t interval of their differences"
SEPARATE_MEANS = "different people, Welch 1947"
_LABELS = {"goal": "Reached a goal", "answered": "Answered", "opted_out": "Opted out"}
_VERBS = {"goal": "reach a goal", "answered": "answer", "opted_out": "opt out"}


@dataclass(frozen=True)
class Compared:
    """One of two runs: its sums, and its visits by step."""

    run: Run
    flow: CompiledFlow
    population: str
    sums: PersonaSums | None
    visits: dict[str, Visits]


def compared(a: Compared, b: Compared, paired: PairedRuns | None) -> Comparison:
    """What differs between two runs; person by person where both had the same people."""
    differences = list(_separate(a, b) if paired is None else _paired(paired))
    return Comparison(
        flow_id=a.run.flow_id,
        flow_name=b.flow.name,
        a=side_of(a),
        b=side_of(b),
        paired=paired is not None,
        same_chance=paired is not None and a.run.seed == b.run.seed,
        people=paired.people if paired else 0,
        headline=_headline(differences),
        differences=differences,
        steps=_steps(a, b),
        flow=flow_change(a.flow, b.flow),
    )


def side_of(side: Compared) -> Side:
    """A compared run, in the words of a result."""
    return Side(
        run_id=side.run.id,
        number=side.run.number,
        flow_version=side.run.flow_version,
        seed=side.run.seed,
        population_id=side.run.population_id,
        population_name=side.population,
        people=side.sums.people if side.sums else 0,
        engine=side.run.engine,
        model=side.run.model.name if side.run.model else None,
    )


def _paired(paired: PairedRuns) -> Iterator[Difference]:
    of = paired.people
    for count in paired.counts:
        interval = paired_shares(count.only_a, count.only_b, of) if of else None
        yield _share(count.name, (count.a, of), (count.b, of), interval, PAIRED_SHARES).model_copy(
            update={
                "only_a": count.only_a,
                "only_b": count.only_b,
                "only_a_people": list(count.only_a_people),
                "only_b_people": list(count.only_b_people),
            }
        )
    interval = None
    if of > 1 and paired.difference is not None and paired.difference_sd is not None:
        interval = paired_means(of, paired.difference, paired.difference_sd)
    yield _mean(paired.messages_a, paired.messages_b, interval, PAIRED_MEANS)


def _separate(a: Compared, b: Compared) -> Iterator[Difference]:
    people_a, people_b = (side.sums.people if side.sums else 0 for side in (a, b))
    for name in _LABELS:
        did_a, did_b = (getattr(side.sums, name) if side.sums else 0 for side in (a, b))
        interval = None
        if people_a and people_b:
            interval = separate_shares(did_a, people_a, did_b, people_b)
        yield _share(name, (did_a, people_a), (did_b, people_b), interval, SEPARATE_SHARES)
    yield _separate_messages(a.sums, b.sums)


def _separate_messages(a: PersonaSums | None, b: PersonaSums | None) -> Difference:
    moments = [sums.messages if sums else None for sums in (a, b)]
    known = [
        (some.n, some.mean, some.sd)
        for some in moments
        if some and some.n > 1 and some.mean is not None and some.sd is not None
    ]
    interval = separate_means(known[0], known[1]) if len(known) == 2 else None
    means = [some.mean if some else None for some in moments]
    return _mean(means[0], means[1], interval, SEPARATE_MEANS)


def _share(
    name: str, a: tuple[int, int], b: tuple[int, int], interval: Interval | None, method: str
) -> Difference:
    rate_a, rate_b = rate(*a), rate(*b)
    known = rate_a.rate is not None and rate_b.rate is not None
    difference = (rate_b.rate or 0.0) - (rate_a.rate or 0.0) if known else None
    low, high = interval or (None, None)
    return Difference(
        name=name,
        label=_LABELS[name],
        a=rate_a.rate,
        b=rate_b.rate,
        a_text=rate_a.text,
        b_text=rate_b.text,
        difference=difference,
        low=low,
        high=high,
        method=method,
        clear=is_clear(low, high),
        text=in_points(difference, low, high),
    )


def _mean(a: float | None, b: float | None, interval: Interval | None, method: str) -> Difference:
    difference = b - a if a is not None and b is not None else None
    low, high = interval or (None, None)
    text = "no data" if difference is None else f"{signed(difference, 1)} a person"
    if low is not None and high is not None:
        text += f", {signed(low, 1)} to {signed(high, 1)}"
    return Difference(
        name="messages",
        label="Messages a person",
        a=a,
        b=b,
        a_text=spread(1, a, None).text,
        b_text=spread(1, b, None).text,
        difference=difference,
        low=low,
        high=high,
        method=method,
        clear=is_clear(low, high),
        text=text,
    )


def is_clear(low: float | None, high: float | None) -> bool:
    """Whether an interval leaves no doubt about the sign."""
    return low is not None and high is not None and (low > 0 or high < 0)


def in_points(difference: float | None, low: float | None, high: float | None) -> str:
    """``+5 points, +1 to +9``."""
    if difference is None:
        return "no data"
    text = f"{signed(100 * difference, 0)} points"
    if low is None or high is None:
        return text
    return f"{text}, {signed(100 * low, 0)} to {signed(100 * high, 0)}"


def signed(number: float, digits: int) -> str:
    """``+5.0``, ``−0.3``; zero has no sign."""
    rounded = round(number, digits)
    if rounded == 0:
        return f"{0:.{digits}f}"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.{digits}f}"


def _headline(differences: list[Difference]) -> str:
    """The first difference that is more than chance, in a sentence."""
    clear = next((one for one in differences if one.clear and one.name in _VERBS), None)
    if clear is not None:
        more = "More" if (clear.difference or 0) > 0 else "Fewer"
        return f"{more} people {_VERBS[clear.name]}: {clear.a_text} before, {clear.b_text} now"
    if all(one.difference == 0 for one in differences):
        return "Nothing that is measured has changed"
    return "No difference that could not be chance"


def _steps(a: Compared, b: Compared) -> list[StepChange]:
    """Steps whose visits changed, most first."""
    changes = []
    for step in dict.fromkeys([*b.flow.steps, *a.flow.steps]):
        before, after = a.visits.get(step), b.visits.get(step)
        visits = [one.visits if one else 0 for one in (before, after)]
        if visits[0] != visits[1]:
            people = [one.people if one else 0 for one in (before, after)]
            changes.append(
                StepChange(
                    step_id=step,
                    visits_a=visits[0],
                    visits_b=visits[1],
                    people_a=people[0],
                    people_b=people[1],
                )
            )
    return sorted(changes, key=lambda change: -abs(change.visits_b - change.visits_a))


def flow_change(a: CompiledFlow, b: CompiledFlow) -> FlowChange:
    """Which steps were added, removed or changed between two versions."""
    return FlowChange(
        added=[step for step in b.steps if step not in a.steps],
        removed=[step for step in a.steps if step not in b.steps],
        changed=[
            step
            for step in b.steps
            if step in a.steps and _content(a.steps[step]) != _content(b.steps[step])
        ],
    )


def _content(step: CompiledStep) -> tuple[object, ...]:
    return step.type, step.config.model_dump(), [(way.name, way.to) for way in step.ways]
