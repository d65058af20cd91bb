"""What the store adds up when a run is read: sums and counts, and rows for single people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.events import Kind


@dataclass(frozen=True, slots=True)
class Moments:
    """A number over people: how many have one, its mean, SD and quartiles (None for nobody)."""

    n: int
    mean: float | None
    sd: float | None
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class PersonaSums:
    """What one persona's people did; ``persona`` is None for everybody together.

    ``silent`` got three messages or more and neither answered nor clicked; ``sent_after`` were
    sent something after they had opted out, which must not happen.
    """

    persona: str | None
    people: int
    received: int
    opened: int
    clicked: int
    answered: int
    goal: int
    opted_out: int
    silent: int
    sent_after: int
    messages: Moments
    replies: Moments
    words: Moments
    questions: Moments
    median_days: float | None
    longest_days: float | None


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many events of one kind a step has."""

    step_id: str
    kind: Kind
    count: int
    channel: str | None


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a step, or a way out of it, was taken, and by how many people."""

    step_id: str
    way: str | None
    visits: int
    people: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many left the flow at a step, and why; ``way`` is one that leads nowhere."""

    step_id: str
    reason: str
    way: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ReplyCount:
    """Replies to one step's messages, of one kind."""

    step_id: str
    intent: str
    sentiment: str
    late: bool
    count: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Messages that did not arrive, or that the engine could not answer."""

    step_id: str
    kind: Kind
    reason: str
    count: int
    people: int


@dataclass(frozen=True, slots=True)
class GoalCount:
    """How many of a persona's people reached a goal; persona None is everybody."""

    name: str
    persona: str | None
    people: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of one step, with what came of it; payloads are JSON text or None."""

    contact_id: str
    persona: str
    step_id: str
    visit: int
    seq: int
    simulated_at: datetime
    occurred_at: datetime
    channel: str | None
    sent: str | None
    held: str | None
    reply: str | None
    was_sent: bool
    was_read: bool
    was_clicked: bool
    was_opted_out: bool
    was_handed_off: bool
    sent_payload: str | None
    reply_payload: str | None
    click_payload: str | None
    ignored_payload: str | None
    failed_payload: str | None
    engine_payload: str | None
    branch_payload: str | None
    goal_payload: str | None
    end_payload: str | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's way through, on one line."""

    contact_id: str
    name: str | None
    persona: str
    sent: int
    replied: int
    goals: tuple[str, ...]
    opted_out: bool
    reason: str | None
    days: float | None


@dataclass(frozen=True, slots=True)
class PairedCount:
    """One yes-or-no measure of the same people in two runs."""

    name: str
    a: int
    b: int
    only_a: int
    only_b: int
    only_a_people: tuple[str, ...]
    only_b_people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairedRuns:
    """Two runs of the same people: the people in both, and what differs."""

    people: int
    counts: tuple[PairedCount, ...]
    messages_a: float | None
    messages_b: float | None
    difference: float | None
    difference_sd: float | None


@dataclass(frozen=True, slots=True)
class PairedMoments:
    """A number of people in two runs; ``pairs`` of them have it in both."""

    a: Moments
    b: Moments
    pairs: int
    difference: float | None
    difference_sd: float | None


@dataclass(frozen=True, slots=True)
class PairedReactions:
    """What one persona's people did with one step's messages in two runs.

    ``persona`` is None for everybody, ``step_id`` for the whole run. ``people_a`` and ``people_b``
    were sent something there, ``both`` of them in both runs. Those who ``counts`` says did
    something in one run alone are among ``both``.
    """

    persona: str | None
    step_id: str | None
    people_a: int
    people_b: int
    both: int
    counts: tuple[PairedCount, ...]
    moments: dict[str, PairedMoments]
