"""Which flows a command line means: files, whole folders, standard input, ids of stored flows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.commands.files import flow_source, flow_text
from core.domain.errors import BadInput
from core.domain.findings import Severity
from core.flows import CONFIG_NAME, SEVERITIES, ValidationConfig, read_config, read_flow

ENDINGS = frozenset({".yaml", ".yml", ".json"})
MOST_CONFIG = 100_000


class Named(NamedTuple):
    """One flow that is meant: a file by its path, standard input as ``-``, or a stored flow's id.

    Attributes:
        found: Whether it was found in a folder, and not named itself.
    """

    name: str
    stored: bool
    found: bool


def named_flows(names: list[str], most: int) -> list[Named]:
    """Every flow that these names mean, each once.

    Raises:
        BadInput: If there is no such file, or a folder holds nothing that could be a flow.
    """
    flows: dict[str, Named] = {}
    for name in names:
        if name != "-" and Path(name).is_dir():
            for path in _files(name):
                flows.setdefault(path, Named(path, stored=False, found=True))
        elif name == "-" or Path(name).exists():
            flows[name] = Named(name, stored=False, found=False)
        else:
            flow_source(name, most)
            flows[name] = Named(name, stored=True, found=False)
    return list(flows.values())


def _files(folder: str) -> Iterator[str]:
    """The files below a folder that could be flows, sorted; hidden ones are passed over."""
    root = Path(folder)
    paths = sorted(
        path
        for path in root.rglob("*")
        if path.suffix.lower() in ENDINGS
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
        and path.is_file()
    )
    if not paths:
        raise BadInput("There is no YAML or JSON file in this folder.", place=folder)
    return map(str, paths)


def text_of(flow: Named, most: int) -> str | None:
    """A file's text; None for one that was found in a folder and is clearly no flow.

    Raises:
        BadInput: If it cannot be read.
    """
    text: str = flow_text(flow.name, most)["text"]
    return None if flow.found and _is_no_flow(text, flow.name, most) else text


def _is_no_flow(text: str, name: str, most: int) -> bool:
    if "steps" not in text:
        return True
    try:
        return "steps" not in read_flow(text, source=name, max_bytes=most)
    except BadInput:
        return False


def severity(word: str | None) -> Severity | None:
    """How bad, as ``--fail-on`` says it.

    Raises:
        BadInput: If there is no such word.
    """
    for known in SEVERITIES:
        if word == known:
            return known
    if word is None:
        return None
    raise BadInput(
        f"'{word}' is no severity.", place="--fail-on", fix=f"Use {', '.join(SEVERITIES)}."
    )


def config_finder(given: Path | None) -> Callable[[Named], ValidationConfig]:
    """Finds the configuration of a flow: the one that was given, else the nearest.

    That is ``.greenroom.yaml`` beside the flow or in a folder above it; for a flow that is no file,
    in the current folder or above.
    """
    load = cache(_load)
    if given is not None:
        config = load(given)
        return lambda _: config
    search = cache(_nearest)

    def find(flow: Named) -> ValidationConfig:
        beside = Path() if flow.stored or flow.name == "-" else Path(flow.name).parent
        path = search(beside.absolute())
        return ValidationConfig() if path is None else load(path)

    return find


def _nearest(folder: Path) -> Path | None:
    folders = (folder.resolve(), *folder.resolve().parents)
    return next((path for one in folders if (path := one / CONFIG_NAME).is_file()), None)


def _load(path: Path) -> ValidationConfig:
    text = flow_text(str(path), MOST_CONFIG)["text"]
    return read_config(text, source=str(path))
