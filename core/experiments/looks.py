"""Looks: the results at one moment, kept as they were. The same data are one look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from core.domain.errors import Conflict, NotFound
from core.domain.experiment_results import Analysis, Warned
from core.domain.experiments import Design, Experiment, Registered
from core.domain.runs import Run
from core.experiments.analysis import analyse
from core.experiments.live import LiveRoom
from core.experiments.reading import StoredReadings
from core.experiments.rehearsing import Rehearsing
from core.store import (
    Clock,
    LiveOrigin,
    Origin,
    ParticipantReading,
    RunsOrigin,
    Store,
    TableOrigin,
)

_ENGINES = {"behaviour": "the behaviour model", "language": "a language model"}
_WORST_FIRST = ("stop", "warning", "info")
After = Callable[[Experiment, Analysis, ParticipantReading], Analysis]


class Looking:
    """Looks at experiments, and keeps what was seen.

    Args:
        store: The workspace's tables.
        rehearsing: The runs of rehearsed ones.
        live: The events of live ones.
        after: Adds to a look what only the workspace knows (what a bandit did).
        clock: What time it is.
    """

    def __init__(
        self, store: Store, rehearsing: Rehearsing, live: LiveRoom, after: After, clock: Clock
    ) -> None:
        self._store = store
        self._rehearsing = rehearsing
        self._live = live
        self._after = after
        self._clock = clock

    def look(self, experiment: Experiment) -> Analysis:
        """The results now; a look that is kept already where the data are what they were.

        Raises:
            Conflict: If there is nothing to look at yet.
            NotFound: If its data are not there any more.
        """
        origin = self.origin(experiment)
        still = self._store.participants.still()
        state = f"{still.state(origin)} {experiment.design.fingerprint}"
        if self._store.experiments.state(experiment.id) == state:
            kept = self._store.experiments.look(experiment.id)
            if kept is not None:
                return kept
        analysis = self._analysed(experiment, StoredReadings(still, origin), self._clock())
        if isinstance(origin, TableOrigin):
            analysis = _with_warning(analysis, self._exchanged(experiment, origin))
        return self._store.experiments.add_look(analysis, state)

    def _analysed(self, experiment: Experiment, readings: StoredReadings, at: datetime) -> Analysis:
        earlier = self._store.experiments.people(experiment.id)
        before = self._store.experiments.look(experiment.id)
        analysis = analyse(
            as_met(experiment),
            readings,
            at=at,
            number=len(earlier) + 1,
            experiment_id=experiment.id,
            engine=self._engine(experiment),
            registered=_frozen(experiment),
            earlier=earlier,
            said=before.advice if before else None,
            data=self._told(experiment),
        )
        if experiment.registered is not None:
            frozen = {"fingerprint": experiment.registered.fingerprint}
            analysis = analysis.model_copy(update=frozen)
        analysis = _with_warning(analysis, self._strangers(experiment))
        analysis = self._after(experiment, analysis, readings.participants)
        return self._with_names(experiment, analysis)

    def _with_names(self, experiment: Experiment, analysis: Analysis) -> Analysis:
        """A look that calls personas what their population calls them."""
        if "persona" not in experiment.design.segments or experiment.source != "rehearsal":
            return analysis
        personas = self._store.populations.personas(experiment.design.population or "")
        segments = (
            one.model_copy(update={"name": personas[one.value].name})
            if one.segment == "persona" and one.value in personas
            else one
            for one in analysis.segments
        )
        return analysis.model_copy(update={"segments": tuple(segments)})

    def origin(self, experiment: Experiment) -> Origin:
        """Where an experiment's participants are.

        Raises:
            Conflict: If it is a draft, its runs are not finished, or nobody has come.
            NotFound: If its data are not there any more.
        """
        if experiment.status == "draft":
            raise Conflict(
                f"“{experiment.design.name}” is a draft: there is nothing to look at yet.",
                place="experiment",
                fix="Start it first.",
            )
        if experiment.source == "rehearsal":
            self._rehearsing.finished(experiment)
            return RunsOrigin(experiment.runs, experiment.design.population or "")
        if experiment.source == "live":
            return self._live_origin(experiment)
        return self._table_origin(experiment)

    def _table_origin(self, experiment: Experiment) -> TableOrigin:
        if experiment.dataset is None:
            raise Conflict(
                "There are no data yet.", place="data", fix="Attach a table with the results."
            )
        if self._store.datasets.one(experiment.dataset) is None:
            raise NotFound(
                "The table with the results is not there any more.",
                place="data",
                fix="Import it again, and attach it.",
            )
        return TableOrigin(experiment.dataset)

    def _live_origin(self, experiment: Experiment) -> LiveOrigin:
        if not self._store.live.counts(experiment.id):
            raise Conflict(
                "Nobody has come in yet.",
                place="data",
                fix="Ask for a variant for each participant, and send what they do.",
            )
        return LiveOrigin(experiment.id)

    def _engine(self, experiment: Experiment) -> str | None:
        if experiment.source != "rehearsal":
            return None
        return " and ".join(sorted({_engine(run) for run in self._runs(experiment)}))

    def _runs(self, experiment: Experiment) -> Sequence[Run]:
        return list(self._rehearsing.runs(experiment).values())

    def _told(self, experiment: Experiment) -> str:
        """What a look was made from, in words."""
        if experiment.source == "rehearsal":
            runs = self._runs(experiment)
            numbers = ", ".join(str(run.number) for run in runs)
            return f"rehearsals {numbers}: {runs[0].contacts:,} people, seed {runs[0].seed}"
        if experiment.source == "live":
            return "live events as they came in"
        dataset = self._store.datasets.one(experiment.dataset or "")
        return f"{dataset.rows:,} rows of “{dataset.name}”" if dataset else ""

    def _exchanged(self, experiment: Experiment, origin: TableOrigin) -> Warned | None:
        """Whether earlier looks read another table, which no registration can tell."""
        looks = self._store.experiments
        earlier = looks.tables(experiment.id)
        others = [number for number, table in earlier if table != origin.dataset]
        if not others:
            return None
        told = ", ".join(map(str, others[-3:]))
        return Warned(
            kind="design_changed",
            severity="warning",
            title="Another table than at an earlier look",
            text=f"{'Look' if len(others) == 1 else 'Looks'} {told} read another table. A longer "
            "one of the same people is right; other people, or other figures, make it another "
            "experiment.",
            fix="Compare the two tables. If more has changed than rows that were added, copy the "
            "experiment and attach the table there.",
            evidence={"looks": len(others)},
        )

    def _strangers(self, experiment: Experiment) -> Warned | None:
        found = self._live.strangers(experiment.id)
        if experiment.source != "live" or not found.unknown:
            return None
        names = ", ".join(found.unknown_contacts[:3])
        return Warned(
            kind="missing",
            severity="warning",
            title="Events of people who are in no variant",
            text=f"{found.unknown:,} events came in of contacts that no variant was assigned to "
            f"({names}, for example). They count nowhere.",
            fix="Ask for a variant before a contact is sent anything, under the same id.",
            evidence={"events": found.unknown},
        )


def as_met(experiment: Experiment) -> Design:
    """The design as its people met it: in a rehearsal, everyone met every variant.

    So they are pairs also where a bandit chooses among them afterwards, to see what it would have
    done.
    """
    design = experiment.design
    if experiment.source != "rehearsal" or design.assignment.how == "paired":
        return design
    paired = design.assignment.model_copy(update={"how": "paired"})
    return design.model_copy(update={"assignment": paired})


def _frozen(experiment: Experiment) -> Registered | None:
    """What was registered, under the fingerprint of the design as its people met it.

    A rehearsal's bandit is read in pairs, which is no change of what was decided.
    """
    registered, design = experiment.registered, experiment.design
    if registered is None or registered.fingerprint != design.fingerprint:
        return registered
    return registered.model_copy(update={"fingerprint": as_met(experiment).fingerprint})


def _with_warning(analysis: Analysis, more: Warned | None) -> Analysis:
    if more is None:
        return analysis
    warnings = sorted((*analysis.warnings, more), key=_severity)
    return analysis.model_copy(update={"warnings": tuple(warnings)})


def _severity(one: Warned) -> int:
    return _WORST_FIRST.index(one.severity)


def _engine(run: Run) -> str:
    if run.model is not None:
        return f"{_ENGINES['language']} ({run.model.name})"
    return _ENGINES["behaviour"]
