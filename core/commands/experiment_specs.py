"""An experiment's design as a file: read, and where it cannot be used, said on which line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from core.commands.files import flow_text
from core.domain.errors import BadInput, TooLarge
from core.domain.experiments import (
    Assignment,
    Data,
    Design,
    Metric,
    Planned,
    Prior,
    Rule,
    Variant,
)
from core.domain.wording import place_of, sentence_of
from core.flows import read_flow

MOST_SPEC = 1_000_000
_PARTS: dict[str, type[BaseModel]] = {
    "": Design,
    "variants": Variant,
    "metrics": Metric,
    "assignment": Assignment,
    "rule": Rule,
    "prior": Prior,
    "planned": Planned,
    "data": Data,
}
_SHAPE = "Write it as YAML or JSON with name, variants and metrics."
_ENDINGS = (".yaml", ".yml", ".json")
Way = tuple[str | int, ...]


def read_spec(data: bytes | str, source: str = "spec") -> Design:
    """The design that a file holds, YAML or JSON; its name is the file's where it gives none.

    Args:
        data: The file's content.
        source: What to call it in an error: its file name.

    Raises:
        TooLarge: If it is larger than a design can be.
        BadInput: If it is no design; names the line and the field.
    """
    if len(data) > MOST_SPEC:
        raise TooLarge(f"{source} is larger than {MOST_SPEC / 1e6:g} MB.", fix=_SHAPE)
    if not data.strip():
        raise BadInput(f"{source} is empty.", fix=_SHAPE)
    if not _is_mapping(data):
        raise BadInput(f"{source} is no experiment.", fix=_SHAPE)
    document = {"name": PurePath(source).stem, **read_flow(data, source=source)}
    try:
        return Design.model_validate(document)
    except ValidationError as error:
        raise _fault(dict(error.errors()[0]), _text(data), source) from None


def is_design_file(name: str) -> bool:
    """Whether a word on a command line means a file with a design, and not an experiment's id.

    Raises:
        BadInput: If it can be nothing but a file, and there is none.
    """
    if name == "-" or Path(name).is_file():
        return True
    if "/" in name or Path(name).suffix.lower() in _ENDINGS:
        raise BadInput("There is no such file.", place=name)
    return False


def spec_text(name: str) -> dict[str, Any]:
    """A design file's text, as ``spec`` and ``source``; ``-`` is standard input."""
    found = flow_text(name, MOST_SPEC)
    return {"spec": found["text"], "source": found["source"]}


def design_file(name: str) -> Design:
    """The design in a file; ``-`` is standard input."""
    found = spec_text(name)
    return read_spec(found["spec"], found["source"])


def _is_mapping(data: bytes | str) -> bool:
    """Whether it starts as an object of keys; what cannot be read is left to who reads it all."""
    try:
        for event in yaml.parse(_text(data), Loader=yaml.SafeLoader):
            if isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent):
                return False
            if isinstance(event, yaml.MappingStartEvent):
                return True
    except yaml.YAMLError:
        return True
    return False


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "replace")


def _fault(error: dict[str, Any], text: str, source: str) -> BadInput:
    """What pydantic found: the file, the line, the field, and the nearest name that would do."""
    line = _line_of(error["loc"], text)
    parts = [source, f"line {line}" if line else None, place_of(error)]
    fix = _known(error["loc"]) if error["type"] == "extra_forbidden" else None
    return BadInput(sentence_of(error), place=", ".join(filter(None, parts)), fix=fix)


def _known(way: Way) -> str:
    kind = _PARTS.get(str(way[0]) if len(way) > 1 else "", Design)
    names = list(kind.model_fields)
    close = get_close_matches(str(way[-1])[:60], names, n=1)
    return f"Is “{close[0]}” meant?" if close else f"There are: {', '.join(names)}."


def _line_of(way: Way, text: str) -> int | None:
    """The line of the deepest part of a place that stands in the text."""
    try:
        lines = dict(_places(text))
    except yaml.YAMLError:
        return None
    found = (lines.get(way[:length]) for length in range(len(way), 0, -1))
    return next((line for line in found if line is not None), None)


def _places(text: str) -> Iterator[tuple[Way, int]]:
    """Where each value of a document begins: a way of keys and positions, and its line."""
    stack: list[_Open] = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            at = stack[-1].next(event) if stack else ()
            if at is not None and event.start_mark is not None:
                yield at, event.start_mark.line + 1
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Open(at or (), isinstance(event, yaml.MappingStartEvent)))


class _Open:
    """A mapping or a list that is being read."""

    def __init__(self, way: Way, mapping: bool) -> None:
        self.way = way
        self.mapping = mapping
        self.key: str | None = None
        self.count = 0

    def next(self, event: Any) -> Way | None:
        """The way of the value that begins here; a key is where its value is."""
        if self.mapping and self.key is None:
            self.key = str(getattr(event, "value", ""))
            return (*self.way, self.key)
        if self.mapping:
            key, self.key = self.key or "", None
            return None if isinstance(event, yaml.ScalarEvent) else (*self.way, key)
        self.count += 1
        return (*self.way, self.count - 1)
