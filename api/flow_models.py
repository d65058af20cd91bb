"""What goes over the wire while a flow is drawn."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from api.models import Wire
from core.domain.debugging import ConditionResult, NameAtStep
from core.domain.findings import Finding
from core.flows import (
    Differences,
    Joined,
    MergeConflict,
    SimpleCondition,
    SimpleRow,
    Validation,
)

MOST_TEXT = 5_000_000
FlowDocument = Annotated[
    dict[str, Any], Field(description="A flow document; its format is at `/api/v1/flows/schema`.")
]
StepName = Annotated[str, StringConstraints(max_length=100)]


class DocumentIn(Wire):
    """A flow that is being drawn."""

    document: FlowDocument


class DocumentOut(BaseModel):
    """A flow document."""

    document: dict[str, Any]


class TextIn(DocumentIn):
    """A document, and the text that said it before it was changed."""

    text: str | None = Field(default=None, max_length=MOST_TEXT)


class TextOut(BaseModel):
    """The YAML that says a document."""

    text: str


class ReadIn(Wire):
    """A flow's text: YAML or JSON."""

    text: str = Field(max_length=MOST_TEXT)


class Positions(BaseModel):
    """The top left corner of each step's card, 240 x 96 pixels."""

    positions: dict[str, list[int]] = Field(description="x and y by step.")


class NamesIn(DocumentIn):
    """A step of a flow that is being drawn."""

    step_id: StepName


class NamesOut(BaseModel):
    """What conditions and messages can read at a step; functions come last."""

    names: list[NameAtStep]


class SampleIn(Wire):
    """Somebody made up, to try conditions on."""

    name: str = Field(max_length=255)
    values: dict[str, Any] = Field(
        default_factory=dict,
        max_length=1_000,
        description="`{contact: {…}, reply: {…}, answers: {…}, VARIABLE: …}`",
    )


class ConditionsIn(Wire):
    """Conditions to try, and rows to make a condition of."""

    document: FlowDocument | None = None
    step_id: StepName | None = None
    conditions: list[Annotated[str, StringConstraints(max_length=10_000)]] = Field(
        default_factory=list, max_length=200
    )
    samples: list[SampleIn] = Field(default_factory=list, max_length=200)
    personas: bool = Field(default=False, description="Also try a typical copy of every persona.")
    rows: list[SimpleRow] | None = Field(
        default=None, min_length=1, max_length=50, description="Rows to make a condition of."
    )
    joined: Joined = "and"


class PlaceError(BaseModel):
    """Why a condition cannot be read, and where."""

    message: str
    place: str | None


class ConditionOut(BaseModel):
    """One condition: how it comes out for each sample, and the rows that say the same."""

    condition: str
    error: PlaceError | None
    rows: list[ConditionResult]
    simple: SimpleCondition | None = Field(
        description="Rows of field, operator and value; null where they cannot say it."
    )


class ConditionsOut(BaseModel):
    """What came of trying; ``condition`` is the CEL of the rows that were given."""

    results: list[ConditionOut]
    condition: str | None = None


class MendIn(DocumentIn):
    """A document, and a finding in it."""

    finding: Finding


class Issue(Finding):
    """A finding, and what mending it does in the words of a button; null where a person must."""

    mend: str | None

    @classmethod
    def of(cls, finding: Finding, found: Validation) -> Issue:
        """A finding of a validation."""
        mend = found.mending(finding) if found.can_mend(finding) else None
        return cls(**finding.model_dump(), mend=mend)


class DrawnValidation(BaseModel):
    """What the checks find in a flow that is being drawn."""

    valid: bool = Field(description="Whether none of the issues is an error.")
    issues: list[Issue] = Field(description="Worst first, then in the order of the steps.")
    score: int = Field(ge=0, le=100)

    @classmethod
    def of(cls, found: Validation) -> DrawnValidation:
        """What a validation says, in these words."""
        issues = [Issue.of(one, found) for one in found.findings]
        return cls(valid=found.valid, issues=issues, score=found.score)


class TwoDocuments(Wire):
    """Two flow documents to compare."""

    a: FlowDocument
    b: FlowDocument


class VersionDifferences(Differences):
    """What two versions of a flow differ by."""

    a_version: int
    b_version: int


class MergeIn(DocumentIn):
    """My document, and the version of the flow that I changed."""

    base: int = Field(ge=1, le=2**31 - 1)


class MergeOut(DocumentOut):
    """My changes and those of the newest version; on a conflict mine is taken."""

    conflicts: list[MergeConflict]
    newest: int = Field(description="The version to save after.")
