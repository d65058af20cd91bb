"""Commands about creator twins."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from core.cli.base import (
    Home,
    Json,
    Output,
    Space,
    TwinName,
    ask,
    place_of,
    progress,
    settings_of,
    show,
)
from core.commands import (
    HELD,
    answered_lines,
    clear_aside,
    content_files,
    left_out,
    lines_of,
    put_aside,
    verified_lines,
    writable,
    write_file,
)
from core.domain.errors import BadInput

twin = typer.Typer(help="Creator twins, trained on a creator's own words.", rich_markup_mode=None)


class Pii(StrEnum):
    """What becomes of personal data."""

    keep = "keep"
    mask = "mask"
    drop = "drop"


AnswersWith = Annotated[
    str | None, typer.Option(help="A language model words the answers: its id, or litellm's name.")
]
OfVersion = Annotated[int | None, typer.Option("--version", min=0, help="Not the one in use.")]


@twin.command("train")
def twin_train(
    content: Annotated[
        list[str], typer.Argument(metavar="FOLDER…", help="Folders and files of content.")
    ],
    name: Annotated[str, typer.Option(help="The twin; a new name makes a new twin.")],
    about: Annotated[str | None, typer.Option(help="Who the creator is, in a sentence.")] = None,
    pii: Annotated[
        Pii, typer.Option(help="Keep, mask or drop personal data in the content.")
    ] = Pii.keep,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Train a twin on a folder, and wait until it is ready; it adds to what was there."""
    settings = settings_of(home)
    files = content_files(content, settings.max_upload_files)
    for way in left_out(content):
        print(f"left out: {way} (a link that leads out of the folder, or no file)", file=sys.stderr)
    with place_of(settings, workspace) as place:
        arrived = put_aside(settings.home, files)
        try:
            given = {"name": name, "about": about, "pii": pii.value, "arrived": arrived}
            answer = place.answer("twin-train", given, progress())
        finally:
            clear_aside(settings.home, arrived)
    show(answer, as_json, sys.stdout)
    return answer.exit_code


@twin.command("ask")
def twin_ask(
    name: TwinName,
    questions: Annotated[
        str | None,
        typer.Argument(metavar="QUESTIONS", help="JSON lines {id, question}; - is standard input."),
    ] = None,
    question: Annotated[str | None, typer.Option(help="One question, in place of a file.")] = None,
    model: AnswersWith = None,
    version: OfVersion = None,
    output: Output = "-",
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Ask a twin: each line {id, question} comes out again with answer and citations."""
    if (questions is None) == (question is None):
        raise BadInput("Give either a file of questions or --question.", place="QUESTIONS")
    who = {"twin": name, "model": model, "version": version}
    if question is not None:
        return ask(
            "twin-ask", {**who, "questions": [question]}, as_json, workspace, settings_of(home)
        )
    return _batch("twin-ask", who, "questions", str(questions), output, workspace, home)


@twin.command("verify")
def twin_verify(
    name: TwinName,
    passages: Annotated[
        str, typer.Argument(metavar="PASSAGES", help="JSON lines {id, text}; - is standard input.")
    ],
    version: OfVersion = None,
    output: Output = "-",
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Say how likely it is that the creator wrote each line's text, at even odds."""
    who = {"twin": name, "version": version}
    return _batch("twin-verify", who, "texts", passages, output, workspace, home)


def _batch(
    command: str,
    who: dict[str, Any],
    key: str,
    file: str,
    output: str,
    workspace: str | None,
    home: Any,
) -> int:
    """Lines in, lines out, many of them at once."""
    writable(output)
    code = HELD
    with lines_of(file) as lines, place_of(settings_of(home), workspace) as place:

        def asked(words: list[str]) -> list[dict[str, Any]]:
            nonlocal code
            answer = place.answer(command, {**who, key: words}, progress())
            code = max(code, answer.exit_code)
            found: list[dict[str, Any]] = answer.document
            return found

        extended = answered_lines if key == "questions" else verified_lines
        write_file(output, extended(lines, asked))
    return code


@twin.command("list")
def twin_list(as_json: Json = False, workspace: Space = None, home: Home = None) -> int:
    """List the twins, by name."""
    return ask("twin-list", {}, as_json, workspace, settings_of(home))


@twin.command("show")
def twin_show(
    name: TwinName, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Show a twin: its version in use, what it was given, and what is wrong with which piece."""
    return ask("twin-show", {"twin": name}, as_json, workspace, settings_of(home))


@twin.command("versions")
def twin_versions(
    name: TwinName, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """List a twin's versions, newest first."""
    return ask("twin-versions", {"twin": name}, as_json, workspace, settings_of(home))


@twin.command("use")
def twin_use(
    name: TwinName,
    version: Annotated[int, typer.Argument(metavar="N", min=0, help="The version's number.")],
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Let a version of a twin be the one that answers."""
    given = {"twin": name, "version": version}
    return ask("twin-use", given, as_json, workspace, settings_of(home))


@twin.command("test")
def twin_test(
    name: TwinName,
    model: AnswersWith = None,
    version: OfVersion = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Run the standard test: what the content answers, what it does not, and provocations."""
    given = {"twin": name, "model": model, "version": version}
    return ask("twin-test", given, as_json, workspace, settings_of(home))


@twin.command("models")
def twin_models(
    embedding: Annotated[
        str | None, typer.Option(help="Who embeds content: a model, or none for ours.")
    ] = None,
    transcription: Annotated[
        str | None, typer.Option(help="Who writes recordings down: a model, or none.")
    ] = None,
    as_json: Json = False,
    workspace: Space = None,
    home: Home = None,
) -> int:
    """Show or choose which models embed content and write recordings down."""
    given = {"embedding": embedding, "transcription": transcription}
    return ask("twin-models", given, as_json, workspace, settings_of(home))


@twin.command("delete")
def twin_delete(
    name: TwinName, as_json: Json = False, workspace: Space = None, home: Home = None
) -> int:
    """Delete a twin with its content, versions and conversations."""
    return ask("twin-delete", {"twin": name}, as_json, workspace, settings_of(home))
