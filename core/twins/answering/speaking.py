"""An answer by a language model, held to the passages that it was given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from core.domain.models import Call, Model
from core.domain.twins import Methodology, Passage, Profile, Tuning, Turn, Twin, TwinVersion
from core.minds import load_prompt

PROMPT = "answer-1"
UNKNOWN, REFUSED = "NOT_COVERED", "NOT_IN_CHARACTER"
PROMPTS = Path(__file__).parent / "prompts"
_PASSAGES, _QUESTION, _PAST, _SAID = 4_400, 1_200, 1_000, 250
"""Characters: of all passages, of the question, of all that was said before, of one thing of it."""
_TURNS, _NODES, _HABITS, _PHRASES = 6, 10, 6, 8
_MARK = re.compile(r"\s*[\[【]\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*[\]】]")
_SIGN = {
    sign: re.compile(rf"{sign}|^\W*{sign.replace('_', '[ _]')}\W*$", re.I)
    for sign in (UNKNOWN, REFUSED)
}
_STRONG = 0.15
_SLIDERS = {
    "openness": ("more down to earth and concrete", "more curious and imaginative"),
    "conscientiousness": ("looser and more spontaneous", "more orderly and exact"),
    "extraversion": ("quieter and more reserved", "livelier and more outgoing"),
    "agreeableness": ("blunter and more challenging", "kinder and more accommodating"),
    "emotional_stability": ("more openly moved", "calmer"),
    "length": ("shorter", "longer"),
    "formality": ("more casual", "more formal"),
    "warmth": ("cooler", "warmer"),
    "directness": ("more roundabout", "more direct"),
    "humour": ("more serious", "more playful"),
    "questions": ("with fewer questions", "with more questions back"),
}


class Spoken(NamedTuple):
    """What a model's words came to.

    Attributes:
        text: The words, their marks renumbered in the order of ``used``.
        used: The numbers of the passages that it rests on, from 0, each once.
        kind: ``unknown`` where it said that the passages do not answer, or rested on none.
    """

    text: str
    used: tuple[int, ...]
    kind: Literal["answered", "unknown", "refused"]


def question_call(
    model: Model,
    twin: Twin,
    version: TwinVersion,
    question: str,
    passages: Sequence[Passage],
    history: Sequence[Turn] = (),
    *,
    account: str | None = None,
) -> Call:
    """The question to a model, with the passages that it may use."""
    system = load_prompt(PROMPTS, f"{PROMPT}.system").fill(
        name=twin.name,
        about=_clean(twin.about, 300),
        voice=_voice(version.profile),
        method=_method(version.methodology),
        tuning=_wishes(version.tuning),
        length=_length(version.tuning),
        unknown=UNKNOWN,
        refused=REFUSED,
    )
    user = load_prompt(PROMPTS, f"{PROMPT}.user").fill(
        name=twin.name,
        passages=_passages(passages),
        history=_history(history),
        question=_clean(question, _QUESTION),
    )
    return Call(
        model=model,
        messages=({"role": "system", "content": system}, {"role": "user", "content": user}),
        prompt=PROMPT,
        account=account,
    )


def heard(text: str, passages: int) -> Spoken:
    """What a model said, held to the rules: without a passage to rest on it is no answer."""
    if _SIGN[REFUSED].search(text):
        return Spoken("", (), "refused")
    if _SIGN[UNKNOWN].search(text):
        return Spoken("", (), "unknown")
    used: list[int] = []

    def renumbered(match: re.Match[str]) -> str:
        named = [int(number) - 1 for number in re.findall(r"\d+", match[1])]
        known = [number for number in named if 0 <= number < passages]
        used.extend(number for number in dict.fromkeys(known) if number not in used)
        return "".join(f" [{used.index(number) + 1}]" for number in known)

    said = _MARK.sub(renumbered, text).strip()
    if not used or not re.search(r"[^\W\d]", said):
        return Spoken("", (), "unknown")
    return Spoken(said, tuple(used), "answered")


def _passages(passages: Sequence[Passage]) -> str:
    """The passages by their numbers; where they are too long together, the longest are cut."""
    most = _evenly([len(one.text) for one in passages], _PASSAGES)
    return "\n".join(
        f"[{number}] <<<\n{_clean(one.text, most)}\n>>>" for number, one in enumerate(passages, 1)
    )


def _evenly(lengths: Sequence[int], total: int) -> int:
    """The most that each may have so that all together have at most ``total``."""
    left = total
    for waiting, length in zip(range(len(lengths), 0, -1), sorted(lengths), strict=True):
        if length * waiting > left:
            return left // waiting
        left -= length
    return total


def _voice(profile: Profile) -> str:
    """The habits that set this voice apart, the strongest first, and its phrases."""
    apart = sorted(profile.features, key=lambda one: -abs(one.percentile - 50))[:_HABITS]
    lines = [f"- {_clean(feature.says, 140)}" for feature in apart]
    phrases = [f"“{_clean(phrase.text, 60)}”" for phrase in profile.phrases[:_PHRASES]]
    if phrases:
        lines.append(f"- Phrases of theirs, to be used seldom: <<< {', '.join(phrases)} >>>")
    return "\n".join(lines) or "- Plainly."


def _method(methodology: Methodology) -> str:
    """What the method teaches, those that its creator set by hand first."""
    nodes = sorted(methodology.nodes, key=lambda node: (not node.by_hand, -node.weight))[:_NODES]
    if not nodes:
        return ""
    lines = [
        f"- {_clean(node.name, 60)}" + (f": {_clean(node.says, 140)}" if node.says else "")
        for node in nodes
    ]
    return (
        "The method, between marks, in the creator's words:\n<<<\n" + "\n".join(lines) + "\n>>>\n\n"
    )


def _wishes(tuning: Tuning) -> str:
    """The sliders in words, and the creator's own instructions."""
    wishes = []
    for name, (less, more) in _SLIDERS.items():
        value = float(getattr(tuning, name))
        if abs(value) >= _STRONG:
            degree = "much " if abs(value) > 0.6 else ""
            wishes.append(f"{degree}{more if value > 0 else less}")
    lines = []
    if wishes:
        lines.append(f"Than measured, the creator wants to sound {'; '.join(wishes)}.")
    if tuning.instructions.strip():
        lines.append(f"The creator adds: {_clean(tuning.instructions, 4_000)}")
    return "\n".join(lines) + "\n\n" if lines else ""


def _length(tuning: Tuning) -> str:
    words = round(70 * 2.3**tuning.length, -1)
    return f"At most about {words:.0f} words."


def _history(history: Sequence[Turn]) -> str:
    """What was said before, shortened."""
    lines: list[str] = []
    left = _PAST
    for turn in reversed(history[-_TURNS:]):
        answer = _clean(_MARK.sub("", turn.answer.text), _SAID)
        line = f"They: {_clean(turn.asked, _SAID)}\nYou: {answer}"
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    if not lines:
        return ""
    return "Said before:\n<<<\n" + "\n".join(reversed(lines)) + "\n>>>\n\n"


def _clean(text: str, most: int) -> str:
    """Words that can neither open nor close the marks around them, cut where too long."""
    said = text.replace("<<<", "‹‹‹").replace(">>>", "›››").strip()
    return said if len(said) <= most else f"{said[:most]} …"
