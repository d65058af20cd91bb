"""What must be known before figures are believed: one file a warning, and one line in this list."""

from __future__ import annotations

from core.domain.experiment_results import Warned
from core.experiments.warnings.base import Seen, Watch
from core.experiments.warnings.broken_randomisation import BrokenRandomisation
from core.experiments.warnings.design_changed import DesignChanged
from core.experiments.warnings.empty_variant import EmptyVariant
from core.experiments.warnings.many_variants import ManyVariants
from core.experiments.warnings.missing import Missing
from core.experiments.warnings.novelty import Novelty
from core.experiments.warnings.outliers import Outliers
from core.experiments.warnings.peeking import Peeking
from core.experiments.warnings.read_as_yes import ReadAsYes
from core.experiments.warnings.sample_ratio import SampleRatio
from core.experiments.warnings.small_counts import SmallCounts
from core.experiments.warnings.too_early import TooEarly
from core.experiments.warnings.unknown_variant import UnknownVariant

WATCHES: tuple[Watch, ...] = (
    # the data cannot be believed
    EmptyVariant(),
    SampleRatio(),
    BrokenRandomisation(),
    UnknownVariant(),
    Missing(),
    DesignChanged(),
    # the figures must be read with care
    Peeking(),
    ReadAsYes(),
    Outliers(),
    Novelty(),
    SmallCounts(),
    TooEarly(),
    ManyVariants(),
)
"""Every warning, in the order in which they are shown within one severity."""
SEVERITIES = ("stop", "warning", "info")


def health(seen: Seen) -> tuple[Warned, ...]:
    """Everything there is to warn about, the worst first."""
    found = [warned for watch in WATCHES for warned in watch.find(seen)]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


__all__ = ["WATCHES", "Seen", "Watch", "health"]
