"""Experiments: which of several variants is better, how sure that is, and what to do."""

from __future__ import annotations

from core.experiments.analysis import analyse
from core.experiments.assignment import by_hash, next_of_stratum, shares_of, stratum_of
from core.experiments.datasets import Datasets
from core.experiments.exporting import FORMATS
from core.experiments.figures import figures
from core.experiments.library import Experiments
from core.experiments.measures import MEASURES
from core.experiments.reading import Readings, StoredReadings
from core.experiments.rooms import Rooms
from core.experiments.rule_errors import rule_errors
from core.experiments.significance import significance

__all__ = [
    "FORMATS",
    "MEASURES",
    "Datasets",
    "Experiments",
    "Readings",
    "Rooms",
    "StoredReadings",
    "analyse",
    "by_hash",
    "figures",
    "next_of_stratum",
    "rule_errors",
    "shares_of",
    "significance",
    "stratum_of",
]
