"""Two conversations turn by turn, and two texts word by word: what the other one says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from core.domain.experiment_life import TurnsBeside, Words
from core.domain.reports import Turn

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 4_000
"""Longer texts are told apart as a whole: word by word would take too long."""
Pair = tuple[Turn | None, Turn | None]


def turns_beside(a: Sequence[Turn], b: Sequence[Turn]) -> tuple[TurnsBeside, ...]:
    """Two conversations, the turns that belong together beside each other."""
    return tuple(_beside(one, two) for one, two in _paired(a, b))


def words_beside(a: str, b: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Two texts, with the words marked that the other one does not have so."""
    if a == b:
        return _whole(a, changed=False), _whole(b, changed=False)
    first, second = _WORD.findall(a), _WORD.findall(b)
    if len(first) + len(second) > MOST_WORDS:
        return _whole(a, changed=True), _whole(b, changed=True)
    left: list[Words] = []
    right: list[Words] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        for side, words in ((left, first[a_from:a_to]), (right, second[b_from:b_to])):
            if words:
                side.append(Words(text="".join(words), changed=tag != "equal"))
    return tuple(left), tuple(right)


def _whole(text: str, *, changed: bool) -> tuple[Words, ...]:
    return (Words(text=text, changed=changed),) if text else ()


def _said(turn: Turn) -> tuple[object, ...]:
    """What a turn says; when it was said, and how it came there, does not count."""
    return turn.side, turn.kind, turn.step_id, turn.subject, turn.preheader, turn.body


def _place(turn: Turn) -> tuple[object, ...]:
    return turn.side, turn.step_id


def _paired(a: Sequence[Turn], b: Sequence[Turn]) -> Iterator[Pair]:
    """Turns that say the same together, then those at the same place, then each alone."""
    matcher = SequenceMatcher(None, [_said(one) for one in a], [_said(one) for one in b], False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(a[a_from:a_to], b[b_from:b_to], strict=True)
        else:
            yield from _by_place(a[a_from:a_to], b[b_from:b_to])


def _by_place(a: Sequence[Turn], b: Sequence[Turn]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, [_place(one) for one in a], [_place(one) for one in b], False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(a[a_from:a_to], b[b_from:b_to], strict=True)
        else:
            for one in a[a_from:a_to]:
                yield one, None
            for two in b[b_from:b_to]:
                yield None, two


def _beside(a: Turn | None, b: Turn | None) -> TurnsBeside:
    same = a is not None and b is not None and _said(a) == _said(b)
    subjects = words_beside(_subject(a), _subject(b))
    bodies = words_beside(_body(a), _body(b))
    return TurnsBeside(
        seq_a=a.seq if a else None,
        seq_b=b.seq if b else None,
        same=same,
        subject_a=subjects[0],
        subject_b=subjects[1],
        body_a=bodies[0],
        body_b=bodies[1],
    )


def _subject(turn: Turn | None) -> str:
    return (turn.subject or "") if turn else ""


def _body(turn: Turn | None) -> str:
    return (turn.body or "") if turn else ""
