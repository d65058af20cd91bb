"""The one judge of a flow's tests: what a row expects, held against what its people did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from core.domain.flow_tests import Expectation, FlowTest
from core.domain.intervals import rate
from core.domain.reports import Check, Rate, TestResult, percent
from core.domain.runs import TestStatus
from core.flows import CompiledFlow, all_ways
from core.rehearsal.testing.groups import Group, Leaving
from core.rehearsal.testing.looking import Rating, certain
from core.rehearsal.wording import count_of, people

MADE_UP = "Somebody made up"
_WORST: tuple[TestStatus, ...] = ("error", "failed", "inconclusive", "passed")
_Judge = Callable[["_Reached", Rate, float], Check]


def judge(
    flow: CompiledFlow,
    index: int,
    test: FlowTest,
    group: Group | None,
    *,
    rating: Rating = rate,
    said: Sequence[Check] = (),
) -> TestResult:
    """One row of the flow's tests, judged; its worst check decides.

    Args:
        flow: The flow.
        index: The row's place among the tests, from 0.
        test: The row.
        group: Its people and what they did; None where there is nobody of its persona.
        rating: How sure a share is.
        said: What was found about a transcript.
    """
    rating = certain if group is not None and group.one else rating
    checks = list(_Case(flow, test, group, rating).checks(said))
    status = next(word for word in _WORST if any(check.status == word for check in checks))
    decisive = [check for check in checks if check.status == status]
    return TestResult(
        index=index,
        name=name_of(test),
        persona=test.persona or MADE_UP,
        scripted=test.scripted,
        copies=group.people if group else 0,
        run_id=group.run_id if group else None,
        expect=test.expect,
        status=status,
        expected="; ".join(check.expected for check in checks),
        happened="; ".join(dict.fromkeys(check.happened for check in decisive)),
        checks=checks,
        unanswered=group.unanswered if group else 0,
    )


def name_of(test: FlowTest) -> str:
    """What a row is called: its own name, else its persona's."""
    return test.name or test.persona or MADE_UP


def rates_of(expect: Expectation) -> int:
    """How many of a row's claims are shares that chance has a part in."""
    bounds = [expect.at_least is not None and expect.at_least < 1.0]
    bounds += [expect.at_most is not None and expect.at_most > 0.0]
    things = 1 if expect.goal is not None else len(expect.reaches) + len(expect.ways)
    return sum(bounds) * things


class _Reached:
    """Something that people reach: how it is named, and how many did."""

    def __init__(self, name: str, count: int, group: Group) -> None:
        self.name = name
        self.count = count
        self.group = group


class _Case:
    """One row and its people."""

    def __init__(
        self, flow: CompiledFlow, test: FlowTest, group: Group | None, rating: Rating
    ) -> None:
        self._flow = flow
        self._test = test
        self._expect: Expectation = test.expect
        self._given = group
        self._rating = rating

    def checks(self, said: Sequence[Check]) -> Iterator[Check]:
        """Every claim of the row."""
        group = self._given
        if group is None:
            yield _error(f"{self._test.persona} takes part", "there is nobody of this persona")
            return
        if group.people == 0:
            if said:
                yield from said
                return
            yield Check(
                status="inconclusive",
                expected=f"{name_of(self._test)} takes part",
                happened="none of these people has been played yet",
            )
            return
        checks = [*said, *self._of_goal(group), *self._of_steps(group)]
        if group.unknown == group.people:
            checks = [
                check if check.status == "error" else _error(check.expected, _without(group))
                for check in checks
            ]
        yield from checks or [_error("something", "this test expects nothing")]

    def _of_goal(self, group: Group) -> Iterator[Check]:
        expect = self._expect
        wanted = expect.at_least is not None or expect.at_most is not None
        if expect.goal is None:
            if wanted and not expect.reaches and not expect.ways:
                yield _error("a share of people", "it names neither a goal nor a step")
            return
        name = goal_name(self._flow, expect.goal)
        if name is None:
            yield _error(f"reaches “{expect.goal}”", "the flow has no goal of this name")
            return
        reached = _Reached(f"reach “{name}”", group.goals.get(name, 0), group)
        yield from self._shares(reached, expect.at_least, expect.at_most)

    def _of_steps(self, group: Group) -> Iterator[Check]:
        yield from self._reaches(group)
        for step in self._expect.never:
            if step not in self._flow.steps:
                yield _error(f"never {step}", "the flow has no such step")
                continue
            check = _never(step, group.steps.get(step, 0), group)
            yield check if check.status == "failed" else _open(check, group)
        if self._expect.max_messages is not None:
            check = _max_messages(self._expect.max_messages, group)
            yield check if check.status == "failed" else _open(check, group)

    def _reaches(self, group: Group) -> Iterator[Check]:
        expect = self._expect
        bounds = (None, None) if expect.goal else (expect.at_least, expect.at_most)
        for step in expect.reaches:
            if step not in self._flow.steps:
                yield _error(f"reaches {step}", "the flow has no such step")
                continue
            yield from self._shares(
                _Reached(f"reach {step}", group.steps.get(step, 0), group), *bounds
            )
        for name in expect.ways:
            way = find_way(self._flow, name)
            if way is None:
                yield _error(f"takes {name}", "the flow has no such way")
                continue
            reached = _Reached(f"take {name}", group.ways.get(way, 0), group)
            yield from self._shares(reached, *bounds)

    def _shares(
        self, what: _Reached, at_least: float | None, at_most: float | None
    ) -> Iterator[Check]:
        if at_least is None and at_most is None:
            at_least = 1.0
        if at_least is not None:
            yield self._share(_at_least, what, at_least)
        if at_most is not None:
            yield self._share(_at_most, what, at_most)

    def _share(self, judge: _Judge, what: _Reached, share: float) -> Check:
        """A share of those who are known, decided where it holds whatever the others would do.

        A check is what it is if nobody of the others had done it, and if all of them had.
        """
        group, count = what.group, what.count
        known = judge(what, self._rating(count, group.people - group.unanswered), share)
        if not group.unanswered:
            return known
        ends = [
            self._rating(count, group.people),
            self._rating(count + group.unanswered, group.people),
        ]
        if all(judge(what, end, share).status == known.status for end in ends):
            return known.model_copy(update={"happened": f"{known.happened}; {_without(group)}"})
        return _open(known, group)


def find_way(flow: CompiledFlow, name: str) -> Leaving | None:
    """The step and way that ``step:way`` names; a step's name may have colons too."""
    for step, way in all_ways(flow):
        if f"{step}:{way.name}" == name:
            return step, way.name
    return None


def _without(group: Group) -> str:
    """``1 of 5 people has reactions without a usable answer``."""
    have = "has" if group.unanswered == 1 else "have"
    return (
        f"{group.unanswered:,} of {people(group.people)} {have} reactions without a usable answer"
    )


def _open(check: Check, group: Group) -> Check:
    """A check that those without a usable answer could have turned is undecided."""
    if not group.unanswered:
        return check
    happened = f"{check.happened}; {_without(group)}"
    return check.model_copy(update={"status": "inconclusive", "happened": happened})


def goal_name(flow: CompiledFlow, wanted: str) -> str | None:
    """The name of the goal that a row means, by its name or its step; None where there is none."""
    goals = [step for step in flow.steps.values() if step.type == "goal"]
    names = {getattr(step.config, "name", step.id): step.id for step in goals}
    if wanted in names:
        return wanted
    return next((name for name, id in names.items() if id == wanted), None)


def _at_least(what: _Reached, reached: Rate, least: float) -> Check:
    """A share against its threshold; that everybody does is refuted by one person who does not."""
    low, high = reached.low or 0.0, reached.high if reached.high is not None else 1.0
    if least >= 1.0:
        status: TestStatus = "passed" if reached.count == reached.of else "failed"
        expected = _all_of(what)
    else:
        status = "passed" if low >= least else "failed" if high < least else "inconclusive"
        expected = f"at least {percent(least)} % {what.name}"
    return _of_rate(what, reached, status, expected)


def _at_most(what: _Reached, reached: Rate, most: float) -> Check:
    low, high = reached.low or 0.0, reached.high if reached.high is not None else 1.0
    if most <= 0.0:
        status: TestStatus = "passed" if reached.count == 0 else "failed"
        expected = _none_of(what.name, what.group)
    else:
        status = "passed" if high <= most else "failed" if low > most else "inconclusive"
        expected = f"at most {percent(most)} % {what.name}"
    return _of_rate(what, reached, status, expected)


def _of_rate(what: _Reached, reached: Rate, status: TestStatus, expected: str) -> Check:
    if what.group.one:
        happened = "this person did" if reached.count else "this person did not"
        return Check(status=status, expected=expected, happened=happened)
    doubt = ", too few people to tell" if status == "inconclusive" else ""
    return Check(
        status=status, expected=expected, happened=f"{reached.text} did{doubt}", rate=reached
    )


def _all_of(what: _Reached) -> str:
    verb, _, rest = what.name.partition(" ")
    third = f"{verb}es" if verb.endswith("ch") else f"{verb}s"
    return f"{'this person' if what.group.one else 'everybody'} {third} {rest}"


def _none_of(name: str, group: Group) -> str:
    verb, _, rest = name.partition(" ")
    third = f"{verb}es" if verb.endswith("ch") else f"{verb}s"
    return f"this person never {third} {rest}" if group.one else f"nobody {third} {rest}"


def _never(step: str, visitors: int, group: Group) -> Check:
    of = people(group.people - group.unanswered)
    if group.one:
        happened = "this person did" if visitors else "this person did not"
    else:
        happened = f"{visitors:,} of {of} did" if visitors else f"none of {of} did"
    return Check(
        status="failed" if visitors else "passed",
        expected=_none_of(f"reach {step}", group),
        happened=happened,
    )


def _max_messages(most: int, group: Group) -> Check:
    over = sum(count for sent, count in group.messages.items() if sent > most)
    top = max(group.messages, default=0)
    if group.one:
        got = f"this person got {count_of(top, 'message')}"
    else:
        of = people(sum(group.messages.values()))
        got = f"{over:,} of {of} got more, up to {top}" if over else f"at most {top}"
    return Check(
        status="failed" if over else "passed",
        expected=f"at most {count_of(most, 'message')}{'' if group.one else ' each'}",
        happened=got,
    )


def _error(expected: str, reason: str) -> Check:
    return Check(status="error", expected=expected, happened=reason)
