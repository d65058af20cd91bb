"""Several pictures as one, for the guide."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

COLUMNS = 2
WIDTH = 760
GAP = 12
PAPER = "#FBFAF6"


def strip(pictures: Sequence[Path], path: Path) -> None:
    """Put pictures side by side, two in a row, read from left to right.

    Args:
        pictures: What is put together; all become equally wide.
        path: Where the picture is kept, as PNG.
    """
    from PIL import Image

    shrunk = []
    for picture in pictures:
        with Image.open(picture) as opened:
            height = round(opened.height * WIDTH / opened.width)
            shrunk.append(opened.convert("RGB").resize((WIDTH, height)))
    rows = [shrunk[at : at + COLUMNS] for at in range(0, len(shrunk), COLUMNS)]
    heights = [max(one.height for one in row) for row in rows]
    size = (COLUMNS * WIDTH + GAP, sum(heights) + GAP * (len(rows) - 1))
    sheet = Image.new("RGB", size, PAPER)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, one in enumerate(row):
            sheet.paste(one, (column * (WIDTH + GAP), top))
        top += height + GAP
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, optimize=True)
