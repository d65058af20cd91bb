"""Drafts: changed, checked, planned, given their data. What has started is frozen."""

from __future__ import annotations

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.experiment_life import Obstacle
from core.domain.experiment_results import Plan
from core.domain.experiments import Data, Design, Experiment, SourceKind, Variant
from core.experiments.checking import obstacles, refuse
from core.experiments.columns import missing_columns
from core.experiments.fitting import copied, fitted
from core.experiments.kept import Kept, check_draft
from core.experiments.suggesting import suggested


class Drafts(Kept):
    """What is done before the start, and with whole experiments."""

    def change(self, id: str, design: Design, source: SourceKind | None = None) -> Experiment:
        """Change a draft, and where its figures come from.

        Raises:
            Conflict: If it has started.
        """
        with self._lock:
            experiment = self.get(id)
            if experiment.status != "draft" and design == experiment.design:
                return experiment
            check_draft(experiment)
            source = source or experiment.source
            more = {"design": fitted(design, source), "source": source}
            return self._put(experiment, **more)

    def add_variant(self, id: str, variant: Variant) -> Experiment:
        """Give a draft one more variant.

        Raises:
            BadInput: If there is one of that name, or there are too many.
            Conflict: If it has started.
        """
        design = self.get(id).design
        if design.variant(variant.id) is not None:
            raise BadInput(
                f"There is a variant '{variant.id}' already.",
                place="variant_id",
                fix="Choose another id.",
            )
        document = design.model_dump(exclude_unset=True)
        document["variants"] = [*design.variants, variant]
        return self.change(id, Design.model_validate(document))

    def copy(self, id: str) -> Experiment:
        """A draft with the same design, which may be changed."""
        experiment = self.get(id)
        design = copied(experiment.design, experiment.id)
        made = self.create(design, experiment.source)
        return self._put(made, dataset=experiment.dataset) if experiment.dataset else made

    def delete(self, id: str) -> None:
        """Take an experiment away, with its looks and its live events; its rehearsals stay.

        Raises:
            Conflict: If its rehearsals are going on.
        """
        with self._lock:
            experiment = self.get(id)
            if self._going_on(experiment):
                raise Conflict("Its rehearsals are going on.", fix="Stop it first.")
            self._table.delete(experiment.id)
            self._live.forget(experiment.id)

    def _going_on(self, experiment: Experiment) -> bool:
        return any(self._rooms.rehearsals.going_on(run) for run in experiment.runs.values())

    def problems(
        self, design: Design, source: SourceKind = "table", dataset: str | None = None
    ) -> tuple[Obstacle, ...]:
        """What still keeps a design from starting, and what should be known before it does."""
        return obstacles(fitted(design, source), source, self._rooms, dataset)

    def suggest(self, dataset: str, data: Data | None = None) -> Design:
        """A design that fits an imported table: its variants, its metrics.

        Raises:
            NotFound: If there is no such table.
        """
        return suggested(self._rooms.store, dataset, data)

    def plan(self, design: Design, *, run: str | None = None) -> Plan:
        """How many participants a design needs, and how long that takes.

        Args:
            design: The design.
            run: A run, or a rehearsed experiment, that says what the metric is now.

        Raises:
            Undefined: If nothing says what the metric is now.
            NotFound: If there is no such run or experiment.
        """
        return self._predicting.plan(design, run)

    def predicted(self, id: str) -> Plan:
        """The plan of the real test, fed by what a rehearsed experiment found.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
        """
        return self._predicting.predicted(self.get(id))

    def plan_real(self, id: str) -> Design:
        """A design of the real test, fed by what a rehearsed experiment found.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
        """
        return self._predicting.real(self.get(id))

    def attach(self, id: str, dataset: str) -> Experiment:
        """Let an imported table be an experiment's data.

        Raises:
            BadInput: If the table lacks what a started design names.
            Conflict: If its figures come from elsewhere, or it has been decided.
            NotFound: If there is no such table.
        """
        with self._lock:
            experiment = self.get(id)
            if experiment.source != "table":
                raise Conflict(
                    "This experiment's figures do not come from a table.",
                    fix="Copy it as one that reads a table.",
                )
            if experiment.status == "decided":
                raise Conflict("It has been decided.", fix="Copy it, and attach the table there.")
            found = self._rooms.store.datasets.one(dataset)
            if found is None:
                raise NotFound(f"There is no table '{dataset}' here.", place="dataset")
            if experiment.status != "draft":
                refuse(tuple(missing_columns(experiment.design, found)))
            return self._put(experiment, dataset=found.id)
