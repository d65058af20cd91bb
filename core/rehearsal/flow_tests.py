"""The tests and the coverage of a workspace's flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from core.domain.coverage import FlowCoverage
from core.domain.errors import BadInput
from core.domain.flows import StoredFlow
from core.domain.runs import Run
from core.domain.trials import KeptTrial, Trial, Tried
from core.flows import CompiledFlow, Flows, compile_flow
from core.rehearsal.cobertura import cobertura
from core.rehearsal.covering import Seen, cover, searched, taken_in
from core.rehearsal.testing import MOST_COPIES, Backstage, Trials
from core.store import Reading, Store, utc_now


class FlowTests:
    """Plays the tests of flows in memory, keeps what came of them, and counts what is covered.

    Args:
        store: The workspace's tables.
        flows: Its flows.
        backstage: Its personas, its behaviour model and its twins.
        clock: The present moment.
    """

    def __init__(
        self,
        store: Store,
        flows: Flows,
        backstage: Backstage,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._flows = flows
        self._backstage = backstage
        self._clock = clock

    def try_document(
        self,
        document: dict[str, Any],
        *,
        only: Iterable[int] | None = None,
        most_copies: int = MOST_COPIES,
        seconds: float | None = None,
    ) -> Trial:
        """Play the tests of a document that is not kept.

        Raises:
            InvalidFlow: If it cannot be compiled.
            BadInput: If there is no such row.
        """
        trials = Trials(document, self._backstage, most_copies=most_copies, seconds=seconds)
        return trials.run(only)

    def try_flow(
        self,
        flow_id: str,
        version: int | None = None,
        *,
        only: Iterable[int] | None = None,
        most_copies: int = MOST_COPIES,
        seconds: float | None = None,
    ) -> Trial:
        """Play the tests of a kept flow; what came of them is kept.

        Rows that are not played again keep what came of them before.

        Raises:
            NotFound: If there is no such flow or version.
            InvalidFlow: If it cannot be compiled.
            BadInput: If there is no such row.
        """
        flow = self._flows.get(flow_id, version)
        trial = self.try_document(
            flow.document, only=only, most_copies=most_copies, seconds=seconds
        )
        before = self._store.flow_trials.newest(flow.id, flow.version)
        rows = {tried.result.index: tried for tried in (before.rows if before else ())}
        rows |= {tried.result.index: tried for tried in trial.rows}
        self._store.flow_trials.put(
            KeptTrial(
                **{**dict(trial), "rows": [rows[index] for index in sorted(rows)]},
                flow_id=flow.id,
                flow_version=flow.version,
                made_at=self._clock(),
            )
        )
        return trial

    def last(self, flow_id: str, version: int | None = None) -> KeptTrial | None:
        """What came of the tests of a version when they were played last; None if never.

        Raises:
            NotFound: If there is no such flow or version.
        """
        flow = self._flows.get(flow_id, version)
        return self._store.flow_trials.newest(flow.id, version)

    def cover_document(
        self,
        document: dict[str, Any],
        *,
        run: str | None = None,
        tests: bool = False,
        solve: bool = False,
        seconds: float | None = None,
    ) -> FlowCoverage:
        """What a run and the tests of a document cover, and what is known of the rest.

        Raises:
            InvalidFlow: If it cannot be compiled.
            BadInput: If there is no such run.
        """
        flow = compile_flow(document)
        played = None if run is None else self._run(run)
        trial = self.try_document(document, seconds=seconds) if tests else None
        return self._cover(flow, played, trial, solve=solve, seconds=seconds)

    def cover_flow(
        self,
        flow_id: str,
        version: int | None = None,
        *,
        run: str | None = None,
        tests: bool = False,
        solve: bool = False,
        seconds: float | None = None,
    ) -> FlowCoverage:
        """What a run and the tests of a kept flow cover, and what is known of the rest.

        With a run, its version of the flow is meant. Tests that were played already are not played
        again.

        Raises:
            NotFound: If there is no such flow, version or run.
            BadInput: If the run is of another flow.
        """
        kept, played = self._meant(flow_id, version, run)
        flow = self._flows.compiled(kept.id, kept.version)
        trial = self._tried(kept.id, kept.version, flow, seconds) if tests else None
        return self._cover(flow, played, trial, solve=solve, seconds=seconds)

    def cobertura(
        self,
        flow_id: str,
        version: int | None = None,
        *,
        run: str | None = None,
        tests: bool = False,
        solve: bool = False,
        seconds: float | None = None,
    ) -> str:
        """What is covered of a kept flow, as Cobertura XML over the lines of its text.

        Raises:
            NotFound: If there is no such flow, version or run.
            BadInput: If the run is of another flow.
        """
        flow, _ = self._meant(flow_id, version, run)
        found = self.cover_flow(
            flow_id, version, run=run, tests=tests, solve=solve, seconds=seconds
        )
        return cobertura(
            found,
            self._flows.text_of(flow),
            name=flow.name,
            filename=f"{flow.id}.yaml",
            at=self._clock().replace(tzinfo=UTC),
            version="greenroom",
        )

    def _tried(
        self, flow_id: str, version: int, flow: CompiledFlow, seconds: float | None
    ) -> Trial:
        """The kept trial of a version, where it is whole; else they are played now."""
        before = self._store.flow_trials.newest(flow_id, version)
        if before is not None and len(before.rows) == len(flow.flow.tests) and not before.notes:
            return before
        return self.try_flow(flow_id, version, seconds=seconds)

    def _meant(
        self, flow_id: str, version: int | None, run: str | None
    ) -> tuple[StoredFlow, Run | None]:
        """The flow in the version that a run played, else in the one that is named; and the run."""
        played = None if run is None else self._run(run, flow_id)
        return self._flows.get(flow_id, played.flow_version if played else version), played

    def _run(self, id: str, flow_id: str | None = None) -> Run:
        run = self._store.runs.one(id)
        if run is None or flow_id not in (None, run.flow_id):
            raise BadInput(
                f"There is no run '{id}'{' of this flow' if flow_id else ''}.",
                place="run",
                fix="See which runs of it there are.",
            )
        return run

    def _cover(
        self,
        flow: CompiledFlow,
        run: Run | None,
        trial: Trial | None,
        *,
        solve: bool,
        seconds: float | None,
    ) -> FlowCoverage:
        seen = None
        if run is not None:
            with Reading.one_moment(self._store.database) as reading:
                seen = run, taken_in(reading, run.id, flow)
        rows: list[Tried] | None = None if trial is None else trial.rows
        return cover(
            flow,
            Seen(
                run=seen,
                tests=rows,
                solved=searched(flow, seconds) if solve else None,
                notes=list(trial.notes) if trial else [],
            ),
        )
