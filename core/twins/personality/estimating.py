"""Big Five from content, offline: a weak estimate that says how weak it is."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.twins import TRAITS, Trait, TraitEstimate
from core.twins.personality.evidence import Embedder, find_evidence
from core.twins.personality.model import ACCURACY, shipped_model
from core.twins.personality.scale import placed
from core.twins.profile import read_writing

ENOUGH_WORDS = 300
"""Below this nothing is said of a personality."""
SOURCE = "model"
CAUTION = (
    "How somebody writes tells only a little about who they are. In published studies, what a "
    "program reads from text agrees with what people say of themselves at a correlation of 0.26 "
    "to 0.30 (1 would be perfect), and what is written for an audience tells less than a diary. "
    "So the range is the answer, not the mark in it: 95 of 100 creators lie within theirs, and it "
    "is wide. The last word is the creator's."
)
"""What the page says beside every estimate."""
EXPLAINED: dict[Trait, str] = {
    "openness": "Curiosity and imagination: ideas and art at one end, the familiar at the other.",
    "conscientiousness": "Order and persistence: plans and details at one end, ease with loose "
    "ends at the other.",
    "extraversion": "Energy among people: outgoing at one end, reserved at the other.",
    "agreeableness": "Warmth and trust: accommodating at one end, critical at the other.",
    "emotional_stability": "Calm under strain. It is neuroticism turned round: a high score here "
    "is a low score there, and words that research ties to neuroticism speak against it.",
}
"""What each trait is, in plain words."""


def estimate_traits(
    pieces: Sequence[tuple[str, str]], embedder: Embedder | None = None
) -> tuple[TraitEstimate, ...]:
    """The Big Five of a creator, each with a 95 % interval and sentences for and against.

    The numbers come from word use alone; the embedder, where there is one, finds sentences that
    say what an inventory's items say. Fewer than 300 words give no estimate.

    Args:
        pieces: The name and the text of each piece.
        embedder: Turns sentences into unit vectors.
    """
    writing, model = read_writing(pieces), shipped_model()
    if writing.words < ENOUGH_WORDS:
        return ()
    evidence = find_evidence(writing, model, embedder)
    reliability = writing.words / (writing.words + model.half_words)
    found = []
    for trait, standing in zip(TRAITS, model.composite(writing), strict=True):
        at = placed(float(standing), ACCURACY[trait].used, reliability)
        says = evidence[trait]
        found.append(
            TraitEstimate(
                trait=trait,
                score=at.score,
                low=at.low,
                high=at.high,
                source=SOURCE,
                speaks_for=says.speaks_for,
                speaks_against=says.speaks_against,
            )
        )
    return tuple(found)
