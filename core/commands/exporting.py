"""A run as a file: what its report says, or its events, written piece by piece."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from core.commands.base import Export, find_run
from core.domain.errors import BadInput

if TYPE_CHECKING:
    from core.workbench import Workspace

_CHUNK = 1 << 20
_ISO = "%Y-%m-%dT%H:%M:%SZ"
_ROWS = 20_000


class FileKind(NamedTuple):
    """One format that a run can be written in; ``write`` is None for the report's own."""

    suffix: str
    media_type: str
    write: Callable[[Path], Iterator[bytes]] | None = None


def _parquet(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _json_lines(path: Path) -> Iterator[bytes]:
    options = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    for batch in pyarrow.parquet.ParquetFile(path).iter_batches(_ROWS):
        rows = batch.to_pylist()
        for row in rows:
            row["payload"] = orjson.Fragment(row["payload"] or "{}")
        yield b"".join(orjson.dumps(row, option=options) for row in rows)


def _csv(path: Path) -> Iterator[bytes]:
    file = pyarrow.parquet.ParquetFile(path)
    yield ",".join(f'"{name}"' for name in file.schema_arrow.names).encode() + b"\n"
    for batch in file.iter_batches(_ROWS):
        columns = [_plain(column) for column in batch.columns]
        out = io.BytesIO()
        options = pyarrow.csv.WriteOptions(include_header=False)
        plain = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
        pyarrow.csv.write_csv(plain, out, options)
        yield out.getvalue()


def _plain(column: pa.Array) -> pa.Array:
    """A column as text: times in ISO 8601, JSON as it stands."""
    if isinstance(column, pa.ExtensionArray):
        return column.storage
    return pc.strftime(column, _ISO) if pa.types.is_timestamp(column.type) else column


FILES: dict[str, FileKind] = {
    "json": FileKind("json", "application/json"),
    "csv": FileKind("csv", "text/csv; charset=utf-8"),
    "md": FileKind("md", "text/markdown; charset=utf-8"),
    "junit": FileKind("xml", "application/xml"),
    "parquet": FileKind("events.parquet", "application/vnd.apache.parquet", _parquet),
    "jsonl": FileKind("events.jsonl", "application/x-ndjson", _json_lines),
    "events_csv": FileKind("events.csv", "text/csv; charset=utf-8", _csv),
}
"""Every format: the first four are the report's, the others the run's events."""


def export_run(workspace: Workspace, run_id: str, format: str) -> Export:
    """A run as a file.

    Raises:
        NotFound: If there is no such run.
        BadInput: If there is no such format.
    """
    run = find_run(workspace, run_id)
    kind = FILES.get(format)
    if kind is None:
        raise BadInput(
            f"There is no format '{format}'.", place="format", fix=f"Use one of {', '.join(FILES)}."
        )
    if kind.write is None:
        chunks = workspace.reports.export(run.id, format)
    else:
        chunks = _events(workspace, run.id, kind.write)
    return Export(f"{run.flow_id}-run-{run.number}.{kind.suffix}", kind.media_type, chunks)


def _events(
    workspace: Workspace, run_id: str, write: Callable[[Path], Iterator[bytes]]
) -> Iterator[bytes]:
    """All events, by way of a Parquet file, so that no format holds them all in memory."""
    with tempfile.TemporaryDirectory(prefix="greenroom-") as folder:
        path = Path(folder) / "events.parquet"
        workspace.events.to_parquet(run_id, path)
        yield from write(path)
