"""What goes over the wire where it is not a domain type as it stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SecretStr,
    StringConstraints,
    Tag,
    model_validator,
)

from core.cast import DEFAULT_COPIES
from core.domain.findings import Finding, Severity
from core.domain.flows import StoredFlow
from core.domain.messages import GivenMessage, MessageCheck
from core.domain.models import KeySource, Model, ModelDraft
from core.domain.moments import Moment
from core.domain.personas import Name, PersonaName
from core.domain.populations import MAX_PEOPLE, CastLine
from core.domain.reports import Interaction, Report
from core.domain.runs import Engine, RunStatus
from core.domain.wording import fault_at
from core.flows import Family, Validation


def _kind_of_cast(given: Any) -> str | None:
    if isinstance(given, str):
        return "words"
    lines = isinstance(given, list) and all(isinstance(one, dict | CastLine) for one in given)
    return "lines" if lines else None


Cast = Annotated[
    Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), Tag("words")
    ]
    | Annotated[list[CastLine], Field(min_length=1, max_length=1_000), Tag("lines")],
    Discriminator(
        _kind_of_cast,
        custom_error_type="cast",
        custom_error_message="must be names with commas, or a list of {persona, copies}",
    ),
]
SEED = Field(default=7, ge=0, le=2**63 - 1, description="The same seed gives the same run.")
_MODEL = "A language model: its id or name here, or as litellm names it."
_WORDS = "Personas' names with commas, `all`, or a population's id; or so many of each persona."


class Wire(BaseModel):
    """Base of what comes in; nothing unknown may."""

    model_config = ConfigDict(extra="forbid")


class CopyName(Wire):
    """What a copy is to be called."""

    name: PersonaName | None = None


class NewName(Wire):
    """Another name."""

    name: Name


class Asking(Wire):
    """Which engine answers; a model means the language engine."""

    engine: Engine | None = Field(
        default=None, description="`behaviour`, or `language` where a model is named."
    )
    model: str | None = Field(default=None, min_length=1, max_length=255, description=_MODEL)
    budget_usd: float | None = Field(
        default=None, gt=0, le=1_000_000, description="What its calls may cost; null for no limit."
    )

    @model_validator(mode="after")
    def _a_model_for_language(self) -> Self:
        if self.engine == "language" and self.model is None:
            raise fault_at("model", "the language engine needs a model")
        if self.engine == "behaviour" and self.model is not None:
            raise fault_at("model", "the behaviour engine asks no model")
        if self.model is None and self.budget_usd is not None:
            raise fault_at("budget_usd", "a budget is for a model: name one")
        return self


class NewTest(Asking):
    """Who meets a workflow: one persona, or a cast."""

    persona_id: str | None = Field(default=None, max_length=255)
    cast: Cast | None = Field(default=None, description=_WORDS)
    copies: int = Field(default=1, ge=1, le=MAX_PEOPLE, description="People of each persona.")
    seed: int = SEED


class NewRun(Asking):
    """What a run needs: a flow, people, a seed, an engine."""

    flow_id: str | None = Field(default=None, max_length=255)
    flow: dict[str, Any] | None = Field(default=None, description="A flow document, kept first.")
    population_id: str | None = Field(default=None, max_length=255)
    cast: Cast | None = Field(default=None, description=_WORDS)
    copies: int = Field(default=DEFAULT_COPIES, ge=1, le=MAX_PEOPLE)
    seed: int = SEED
    flow_version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    parameters_version: int | None = Field(default=None, ge=1, le=2**31 - 1)

    @model_validator(mode="after")
    def _one_of_each(self) -> NewRun:
        if (self.flow_id is None) == (self.flow is None):
            raise fault_at("flow_id", "give either flow_id or flow")
        if self.flow is not None and self.flow_version is not None:
            raise fault_at("flow_version", "flow_version belongs to flow_id")
        if (self.population_id is None) == (self.cast is None):
            raise fault_at("cast", "give either population_id or cast")
        return self


class NewBudget(Wire):
    """What a run may cost from now on."""

    budget_usd: float | None = Field(
        gt=0, le=1_000_000, description="In USD, all that it has cost included; null for no limit."
    )


class ModelIn(ModelDraft):
    """A language model as it is given; the key is stored encrypted and never shown again."""

    key: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=2_000,
        description="Left out, the saved one stays, else the environment's is used.",
    )

    def draft(self) -> ModelDraft:
        """All but the key."""
        return ModelDraft(**self.model_dump(exclude={"key"}))

    def secret(self) -> str | None:
        """The key, where one was given."""
        return None if self.key is None else self.key.get_secret_value()


class ModelOut(Model):
    """A language model of this workspace, and where its key comes from."""

    key_source: KeySource


class TestOut(BaseModel):
    """A workflow test: the source document's fields, and some of its interactions."""

    __test__ = False

    id: str
    workflow_id: str
    persona_id: str | None = Field(description="Null where more than one persona takes part.")
    status: RunStatus
    config: dict[str, Any]
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment
    interactions: list[Interaction]
    total: int = Field(description="How many interactions there are in all.")
    limit: int
    offset: int
    next: str | None


class TestReportOut(BaseModel):
    """A test's report: the source document's fields, and under ``report`` all the rest."""

    __test__ = False

    summary: str
    score: int | None
    interactions: list[Interaction]
    issues: list[Finding]
    recommendations: list[str]
    conversion_likelihood: int | None
    report: Report


class KeptFlow(StoredFlow):
    """A flow as it was kept, and what is wrong with it: with an error it is a draft."""

    findings: list[Finding]


class ValidationOut(BaseModel):
    """What the checks find in a workflow: the source document's fields."""

    valid: bool = Field(description="Whether none of the issues is an error.")
    issues: list[Finding] = Field(description="Worst first, then in the order of the steps.")
    score: int = Field(ge=0, le=100)

    @classmethod
    def of(cls, found: Validation) -> ValidationOut:
        """What a validation says, in these words."""
        return cls(valid=found.valid, issues=list(found.findings), score=found.score)


class CheckOut(BaseModel):
    """One check of the catalogue; ``example`` is a small flow in YAML that it finds wrong."""

    id: str
    family: Family
    severity: Severity
    title: str
    explanation: str
    fix: str
    example: str


class Template(BaseModel):
    """A flow to start from."""

    id: str
    name: str
    description: str
    document: dict[str, Any]


class PersonOut(BaseModel):
    """One member of a population."""

    id: str
    persona: str
    attributes: dict[str, Any]
    traits: dict[str, float]


class ParameterOut(BaseModel):
    """One number of the behaviour model."""

    name: str
    value: float
    unit: str
    min: float
    max: float
    help: str
    source: str
    changed: bool = Field(description="Whether it differs from what is shipped.")


class ParametersOut(BaseModel):
    """One version of the behaviour model's parameters."""

    engine: Engine = "behaviour"
    version: int
    note: str
    created_at: Moment | None
    calibrated: bool = False
    parameters: list[ParameterOut]


class ParameterChanges(Wire):
    """What a new version changes; what is not named keeps its value of the newest version."""

    changes: dict[str, float] = Field(max_length=5_000)
    note: str = Field(default="", max_length=200)


class VersionOut(BaseModel):
    """One saved version."""

    version: int
    note: str
    created_at: Moment | None


class WorkspaceOut(BaseModel):
    """A workspace of this home."""

    name: str
    default: bool = Field(description="Whether it is meant where none is named.")


class Health(BaseModel):
    """That the API answers."""

    status: Literal["ok"] = "ok"
    version: str


class AnswerOut(BaseModel):
    """A command's answer: what ``--json`` prints, the text for a person, and the exit code."""

    document: Any
    text: str
    exit_code: int
    note: str


class MessageIn(GivenMessage):
    """One message to check; keys of your own come back with it."""


class MessagesToCheck(Wire):
    """Messages to check, their templates filled in."""

    messages: list[MessageIn] = Field(max_length=10_000)


class CheckedMessage(MessageCheck):
    """A message with every key that it came with, and what was found in it."""

    model_config = ConfigDict(extra="allow")

    channel: str
    subject: str | None = None
    body: str


class CheckedMessages(BaseModel):
    """The messages again, in the order in which they came, with what was found in each."""

    items: list[CheckedMessage]
