"""A finding: one place where a named rule does not hold."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

Severity = Literal["error", "warning", "info"]


class Finding(BaseModel):
    """One place where a rule does not hold, as DESIGN's flow format gives it."""

    type: str
    severity: Severity
    step_id: str | None = None
    message: str
    fix: str | None = None
