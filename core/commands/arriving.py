"""Files on their way from a command line into a twin: put aside in the home, taken from there.

Whoever can write into the home's folder owns the home; so a running workbench takes files from
there and from nowhere else, however a command reached it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from core.domain.errors import BadInput, NotFound, StorageFailed
from core.twins import Upload

FOLDER = ".arriving"
"""No workspace can be called that."""
_FORGOTTEN = 86_400.0
"""Seconds after which whoever put files aside is not there any more."""


class Found(NamedTuple):
    """A file that was found, and what its piece is called."""

    name: str
    path: Path


def content_files(given: Sequence[str], most: int) -> list[Found]:
    """The files that are meant: of a folder all in it and below, but for hidden ones.

    Args:
        given: Files and folders.
        most: How many files there may be.

    Raises:
        BadInput: If one is not there, two would have one name, or there are none or too many.
    """
    found: dict[str, Found] = {}
    for one in given:
        for file in _under(Path(one)):
            if file.name in found:
                raise BadInput(
                    f"Two files would be called '{file.name}'.",
                    place=one,
                    fix="Give the folder above both.",
                )
            found[file.name] = file
            if len(found) > most:
                raise BadInput(
                    f"There are more than {most:,} files.",
                    place=one,
                    fix="Train in parts, or raise GREENROOM_MAX_UPLOAD_FILES.",
                )
    if not found:
        fix = "Hidden files are left out."
        raise BadInput("There are no files here.", place=given[0] if given else None, fix=fix)
    return list(found.values())


def left_out(given: Sequence[str]) -> list[str]:
    """What is in the folders and is not taken: links that lead out, and what is no file."""
    found: list[str] = []
    for folder in (Path(one) for one in given if Path(one).is_dir()):
        taken = {file.name for file in _in_folder(folder)}
        for place, _, names in os.walk(folder):
            for name in sorted(names):
                way = _readable(Path(place, name).relative_to(folder).as_posix())
                if way not in taken and not any(part.startswith(".") for part in Path(way).parts):
                    found.append(way)
    return found


def put_aside(home: Path, files: Sequence[Found]) -> str:
    """Put files where a workbench of this home takes them from; gives the name of that place.

    They are linked where that is possible, else copied: the training deletes what it was given.

    Raises:
        BadInput: If one cannot be read.
        StorageFailed: If the home cannot be written.
    """
    token, folder = place_aside(home)
    try:
        for file in files:
            _copy(file, folder / file.name)
    except BaseException:
        clear(home, token)
        raise
    return token


def place_aside(home: Path) -> tuple[str, Path]:
    """A new place for files, by its name and its folder; those of long ago are cleared.

    Raises:
        StorageFailed: If the home cannot be written.
    """
    token = uuid4().hex
    folder = home / FOLDER / token
    try:
        folder.mkdir(parents=True)
        for old in folder.parent.iterdir():
            if time.time() - old.stat().st_mtime > _FORGOTTEN:
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StorageFailed(f"The home {home} cannot be written: {error.strerror}.") from error
    return token, folder


def taken(home: Path, token: str) -> list[Upload]:
    """The files that were put aside under this name.

    Raises:
        NotFound: If there are none.
    """
    folder = home / FOLDER / token
    if not folder.is_dir():
        raise NotFound("These files are not there any more.", place="arrived", fix="Try again.")
    return [Upload(file.name, file.path) for file in _in_folder(folder)]


def clear(home: Path, token: str) -> None:
    """Let go of what was put aside under this name."""
    shutil.rmtree(home / FOLDER / token, ignore_errors=True)


def _under(given: Path) -> Iterator[Found]:
    if given.is_dir():
        yield from _in_folder(given)
    elif given.is_file():
        yield Found(_readable(given.name), given)
    elif given.exists():
        raise BadInput("This is neither a file nor a folder.", place=str(given))
    else:
        raise BadInput("There is no such file or folder.", place=str(given))


def _in_folder(folder: Path) -> Iterator[Found]:
    """The files of a folder and below, by name, called by their way from it.

    A link is followed within the folder alone: a folder from elsewhere must not bring along what
    else is on this machine.
    """
    inside = folder.resolve()
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            own = not path.is_symlink() or path.resolve().is_relative_to(inside)
            if not name.startswith(".") and path.is_file() and own:
                yield Found(_readable(path.relative_to(folder).as_posix()), path)


def _readable(name: str) -> str:
    """A name that is text, whatever bytes the disk has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _copy(file: Found, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file.path.resolve(), target)
        except OSError:
            shutil.copyfile(file.path, target)
    except OSError as error:
        raise BadInput(
            f"This file cannot be read: {error.strerror}.", place=str(file.path)
        ) from error
