"""The rows that the spam model is fitted on, and which of them belong together."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from core.messages.features import Text

HERE = Path(__file__).parent
NAMES = ("Anna", "Ben", "there", "Chris", "Mrs Lee", "Omar")
_NOT_A_LETTER = re.compile(r"[^a-z]+")
_ANSWER = re.compile(r"^((re|fw|fwd):\s*)+")
_OPENING, _SHORTEST, _SUBJECT = 60, 20, 5


@dataclass(frozen=True)
class Rows:
    """Messages with their labels.

    Attributes:
        group: Rows of one group nearly repeat each other.
        weight: How much a row counts in fitting.
    """

    texts: list[Text]
    spam: NDArray[np.int64]
    group: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    weight: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @property
    def email(self) -> NDArray[np.int64]:
        """1 for an e-mail, 0 for a short message."""
        return np.array([int(text.email) for text in self.texts])

    def told(self) -> dict[str, Any]:
        """How many rows there are, by side."""
        return {
            name: {
                "rows": int((self.email == side).sum()),
                "spam": int(self.spam[self.email == side].sum()),
                "groups": len(set(self.group[self.email == side])),
            }
            for side, name in enumerate(("short", "email"))
        }


def real_rows() -> Rows:
    """The two public sets.

    Raises:
        SystemExit: If ``GREENROOM_BENCH_DATA`` does not name their folder.
    """
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    if not folder:
        raise SystemExit("skipped: GREENROOM_BENCH_DATA does not name the folder with the data.")
    sms = pd.read_csv(Path(folder) / "sms_spam.csv.gz")
    mail = pd.read_parquet(Path(folder) / "spamassassin_mail.parquet")
    texts = [Text(False, "", body) for body in sms["text"]]
    texts += [Text(True, s, b) for s, b in zip(mail["subject"], mail["body"], strict=True)]
    spam = np.concatenate([sms["label"] == "spam", mail["label"] == "spam"]).astype(np.int64)
    return Rows(texts, spam, _groups(texts))


def house_rows() -> Rows:
    """What we wrote for fitting; every message with each of the tails that it may end with."""
    kept = yaml.safe_load((HERE / "house_messages.yaml").read_text("utf-8"))
    texts: list[Text] = []
    spam: list[int] = []
    weight: list[float] = []

    def add(email: bool, subject: str, body: str, is_spam: int) -> None:
        tails = kept["tails"]["email" if email else "short"]
        for tail in tails:
            number = len(texts)
            filled = f"{body}\n\n{tail}" if email else f"{body} {tail}"
            filled = filled.replace("{n}", str(number * 37 % 991)).strip()
            name = NAMES[number % len(NAMES)]
            texts.append(
                Text(email, subject.replace("{name}", name), filled.replace("{name}", name))
            )
            spam.append(is_spam)
            weight.append(1 / len(tails))

    for subject, body in kept["polite_email"]:
        add(True, subject, body, 0)
    for body in kept["polite_short"]:
        add(False, "", body, 0)
        add(True, "", body, 0)
    for subject, body in kept["crude"]:
        add(True, subject, body, 1)
        add(False, "", body, 1)
    return Rows(texts, np.array(spam), weight=np.array(weight))


def _groups(texts: list[Text]) -> NDArray[np.int64]:
    """For each row the number of the first of those that share its subject or its opening."""
    first = list(range(len(texts)))

    def root(row: int) -> int:
        while first[row] != row:
            first[row] = first[first[row]]
            row = first[row]
        return row

    owner: dict[tuple[str, str], int] = {}
    for row, text in enumerate(texts):
        for key in _keys(text):
            known = owner.setdefault(key, row)
            older, newer = sorted((root(known), root(row)))
            first[newer] = older
    return np.array([root(row) for row in range(len(texts))])


def _keys(text: Text) -> list[tuple[str, str]]:
    opening = _letters(text.body)
    if not text.email:
        return [("sms", opening or text.body)]
    subject = _letters(_ANSWER.sub("", text.subject.lower().strip()))
    keys = [("subject", subject)] if len(subject) > _SUBJECT else []
    return keys + ([("opening", opening[:_OPENING])] if len(opening) > _SHORTEST else [])


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text.lower())
