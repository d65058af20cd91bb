"""Events: one thing that happened, append-only, ordered within a run. The only record there is."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel

from core.domain.moments import Moment

Kind = Literal[
    "entered",
    "stepped",
    "sent",
    "delivered",
    "failed",
    "read",
    "clicked",
    "replied",
    "ignored",
    "timed_out",
    "branched",
    "set",
    "tagged",
    "goal_reached",
    "opted_out",
    "handed_off",
    "ended",
    "engine_failed",
    "rated",
]
EVENT_KINDS: tuple[Kind, ...] = get_args(Kind)
Actor = Literal["flow", "twin", "contact", "engine"]

EVENT_COLUMNS: tuple[str, ...] = (
    "run_id",
    "contact_id",
    "seq",
    "occurred_at",
    "simulated_at",
    "variant",
    "actor",
    "kind",
    "step_id",
    "channel",
    "body",
    "payload",
)


class Event(BaseModel):
    """One event as it is read back. What ``payload`` holds, by kind:

    ===============  ==========================================================================
    entered          persona, and the population's name for the person
    stepped          visit (1 for the first time)
    sent             subject, preheader, template, twin, answers, citations, held_until, questions,
                     sources (file, start, end, place in the twin's content)
    delivered, read  visit (of the step whose message it is, as in all that follow a message)
    failed           reason: opted_out, no_address, bounced, template_error; message
    clicked          link, reasoning, status, why (what weighed in, in log-odds), source (where a
                     language model said it: model, prompt, call, the address of its answer)
    replied          to (the step that asked), intent, sentiment, hours, late, answers,
                     reasoning, status, why, source
    ignored          to, read (whether it was opened), reasoning, status, why, source
    engine_failed    to, reasoning, status (refused, invalid, unavailable, skipped), source
    timed_out        after (seconds waited)
    branched         way (next, on_reply, on_timeout, branch:N, else, arm:NAME), to, error
    set              values, error; for a webhook url, method, called=false
    tagged           add, remove
    goal_reached     name, value
    opted_out        to, by (reply or link); by link also reasoning, status, why, source
    handed_off       to, reason
    ended            reason (end, no_next, handoff, too_long, …), way, at (when the flow was left)
    ===============  ==========================================================================
    """

    run_id: str
    contact_id: str
    seq: int
    occurred_at: Moment
    simulated_at: Moment
    variant: str | None
    actor: Actor
    kind: Kind
    step_id: str | None
    channel: str | None
    body: str | None
    payload: dict[str, Any]
