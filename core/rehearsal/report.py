"""Reports: what one run found, who took part and what was said. Everything is read from events."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from core.domain.comparisons import Comparison, ReactionComparison
from core.domain.errors import BadInput, NotFound
from core.domain.findings import Finding
from core.domain.models import CallRecord
from core.domain.reports import (
    ContactPage,
    ContactRow,
    Funnel,
    Interaction,
    Report,
    RunFacts,
    Spread,
    Transcript,
)
from core.domain.runs import Run
from core.flows import CompiledFlow, validate_document
from core.rehearsal import exports
from core.rehearsal.compare import Compared, compared, side_of
from core.rehearsal.engines import reactions_compared
from core.rehearsal.interactions import interaction, interaction_steps
from core.rehearsal.material import Material
from core.rehearsal.observed import Observed, observe
from core.rehearsal.recommendations import recommendations
from core.rehearsal.score import score
from core.rehearsal.step_reports import StepReports
from core.rehearsal.tables import (
    coverage,
    endless,
    figure,
    funnel,
    goal_figures,
    message_rows,
    persona_rows,
    reactions,
    spread_of,
    step_rows,
    way_rows,
)
from core.rehearsal.testing import Backstage, Trials
from core.rehearsal.transcript import transcript
from core.rehearsal.verdicts import Groups, Scripted, judged, verdict
from core.rehearsal.wording import (
    count_of,
    funnel_title,
    headline,
    no_score,
    people,
    summary,
    without_answer,
)
from core.store import Reading, Store

KEPT = 8
ENDLESS = 0.05
"""From this share of people on, that they come to no end is what the headline is about."""


class Reports:
    """Everything that can be read from a run.

    Args:
        store: The workspace's tables.
        compiled: The compiled flow of (flow id, version).
        backstage: What rows of tests are played with whose people say what is written down.

    Attributes:
        steps: What is told of a run step by step: times, money, and what went wrong.
    """

    def __init__(
        self,
        store: Store,
        compiled: Callable[[str, int], CompiledFlow],
        backstage: Backstage | None = None,
    ) -> None:
        self._store = store
        self._backstage = backstage or Backstage()
        self._compiled = compiled
        self._reading = Reading(store.database)
        self._kept: OrderedDict[tuple[object, ...], Report] = OrderedDict()
        self._findings = lru_cache(maxsize=KEPT)(self._flow_findings)
        self.steps = StepReports(store, self.flow_of, self._findings)

    def report(self, run_id: str) -> Report:
        """What the run found, so far as it was played.

        Raises:
            NotFound: If there is no such run.
        """
        run = self.run(run_id)
        children = self._store.runs.children(run.id)
        key = (run.model_dump_json(), *(child.model_dump_json() for child in children))
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._report(run, children)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept

    def run(self, run_id: str) -> Run:
        """A run by its id or number.

        Raises:
            NotFound: If there is no such run.
        """
        run = self._store.runs.one(run_id)
        if run is None:
            raise NotFound(f"There is no run {run_id}.", fix="See which runs there are.")
        return run

    def interactions(
        self, run_id: str, contact_id: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[Interaction]:
        """Some of a run's interactions, by contact and order."""
        run = self.run(run_id)
        flow = self.flow_of(run)
        rows = self._reading.visit_page(run.id, interaction_steps(flow), contact_id, limit, offset)
        return [interaction(run.id, flow, row) for row in rows]

    def interaction_count(self, run_id: str, contact_id: str | None = None) -> int:
        """How many interactions there are."""
        run = self.run(run_id)
        return self._reading.visit_total(run.id, interaction_steps(self.flow_of(run)), contact_id)

    def every_interaction(self, run_id: str) -> Iterator[Interaction]:
        """All of a run's interactions, by contact and order, without holding them all."""
        run = self.run(run_id)
        flow = self.flow_of(run)
        for row in self._reading.every_visit(run.id, interaction_steps(flow)):
            yield interaction(run.id, flow, row)

    def contacts(
        self,
        run_id: str,
        persona: str | None = None,
        outcome: str | None = None,
        text: str | None = None,
        *,
        sort: str = "position",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> ContactPage:
        """Some of a run's people.

        Args:
            run_id: The run.
            persona: A persona's id, to see its people alone.
            outcome: goal, no_goal, answered, silent, unanswered, clicked, opted_out, or a goal's
                name.
            text: Words to look for in names and replies.
            sort: position, name, persona, messages, replies or days.
            descending: Largest first.
            limit: How many at most.
            offset: How many to leave out before.

        Raises:
            BadInput: If people cannot be sorted or narrowed so.
        """
        run = self.run(run_id)
        self._known(run, sort, outcome)
        total, rows = self._reading.people(
            run.id,
            run.population_id,
            persona=persona,
            outcome=outcome,
            text=text,
            sort=sort,
            descending=descending,
            limit=limit,
            offset=offset,
        )
        return ContactPage(
            total=total,
            rows=[
                ContactRow(
                    contact_id=row.contact_id,
                    name=row.name or row.contact_id,
                    persona=row.persona,
                    messages=row.sent,
                    replies=row.replied,
                    goals=list(row.goals),
                    opted_out=row.opted_out,
                    ended=row.reason,
                    days=row.days or 0.0,
                )
                for row in rows
            ],
        )

    def transcript(self, run_id: str, contact_id: str) -> Transcript:
        """One contact's whole conversation.

        Raises:
            NotFound: If the run does not know this contact.
        """
        run = self.run(run_id)
        events = self._store.events.of_contact(run.id, contact_id)
        if not events:
            raise NotFound(
                f"Run {run.number} has nobody called {contact_id}.",
                fix="Look at the run's list of people.",
            )
        person = self._store.populations.person(run.population_id, contact_id)
        position = self._reading.position(run.population_id, contact_id) or 0
        calls = self._store.calls.of_contact(run.account, contact_id)
        return transcript(run, self.flow_of(run), self._names(run), events, person, position, calls)

    def calls(
        self, run_id: str, contact_id: str | None = None, limit: int = 100, offset: int = 0
    ) -> list[CallRecord]:
        """Some of the calls to language models that a run made, in the order they were kept."""
        account = self.run(run_id).account
        return self._store.calls.page(account, contact_id, limit, offset)

    def call_count(self, run_id: str, contact_id: str | None = None) -> int:
        """How many calls there are."""
        return self._store.calls.count(self.run(run_id).account, contact_id)

    def compare(self, run_a: str, run_b: str) -> Comparison:
        """Two runs of one flow beside each other; the same people are compared one by one.

        Raises:
            BadInput: If they are not runs of the same flow, or not two runs.
        """
        a, b = self.run(run_a), self.run(run_b)
        if a.flow_id != b.flow_id:
            raise BadInput(
                "These are runs of two different flows.",
                fix="Choose two runs of the same flow; its versions may differ.",
            )
        with Reading.one_moment(self._store.database) as reading:
            sides = [self._compared(reading, run) for run in (a, b)]
            paired = None
            if a.population_id == b.population_id:
                paired = reading.paired(a.id, b.id)
        return compared(sides[0], sides[1], paired)

    def reactions(self, run_a: str, run_b: str) -> ReactionComparison:
        """Where two runs of one population differ, per persona and step.

        Raises:
            BadInput: If they had different people, or are one run.
        """
        a, b = self.run(run_a), self.run(run_b)
        if a.id == b.id or a.population_id != b.population_id or a.flow_id != b.flow_id:
            raise BadInput(
                "These are not two runs of one flow with the same people.",
                fix="Choose two runs of the same flow with the same population.",
            )
        with Reading.one_moment(self._store.database) as reading:
            sides = [side_of(self._compared(reading, run)) for run in (a, b)]
            found = reading.reactions_of_two(a.id, b.id)
        return reactions_compared(sides[0], sides[1], found, self._names(b))

    def export(self, run_id: str, format: str) -> Iterator[bytes]:
        """A run as a file, piece by piece: json, csv, md or junit.

        Raises:
            BadInput: If there is no such format.
        """
        if format not in exports.FORMATS:
            raise BadInput(
                f"There is no format {format!r}.",
                place="format",
                fix=f"Choose one of {', '.join(exports.FORMATS)}.",
            )
        report = self.report(run_id)
        return exports.FORMATS[format].write(report, self.every_interaction(report.facts.run_id))

    # How it is put together

    def _report(self, run: Run, children: list[Run]) -> Report:
        flow = self.flow_of(run)
        with Reading.one_moment(self._store.database) as reading:
            seen = observe(reading, run, flow, self._names(run))
            runs = [(run, seen.names), *((child, self._names(child)) for child in children)]
            tests = judged(flow, Groups(reading, runs), self._scripted(run))
            steps, ways, messages = step_rows(seen), way_rows(seen), message_rows(seen)
            covered, stages = coverage(steps, ways), funnel(seen)
            goals = goal_figures(seen)
            goal = figure(seen, "goal", "Reached a goal") if goals else None
            answered = figure(seen, "answered", "Answered")
            opted_out = figure(seen, "opted_out", "Opted out")
            material = Material(seen, reading, messages, covered, tests, goal, answered)
            to_change = recommendations(material)
        findings = [*self._findings(run.flow_id, run.flow_version), *observed_findings(seen)]
        everyone = seen.everyone
        return Report(
            facts=self._facts(seen),
            headline=_endless_headline(seen) or headline(seen, stages, goal),
            summary=summary(seen, goal, goals, opted_out, covered, tests),
            unanswered=without_answer(seen) if seen.unanswered else None,
            score=score(seen, goal, findings, tests, covered),
            no_score=no_score(seen),
            conversion_likelihood=_likelihood(goal.rate.rate if goal else None),
            answered=answered,
            read=figure(seen, "opened", "Opened a message"),
            clicked=figure(seen, "clicked", "Clicked a link"),
            opted_out=opted_out,
            goal=goal,
            goals=goals,
            messages_per_person=spread_of(everyone.messages) if everyone else _nobody(),
            median_reply_hours=seen.delays.get(None),
            personas=persona_rows(seen),
            funnel=stages.model_copy(update={"title": _funnel_title(seen, stages)}),
            steps=steps,
            ways=ways,
            coverage=covered,
            messages=messages,
            findings=findings,
            tests=tests,
            verdict=verdict(run, tests),
            recommendations=to_change,
        )

    def _scripted(self, run: Run) -> Scripted:
        """Plays the rows of people who say what is written down; nothing is kept of it."""

        @cache
        def trials() -> Trials:
            flow = self._store.flows.one(run.flow_id, run.flow_version)
            assert flow is not None
            return Trials(flow.document, self._backstage, seed=run.seed, twins=run.twins)

        return lambda index, test: trials().row(index, test).result

    def _facts(self, seen: Observed) -> RunFacts:
        run = seen.run
        population = self._store.populations.one(run.population_id)
        calls, account = self._store.calls, run.account
        spending = calls.spending(account) if run.model else None
        return RunFacts(
            run_id=run.id,
            number=run.number,
            status=run.status,
            flow_id=run.flow_id,
            flow_name=seen.flow.name,
            flow_version=run.flow_version,
            engine=run.engine,
            model=run.model.model if run.model else None,
            model_name=run.model.name if run.model else None,
            prompts=calls.prompts(account) if run.model else [],
            parameters_version=run.parameters_version,
            seed=run.seed,
            population_id=run.population_id,
            population_name=population.name if population else run.population_id,
            contacts=run.contacts,
            done=seen.people,
            events=sum(row.count for row in seen.counts) + seen.people,
            reactions=reactions(seen),
            cost_usd=spending.cost_usd if spending else run.cost_usd,
            budget_usd=run.budget_usd,
            spending=spending,
            simulated_days=seen.everyone.longest_days if seen.everyone else None,
            created_at=run.created_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
            error=run.error,
        )

    def _compared(self, reading: Reading, run: Run) -> Compared:
        population = self._store.populations.one(run.population_id)
        return Compared(
            run=run,
            flow=self.flow_of(run),
            population=population.name if population else run.population_id,
            sums=next((sums for sums in reading.personas(run.id) if sums.persona is None), None),
            visits={row.step_id: row for row in reading.visits(run.id) if row.way is None},
        )

    def flow_of(self, run: Run) -> CompiledFlow:
        """The flow that a run played."""
        return self._compiled(run.flow_id, run.flow_version)

    def _flow_findings(self, flow_id: str, version: int) -> Sequence[Finding]:
        flow = self._store.flows.one(flow_id, version)
        assert flow is not None
        return validate_document(flow.document).findings

    def _names(self, run: Run) -> dict[str, str]:
        personas = self._store.populations.personas(run.population_id)
        return {id: persona.name for id, persona in personas.items()}

    def _known(self, run: Run, sort: str, outcome: str | None) -> None:
        if sort not in Reading.sorts:
            raise BadInput(
                f"People cannot be sorted by {sort!r}.",
                place="sort",
                fix=f"Choose one of {', '.join(Reading.sorts)}.",
            )
        if outcome is None or outcome in Reading.outcomes:
            return
        steps = self.flow_of(run).steps.values()
        goals = [str(getattr(step.config, "name", "")) for step in steps if step.type == "goal"]
        if outcome not in goals:
            raise BadInput(
                f"There is no outcome {outcome!r}.",
                place="outcome",
                fix=f"Choose one of {', '.join([*Reading.outcomes, *goals])}.",
            )


def observed_findings(seen: Observed) -> list[Finding]:
    """What only a rehearsal finds: messages after an opt-out, and an engine that had no answer."""
    findings = [
        Finding(
            type="message_after_opt_out",
            severity="error",
            step_id=row.step_id,
            message=f"{count_of(row.count, 'message')} for {people(row.people)} had to be held "
            "back here, because they had opted out.",
            fix="Let those who opt out leave the flow before this step.",
        )
        for row in seen.held_back
    ]
    findings += [
        Finding(
            type="message_after_opt_out",
            severity="error",
            step_id=row.step_id,
            message=f"{count_of(row.visits, 'message')} went out to {people(row.people)} who had "
            "opted out.",
            fix="This must never happen: please report it with this run's flow and seed.",
        )
        for row in seen.sent_after
    ]
    findings += [
        Finding(
            type="engine_failed",
            severity="error",
            step_id=row.step_id,
            message=f"The engine had no usable answer to {count_of(row.count, 'message')} here "
            f"({row.reason}).",
            fix="Rehearse again, or choose another engine.",
        )
        for row in seen.failures
        if row.kind == "engine_failed"
    ]
    findings += [
        Finding(
            type="too_long",
            severity="error",
            step_id=step_id,
            message=f"{people(count)} came to no end: after 1,000 steps or 365 days they were "
            "left here.",
            fix="Give the way that leads around in a circle here a way to an end.",
        )
        for step_id, count in endless(seen).most_common()
    ]
    return findings


def _endless_headline(seen: Observed) -> str | None:
    """The headline where so many people come to no end that nothing else matters."""
    left = endless(seen).total()
    if seen.has_failed or not left or left < ENDLESS * seen.people:
        return None
    return f"{seen.flow.name}: {left:,} of {people(seen.people)} never come to an end"


def _funnel_title(seen: Observed, stages: Funnel) -> str:
    left = endless(seen).total()
    if left and not any(stage.largest_drop for stage in stages.stages):
        return f"{left:,} of {people(seen.people)} never come to an end"
    return funnel_title(seen, stages)


def _likelihood(share: float | None) -> int | None:
    """The source's 0 to 100: the share of people who reached a goal."""
    return None if share is None else round(100 * share)


def _nobody() -> Spread:
    return Spread(n=0)
