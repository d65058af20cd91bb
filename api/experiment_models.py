"""What goes over the wire about experiments, where it is not a domain type as it stands."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.models import Wire
from core.commands import MOST_ASSIGNED, Participant
from core.domain.experiment_life import Assigned, LiveEvent
from core.domain.experiment_results import Outcome, Span, Warned
from core.domain.experiments import (
    MOST_VARIANTS,
    Assignment,
    Design,
    Ident,
    Metric,
    MetricKind,
    Planned,
    Prior,
    Rule,
    RuleKind,
    SourceKind,
    Variant,
)
from core.domain.moments import Moment, written
from core.domain.personas import MAX_TEXT, Name, Plain
from core.domain.wording import fault_at

TestState = Literal["DRAFT", "ACTIVE", "STOPPED", "COMPLETED"]
MOST_EVENTS = 10_000
_LARGEST, _LONGEST = 2**53, 1_000
_EXAMPLE: dict[str, Any] = {
    "name": "A warmer first line",
    "hypothesis": "A warmer first line brings more bookings.",
    "variants": [{"id": "control"}, {"id": "warm", "name": "Warmer"}],
    "metrics": [
        {"id": "booked", "kind": "proportion", "role": "primary", "value": "booked"},
        {
            "id": "unsubscribed",
            "kind": "proportion",
            "role": "guardrail",
            "better": "lower",
            "value": "unsubscribed",
        },
    ],
    "data": {"unit": "unit", "variant": "variant"},
}
_PERSONALITY = "Sliders (and `instructions`) of the creator's twin; kept as it is given."


class NewExperiment(Wire):
    """A design, and where its figures come from."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"design": _EXAMPLE, "source": "table"}]}
    )

    design: Design
    source: SourceKind = Field(
        default="table", description="Runs of a population, live events, or an imported table."
    )


class ChangedExperiment(Wire):
    """Another design for a draft; where its figures come from stays, if that is left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"design": _EXAMPLE}]})

    design: Design
    source: SourceKind | None = None


class StartIn(Wire):
    """What a start may cost."""

    budget_usd: float | None = Field(
        default=None,
        gt=0,
        le=1_000_000,
        description="Of each variant's language model, in a rehearsal; null for no limit.",
    )


class ToPlan(Wire):
    """What is to be planned, and from what."""

    design: Design
    run: str | None = Field(
        default=None,
        max_length=255,
        description="A run, by id or number, whose figures are the baseline.",
    )


class FiguresWanted(Wire):
    """Sums of experiments; each case has an `id` and a `kind`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "cases": [
                        {
                            "id": "typical",
                            "kind": "binary",
                            "a": {"n": 10_000, "x": 500},
                            "b": {"n": 10_000, "x": 560},
                        }
                    ]
                }
            ]
        },
    )

    cases: list[dict[str, Any]] = Field(default_factory=list, max_length=10_000)


class TableWanted(Wire):
    """Which imported table an experiment reads."""

    dataset_id: str = Field(min_length=1, max_length=100)


class EventsIn(Wire):
    """What participants did: events as they come in, or an imported table of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"events": [{"contact_id": "ada", "kind": "goal_reached", "name": "booked"}]}
            ]
        }
    )

    events: list[LiveEvent] = Field(default_factory=list, max_length=MOST_EVENTS)
    dataset_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="A table with contact_id, kind and, where there is more, LiveEvent's fields.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> EventsIn:
        if bool(self.events) == (self.dataset_id is not None):
            raise fault_at("events", "give either events or dataset_id")
        return self


class PeopleIn(Wire):
    """Who is to be assigned."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"participants": [{"id": "ada", "attributes": {}}]}]}
    )

    participants: list[Participant] = Field(min_length=1, max_length=MOST_ASSIGNED)


class AssignedOut(BaseModel):
    """Which variant each participant meets, in the order that they were given."""

    items: list[Assigned]


class LookLine(BaseModel):
    """One look at the results."""

    number: int
    at: Moment


class DecisionIn(Wire):
    """What is decided; what the rule says, where nothing is given."""

    outcome: Outcome | None = Field(default=None, description="A person's decision.")
    variant: Ident | None = Field(default=None, description="The variant that wins, or harms.")
    note: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""

    @model_validator(mode="after")
    def _a_variant_wins(self) -> DecisionIn:
        if self.outcome == "winner" and self.variant is None:
            raise fault_at("variant", "say which variant wins")
        return self


class QueryIn(Wire):
    """A question to another database, which is only read."""

    connection_url: str = Field(
        min_length=1, max_length=2_000, description="A DuckDB or SQLite file, or PostgreSQL."
    )
    sql: str = Field(min_length=1, max_length=100_000, description="One SELECT.")
    name: Name = "query"


class Preview(BaseModel):
    """The first rows of a table."""

    columns: dict[str, str] = Field(description="Their types.")
    rows: list[dict[str, Any]]
    total: int = Field(description="How many rows there are in all.")


def plain(value: Any) -> Any:
    """A cell of a table as JSON holds it; what is no number there is null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        return written(value)
    known = value is None or isinstance(value, bool | str)
    small = isinstance(value, int) and abs(value) < _LARGEST
    return value if known or small else str(value)[:_LONGEST]


# The source document's A/B Testing Suite


class ABVariantIn(Wire):
    """A variant of an A/B test."""

    variant_id: Ident | None = Field(
        default=None, description="Its name in data; `variant_a`, `variant_b` … where left out."
    )
    name: Name
    personality_config: dict[str, Any] = Field(
        default_factory=dict, max_length=100, description=_PERSONALITY
    )
    weight: float = Field(default=1.0, ge=0, le=1_000_000, description="Its share, relative.")
    note: Plain = ""
    flow: str | None = Field(default=None, max_length=255)
    flow_version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    model: str | None = Field(default=None, max_length=255)

    def variant(self, id: str) -> Variant:
        """The same as a variant of ours."""
        return Variant(**self.model_dump(exclude={"variant_id", "test_id"}), id=id)


class NewABTest(Wire):
    """An A/B test: its name, whose twin it is about, its variants; the first is the control."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "creator_id": "maya-okafor",
                    "test_name": "Motivation vs. Support Approach",
                    "variants": [
                        {"name": "Motivational Approach", "personality_config": {"warmth": 40}},
                        {"name": "Supportive Approach", "personality_config": {"warmth": 80}},
                    ],
                }
            ]
        }
    )

    test_name: Name
    creator_id: str | None = Field(default=None, max_length=255)
    hypothesis: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""
    variants: list[ABVariantIn] = Field(default_factory=list, max_length=MOST_VARIANTS)
    control: Ident | None = None
    metrics: list[Metric] = Field(
        default_factory=list,
        max_length=40,
        description="One is primary; whether a participant reached any goal, where none is given.",
    )
    source: SourceKind | None = Field(
        default=None, description="`rehearsal` where a flow is named, else `live`."
    )
    flow: str | None = Field(default=None, max_length=255)
    flow_version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    population: str | None = Field(default=None, max_length=255)
    seed: int = Field(default=7, ge=0, le=2**63 - 1)
    segments: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] = Field(
        default_factory=list, max_length=20
    )
    assignment: Assignment | None = None
    rule: Rule = Rule()
    prior: Prior = Prior()
    planned: Planned = Planned()
    start: bool = Field(default=False, description="Start it at once; its design is then frozen.")


class NewABVariant(ABVariantIn):
    """A variant that an A/B test gets beside the others."""

    test_id: str = Field(min_length=1, max_length=255)


class ABToAnalyze(Wire):
    """Which A/B test is to be looked at, and whether that settles it."""

    test_id: str = Field(min_length=1, max_length=255)
    decide: bool = Field(default=False, description="Record what the rule says as the decision.")
    apply: bool = Field(
        default=False, description="Let the winner become the version in use; needs a decision."
    )


class ABVariant(BaseModel):
    """A variant and what is known of it."""

    variant_id: str
    name: str
    personality_config: dict[str, Any]
    participants: int
    conversion_rate: float | None = Field(
        description="The share that did what the primary metric counts; null for nobody, and "
        "where nothing that is measured is yes or no."
    )
    conversion_low: float | None = Field(description="Its interval.")
    conversion_high: float | None
    control: bool = Field(description="Whether the others are held against it.")
    weight: float
    note: str
    value: float | None = Field(description="The primary metric's value.")
    effect: Span | None = Field(
        description="Its difference to the control, with the interval that may be looked at "
        "whenever one likes."
    )
    lift: Span | None = Field(description="The same, relative to the control.")
    p: float | None = Field(description="The p-value of that interval.")
    probability_better: float | None = Field(description="Than the control, by the posterior.")
    expected_loss: float | None = Field(description="If it is chosen, in the metric's units.")


class ABTest(BaseModel):
    """An A/B test in the source document's shape, and more."""

    test_id: str
    creator_id: str | None
    test_name: str
    status: TestState
    variants: list[ABVariant]
    statistical_significance: float | None = Field(
        description="1 - p of the primary metric under the test's own rule, for the variant that "
        "is furthest from the control, corrected for the number of variants. The p-value is the "
        "always-valid one (`always_valid`, `group_sequential`), or the one that is read once "
        "(`fixed`), which is null before the planned participants are there; a rule by "
        "`expected_loss` has none. Null where it cannot be told."
    )
    winner: str | None = Field(description="The variant that the rule, or a person, declared.")
    recommendations: list[str] = Field(description="What the rule says, why, and what is next.")
    hypothesis: str
    control: str | None
    primary_metric: str | None
    metric_kind: MetricKind | None
    rule: RuleKind
    outcome: Outcome | None = Field(description="What the newest look came to.")
    look: int | None = Field(description="The newest look's number.")
    participants: int
    warnings: list[Warned]
    source: SourceKind
    created_at: Moment
    fingerprint: str | None = Field(description="Of the frozen design; null for a draft.")
