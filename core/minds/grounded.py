"""A twin that answers from passages alone: finds the sentences that answer, or says it cannot.

Sentences are scored by the share of a question's words that they hold, each word weighted by its
inverse document frequency (Spärck Jones 1972), after light stemming.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from core.domain.reactions import TwinAnswer, TwinRequest
from core.minds.behaviour.parameters import DATA
from core.minds.text import PRICE, WORD, plain_text

_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|dear)\s+(?:\{\{[^{}]*\}\}|\w+)|\{\{[^{}]*\}\})\s*[,!:]\s*", re.I
)
_LEAVING = re.compile(r"unsubscribe|\b(?:reply|text) stop\b|opt out", re.I)
_KEPT_INDEXES = 64
_LONGEST_QUESTION = 4_000
_THRESHOLD = 0.36
_ALONE = 0.5
_MEANING = 0.6
_HEADING = 0.4
_LEAST_WEIGHT = 2.0
_PER_WORD = 0.001
_COUNTS = re.compile(r"\bhow (?:many|much|long|often|big|soon)\b|\bwhen\b|\bwhich day\b", re.I)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|every|monday"
    r"|tuesday|wednesday|thursday|friday)\b",
    re.I,
)
_SHORT_CHANNELS = {"sms", "mobile"}
_DOUBT = {"guarante", "proof", "doubt", "compare", "promise"}
_LEAD_INS = {
    "objection": ("That's a fair doubt. ", "I understand. ", "Good that you ask. ", ""),
    "price_question": ("Happy to say it plainly: ", "", "", "Of course. "),
}
_UNKNOWN = (
    "I don't have that in my notes, so I would rather not guess. I'll pass it on and you'll get an "
    "answer from a person.",
    "Good question, and I don't know the answer. I'm passing it on to somebody who does.",
    "That is not something I can answer for certain. I'll hand it on and come back to you.",
)
_COURTESIES = {
    "thanks": ("You're welcome. Write whenever something comes up.", "Glad that it helps."),
    "other": (
        "Thank you for telling me. What would help you most right now?",
        "Thanks, that helps me to see where you are. Keep going, small steps count.",
        "Good to know. Is there anything that you would like me to explain?",
    ),
    "interested": (
        "Wonderful, I look forward to it. I'll see to the next step for you.",
        "Great, I'm glad. You'll have everything that you need shortly.",
    ),
    "not_now": (
        "That's fine, take your time. Write to me when it suits you better.",
        "I understand. I'll leave it with you until then.",
    ),
    "not_interested": ("All right, thank you for saying so. I wish you well.",),
    "opt_out": ("All right. You won't hear from me again.",),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that may answer, the number of its passage, and what it can answer."""

    text: str
    words: int
    passage: int
    money: bool
    number: bool
    doubt: bool


class Index:
    """The sentences of some passages, findable by their words.

    Args:
        passages: Texts; a line that starts with ``#`` is a heading and counts for what follows.
    """

    def __init__(self, passages: Iterable[str]) -> None:
        self.sentences: list[Sentence] = []
        self._found: dict[str, dict[int, float]] = defaultdict(dict)
        for number, passage in enumerate(passages):
            self._add(number, passage)
        total = len(self.sentences)
        self._weights = {
            stem: math.log(1 + total / len(places)) for stem, places in self._found.items()
        }
        self._unknown = math.log(1 + total) * 0.6

    def _add(self, number: int, passage: str) -> None:
        """Take in one passage; a heading or a question helps to find what follows it."""
        heading: dict[str, str] = {}
        asked: dict[str, str] = {}
        for raw in _BREAK.split(plain_text(passage)):
            text = _GREETING.sub("", raw.strip())
            text = text[:1].upper() + text[1:]
            if text.startswith("#"):
                heading = stems(text)
            elif text.endswith("?"):
                asked = stems(text)
            elif _can_answer(text):
                self._keep(text, number, heading, asked)
                asked = {}

    def _keep(self, text: str, number: int, heading: dict[str, str], asked: dict[str, str]) -> None:
        """Keep one sentence under its words (1), their meanings and its heading (less)."""
        own = stems(text) | asked
        at = len(self.sentences)
        meanings = set(own.values())
        self.sentences.append(
            Sentence(
                text=text,
                words=text.count(" ") + 1,
                passage=number,
                money=PRICE.search(text) is not None,
                number=_NUMBER.search(text) is not None,
                doubt=bool(meanings & _DOUBT),
            )
        )
        for stem in heading:
            self._found[stem][at] = _HEADING
        for stem, meaning in own.items():
            self._found["~" + meaning][at] = _MEANING
            self._found[stem][at] = 1.0

    def search(self, question: str, intent: str | None) -> tuple[float, int] | None:
        """The best sentence for a question and its score, from 0 to about 1.5.

        The score is the share of the question's words, by weight, that the sentence has. One
        common word is not enough: what holds less than half of the question needs two words.
        """
        asked = stems(question)
        if not asked or not self.sentences:
            return None
        scores: dict[int, float] = defaultdict(float)
        hits: dict[int, int] = defaultdict(int)
        total = 0.0
        for stem, meaning in asked.items():
            weight = self._weights.get(stem, self._unknown)
            total += weight
            exact = self._found.get(stem, {})
            alike = self._found.get("~" + meaning, {})
            for at in exact.keys() | alike.keys():
                scores[at] += weight * max(exact.get(at, 0.0), alike.get(at, 0.0))
                hits[at] += 1
        counts = _COUNTS.search(question) is not None
        price = intent == "price_question" or "price" in asked.values()
        best: tuple[float, int] | None = None
        for at, score in sorted(scores.items()):
            share = score / max(total, _LEAST_WEIGHT)
            if hits[at] < 2 and share < _ALONE:
                continue
            sentence = self.sentences[at]
            share -= 0.0 if price else _PER_WORD * sentence.words
            share += 0.5 * (price and sentence.money) + 0.15 * (counts and sentence.number)
            share += 0.2 * (intent == "objection" and sentence.doubt)
            if best is None or share > best[0]:
                best = (share, at)
        return best

    def first(self, *, money: bool) -> int | None:
        """The first sentence with an amount of money, or with an answer to doubts."""
        for at, sentence in enumerate(self.sentences):
            if sentence.money if money else sentence.doubt:
                return at
        return None

    def after(self, at: int) -> Sentence | None:
        """The sentence that follows in the same passage."""
        following = self.sentences[at + 1] if at + 1 < len(self.sentences) else None
        same = following is not None and following.passage == self.sentences[at].passage
        return following if same else None


def _can_answer(text: str) -> bool:
    """Whether a sentence says something: long enough, rendered, and no opt-out line."""
    if len(text.split()) < 4 or "{{" in text or "{%" in text:
        return False
    return _LEAVING.search(text) is None


class GroundedMind:
    """Answers out of passages and of nothing else; offline.

    Args:
        passages: What the twin knows beside what a request brings along.
    """

    def __init__(self, passages: Sequence[str] = ()) -> None:
        self._passages = tuple(passages)
        self._indexes: OrderedDict[tuple[str, ...], Index] = OrderedDict()

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        """One or two sentences from the passages, or that the answer is not known.

        What asks nothing (thanks, a yes, a refusal) gets a courtesy, without citations.
        """
        courtesies = _COURTESIES.get(request.intent or "")
        if courtesies and "?" not in request.question:
            text = request.chance.pick("courtesy", courtesies)
            return TwinAnswer(_greeting(request) + text, answered=True)
        index = self._index(request.grounding)
        found = self._find(index, _questions(request.question[:_LONGEST_QUESTION]), request.intent)
        if found:
            return self._answered(request, index, found)
        text = request.chance.pick("unknown", _UNKNOWN)
        return TwinAnswer(_greeting(request) + text, answered=False)

    def _index(self, grounding: tuple[str, ...]) -> Index:
        """The index of these passages; built once for each set of them."""
        index = self._indexes.get(grounding)
        if index is None:
            index = Index((*self._passages, *grounding))
            self._indexes[grounding] = index
            if len(self._indexes) > _KEPT_INDEXES:
                self._indexes.popitem(last=False)
        else:
            self._indexes.move_to_end(grounding)
        return index

    def _find(self, index: Index, asked: list[str], intent: str | None) -> list[int]:
        """At most two sentences, each the best for one of the questions."""
        hits: list[int] = []
        for question in asked:
            best = index.search(question, intent)
            if best and best[0] >= _THRESHOLD and best[1] not in hits:
                hits.append(best[1])
        if not hits and intent in ("price_question", "objection"):
            fallback = index.first(money=intent == "price_question")
            hits = [] if fallback is None else [fallback]
        return hits[:2]

    def _answered(self, request: TwinRequest, index: Index, found: list[int]) -> TwinAnswer:
        """The sentences as an answer, with a second one where the first says little."""
        sentences = [index.sentences[at].text for at in found]
        following = index.after(found[0])
        brief = len(sentences) == 1 and len(sentences[0].split()) < 14
        if brief and following is not None and _channel(request) not in _SHORT_CHANNELS:
            sentences.append(following.text)
        lead = _LEAD_INS.get(request.intent or "", ("",))
        text = request.chance.pick("lead", lead) + " ".join(sentences)
        return TwinAnswer(_greeting(request) + text, answered=True, citations=tuple(sentences))


def load_passages(path: Path) -> tuple[str, ...]:
    """The passages of a text file: its parts under headings, or its paragraphs."""
    text = path.read_text("utf-8")
    parts = re.split(r"(?m)^(?=#)", text) if "\n#" in text else text.split("\n\n")
    return tuple(part.strip() for part in parts if part.strip())


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], dict[str, str]]:
    """Words that tell nothing, and for some stems the one that means the same."""
    text = (DATA / "grounded.yaml").read_text("utf-8")
    document = yaml.load(text, Loader=yaml.SafeLoader)
    same = {_stem(one): str(one) for one in document["same"]}
    same |= {str(stem): str(one) for one, stems in document["same"].items() for stem in stems}
    return frozenset(map(str, document["stop"])), same


def stems(text: str) -> dict[str, str]:
    """The telling words of a text, lightly stemmed, each with the word for its meaning."""
    stop, same = _words()
    found = {}
    for token in WORD.findall(text.lower().replace("’", "'")):
        if token not in stop:
            stem = _stem(token.removesuffix("'s"))
            found[stem] = same.get(token) or same.get(stem) or stem
    return found


def _stem(word: str) -> str:
    """A word without its ending; crude, but the same for question and answer."""
    if len(word) > 4:
        for ending, instead in (("ies", "y"), ("ing", ""), ("ed", ""), ("ly", ""), ("s", "")):
            if word.endswith(ending) and not word.endswith("ss"):
                word = word[: -len(ending)] + instead
                break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _questions(text: str) -> list[str]:
    """The sentences of a message that ask something, or all of them where none does."""
    sentences = [part.strip() for part in _BREAK.split(text) if part.strip()]
    asked = [sentence for sentence in sentences if "?" in sentence]
    return (asked or [text])[:6]


def _greeting(request: TwinRequest) -> str:
    """The first name now and then."""
    name = request.contact.get("first_name")
    if isinstance(name, str) and name and request.chance.happens("greet", 0.35):
        return f"Hi {name}. "
    return ""


def _channel(request: TwinRequest) -> str:
    return request.history[-1].channel if request.history else "email"
