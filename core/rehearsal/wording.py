"""What was found, in a sentence."""

from __future__ import annotations

from collections import Counter

from core.domain.reports import Coverage, Figure, Funnel, FunnelStage, Rate, TestResult
from core.rehearsal.observed import Observed

_SHARES: tuple[tuple[float, str], ...] = (
    (0.9, "Nearly all"),
    (0.72, "Most"),
    (0.62, "Two thirds"),
    (0.55, "More than half"),
    (0.45, "Half"),
    (0.38, "Two fifths"),
    (0.28, "A third"),
    (0.22, "A quarter"),
    (0.15, "A fifth"),
    (0.07, "A tenth"),
    (0.0, "A few"),
)
_WHO = {
    "entered": "the people",
    "received": "those who get a message",
    "opened": "those who read",
    "answered": "those who answer",
    "clicked": "those who click",
}
_BETWEEN = {
    "entered": "the start",
    "received": "the first message",
    "opened": "reading",
    "answered": "the first reply",
    "clicked": "the first click",
}
_NEVER = {
    "received": "never get a message",
    "opened": "never open one",
    "answered": "never answer",
    "clicked": "never click",
}
MANY = 0.2
"""From this share of reactions without a usable answer on, they are what the headline is about."""
ENOUGH = 0.5
"""From this share of people on, a goal is what the headline is about."""


def share_in_words(share: float) -> str:
    """A share as one says it, with a capital: ``Half``."""
    if share >= 0.9995:
        return "All"
    return next(words for least, words in _SHARES if share >= least)


def count_of(count: int, singular: str, plural: str | None = None) -> str:
    """``1 person``, ``1,200 people``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def people(count: int) -> str:
    """``1 person``, ``12 people``."""
    return count_of(count, "person", "people")


def duration(hours: float) -> str:
    """About how long: ``12 min``, ``5 h``, ``2 days``."""
    if hours < 1:
        return f"{max(1, round(60 * hours))} min"
    if hours < 36:
        return f"{round(hours)} h"
    return count_of(round(hours / 24), "day")


def funnel_title(seen: Observed, funnel: Funnel) -> str:
    """The largest drop in words: ``Half of those who read never answer``."""
    drop = next((stage for stage in funnel.stages if stage.largest_drop), None)
    if not seen.people:
        return "Nobody has been played yet"
    if not seen.known(seen.everyone):
        return "Nothing is known of how far people came"
    if drop is None and seen.unanswered:
        return "Nobody is known to have been lost on the way"
    if drop is None or drop.lost_share is None:
        return "Everybody comes through to the end"
    return f"{share_in_words(drop.lost_share)} of {_WHO[drop.after or 'entered']} {_never(drop)}"


def _never(stage: FunnelStage) -> str:
    if stage.key in _NEVER:
        return _NEVER[stage.key]
    if stage.label == "Reached a goal":
        return "never reach a goal"
    return f"never reach “{stage.label.lower()}”"


def headline(seen: Observed, funnel: Funnel, goal: Figure | None) -> str:
    """One sentence of what was found, chosen from the data."""
    sent, failed = seen.total["sent"], seen.lost("engine_failed")
    if seen.has_failed and not failed:
        return f"{seen.flow.name}: the rehearsal failed before it was done"
    if not seen.people:
        finding = "nobody has been played yet"
    elif failed and (seen.has_failed or failed / sent > MANY):
        finding = no_answer(seen)
    elif not sent:
        finding = "nobody gets a message"
    elif goal and goal.rate.rate and goal.rate.rate >= ENOUGH:
        reached = "a goal" if len(seen.goal_names) > 1 else f"“{seen.goal_names[0]}”"
        finding = f"{_small(share_in_words(goal.rate.rate))} of the people reach {reached}"
    else:
        finding = _loss(seen, funnel)
    return f"{seen.flow.name}: {finding}"


def _loss(seen: Observed, funnel: Funnel) -> str:
    drop = next((stage for stage in funnel.stages if stage.largest_drop), None)
    if drop is None:
        return _small(funnel_title(seen, funnel))
    if drop.lost * 2 > seen.known(seen.everyone):
        after = _BETWEEN[drop.after or "entered"]
        return f"most people are lost between {after} and {_destination(drop)}"
    return _small(funnel_title(seen, funnel))


def _destination(stage: FunnelStage) -> str:
    if stage.key in _BETWEEN:
        return _BETWEEN[stage.key]
    return "a goal" if stage.label == "Reached a goal" else f"“{stage.label.lower()}”"


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def summary(
    seen: Observed,
    goal: Figure | None,
    goals: list[Figure],
    opted_out: Figure,
    coverage: Coverage,
    tests: list[TestResult],
) -> list[str]:
    """Three to six plain sentences with their counts."""
    if not seen.everyone:
        return [
            f"None of {people(seen.run.contacts)} has been played yet.",
            "Nothing can be said before somebody has been.",
            "Resume the rehearsal to see what happens.",
        ]
    unanswered = [without_answer(seen)] if seen.unanswered else []
    if seen.has_failed or not seen.known(seen.everyone):
        error = [seen.run.error] if seen.run.error and not unanswered else []
        return [
            _who_met(seen),
            *unanswered,
            *error,
            "The run has no score, and what is counted below says little.",
        ]
    return [
        _who_met(seen),
        *unanswered,
        _what_they_did(seen),
        _what_was_reached(goal, goals),
        _who_left(seen, opted_out),
        _what_held(coverage, tests),
    ]


def no_answer(seen: Observed) -> str:
    """``7 of 7 reactions have no usable answer: invalid``."""
    kinds = _kinds(seen)
    names = ", ".join(kinds) if len(kinds) == 1 else _counted(kinds)
    failed, sent = seen.lost("engine_failed"), seen.total["sent"]
    have = "has" if sent == 1 else "have"
    return f"{failed:,} of {count_of(sent, 'reaction')} {have} no usable answer: {names}"


def _kinds(seen: Observed) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for row in seen.failures:
        if row.kind == "engine_failed":
            kinds[row.reason] += row.count
    return kinds


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in kinds.most_common())


def without_answer(seen: Observed) -> str:
    """How many reactions have no usable answer, and what that means for the rates."""
    unsure, unknown = sum(some.people for some in seen.unanswered), seen.unknown()
    about = f"{no_answer(seen)}. That is not silence"
    if unknown:
        are = "is" if unknown == 1 else "are"
        about += f": {people(unknown)} with no other reaction {are} left out of the rates"
    if unsure > unknown:
        more = f"{people(unsure - unknown)} more" if unknown else people(unsure)
        have = "has" if unsure - unknown == 1 else "have"
        rest = f"{more} {have} other reactions too, and those count"
        about += f"; {rest}" if unknown else f": {rest}"
    return f"{about}."


def no_score(seen: Observed) -> str | None:
    """Why there is no score, where people have been played."""
    if not seen.people:
        return None
    if seen.unanswered and (seen.has_failed or not seen.known(seen.everyone)):
        return "no score: too many reactions failed"
    return "no score: the run failed" if seen.has_failed else None


def _who_met(seen: Observed) -> str:
    run, everyone = seen.run, seen.everyone
    mean = everyone.messages.mean if everyone else None
    some = "" if run.done >= run.contacts else f" of {run.contacts:,}"
    each = f", each with {mean:.1f} messages on average" if mean is not None else ""
    return f"{people(seen.people).replace(' ', some + ' ', 1)} met “{seen.flow.name}”{each}."


def _what_they_did(seen: Observed) -> str:
    sums = seen.everyone
    assert sums is not None
    delay = seen.delays.get(None)
    after = f", in the middle {duration(delay)} after the message" if delay is not None else ""
    clicked = f", {sums.clicked:,} clicked a link" if sums.clicked else ""
    return f"{sums.opened:,} opened a message{clicked} and {sums.answered:,} answered{after}."


def _what_was_reached(goal: Figure | None, goals: list[Figure]) -> str:
    if goal is None:
        return "The flow names no goal, so it cannot be said whether anybody was won."
    if len(goals) == 1:
        who = f": {goal.made_of_text}" if goal.made_of else ""
        return f"{goal.rate.count:,} reached “{goals[0].name}” ({goal.rate.text}){who}."
    each = ", ".join(f"“{figure.name}” {figure.rate.count:,}" for figure in goals)
    return f"{goal.rate.count:,} reached a goal ({goal.rate.text}): {each}."


def _who_left(seen: Observed, opted_out: Figure) -> str:
    held = sum(row.count for row in seen.held_back)
    after = f"; {count_of(held, 'message')} after that had to be held back" if held else ""
    if not opted_out.rate.count:
        return "Nobody opted out."
    first = opted_out.made_of[0]
    most = "all" if first.count == opted_out.rate.count else f"{first.count:,}"
    who = f", {most} of them {first.name.split()[-1]}"
    return f"{opted_out.rate.count:,} opted out ({opted_out.rate.text}){who}{after}."


def _what_held(coverage: Coverage, tests: list[TestResult]) -> str:
    missed = len(coverage.ways_not_reached)
    if missed:
        was = "was" if missed == 1 else "were"
        ways = f"{missed} of {count_of(coverage.ways_total, 'way')} {was} taken by nobody"
    else:
        ways = "Every way was taken by somebody"
    if not tests:
        return f"{ways}; the flow has no tests of its own."
    passed = sum(test.status == "passed" for test in tests)
    return f"{ways}; {passed} of {count_of(len(tests), 'test')} passed."


def in_short(rate: Rate) -> str:
    """``17 of 140``."""
    return f"{rate.count:,} of {rate.of:,}"
