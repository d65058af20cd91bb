"""A plain conversation as a test: what the flow must say, in order, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from core.domain.errors import BadInput
from core.domain.flow_tests import ScriptedReply
from core.domain.flows import Question
from core.domain.reactions import Message, Reaction, Situation
from core.domain.reports import Check
from core.minds import NOTHING, plain_text, reaction_of

AFTER = "1m"
"""How long somebody in a transcript takes to answer."""
MOST_SHOWN = 120
_PREFIX = re.compile(r"\s*(bot|me)\s*:[ \t]*(.*)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]+")


class Line(NamedTuple):
    """What one side says: its words, and the line of the text where it begins."""

    who: Literal["bot", "me"]
    text: str
    number: int


def read_transcript(text: str) -> list[Line]:
    """The lines of a transcript.

    A line begins with ``bot:`` or ``me:``; one that begins with neither belongs to the line above.
    Blank lines and lines that begin with ``#`` are passed over. Of several ``me`` lines in a row,
    all are one reply: a message is answered once.

    Raises:
        BadInput: With the line, where something is said by nobody, or the bot says nothing.
    """
    lines: list[Line] = []
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        begun = _PREFIX.fullmatch(row)
        if begun is None:
            _go_on(lines, row.strip(), number)
        elif begun[1].lower() == "me" and lines and lines[-1].who == "me":
            _go_on(lines, begun[2].strip(), number)
        else:
            who: Literal["bot", "me"] = "bot" if begun[1].lower() == "bot" else "me"
            lines.append(Line(who, begun[2].strip(), number))
    if not any(line.who == "bot" for line in lines):
        raise BadInput(
            "This transcript has no line of the bot.",
            place="transcript",
            fix="Begin what the flow must say with “bot:”, and what is answered with “me:”.",
        )
    empty = next((line for line in lines if line.who == "bot" and not words_of(line.text)), None)
    if empty is not None:
        raise BadInput(
            "The bot says nothing in this line.", place=f"transcript, line {empty.number}"
        )
    return lines


def _go_on(lines: list[Line], text: str, number: int) -> None:
    if not lines:
        raise BadInput(
            "This line is said by nobody.",
            place=f"transcript, line {number}",
            fix="Begin it with “bot:” or “me:”.",
        )
    last = lines[-1]
    lines[-1] = last._replace(text=f"{last.text}\n{text}".strip())


class TranscriptMind:
    """Somebody who keeps to a transcript: waits for each of the bot's lines, and answers.

    Made for one person's one way through a flow.

    Args:
        lines: The transcript.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = list(lines)
        self._at = 0
        self._since: list[str] = []
        self.given: list[ScriptedReply] = []

    async def react(self, situation: Situation) -> Reaction:
        """The reply that the transcript has for this message, or nothing."""
        message = situation.message
        matched = self._hear(message)
        line = self._next()
        if line is None or line.who != "me" or not (matched or self._at == 0):
            return NOTHING
        self._at += 1
        reply = ScriptedReply(
            to=message.step_id,
            visit=situation.visit,
            text=line.text,
            after=AFTER,
            answers=answers_of(message.questions, line.text),
        )
        self.given.append(reply)
        return reaction_of(reply, message.questions)

    def check(self) -> Check:
        """Whether everything was said that the bot was to say; else the first that was not."""
        of = sum(line.who == "bot" for line in self._lines)
        expected = f"the {of} lines of the transcript are said" if of > 1 else "its line is said"
        missing = next((line for line in self._lines[self._at :] if line.who == "bot"), None)
        if missing is None:
            return Check(status="passed", expected=expected, happened="all of it was said in order")
        instead = f"“{_short(self._since[0])}”" if self._since else "nothing more"
        happened = f"line {missing.number}, “{_short(missing.text)}”, was not said; in its place: "
        return Check(status="failed", expected=expected, happened=happened + instead)

    def _next(self) -> Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _hear(self, message: Message) -> bool:
        """Tick off what a message says of the bot's next lines; gives whether it was any."""
        text = said_by(message)
        left, matched = _TOKEN.findall(text.casefold()), False
        while (line := self._next()) is not None and line.who == "bot":
            end = _find(words_of(line.text), left)
            if end is None:
                break
            left, matched = left[end:], True
            self._at += 1
        self._since = [] if matched else [*self._since, text]
        return matched


def said_by(message: Message) -> str:
    """Everything that a message shows, as plain text."""
    parts = (message.subject, message.preheader, message.body)
    return "\n".join(plain_text(part).strip() for part in parts if part)


def words_of(text: str) -> list[str]:
    """The words by which two texts are compared: without case, spaces and punctuation.

    A text without a single word, such as a smile, is compared by its signs.
    """
    folded = plain_text(text).casefold()
    return _WORD.findall(folded) or _TOKEN.findall(folded)


def _find(wanted: list[str], among: Sequence[str]) -> int | None:
    """Where these words in a row end among others; None where they are not there.

    Signs between the others are passed over, unless signs are what is wanted.
    """
    signs = not any(map(_WORD.fullmatch, wanted))
    places = [at for at, one in enumerate(among) if signs or _WORD.fullmatch(one)]
    for start in range(len(places) - len(wanted) + 1):
        row = places[start : start + len(wanted)]
        if [among[at] for at in row] == wanted:
            return row[-1] + 1
    return None


def answers_of(questions: Sequence[Question], text: str) -> dict[str, Any]:
    """Answers to a check-in's questions: a line of the reply for each, the last gets the rest."""
    if not questions:
        return {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > len(questions):
        last = len(questions) - 1
        lines = [*lines[:last], "\n".join(lines[last:])]
    pairs = zip(questions, lines, strict=False)
    return {question.id: _answer(question, line) for question, line in pairs}


def _answer(question: Question, line: str) -> Any:
    """A line as an answer of the question's kind; None where it is none."""
    if question.kind in ("scale", "number"):
        found = re.search(r"-?\d+(?:\.\d+)?", line)
        if found is None:
            return None
        number = float(found[0])
        return int(number) if number.is_integer() else number
    if question.kind == "choice":
        meant = words_of(line)
        return next((one for one in question.choices if words_of(one) == meant), None)
    return line


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_SHOWN else f"{plain[:MOST_SHOWN]}…"
