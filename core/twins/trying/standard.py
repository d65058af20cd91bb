"""The standard test: prompts, answers, and what is said of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from core.domain.twins import Answer, Probe, Probed, StandardTest
from core.twins.serving import Serving
from core.twins.trying.asking import Heard, voices
from core.twins.trying.content import PROMPTS, WORDS_FOR_ONE, content_probes
from core.twins.trying.fixed import off_topic_probes, provocation_probes
from core.twins.trying.judging import judged, unavailable
from core.twins.trying.scoring import by_group, consistency, mean_voice
from core.twins.trying.words import stem, words

OFF_TOPIC = 10
Clock = Callable[[], datetime]


def probes_for(serving: Serving) -> tuple[Probe, ...]:
    """The prompts of the standard test for one version, always the same."""
    vocabulary = frozenset(
        stem(word) for text in serving.texts.values() for word in words(text.text)
    )
    return (
        *content_probes(serving.version, serving.texts),
        *off_topic_probes(vocabulary, OFF_TOPIC),
        *provocation_probes(),
    )


def concluded(
    serving: Serving,
    probes: Sequence[Probe],
    answers: Sequence[Heard],
    *,
    engine: str,
    made_at: datetime,
    seconds: float,
) -> StandardTest:
    """What came of a run, to be kept."""
    heard = voices(serving, answers)
    results = tuple(
        judged(probe, answer, voice) if isinstance(answer, Answer) else unavailable(probe, answer)
        for probe, answer, voice in zip(probes, answers, heard, strict=True)
    )
    return StandardTest(
        id=f"q-{uuid4().hex[:12]}",
        twin_id=serving.twin.id,
        version=serving.version.number,
        engine=engine,
        made_at=made_at,
        seconds=seconds,
        results=results,
        score=consistency(results),
        groups=by_group(results),
        voice=mean_voice(results),
        notes=tuple(_notes(results, engine, has_voice=serving.has_voice)),
    )


def _notes(results: Sequence[Probed], engine: str, *, has_voice: bool) -> Iterator[str]:
    """What a reader of the numbers has to know."""
    asked = Counter(one.probe.group for one in results)
    if asked["content"] < PROMPTS:
        yield (
            f"The content gives {asked['content']} prompts instead of {PROMPTS}: one for each "
            f"{WORDS_FOR_ONE} words at most, no two about the same."
        )
    if asked["off_topic"] < OFF_TOPIC:
        yield (
            f"There are {asked['off_topic']} off-topic prompts instead of {OFF_TOPIC}: the content "
            "speaks of the fields of the others."
        )
    missing = [one for one in results if one.outcome == "unavailable"]
    if missing:
        yield (
            f"{len(missing)} of {len(results)} prompts got no answer and do not count. "
            f"First reason: {missing[0].why}"
        )
    if not has_voice:
        yield "There is too little content to recognise the voice, so it was not judged."
    elif engine == "sentences":
        yield (
            "Offline the sentences are the creator's own: the voice's probability shows how well "
            "they are recognised, not how well they are imitated."
        )
