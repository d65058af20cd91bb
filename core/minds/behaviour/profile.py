"""What a persona's words and one copy's traits come to: a number for each lever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.personas import Persona
from core.minds.behaviour.parameters import LEVERS, TRAITS, BehaviourParameters
from core.minds.behaviour.phrases import PhraseBank

(
    READING,
    CLICKING,
    REPLYING,
    INTEREST,
    QUESTION,
    SPECIFICATION,
    PRICE,
    OBJECTION,
    NOT_NOW,
    NOT_INTERESTED,
    OPT_OUT,
    THANKS,
    ANSWER,
    DELAY,
    LENGTH,
    URGENCY,
    POSITIVE,
    NEGATIVE,
    ASKING,
) = range(len(LEVERS))
KINDS = LEVERS[INTEREST : ANSWER + 1]
"""The ten kinds of replies; each is a lever too."""
_WIDEST = 4.0


@dataclass(frozen=True, slots=True)
class Profile:
    """A persona as the model sees it.

    Attributes:
        levers: What the persona's words add to each lever, in the order of ``LEVERS``.
        because: For each lever the words that add most to it, as a person would say them.
        voice: The phrase bank's voice.
        terse: Whether replies are a few words only.
        talkative: Whether replies are long: stories and further questions are added.
        lower_case: Whether the persona types without capitals and full stops.
        unknown: Words that no table knows; they count as the middle.
    """

    levers: tuple[float, ...]
    because: tuple[str, ...]
    voice: str
    terse: bool
    talkative: bool
    lower_case: bool
    unknown: tuple[str, ...]


def persona_words(persona: Persona) -> list[tuple[str, str]]:
    """Each table with the word that the persona has for it; ``trait`` once a trait."""
    said = persona.personality
    return [
        ("tone", said.tone),
        ("response_length", said.response_length),
        ("decision_speed", said.decision_speed),
        ("objection_likelihood", said.objection_likelihood),
        *(("trait", trait) for trait in persona.behavior_traits),
    ]


def unknown_words(persona: Persona, parameters: BehaviourParameters) -> tuple[str, ...]:
    """The words of a persona that the model does not know and treats as the middle."""
    return tuple(
        word for table, word in persona_words(persona) if not parameters.find_word(table, word)
    )


def make_profile(persona: Persona, parameters: BehaviourParameters, phrases: PhraseBank) -> Profile:
    """Sum up what a persona's words add to each lever; a trait named twice counts once."""
    levers = [0.0] * len(LEVERS)
    because = [("", 0.0)] * len(LEVERS)
    known = [
        (table, found)
        for table, word in persona_words(persona)
        if (found := parameters.find_word(table, word))
    ]
    for table, word in dict.fromkeys(known):
        for index, lever in enumerate(LEVERS):
            parameter = parameters.parameters.get(f"{table}.{word}.{lever}")
            if parameter is None:
                continue
            levers[index] += parameter.value
            if abs(parameter.value) > abs(because[index][1]):
                because[index] = (_say(table, word), parameter.value)
    words = dict(known[:4])
    typical = parameters["words.median.sms"] * math.exp(levers[LENGTH])
    traits = {word for table, word in known if table == "trait"}
    terse = typical < parameters["words.terse"]
    return Profile(
        levers=tuple(levers),
        because=tuple(text for text, _ in because),
        voice=phrases.voices.get(words.get("tone", "neutral"), "neutral"),
        terse=terse,
        talkative=typical >= parameters["words.talkative"],
        lower_case="types_in_lower_case" in traits,
        unknown=unknown_words(persona, parameters),
    )


def _say(table: str, word: str) -> str:
    """A persona's word as part of a sentence about the person."""
    plain = word.replace("_", " ")
    if table == "trait":
        return plain
    if table == "tone":
        return f"is {plain}"
    if table == "decision_speed":
        return f"is {plain} to decide"
    if table == "objection_likelihood":
        return f"has a {plain} tendency to object"
    return f"writes {plain} replies"


class Copies:
    """How one copy's traits move the levers.

    Args:
        parameters: The ``spread`` parameters give what one standard deviation does.
    """

    def __init__(self, parameters: BehaviourParameters) -> None:
        self._effects: list[tuple[str, tuple[tuple[int, float], ...]]] = []
        for trait in TRAITS:
            effects = tuple(
                (index, parameter.value)
                for index, lever in enumerate(LEVERS)
                if (parameter := parameters.parameters.get(f"spread.{trait}.{lever}"))
            )
            self._effects.append((trait, effects))

    def levers(self, profile: Profile, traits: Mapping[str, float]) -> list[float]:
        """The persona's levers with this copy's own differences added."""
        levers = list(profile.levers)
        for trait, effects in self._effects:
            score = z_score(traits.get(trait, 0.0))
            if score:
                for index, effect in effects:
                    levers[index] += effect * score
        return levers


def z_score(value: float) -> float:
    """A trait's number, at most four standard deviations off; 0 where it is none."""
    if not isinstance(value, int | float) or value != value:
        return 0.0
    return max(-_WIDEST, min(_WIDEST, float(value)))
