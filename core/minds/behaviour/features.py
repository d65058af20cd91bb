"""What a message says, as a reader would notice it: length, questions, links, prices, pressure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.domain.reactions import Message
from core.minds.text import PRICE, WORD, plain_text

LONGEST = 8_000
_NAME, _CONTACT = "\ue000", "\ue001"
_LINK = re.compile(r"https?://[^\s<>\"'\])]+", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?(https?://[^\s<>\"']+)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z][A-Za-z'’-]*|[.!?,;:\n]")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_QUESTION = re.compile(r"[^.!?\n]*\?")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_NOT_BEFORE = {"to", "i", "we", "you", "will", "last", "final", "please"}
_NOT_SHOUTED = {"STOP", "SMS", "PDF", "USD", "EUR", "GBP", "CHF", "FAQ", "API", "CSV", "END"}


@dataclass(frozen=True, slots=True)
class Features:
    """One message as it is noticed.

    ``asks`` is the kind of the last question (day, progress, yes_no, offer, open, general) or
    empty; ``urgency`` counts signs of pressure, three at most; ``topics`` are phrases for what it
    is about.
    """

    words: int
    sentences: int
    question: bool
    asks: str
    link: str | None
    unsubscribe: str | None
    offers_opt_out: bool
    price: str
    urgency: int
    invites: bool
    offer: bool
    proof: int
    specifications: int
    wants_reply: bool
    coaching: bool
    topics: tuple[str, ...]
    subject_length: int
    subject_question: bool
    subject_shouts: bool
    subject_name: bool


class MessageReader:
    """Reads messages; what was read is kept, bounded, with the person's name taken out.

    Args:
        signals: Words to look for, by what they are a sign of.
        nouns: Things that a message may be about.
        adjectives: Words that may stand before them.
    """

    def __init__(
        self,
        signals: Mapping[str, Iterable[str]],
        nouns: Iterable[str],
        adjectives: Iterable[str],
    ) -> None:
        self._signals = {name: _any_of(words) for name, words in signals.items()}
        self._nouns = {form for noun in nouns for form in (noun, noun + "s")}
        self._adjectives = frozenset(adjectives)
        self._cached = lru_cache(maxsize=1024)(self._read)

    def read(self, message: Message, first_name: str, contact_id: str) -> Features:
        """The features of a message as this contact gets it."""
        subject, body = message.subject[:1000], message.body[:LONGEST]
        if len(first_name) > 2:
            subject = subject.replace(first_name, _NAME)
            body = body.replace(first_name, _NAME)
        if contact_id and contact_id in body:
            body = body.replace(contact_id, _CONTACT)
        return self._cached(subject, body)

    def _read(self, subject: str, body: str) -> Features:
        """Everything about one text."""
        links = [*_HREF.findall(body), *_LINK.findall(body)]
        unsubscribe = next((link for link in links if _leaves(link)), None)
        link = next((link for link in links if not _leaves(link)), None)
        text = _LINK.sub(" ", plain_text(body))
        both = f"{subject}\n{text}"
        price = PRICE.search(both)
        asks = self._kind_of_question(text)
        return Features(
            words=len(WORD.findall(text)),
            sentences=max(1, len(_SENTENCE.findall(text))),
            question="?" in text,
            asks=asks,
            link=link,
            unsubscribe=unsubscribe,
            offers_opt_out=unsubscribe is not None or self._has("opt_out", text),
            price=price.group().strip() if price else "",
            urgency=self._urgency(both),
            invites=asks == "offer" or self._has("invites", both),
            offer=self._has("offer", both),
            proof=self._count("proof", text),
            specifications=self._count("specifications", text),
            coaching=asks == "progress" or (price is None and self._has("coaching", both)),
            wants_reply=self._has("wants_reply", text),
            topics=self._topics(both[:2000]),
            subject_length=len(subject.strip()),
            subject_question="?" in subject,
            subject_shouts=self._urgency(subject) > 0,
            subject_name=_NAME in subject,
        )

    def _has(self, signal: str, text: str) -> bool:
        return self._signals[signal].search(text) is not None

    def _count(self, signal: str, text: str) -> int:
        """How many different words of a signal occur."""
        return len({found.lower() for found in self._signals[signal].findall(text)})

    def _urgency(self, text: str) -> int:
        """Signs of pressure: words, runs of capitals, many exclamation marks. Three at most."""
        shouted = sum(word not in _NOT_SHOUTED for word in _CAPITALS.findall(text))
        exclaims = text.count("!") >= 3 or "!!" in text
        return min(3, self._count("urgency", text) + (shouted >= 2) + exclaims)

    def _kind_of_question(self, text: str) -> str:
        """What the last question asks for; the first kind that fits."""
        if "?" not in text:
            return ""
        asked = _QUESTION.findall(text)[-1]
        for kind in ("ask_day", "ask_progress", "ask_yes_no", "ask_offer", "ask_open"):
            if self._has(kind, asked):
                return kind.removeprefix("ask_")
        return "general"

    def _topics(self, text: str) -> tuple[str, ...]:
        """Up to four phrases such as ``the free call``, in order, none twice."""
        found: dict[str, None] = {}
        before = ["", ""]
        for token in _TOKEN.findall(text):
            word = token.lower().replace("’", "'")
            if word in self._nouns and before[1] not in _NOT_BEFORE:
                phrase = self._phrase(before, word)
                found.setdefault(f"the {phrase}")
            before = [before[1], word]
        singles = {topic for topic in found if topic.count(" ") == 1}
        longer = {topic.split()[-1] for topic in found if topic.count(" ") > 1}
        kept = [t for t in found if not (t in singles and t.split()[-1] in longer)]
        return tuple(kept[:4])

    def _phrase(self, before: list[str], noun: str) -> str:
        """A noun with the adjective or noun before it, where it has one that is known."""
        last = before[1]
        if last in self._adjectives or (last in self._nouns and not last.endswith("s")):
            return f"{last} {noun}"
        return noun


def restore(text: str, contact_id: str) -> str:
    """A link with the contact's id back in its place."""
    return text.replace(_CONTACT, contact_id)


def _leaves(link: str) -> bool:
    """Whether a link is one to unsubscribe."""
    low = link.lower()
    return "unsubscribe" in low or "opt-out" in low or "optout" in low


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of these words or phrases, whole."""
    parts = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)
