"""How severities are called and drawn."""

from __future__ import annotations

from typing import NamedTuple

from core.domain.findings import Severity


class Look(NamedTuple):
    """How a severity is shown: a word, a sign and a colour."""

    word: str
    sign: str
    colour: str


LOOKS: dict[Severity, Look] = {
    "error": Look("Error", "✕", "red"),
    "warning": Look("Warning", "!", "orange"),
    "info": Look("Note", "i", "blue"),
}
"""Every severity, the worst first."""
