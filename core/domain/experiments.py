"""Experiments: what is decided before any data come, and what has become of it.

A design is one document, in a file (``greenroom experiment analyse SPEC.yaml``), over HTTP and on
the page. It is frozen when the experiment starts; what is read later is read against it.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from core.domain.moments import Moment
from core.domain.personas import MAX_TEXT, Name, Plain
from core.domain.twins import Frozen

MetricKind = Literal["proportion", "mean", "ratio", "revenue", "quantile", "retention"]
Role = Literal["primary", "secondary", "guardrail"]
RuleKind = Literal["always_valid", "fixed", "group_sequential", "expected_loss"]
Boundary = Literal["obrien_fleming", "pocock"]
Status = Literal["draft", "running", "stopped", "decided"]
SourceKind = Literal["rehearsal", "live", "table"]
"""Where the figures come from: runs of a population, events as they come in, an imported table."""
Ident = Annotated[Plain, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Label = Name | Literal[""]
"""A name that need not be given."""
Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MOST_VARIANTS, MOST_METRICS, MOST_SEGMENTS = 20, 40, 20


class MessageChange(Frozen):
    """Other words for one step's message; None leaves what the flow says."""

    subject: Plain | None = None
    preheader: Plain | None = None
    body: Plain | None = None
    template: Plain | None = None
    instructions: Plain | None = None


class Variant(Frozen):
    """One arm: what its participants meet. What is not given is as in the design's ``flow``.

    Attributes:
        id: Its name in data and events.
        name: What people call it.
        weight: Its share of participants, relative to the other variants.
        value: What the data call it, where that is not the id.
        note: What is behind it.
        flow: Another flow.
        flow_version: That flow's version; the newest where it is not given.
        messages: Other words (``instructions`` for a twin's prompt), by step.
        twins: Versions of creator twins, by the twin's slug.
        personality_config: Sliders (and ``instructions``) of the twin that the flow names, as in
            a twin's tuning.
        model: The language model that plays people, by id or name.
    """

    id: Ident
    name: Label = ""
    weight: float = Field(default=1.0, ge=0, le=1_000_000)
    value: Plain | None = None
    note: Plain = ""
    flow: str | None = None
    flow_version: int | None = Field(default=None, ge=1)
    messages: dict[str, MessageChange] = Field(default_factory=dict)
    twins: dict[str, int] = Field(default_factory=dict)
    personality_config: dict[str, Any] = Field(default_factory=dict)
    model: str | None = None

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.id

    @property
    def in_data(self) -> str:
        """What the data call it."""
        return self.id if self.value is None else self.value


class Metric(Frozen):
    """One thing that is measured, for each participant.

    Attributes:
        id: Its name in results.
        name: What people call it.
        kind: proportion (did or did not; a count from 1 on is a yes), mean, ratio (of two sums
            over participants), revenue (a mean with a long tail), quantile, retention (still there
            after ``day`` days; a table says it with yes and no).
        role: What decides (one metric), what is also read, or what must not get worse.
        better: Which way is good.
        value: A table's column, or a measure of events: ``goal:NAME``, ``goal`` (any),
            ``revenue`` (values of goals), ``opened``, ``clicked``, ``replied``, ``opted_out``,
            ``handed_off``, ``messages``, ``replies``, ``reply_hours`` (mean), ``rating`` (mean),
            ``active`` (did anything), ``intent:NAME`` (said it), ``reached:STEP``.
        per: A ratio's denominator: a column or a measure.
        before: The same thing measured before the start, a column or an attribute of people: the
            variance that it explains is taken out (CUPED).
        quantile: Which one, for ``quantile``.
        day: Which day, for ``retention``: anything done this many days after entering, or later.
        winsorise: Values above this quantile of everybody's are set to it; None leaves them.
        margin: For a guardrail: how much worse, relative to the control, is still no harm.
    """

    id: Ident
    name: Label = ""
    kind: MetricKind = "proportion"
    role: Role = "secondary"
    better: Literal["higher", "lower"] = "higher"
    value: Column
    per: Column | None = None
    before: Column | None = None
    quantile: float = Field(default=0.5, gt=0, lt=1)
    day: int = Field(default=7, ge=0, le=3650)
    winsorise: float | None = Field(default=None, gt=0.5, lt=1)
    margin: float = Field(default=0.0, ge=0, le=1)

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.id

    @model_validator(mode="after")
    def _ratio_has_two(self) -> Metric:
        if (self.kind == "ratio") != (self.per is not None):
            raise ValueError("a ratio, and nothing else, says what it is 'per'")
        return self


class Assignment(Frozen):
    """How participants come to a variant.

    Attributes:
        how: ``hash``: a fixed function of the participant's id and ``salt``, by weight.
            ``stratified``: the same, balanced within each combination of ``strata``. ``paired``:
            everyone meets every variant (in a rehearsal alone). ``bandit``: Thompson sampling,
            which sends more participants to what looks better. ``given``: the data say it.
        salt: Makes another experiment's assignment independent of this one; the experiment's id
            where it is not given.
        strata: Attributes within which ``stratified`` balances.
    """

    how: Literal["hash", "stratified", "paired", "bandit", "given"] = "hash"
    salt: Plain = ""
    strata: tuple[Column, ...] = Field(default=(), max_length=5)


class Rule(Frozen):
    """How it will be decided, chosen beforehand.

    Attributes:
        kind: ``always_valid``: may be looked at whenever one likes. ``fixed``: significance, read
            once, when the planned participants are there. ``group_sequential``: read ``looks``
            times at most. ``expected_loss``: what choosing wrongly would cost on average.
        alpha: How often, at most, a difference may be declared where there is none.
        power: How often a difference of ``least`` shall be found.
        least: The smallest relative difference of the primary metric that is worth having.
        looks: How many looks are planned, for ``group_sequential``.
        boundary: How its error is spent.
        loss: The expected loss, relative to the control's value, under which a variant is taken.
        tuning: The number of participants at which always-valid intervals are narrowest; the
            planned number where it is not given.
        least_people: Nothing is decided with fewer participants in an arm.
        least_days: Nor before so many days have passed.
    """

    kind: RuleKind = "always_valid"
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    power: float = Field(default=0.8, gt=0.5, lt=1)
    least: float = Field(default=0.05, gt=0, le=10)
    looks: int = Field(default=5, ge=2, le=50)
    boundary: Boundary = "obrien_fleming"
    loss: float = Field(default=0.005, gt=0, le=1)
    tuning: int | None = Field(default=None, ge=2, le=10**12)
    least_people: int = Field(default=0, ge=0)
    least_days: float = Field(default=0, ge=0)


class Prior(Frozen):
    """What is believed before the data: shown beside each probability.

    Attributes:
        alpha: Of a rate's Beta prior.
        beta: The same.
        mean: Of the normal prior of a relative difference.
        sd: The same; None for a flat one.
    """

    alpha: float = Field(default=1.0, gt=0, le=1e6)
    beta: float = Field(default=1.0, gt=0, le=1e6)
    mean: float = Field(default=0.0, ge=-10, le=10)
    sd: float | None = Field(default=None, gt=0, le=100)


class Data(Frozen):
    """Where an imported table has what: the participant, the variant, and, where there is, when
    the participant came in."""

    unit: Column = "unit"
    variant: Column = "variant"
    time: Column | None = None


class Planned(Frozen):
    """What the plan starts from: the primary metric as it is now, and how many come.

    Attributes:
        baseline: Its value in the control.
        sd: How much participants differ; not needed for a proportion.
        people_a_day: Participants a day, in all variants together.
        people: Participants in all, as decided; None for what the power asks for.
        source: Where these come from: typed, a rehearsal's run, earlier data.
    """

    baseline: float | None = None
    sd: float | None = Field(default=None, ge=0)
    people_a_day: float | None = Field(default=None, gt=0)
    people: int | None = Field(default=None, ge=1, le=10**12)
    source: Plain = ""


class Design(Frozen):
    """Everything that is decided beforehand.

    Attributes:
        name: The experiment's name.
        hypothesis: What is expected, and why.
        creator_id: Whose twin it is about, where it is about one.
        variants: The arms; the first is the control unless ``control`` names another.
        control: The control's id.
        metrics: What is measured; one is primary.
        segments: Columns or attributes by which results are also read.
        audience: Who takes part, in words; ``population`` names a rehearsal's people.
        population: The population that a rehearsal plays with.
        flow: The flow that variants start from.
        flow_version: Its version.
        seed: A rehearsal's seed.
        assignment: How participants come to a variant.
        rule: How it will be decided.
        prior: What is believed before.
        planned: What the plan starts from.
        data: An imported table's columns.
    """

    name: Name
    hypothesis: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""
    creator_id: str | None = None
    variants: tuple[Variant, ...] = Field(default=(), max_length=MOST_VARIANTS)
    control: str | None = None
    metrics: tuple[Metric, ...] = Field(default=(), max_length=MOST_METRICS)
    segments: tuple[Column, ...] = Field(default=(), max_length=MOST_SEGMENTS)
    audience: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""
    population: str | None = None
    flow: str | None = None
    flow_version: int | None = Field(default=None, ge=1)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    assignment: Assignment = Assignment()
    rule: Rule = Rule()
    prior: Prior = Prior()
    planned: Planned = Planned()
    data: Data = Data()

    @model_validator(mode="after")
    def _names_are_one(self) -> Design:
        for what, ids in (
            ("variant", [one.id for one in self.variants]),
            ("variant in the data", [one.in_data for one in self.variants]),
            ("metric", [one.id for one in self.metrics]),
        ):
            twice = next((one for at, one in enumerate(ids) if one in ids[:at]), None)
            if twice is not None:
                raise ValueError(f"there are two of the {what} '{twice}'")
        if self.control is not None and self.control not in [one.id for one in self.variants]:
            raise ValueError(f"the control '{self.control}' is no variant")
        if sum(metric.role == "primary" for metric in self.metrics) > 1:
            raise ValueError("one metric decides: only one can be primary")
        return self

    @property
    def primary(self) -> Metric | None:
        """The metric that decides; the first where none is named so."""
        return next(
            (one for one in self.metrics if one.role == "primary"),
            self.metrics[0] if self.metrics else None,
        )

    @property
    def control_id(self) -> str | None:
        """The id of the variant that the others are held against."""
        return self.control or (self.variants[0].id if self.variants else None)

    def variant(self, id: str) -> Variant | None:
        """A variant by its id."""
        return next((one for one in self.variants if one.id == id), None)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what was decided: equal designs have equal ones."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Dataset(Frozen):
    """A table that was imported once.

    Attributes:
        id: Its id.
        name: The file's name, or the source's.
        columns: Its columns with their types.
        rows: How many rows.
        imported_at: When.
        content_hash: Of the file as it came.
    """

    id: str
    name: Name
    columns: dict[str, str]
    rows: int
    imported_at: Moment
    content_hash: str = ""


class Registered(Frozen):
    """What was frozen at the start."""

    at: Moment
    fingerprint: str
    people: int | None = None
    """How many participants were planned, in all variants."""


class Applied(Frozen):
    """What became the version in use, and when."""

    at: Moment
    variant: str
    what: str
    """In words: which flow, twin or message has which version now."""


class Decided(Frozen):
    """A decision as it was recorded; ``look`` is the number of the look that it rests on."""

    at: Moment
    outcome: Literal["winner", "keep_going", "no_difference", "harm", "broken"]
    variant: str | None
    look: int
    reasons: tuple[str, ...]
    by: Literal["rule", "person"] = "rule"
    note: Plain = ""


class Experiment(Frozen):
    """One experiment and how far it is.

    Attributes:
        id: Its id.
        status: draft, running, stopped or decided.
        design: What was, or is being, decided beforehand; frozen unless it is a draft.
        source: Where its figures come from.
        registered: What was frozen at the start.
        runs: A rehearsal's run of each variant.
        dataset: The imported table's id.
        looks: How often its results have been looked at.
        decided: The recorded decision.
        applied: What became of the winner.
        demo: Whether it came with the demo workspace.
    """

    id: str
    status: Status = "draft"
    design: Design
    source: SourceKind = "table"
    created_at: Moment
    registered: Registered | None = None
    finished_at: Moment | None = None
    runs: dict[str, str] = Field(default_factory=dict)
    dataset: str | None = None
    looks: int = 0
    decided: Decided | None = None
    applied: Applied | None = None
    demo: bool = False
