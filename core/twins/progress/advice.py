"""What to upload next: at most five suggestions, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from core.domain.twins import Freshness, Readiness, Steadiness, Suggestion, Topic, Unanswered

MOST = 5
THIN = 250
"""A weighty part of the method that fewer words speak of is thin."""
STALE_DAYS = 730
_FROM_QUESTIONS, _SEVERAL = 2, 3
_TITLES = (
    " on an ordinary Tuesday: one story",
    ": what people get wrong at first",
    ", and what it is not",
)
Named = tuple[str, Suggestion]
"""What a suggestion is about, and the suggestion."""


def suggestions(
    readiness: Readiness,
    topics: tuple[Topic, ...],
    unanswered: tuple[Unanswered, ...],
    freshness: Freshness,
    steadiness: Steadiness,
    today: date,
) -> tuple[Suggestion, ...]:
    """The most useful first: what people asked for, then what tests and dates show."""
    if readiness.level == "none":
        return tuple(_beginning())
    found = [
        *_asked_for(unanswered[:_FROM_QUESTIONS]),
        *_more_words(readiness),
        *_failed(topics),
        *_thin(topics),
        *_stale(freshness, today),
        *_moving(steadiness),
        *_asked_for(unanswered[_FROM_QUESTIONS:]),
    ]
    return tuple(_each_once(found))[:MOST]


def _each_once(found: Iterable[Named]) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for about, suggestion in found:
        if about.lower() not in seen:
            seen.add(about.lower())
            yield suggestion


def _beginning() -> Iterator[Suggestion]:
    yield Suggestion(
        what="Upload the piece that you would give to somebody who meets your work first.",
        why="There is no content yet, so nothing can be said about what is missing.",
    )


def _asked_for(unanswered: Iterable[Unanswered]) -> Iterator[Named]:
    for one in unanswered:
        asked = "once" if one.times == 1 else f"{one.times} times"
        yield (
            one.about,
            Suggestion(
                what=f"Answer what people ask about {one.about}.",
                why=f"It was asked {asked}, and the twin had no answer: “{one.questions[0]}”",
                example=f"You asked me: {_capital(one.questions[0])}",
            ),
        )


def _more_words(readiness: Readiness) -> Iterator[Named]:
    if readiness.level == "too_little" and readiness.next_at is not None:
        missing = readiness.next_at - readiness.words
        yield (
            "",
            Suggestion(
                what=f"Add about {missing:,} more words, whatever they are about.",
                why=f"The twin knows {readiness.words:,} words. {readiness.rests_on}",
                example="The talk that I give most often, written down",
            ),
        )


def _failed(topics: tuple[Topic, ...]) -> Iterator[Named]:
    weak = [topic for topic in topics if topic.tested > topic.held]
    for topic in sorted(weak, key=lambda one: (one.held - one.tested, one.name)):
        yield (
            topic.name,
            Suggestion(
                what=f"Say more clearly what you mean by {topic.name}.",
                why=(
                    f"{topic.tested - topic.held} of {topic.tested} prompts of the standard test "
                    "that are about it did not hold."
                ),
                example=f"{_capital(topic.name)}, in my own words and from the beginning",
            ),
        )


def _thin(topics: tuple[Topic, ...]) -> Iterator[Named]:
    """Of the weightier half of the method, what hardly anything is said of."""
    several = len({piece for topic in topics for piece in topic.pieces}) >= _SEVERAL
    method = [topic for topic in topics if topic.source == "method"]
    for number, topic in enumerate(method[: (len(method) + 1) // 2]):
        if topic.words < THIN or (several and len(topic.pieces) <= 1):
            yield (
                topic.name,
                Suggestion(
                    what=f"Write more about {topic.name}.",
                    why=f"It belongs to your method, and {_spoken_of(topic)}.",
                    example=f"{_capital(topic.name)}{_TITLES[number % len(_TITLES)]}",
                ),
            )


def _spoken_of(topic: Topic) -> str:
    if not topic.pieces:
        return "no passage of your content speaks of it"
    where = "one piece" if len(topic.pieces) == 1 else f"{len(topic.pieces)} pieces"
    return f"the passages that speak of it have {topic.words:,} words, in {where}"


def _stale(freshness: Freshness, today: date) -> Iterator[Named]:
    for topic in freshness.oldest:
        if topic.newest is None or (today - topic.newest).days < STALE_DAYS:
            continue
        yield (
            topic.name,
            Suggestion(
                what=f"Say what you think about {topic.name} today.",
                why=f"The newest piece that speaks of it is of {topic.newest:%d %B %Y}.",
                example=f"{_capital(topic.name)}: what I would say differently now",
            ),
        )


def _moving(steadiness: Steadiness) -> Iterator[Named]:
    if steadiness.verdict == "moving":
        yield (
            "voice",
            Suggestion(
                what="Add more of your own writing or talking, of a kind that is not there yet.",
                why=steadiness.says,
                example="A letter to one client, a talk, a conversation",
            ),
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
