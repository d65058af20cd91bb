"""The words of a reply: a heart that fits the message, and what the persona adds to it."""

from __future__ import annotations

import math

from core.domain.words import Sentiment
from core.minds.behaviour.numbers import Numbers
from core.minds.behaviour.phrases import Dice, PhraseBank, Slots, Template, render
from core.minds.behaviour.profile import ASKING, LENGTH, PRICE
from core.minds.behaviour.scene import Scene, sigmoid

_TALK_FROM, _TALK_TO = 42.0, 52.0
_REFUSALS = {"not_now", "not_interested", "opt_out"}
_PRICE_MATTERS = 1.5


class Writer:
    """Writes replies out of the phrase bank.

    Args:
        phrases: What can be said.
        numbers: The lengths of replies.
    """

    def __init__(self, phrases: PhraseBank, numbers: Numbers) -> None:
        self._phrases = phrases
        self._numbers = numbers

    def write(self, scene: Scene, kind: str, tone: Sentiment) -> str:
        """The reply's words. Remembers what was said, so that nobody repeats themselves."""
        dice = Dice(scene.chance.uniform("words"))
        slots = self._slots(scene, dice)
        variant = _variant(scene, kind)
        profile = scene.profile
        if profile.terse:
            text = self._pick(scene, variant, dice, slots, terse=True)
            return text.lower().rstrip(".") if profile.lower_case else text
        parts = self._parts(scene, variant, tone, dice, slots)
        text = _join(parts)
        return text.lower().rstrip(".") if profile.lower_case else text

    def note(self, scene: Scene, purpose: str) -> str:
        """A few words for a text question of a check-in."""
        dice = Dice(scene.chance.uniform(purpose))
        notes = self._phrases.notes
        return render(notes[dice.roll(len(notes))], dice, self._slots(scene, dice))

    def _slots(self, scene: Scene, dice: Dice) -> Slots:
        """What this message and person give to the slots."""
        given = {"price": scene.memory["price"] or "the price", "me": scene.first_name}
        return Slots(dice, given, self._phrases.slots, scene.features.topics)

    def _pick(self, scene: Scene, variant: str, dice: Dice, slots: Slots, *, terse: bool) -> str:
        """The heart of the reply: never the same template twice running."""
        voice = scene.profile.voice
        bank = self._phrases
        templates = bank.few_words(variant, voice) if terse else bank.reply(variant, voice)
        return render(_another(scene, variant, templates, dice), dice, slots)

    def _parts(
        self, scene: Scene, variant: str, tone: Sentiment, dice: Dice, slots: Slots
    ) -> list[str]:
        """Sentences until the reply is as long as this person's replies are."""
        n, voice = self._numbers, scene.profile.voice
        spread = n.words_spread * (2.0 * dice.chance() + 2.0 * dice.chance() - 2.0)
        target = scene.channel.words * math.exp(scene.levers[LENGTH] + spread)
        if scene.profile.talkative:
            target = max(_TALK_FROM, min(_TALK_TO, target))
        if variant == "specification":
            heart = self._specifications(scene, target, dice, slots)
        else:
            heart = self._pick(scene, variant, dice, slots, terse=False)
        parts = [heart]
        if tone == "negative":
            remarks = self._phrases.remarks.get(voice) or self._phrases.remarks["neutral"]
            parts.append(render(remarks[dice.roll(len(remarks))], dice, slots))
        if variant != "opt_out":
            self._extend(scene, variant, target, parts, dice, slots)
        return self._frame(scene, parts, target, dice, slots)

    def _extend(
        self,
        scene: Scene,
        variant: str,
        target: float,
        parts: list[str],
        dice: Dice,
        slots: Slots,
    ) -> None:
        """Second sentences, stories and questions, as far as the length asks for them."""
        voice, bank = scene.profile.voice, self._phrases
        words = sum(part.count(" ") + 1 for part in parts)
        seconds = bank.second(variant, voice)
        if seconds and words < target * 0.75:
            text = render(_another(scene, "more", seconds, dice), dice, slots)
            parts.append(text)
            words += text.count(" ") + 1
        asks = 0.0 if variant in _REFUSALS else sigmoid(scene.levers[ASKING] - 1.7)
        story = dice.roll(len(bank.stories))
        ask = dice.roll(len(bank.asks))
        while scene.profile.talkative and words < target - 4:
            if dice.chance() < asks:
                ask = (ask + 1) % len(bank.asks)
                text = render(bank.asks[ask], dice, slots)
                parts.append(text)
            else:
                story = (story + 1) % len(bank.stories)
                text = render(bank.stories[story], dice, slots)
                parts.insert(dice.roll(2), text)
            words += text.count(" ") + 1

    def _frame(
        self, scene: Scene, parts: list[str], target: float, dice: Dice, slots: Slots
    ) -> list[str]:
        """A greeting and a closing, on e-mail and from those who write at length."""
        voice, bank = scene.profile.voice, self._phrases
        letter = scene.message.channel == "email" and target >= 9
        if (voice == "warm" and dice.roll(2)) or (letter and dice.roll(3) == 0):
            openers = bank.openers.get(voice) or bank.openers["neutral"]
            parts.insert(0, render(openers[dice.roll(len(openers))], dice, slots))
        if letter and scene.first_name and dice.roll(5) < 2:
            closings = bank.closings.get(voice) or bank.closings["neutral"]
            closing = render(closings[dice.roll(len(closings))], dice, slots)
            parts[-1] += f"\n{closing}"
        return parts

    def _specifications(self, scene: Scene, target: float, dice: Dice, slots: Slots) -> str:
        """One to three questions for details that this person has not asked yet."""
        questions = self._phrases.specifications
        said = scene.memory["said"]
        start = said.get("specifications", dice.roll(len(questions)))
        technical = scene.profile.voice == "technical"
        count = 1 if not technical else 2 + (target > 24)
        asked = [
            render(questions[(start + at * 5) % len(questions)], dice, slots) for at in range(count)
        ]
        said["specifications"] = (start + count * 5) % len(questions)
        if not technical:
            asked_plainly = asked[0][:1].lower() + asked[0][1:]
            template = self._phrases.reply("specification", "neutral")
            given = Slots(dice, {"specification": asked_plainly}, self._phrases.slots)
            return render(_another(scene, "specification", template, dice), dice, given)
        intro = self._pick(scene, "specification", dice, slots, terse=False)
        return " ".join([intro, *(f"{at}) {text}?" for at, text in enumerate(asked, 1))])


def _variant(scene: Scene, kind: str) -> str:
    """The bank's list for a kind of reply to this message."""
    if kind == "objection":
        matters = scene.profile.levers[PRICE] > _PRICE_MATTERS and scene.memory["price"]
        return "price_objection" if matters else kind
    if kind != "answer":
        return kind
    asks = scene.features.asks
    if scene.message.questions or not asks:
        return "answer_progress"
    return f"answer_{asks}"


def _another(scene: Scene, name: str, templates: tuple[Template, ...], dice: Dice) -> Template:
    """A template that this person has not used the last time for this."""
    said = scene.memory["said"]
    last, count = said.get(name), len(templates)
    if last is None or last >= count or count == 1:
        chosen = dice.roll(count)
    else:
        chosen = (last + 1 + dice.roll(count - 1)) % count
    said[name] = chosen
    return templates[chosen]


def _join(parts: list[str]) -> str:
    """Sentences as one text, each with a capital letter, ending as a sentence does."""
    text = ""
    for part in parts:
        first = part[:1]
        text += (first.upper() + part[1:] if first.islower() else part).strip()
        text += "\n" if text.endswith(",") else " "
    return text.rstrip()
