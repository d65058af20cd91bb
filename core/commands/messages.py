"""Commands that check messages by the thousand: lines in, the same lines out with more keys."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from pydantic import Field, ValidationError

from core.commands.base import FAILED, HELD, Answer, Arguments, Room
from core.commands.lines import objects, written_line
from core.domain.errors import BadInput
from core.domain.findings import Severity
from core.domain.messages import GivenMessage, MessageCheck
from core.domain.wording import place_of, sentence_of
from core.messages import check_messages

MOST_MESSAGES = 10_000
CHUNK = 1_000
"""Lines that are checked at once."""
_EXAMPLE = '{"channel": …, "body": …}'
_BAD: dict[Severity, tuple[Severity, ...]] = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning", "info"),
}


class CheckMessages(Arguments):
    """The messages to look at."""

    messages: list[GivenMessage] = Field(max_length=MOST_MESSAGES)


class Tally:
    """What was seen while the lines went by.

    Attributes:
        messages: How many there were.
        spam: How many of them are called spam.
        failed: Whether one has a finding as bad as was asked about.
    """

    def __init__(self, fail_on: Severity | None = None) -> None:
        self.messages = self.spam = 0
        self.failed = False
        self._bad = _BAD[fail_on] if fail_on else ()

    def count(self, checks: list[MessageCheck]) -> None:
        """Take in some more."""
        self.messages += len(checks)
        self.spam += sum(check.is_spam for check in checks)
        self.failed |= any(one.severity in self._bad for check in checks for one in check.findings)

    @property
    def exit_code(self) -> int:
        """1 where a finding is as bad as was asked about."""
        return FAILED if self.failed else HELD

    @property
    def text(self) -> str:
        """The same in a line for a person."""
        messages = "1 message" if self.messages == 1 else f"{self.messages:,} messages"
        return f"{messages}, {self.spam:,} called spam"


def messages_check(_: Room, given: CheckMessages) -> Answer:
    """Check messages: spam risk, tone, SMS segments, findings; JSON lines in, JSON lines out."""
    tally = Tally()
    checks = check_messages(given.messages)
    tally.count(checks)
    pairs = zip(given.messages, checks, strict=True)
    return Answer([one.with_findings(check) for one, check in pairs], tally.text)


def checked_lines(lines: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    """Each line again, with what was found in its message: same order, its own keys kept.

    Raises:
        BadInput: At the first line that holds no message; names the line.
    """
    waiting: list[GivenMessage] = []
    try:
        for where, given in objects(lines, _EXAMPLE):
            waiting.append(_read(where, given))
            if len(waiting) == CHUNK:
                yield from _written(waiting, tally)
                waiting = []
    except BadInput:
        yield from _written(waiting, tally)
        raise
    yield from _written(waiting, tally)


def checked_file(name: str, data: bytes) -> tuple[bytes, Tally]:
    """A whole file of JSON lines or CSV, each of its messages with what was found in it.

    Raises:
        BadInput: At the first line that holds no message; names the line.
    """
    tally = Tally()
    if not name.lower().endswith(".csv"):
        return b"".join(checked_lines(io.BytesIO(data), tally)), tally
    lines = [orjson.dumps(row) for row in _table(name, data)]
    rows = [orjson.loads(line) for line in checked_lines(lines, tally)]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "findings": " | ".join(one["type"] for one in row["findings"])})
    return out.getvalue().encode("utf-8"), tally


def _table(name: str, data: bytes) -> list[dict[str, Any]]:
    """The rows of a CSV file; a cell that is empty is no subject."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("This is no UTF-8 text.", place=name, fix="Save it as UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows, names = list(reader), reader.fieldnames or []
    if twice := next((one for one in names if names.count(one) > 1), None):
        raise BadInput(f"The column '{twice}' is there twice.", place=name)
    missing = [key for key in ("channel", "body") if rows and key not in rows[0]]
    if missing:
        raise BadInput(
            f"There is no column '{missing[0]}'.",
            place=name,
            fix="Name the columns channel, subject and body.",
        )
    return [{key: cell for key, cell in row.items() if key is not None} for row in rows]


def _written(lines: list[GivenMessage], tally: Tally) -> Iterator[bytes]:
    checks = check_messages(lines)
    tally.count(checks)
    for line, check in zip(lines, checks, strict=True):
        yield written_line(line.with_findings(check))


def _read(where: str, given: dict[str, Any]) -> GivenMessage:
    try:
        return GivenMessage.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(sentence_of(first), place=f"{where}, {place_of(first)}") from error
