"""One creator's pieces, some of them kept back, and what others wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.twins.voice import Signature

SAMPLES = Path(__file__).resolve().parents[4] / "data" / "samples" / "creators" / "maya-okafor"
KEPT_BACK = ("the-keel-hour.md", "slack-water.md")

NOTICE = """
The committee met on the third of March, and it was resolved that the accounts for the preceding
quarter be approved subject to the corrections which had been circulated; the treasurer undertook to
furnish a statement thereof to each of the subscribing members. It was further observed that the
condition of the eastern boundary, with respect to which several representations had been received,
would require the attention of a competent surveyor; and the secretary was accordingly instructed to
obtain an estimate. No other business having been brought forward, the meeting was adjourned until
such date as the chairman should determine, notice of which will be given in the customary manner.
"""
CHATTY = """
omg ok so we just got back and honestly it was kinda amazing!!! like the food was so so good and
then Becky was all "let's just stay another night" lol and we totally did. i can't even tell you how
tired i am rn but it's fine, gonna sleep all weekend haha. did you see the pics? there's one where
the dog is literally wearing my hat!! anyway call me when you're free, i've got so much to tell you
and also i think i left my charger at yours?? thx a million, you're the best, miss you loads!!!
"""


@pytest.fixture(scope="session")
def known() -> list[str]:
    """What the signature is learnt from."""
    paths = sorted(SAMPLES.glob("*.md"))
    return [path.read_text("utf-8") for path in paths if path.name not in KEPT_BACK]


@pytest.fixture(scope="session")
def unseen() -> list[str]:
    """Passages of about 150 words by the same creator."""
    found = []
    for name in KEPT_BACK:
        words = (SAMPLES / name).read_text("utf-8").split()
        found += [" ".join(words[at : at + 150]) for at in range(0, 900, 150)]
    return found


@pytest.fixture(scope="session")
def signature(known: list[str]) -> Signature:
    return Signature.learn(known)
