"""What is read from a run: rates, coverage, tests, recommendations, transcripts, comparisons."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, computed_field

from core.domain.debugging import Who
from core.domain.findings import Finding
from core.domain.flow_tests import Expectation
from core.domain.models import CallRecord, Spending
from core.domain.moments import Moment
from core.domain.money import money
from core.domain.runs import RunStatus, TestStatus, Verdict
from core.domain.words import Channel, Intent, Sentiment


class Result(BaseModel):
    """Base of everything here: read, never changed."""

    model_config = ConfigDict(frozen=True)


class Rate(Result):
    """So many of so many, with a 95 % interval; no number where nobody could have."""

    count: int
    of: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """As it is printed: ``17/20, 85 %, 64–95``."""
        if self.rate is None or self.low is None or self.high is None:
            return f"{self.count}/{self.of}, no data"
        return (
            f"{self.count}/{self.of}, {percent(self.rate)} %, "
            f"{percent(self.low)}–{percent(self.high)}"
        )


def percent(share: float) -> str:
    """A share in whole per cent; one decimal where it would wrongly read as none or all."""
    whole = round(100 * share)
    if (whole == 0 and share >= 0.0005) or (whole == 100 and share <= 0.9995):
        return f"{100 * share:.1f}"
    return str(whole)


def cost_words(usd: float, spending: Spending | None, budget_usd: float | None = None) -> str:
    """What was paid; where calls have no known price, that the price is unknown."""
    budget = f" of {money(budget_usd)}" if budget_usd is not None else ""
    if spending is None or not spending.unpriced:
        return f"{money(usd)}{budget}"
    return f"{money(usd)}{budget} and calls of unknown price" if usd else "price unknown"


class Spread(Result):
    """A number a person: its mean with a 95 % interval, and how much people differ."""

    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """As it is printed: ``3.4, 2.9–3.9``."""
        if self.mean is None:
            return "no data"
        if self.low is None or self.high is None:
            return f"{self.mean:.1f}"
        return f"{self.mean:.1f}, {self.low:.1f}–{self.high:.1f}"


class Reactions(Result):
    """What the messages that were sent met, one status a message.

    ``undelivered`` never arrived (bounced, no address), so nobody could react.
    """

    answered: int = 0
    ignored: int = 0
    refused: int = 0
    invalid: int = 0
    unavailable: int = 0
    skipped: int = 0
    undelivered: int = 0


class RunFacts(Result):
    """The small line above a report: what was played, by whom, how far.

    ``model`` is the language model as litellm names it, ``model_name`` as the workspace does, and
    ``prompts`` the versions of the prompts that were put to it; all are empty for the embedded
    engine, and so is ``spending``.
    """

    run_id: str
    number: int
    status: RunStatus
    flow_id: str
    flow_name: str
    flow_version: int
    engine: str
    model: str | None = None
    model_name: str | None = None
    prompts: list[str] = []
    parameters_version: int
    seed: int
    population_id: str
    population_name: str
    contacts: int
    done: int
    events: int
    calibrated: bool = False
    calibration: str = "uncalibrated"
    reactions: Reactions
    cost_usd: float
    budget_usd: float | None = None
    spending: Spending | None = None
    simulated_days: float | None
    created_at: Moment
    started_at: Moment | None = None
    finished_at: Moment | None = None
    error: str | None = None


class Share(Result):
    """How many of something belong to one persona."""

    persona: str
    name: str
    count: int


class Unanswered(Result):
    """Some people with a reaction that the engine gave no usable answer for, and what they did.

    Those of whom nothing is ``known`` have no other reaction at all.
    """

    persona: str
    received: bool
    opened: bool
    clicked: bool
    answered: bool
    goal: bool
    known: bool
    people: int


class Figure(Result):
    """A rate with its name and who makes it up.

    ``left_out`` people are not in the rate: none of their reactions has a usable answer.
    """

    name: str
    label: str
    rate: Rate
    made_of: list[Share] = []
    left_out: int = 0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def made_of_text(self) -> str:
        """The personas behind it, most first: ``Eddie 16, Pam 1``."""
        return ", ".join(f"{share.name.split()[-1]} {share.count}" for share in self.made_of)


class ScorePart(Result):
    """One part of the score: ``points`` of the ``weight`` that it could give."""

    name: str
    weight: int
    value: float
    points: int
    explanation: str


class Score(Result):
    """0 to 100, the sum of its parts' points."""

    value: int
    parts: list[ScorePart]


class PersonaRow(Result):
    """One persona's people: what they did, and how much they differ."""

    id: str
    name: str
    people: int
    answered: Rate
    clicked: Rate
    goal: Rate
    opted_out: Rate
    messages: Spread
    replies: Spread
    words_per_reply: Spread
    questions_per_reply: Spread
    median_days: float | None


class FunnelStage(Result):
    """People who came this far. ``lost`` are those of ``after`` (a stage's key) who did not.

    ``unknown`` are those of ``after`` for whom it cannot be said: a reaction of theirs has no
    usable answer. They are not lost.
    """

    key: str
    label: str
    people: Rate
    after: str | None = None
    lost: int = 0
    lost_share: float | None = None
    unknown: int = 0
    largest_drop: bool = False


class StepPeople(Result):
    """How many people arrived at a step."""

    step_id: str
    type: str
    rank: int
    people: int


class Funnel(Result):
    """People by stage, and by step as steps come; ``title`` is what was found."""

    title: str = "How far people came"
    stages: list[FunnelStage]
    steps: list[StepPeople]


class StepRow(Result):
    """One step: visits, and how they were left. Visits = left by a way + stopped + waiting."""

    step_id: str
    type: str
    rank: int
    visits: int
    people: int
    ways: dict[str, int]
    stopped: dict[str, int]
    still_waiting: int
    reached: bool


class WayRow(Result):
    """One way out of a step: ``visits`` went on by it; ``ended`` took it where it leads nowhere.

    The second are in the step's ``stopped``, so visits are what adds up.
    """

    step_id: str
    way: str
    label: str
    to: str | None
    visits: int
    ended: int
    people: int
    reached: bool


class Coverage(Result):
    """Which steps and ways somebody took, and which nobody did."""

    steps_reached: int
    steps_total: int
    ways_reached: int
    ways_total: int
    steps_not_reached: list[str]
    ways_not_reached: list[WayRow]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def steps(self) -> float:
        """The share of steps that somebody reached."""
        return self.steps_reached / self.steps_total if self.steps_total else 1.0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ways(self) -> float:
        """The share of ways that somebody took."""
        return self.ways_reached / self.ways_total if self.ways_total else 1.0


class MessageRow(Result):
    """One step's messages. Rates are of the messages sent; ``late`` replies missed their wait.

    Messages to which the engine had no usable answer (``unanswered_by_engine``) are in no rate.

    ``held_back`` is because of an opt-out, ``not_sent`` for want of an address or a template that
    can be rendered, ``undelivered`` was sent and never arrived.
    """

    step_id: str
    type: str
    channel: str | None
    sent: int
    delivered: int
    read: Rate
    clicked: Rate
    replied: Rate
    late: int
    opted_out: int
    held_back: int
    undelivered: int
    not_sent: int
    unanswered_by_engine: int
    sentiments: dict[str, int]
    intents: dict[str, int]
    median_delay_hours: float | None


class Check(Result):
    """One claim of a flow's test, and what happened."""

    status: TestStatus
    expected: str
    happened: str
    rate: Rate | None = None


class TestResult(Result):
    """One row of the flow's tests, judged. The worst of its checks decides.

    ``unanswered`` is how many of its people have a reaction without a usable answer. ``index`` is
    the row's place among the flow's tests, from 0. ``scripted`` rows are one person who says what
    is written down. ``debug`` says whom to look at: the first person who shows what happened.
    """

    __test__ = False

    index: int = 0
    name: str = ""
    persona: str
    scripted: bool = False
    seed: int | None = None
    contact_id: str | None = None
    debug: Who | None = None
    copies: int
    run_id: str | None
    expect: Expectation
    status: TestStatus
    expected: str
    happened: str
    checks: list[Check]
    unanswered: int = 0


RecommendationKind = Literal["timing", "content", "logic", "conversion"]


class Recommendation(Result):
    """What to change, why, and where. ``affected`` is how many people it is about."""

    title: str
    text: str
    evidence: str
    step_id: str | None
    kind: RecommendationKind
    action: str
    affected: int


class Report(Result):
    """Everything that one run found.

    ``unanswered`` says in words how many reactions have no usable answer, where some have none;
    ``no_score`` why there is no score.
    """

    facts: RunFacts
    headline: str
    summary: list[str]
    unanswered: str | None = None
    score: Score | None
    no_score: str | None = None
    conversion_likelihood: int | None
    answered: Figure
    read: Figure
    clicked: Figure
    opted_out: Figure
    goal: Figure | None
    goals: list[Figure]
    messages_per_person: Spread
    median_reply_hours: float | None
    personas: list[PersonaRow]
    funnel: Funnel
    steps: list[StepRow]
    ways: list[WayRow]
    coverage: Coverage
    messages: list[MessageRow]
    findings: list[Finding]
    tests: list[TestResult]
    verdict: Verdict
    recommendations: list[Recommendation]


class Interaction(Result):
    """One visit of a step that says or decides something; the source document's fields first.

    ``created_at`` is when it was recorded, ``simulated_at`` when it happened in the rehearsal.
    """

    id: str
    test_id: str
    step_id: str
    step_type: str
    message_sent: str | None
    ai_response: str | None
    ai_reasoning: str | None
    sentiment: Sentiment | None
    expected_outcome: str | None
    actual_outcome: str | None
    passed: bool | None
    created_at: Moment
    contact_id: str
    persona: str
    channel: str | None
    intent: Intent | None
    visit: int
    simulated_at: Moment


class ContactRow(Result):
    """One person's way through, on one line."""

    contact_id: str
    name: str
    persona: str
    messages: int
    replies: int
    goals: list[str]
    opted_out: bool
    ended: str | None
    days: float


class ContactPage(Result):
    """Some of a run's people, and how many there are in all."""

    total: int
    rows: list[ContactRow]


class Turn(Result):
    """One thing in a conversation.

    ``side`` is ``out`` (to the contact), ``in`` (from them) or ``note``; ``at`` is UTC, ``local``
    the contact's own clock (``Monday, 9:00``). ``marks`` are short remarks for under a message
    (``read after 3 h``); ``gap`` says how much time went by since the turn before, if it was long.
    ``source`` and ``calls`` say which language model decided what the contact did, by which prompt
    and at what price; they stand where ``reasoning`` does, and are empty for the embedded engine.
    """

    seq: int
    side: Literal["out", "in", "note"]
    kind: str
    at: Moment
    local: str
    gap: str | None = None
    step_id: str | None = None
    channel: Channel | None = None
    subject: str | None = None
    preheader: str | None = None
    body: str | None = None
    marks: list[str] = []
    read_after_hours: float | None = None
    clicked: bool = False
    held_back: bool = False
    reasoning: str | None = None
    why: dict[str, float] = {}
    source: dict[str, str] = {}
    calls: list[CallRecord] = []
    intent: Intent | None = None
    sentiment: Sentiment | None = None
    from_twin: bool = False
    grounded: bool | None = None
    citations: list[str] = []
    sources: list[str] = []
    answers: dict[str, Any] | None = None
    late: bool = False


class Transcript(Result):
    """One contact's whole conversation."""

    run_id: str
    contact_id: str
    name: str
    persona: str
    persona_name: str
    age: int | None
    timezone: str
    title: str
    turns: list[Turn]
    goals: list[str]
    opted_out: bool
    ended: str | None
    days: float
    position: int
    contacts: int
