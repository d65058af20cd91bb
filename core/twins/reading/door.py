"""Reading one file: what it is by its bytes, its reader, and what was found on the way."""

from __future__ import annotations

from pathlib import Path

from core.domain.twins import Problem, Reading
from core.twins.reading.days import day_at_top, day_in_name
from core.twins.reading.draft import Draft
from core.twins.reading.formats import FORMATS
from core.twins.reading.limits import Limits
from core.twins.reading.refusals import Refused
from core.twins.reading.sniffing import detect
from core.twins.screening import injections

READERS = dict(FORMATS)


def read(path: Path, name: str, limits: Limits) -> Reading:
    """What is in a file that is neither an archive nor a recording.

    Args:
        path: Where its bytes are.
        name: As it was given.
        limits: What is read at most.

    Raises:
        Refused: With the reason.
    """
    try:
        found, problems = detect(path, name)
        if found not in READERS:
            raise Refused("It is not a document.")
        draft = READERS[found](path, limits)
    except Refused as refused:
        refused.place = name
        raise
    except MemoryError:
        raise
    except Exception as error:  # the border: parsers raise anything on a damaged file
        raise Refused(
            "It is damaged, or not as its format wants it.",
            place=name,
            kind="unreadable",
            fix="Save it again with another program, or give its words as text.",
        ) from error
    draft.problems[:0] = [*problems, *_instructions_in(draft)]
    reading = draft.reading()
    if reading.written_on is None:
        day = day_in_name(name) or day_at_top(reading.text)
        reading = reading.model_copy(update={"written_on": day})
    if not any(character.isalnum() for character in reading.text):
        raise Refused("There is no text in it.", place=name, kind="empty")
    return reading


def _instructions_in(draft: Draft) -> list[Problem]:
    """Instructions to a model in what is no part of the text (comments, properties)."""
    found = injections("\n\n".join(draft.unseen)) if draft.unseen else ()
    return [
        problem.model_copy(
            update={
                "start": None,
                "end": None,
                "message": "A part that is not shown (a comment, a property or an alternative "
                "text) holds instructions to a model.",
                "fix": "It was left out of the text.",
            }
        )
        for problem in found
    ]
