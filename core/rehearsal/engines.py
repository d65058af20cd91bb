"""Where two runs of one population differ: per persona and step, spread beside every mean.

It is made to hold two engines against each other, and works for any two runs of the same people.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from statistics import NormalDist

from core.domain.comparisons import ReactionComparison, ReactionDifference, Side
from core.domain.intervals import Interval, rate
from core.domain.reports import Rate, Spread
from core.domain.sums import Moments, PairedCount, PairedMoments, PairedReactions
from core.rehearsal.compare import (
    PAIRED_MEANS,
    PAIRED_SHARES,
    SEPARATE_MEANS,
    SEPARATE_SHARES,
    in_points,
    is_clear,
    signed,
)
from core.rehearsal.intervals import (
    paired_means,
    paired_shares,
    separate_means,
    separate_shares,
    spread,
)

EVERYBODY = "Everybody"
FEWEST = 5
"""A mean of fewer people has no interval: two that happen to agree would look certain."""
_normal = NormalDist().cdf
_DID: dict[str, tuple[str, str]] = {
    "opened": ("Opened", "opens {step}"),
    "clicked": ("Followed a link", "follows a link of {step}"),
    "answered": ("Answered", "answers {step}"),
    "opted_out": ("Opted out", "asks to be left alone after {step}"),
    "intent:interested": ("Answered: interested", "shows interest in answer to {step}"),
    "intent:question": ("Answered: question", "asks a question about {step}"),
    "intent:price_question": ("Answered: price", "asks for the price after {step}"),
    "intent:objection": ("Answered: objection", "objects to {step}"),
    "intent:not_now": ("Answered: not now", "says not now to {step}"),
    "intent:not_interested": ("Answered: not interested", "turns down {step}"),
    "intent:thanks": ("Answered: thanks", "says thanks for {step}"),
    "intent:other": ("Answered: other", "says something else to {step}"),
}
"""What is compared as a share: its label, and what a person does; all else is left out."""
_HOW: dict[str, tuple[str, str, str]] = {
    "hours": ("Hours to answer", "takes {} to answer {step}", "h"),
    "words": ("Words of an answer", "writes {} in answer to {step}", "words"),
    "share": ("Share of messages answered", "answers {} of the messages", "%"),
}
"""What is compared as a mean: its label, what a person does, and the unit."""


def reactions_compared(
    a: Side,
    b: Side,
    reactions: Iterable[PairedReactions],
    names: Mapping[str, str],
) -> ReactionComparison:
    """What differs between the reactions of two runs, most first.

    Args:
        a: The first run.
        b: The second.
        reactions: What was done with each step's messages in both.
        names: The personas' names by id.
    """
    labels = side_labels(a, b)
    differences = [one for part in reactions for one in _of_part(part, names, labels)]
    differences.sort(key=_order)
    return ReactionComparison(
        a=a,
        b=b,
        same_engine=_engine(a) == _engine(b),
        headline=_headline(differences),
        notes=list(_notes(a, b, differences, labels)),
        differences=differences,
    )


def side_labels(a: Side, b: Side) -> tuple[str, str]:
    """What to call the two: by their engines, or by their numbers where these do not differ."""
    if a.engine != b.engine:
        return _engine_words(a), _engine_words(b)
    if _engine(a) != _engine(b):
        return str(a.model), str(b.model)
    return f"run {a.number}", f"run {b.number}"


def _engine(side: Side) -> tuple[str, str | None]:
    return side.engine, side.model


def _engine_words(side: Side) -> str:
    return "the language model" if side.engine == "language" else "the behaviour model"


def _of_part(
    part: PairedReactions, names: Mapping[str, str], labels: tuple[str, str]
) -> Iterator[ReactionDifference]:
    """Every measure of one persona at one step that anybody has."""
    who = EVERYBODY if part.persona is None else names.get(part.persona, part.persona)
    for count in part.counts:
        if count.name in _DID and (count.a or count.b) and part.people_a and part.people_b:
            yield _share(part, count, who, labels)
    for name, moments in part.moments.items():
        if name == "share" and part.step_id is not None:
            continue
        if moments.a.n and moments.b.n:
            yield _mean(part, name, moments, who, labels)


def _share(
    part: PairedReactions, count: PairedCount, who: str, labels: tuple[str, str]
) -> ReactionDifference:
    """A yes-or-no measure; person by person only where the same people got the message."""
    of_a, of_b = part.people_a, part.people_b
    paired = part.both == of_a == of_b
    interval = (
        paired_shares(count.only_a, count.only_b, part.both)
        if paired
        else separate_shares(count.a, of_a, count.b, of_b)
    )
    a, b = rate(count.a, of_a), rate(count.b, of_b)
    label, verb = _DID[count.name]
    difference = (b.rate or 0.0) - (a.rate or 0.0)
    does = verb.format(step=_place(part.step_id))
    return _difference(
        part,
        who,
        count.name,
        label,
        (a, b),
        difference,
        interval,
        PAIRED_SHARES if paired else SEPARATE_SHARES,
        text=in_points(difference, *interval),
        sentence=(
            f"{who} {does} in {count.a:,} of {of_a:,} with {labels[0]}, "
            f"{count.b:,} of {of_b:,} with {labels[1]}"
        ),
    )


def _mean(
    part: PairedReactions, name: str, moments: PairedMoments, who: str, labels: tuple[str, str]
) -> ReactionDifference:
    """A number; person by person only where the same people have one."""
    first, second = moments.a, moments.b
    paired = moments.pairs == first.n == second.n
    interval = _interval(moments, paired)
    a, b = _spread(first), _spread(second)
    label, verb, unit = _HOW[name]
    difference = (second.mean or 0.0) - (first.mean or 0.0)
    said = [_said(one, unit) for one in (a, b)]
    does = verb.format(said[0], step=_place(part.step_id))
    scale, digits = (100.0, 0) if unit == "%" else (1.0, 1)
    text = f"{signed(scale * difference, digits)} {'points' if unit == '%' else unit}"
    if interval is not None:
        low, high = (signed(scale * bound, digits) for bound in interval)
        text += f", {low} to {high}"
    return _difference(
        part,
        who,
        name,
        label,
        (a, b),
        difference,
        interval,
        PAIRED_MEANS if paired else SEPARATE_MEANS,
        text=text,
        sentence=f"{who} {does} with {labels[0]}, {said[1]} with {labels[1]}",
    )


def _interval(moments: PairedMoments, paired: bool) -> Interval | None:
    """None where too few have the number."""
    a, b = moments.a, moments.b
    if min(a.n, b.n) < FEWEST:
        return None
    if paired and moments.difference is not None and moments.difference_sd is not None:
        return paired_means(moments.pairs, moments.difference, moments.difference_sd)
    if a.mean is None or b.mean is None or a.sd is None or b.sd is None:
        return None
    return separate_means((a.n, a.mean, a.sd), (b.n, b.mean, b.sd))


def _difference(
    part: PairedReactions,
    who: str,
    measure: str,
    label: str,
    sides: tuple[Rate, Rate] | tuple[Spread, Spread],
    difference: float,
    interval: Interval | None,
    method: str,
    *,
    text: str,
    sentence: str,
) -> ReactionDifference:
    low, high = interval or (None, None)
    return ReactionDifference(
        persona=part.persona,
        persona_name=who,
        step_id=part.step_id,
        measure=measure,
        label=label,
        a=sides[0],
        b=sides[1],
        a_sd=_sd(sides[0]),
        b_sd=_sd(sides[1]),
        difference=difference,
        low=low,
        high=high,
        paired=method in (PAIRED_MEANS, PAIRED_SHARES),
        method=method,
        clear=is_clear(low, high),
        text=text,
        sentence=sentence,
    )


def _sd(side: Rate | Spread) -> float | None:
    """The standard deviation of people; None where too few have the number."""
    if isinstance(side, Spread):
        return side.sd
    if side.rate is None or side.of < 2:
        return None
    return math.sqrt(side.rate * (1 - side.rate) * side.of / (side.of - 1))


def _spread(moments: Moments) -> Spread:
    return spread(moments.n, moments.mean, moments.sd, moments.quartiles)


def _place(step_id: str | None) -> str:
    return f"“{step_id}”" if step_id else "any message"


def _said(number: Spread, unit: str) -> str:
    """``5.2 h (SD 3.1, 14 people)``."""
    mean, sd = number.mean or 0.0, number.sd
    if unit == "%":
        spread_words = "" if sd is None else f"SD {100 * sd:.0f}, "
        return f"{100 * mean:.0f} % ({spread_words}{_people(number.n)})"
    spread_words = "" if sd is None else f"SD {sd:.1f}, "
    return f"{mean:.1f} {unit} ({spread_words}{_people(number.n)})"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _order(one: ReactionDifference) -> tuple[object, ...]:
    """What is clear first, then what people did before how long they wrote, then how much."""
    bounds = [abs(bound) for bound in (one.low, one.high) if one.clear and bound is not None]
    least = _superiority(one, min(bounds, default=0.0))
    seen = _superiority(one, abs(one.difference or 0.0))
    return (
        not one.clear,
        one.measure == "words",
        -least,
        -seen,
        one.persona or "",
        one.step_id or "",
    )


def _superiority(one: ReactionDifference, difference: float) -> float:
    """How much likelier than not somebody of one run has more of it than somebody of the other.

    From 0 to one half, for shares and means alike (the common language effect size of McGraw &
    Wong, Psychological Bulletin 111, 1992, p. 361-365, less one half).
    """
    if isinstance(one.a, Rate) or isinstance(one.b, Rate):
        return difference / 2
    variance = sum(number.sd**2 for number in (one.a, one.b) if number.sd is not None)
    if variance == 0:
        return 0.5 if difference else 0.0
    return _normal(difference / math.sqrt(variance)) - 0.5


def _headline(differences: list[ReactionDifference]) -> str:
    """The greatest difference of a persona that is more than chance."""
    clear = [one for one in differences if one.clear]
    named = next((one for one in clear if one.persona), clear[0] if clear else None)
    if named is not None:
        return named.sentence
    if not differences:
        return "Nobody did anything in either run"
    return "No difference in what people do that could not be chance"


def _notes(
    a: Side, b: Side, differences: list[ReactionDifference], labels: tuple[str, str]
) -> Iterator[str]:
    """What a reader must know to read the rows."""
    if _engine(a) == _engine(b):
        which = a.model or _engine_words(a)
        yield (
            f"Both were played by {which}: what differs comes from the flow's version, the "
            "seed, or the engine's settings."
        )
    tested = len(differences)
    if tested:
        clear = sum(one.clear for one in differences)
        yield (
            f"Clear differences: {clear:,} of {tested:,}; about {math.ceil(tested / 20):,} would "
            "look clear by chance alone."
        )
    if any(one.measure in ("hours", "words") for one in differences):
        yield "Hours and words are those of the people who answered."
    shares = next(
        (one for one in differences if one.measure == "share" and one.persona is None), None
    )
    if shares and isinstance(shares.a, Spread) and isinstance(shares.b, Spread):
        first, second = shares.a.sd, shares.b.sd
        if first is not None and second is not None:
            yield (
                f"How much people differ in what they answer: SD {100 * first:.0f} points with "
                f"{labels[0]}, {100 * second:.0f} with {labels[1]}."
            )
