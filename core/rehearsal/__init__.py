"""Playing a script with a population, and reading what came of it."""

from __future__ import annotations

from core.rehearsal.cobertura import cobertura
from core.rehearsal.covering import Seen, cover, searched, witness_test
from core.rehearsal.director import Script, Stage, play_batch
from core.rehearsal.exports import trial_as_junit
from core.rehearsal.flow_tests import FlowTests
from core.rehearsal.jobs import Rehearsals
from core.rehearsal.parameters import ParameterVersions, Version
from core.rehearsal.playing import Playing
from core.rehearsal.problems import told_problem
from core.rehearsal.progress import Progress
from core.rehearsal.report import Reports
from core.rehearsal.testing import (
    MOST_COPIES,
    Backstage,
    Trials,
    checked_transcript,
    shipped_backstage,
)
from core.rehearsal.transcript import title
from core.rehearsal.versions import Versions
from core.rehearsal.workers import collect_seldom, make_workers

__all__ = [
    "MOST_COPIES",
    "Backstage",
    "FlowTests",
    "ParameterVersions",
    "Playing",
    "Progress",
    "Rehearsals",
    "Reports",
    "Script",
    "Seen",
    "Stage",
    "Trials",
    "Version",
    "Versions",
    "checked_transcript",
    "cobertura",
    "collect_seldom",
    "cover",
    "make_workers",
    "play_batch",
    "searched",
    "shipped_backstage",
    "title",
    "told_problem",
    "trial_as_junit",
    "witness_test",
]
