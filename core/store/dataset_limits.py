"""How large a file of results may be, packed and unpacked, before anything of it is kept."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import duckdb

from core.domain.errors import BadInput, TooLarge

MOST_ROWS = 200_000_000
"""A table of one value repeated is small as Parquet, however many rows it has."""
MEGABYTE = 1_000_000
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 1_000_000


def is_gzip(path: Path) -> bool:
    """Whether a file is packed with gzip, whatever it is called."""
    return _begins(path) == _GZIP


def check_size(path: Path, name: str, most: int | None) -> None:
    """Refuse a file that is, or unpacks to, more than so many bytes.

    Raises:
        TooLarge: If it is.
        BadInput: If it cannot be unpacked.
    """
    if _begins(path, len(_ZSTD)) == _ZSTD:
        fix = "Unpack it, or pack it with gzip."
        raise BadInput(f"{name} is packed with zstd, which is not read.", place=name, fix=fix)
    if most is None:
        return
    if path.stat().st_size > most:
        raise _too_large(f"{name} has", name, most)
    if is_gzip(path) and _unpacks_to_more(path, name, most):
        raise _too_large(f"{name} unpacks to", name, most)


def check_parquet(
    cursor: duckdb.DuckDBPyConnection, place: str, name: str, most: int | None
) -> None:
    """Refuse a Parquet file that holds more than so many bytes, or more rows than any may.

    Raises:
        TooLarge: If it does.
    """
    held = cursor.execute(
        f"SELECT sum(total_uncompressed_size) FROM parquet_metadata({place})"
    ).fetchone()
    rows = cursor.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({place})").fetchone()
    if most is not None and held and (held[0] or 0) > most:
        raise _too_large(f"{name} unpacks to", name, most)
    if rows and (rows[0] or 0) > MOST_ROWS:
        raise TooLarge(
            f"{name} has more than {MOST_ROWS:,} rows.",
            place=name,
            fix="Write one row for each participant.",
        )


def _unpacks_to_more(path: Path, name: str, most: int) -> bool:
    size = 0
    try:
        with gzip.open(path) as file:
            while size <= most and (chunk := file.read(_CHUNK)):
                size += len(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{name} cannot be unpacked.", place=name) from error
    return size > most


def _begins(path: Path, length: int = 2) -> bytes:
    with path.open("rb") as file:
        return file.read(length)


def _too_large(what: str, name: str, most: int) -> TooLarge:
    return TooLarge(
        f"{what} more than {most / MEGABYTE:,.6g} MB, the most that a table may have.",
        place=name,
        fix="Leave columns out that no metric needs, or raise GREENROOM_MAX_TABLE_MB.",
    )
