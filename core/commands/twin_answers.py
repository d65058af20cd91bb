"""Commands that ask a twin, or ask whether it would say so; by the hundred, lines in, lines out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from core.commands.base import FAILED, HELD, Answer
from core.commands.lines import objects, written_line
from core.commands.twins import OneTwin
from core.domain.errors import BadInput, CallFailed
from core.domain.models import Model
from core.domain.twins import Answer as Said
from core.domain.twins import Passage

if TYPE_CHECKING:
    from core.commands.base import Room
    from core.workbench import Workspace

LONGEST_QUESTION = 10_000
LONGEST_TEXT = 1_000_000
MOST_ASKED, MOST_TEXTS = 200, 1_000
MOST_CHARACTERS = 2_000_000
"""Of one request; a longer file goes in several."""
_AT_ONCE = 8
Question = Annotated[str, StringConstraints(max_length=LONGEST_QUESTION)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Ask = Callable[[list[str]], list[dict[str, Any]]]


class AskTwin(OneTwin):
    """What a twin is asked, and who words the answers."""

    questions: list[Question] = Field(max_length=MOST_ASKED)
    model: str | None = Field(default=None, min_length=1, max_length=255)
    version: int | None = Field(default=None, ge=0, le=2**31 - 1)


class VerifyTexts(OneTwin):
    """Texts that the creator may have written."""

    texts: list[Text] = Field(max_length=MOST_TEXTS)
    version: int | None = Field(default=None, ge=0, le=2**31 - 1)


def twin_ask(room: Room, given: AskTwin) -> Answer:
    """Ask a twin questions: JSON lines in, JSON lines out, with answer and citations.

    A question that the content does not cover is declined, which is an answer. One that a model
    did not answer has ``error``, and the exit code is 1.
    """
    workspace = room.workspace()
    twin = workspace.twins.get(given.twin)
    model = workspace.models.keep(given.model) if given.model else None
    asked = _asker(workspace, twin.id, model, given.version)
    if model is None:
        found = [asked(question) for question in given.questions]
    else:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(asked, given.questions))
    failed = any(one["error"] is not None for one in found)
    return Answer(found, "\n\n".join(map(_told, found)), FAILED if failed else HELD)


def twin_verify(room: Room, given: VerifyTexts) -> Answer:
    """Say how likely it is that a creator wrote texts: JSON lines in, JSON lines out."""
    serving = room.workspace().twins.serving(given.twin, given.version)
    found = [
        {"probability": verdict.probability, "reliability": verdict.reliability}
        for verdict in serving.verdicts(given.texts)
    ]
    return Answer(found, "\n".join(map(_weighed, found)))


def answered_lines(lines: Iterable[bytes], ask: Ask) -> Iterator[bytes]:
    """Each line ``{id, question}`` again, with the twin's answer.

    Raises:
        BadInput: At the first line that holds no question; names the line.
    """
    example = '{"id": …, "question": …}'
    return _with_more(lines, "question", example, LONGEST_QUESTION, MOST_ASKED, ask)


def verified_lines(lines: Iterable[bytes], ask: Ask) -> Iterator[bytes]:
    """Each line ``{id, text}`` again, with how likely it is that the creator wrote it.

    Raises:
        BadInput: At the first line that holds no text; names the line.
    """
    return _with_more(lines, "text", '{"id": …, "text": …}', LONGEST_TEXT, MOST_TEXTS, ask)


def _with_more(
    lines: Iterable[bytes], key: str, example: str, longest: int, most: int, ask: Ask
) -> Iterator[bytes]:
    """Lines with what a command says of the words under one of their keys, many at once."""
    waiting: list[dict[str, Any]] = []
    size = 0

    def written() -> Iterator[bytes]:
        more = ask([one[key] for one in waiting]) if waiting else []
        for line, found in zip(waiting, more, strict=True):
            yield written_line({**line, **found})

    try:
        for where, given in objects(lines, example):
            words = _words(given, key, where, longest)
            if len(waiting) == most or size + len(words) > MOST_CHARACTERS:
                yield from written()
                waiting, size = [], 0
            waiting.append(given)
            size += len(words)
    except BadInput:
        yield from written()
        raise
    yield from written()


def _words(given: dict[str, Any], key: str, where: str, longest: int) -> str:
    words = given.get(key)
    if not isinstance(words, str):
        said = "This is needed." if key not in given else "Must be text."
        raise BadInput(said, place=f"{where}, {key}")
    if len(words) > longest:
        said = f"Has {len(words):,} characters; at most {longest:,} are allowed."
        raise BadInput(said, place=f"{where}, {key}")
    return words


def _asker(
    workspace: Workspace, twin_id: str, model: Model | None, version: int | None
) -> Callable[[str], dict[str, Any]]:
    def asked(question: str) -> dict[str, Any]:
        try:
            said = workspace.talks.ask(twin_id, question, model=model, version=version)
        except CallFailed as error:
            return answer_document(None, str(error))
        return answer_document(said)

    return asked


def answer_document(said: Said | None, error: str | None = None) -> dict[str, Any]:
    """An answer as a line has it; without one, the reason."""
    return {
        "answer": said.text if said else None,
        "declined": said.declined if said else None,
        "covered": said.covered if said else None,
        "kind": said.kind if said else None,
        "engine": said.engine if said else None,
        "version": said.version if said else None,
        "citations": [_citation(one) for one in said.citations] if said else [],
        "error": error,
    }


def _citation(passage: Passage) -> dict[str, Any]:
    return passage.model_dump(mode="json", exclude={"score"})


def _told(found: dict[str, Any]) -> str:
    """An answer for a person, and where it rests."""
    if found["error"]:
        return f"No answer: {found['error']}"
    lines = [found["answer"]]
    for number, one in enumerate(found["citations"], 1):
        where = f", {one['place']}" if one["place"] else ""
        start = " ".join(one["text"].split())
        shown = start if len(start) <= 120 else f"{start[:119]}…"
        lines.append(f"  [{number}] {one['file']}{where}: {shown}")
    return "\n".join(lines)


def _weighed(found: dict[str, Any]) -> str:
    if found["probability"] is None:
        return "too short to say"
    return f"{found['probability']:.3f}  {found['reliability']}"
