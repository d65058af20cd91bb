"""Moments: UTC everywhere, without a zone inside, with one wherever they leave as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema


def written(moment: datetime) -> str:
    """A moment as RFC 3339 wants it: ``2026-01-05T09:00:00Z``."""
    return f"{moment.isoformat()}Z" if moment.tzinfo is None else moment.isoformat()


Moment = Annotated[
    datetime,
    PlainSerializer(written, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
