"""Creator twins: the content they learn from, what is known of their creator, and their answers.

Places in a text are offsets in characters of the text as read, end exclusive, whatever is done to
the text later: what may not become knowledge is blanked out, never cut.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.domain.moments import Moment
from core.domain.personas import MAX_TEXT, Name, Plain
from core.domain.reports import Rate, Spread

Stage = Literal["received", "checked", "read", "chunked", "embedded", "analysed"]
"""How far a piece is, in this order; ``analysed`` is ready."""
STAGES: tuple[Stage, ...] = ("received", "checked", "read", "chunked", "embedded", "analysed")
PieceState = Literal["working", "asking", "ready", "refused", "failed"]
"""``asking``: personal data was found, and the creator has to say what becomes of it."""
PersonalChoice = Literal["keep", "mask", "drop"]
"""Of personal data: leave it, blank it out, or blank out the sentences that hold it."""
PersonalKind = Literal["email", "phone", "address", "card", "account"]
ProblemKind = Literal[
    "refused", "unreadable", "empty", "cut_short", "hidden_text", "injection", "personal_data",
    "needs_transcript", "duplicate", "language",
]  # fmt: skip
Trait = Literal[
    "openness", "conscientiousness", "extraversion", "agreeableness", "emotional_stability"
]
TRAITS: tuple[Trait, ...] = (
    "openness",
    "conscientiousness",
    "extraversion",
    "agreeableness",
    "emotional_stability",
)
NodeKind = Literal["concept", "principle", "exercise"]
LinkKind = Literal["before", "uses", "part_of"]
Why = Literal["trained", "tuned", "corrected", "rated", "mapped"]
Level = Annotated[float, Field(ge=0, le=100)]
TwinName = Annotated[Name, StringConstraints(max_length=120)]


class Frozen(BaseModel):
    """A value that is kept as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Passage(Frozen):
    """A place in a piece, with its words.

    Attributes:
        file: The piece's name as it was given (``folder/name.pdf`` inside an archive).
        start: Offset of its first character in the text as read.
        end: Offset after its last.
        place: Where a person finds it (``page 12``, ``slide 3``, ``04:31``), where known.
        score: How well it fits what was asked; higher is better, comparable within one answer.
    """

    file: str
    start: int
    end: int
    text: str
    place: str | None = None
    score: float | None = None


class Problem(Frozen):
    """Something found wrong with a piece, in words for its creator.

    Attributes:
        start: Where it begins in the text as read, None where it is no one place.
        quote: The words that it is about.
        severity: An ``error`` keeps the piece out; a ``warning`` keeps a passage out or asks
            the creator; an ``info`` changes nothing.
    """

    kind: ProblemKind
    severity: Literal["error", "warning", "info"]
    message: str
    fix: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""


class Personal(Frozen):
    """Personal data in a text; ``text`` is empty once it is masked or dropped."""

    kind: PersonalKind
    start: int
    end: int
    text: str


class Mark(Frozen):
    """From ``start`` on the text is at this place of its file (``page 12``, ``04:31``)."""

    start: int
    place: str


class Reading(Frozen):
    """What was read out of one file.

    Attributes:
        text: The whole text; offsets everywhere count its characters.
        format: pdf, docx, pptx, epub, html, markdown, text, subtitles or recording.
        written_on: The day it says it was written, where it says so.
        hidden: Spans that a reader of the file would not see; they never become knowledge.
    """

    text: str
    format: str
    title: str = ""
    written_on: date | None = None
    marks: tuple[Mark, ...] = ()
    hidden: tuple[tuple[int, int], ...] = ()
    problems: tuple[Problem, ...] = ()


class Piece(Frozen):
    """One file of a creator's content and how far it is.

    Attributes:
        id: The same for the same name in the same twin.
        content_hash: SHA-256 of the file's bytes: a piece whose hash is known is not done again.
        stage: The last stage that is done.
        personal: What personal data was found; ``choice`` is what becomes of it.
        text_id: The text that it became, None until it is read.
    """

    id: str
    twin_id: str
    name: str
    content_hash: str
    size: int
    added_at: Moment
    stage: Stage = "received"
    state: PieceState = "working"
    format: str = ""
    title: str = ""
    written_on: date | None = None
    words: int = 0
    chunks: int = 0
    passages: int = 0
    problems: tuple[Problem, ...] = ()
    personal: tuple[Personal, ...] = ()
    choice: PersonalChoice | None = None
    text_id: str | None = None


class PieceText(Frozen):
    """The text of a piece, as far as it may become knowledge; named by its content.

    Attributes:
        text: As read, with what may not become knowledge blanked out.
    """

    id: str
    text: str
    marks: tuple[Mark, ...] = ()

    def place(self, start: int) -> str | None:
        """Where a person finds the character at ``start``."""
        at = bisect_right(self.marks, start, key=lambda mark: mark.start)
        return self.marks[at - 1].place if at else None


class TrainingState(Frozen):
    """How far a twin's training is.

    Attributes:
        going_on: Whether somebody is working on it now.
        doing: What is being done, in words.
        piece: The piece that is being worked on.
        share: Of the whole work, 0 to 1.
        done: Pieces that have come through, of ``total``.
        version: The version that came of it, None where none did.
        error: Why it ended before its end.
    """

    twin_id: str
    going_on: bool = False
    doing: str = ""
    piece: str | None = None
    share: float = Field(default=0, ge=0, le=1)
    done: int = 0
    total: int = 0
    version: int | None = None
    error: str | None = None
    started_at: Moment | None = None
    finished_at: Moment | None = None


class TraitEstimate(Frozen):
    """One trait, as a percentile among adults.

    Attributes:
        score: The best guess, 0 to 100.
        low: Lower end of the 95 % interval.
        high: Upper end.
        source: ``model`` (fitted, offline) or the name of the language model that rated it.
        speaks_for: Sentences that raise it, strongest first.
        speaks_against: Sentences that lower it.
    """

    trait: Trait
    score: Level
    low: Level
    high: Level
    source: str
    speaks_for: tuple[Passage, ...] = ()
    speaks_against: tuple[Passage, ...] = ()


class VoiceFeature(Frozen):
    """One habit of a voice, against a reference population of writers.

    Attributes:
        id: Stable name (``sentence_length``).
        name: What a creator calls it.
        value: In ``unit``.
        low: Lower end of the 95 % interval of ``value``.
        high: Upper end.
        percentile: The share of the reference population below it, 0 to 100.
        usual: The reference population's median.
        says: One sentence in plain words.
        examples: Places in the creator's own text that show it.
    """

    id: str
    name: str
    value: float
    unit: str
    low: float
    high: float
    percentile: Level
    usual: float
    says: str
    examples: tuple[Passage, ...] = ()


class Phrase(Frozen):
    """A phrase that this creator says and others do not."""

    text: str
    count: int
    per_10k_words: float
    usual_per_10k_words: float
    examples: tuple[Passage, ...] = ()


class Profile(Frozen):
    """Personality and voice, as far as the content shows them."""

    words: int
    traits: tuple[TraitEstimate, ...] = ()
    features: tuple[VoiceFeature, ...] = ()
    phrases: tuple[Phrase, ...] = ()


class Node(Frozen):
    """A concept, a principle or an exercise of a creator's method.

    Attributes:
        id: Stable while its words stay the same.
        says: The principle as a sentence, or what the concept is; the steps of an exercise are
            ``steps``.
        weight: How much of the content speaks of it, 0 to 1.
        by_hand: Whether the creator made or changed it; training again keeps it as it is.
    """

    id: str
    kind: NodeKind
    name: Name
    says: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""
    steps: tuple[str, ...] = ()
    weight: float = Field(default=0.5, ge=0, le=1)
    passages: tuple[Passage, ...] = ()
    by_hand: bool = False


class Link(Frozen):
    """How two nodes hang together: ``source`` comes before, uses, or is part of ``target``."""

    source: str
    target: str
    kind: LinkKind
    by_hand: bool = False


class Methodology(Frozen):
    """The creator's method; what the creator took out stays out, and is kept as removed."""

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    removed: tuple[Node, ...] = ()
    removed_links: tuple[Link, ...] = ()


class Tuning(Frozen):
    """How the creator wants the twin to differ from what was measured.

    Each slider runs from -1 to 1; 0 is as measured. Personality sliders steer a language model's
    words; voice sliders steer it too, and which of the creator's sentences are chosen offline.
    """

    openness: float = Field(default=0, ge=-1, le=1)
    conscientiousness: float = Field(default=0, ge=-1, le=1)
    extraversion: float = Field(default=0, ge=-1, le=1)
    agreeableness: float = Field(default=0, ge=-1, le=1)
    emotional_stability: float = Field(default=0, ge=-1, le=1)
    length: float = Field(default=0, ge=-1, le=1)
    formality: float = Field(default=0, ge=-1, le=1)
    warmth: float = Field(default=0, ge=-1, le=1)
    directness: float = Field(default=0, ge=-1, le=1)
    humour: float = Field(default=0, ge=-1, le=1)
    questions: float = Field(default=0, ge=-1, le=1)
    instructions: Annotated[Plain, StringConstraints(max_length=MAX_TEXT)] = ""


class PieceRef(Frozen):
    """A piece as a version used it."""

    name: str
    content_hash: str
    text_id: str
    words: int
    added_at: Moment
    written_on: date | None = None


class TwinVersion(Frozen):
    """One state of a twin; every training, tuning and correction makes one."""

    twin_id: str
    number: int
    made_at: Moment
    why: Why
    note: str = ""
    pieces: tuple[PieceRef, ...] = ()
    embedder: str = ""
    tuning: Tuning = Tuning()
    profile: Profile = Profile(words=0)
    methodology: Methodology = Methodology()


class Twin(Frozen):
    """A creator twin; ``version`` is the number of the version in use, None until trained."""

    id: str
    name: TwinName
    slug: str
    about: str = ""
    made_at: Moment
    version: int | None = None


class Answer(Frozen):
    """What a twin answered.

    Attributes:
        text: The words, with ``[1]`` after what rests on ``citations[0]``.
        declined: Whether the content does not cover the question.
        citations: The passages that it rests on, best first; also where it declines.
        covered: Probability that the content answers the question.
        engine: ``sentences`` (the creator's own, put together) or the language model's name.
        kind: What was done: answered, declined, greeted (nothing was asked), refused (asked to
            be something else).
    """

    text: str
    declined: bool
    citations: tuple[Passage, ...] = ()
    covered: float = Field(ge=0, le=1)
    engine: str = "sentences"
    kind: Literal["answered", "declined", "greeted", "refused"] = "answered"
    version: int | None = None


class Turn(Frozen):
    """One question and its answer in a conversation with a twin."""

    conversation_id: str
    number: int
    asked: str
    answer: Answer
    at: Moment


class Evidence(Frozen):
    """A feature of a text that speaks for or against its creator having written it."""

    feature: str
    direction: Literal["for", "against"]
    weight: float
    here: float
    usual: float


class VoiceVerdict(Frozen):
    """How likely it is that the creator wrote a text.

    Attributes:
        probability: At even odds; None where the text is too short to say.
        reliability: What the number is worth, by the text's and the known text's length.
    """

    probability: float | None
    words: int
    known_words: int
    reliability: Literal["none", "weak", "fair", "good"]
    says: str = ""
    evidence: tuple[Evidence, ...] = ()
    nearest: tuple[Passage, ...] = ()


ProbeGroup = Literal["content", "off_topic", "provocation"]
ProbeOutcome = Literal["held", "failed", "unavailable"]
"""``unavailable``: there was no answer to judge, because the engine did not give one."""


class Probe(Frozen):
    """One prompt of the standard test.

    Attributes:
        id: Stable while it is made from the same thing.
        group: Whether the twin should answer, say that it does not know, or stay itself.
        source: What it was made from (``concept``, ``heading``, ``medicine``, ``insult``).
        about: That thing in its own words.
    """

    id: str
    group: ProbeGroup
    text: str
    source: str
    about: str = ""


class Probed(Frozen):
    """What a twin did with one prompt.

    Attributes:
        voice: How likely it is that the creator wrote the answer; None where it is too short, or
            where there is no voice to compare it with.
        why: Why it held or failed, in one sentence.
    """

    probe: Probe
    outcome: ProbeOutcome
    why: str
    answer: Answer | None = None
    voice: float | None = Field(default=None, ge=0, le=1)


class StandardTest(Frozen):
    """One run of the standard test and what came of it.

    Attributes:
        engine: ``sentences`` or the language model's name.
        score: The share of prompts that held, of those that were answered.
        groups: The same for each group.
        voice: The mean probability that the creator wrote the answers.
        notes: What a reader of the numbers has to know.
    """

    id: str
    twin_id: str
    version: int
    engine: str
    made_at: Moment
    seconds: float = Field(ge=0)
    results: tuple[Probed, ...]
    score: Rate
    groups: dict[ProbeGroup, Rate]
    voice: Spread
    notes: tuple[str, ...] = ()


class StandardTestLine(Frozen):
    """A run of the standard test as one line of its history.

    Attributes:
        held: Prompts that held, of ``of`` that were answered.
        unavailable: Prompts that got no answer.
        voice: The mean probability that the creator wrote the answers, where there is one.
    """

    id: str
    version: int
    engine: str
    made_at: Moment
    held: int
    of: int
    unavailable: int
    voice: float | None


class StandardTestState(Frozen):
    """How far a twin's standard test is.

    Attributes:
        done: Prompts that are answered, of ``total``; ``total`` is 0 until they are made.
        result: The id of the kept results, None until they are there.
        error: Why it ended before its end.
    """

    twin_id: str
    going_on: bool = False
    version: int | None = None
    engine: str = "sentences"
    done: int = 0
    total: int = 0
    result: str | None = None
    error: str | None = None
    started_at: Moment | None = None
    finished_at: Moment | None = None


class Compared(Frozen):
    """Two versions on one prompt.

    Attributes:
        a: What the first answered, None where it did not.
        differs: What is different, in sentences; empty where the answers are the same.
    """

    prompt: str
    a: Answer | None
    b: Answer | None
    voice_a: float | None = None
    voice_b: float | None = None
    differs: tuple[str, ...] = ()


TopicSource = Literal["method", "content"]
Ripeness = Literal["none", "too_little", "usable", "good"]


class Topic(Frozen):
    """Something that the content speaks of, and how well.

    Attributes:
        source: A concept or exercise of the method, or what stands together in the content.
        words: In the passages that speak of it.
        pieces: Names of the pieces that they are in.
        newest: When the newest of those was written, or added where that is not known.
        tested: Prompts of the standard test that were about it, of which ``held`` held.
        asked: Questions in conversations that were about it, of which ``answered`` were answered.
    """

    name: str
    source: TopicSource
    words: int
    pieces: tuple[str, ...] = ()
    newest: date | None = None
    tested: int = 0
    held: int = 0
    asked: int = 0
    answered: int = 0


class Unanswered(Frozen):
    """Questions of one kind that the twin had no answer to, asked so many ``times`` together."""

    about: str
    questions: tuple[str, ...]
    times: int


class YearShare(Frozen):
    """How much of the content is from one year."""

    year: int
    words: int
    share: float = Field(ge=0, le=1)


class Freshness(Frozen):
    """How old the content is.

    Attributes:
        years: Words by the year in which they were written, or added where that is not said.
        written: The share of words whose day of writing is known, not only that of the upload.
        median_days: Half of the words are at most so old.
        oldest: Topics whose newest piece is oldest, oldest first.
    """

    years: tuple[YearShare, ...] = ()
    written: float = Field(default=0, ge=0, le=1)
    median_days: int | None = None
    oldest: tuple[Topic, ...] = ()


class Steadiness(Frozen):
    """Whether more content still changes the voice; ``points`` are (words, change in SDs)."""

    verdict: Literal["settled", "moving", "too_little", "unknown"] = "unknown"
    says: str = ""
    points: tuple[tuple[int, float], ...] = ()


class Readiness(Frozen):
    """What so many words are enough for.

    Attributes:
        next_at: From how many words on the next level is reached, None at the last.
        rests_on: Where the threshold comes from.
    """

    level: Ripeness
    words: int
    says: str
    next_at: int | None = None
    rests_on: str = ""


class Suggestion(Frozen):
    """What to upload next.

    Attributes:
        what: What to add.
        why: The evidence for it.
        example: A title that such a piece could have.
    """

    what: str
    why: str
    example: str = ""


class TwinProgress(Frozen):
    """How far a twin has come, and what would help it most."""

    readiness: Readiness
    topics: tuple[Topic, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    freshness: Freshness = Freshness()
    steadiness: Steadiness = Steadiness()
    suggestions: tuple[Suggestion, ...] = ()
