"""What content tells of its creator: voice, personality, method; runs in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import BadInput
from core.domain.twins import Methodology, PieceText, Profile
from core.twins.knowledge import MiniLM
from core.twins.methodology import find_method
from core.twins.personality import estimate_traits
from core.twins.profile import profile_voice
from core.twins.voice import Signature

STEPS = 4


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a twin's content.

    Attributes:
        profile: Personality and voice.
        signature: What the voice is recognised by; None where there are too few words.
        methodology: The method, with its creator's corrections.
    """

    profile: Profile
    signature: bytes | None
    methodology: Methodology


def analyse(
    pieces: Sequence[tuple[str, PieceText]],
    before: Methodology | None,
    cache: str,
    progress: Callable[[int, int], None],
) -> Analysis:
    """Analyse a twin's whole content.

    Args:
        pieces: The names and texts, in the order in which they were given.
        before: The method as it was known, whose corrections go on.
        cache: Where the embedding model is unpacked.
        progress: Told how many of the steps are done.
    """
    embedder = MiniLM(Path(cache))
    plain = [(name, text.text) for name, text in pieces]
    progress(0, STEPS)
    features, phrases = profile_voice(plain)
    progress(1, STEPS)
    traits = estimate_traits(plain, embedder)
    progress(2, STEPS)
    signature = _signature([text for _, text in plain])
    progress(3, STEPS)
    methodology = find_method(pieces, before, embedder)
    progress(STEPS, STEPS)
    words = sum(len(text.split()) for _, text in plain)
    profile = Profile(words=words, traits=traits, features=features, phrases=phrases)
    return Analysis(profile, signature, methodology)


def _signature(texts: Sequence[str]) -> bytes | None:
    """What the voice is recognised by, None where there are too few words to learn it."""
    try:
        return Signature.learn(texts).to_bytes()
    except BadInput:
        return None
