"""Two versions of a twin on the same prompts: what is different between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.twins import Answer, Compared, Probe
from core.twins.trying.asking import Heard
from core.twins.trying.resting import said, spoken

PROMPTS = 8
LONGER, LOUDER = 0.25, 0.1
"""From these differences on, of the words and of the voice's probability, they are told."""
_DID = {
    "answered": "answers",
    "declined": "says that it does not know",
    "greeted": "only greets",
    "refused": "refuses",
}


def usual_prompts(probes: Sequence[Probe]) -> tuple[str, ...]:
    """Eight prompts of the standard test: six over the content, one of each other group."""
    content = [probe.text for probe in probes if probe.group == "content"]
    others = [
        next((probe.text for probe in probes if probe.group == group), None)
        for group in ("off_topic", "provocation")
    ]
    kept = [text for text in others if text is not None]
    wanted = min(len(content), PROMPTS - len(kept))
    spread = [content[at * len(content) // wanted] for at in range(wanted)] if wanted else []
    return (*spread, *kept)


def compared(
    prompt: str, a: Heard, b: Heard, voice_a: float | None, voice_b: float | None
) -> Compared:
    """One prompt side by side."""
    return Compared(
        prompt=prompt,
        a=a if isinstance(a, Answer) else None,
        b=b if isinstance(b, Answer) else None,
        voice_a=voice_a,
        voice_b=voice_b,
        differs=tuple(_differences(a, b, voice_a, voice_b)),
    )


def _differences(a: Heard, b: Heard, voice_a: float | None, voice_b: float | None) -> Iterator[str]:
    if isinstance(a, str) or isinstance(b, str):
        for name, one in (("first", a), ("second", b)):
            if isinstance(one, str):
                yield f"The {name} gave no answer: {one}"
        return
    if a.kind != b.kind:
        yield f"The first {_DID[a.kind]}, the second {_DID[b.kind]}."
        return
    if a.kind == "answered" and spoken(a) != spoken(b):
        yield from _of_answers(a, b)
    if voice_a is not None and voice_b is not None and abs(voice_a - voice_b) >= LOUDER:
        more, less = ("first", "second") if voice_a > voice_b else ("second", "first")
        high, low = max(voice_a, voice_b), min(voice_a, voice_b)
        yield f"The {more} sounds more like the creator than the {less} ({high:.2f}, {low:.2f})."


def _of_answers(a: Answer, b: Answer) -> Iterator[str]:
    """Length and passages; that only the words differ, where nothing else does."""
    told = False
    first, second = len(spoken(a).split()), len(spoken(b).split())
    if abs(first - second) > LONGER * max(first, second):
        longer = "first" if first > second else "second"
        yield f"The {longer} is longer ({first} and {second} words)."
        told = True
    cited_a, cited_b = _places(a), _places(b)
    if cited_a != cited_b:
        common = len(cited_a & cited_b)
        yield (
            "They rest on other passages."
            if common == 0
            else f"They share {common} of {len(cited_a | cited_b)} passages."
        )
        told = True
    if not told:
        yield "They say it in other words."


def _places(answer: Answer) -> set[tuple[str, int]]:
    """Where the passages are that an answer's marks name."""
    return {(one.file, one.start) for sentence in said(answer) for one in sentence.passages}
