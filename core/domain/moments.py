"""Moments: UTC everywhere, without a zone inside, with one wherever they leave as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, PlainSerializer, WithJsonSchema


def written(moment: datetime) -> str:
    """A moment as RFC 3339 wants it: ``2026-01-05T09:00:00Z``."""
    return f"{moment.isoformat()}Z" if moment.tzinfo is None else moment.isoformat()


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, without a zone."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


Moment = Annotated[
    datetime,
    AfterValidator(in_utc),
    PlainSerializer(written, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
