"""The sample creators as trained twins, each with a standard test."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from core.commands.arriving import Found, content_files
from core.commands.base import Room
from core.commands.twins import follow_training
from core.domain.errors import NotFound
from core.domain.twins import Twin
from core.twins import Upload

if TYPE_CHECKING:
    from core.workbench import Workspace


class Sample(NamedTuple):
    """A creator who is made up, and what they wrote."""

    name: str
    about: str
    files: list[Found]


def sample_twins(room: Room, workspace: Workspace) -> list[Twin]:
    """The twin of each sample creator; what is trained and tested already stays as it is."""
    settings = room.workbench.settings
    folder = settings.data / "samples" / "creators"
    samples = [_read(path, settings.max_upload_files) for path in sorted(folder.glob("*.yaml"))]
    return [_tested(workspace, _trained(room, workspace, sample)) for sample in samples]


def _read(path: Path, most: int) -> Sample:
    about = yaml.safe_load(path.read_text("utf-8"))
    return Sample(about["name"], about["about"], content_files([str(path.with_suffix(""))], most))


def _trained(room: Room, workspace: Workspace, sample: Sample) -> Twin:
    twins = workspace.twins
    try:
        twin = twins.get(sample.name)
    except NotFound:
        twin = twins.create(sample.name, sample.about)
    if twin.version is None or not _knows(workspace, twin, sample):
        folder = twins.upload_folder(twin.id)
        uploads = [
            Upload(file.name, Path(shutil.copyfile(file.path, folder / f"{number}")))
            for number, file in enumerate(sample.files)
        ]
        twins.train(twin.id, uploads, "keep")
        follow_training(room, workspace, twin.id)
    return twins.get(twin.id)


def _knows(workspace: Workspace, twin: Twin, sample: Sample) -> bool:
    """Whether a twin was given just these files as they are."""
    given = {piece.name: piece.content_hash for piece in workspace.twins.pieces(twin.id)}
    wanted = {
        file.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in sample.files
    }
    return wanted.items() <= given.items()


def _tested(workspace: Workspace, twin: Twin) -> Twin:
    """The same, once there is a standard test of the version in use."""
    tests = workspace.twin_tests
    newest = tests.newest(twin.id)
    if twin.version is not None and (newest is None or newest.version != twin.version):
        tests.start(twin.id, wait=True)
    return twin
