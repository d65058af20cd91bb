"""Messages: thousands of them checked at once."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.common import StrictRoute
from api.models import CheckedMessages, MessagesToCheck
from core.messages import check_messages

router = APIRouter(prefix="/messages", tags=["Messages"], route_class=StrictRoute)


@router.post("/check", response_model=CheckedMessages)
def check_some_messages(wanted: MessagesToCheck) -> Response:
    """Check messages: each comes back as it came, in order, with its risk, tone and findings."""
    checks = check_messages(wanted.messages)
    pairs = zip(wanted.messages, checks, strict=True)
    found = {"items": [one.with_findings(check) for one, check in pairs]}
    return Response(orjson.dumps(found), media_type="application/json")
