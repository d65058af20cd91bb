"""How old the content is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from core.domain.twins import Freshness, PieceRef, Topic, YearShare
from core.twins.progress.blocks import day_of

OLDEST = 5


def freshness(pieces: Sequence[PieceRef], topics: Sequence[Topic], today: date) -> Freshness:
    """Words by year, their median age, and the topics that nothing new was said of for longest."""
    words = sum(piece.words for piece in pieces)
    if words == 0:
        return Freshness()
    years: Counter[int] = Counter()
    for piece in pieces:
        years[day_of(piece).year] += piece.words
    dated = sum(piece.words for piece in pieces if piece.written_on is not None)
    aged = sorted(
        (topic for topic in topics if topic.newest is not None),
        key=lambda topic: (topic.newest or today, -topic.words),
    )
    return Freshness(
        years=tuple(
            YearShare(year=year, words=count, share=count / words)
            for year, count in sorted(years.items())
        ),
        written=dated / words,
        median_days=_median_days(pieces, words, today),
        oldest=tuple(aged[:OLDEST]),
    )


def _median_days(pieces: Sequence[PieceRef], words: int, today: date) -> int:
    """The age that half of the words do not exceed."""
    counted = 0
    ages = sorted((max(0, (today - day_of(piece)).days), piece.words) for piece in pieces)
    for age, own in ages:
        counted += own
        if counted * 2 >= words:
            return age
    return ages[-1][0]
