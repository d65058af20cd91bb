"""When a flow's messages can go out: every moment that some way through it leads to."""

from core.flows.timing.hours import DAY, HOUR, Clock, Dial, Hours, spoken_time
from core.flows.timing.walk import Memory, Timeline, timeline

__all__ = ["DAY", "HOUR", "Clock", "Dial", "Hours", "Memory", "Timeline", "spoken_time", "timeline"]
