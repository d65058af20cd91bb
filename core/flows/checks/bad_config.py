"""A value that cannot be used, or one that nothing uses."""

from __future__ import annotations

from typing import Any

from core.domain.findings import Finding
from core.flows.checks.base import ReadingCheck
from core.flows.checks.mending import changed, parts_of
from core.flows.checks.view import FlowView
from core.flows.draft import FIXES, meant, misplaced


class BadConfig(ReadingCheck):
    """A value that cannot be used, or one that nothing uses."""

    id = "bad_config"
    family = "structure"
    severity = "error"
    title = "Every step has what it needs, in the right form"
    explanation = (
        "A value is missing or cannot be read: a pause without a length, a message without "
        "words, a time zone that does not exist. Where a value is only unused, because its name "
        "is not known or this kind of step does not need it, this is a warning."
    )
    fix = FIXES["bad_config"]
    example = """
name: A pause without a length
steps:
  - {id: pause, type: delay, config: {duration: a while}, next: done}
  - {id: done, type: end}
"""

    def mending(self, view: FlowView, finding: Finding) -> str:
        """Names the key as it is to be, or the one that moves."""
        near, low = meant(finding.fix), misplaced(finding.fix)
        if near is not None:
            return f"Call it “{near}”"
        return f"Move “{low}” under config" if low is not None else self.mends

    def repair(self, view: FlowView, finding: Finding) -> dict[str, Any] | None:
        """Rename a misspelled key, or move one that stands a level too high."""
        path = parts_of(finding.message.split(": ", 1)[0])
        near, low = meant(finding.fix), misplaced(finding.fix)
        try:
            if near is not None:
                return _renamed(view.document, path, near)
            return _moved(view.document, path[:2], low) if low is not None else None
        except LookupError:
            return None


def _renamed(document: dict[str, Any], path: list[str | int], near: str) -> dict[str, Any]:
    *above, name = path

    def rename(holder: dict[str, Any]) -> dict[str, Any]:
        if name not in holder or near in holder:
            raise LookupError(name)
        return {near if key == name else key: value for key, value in holder.items()}

    mended: dict[str, Any] = changed(document, above, rename)
    return mended


def _moved(document: dict[str, Any], step: list[str | int], key: str) -> dict[str, Any]:
    def move(holder: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in holder.items() if name != key}
        return {**rest, "config": {**(holder.get("config") or {}), key: holder[key]}}

    mended: dict[str, Any] = changed(document, step, move)
    return mended
