"""Messages: thousands of them checked at once."""

from __future__ import annotations

from fastapi import APIRouter

from api.common import StrictRoute
from api.models import CheckedMessages, MessagesToCheck
from core.messages import check_messages

router = APIRouter(prefix="/messages", tags=["Messages"], route_class=StrictRoute)


@router.post("/check")
def check_some_messages(wanted: MessagesToCheck) -> CheckedMessages:
    """Check messages: spam risk, tone, SMS segments and findings of each, in the same order."""
    return CheckedMessages(items=check_messages(wanted.messages))
