"""Forms with files, as large as a creator's content is: streamed to the disk, never held whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from core.commands import clear_aside, place_aside
from core.domain.errors import BadInput, TooLarge
from core.settings import Settings
from core.twins import Upload

_STREAMED = re.compile(
    r"/v1/(?:twins/[^/]+/pieces|testing/creator-twin/upload-content|ai/documents/process|datasets)/?"
)
_MEGABYTE = 1_000_000
_LEAST_BODY_MB = 2_000
_FILE_PARTS: dict[str, Any] = {
    "file": {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "description": "One file or several, whatever the parts are called.",
    }
}
_CREATOR_PARTS: dict[str, Any] = {
    "creator_id": {"type": "string", "description": "A twin: its id, its slug or its name."},
    "pii": {
        "type": "string",
        "enum": ["keep", "mask", "drop"],
        "description": "What becomes of personal data; absent, pieces that hold some wait.",
    },
}
_MOST_FIELDS, _LONGEST_FIELD, _LONGEST_NAME = 20, 10_000, 400


def _body(parts: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": parts}
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


FILES = _body(_FILE_PARTS, ["file"])
CREATOR_FILES = _body({**_FILE_PARTS, **_CREATOR_PARTS}, ["file", "creator_id"])
TABLE = _body({"file": {"type": "string", "format": "binary"}}, ["file"])
"""What the routes that take forms say of their bodies."""


def is_streamed(scope: Scope) -> bool:
    """Whether a request's body goes to the disk as it comes, under the limits for uploads."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return scope["method"] == "POST" and bool(_STREAMED.fullmatch(path))


class Form(NamedTuple):
    """A form that has arrived: its fields, and its files on the disk, called by safe names."""

    fields: dict[str, str]
    files: list[Upload]


@asynccontextmanager
async def arrived(
    request: Request, settings: Settings, largest_mb: int | None = None
) -> AsyncIterator[Form]:
    """A form's fields and files; what nobody has moved away is deleted afterwards.

    Args:
        request: Whose body it is.
        settings: The limits.
        largest_mb: The largest file that somebody will read; a creator's where it is not given.

    Raises:
        BadInput: If it is no whole form with a file.
        TooLarge: If it is more than one request may carry.
    """
    boundary = _boundary(request)
    token, folder = await run_in_threadpool(place_aside, settings.home)
    try:
        writer = _Writer(folder, settings, largest_mb)
        yield await _received(request, writer, boundary)
    finally:
        await run_in_threadpool(clear_aside, settings.home, token)


async def _received(request: Request, writer: _Writer, boundary: bytes) -> Form:
    most = writer.most_bytes
    size = int(request.headers.get("content-length", "0"))
    try:
        with writer.parsing(boundary) as parser:
            async for chunk in request.stream():
                size = max(size, writer.size + len(chunk))
                if size > most:
                    raise TooLarge(
                        f"A request may have {most // _MEGABYTE:,} MB at most.",
                        fix="Send fewer files at once.",
                    )
                if chunk:
                    await run_in_threadpool(parser.write, chunk)
                    writer.size += len(chunk)
            await run_in_threadpool(parser.finalize)
    except ClientDisconnect as error:
        raise BadInput("The upload broke off.", place="body", fix="Send it again.") from error
    except FormParserError as error:
        raise BadInput("This form cannot be read.", place="body") from error
    if not writer.whole:
        raise BadInput("This form ends before its end.", place="body", fix="Send it again.")
    if not writer.files:
        raise BadInput("There is no file in this form.", place="file")
    return Form(writer.fields, writer.files)


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        raise BadInput(
            "This is no form with files.", place="file", fix="Send it as multipart/form-data."
        )
    boundary = options.get(b"boundary")
    if not boundary:
        raise BadInput("This form does not say where its parts end.", place="body")
    return boundary


class _Writer:
    """What a form's parser tells, written down: fields here, files into a folder.

    A file that is larger than any may be is not written beyond that; who reads it refuses it.
    """

    def __init__(self, folder: Path, settings: Settings, largest_mb: int | None = None) -> None:
        largest = largest_mb or max(settings.max_recording_mb, settings.max_upload_mb)
        self.most_bytes = max(_LEAST_BODY_MB, 2 * largest) * _MEGABYTE
        self.fields: dict[str, str] = {}
        self.files: list[Upload] = []
        self.size = 0
        self.whole = False
        self._folder = folder
        self._largest = largest * _MEGABYTE + 1
        self._most_files = settings.max_upload_files
        self._file: IO[bytes] | None = None
        self._part = bytearray()
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._field: str | None = None

    @contextmanager
    def parsing(self, boundary: bytes) -> Iterator[MultipartParser]:
        """A parser that tells this writer; a file that it left open is closed."""
        told: dict[str, Any] = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._named,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }
        try:
            yield MultipartParser(boundary, told)  # type: ignore[arg-type]
        finally:
            if self._file is not None:
                self._file.close()

    def _begin(self) -> None:
        self._disposition, self._field, self._part = b"", None, bytearray()

    def _header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _named(self) -> None:
        """A part's headers are there: it is a field, a file, or a file that was left empty."""
        _, options = parse_options_header(self._disposition)
        name = options.get(b"filename")
        if name is None:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")
            if len(self.fields) >= _MOST_FIELDS:
                raise BadInput(f"A form may have {_MOST_FIELDS} fields at most.", place="body")
        elif name:
            self._open(name.decode("utf-8", "replace"))

    def _open(self, name: str) -> None:
        if len(self.files) >= self._most_files:
            raise TooLarge(
                f"A request may have {self._most_files:,} files at most.",
                place="file",
                fix="Send fewer at once.",
            )
        path = self._folder / f"{len(self.files):06d}"
        self._file = path.open("xb")
        taken = {file.name for file in self.files}
        self.files.append(Upload(_unused(safe_name(name), taken), path))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            room = max(0, self._largest - self._file.tell())
            self._file.write(data[start : min(end, start + room)])
        elif self._field is not None:
            self._part.extend(data[start:end])
            if len(self._part) > _LONGEST_FIELD:
                raise BadInput(
                    f"A field may have {_LONGEST_FIELD:,} bytes at most.", place=self._field
                )

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        elif self._field is not None:
            self.fields[self._field] = self._part.decode("utf-8", "replace")

    def _all(self) -> None:
        self.whole = True


def only_file(form: Form) -> Upload:
    """The one file of a form.

    Raises:
        BadInput: If there are more.
    """
    if len(form.files) != 1:
        raise BadInput("One file at a time.", place="file", fix="Send each in a form of its own.")
    return form.files[0]


def safe_name(name: str) -> str:
    """A file's name as it may be shown and kept: a way of plain names, with nothing above it."""
    shown = "".join(one for one in name if unicodedata.category(one) not in ("Cc", "Cs", "Cf"))
    parts = (part.strip() for part in re.split(r"[/\\]", shown))
    kept = [part for part in parts if part.strip(".") and not re.fullmatch(r"[A-Za-z]:", part)]
    joined = "/".join(kept) or "unnamed"
    return joined[-_LONGEST_NAME:].lstrip("/")


def _unused(name: str, taken: set[str]) -> str:
    """The name, or with a number where another file of the form has it."""
    way = PurePosixPath(name)
    number, free = 2, name
    while free in taken:
        free = way.with_name(f"{way.stem} ({number}){way.suffix}").as_posix()
        number += 1
    return free


def moved(form: Form, folder: Path) -> list[Upload]:
    """A form's files, moved to where a training takes them from."""
    uploads = []
    for file in form.files:
        target = folder / file.path.name
        file.path.replace(target)
        uploads.append(Upload(file.name, target))
    return uploads
