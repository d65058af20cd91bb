"""One version of a twin, made ready: it finds, answers from the creator's sentences, recognises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from core.domain.errors import Conflict
from core.domain.models import Call, Model
from core.domain.twins import (
    Answer,
    Passage,
    PieceText,
    Tuning,
    Turn,
    Twin,
    TwinVersion,
    VoiceVerdict,
)
from core.twins.answering import (
    LEAST_CITED,
    Wish,
    compose,
    definition,
    headings,
    heard,
    in_context,
    question_call,
    under_heading,
    wish,
)
from core.twins.knowledge import ChromaIndex, Embedder, Found, Hit, Knowledge, Prepared
from core.twins.method_text import METHOD, method_text, unsaid
from core.twins.screening import blank
from core.twins.voice import Signature

SHOWN = 5
NEAREST = 3
SURE = 0.9
"""How sure it is that a definition answers the question for it."""
_NEXT_HEADING = re.compile(r"(?:\n[ \t]*#{1,6}[ \t][^\n]*\s*)+\Z")
_COURTESY: Mapping[Wish, tuple[str, ...]] = {
    "greeting": ("Hello. What is on your mind?", "Hi. What would you like to talk about?"),
    "thanks": ("You're welcome.", "Glad it helped."),
    "empty": ("What would you like to ask?",),
    "takeover": (
        "I'd rather stay myself. Ask me about what I teach, and I'll answer as well as I can.",
        "No, I'll stay who I am. What can I help you with?",
    ),
}
_UNKNOWN = (
    "I haven't said anything about that, so I won't guess.",
    "That's not something I have covered, and I'd rather not make it up.",
    "I don't know. Nothing that I have written or said answers that.",
)


class Serving:
    """A twin in one of its versions.

    Attributes:
        twin: Whose.
        version: Which.
        knowledge: What it can find.
        texts: Its texts by the names of their pieces, as they may be cited.
    """

    def __init__(
        self,
        twin: Twin,
        version: TwinVersion,
        texts: Mapping[str, PieceText],
        knowledge: Knowledge,
        signature: Signature | None,
    ) -> None:
        self.twin = twin
        self.version = version
        self.texts = texts
        self.knowledge = knowledge
        self._signature = signature
        self._plain = {name: text.text for name, text in texts.items()}
        self._headings = headings(self._plain)

    @classmethod
    def of(
        cls,
        twin: Twin,
        version: TwinVersion,
        texts: Mapping[str, PieceText],
        prepared: Mapping[str, Prepared],
        embedder: Embedder,
        signature: Signature | None = None,
        index: ChromaIndex | None = None,
    ) -> Serving:
        """A version from its texts and what was prepared of them, both by the pieces' names."""
        knowledge = Knowledge(list(prepared.values()), embedder, index=index)
        return cls(twin, version, texts, knowledge, signature)

    # Answering

    def find(
        self, question: str, history: Sequence[Turn] = ()
    ) -> tuple[Found, tuple[Passage, ...]]:
        """What the content has on a question, and the same as citations.

        What stands under a heading that asks the same comes first, or the creator's own definition
        of what is asked for; a question that leans on the one before is looked for with that.
        """
        found = self.knowledge.find(in_context(question, history), SHOWN)
        sure = under_heading(question, self._headings, self._plain) or definition(
            question, self.version.methodology, self._plain
        )
        if sure is not None:
            found = _with_first(found, sure)
        return found, self._passages(found.passages)

    def ask(
        self, question: str, tuning: Tuning | None = None, history: Sequence[Turn] = ()
    ) -> Answer:
        """An answer out of the creator's own sentences, or that the content has none.

        Args:
            question: What is asked.
            tuning: Other sliders than the version's.
            history: What was said before.
        """
        wished = wish(question)
        if wished != "question":
            return self._courtesy(wished, question)
        found, citations = self.find(question, history)
        chosen = tuning or self.version.tuning
        text = ""
        if not found.declined:
            text = compose(found.passages, citations, self._plain, chosen, question)
        if not text:
            return self._unknown(question, found, citations)
        return self._answer(text, citations, found)

    def call(self, question: str, model: Model, history: Sequence[Turn]) -> Call | Answer:
        """The call that asks a model, or the answer where none needs to be asked."""
        wished = wish(question)
        if wished != "question":
            return self._courtesy(wished, question)
        found, citations = self.find(question, history)
        if found.declined:
            return self._unknown(question, found, citations)
        return question_call(model, self.twin, self.version, question, citations, history)

    def heard(self, question: str, said: str, model: Model, history: Sequence[Turn] = ()) -> Answer:
        """A model's words as an answer, held to the passages."""
        found, citations = self.find(question, history)
        spoken = heard(said, len(citations))
        if spoken.kind == "refused":
            return self._courtesy("takeover", question)
        if spoken.kind == "unknown":
            return self._unknown(question, found, citations)
        rest = [number for number in range(len(citations)) if number not in spoken.used]
        ordered = tuple(citations[number] for number in (*spoken.used, *rest))
        return self._answer(spoken.text, ordered, found, engine=model.name)

    # Recognising

    def verdict(self, text: str) -> VoiceVerdict:
        """How likely it is that the creator wrote a text, with what is nearest to it.

        Raises:
            Conflict: If there was too little content to learn the voice from.
        """
        nearest = self._passages(self.knowledge.find(text, NEAREST).passages)
        return self._voice().verdict(text).model_copy(update={"nearest": nearest})

    def verdicts(self, texts: Sequence[str]) -> list[VoiceVerdict]:
        """The same for many texts, without what is nearest."""
        voice = self._voice()
        return [voice.verdict(text) for text in texts]

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """The same as probabilities alone."""
        return [float(one) for one in self._voice().probabilities(texts)]

    @property
    def has_voice(self) -> bool:
        """Whether there was enough content to learn the voice from."""
        return self._signature is not None

    def _voice(self) -> Signature:
        if self._signature is None:
            raise Conflict(
                f"{self.twin.name} has too few words to recognise the voice.",
                fix="Add more content, then train again.",
            )
        return self._signature

    # Words

    def _answer(
        self, text: str, citations: tuple[Passage, ...], found: Found, engine: str = "sentences"
    ) -> Answer:
        return Answer(
            text=text,
            declined=False,
            citations=citations,
            covered=found.covered,
            engine=engine,
            version=self.version.number,
        )

    def _unknown(self, question: str, found: Found, citations: tuple[Passage, ...]) -> Answer:
        return Answer(
            text=_pick(_UNKNOWN, question),
            declined=True,
            kind="declined",
            citations=citations,
            covered=found.covered,
            version=self.version.number,
        )

    def _courtesy(self, wished: Wish, question: str) -> Answer:
        refused = wished == "takeover"
        return Answer(
            text=_pick(_COURTESY[wished], question),
            declined=refused,
            kind="refused" if refused else "greeted",
            citations=self.find(question)[1] if refused else (),
            covered=0.0,
            version=self.version.number,
        )

    def _passages(self, hits: Sequence[Hit]) -> tuple[Passage, ...]:
        return tuple(self._passage(hit) for hit in hits)

    def _passage(self, hit: Hit) -> Passage:
        """A hit as it is cited: without the heading of what comes after it."""
        text = self._plain[hit.document]
        found = text[hit.start : hit.end]
        kept = _NEXT_HEADING.sub("", found).rstrip()
        said = kept if len(kept.split()) >= LEAST_CITED else found
        return Passage(
            file=hit.document,
            start=hit.start,
            end=hit.start + len(said),
            text=said,
            place=self.texts[hit.document].place(hit.start),
            score=round(hit.score, 4),
        )


def _with_first(found: Found, first: Hit) -> Found:
    """What was found, with a passage that is sure to answer before it."""
    others = [
        hit
        for hit in found.passages
        if hit.document != first.document or hit.end <= first.start or hit.start >= first.end
    ]
    covered = max(found.covered, SURE)
    return Found((first, *others)[:SHOWN], covered, declined=False)


def with_method(version: TwinVersion, kept: Mapping[str, PieceText]) -> dict[str, PieceText]:
    """A version's texts by the names of their pieces, as its creator corrected the method.

    What was set by hand is a text of its own; what was taken out is blanked.

    Args:
        version: Which.
        kept: Texts by their ids.
    """
    texts = {ref.name: kept[ref.text_id] for ref in version.pieces if ref.text_id in kept}
    for name, spans in unsaid(version.methodology).items():
        if name in texts:
            blanked = blank(texts[name].text, spans)
            texts[name] = texts[name].model_copy(
                update={"id": f"cut-{_digest(blanked)}", "text": blanked}
            )
    by_hand = method_text(version.methodology)
    if by_hand:
        texts[METHOD] = PieceText(id=f"method-{_digest(by_hand)}", text=by_hand)
    return texts


def _pick(texts: tuple[str, ...], question: str) -> str:
    """One of some texts, the same for the same question."""
    return texts[int(_digest(question), 16) % len(texts)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
