"""What stands over every view of a twin."""

from __future__ import annotations

from core.domain.twins import Twin
from pages.parts.context import workspace
from pages.parts.page import counted


def facts(twin: Twin) -> list[str]:
    """The small line over every view: whose, which version, how much it rests on."""
    if twin.version is None:
        return ["Cast", "creator twin", "not trained yet"]
    version = workspace().twins.version(twin.id)
    return [
        "Cast",
        twin.name,
        f"version {version.number}",
        counted(len(version.pieces), "piece"),
        counted(version.profile.words, "word"),
        "demo data" if workspace().demo else "",
    ]
