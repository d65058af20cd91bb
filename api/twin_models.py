"""What goes over the wire about creator twins, where it is not a domain type as it stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, StringConstraints

from api.models import Wire
from core.commands import version_document
from core.domain.models import KeySource, Purpose
from core.domain.moments import Moment
from core.domain.personas import Text
from core.domain.reports import Rate, Spread
from core.domain.twins import (
    Answer,
    Passage,
    PersonalChoice,
    Phrase,
    Piece,
    Probed,
    ProbeGroup,
    StandardTest,
    StandardTestState,
    TrainingState,
    TraitEstimate,
    Tuning,
    Twin,
    TwinName,
    TwinVersion,
    VoiceFeature,
    VoiceVerdict,
    Why,
)

TestStatus = Literal["RUNNING", "COMPLETED", "FAILED"]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Asked = Annotated[str, StringConstraints(max_length=10_000)]
ConversationId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_MODEL = "The language model that words it, by id or name; null composes the creator's sentences."
_VERSION = "Which version answers; null is the one in use."


class NewTwin(Wire):
    """A twin that knows nothing yet."""

    name: TwinName
    about: Text = Field(default="", description="Who the creator is, in a sentence.")
    personality: Tuning = Field(
        default=Tuning(), description="How it is to differ from what its content shows."
    )


class TwinChanges(Wire):
    """What is to change; what is left out stays."""

    name: TwinName | None = None
    about: Text | None = None


class TwinOut(Twin):
    """A twin, how much it was given, and how far its training is."""

    pieces: int
    words: int = Field(description="In the pieces that are read.")
    versions: int
    training: TrainingState


class VersionLine(BaseModel):
    """One version of a twin in a line."""

    version: int
    in_use: bool
    why: Why
    note: str
    made_at: Moment
    pieces: int
    words: int
    embedder: str
    tuning: Tuning

    @classmethod
    def of(cls, version: TwinVersion, twin: Twin) -> Self:
        """A version, without all that it knows."""
        return cls(**version_document(version, twin), tuning=version.tuning)


class Decision(Wire):
    """What becomes of the personal data in a piece."""

    choice: PersonalChoice


class NewTraining(Wire):
    """A training on what waits; ``pii`` says what becomes of personal data that is found."""

    pii: PersonalChoice | None = None


class NewTwinTest(Wire):
    """Which version is tested, and who words its answers."""

    version: int | None = Field(default=None, ge=0, le=2**31 - 1, description=_VERSION)
    model: Ref | None = Field(default=None, description=_MODEL)


class ByModel(Wire):
    """Which language model is asked."""

    model: Ref = Field(description="Its id or name here, or as litellm names it.")


class NewComparison(Wire):
    """Two versions, and what both are asked."""

    a: int = Field(ge=0, le=2**31 - 1)
    b: int = Field(ge=0, le=2**31 - 1)
    prompts: list[Asked] | None = Field(default=None, min_length=1, max_length=50)
    model: Ref | None = Field(default=None, description=_MODEL)


class ChosenModel(Wire):
    """The model that does it from now on."""

    model: Ref | None = Field(description="Null takes what comes along, offline.")


class GivenText(Wire):
    """A text that the creator may have written."""

    text: str = Field(max_length=1_000_000)


class ChatMessage(Wire):
    """What somebody says to a twin."""

    message: Asked
    conversation_id: ConversationId | None = Field(
        default=None, description="Left out, a new conversation begins."
    )
    model: Ref | None = Field(default=None, description=_MODEL)
    version: int | None = Field(default=None, ge=0, le=2**31 - 1, description=_VERSION)


class Query(Wire):
    """The same as the AI engine calls it."""

    query: Asked
    creator_id: Ref = Field(description="A twin, by its id, its slug or its name.")
    conversation_id: ConversationId | None = Field(
        default=None, description="Left out, a new conversation begins."
    )
    model: Ref | None = Field(default=None, description=_MODEL)


class Reply(BaseModel):
    """What a twin answered."""

    conversation_id: str
    response: str = Field(description="With `[1]` after what rests on the first citation.")
    declined: bool = Field(description="Whether the content does not cover it.")
    confidence: float = Field(
        ge=0, le=1, description="The probability that the content answers what was asked."
    )
    citations: list[Passage] = Field(description="Best first; also where it declines.")
    kind: Literal["answered", "declined", "greeted", "refused"]
    engine: str = Field(description="`sentences`, or the language model's name.")
    version: int | None

    @classmethod
    def of(cls, answer: Answer, conversation_id: str) -> Self:
        """An answer in a conversation."""
        return cls(
            conversation_id=conversation_id,
            response=answer.text,
            declined=answer.declined,
            confidence=answer.covered,
            citations=list(answer.citations),
            kind=answer.kind,
            engine=answer.engine,
            version=answer.version,
        )


class Uploaded(BaseModel):
    """What a form brought, and how far the training on it is."""

    creator_id: str
    files: list[str] = Field(description="What the files are called from now on.")
    training: TrainingState


class Processed(Uploaded):
    """What was read of a document, where that is done already."""

    pieces: list[Piece]


class AnalyzeTwin(Wire):
    """Whose personality is wanted, and who rates it."""

    creator_id: Ref
    model: Ref | None = Field(
        default=None,
        description="A language model that rates an inventory's items; null takes the fitted one.",
    )


class VoiceOut(BaseModel):
    """A voice: its habits against other writers, and what only it says."""

    features: list[VoiceFeature]
    phrases: list[Phrase]


class AnalysisOut(BaseModel):
    """What the content shows of its creator."""

    creator_id: str
    version: int
    words: int
    traits: list[TraitEstimate]
    voice: VoiceOut


class TestText(Wire):
    """An answer, and whose voice it should be in."""

    __test__ = False

    creator_id: Ref
    response: str = Field(max_length=1_000_000)


class VerdictOut(VoiceVerdict):
    """How likely it is that the creator wrote a text."""

    creator_id: str


class TestMetrics(BaseModel):
    """The figures of a standard test; ``score`` is the share of prompts that held."""

    __test__ = False

    personality_consistency_score: float | None = Field(
        description="Null where too few prompts were answered."
    )
    score: Rate
    groups: dict[ProbeGroup, Rate]
    voice: Spread
    seconds: float


class TestResults(BaseModel):
    """What came of a test."""

    __test__ = False

    metrics: TestMetrics
    analysis: list[Probed] = Field(description="Every prompt, its answer, and why it held or not.")
    recommendations: list[str] = Field(description="What failed and why, then how to read it.")

    @classmethod
    def of(cls, test: StandardTest) -> Self:
        """A standard test in the source document's words."""
        failed = [f"{one.probe.text} {one.why}" for one in test.results if one.outcome == "failed"]
        metrics = TestMetrics(
            personality_consistency_score=test.score.rate,
            score=test.score,
            groups=test.groups,
            voice=test.voice,
            seconds=test.seconds,
        )
        recommendations = [*failed, *test.notes]
        return cls(metrics=metrics, analysis=list(test.results), recommendations=recommendations)


class TestSessionOut(BaseModel):
    """A standard test: the source document's fields."""

    __test__ = False

    session_id: str
    creator_id: str
    test_type: Literal["PERSONALITY_CONSISTENCY"] = "PERSONALITY_CONSISTENCY"
    status: TestStatus
    created_at: Moment | None
    completed_at: Moment | None
    configuration: dict[str, Any]
    error: str | None = None
    results: TestResults | None

    @classmethod
    def of(cls, state: StandardTestState, test: StandardTest | None) -> Self:
        """A test that is going on, or the one that came of it."""
        ended: TestStatus = "COMPLETED" if test is not None else "FAILED"
        return cls(
            session_id=test.id if test else f"{state.twin_id}-now",
            creator_id=state.twin_id,
            status="RUNNING" if state.going_on else ended,
            created_at=state.started_at,
            completed_at=test.made_at if test else state.finished_at,
            configuration={
                "test_parameters": {
                    "version": state.version,
                    "engine": state.engine,
                    "prompts": state.total,
                    "done": state.done,
                }
            },
            error=state.error,
            results=None if test is None else TestResults.of(test),
        )

    @classmethod
    def kept(cls, test: StandardTest) -> Self:
        """A test that is over."""
        count = len(test.results)
        state = StandardTestState(
            twin_id=test.twin_id,
            version=test.version,
            engine=test.engine,
            done=count,
            total=count,
            started_at=test.made_at - timedelta(seconds=test.seconds),
        )
        return cls.of(state, test)


class ModelStatus(BaseModel):
    """A model of this workspace, as it is known without asking it."""

    id: str
    name: str
    model: str
    purpose: Purpose
    key_source: KeySource
    ready: bool = Field(description="Whether the key that it needs is there, if it needs one.")


class CollectionStatus(BaseModel):
    """What a twin's version in use can find, and where its vectors are."""

    creator_id: str
    collection: str
    embedder: str | None = Field(description="Null until the twin is trained.")
    chunks: int
    passages: int


class AiStatus(BaseModel):
    """Which models answer, embed and write down, and what is embedded."""

    embedding: ModelStatus | None = Field(
        description="What embeds new content; null is the model that comes along, offline."
    )
    transcription: ModelStatus | None = Field(
        description="What writes recordings down; null where none is chosen."
    )
    models: list[ModelStatus]
    collections: list[CollectionStatus]
