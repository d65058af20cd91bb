"""Commands about creator twins: train, list, look at, choose a version, delete."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pydantic import Field

from core.commands import arriving
from core.commands.base import FAILED, HELD, UNFINISHED, Answer, Arguments, Room
from core.commands.listing import Nothing, columns
from core.domain.errors import NotFound
from core.domain.moments import written
from core.domain.personas import Text
from core.domain.twins import (
    PersonalChoice,
    Piece,
    TrainingState,
    Twin,
    TwinName,
    TwinVersion,
)

if TYPE_CHECKING:
    from core.workbench import Workspace

_TICK = 0.2
_START = "Start with: greenroom twin train FOLDER --name NAME"


NONE = "none"


class TwinModels(Arguments):
    """A model's id, its name here or as litellm names it; ``none`` for what needs no network."""

    embedding: str | None = Field(default=None, min_length=1, max_length=255)
    transcription: str | None = Field(default=None, min_length=1, max_length=255)


class OneTwin(Arguments):
    """A twin, by its id, its slug or its name."""

    twin: str = Field(min_length=1, max_length=255)


class UseVersion(OneTwin):
    """A twin, and the version that is to answer."""

    version: int = Field(ge=0, le=2**31 - 1)


class Train(Arguments):
    """What a twin learns from: ``arrived`` names the files that were put aside for it."""

    name: TwinName
    about: Text | None = None
    pii: PersonalChoice = Field(
        default="keep", description="What becomes of personal data in the content."
    )
    arrived: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{32}$",
        description="Files that the command line put aside; null trains on what waits.",
    )


def twin_train(room: Room, given: Train) -> Answer:
    """Train a twin on files, and wait until it is ready; a new name makes a new twin.

    Ends with 0 when a version stands, with 1 when nothing could be learned, and with 4 when the
    training did not finish. Files that were refused are named in the answer.
    """
    started = time.monotonic()
    home = room.workbench.settings.home
    try:
        uploads = arriving.taken(home, given.arrived) if given.arrived else []
        workspace = room.workspace(create=True)
        twin = _called(workspace, given.name, given.about)
        workspace.twins.train(twin.id, uploads, given.pii)
        state = follow_training(room, workspace, twin.id)
    finally:
        if given.arrived:
            arriving.clear(home, given.arrived)
    twin = workspace.twins.get(twin.id)
    seconds = round(time.monotonic() - started, 1)
    document = {**twin_document(workspace, twin), "seconds": seconds, "error": state.error}
    return Answer(document, _trained(document), _code(twin, state), _note(twin, state))


def twin_list(room: Room, _: Nothing) -> Answer:
    """List the twins, by name."""
    found = room.workspace().twins.list()
    rows = [(twin.slug, _version_of(twin), twin.name) for twin in found]
    documents = [twin.model_dump(mode="json") for twin in found]
    return Answer(documents, columns(rows) or f"No twins yet. {_START}")


def twin_show(room: Room, given: OneTwin) -> Answer:
    """Show a twin: its version in use, what it was given, and what is wrong with which piece."""
    workspace = room.workspace()
    document = twin_document(workspace, workspace.twins.get(given.twin))
    head = f"{document['name']} ({document['twin']}), {_in_use(document)}"
    return Answer(document, "\n".join([head, *_pieces_told(document)]))


def twin_versions(room: Room, given: OneTwin) -> Answer:
    """List a twin's versions, newest first."""
    workspace = room.workspace()
    twin = workspace.twins.get(given.twin)
    found = workspace.twins.versions(twin.id)
    documents = [version_document(one, twin) for one in found]
    rows = [
        (
            f"{one['version']}{'*' if one['in_use'] else ''}",
            one["why"],
            one["made_at"][:16].replace("T", " "),
            f"{one['words']:,} words",
            one["note"],
        )
        for one in documents
    ]
    return Answer(documents, columns(rows) or f"{twin.name} has no version yet. {_START}")


def twin_use(room: Room, given: UseVersion) -> Answer:
    """Let a version of a twin be the one that answers."""
    twins = room.workspace().twins
    twin = twins.use(given.twin, given.version)
    text = f"{twin.name} answers with version {twin.version} from now on."
    return Answer(twin.model_dump(mode="json"), text)


def twin_models(room: Room, given: TwinModels) -> Answer:
    """Show or choose which models embed content and write recordings down."""
    workspace = room.workspace(create=True)
    if given.embedding is not None:
        workspace.choose_model("embedding", _model(given.embedding))
    if given.transcription is not None:
        workspace.choose_model("transcription", _model(given.transcription))
    chosen = workspace.chosen_models()
    offline = {"embedding": "all-MiniLM-L6-v2, on this machine", "transcription": "nobody"}
    document = {
        purpose: model.model if (model := getattr(chosen, purpose)) else None for purpose in offline
    }
    lines = [f"{purpose}: {document[purpose] or offline[purpose]}" for purpose in offline]
    return Answer(document, "\n".join(lines))


def _model(wanted: str) -> str | None:
    return None if wanted == NONE else wanted


def twin_delete(room: Room, given: OneTwin) -> Answer:
    """Delete a twin with its content, versions and conversations."""
    twins = room.workspace().twins
    twin = twins.get(given.twin)
    twins.erase(twin.id)
    return Answer({"twin": twin.slug, "id": twin.id, "deleted": True}, f"{twin.name} is gone.")


def twin_document(workspace: Workspace, twin: Twin) -> dict[str, Any]:
    """A twin as ``--json`` gives it, with its pieces."""
    return {
        "twin": twin.slug,
        **twin.model_dump(mode="json", exclude={"slug"}),
        "pieces": [piece_document(piece) for piece in workspace.twins.pieces(twin.id)],
    }


def piece_document(piece: Piece) -> dict[str, Any]:
    """A piece in short: how far it is, and what was found."""
    kept = {"id", "name", "state", "stage", "format", "words", "choice"}
    problems = [one.model_dump(mode="json") for one in piece.problems]
    counted = {"problems": problems, "personal": len(piece.personal)}
    return {**piece.model_dump(mode="json", include=kept), **counted}


def version_document(version: TwinVersion, twin: Twin) -> dict[str, Any]:
    """A version in one line."""
    return {
        "version": version.number,
        "in_use": version.number == twin.version,
        "why": version.why,
        "note": version.note,
        "made_at": written(version.made_at),
        "pieces": len(version.pieces),
        "words": sum(piece.words for piece in version.pieces),
        "embedder": version.embedder,
    }


def _called(workspace: Workspace, name: str, about: str | None) -> Twin:
    """The twin of that name, made where there is none."""
    try:
        twin = workspace.twins.get(name)
    except NotFound:
        return workspace.twins.create(name, about or "")
    return workspace.twins.rename(twin.id, about=about) if about is not None else twin


def follow_training(room: Room, workspace: Workspace, twin_id: str) -> TrainingState:
    """Tell of a training until it has come to rest."""
    while (state := workspace.twins.training(twin_id)).going_on:
        room.tell(state)
        if room.stop is not None and room.stop.is_set():
            workspace.twins.stop(twin_id)
        workspace.twins.wait(twin_id, _TICK)
    room.tell(state)
    return state


def _code(twin: Twin, state: TrainingState) -> int:
    if state.error is not None:
        return UNFINISHED
    return HELD if twin.version is not None else FAILED


def _note(twin: Twin, state: TrainingState) -> str:
    if state.error is not None:
        return f"the training did not finish. {state.error} Train again to go on."
    return "" if twin.version is not None else "nothing could be learned from these files."


def _trained(document: dict[str, Any]) -> str:
    head = f"{document['name']} ({document['twin']}) is {_in_use(document)}"
    return "\n".join([f"{head}, after {document['seconds']:.1f} s.", *_pieces_told(document)])


def _in_use(document: dict[str, Any]) -> str:
    version = document["version"]
    return "not trained yet" if version is None else f"at version {version}"


def _pieces_told(document: dict[str, Any]) -> list[str]:
    """The pieces in two lines' worth: how many are ready, and what is wrong with the others."""
    pieces = document["pieces"]
    ready = [one for one in pieces if one["state"] == "ready"]
    words = sum(one["words"] for one in ready)
    lines = [f"  {len(ready):,} of {len(pieces):,} pieces are ready, {words:,} words."]
    for piece in pieces:
        if piece["personal"]:
            became = {"keep": "kept", "mask": "masked", "drop": "dropped"}.get(piece["choice"], "")
            found = (
                f"{piece['personal']} e-mail addresses, telephone numbers or the like were found"
            )
            lines.append(f"  info: {piece['name']}: {found}, and {became or 'wait for you'}.")
        for problem in piece["problems"]:
            said = f"{problem['message']} {problem['fix']}".rstrip()
            lines.append(f"  {problem['severity']}: {piece['name']}: {said}")
    return lines


def _version_of(twin: Twin) -> str:
    return "not trained" if twin.version is None else f"version {twin.version}"
