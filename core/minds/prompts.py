"""Prompts: texts in files of their own, whose version stands in their name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_GAP = re.compile(r"\{(\w+)\}")


class Prompt:
    """A text with gaps such as ``{persona}``, cut once and filled often.

    What is filled in is never read again, so braces in somebody's words stay braces.
    """

    def __init__(self, text: str) -> None:
        self._pieces = _GAP.split(text)
        self.gaps = frozenset(self._pieces[1::2])

    def fill(self, **words: str) -> str:
        """The text with its gaps filled."""
        pieces = self._pieces.copy()
        pieces[1::2] = [words[name] for name in pieces[1::2]]
        return "".join(pieces)


@cache
def load_prompt(folder: Path, name: str) -> Prompt:
    """A prompt by its folder and the name of its file, such as ``reaction-1.system``."""
    return Prompt((folder / f"{name}.txt").read_text("utf-8").strip())
