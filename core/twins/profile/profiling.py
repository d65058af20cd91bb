"""A creator's voice: every feature against the reference population, and signature phrases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.twins import Passage, Phrase, VoiceFeature
from core.twins.profile.estimates import Estimate, estimate, tally
from core.twins.profile.features import FEATURES, Feature
from core.twins.profile.listening import Heard
from core.twins.profile.phrases import signature_phrases
from core.twins.profile.reference import EVERYBODY, Spread, shipped_reference
from core.twins.profile.writing import Floats, Writing, read_writing

ENOUGH_WORDS = 100
"""Below this a voice is not described."""
EXAMPLES = 3
_SHORT, _LONG = 4, 45


def profile_voice(
    pieces: Sequence[tuple[str, str]], register: str = EVERYBODY
) -> tuple[tuple[VoiceFeature, ...], tuple[Phrase, ...]]:
    """The voice of a creator.

    Args:
        pieces: The name and the text of each piece.
        register: The writers to compare with (``shipped_reference().writers`` names them).

    Returns:
        Every feature in the order of ``FEATURES``, and the signature phrases; neither where there
        are fewer than 100 words, which is too little to describe a voice.

    Raises:
        NotFound: If there is no such register.
    """
    writing = read_writing(pieces)
    if writing.words < ENOUGH_WORDS:
        return (), ()
    reference, heard = shipped_reference(register), Heard(writing)
    features = [voice_feature(one, heard, reference.spreads[one.id]) for one in FEATURES]
    return tuple(features), signature_phrases(writing)


def voice_feature(feature: Feature, heard: Heard, spread: Spread) -> VoiceFeature:
    """One feature of a writing against its spread over writers."""
    found = estimate(feature, tally(feature, heard))
    percentile = round(spread.percentile(found.value), 1)
    return VoiceFeature(
        id=feature.id,
        name=feature.name,
        value=_rounded(found.value),
        unit=feature.unit,
        low=_rounded(found.low),
        high=_rounded(found.high),
        percentile=percentile,
        usual=_rounded(spread.usual),
        says=_says(feature, found, percentile, spread.usual),
        examples=_examples(feature, heard, percentile),
    )


def _rounded(value: float) -> float:
    return round(value, 2)


def shown(value: float) -> str:
    """A number as a person reads it."""
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}".removesuffix(".0")


def _says(feature: Feature, found: Estimate, percentile: float, usual: float) -> str:
    """One sentence: the value, what is usual, and where among writers it stands."""
    said = feature.says.format(value=shown(found.value))
    sees = f" {feature.sees}" if feature.sees else ""
    return f"{said}; {_standing(feature, percentile)} (usual: {shown(usual)}).{sees}"


def _standing(feature: Feature, percentile: float) -> str:
    if percentile >= 65:
        return f"{feature.more} than {_of_100(percentile)} writers"
    if percentile <= 35:
        return f"{feature.less} than {_of_100(100 - percentile)} writers"
    return "much like other writers"


def _of_100(percentile: float) -> str:
    return "nearly all" if percentile >= 98.5 else f"{percentile:.0f} of 100"


def _examples(feature: Feature, heard: Heard, percentile: float) -> tuple[Passage, ...]:
    """Places of the creator's own that show it, strongest first, no two from one paragraph."""
    if feature.show == "nothing":
        return ()
    rank, lengths = _rank(feature, heard, percentile), heard.writing.lengths
    least = 1 if feature.id == "short_sentences" else _SHORT
    rank[(lengths < least) | (lengths > _LONG) | heard.writing.heading] = -np.inf
    paragraph = np.cumsum(heard.writing.opens)
    chosen: list[int] = []
    for one in np.argsort(-rank, kind="stable")[: 40 * EXAMPLES]:
        if len(chosen) == EXAMPLES or not np.isfinite(rank[one]):
            break
        if all(paragraph[one] != paragraph[other] for other in chosen):
            chosen.append(int(one))
    return tuple(heard.writing.sentence_passage(one) for one in chosen)


def _rank(feature: Feature, heard: Heard, percentile: float) -> Floats:
    """How well each sentence shows the feature; minus infinity where it does not."""
    amount, of = feature.count(heard)
    if feature.show == "typical":
        return -np.abs(amount - (float(np.median(amount[of > 0])) if of.any() else 0.0))
    if feature.show == "ends":
        return _ends(heard.writing)
    if feature.show == "lean":
        share = np.divide(amount, of, out=np.zeros_like(amount, float), where=of > 0)
        steady = share * np.sqrt(np.minimum(heard.words, 20))
        lean = steady if percentile >= 50 else -steady
        return np.where((of > 0) & (heard.words >= 8), lean, -np.inf)
    return np.where(amount > 0, amount / np.sqrt(np.maximum(heard.words, 8)), -np.inf)


def _ends(writing: Writing) -> Floats:
    """The longest and the shortest sentences in turn."""
    usual = np.median(writing.lengths)
    return np.abs(np.log(writing.lengths / usual))
