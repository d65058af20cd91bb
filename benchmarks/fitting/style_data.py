"""The reference writers: who they are, by register. Their texts stay outside the repository."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

LEAST_WORDS = 800
"""A writer with fewer words is left out: chance would be most of what is seen."""
MOST_WORDS = 20_000
SPOKEN_FROM = 1930
"""Addresses of this year and later count as speeches; older ones were written to be read."""
_YEAR = re.compile(r"__(\d{4})-")
_MAILS = 25
"""Mails that make one writer of the background; who wrote them is not known."""
_FRONT = 3_000
"""Characters at the beginning of a book that hold its title pages."""


class Writer(NamedTuple):
    """One writer and what there is of theirs."""

    register: str
    name: str
    text: str


def writers(folder: Path | None) -> list[Writer]:
    """All reference writers with enough words, cut to the same length at most.

    Args:
        folder: One folder a register, text files named ``writer__title.txt``; may be missing.

    Raises:
        SystemExit: If ``GREENROOM_BENCH_DATA`` does not name the folder with the data.
    """
    data = os.environ.get("GREENROOM_BENCH_DATA")
    if not data:
        raise SystemExit("skipped: GREENROOM_BENCH_DATA does not name the folder with the data.")
    found = [*_books(Path(data)), *_therapists(Path(data))]
    if folder:
        found += _folder(folder)
    return [cut(one) for one in found if len(one.text.split()) >= LEAST_WORDS]


def cut(writer: Writer) -> Writer:
    """The middle of a long text, at most 20,000 words."""
    words = [found.start() for found in re.finditer(r"\S+", writer.text)]
    if len(words) <= MOST_WORDS:
        return writer
    first = (len(words) - MOST_WORDS) // 2
    return writer._replace(text=writer.text[words[first] : words[first + MOST_WORDS]])


def _books(data: Path) -> Iterator[Writer]:
    by_author: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((data / "creators").glob("*.txt")):
        by_author[path.name.split("__")[0]].append(path.read_text("utf-8")[_FRONT:])
    for author, texts in by_author.items():
        yield Writer("books", author, "\n\n".join(texts))


def _therapists(data: Path) -> Iterator[Writer]:
    """What the therapist says in each session; a few sessions may share a therapist."""
    rows = pd.read_csv(data / "annomi.csv.gz").drop_duplicates(["transcript_id", "utterance_id"])
    said = rows[rows["interlocutor"] == "therapist"]
    for session, part in said.groupby("transcript_id"):
        yield Writer("conversation", f"session {session}", "\n\n".join(part["utterance_text"]))


def mails() -> Iterator[Writer]:
    """Wanted mail, a few together: everyday English for the rates of phrases, not for habits."""
    rows = pd.read_parquet(Path(os.environ["GREENROOM_BENCH_DATA"]) / "spamassassin_mail.parquet")
    bodies = rows[rows["label"] != "spam"]["body"].tolist()
    for first in range(0, len(bodies), _MAILS):
        yield Writer("mail", f"part {first}", "\n\n".join(bodies[first : first + _MAILS]))


def _folder(folder: Path) -> Iterator[Writer]:
    by_author: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*/*.txt")):
        text = path.read_text("utf-8", "replace")
        by_author[_register(path), path.stem.split("__")[0]].append(text)
    for (register, author), texts in by_author.items():
        yield Writer(register, author, "\n\n".join(texts))


def _register(path: Path) -> str:
    """The folder's name; addresses from before 1930 are a register of their own."""
    year = _YEAR.search(path.name)
    return "addresses" if year and int(year[1]) < SPOKEN_FROM else path.parent.name
