"""The parameters as the model uses them: looked up once, then plain attributes."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.words import CHANNELS
from core.minds.behaviour.parameters import BehaviourParameters
from core.minds.behaviour.profile import KINDS

HOUR = 3600.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """One channel's parameters; times in seconds."""

    bounce: float
    travel: float
    reading: float
    read_delay: float
    replying: float
    reply_delay: float
    comfort: float
    words: float


class Numbers:
    """Every parameter by a short attribute (``reading.night`` is ``reading_night``).

    Args:
        parameters: Where they are from.

    Raises:
        BadInput: If a parameter that the model needs is missing; names it.
    """

    def __init__(self, parameters: BehaviourParameters) -> None:
        self.channels = {channel: _channel(parameters, channel) for channel in CHANNELS}
        self.intent = tuple(parameters[f"intent.base.{kind}"] for kind in KINDS)
        self.negative = {kind: parameters[f"negative.base.{kind}"] for kind in KINDS}
        self.positive = {kind: parameters[f"positive.base.{kind}"] for kind in KINDS}
        self._by_name = {name: parameters[name] for name in _NEEDED}
        for name, value in self._by_name.items():
            setattr(self, name.replace(".", "_"), value)

    def __getattr__(self, name: str) -> float:
        """Only called for names that are not there: a mistake of ours."""
        raise AttributeError(f"the model uses no parameter {name}")


def _channel(parameters: BehaviourParameters, channel: str) -> ChannelNumbers:
    return ChannelNumbers(
        bounce=parameters[f"delivery.bounce.{channel}"],
        travel=parameters[f"delivery.seconds.{channel}"],
        reading=parameters[f"reading.channel.{channel}"],
        read_delay=parameters[f"reading.delay.{channel}"] * MINUTE,
        replying=parameters[f"replying.channel.{channel}"],
        reply_delay=parameters[f"replying.delay.{channel}"] * MINUTE,
        comfort=parameters[f"replying.comfort.{channel}"],
        words=parameters[f"words.median.{channel}"],
    )


_NEEDED = (
    "reading.no_subject",
    "reading.long_subject",
    "reading.subject_question",
    "reading.subject_name",
    "reading.subject_shouts",
    "reading.preheader",
    "reading.night",
    "reading.weekend",
    "reading.in_conversation",
    "reading.unanswered",
    "reading.recent",
    "reading.delay_spread",
    "reading.speed",
    "waking.from",
    "waking.to",
    "waking.spread",
    "waking.catch_up",
    "clicking.base",
    "clicking.invites",
    "clicking.offer",
    "clicking.delay",
    "clicking.delay_spread",
    "replying.question",
    "replying.wants_reply",
    "replying.questions",
    "replying.link",
    "replying.clicked",
    "replying.answered",
    "replying.unanswered_question",
    "replying.in_conversation",
    "replying.length",
    "replying.urgency",
    "replying.unanswered",
    "replying.recent",
    "replying.settled",
    "replying.delay_spread",
    "replying.typing_speed",
    "replying.latest",
    "interest.start",
    "interest.touch",
    "interest.answered",
    "interest.unanswered",
    "interest.fatigue",
    "interest.invites",
    "interest.offer",
    "interest.clicked",
    "interest.price_named",
    "interest.settled",
    "interest.open_need",
    "interest.met_need",
    "price.known",
    "price.asked",
    "price.named",
    "specification.enough",
    "specification.answered",
    "specification.named",
    "objection.answered",
    "objection.urgency",
    "objection.unanswered",
    "question.asked",
    "not_interested.fatigue",
    "opt_out.fatigue",
    "opt_out.urgency",
    "opt_out.offered",
    "opt_out.by_link",
    "opt_out.night",
    "thanks.answered",
    "thanks.settled",
    "answer.question",
    "answer.questions",
    "answer.coaching",
    "interest.coaching",
    "thanks.coaching",
    "answer.in_program",
    "answer.skip",
    "negative.urgency",
    "negative.unanswered",
    "words.spread",
)
