"""A flow's own tests, judged on what its people did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.domain.flow_tests import Expectation, FlowTest
from core.domain.intervals import rate
from core.domain.personas import slug
from core.domain.reports import Check, Rate, TestResult, percent
from core.domain.runs import Run, TestStatus, Verdict
from core.flows import CompiledFlow
from core.rehearsal.wording import count_of, people
from core.store import Reading

_WORST: tuple[TestStatus, ...] = ("error", "failed", "inconclusive", "passed")


@dataclass(frozen=True)
class Group:
    """One persona's people of one run, and what they did.

    ``steps`` and ``goals`` count people; ``messages`` says how many people got how many. Those
    with a reaction that has no usable answer are in none of them: they are ``unanswered``, and
    nothing at all is known of ``unknown`` of them.
    """

    run_id: str
    people: int
    steps: dict[str, int]
    goals: dict[str, int]
    messages: dict[int, int]
    unanswered: int = 0
    unknown: int = 0


class Groups:
    """The personas of a run and of the runs that play its tests, by id and by name.

    Args:
        reading: The events.
        runs: The run first, then its children, each with its personas' names by id.
    """

    def __init__(self, reading: Reading, runs: Sequence[tuple[Run, dict[str, str]]]) -> None:
        self._reading = reading
        self._runs = runs
        self._groups: dict[str, dict[str, Group]] = {}

    def find(self, persona: str) -> Group | None:
        """The people to judge a test on; None where there is nobody of this persona."""
        for run, names in self._runs:
            for id, name in names.items():
                if id == persona or id == slug(persona) or name.casefold() == persona.casefold():
                    return self._of(run).get(id, Group(run.id, 0, {}, {}, {}))
        return None

    def _of(self, run: Run) -> dict[str, Group]:
        if run.id not in self._groups:
            self._groups[run.id] = self._read(run.id)
        return self._groups[run.id]

    def _read(self, run_id: str) -> dict[str, Group]:
        reading = self._reading
        unanswered, unknown = Counter[str](), Counter[str]()
        for some in reading.unanswered(run_id):
            unanswered[some.persona] += some.people
            unknown[some.persona] += 0 if some.known else some.people
        out = "unsure" if unanswered else None
        steps: dict[str, dict[str, int]] = {}
        for (persona, step), visitors in reading.steps_by_persona(run_id, out).items():
            steps.setdefault(persona, {})[step] = visitors
        goals: dict[str, dict[str, int]] = {}
        for goal in reading.goals(run_id, out):
            if goal.persona is not None:
                goals.setdefault(goal.persona, {})[goal.name] = goal.people
        tallies = {id: tally for id, (_, tally) in reading.most_messages(run_id, out).items()}
        return {
            persona: Group(
                run_id,
                sum(tallies.get(persona, {}).values()) + unanswered[persona],
                steps.get(persona, {}),
                goals.get(persona, {}),
                tallies.get(persona, {}),
                unanswered[persona],
                unknown[persona],
            )
            for persona in tallies | unanswered
        }


def judge(flow: CompiledFlow, groups: Groups) -> list[TestResult]:
    """Every test of the flow that copies of a persona play, in its order."""
    return [
        _judge(flow, test, groups.find(test.persona))
        for test in flow.flow.tests
        if test.persona is not None and not test.scripted
    ]


def verdict(run: Run, results: Sequence[TestResult]) -> Verdict:
    """What the tests say about the run as a whole."""
    if run.status != "finished":
        return "unfinished"
    statuses = {result.status for result in results}
    if statuses & {"failed", "error"}:
        return "failed"
    return "inconclusive" if "inconclusive" in statuses else "passed"


def _judge(flow: CompiledFlow, test: FlowTest, group: Group | None) -> TestResult:
    checks = list(_checks(flow, test, group))
    status = next(word for word in _WORST if any(check.status == word for check in checks))
    decisive = [check for check in checks if check.status == status]
    return TestResult(
        persona=test.persona,
        copies=group.people if group else 0,
        run_id=group.run_id if group else None,
        expect=test.expect,
        status=status,
        expected="; ".join(check.expected for check in checks),
        happened="; ".join(dict.fromkeys(check.happened for check in decisive)),
        checks=checks,
        unanswered=group.unanswered if group else 0,
    )


def _checks(flow: CompiledFlow, test: FlowTest, group: Group | None) -> Iterator[Check]:
    if group is None:
        yield _error(f"{test.persona} takes part", "there is nobody of this persona")
        return
    if group.people == 0:
        yield Check(
            status="inconclusive",
            expected=f"{test.persona} takes part",
            happened="none of these people has been played yet",
        )
        return
    checks = [*_of_goal(flow, test.expect, group), *_of_steps(flow, test.expect, group)]
    if group.unknown == group.people:
        checks = [
            check if check.status == "error" else _error(check.expected, _without(group))
            for check in checks
        ]
    yield from checks or [_error("something", "this test expects nothing")]


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


def _share(
    judge: Callable[[str, Rate, float], Check], what: str, count: int, group: Group, share: float
) -> Check:
    """A share of those who are known, decided where it holds whatever the others would have done.

    A check is what it is if nobody of the others had done it, and if all of them had.
    """
    known = judge(what, rate(count, group.people - group.unanswered), share)
    if not group.unanswered:
        return known
    ends = (rate(count, group.people), rate(count + group.unanswered, group.people))
    if all(judge(what, end, share).status == known.status for end in ends):
        return known.model_copy(update={"happened": f"{known.happened}; {_without(group)}"})
    return _open(known, group)


def _of_goal(flow: CompiledFlow, expect: Expectation, group: Group) -> Iterator[Check]:
    wanted = expect.at_least is not None or expect.at_most is not None
    if expect.goal is None:
        if wanted and not expect.reaches:
            yield _error("a share of people", "it names neither a goal nor a step")
        return
    name = _goal_name(flow, expect.goal)
    if name is None:
        yield _error(f"reaches “{expect.goal}”", "the flow has no goal of this name")
        return
    count = group.goals.get(name, 0)
    yield from _shares(f"“{name}”", count, group, expect.at_least, expect.at_most)


def _goal_name(flow: CompiledFlow, wanted: str) -> str | None:
    goals = [step for step in flow.steps.values() if step.type == "goal"]
    names = {getattr(step.config, "name", step.id): step.id for step in goals}
    if wanted in names:
        return wanted
    return next((name for name, id in names.items() if id == wanted), None)


def _of_steps(flow: CompiledFlow, expect: Expectation, group: Group) -> Iterator[Check]:
    least, most = (None, None) if expect.goal else (expect.at_least, expect.at_most)
    for step in expect.reaches:
        if step not in flow.steps:
            yield _error(f"reaches {step}", "the flow has no such step")
            continue
        yield from _shares(step, group.steps.get(step, 0), group, least, most)
    for step in expect.never:
        if step not in flow.steps:
            yield _error(f"never {step}", "the flow has no such step")
            continue
        check = _never(step, group.steps.get(step, 0), group.people - group.unanswered)
        yield check if check.status == "failed" else _open(check, group)
    if expect.max_messages is not None:
        check = _max_messages(expect.max_messages, group)
        yield check if check.status == "failed" else _open(check, group)


def _shares(
    what: str, count: int, group: Group, at_least: float | None, at_most: float | None
) -> Iterator[Check]:
    if at_least is None and at_most is None:
        at_least = 1.0
    if at_least is not None:
        yield _share(_at_least, what, count, group, at_least)
    if at_most is not None:
        yield _share(_at_most, what, count, group, at_most)


def _at_least(what: str, reached: Rate, least: float) -> Check:
    """A share against its threshold; that everybody does is refuted by one person who does not."""
    low, high = reached.low or 0.0, reached.high if reached.high is not None else 1.0
    if least >= 1.0:
        status: TestStatus = "passed" if reached.count == reached.of else "failed"
        expected = f"everybody reaches {what}"
    else:
        status = "passed" if low >= least else "failed" if high < least else "inconclusive"
        expected = f"at least {percent(least)} % reach {what}"
    return Check(status=status, expected=expected, happened=_reached(reached, status), rate=reached)


def _at_most(what: str, reached: Rate, most: float) -> Check:
    low, high = reached.low or 0.0, reached.high if reached.high is not None else 1.0
    if most <= 0.0:
        status: TestStatus = "passed" if reached.count == 0 else "failed"
        expected = f"nobody reaches {what}"
    else:
        status = "passed" if high <= most else "failed" if low > most else "inconclusive"
        expected = f"at most {percent(most)} % reach {what}"
    return Check(status=status, expected=expected, happened=_reached(reached, status), rate=reached)


def _reached(reached: Rate, status: TestStatus) -> str:
    doubt = ", too few people to tell" if status == "inconclusive" else ""
    return f"{reached.text} did{doubt}"


def _never(step: str, visitors: int, of: int) -> Check:
    return Check(
        status="failed" if visitors else "passed",
        expected=f"nobody reaches {step}",
        happened=f"{visitors:,} of {people(of)} did" if visitors else f"none of {people(of)} did",
    )


def _max_messages(most: int, group: Group) -> Check:
    over = sum(count for sent, count in group.messages.items() if sent > most)
    top = max(group.messages, default=0)
    of = people(sum(group.messages.values()))
    got = f"{over:,} of {of} got more, up to {top}" if over else f"at most {top}"
    return Check(
        status="failed" if over else "passed",
        expected=f"at most {count_of(most, 'message')} each",
        happened=got,
    )


def _error(expected: str, reason: str) -> Check:
    return Check(status="error", expected=expected, happened=reason)
