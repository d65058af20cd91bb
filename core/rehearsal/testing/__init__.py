"""A flow's own tests: played, looked at again until they are decided, judged."""

from __future__ import annotations

from core.rehearsal.testing.backstage import Backstage, shipped_backstage
from core.rehearsal.testing.groups import Group, Leaving, Together, outcomes_of, walk_of
from core.rehearsal.testing.judging import judge, name_of
from core.rehearsal.testing.looking import MOST_COPIES, exact, looks, rating
from core.rehearsal.testing.playing import checked_transcript
from core.rehearsal.testing.transcripts import read_transcript
from core.rehearsal.testing.trying import SEED, Trials

__all__ = [
    "MOST_COPIES",
    "SEED",
    "Backstage",
    "Group",
    "Leaving",
    "Together",
    "Trials",
    "checked_transcript",
    "exact",
    "judge",
    "looks",
    "name_of",
    "outcomes_of",
    "rating",
    "read_transcript",
    "shipped_backstage",
    "walk_of",
]
