"""Playing a script with a population, and reading what came of it."""

from __future__ import annotations

from core.rehearsal.director import Script, Stage, play_batch
from core.rehearsal.jobs import Rehearsals
from core.rehearsal.parameters import ParameterVersions, Version
from core.rehearsal.playing import Playing
from core.rehearsal.progress import Progress
from core.rehearsal.report import Reports
from core.rehearsal.workers import collect_seldom, make_workers

__all__ = [
    "ParameterVersions",
    "Playing",
    "Progress",
    "Rehearsals",
    "Reports",
    "Script",
    "Stage",
    "Version",
    "collect_seldom",
    "make_workers",
    "play_batch",
]
