"""The ledger's layer: every call is written down, whatever became of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Generic

from core.domain.errors import CallFailed, GreenroomError, MindUnavailable
from core.domain.models import Answered, CallRecord, CallStatus
from core.minds.gateway.errors import WireError, redact
from core.minds.gateway.journal import Journal
from core.minds.gateway.protocol import Asked, Found, LayerOf, Question

STOPPED = "Stopped before it was answered."


class Recorded(Generic[Asked, Found]):
    """Writes down each call with its tokens, its price and its time.

    One that was stopped is written down too, without a price: the provider may charge for it. One
    that its budget held back was never made and is not.
    """

    def __init__(self, layer: LayerOf[Asked, Found], journal: Journal) -> None:
        self._layer = layer
        self._journal = journal

    async def complete(self, call: Asked) -> Found:
        """The model's answer, written down."""
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._layer.complete(call)
        except (CallFailed, MindUnavailable) as error:
            self._journal.record(failure(call, error, _since(started)))
            raise
        except asyncio.CancelledError:
            self._journal.record(failure(call, None, _since(started)))
            raise
        self._journal.record(record(call, answer, _since(started)))
        return answer


def record(call: Question, answer: Answered, seconds: float) -> CallRecord:
    """The ledger's line of a call that was answered."""
    return _line(
        call,
        status="refused" if answer.refused else "answered",
        seconds=seconds,
        answer=answer,
        attempts=0 if answer.cached else answer.attempts,
    )


def failure(call: Question, error: GreenroomError | None, seconds: float) -> CallRecord:
    """The ledger's line of a call that was not; None where it was stopped."""
    wire = error.__cause__ if error is not None else None
    attempts = wire.attempts if isinstance(wire, WireError) else 1
    words = STOPPED if error is None else redact(error.message)
    return _line(call, status="unavailable", seconds=seconds, attempts=attempts, error=words)


def _line(
    call: Question,
    *,
    status: CallStatus,
    seconds: float,
    attempts: int,
    answer: Answered | None = None,
    error: str | None = None,
) -> CallRecord:
    contact, step, visit = call.about or (None, None, None)
    return CallRecord(
        account=call.account,
        contact_id=contact,
        step_id=step,
        visit=visit,
        key=call.key(),
        model=call.model.model,
        prompt=call.prompt,
        status=status,
        cached=answer.cached if answer else False,
        prompt_tokens=answer.prompt_tokens if answer else 0,
        completion_tokens=answer.completion_tokens if answer else 0,
        cost_usd=answer.cost_usd if answer else None,
        seconds=seconds,
        attempts=attempts,
        error=error,
        occurred_at=datetime.now(UTC).replace(tzinfo=None),
    )


def _since(started: float) -> float:
    return asyncio.get_running_loop().time() - started
