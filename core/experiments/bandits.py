"""Bandits: live, in rounds that are decided one after the other; in a rehearsal, played again."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.errors import Undefined
from core.domain.experiment_results import Analysis, BanditReading
from core.domain.experiments import Design, Experiment
from core.domain.samples import Cell, Sample
from core.experiments.bandit_reading import Round, reading_of
from core.experiments.bandit_replay import replayed
from core.experiments.statistics import thompson_shares
from core.store import LiveOrigin, ParticipantReading, RunsOrigin, Store

ROUND = 50
"""So many participants come in before a live bandit reckons its shares anew."""
KINDS = ("proportion", "mean", "revenue", "retention")
"""What a bandit can be rewarded by: something that each participant has for themselves."""


class BanditRoom:
    """Says what bandits do now, and what they did.

    Args:
        store: The workspace's tables.
        participants: What is read; the store's as it is now, if not given.
    """

    def __init__(self, store: Store, participants: ParticipantReading | None = None) -> None:
        self._store = store
        self._participants = participants or store.participants

    def shares(self, experiment: Experiment) -> tuple[int, dict[str, float]]:
        """(round, each variant's probability): they stay the same within a round.

        Who came in and has no outcome yet counts as not having it. A variant is thus learned about
        as fast as its outcomes come; where they take longer in one than in another, the bandit is
        late to favour it, and never unable to: each variant keeps a share.
        """
        live = self._store.live
        round = sum(live.counts(experiment.id).values()) // ROUND
        kept = live.shares(experiment.id, round)
        if kept is not None:
            return round, kept
        design = experiment.design
        arms = _arms(design, self._cells(experiment, None)) if round else []
        known = arms or [Sample.none()] * len(design.variants)
        return round, _thompson(design, known)

    def told(
        self, experiment: Experiment, analysis: Analysis, participants: ParticipantReading
    ) -> Analysis:
        """A look, with what the bandit did, of the same moment."""
        try:
            found = BanditRoom(self._store, participants).reading(experiment)
        except Undefined:
            return analysis
        return analysis if found is None else analysis.model_copy(update={"bandit": found})

    def reading(self, experiment: Experiment) -> BanditReading | None:
        """What a bandit did; None where none was asked for.

        Raises:
            Undefined: If too few came to say anything.
        """
        if experiment.design.assignment.how != "bandit" or experiment.design.primary is None:
            return None
        if experiment.source == "rehearsal":
            origin = RunsOrigin(experiment.runs, experiment.design.population or "")
            return replayed(self._participants, origin, experiment.design)
        if experiment.source != "live":
            return None
        return reading_of(experiment.design, list(self._rounds(experiment)))

    def _rounds(self, experiment: Experiment) -> Sequence[Round]:
        design = experiment.design
        by_round: dict[int, list[Cell]] = {}
        for cell in self._cells(experiment, "round"):
            by_round.setdefault(int(cell.value or 0), []).append(cell)
        return [
            Round(self._store.live.shares(experiment.id, round) or {}, _arms(design, cells))
            for round, cells in sorted(by_round.items())
        ]

    def _cells(self, experiment: Experiment, segment: str | None) -> list[Cell]:
        design, primary = experiment.design, experiment.design.primary
        asked = design.model_copy(update={"metrics": (primary,), "segments": ()})
        origin = LiveOrigin(experiment.id)
        return self._participants.cells(origin, asked, segment=segment)


def _arms(design: Design, cells: Sequence[Cell]) -> list[Sample]:
    """What is known of the primary metric, by variant in the design's order."""
    primary = design.primary
    found = {
        cell.variant: cell.metrics[primary.id].sample.part(0)
        for cell in cells
        if primary is not None
    }
    return [found.get(variant.id) or Sample.none() for variant in design.variants]


def _thompson(design: Design, arms: Sequence[Sample]) -> dict[str, float]:
    primary = design.primary
    if primary is None:
        raise Undefined("Nothing is measured, so nothing can be learned.")
    shares = thompson_shares(
        arms, kind=primary.kind, lower=primary.better == "lower", prior=design.prior
    )
    return {variant.id: share for variant, share in zip(design.variants, shares, strict=True)}
