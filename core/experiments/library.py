"""The experiments of a workspace: designed, started, looked at, decided, put to use.

What was decided before the data came is frozen at the start: the whole design, names and notes
too, so that anybody can work out its fingerprint again. Whoever wants it otherwise copies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from core.domain.errors import Conflict, NotFound
from core.domain.experiment_life import TranscriptsBeside
from core.domain.experiment_results import Analysis, BanditReading, BesideList, Outcome
from core.domain.experiments import Applied, Experiment
from core.experiments.applying import put_to_use, winner_of
from core.experiments.beside import SideBySide
from core.experiments.drafts import Drafts
from core.experiments.exporting import exported
from core.experiments.going import Going
from core.experiments.recording import by_person, by_rule


class Experiments(Drafts, Going):
    """The experiments of one workspace, with what is read from them and decided."""

    def look(self, id: str) -> Analysis:
        """The results now. The same data are the same look; each new one is counted.

        Raises:
            Conflict: If there is nothing to look at yet.
            NotFound: If its data are not there any more.
        """
        with self._lock:
            experiment = self.get(id)
            analysis = self._looking.look(experiment)
            if experiment.source == "rehearsal" and experiment.finished_at is None:
                self._put(experiment, finished_at=self._rested(experiment))
            return analysis

    def _rested(self, experiment: Experiment) -> datetime:
        runs = self._rehearsing.runs(experiment).values()
        return max((run.finished_at for run in runs if run.finished_at), default=self._clock())

    def newest(self, id: str) -> Analysis | None:
        """The newest look that was taken; None where nobody has looked."""
        return self._table.look(self.get(id).id)

    def looks(self, id: str) -> Sequence[tuple[int, datetime]]:
        """(number, when) of every look."""
        return self._table.looks(self.get(id).id)

    def seen(self, id: str, number: int) -> Analysis:
        """One look as it was.

        Raises:
            NotFound: If there is no such look.
        """
        found = self._table.look(self.get(id).id, number)
        if found is None:
            raise NotFound(f"There was no look {number}.", place="look")
        return found

    def beside(
        self,
        id: str,
        a: str,
        b: str,
        *,
        metric: str | None = None,
        only_different: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> BesideList:
        """The same contacts in two variants, those that differ first.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
            NotFound: If there is no such variant or metric.
        """
        return SideBySide(self._rooms, self._rehearsing).listed(
            self.get(id), a, b, metric, only_different=only_different, limit=limit, offset=offset
        )

    def transcripts(self, id: str, contact_id: str, a: str, b: str) -> TranscriptsBeside:
        """One contact's conversations in two variants, with what differs marked.

        Raises:
            Conflict: If it is no rehearsal, or not finished.
            NotFound: If there is no such variant or contact.
        """
        return SideBySide(self._rooms, self._rehearsing).transcripts(self.get(id), contact_id, a, b)

    def bandit(self, id: str) -> BanditReading | None:
        """What a bandit did, or would have done; None where none was asked for.

        Raises:
            Conflict: If there is nothing to look at yet.
        """
        experiment = self.get(id)
        self._looking.origin(experiment)
        return self._bandits.reading(experiment)

    def export(self, id: str, format: str) -> bytes:
        """The newest look as a file: html, md, csv or json; or the design as yaml.

        Raises:
            BadInput: If there is no such format.
            Conflict: If there is nothing to look at yet.
        """
        return exported(self.get(id), format, lambda: self.newest(id) or self.look(id))

    # Deciding

    def decide(
        self,
        id: str,
        *,
        outcome: Outcome | None = None,
        variant: str | None = None,
        note: str = "",
        by: Literal["rule", "person"] = "rule",
    ) -> Experiment:
        """Record a decision: the rule's, or a person's with its reason.

        Raises:
            BadInput: If a person's decision lacks something.
            Conflict: If the rule does not say so, or it has been decided already.
        """
        with self._lock:
            experiment = self.get(id)
            if experiment.decided is not None:
                raise Conflict("It has been decided already.", fix="Copy it to try again.")
            analysis = self.look(id)
            now, design = self._clock(), experiment.design
            decided = (
                by_rule(analysis, now, outcome, variant, note)
                if by == "rule"
                else by_person(design, analysis, now, outcome, variant, note)
            )
            experiment = self.get(id)
            finished = experiment.finished_at or now
            return self._put(experiment, status="decided", decided=decided, finished_at=finished)

    def apply(self, id: str) -> Experiment:
        """Let the winner be what is in use.

        Raises:
            Conflict: If nothing has won, there is nothing to change here, or it was changed
                meanwhile.
        """
        with self._lock:
            experiment = self.get(id)
            variant = winner_of(experiment)
            what = put_to_use(self._rooms, experiment, variant)
            applied = Applied(at=self._clock(), variant=variant.id, what=what)
            return self._put(experiment, applied=applied)
