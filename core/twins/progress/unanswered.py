"""Questions that the twin had no answer to, grouped by what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from core.domain.twins import Unanswered
from core.twins.progress.topics import Asked, Found
from core.twins.trying import key_words, stem

MOST_GROUPS = 12
_TWO = 2


def unanswered(asked: Sequence[Asked], topics: Sequence[Found]) -> tuple[Unanswered, ...]:
    """The groups, the one that was asked most often first.

    A question belongs to the topic that it names, else to those with which it shares its most
    shared word.
    """
    times = Counter(" ".join(text.split()) for text, answer in asked if answer.kind == "declined")
    groups: dict[str, list[str]] = {}
    left: dict[str, dict[str, str]] = {}
    for question in times:
        words = {stem(word): word for word in reversed(key_words(question))}
        topic = next((one.name for one in topics if one.needs and one.named_in(words)), None)
        if topic is not None:
            groups.setdefault(topic, []).append(question)
        elif words:
            left[question] = words
    for about, questions in _by_shared_words(left):
        groups.setdefault(about, []).extend(questions)
    found = [
        Unanswered(about=about, questions=tuple(group), times=sum(times[one] for one in group))
        for about, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.times, one.about))[:MOST_GROUPS])


def _by_shared_words(questions: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Groups around the words that most questions share; what shares none stands alone."""
    left = dict(questions)
    groups: list[tuple[str, list[str]]] = []
    while left:
        shared = Counter(one for words in left.values() for one in words)
        most, count = min(shared.items(), key=lambda pair: (-pair[1], pair[0]))
        if count < _TWO:
            break
        group = [question for question, words in left.items() if most in words]
        groups.append((left[group[0]][most], group))
        for question in group:
            del left[question]
    alone = [
        (" ".join(reversed([*words.values()][-_TWO:])), [text]) for text, words in left.items()
    ]
    return groups + alone
