"""What a message teaches the person, and what the reply is about: a weighted choice of ten."""

from __future__ import annotations

import math

from core.minds.behaviour.numbers import Numbers
from core.minds.behaviour.profile import (
    ANSWER,
    INTEREST,
    KINDS,
    NOT_INTERESTED,
    OBJECTION,
    OPT_OUT,
    PRICE,
    QUESTION,
    SPECIFICATION,
    THANKS,
    URGENCY,
)
from core.minds.behaviour.scene import Scene

_SALES = {"interest", "question", "specification", "price", "objection"}


def learn(scene: Scene, n: Numbers) -> None:
    """Remember what a message that was read says: prices, and answers to what was asked."""
    memory, features, answers = scene.memory, scene.features, scene.message.answers
    memory["interest"] += n.interest_touch
    if features.price:
        memory["price"] = features.price
    asked = memory["asked"]
    if answers is False:
        memory["failed"] += 1
        memory["interest"] += n.interest_unanswered
        return
    by_content = answers is None and (
        (asked == "specification" and features.specifications >= 2)
        or (asked == "objection" and features.proof >= 1)
        or (asked == "price" and bool(features.price))
    )
    if not (by_content or answers is True) or not asked:
        return
    if asked in ("question", "specification", "objection", "price"):
        memory["answered"] += 1
        memory["interest"] += n.interest_answered
    if asked == "specification":
        memory["specifications"] += 1
    elif asked == "objection":
        memory["doubts"] += 1
    elif asked == "price" and not memory["price"]:
        memory["price"] = "the price"
    memory["asked"] = ""


def choose_kind(scene: Scene, n: Numbers) -> str:
    """What the reply is about."""
    coaching = bool(scene.message.questions) or scene.features.coaching
    left = n.answer_in_program if coaching and not scene.message.from_twin else 1.0
    weights = [
        base + lever * (left if kind in _SALES else 1.0)
        for kind, base, lever in zip(KINDS, n.intent, scene.levers[INTEREST:], strict=False)
    ]
    _weigh_interest(scene, n, weights)
    _weigh_questions(scene, n, weights)
    _weigh_refusals(scene, n, weights)
    _weigh_courtesies(scene, n, weights)
    if coaching:
        weights[ANSWER - INTEREST] += n.answer_coaching
        weights[THANKS - INTEREST] += n.thanks_coaching
        weights[0] += n.interest_coaching
    highest = max(weights)
    shares = [math.exp(weight - highest) for weight in weights]
    drawn = scene.chance.uniform("intent") * sum(shares)
    chosen = weights.index(highest)
    for index, share in enumerate(shares):
        drawn -= share
        if drawn < 0:
            chosen = index
            break
    kind = KINDS[chosen]
    scene.why[f"intent.{kind}"] = weights[chosen]
    return kind


def _weigh_interest(scene: Scene, n: Numbers, weights: list[float]) -> None:
    """Interest grows with answers and met needs; an open need holds it back."""
    memory, features, levers = scene.memory, scene.features, scene.levers
    total = memory["interest"] + n.interest_fatigue * scene.unanswered
    total += n.interest_invites * features.invites + n.interest_offer * features.offer
    total += levers[URGENCY] * features.urgency
    if scene.clicked is not None:
        total += n.interest_clicked
    if features.price:
        total += n.interest_price_named
    if memory["settled"]:
        total += n.interest_settled
    price_need = max(0.0, scene.profile.levers[PRICE])
    total += price_need * (n.interest_met_need if memory["price"] else n.interest_open_need)
    detail_need = max(0.0, scene.profile.levers[SPECIFICATION])
    if detail_need:
        met = min(1.0, memory["specifications"] / n.specification_enough)
        total += detail_need * (n.interest_met_need * met + n.interest_open_need * (1.0 - met))
    weights[0] += total


def _weigh_questions(scene: Scene, n: Numbers, weights: list[float]) -> None:
    """Prices, specifications and questions: what is known is not asked again."""
    memory, features = scene.memory, scene.features
    weights[PRICE - INTEREST] += n.price_asked * memory["asked_price"]
    if memory["price"]:
        weights[PRICE - INTEREST] += n.price_known
    weights[SPECIFICATION - INTEREST] += n.specification_answered * memory["specifications"]
    if features.specifications:
        weights[SPECIFICATION - INTEREST] += n.specification_named
    weights[QUESTION - INTEREST] += n.question_asked * memory["questions"]


def _weigh_refusals(scene: Scene, n: Numbers, weights: list[float]) -> None:
    """Objections, turning it down and opting out: pressure and fatigue push towards them."""
    memory, features = scene.memory, scene.features
    urgency, tired = features.urgency, scene.unanswered
    objection = n.objection_answered * memory["doubts"] + n.objection_urgency * urgency
    objection += n.objection_unanswered * min(3, memory["failed"])
    if features.price:
        objection += n.price_named * max(0.0, scene.profile.levers[PRICE])
    weights[OBJECTION - INTEREST] += objection
    weights[NOT_INTERESTED - INTEREST] += n.not_interested_fatigue * tired
    leaving = n.opt_out_fatigue * (tired + scene.recent) + n.opt_out_urgency * urgency
    leaving += n.opt_out_night * scene.night + n.opt_out_offered * features.offers_opt_out
    weights[OPT_OUT - INTEREST] += leaving


def _weigh_courtesies(scene: Scene, n: Numbers, weights: list[float]) -> None:
    """Thanks for answers, and simply answering what was asked."""
    if scene.message.answers is True:
        weights[THANKS - INTEREST] += n.thanks_answered
    if scene.memory["settled"]:
        weights[THANKS - INTEREST] += n.thanks_settled
    if scene.message.questions:
        weights[ANSWER - INTEREST] += n.answer_questions
    elif scene.features.question and not scene.message.from_twin:
        weights[ANSWER - INTEREST] += n.answer_question
