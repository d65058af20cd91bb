"""What changed between two profiles, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from core.domain.twins import Profile, TraitEstimate, VoiceFeature
from core.twins.profile.profiling import shown

LEAST_STEP = 5.0
"""Percentiles that a habit or a trait must have moved to be told."""
TRAIT_NAMES = {
    "openness": "Openness",
    "conscientiousness": "Conscientiousness",
    "extraversion": "Extraversion",
    "agreeableness": "Agreeableness",
    "emotional_stability": "Emotional stability",
}


class Change(NamedTuple):
    """One thing that is different.

    Attributes:
        kind: What it is about.
        id: The feature, the trait or the phrase; empty for the content.
        says: One sentence.
        step: Percentiles that it moved; 0 where there is no such number.
    """

    kind: Literal["content", "feature", "trait", "phrase"]
    id: str
    says: str
    step: float = 0.0


def changes(before: Profile, after: Profile) -> tuple[Change, ...]:
    """What changed, the largest steps first; phrases after them; nothing where all is the same."""
    moved = [*_features(before, after), *_traits(before, after)]
    moved.sort(key=lambda change: -abs(change.step))
    return (*_content(before, after), *moved, *_phrases(before, after))


def _content(before: Profile, after: Profile) -> Iterator[Change]:
    step = after.words - before.words
    if step:
        more = "more" if step > 0 else "fewer"
        now = f"There are {abs(step):,} {more} words than before, {after.words:,} in all."
        yield Change("content", "", now)


def _features(before: Profile, after: Profile) -> Iterator[Change]:
    known = {one.id: one for one in before.features}
    for now in after.features:
        then = known.get(now.id)
        if then and abs(now.percentile - then.percentile) >= LEAST_STEP:
            yield _feature(then, now)


def _feature(then: VoiceFeature, now: VoiceFeature) -> Change:
    step = now.percentile - then.percentile
    apart = now.low > then.high or now.high < then.low
    sure = "" if apart else " This may still be chance."
    says = (
        f"{now.name} {'rose' if step > 0 else 'fell'} from {shown(then.value)} to "
        f"{shown(now.value)} {now.unit}: from above {then.percentile:.0f} of 100 writers "
        f"to above {now.percentile:.0f}.{sure}"
    )
    return Change("feature", now.id, says, round(step, 1))


def _traits(before: Profile, after: Profile) -> Iterator[Change]:
    known = {one.trait: one for one in before.traits}
    for now in after.traits:
        then = known.get(now.trait)
        if then and abs(now.score - then.score) >= LEAST_STEP:
            yield _trait(then, now)


def _trait(then: TraitEstimate, now: TraitEstimate) -> Change:
    step = now.score - then.score
    says = (
        f"{TRAIT_NAMES[now.trait]} {'rose' if step > 0 else 'fell'} from {then.score:.0f} to "
        f"{now.score:.0f}; it may lie anywhere from {now.low:.0f} to {now.high:.0f}."
    )
    return Change("trait", now.trait, says, round(step, 1))


def _phrases(before: Profile, after: Profile) -> Iterator[Change]:
    then, now = ({one.text for one in profile.phrases} for profile in (before, after))
    for phrase in after.phrases:
        if phrase.text not in then:
            says = f"“{phrase.text}” is one of your phrases now: you say it {phrase.count} times."
            yield Change("phrase", phrase.text, says)
    for phrase in before.phrases:
        if phrase.text not in now:
            yield Change("phrase", phrase.text, f"“{phrase.text}” no longer stands out.")
