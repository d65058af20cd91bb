"""A room of experiments made by hand: pages over it show what real data would rarely give."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.domain.errors import NotFound
from core.domain.experiment_life import TranscriptsBeside, TurnsBeside, Words
from core.domain.experiment_results import Analysis, Beside, BesideList
from core.domain.experiments import Applied, Decided, Design, Experiment
from core.domain.reports import Transcript, Turn
from tests.support.made_experiments import AT, made_analysis, made_experiment


@dataclass
class MadeExperiments:
    """Stands where ``workspace.experiments`` does; looks find something new where ``fresh``."""

    kept: dict[str, tuple[Experiment, Analysis | None]] = field(default_factory=dict)
    fresh: bool = False
    read: int = 0
    """How often the stored look was read."""

    def add(self, experiment: Experiment | None = None, analysis: Analysis | None = None) -> str:
        """Keep one, with what its newest look found."""
        experiment = experiment or made_experiment()
        if experiment.looks and analysis is None:
            analysis = made_analysis(experiment.design)
        if analysis is not None:
            changed = {"experiment_id": experiment.id, "number": max(1, experiment.looks)}
            analysis = analysis.model_copy(update=changed)
        self.kept[experiment.id] = experiment, analysis
        return experiment.id

    def list(self, limit: int | None = None, offset: int = 0) -> list[Experiment]:
        """All of them."""
        return [experiment for experiment, _ in self.kept.values()][offset:][:limit]

    def count(self) -> int:
        """How many."""
        return len(self.kept)

    def get(self, id: str) -> Experiment:
        """One of them."""
        if id not in self.kept:
            raise NotFound(f"There is no experiment '{id}' here.")
        return self.kept[id][0]

    def newest(self, id: str) -> Analysis | None:
        """What the newest look found."""
        self.read += 1
        return self.kept[id][1]

    def ready(self, id: str) -> bool:
        """Whether there is something to look at."""
        return bool(self.kept[id][0].runs)

    def looks(self, id: str) -> builtins.list[tuple[int, datetime]]:
        """A look a day, the last one on the day of the analysis."""
        total = self.kept[id][0].looks
        return [(at, AT - timedelta(days=total - at)) for at in range(1, total + 1)]

    def seen(self, id: str, number: int) -> Analysis:
        """An earlier look: the same, of another day."""
        analysis = self.kept[id][1]
        assert analysis is not None
        return analysis.model_copy(update={"number": number, "at": dict(self.looks(id))[number]})

    def copy(self, id: str) -> Experiment:
        """A draft with the same design."""
        draft = self.get(id).model_copy(update={"id": f"{id}-copy", "status": "draft", "looks": 0})
        self.add(draft)
        return draft

    def look(self, id: str) -> Analysis:
        """Another look, if anything is new."""
        experiment, analysis = self.kept[id]
        if analysis is None or self.fresh:
            number = experiment.looks + 1
            found = (analysis or made_analysis(experiment.design)).model_copy(
                update={"number": number, "experiment_id": id}
            )
            self.kept[id] = experiment.model_copy(update={"looks": number}), found
            return found
        return analysis

    def decide(
        self,
        id: str,
        *,
        outcome: Any = None,
        variant: str | None = None,
        note: str = "",
        by: Any = "rule",
    ) -> Experiment:
        """Record a decision."""
        _, analysis = self.kept[id]
        assert analysis is not None
        advice = analysis.advice
        decided = Decided(
            at=AT,
            outcome=outcome or advice.outcome,
            variant=variant or (advice.variant if outcome is None else None),
            look=analysis.number,
            reasons=advice.reasons,
            by=by,
            note=note,
        )
        return self._change(id, status="decided", decided=decided)

    def apply(self, id: str) -> Experiment:
        """The winner becomes the version in use."""
        decided = self.kept[id][0].decided
        assert decided is not None
        assert decided.variant is not None
        what = "The flow “Re-engage” has version 3 now."
        return self._change(id, applied=Applied(at=AT, variant=decided.variant, what=what))

    def beside(self, id: str, a: str, b: str, **_: Any) -> BesideList:
        """Three people, two of whom it made a difference to."""
        people = tuple(
            Beside(
                contact_id=f"cold-carl-000{at}",
                name=name,
                persona="cold-carl",
                run_a="r-1",
                run_b="r-2",
                outcome_a="ended",
                outcome_b="booked" if at < 3 else "ended",
                value_a=0,
                value_b=1 if at < 3 else 0,
                parts_at="the reply to “hello”" if at < 3 else None,
            )
            for at, name in enumerate(("Cold Carl", "שרה לוי", "<b>Mia</b>"), start=1)
        )
        return BesideList(
            metric="booked",
            variant_a=a,
            variant_b=b,
            same=1,
            only_a=0,
            only_b=2,
            contacts=people,
            total=len(people),
        )

    def transcripts(self, id: str, contact: str, a: str, b: str) -> TranscriptsBeside:
        """Two short conversations that part at their first message."""
        assert id in self.kept
        said = ("Your seat is kept.", "Shall I keep your seat?")
        sides = [made_transcript(contact, body) for body in said]
        return TranscriptsBeside(
            contact_id=contact,
            variant_a=a,
            variant_b=b,
            a=sides[0],
            b=sides[1],
            differs_a=(0,),
            differs_b=(0,),
            parts_at="the first message",
            turns=(
                TurnsBeside(
                    seq_a=0,
                    seq_b=0,
                    same=False,
                    body_a=(
                        Words(text="Your seat is kept", changed=True),
                        Words(text=".", changed=False),
                    ),
                    body_b=(Words(text="Shall I keep your seat?", changed=True),),
                ),
            ),
        )

    def export(self, id: str, format: str) -> bytes:
        """A few bytes that say which."""
        return f"{id} as {format}".encode()

    def plan_real(self, id: str) -> Design:
        """The same design, for real people."""
        return self.get(id).design

    def _change(self, id: str, **fields: Any) -> Experiment:
        experiment, analysis = self.kept[id]
        changed = experiment.model_copy(update=fields)
        self.kept[id] = changed, analysis
        return changed


def made_transcript(contact: str, body: str) -> Transcript:
    """One message and one reply."""
    at = "2026-01-05T09:00:00"
    turns = [
        Turn.model_validate(
            {
                "seq": 0,
                "side": "out",
                "kind": "sent",
                "at": at,
                "local": "Monday, 9:00",
                "channel": "sms",
                "body": body,
            }
        ),
        Turn.model_validate(
            {
                "seq": 1,
                "side": "in",
                "kind": "replied",
                "at": at,
                "local": "Monday, 9:20",
                "channel": "sms",
                "body": "Yes please",
            }
        ),
    ]
    return Transcript(
        run_id="r",
        contact_id=contact,
        name="Carl",
        persona="cold-carl",
        persona_name="Cold Carl",
        age=40,
        timezone="UTC",
        title="t",
        turns=turns,
        goals=[],
        opted_out=False,
        ended=None,
        days=1,
        position=0,
        contacts=3,
    )
