"""The behaviour model: delivery, reading, clicking, replying, intent, sentiment, words."""

from __future__ import annotations

import math

from core.domain.personas import Persona
from core.domain.reactions import Reaction, Reply, Situation
from core.domain.words import Intent, Sentiment
from core.minds.behaviour.answers import answer_questions
from core.minds.behaviour.features import MessageReader, restore
from core.minds.behaviour.intents import choose_kind, learn
from core.minds.behaviour.numbers import HOUR, MINUTE, Numbers
from core.minds.behaviour.parameters import BehaviourParameters
from core.minds.behaviour.phrases import PhraseBank
from core.minds.behaviour.profile import (
    CLICKING,
    NEGATIVE,
    POSITIVE,
    READING,
    REPLYING,
    URGENCY,
    Copies,
    Profile,
    make_profile,
)
from core.minds.behaviour.reasons import explain
from core.minds.behaviour.scene import Scene, sigmoid
from core.minds.behaviour.writing import Writer

INTENTS: dict[str, Intent] = {
    "interest": "interested",
    "question": "question",
    "specification": "question",
    "price": "price_question",
    "objection": "objection",
    "not_now": "not_now",
    "not_interested": "not_interested",
    "opt_out": "opt_out",
    "thanks": "thanks",
    "answer": "other",
}
_KEPT_PROFILES = 2_000


class BehaviourMind:
    """The embedded engine: a generative model with named parameters, offline and repeatable.

    Args:
        parameters: What it assumes about people.
        phrases: What it can say.
    """

    def __init__(self, parameters: BehaviourParameters, phrases: PhraseBank) -> None:
        self.parameters = parameters
        self._phrases = phrases
        self._numbers = Numbers(parameters)
        self._copies = Copies(parameters)
        self._reader = MessageReader(phrases.signals, phrases.nouns, phrases.adjectives)
        self._writer = Writer(phrases, self._numbers)
        self._profiles: dict[int, tuple[Persona, Profile]] = {}

    def __reduce__(self) -> tuple[type[BehaviourMind], tuple[BehaviourParameters, PhraseBank]]:
        """So that a mind can be handed to another process."""
        return BehaviourMind, (self.parameters, self._phrases)

    async def react(self, situation: Situation) -> Reaction:
        """What this person does with this message; changes ``situation.memory``."""
        return self.decide(situation)

    def decide(self, situation: Situation) -> Reaction:
        """``react`` without waiting: the model does no input or output."""
        profile = self.profile(situation.persona)
        scene = Scene(situation, profile, self._numbers, self._copies, self._reader)
        if scene.chance.uniform("deliver") < scene.channel.bounce:
            return Reaction(
                status="ignored",
                reasoning="It never arrived: the address does not take messages.",
                delivered_after=None,
                failure="bounced",
            )
        if scene.memory["opted_out"]:
            return self._ignored(scene, "Has opted out and does not look at it.", read=False)
        if not self._reads(scene):
            return self._ignored(scene, explain(scene, "", "unread"), read=False)
        learn(scene, self._numbers)
        self._click(scene)
        if not self._replies(scene):
            return self._ignored(scene, explain(scene, "", "silent"), read=True)
        return self._reply(scene)

    def profile(self, persona: Persona) -> Profile:
        """What the model makes of a persona; worked out once for each."""
        kept = self._profiles.get(id(persona))
        if kept is None or kept[0] is not persona:
            if len(self._profiles) >= _KEPT_PROFILES:
                self._profiles.clear()
            kept = (persona, make_profile(persona, self.parameters, self._phrases))
            self._profiles[id(persona)] = kept
        return kept[1]

    def _reads(self, scene: Scene) -> bool:
        """Whether and when the message is opened."""
        n, message, features, why = self._numbers, scene.message, scene.features, scene.why
        why["reading.channel"] = scene.channel.reading
        why["reading.persona"] = scene.profile.levers[READING]
        why["reading.copy"] = scene.levers[READING] - scene.profile.levers[READING]
        if message.channel == "email":
            if not features.subject_length:
                why["reading.no_subject"] = n.reading_no_subject
            elif features.subject_length > 70:
                why["reading.long_subject"] = n.reading_long_subject
            if features.subject_question:
                why["reading.subject_question"] = n.reading_subject_question
            if features.subject_name:
                why["reading.subject_name"] = n.reading_subject_name
            if features.subject_shouts:
                why["reading.subject_shouts"] = n.reading_subject_shouts
            if message.preheader:
                why["reading.preheader"] = n.reading_preheader
        if scene.night:
            why["reading.night"] = n.reading_night
        if scene.weekend:
            why["reading.weekend"] = n.reading_weekend
        if message.from_twin:
            why["reading.in_conversation"] = n.reading_in_conversation
        if scene.unanswered:
            why["reading.unanswered"] = n.reading_unanswered * scene.unanswered
        if scene.recent and not message.from_twin:
            why["reading.recent"] = n.reading_recent * scene.recent
        if scene.chance.uniform("read") >= sigmoid(sum(why.values())):
            return False
        travel = scene.channel.travel
        after = scene.delay("read_delay", scene.channel.read_delay, n.reading_delay_spread, 0.5)
        read = scene.when_awake(travel + after, "read_wake", n)
        scene.read = max(math.ceil(travel), float(int(min(read, n.replying_latest * HOUR - 60))))
        return True

    def _click(self, scene: Scene) -> None:
        """Whether and when the link is clicked."""
        n, features, why = self._numbers, scene.features, scene.why
        if features.link is None:
            return
        total = why["clicking.base"] = n.clicking_base
        total += scene.levers[CLICKING]
        why["clicking.persona"] = scene.levers[CLICKING]
        if features.invites:
            why["clicking.invites"] = n.clicking_invites
            total += n.clicking_invites
        if features.offer:
            why["clicking.offer"] = n.clicking_offer
            total += n.clicking_offer
        if scene.chance.uniform("click") < sigmoid(total):
            wait = scene.chance.lognormal(
                "click_delay", n.clicking_delay * MINUTE, n.clicking_delay_spread
            )
            scene.clicked = min(n.replying_latest * HOUR, scene.read + 1.0 + int(wait))

    def _replies(self, scene: Scene) -> bool:
        """Whether the person does anything more than read and click."""
        n, message, features = self._numbers, scene.message, scene.features
        weights = {
            "replying.channel": scene.channel.replying,
            "replying.persona": scene.profile.levers[REPLYING],
            "replying.copy": scene.levers[REPLYING] - scene.profile.levers[REPLYING],
        }
        if message.questions:
            weights["replying.questions"] = n.replying_questions
        elif features.question:
            weights["replying.question"] = n.replying_question
        if features.wants_reply:
            weights["replying.wants_reply"] = n.replying_wants_reply
        if features.link is not None:
            weights["replying.link"] = n.replying_link
        if scene.clicked is not None:
            weights["replying.clicked"] = n.replying_clicked
        if message.from_twin:
            weights["replying.in_conversation"] = n.replying_in_conversation
        if message.answers is True:
            weights["replying.answered"] = n.replying_answered
        elif message.answers is False:
            weights["replying.unanswered_question"] = n.replying_unanswered_question
        if features.words > scene.channel.comfort:
            longer = math.log2(features.words / scene.channel.comfort)
            weights["replying.length"] = n.replying_length * longer
        if features.urgency:
            pull = n.replying_urgency + scene.levers[URGENCY]
            weights["replying.urgency"] = pull * features.urgency
        if scene.unanswered:
            weights["replying.unanswered"] = n.replying_unanswered * scene.unanswered
        if scene.recent and not message.from_twin:
            weights["replying.recent"] = n.replying_recent * scene.recent
        if scene.memory["settled"]:
            weights["replying.settled"] = n.replying_settled
        scene.why.update(weights)
        return scene.chance.uniform("reply") < sigmoid(sum(weights.values()))

    def _reply(self, scene: Scene) -> Reaction:
        """What is written back, or the use of the unsubscribe link."""
        n, memory = self._numbers, scene.memory
        memory["unanswered"] = 0
        kind = choose_kind(scene, n)
        unsubscribe = scene.features.unsubscribe
        if kind == "opt_out":
            memory["opted_out"] = True
            if unsubscribe and scene.chance.uniform("by_link") < n.opt_out_by_link:
                after = scene.read + 5.0 + int(scene.chance.uniform("opt_delay") * 90)
                return self._reaction(scene, explain(scene, kind, "link"), unsubscribed=after)
        tone = self._sentiment(scene, kind)
        text = self._writer.write(scene, kind, tone)
        answers = None
        if scene.message.questions:
            answers = answer_questions(scene, kind, n, self._writer)
        reply = Reply(self._reply_time(scene, text), text, INTENTS[kind], tone, answers)
        reaction = self._reaction(scene, explain(scene, kind, "replied"), reply=reply)
        _note(memory, kind)
        return reaction

    def _reply_time(self, scene: Scene, text: str) -> float:
        """Seconds from sending to the reply: reading, putting off, typing."""
        n, features = self._numbers, scene.features
        wait = scene.delay("reply_delay", scene.channel.reply_delay, n.replying_delay_spread, 1.0)
        reading = features.words / n.reading_speed * MINUTE
        typing = (text.count(" ") + 1) / n.replying_typing_speed * MINUTE
        begun = scene.read if scene.clicked is None else scene.clicked
        after = scene.when_awake(begun + wait + reading + typing, "reply_wake", n)
        latest = n.replying_latest * HOUR
        return max(begun + 1.0, float(int(min(after, latest))))

    def _sentiment(self, scene: Scene, kind: str) -> Sentiment:
        """How the reply sounds."""
        n, urgency = self._numbers, scene.features.urgency
        negative = n.negative[kind] + scene.levers[NEGATIVE]
        if kind not in ("interest", "thanks"):
            negative += n.negative_urgency * urgency
            if scene.message.answers is False:
                negative += n.negative_unanswered
        drawn = scene.chance.uniform("tone")
        below = sigmoid(negative)
        if drawn < below:
            return "negative"
        positive = sigmoid(n.positive[kind] + scene.levers[POSITIVE])
        return "positive" if drawn > 1.0 - (1.0 - below) * positive else "neutral"

    def _ignored(self, scene: Scene, reasoning: str, *, read: bool) -> Reaction:
        scene.memory["unanswered"] += 1
        return self._reaction(scene, reasoning, read=read)

    def _reaction(
        self,
        scene: Scene,
        reasoning: str,
        *,
        reply: Reply | None = None,
        unsubscribed: float | None = None,
        read: bool = True,
    ) -> Reaction:
        """The whole reaction, its times in order."""
        clicked = scene.clicked
        did = reply is not None or clicked is not None or unsubscribed is not None
        link = scene.features.link
        return Reaction(
            status="answered" if did else "ignored",
            reasoning=reasoning,
            delivered_after=scene.channel.travel,
            read_after=scene.read if read else None,
            clicked_after=clicked,
            link=restore(link, scene.contact_id) if link and clicked is not None else None,
            reply=reply,
            unsubscribed_after=unsubscribed,
            why=scene.why,
        )


def _note(memory: dict[str, object], kind: str) -> None:
    """Remember what was said last."""
    memory["asked"] = kind
    if kind == "price":
        memory["asked_price"] = int(str(memory["asked_price"])) + 1
    elif kind in ("question", "specification"):
        memory["questions"] = int(str(memory["questions"])) + 1
    elif kind == "interest":
        memory["settled"] = True
