"""A small creator, made up: a singing teacher with a method of her own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.domain.twins import Methodology, Node, PieceText
from core.twins.methodology.layout import Pieces

DEMO = Path(__file__).parents[4] / "data" / "samples" / "creators" / "maya-okafor"

GUIDE = """# Singing from the floor

Most people sing from the chin. I teach the opposite, and I call it the floor voice: a sound that
begins under your feet. Sit down with me, Marta said, and show me where it hurts.

There are two parts. You listen. Then you sound.

## Part one: listen

Week one is the **quiet scan**. It needs a chair and nothing else. Without the quiet scan the floor
voice is only loud.

## Part two: sound

Week two is the **paper hum**. The paper hum needs the quiet scan. When the paper hum is easy, begin
the long vowel.

## The rules of the house

- Breathe before you count.
- Never push a tired voice.
- Loud is not brave.
- Stop one song early.
- The ear leads, not the throat.
"""

WORKBOOK = """# The workbook

## 1. The quiet scan (week one)

**Before:** nothing.

1. Sit on a hard chair for five minutes.
2. Listen for the lowest sound in the room.
3. Write down where in your body you feel it.

## 2. The paper hum (week two)

**Before:** the quiet scan.

1. Hold a sheet of paper before your lips.
2. Hum until the paper shakes.
3. Rest for ten breaths. Do it again.

## 3. The long vowel (week three)

**Before:** the paper hum.

1. Choose one vowel.
2. Hold it on the floor voice for ten seconds.
3. Stop before it thins out.
"""

LETTER = """A letter about tired voices

Dear choir,

on Tuesday Marta lost her voice, and Marta had asked for it. Never push a tired voice. She knew the
rule and she pushed.

The floor voice is a low, easy sound that your legs carry. It does not live in the chin. Breathe
before you count, and the floor voice comes back by itself.

If your voice is gone, do the quiet scan and nothing else. The quiet scan is a way of hearing the
room before you fill it. Stop one song early next week.
"""


def piece(text: str) -> PieceText:
    """A text as a piece."""
    return PieceText(id="text", text=text)


PIECES: Pieces = (
    ("guide.md", piece(GUIDE)),
    ("workbook.md", piece(WORKBOOK)),
    ("letter.txt", piece(LETTER)),
)


def demo() -> Pieces:
    """What the demo creator wrote, as far as its files are read as they are."""
    files = sorted(one for one in DEMO.iterdir() if one.suffix in (".md", ".txt"))
    return [(one.name, piece(one.read_text("utf-8"))) for one in files]


def names(methodology: Methodology, kind: str) -> set[str]:
    """The names of one kind, in small letters."""
    return {one.name.lower() for one in methodology.nodes if one.kind == kind}


def named(methodology: Methodology, name: str) -> Node:
    """The node with this name."""
    return next(one for one in methodology.nodes if one.name.lower() == name.lower())


def linked(methodology: Methodology, kind: str) -> set[tuple[str, str]]:
    """The links of one kind, by the names of their ends in small letters."""
    known = {one.id: one.name.lower() for one in methodology.nodes}
    return {(known[one.source], known[one.target]) for one in methodology.links if one.kind == kind}


def texts(pieces: Pieces) -> Sequence[str]:
    """The texts alone."""
    return [one.text for _, one in pieces]
