"""A look at an experiment, written down as a file."""

from __future__ import annotations

from pathlib import Path

from core.domain.errors import BadInput
from core.domain.experiment_results import Analysis
from core.domain.experiments import Design
from core.experiments.exports import EXPORTS

_USUAL = "md"


def export_format(out: str, format: str | None) -> str:
    """The format that a file is to have: as it is said, else by its ending.

    Raises:
        BadInput: If there is none of that name.
    """
    ending = Path(out).suffix.lower().removeprefix(".")
    wanted = format or ("html" if ending == "htm" else ending) or _USUAL
    if wanted not in EXPORTS:
        place = "--format" if format else out
        fix = f"Use {', '.join(EXPORTS)}."
        raise BadInput(f"There is no format '{wanted[:60]}'.", place=place, fix=fix)
    return wanted


def written_analysis(analysis: Analysis, design: Design, format: str) -> bytes:
    """An analysis in one of the formats."""
    return EXPORTS[format].write(analysis, design).encode()
