"""What a clock may show, as a set of moments in one number.

Bit ``n`` of a clock stands for the moment ``n`` marks after Monday, 00:00. Marks lie twice as close
as the times that a flow names, so that what lies between two of them has a mark of its own. Summer
time is left out: a flow is judged by the clock on the wall of the week in which it starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from math import gcd
from operator import or_
from typing import NamedTuple

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

Clock = int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of every day in seconds, ``start`` included and ``end`` not; they may span midnight."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many seconds a day they last."""
        return (self.end - self.start) % DAY


class Passed(NamedTuple):
    """What the clock may show after a pause of at least and at most so many seconds."""

    clock: Clock
    least: int
    most: int


class Dial:
    """Reckons with clocks that begin again after a period.

    Args:
        period: A day or a week, in seconds.
        mark: The seconds between two marks; the period is a multiple of it.
    """

    def __init__(self, period: int, mark: int) -> None:
        self.mark = mark
        self.size = period // mark
        self.whole = (1 << self.size) - 1

    @classmethod
    def fitting(cls, period: int, times: Iterable[int]) -> Dial:
        """The dial whose marks fit these times, to the minute."""
        minutes = gcd(60, *(minutes_of(time) for time in times))
        return cls(period, minutes * MINUTE // 2)

    @classmethod
    def still(cls) -> Dial:
        """The dial with one mark: no time of day is told from another."""
        return cls(WEEK, WEEK)

    def at(self, second: int) -> Clock:
        """The clock that shows this moment."""
        return 1 << second // self.mark % self.size

    def later(self, clock: Clock, seconds: int) -> Clock:
        """The clock after so many seconds."""
        return self._turned(clock, self._marks(seconds))

    def within(self, clock: Clock, seconds: int) -> Clock:
        """The clock at some moment of the next so many seconds."""
        left = self._marks(seconds)
        if left >= self.size:
            return self.whole
        done = 1
        while left > 0:
            step = min(done, left)
            clock |= self._turned(clock, step)
            left -= step
            done += step
        return clock

    def until(self, clock: Clock, moment: int, cycle: int) -> Iterator[Passed]:
        """Wait for a moment that comes once in each cycle; one that is now has come.

        Args:
            clock: When the waiting begins.
            moment: Seconds since the beginning of the cycle.
            cycle: A day or a week; the period is a multiple of it.
        """
        for turn in range(moment // self.mark, self.size, cycle // self.mark):
            yield from self._gathered(clock, turn, cycle // self.mark, 0)

    def held(self, clock: Clock, quiet: Hours) -> Iterator[Passed]:
        """Wait for the end of the quiet hours, where the clock is inside them."""
        outside = clock & ~self._during(quiet)
        if outside:
            yield Passed(outside, 0, 0)
        length = quiet.length // self.mark
        if length and outside != clock:
            for turn in range(quiet.end // self.mark, self.size, DAY // self.mark):
                yield from self._gathered(clock, turn, length, 1)

    def inside(self, clock: Clock, hours: Hours) -> tuple[int, int] | None:
        """The first and last time of day inside these hours that the clock may show, in seconds.

        A moment between two times that the flow names is given as the nearer end of the hours.
        """
        length = hours.length // self.mark
        shown = 0
        for start in range(hours.start // self.mark, self.size, DAY // self.mark):
            shown |= self._turned(clock, -start) & ((1 << length) - 1)
        if not shown:
            return None
        first, last = (shown & -shown).bit_length() - 1, shown.bit_length() - 1
        first, last = first - first % 2, last + last % 2
        return (hours.start + first * self.mark) % DAY, (hours.start + last * self.mark) % DAY

    def _during(self, hours: Hours) -> Clock:
        """Every moment inside these hours."""
        every = (1 << hours.length // self.mark) - 1
        days = range(hours.start // self.mark, self.size, DAY // self.mark)
        return reduce(or_, (self._turned(every, start) for start in days))

    def _gathered(self, clock: Clock, point: int, length: int, beyond: int) -> Iterator[Passed]:
        """Let all moments of the ``length`` marks that end ``beyond`` marks before a point meet."""
        top = self.size - 1 - (point - beyond)
        near = self._turned(clock, top) >> (self.size - length)
        if near:
            least = length - near.bit_length() + beyond
            most = length - (near & -near).bit_length() + beyond
            yield Passed(1 << point, least * self.mark, most * self.mark)

    def _turned(self, clock: Clock, marks: int) -> Clock:
        marks %= self.size
        return (clock << marks | clock >> (self.size - marks)) & self.whole

    def _marks(self, seconds: int) -> int:
        return minutes_of(seconds) * MINUTE // self.mark


def minutes_of(seconds: float) -> int:
    """A time in whole minutes."""
    return round(seconds / MINUTE)


def spoken_time(second: int) -> str:
    """A time of day in figures: ``21:05``."""
    minutes = second % DAY // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
