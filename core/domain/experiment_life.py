"""What goes into an experiment and comes out of it beside its figures.

What still keeps a draft from starting, who was sent to which variant, what participants did, and
one person's conversations in two variants.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from core.domain.moments import Moment
from core.domain.personas import Plain
from core.domain.reports import Result, Transcript
from core.domain.twins import Frozen

ContactId = Annotated[Plain, StringConstraints(min_length=1, max_length=200)]
LiveKind = Literal[
    "sent",
    "delivered",
    "read",
    "clicked",
    "replied",
    "goal_reached",
    "opted_out",
    "handed_off",
    "rated",
    "ended",
    "stepped",
]
"""What a live source may report; who comes in is reported by asking for a variant."""
LIVE_WORDS: dict[str, LiveKind] = {
    "opened": "read",
    "converted": "goal_reached",
    "goal": "goal_reached",
    "unsubscribed": "opted_out",
}
"""Other words for the same, as sources use them."""


LARGEST = 1e15
"""No figure of one event is larger: sums of squares of such ones are still exact enough."""
_FIGURES = ("value", "rating", "hours")
"""What an event's payload tells as a number, where it tells it."""


def _told(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload that can be kept, and whose figures are numbers that can be added up."""
    for name in _FIGURES:
        given = payload.get(name)
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if given is not None and not (number and abs(given) <= LARGEST):
            raise ValueError(f"'{name}' must be a number of at most {LARGEST:.0e}")
    return known_of(payload)


def known_of(told: dict[str, Any]) -> dict[str, Any]:
    """What is told of an event or a participant, if it can be kept as JSON.

    Raises:
        ValueError: If it cannot.
    """
    try:
        json.dumps(told, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("must hold text and finite numbers") from error
    return told


def _kind(given: Any) -> Any:
    return LIVE_WORDS.get(given, given) if isinstance(given, str) else given


class Obstacle(Result):
    """What keeps a draft from starting, or what should be known before it does.

    Attributes:
        place: Where: ``question``, ``variants``, ``variants.ID``, ``metrics``, ``metrics.ID``,
            ``people``, ``data``, ``assignment``, ``segments``, ``rule`` or ``plan``.
        text: What is wrong, in a sentence.
        fix: What to do about it.
        severity: ``stop`` keeps it from starting, ``warning`` does not.
    """

    place: str
    text: str
    fix: str = ""
    severity: Literal["stop", "warning"] = "stop"


class LiveEvent(Frozen):
    """One thing that a participant of a live experiment did.

    Attributes:
        contact_id: The participant, as they were assigned.
        kind: What happened.
        id: The source's own id of it: the same one twice counts once.
        at: When; now where it is not given.
        name: A goal's name.
        value: A goal's worth, or a rating.
        step_id: Where in a flow, where that is known.
        channel: On which channel.
        body: The words.
        payload: Whatever else is known (``intent``, ``hours``).
    """

    contact_id: ContactId
    kind: Annotated[LiveKind, BeforeValidator(_kind)]
    id: Annotated[Plain, StringConstraints(max_length=200)] = ""
    at: Moment | None = None
    name: Plain | None = None
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST, allow_inf_nan=False)
    step_id: Plain | None = None
    channel: Plain | None = None
    body: Annotated[Plain, StringConstraints(max_length=100_000)] | None = None
    payload: Annotated[dict[str, Any], AfterValidator(_told)] = Field(default_factory=dict)


class Assigned(Result):
    """Which variant a participant meets.

    Attributes:
        contact_id: The participant.
        variant: The variant's id.
        probability: How likely it was, when it was decided.
        new: Whether it was decided now; the same one comes back ever after.
    """

    contact_id: str
    variant: str
    probability: float
    new: bool


class Received(Result):
    """What became of events that came in.

    Attributes:
        kept: How many were kept.
        repeated: How many had been kept before, by their id.
        unknown: How many are of contacts that no variant was assigned to; they count nowhere.
        unknown_contacts: Some of those contacts.
        early: How many of those kept were before their participant came in; they count nowhere.
        ahead: How many of those kept lie more than a day in the future.
    """

    kept: int
    repeated: int = 0
    unknown: int = 0
    unknown_contacts: tuple[str, ...] = ()
    early: int = 0
    ahead: int = 0


class Words(Result):
    """A piece of a text; ``changed`` where the other variant says something else."""

    text: str
    changed: bool


class TurnsBeside(Result):
    """The turns of two conversations that belong together, by their ``seq``.

    Attributes:
        seq_a: The turn in the first variant, None where there is none.
        seq_b: The turn in the second.
        same: Whether they say the same; when they were said does not count.
        subject_a: The first one's subject, with what differs marked.
        subject_b: The second one's.
        body_a: The first one's words, with what differs marked.
        body_b: The second one's.
    """

    seq_a: int | None
    seq_b: int | None
    same: bool
    subject_a: tuple[Words, ...] = ()
    subject_b: tuple[Words, ...] = ()
    body_a: tuple[Words, ...] = ()
    body_b: tuple[Words, ...] = ()


class TranscriptsBeside(Result):
    """One contact's conversations in two variants, on the same seed.

    Attributes:
        contact_id: The contact.
        variant_a: The first variant's id.
        variant_b: The second's.
        a: The conversation in the first variant.
        b: The one in the second.
        differs_a: The turns (``seq``) of the first that the second does not have so.
        differs_b: Those of the second.
        parts_at: Where the two ways first part, in words; None where they do not.
        turns: Both, turn by turn.
    """

    contact_id: str
    variant_a: str
    variant_b: str
    a: Transcript
    b: Transcript
    differs_a: tuple[int, ...]
    differs_b: tuple[int, ...]
    parts_at: str | None
    turns: tuple[TurnsBeside, ...]
