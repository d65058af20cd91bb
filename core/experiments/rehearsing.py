"""The runs of a rehearsed experiment: one for each variant, with the same people and chance."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.errors import Conflict, NotFound
from core.domain.experiments import Design, Experiment
from core.domain.runs import Run
from core.experiments.arms import Arm, arm
from core.experiments.rooms import Rooms
from core.rehearsal import Progress


class Rehearsing:
    """Prepares, starts, stops and resumes the runs of experiments.

    Args:
        rooms: The workspace's rooms.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def prepare(self, design: Design, budget_usd: float | None = None) -> dict[str, str]:
        """Note each variant's run; one that played exactly the same is taken again."""
        arms = [arm(self._rooms, design, variant) for variant in design.variants]
        runs: dict[str, str] = {}
        for one in arms:
            run = self._prepared(design, one, budget_usd)
            if run.id in runs.values():
                run = self._prepared(design, one, budget_usd, again=True)
            runs[one.variant] = run.id
        return runs

    def _prepared(
        self, design: Design, arm: Arm, budget_usd: float | None, *, again: bool = False
    ) -> Run:
        rehearsals = self._rooms.rehearsals
        if again:
            return rehearsals.prepare(
                arm.flow_id,
                design.population or "",
                flow_version=arm.flow_version,
                seed=design.seed,
                engine="language" if arm.model else "behaviour",
                model=arm.model,
                budget_usd=budget_usd if arm.model else None,
                twins=arm.twins,
            )
        return rehearsals.prepare_once(
            arm.flow_id,
            design.population or "",
            flow_version=arm.flow_version,
            seed=design.seed,
            model=arm.model,
            budget_usd=budget_usd if arm.model else None,
            twins=arm.twins,
        )

    def go_on(self, experiment: Experiment, *, wait: bool = False) -> None:
        """Play what has not been played to its end.

        Args:
            experiment: The experiment.
            wait: Whether to play here, and come back when all has come to rest.
        """
        rehearsals = self._rooms.rehearsals
        for run in self.runs(experiment).values():
            if run.status == "finished" or run.over or rehearsals.going_on(run.id):
                continue
            if wait:
                rehearsals.play(run.id)
            else:
                rehearsals.start(run.id)

    def stop(self, experiment: Experiment) -> None:
        """Stop the runs at their next checkpoint."""
        for run in self.runs(experiment).values():
            self._rooms.rehearsals.stop(run.id)

    def wait(self, experiment: Experiment, timeout: float | None = None) -> None:
        """Wait until every run has come to rest."""
        for run in self.runs(experiment).values():
            self._rooms.rehearsals.wait(run.id, timeout)

    def progress(self, experiment: Experiment) -> dict[str, Progress]:
        """How far each variant's run is."""
        runs = self.runs(experiment)
        return {variant: self._rooms.rehearsals.progress(run.id) for variant, run in runs.items()}

    def runs(self, experiment: Experiment) -> dict[str, Run]:
        """Each variant's run.

        Raises:
            NotFound: If one was deleted.
        """
        found: dict[str, Run] = {}
        for variant, id in experiment.runs.items():
            run = self._rooms.store.runs.one(id)
            if run is None:
                raise NotFound(
                    f"The rehearsal of “{_label(experiment, variant)}” was deleted.",
                    place="runs",
                    fix="Copy the experiment and start the copy: the same people meet the same "
                    "chance again.",
                )
            found[variant] = run
        return found

    def finished(self, experiment: Experiment) -> Sequence[Run]:
        """Every variant's run.

        Raises:
            Conflict: If one is not finished, or has failed.
        """
        runs = self.runs(experiment)
        for variant, run in runs.items():
            if run.status == "finished":
                continue
            label = _label(experiment, variant)
            if run.over:
                raise Conflict(
                    f"The rehearsal of “{label}” failed: {run.error}",
                    place="runs",
                    fix="Look at that rehearsal; then copy the experiment and start the copy.",
                )
            going = self._rooms.rehearsals.going_on(run.id)
            raise Conflict(
                f"The rehearsal of “{label}” is not finished: {run.done:,} of {run.contacts:,} "
                "people have been played.",
                place="runs",
                fix="Wait until it is." if going else "Resume it.",
            )
        return list(runs.values())


def _label(experiment: Experiment, variant: str) -> str:
    found = experiment.design.variant(variant)
    return found.label if found else variant
