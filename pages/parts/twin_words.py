"""The words of the twins' pages: what states, stages and kinds are called there."""

from __future__ import annotations

import re

from core.domain.twins import Passage, PersonalChoice, Piece, PieceState, ProblemKind, Stage

VIEWS = {
    "content": "Content",
    "who": "Who they are",
    "method": "Method",
    "talk": "Talk",
    "voice": "Test the voice",
    "tune": "Tune",
    "progress": "Progress",
}
STAGES: dict[Stage, str] = {
    "received": "received",
    "checked": "checked",
    "read": "read",
    "chunked": "chunked",
    "embedded": "embedded",
    "analysed": "analysed",
}
STATES: dict[PieceState, str] = {
    "working": "being learned",
    "asking": "waiting for your decision",
    "ready": "learned",
    "refused": "not taken",
    "failed": "not finished",
}
STATE_BADGES: dict[PieceState, str] = {
    "working": ":blue-badge[:material/hourglass_top: being learned]",
    "asking": ":orange-badge[:material/help: your decision]",
    "ready": ":green-badge[:material/check: learned]",
    "refused": ":red-badge[:material/block: not taken]",
    "failed": ":red-badge[:material/error: not finished]",
}
CHOICES: dict[PersonalChoice, str] = {
    "keep": "Keep it",
    "mask": "Mask it",
    "drop": "Leave those sentences out",
}
CHOICE_HELP = (
    "E-mail addresses, telephone numbers, postal addresses and card numbers. **Keep**: the twin "
    "knows them and may say them. **Mask**: each character becomes a sign. **Leave out**: the "
    "sentences that hold them are not learned."
)
PERSONAL = {
    "email": "e-mail address",
    "phone": "telephone number",
    "address": "postal address",
    "card": "card number",
    "account": "account number",
}
PROBLEMS: dict[ProblemKind, str] = {
    "refused": "Not taken",
    "unreadable": "Could not be read",
    "empty": "Nothing to learn",
    "cut_short": "Cut short",
    "hidden_text": "Hidden text",
    "injection": "Instructions to a model",
    "personal_data": "Personal data",
    "needs_transcript": "Needs a transcript",
    "duplicate": "Already there",
    "language": "Another language",
}

_MARKUP = re.compile(r"\*\*|__|`|^\s*(?:#{1,6}|>|[-*])\s+", re.MULTILINE)


def read_aloud(text: str) -> str:
    """A passage without the signs of Markdown that it was written in."""
    return _MARKUP.sub("", text)


def where(passage: Passage) -> str:
    """The piece of a passage, and the place in it where that is known."""
    return f"{passage.file}, {passage.place}" if passage.place else passage.file


def reached(piece: Piece) -> int:
    """How many of the stages are done."""
    if piece.state == "refused" and not piece.words:
        return 1
    return list(STAGES).index(piece.stage) + 1
