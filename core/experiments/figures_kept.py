"""Figures under their names, and why some of them cannot be given."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from core.domain.errors import Undefined

Figure = Any
"""A number, a list of numbers, a text, None, or figures by name: what JSON can say."""


class Kept:
    """One case's figures as they are made; what is refused is None, with its reason."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.refused: dict[str, str] = {}

    def give(self, name: str, make: Callable[[], Figure]) -> None:
        """Keep what ``make`` gives, or why it cannot be given."""
        try:
            self.figures[name] = finite(make())
        except Undefined as error:
            self.refuse(name, str(error))

    def give_all(self, makers: Mapping[str, Callable[[], Figure]]) -> None:
        """The same for several."""
        for name, make in makers.items():
            self.give(name, make)

    def refuse(self, name: str, why: str) -> None:
        """This figure cannot be given."""
        self.figures[name] = None
        self.refused[name] = why

    def done(self) -> dict[str, Figure]:
        """All of them, and the reasons."""
        return {**self.figures, "refused": self.refused}


def finite(figure: Figure) -> Figure:
    """The figure, with nothing in it that is no number.

    Raises:
        Undefined: If a number in it is NaN or infinite.
    """
    if isinstance(figure, Mapping):
        return {name: finite(one) for name, one in figure.items()}
    if isinstance(figure, (list, tuple)):
        return [finite(one) for one in figure]
    if isinstance(figure, float) and not math.isfinite(figure):
        raise Undefined("The figure is too large, or not a number.")
    return figure


def whole(number: object, what: str) -> int:
    """A count.

    Raises:
        Undefined: If it is not a whole number from 0.
    """
    if (
        isinstance(number, bool)
        or not isinstance(number, (int, float))
        or not math.isfinite(number)
        or number != int(number)
        or number < 0
    ):
        raise Undefined(f"{what} is {number!r}; a count is a whole number from 0.")
    return int(number)
