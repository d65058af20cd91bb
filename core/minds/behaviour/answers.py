"""Answers to the questions of a check-in or an assessment."""

from __future__ import annotations

import math
from typing import Any

from core.domain.flows import Question
from core.minds.behaviour.numbers import Numbers
from core.minds.behaviour.profile import NEGATIVE, POSITIVE
from core.minds.behaviour.scene import Scene, sigmoid
from core.minds.behaviour.writing import Writer

_REFUSING = {"opt_out", "not_interested"}


def answer_questions(scene: Scene, kind: str, n: Numbers, writer: Writer) -> dict[str, Any]:
    """An answer for each question by its id; None where it is left out."""
    answers: dict[str, Any] = {}
    for index, question in enumerate(scene.message.questions):
        left_out = kind in _REFUSING or scene.chance.uniform(f"skip{index}") < n.answer_skip
        answers[question.id] = None if left_out else _answer(scene, question, index, writer)
    return answers


def _answer(scene: Scene, question: Question, index: int, writer: Writer) -> Any:
    """One answer of the question's kind."""
    if question.kind == "choice":
        choices = question.choices
        return scene.chance.pick(f"choice{index}", choices) if choices else None
    if question.kind == "text":
        return writer.note(scene, f"note{index}")
    return _number(scene, question, index)


def _number(scene: Scene, question: Question, index: int) -> float | int | None:
    """A number within the bounds: higher in a good mood, whole where both bounds are."""
    low, high = sorted((question.min, question.max))
    if not math.isfinite(high - low):
        return None
    mood = 0.5 + 0.35 * (scene.levers[POSITIVE] - scene.levers[NEGATIVE])
    mood += 0.8 * scene.chance.normal(f"mood{index}")
    value = low + (high - low) * sigmoid(mood)
    if low == int(low) and high == int(high):
        return min(int(high), max(int(low), round(value)))
    return min(high, max(low, round(value, 1)))
