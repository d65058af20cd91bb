"""The habits of a voice that are measured: one entry each, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.twins.profile.listening import Heard
from core.twins.profile.writing import Floats

Way = Literal["rate", "median", "spread"]
Show = Literal["most", "lean", "typical", "ends", "nothing"]


@dataclass(frozen=True)
class Feature:
    """One habit.

    Attributes:
        id: Stable name.
        name: What a creator calls it.
        unit: Of its value.
        count: For each sentence how much of it there is, and of how much.
        says: A sentence with ``{value}``.
        more: What a higher value is (``longer``).
        less: What a lower value is.
        scale: A rate is ``base + scale * sum / sum``.
        way: A rate, or the median or the spread (middle half) of what sentences hold.
        events: Whether what is counted are single events, of which few are little to go by.
        show: Which sentences are its examples: those that hold most, those that lean to where the
            creator leans, those nearest the middle, the shortest and longest, or nothing.
        step: The smallest difference in its unit that a reader might notice.
        sees: What the measure sees and what it does not, where its name promises more.
    """

    id: str
    name: str
    unit: str
    count: Callable[[Heard], tuple[Floats, Floats]]
    says: str
    more: str = "more"
    less: str = "fewer"
    scale: float = 1.0
    base: float = 0.0
    way: Way = "rate"
    events: bool = True
    show: Show = "most"
    step: float = 1.0
    sees: str = ""


_THOUSAND, _HUNDRED = "per 1,000 words", "per 100 sentences"
_OF_WORDS, _OF_SENTENCES = 1000.0, 100.0


def _in_words(name: str) -> Callable[[Heard], tuple[Floats, Floats]]:
    return lambda heard: (heard.said(name), heard.words)


def _signs(name: str) -> Callable[[Heard], tuple[Floats, Floats]]:
    return lambda heard: (heard.signs(name), heard.words)


def _direct(heard: Heard) -> tuple[Floats, Floats]:
    pushes = heard.told + heard.said("must") + 0.5 * heard.said("certain")
    return pushes - heard.said("hedges") - heard.said("softeners"), heard.proper


def _humour(heard: Heard) -> tuple[Floats, Floats]:
    return heard.said("humour") + heard.signs("playful"), heard.words


def _paragraph(heard: Heard) -> tuple[Floats, Floats]:
    return heard.words * heard.proper, heard.opened


def _emphasis(heard: Heard) -> tuple[Floats, Floats]:
    return heard.said("intensifiers") + heard.shouted, heard.words


def _numbers(heard: Heard) -> tuple[Floats, Floats]:
    return heard.said("numbers") + heard.digits, heard.words


FEATURES: tuple[Feature, ...] = (
    Feature(
        "sentence_length", "Sentence length", "words",
        lambda heard: (heard.words, heard.proper),
        "Half of your sentences have {value} words or fewer",
        "longer", "shorter", way="median", events=False, show="typical",
    ),
    Feature(
        "sentence_variety", "Sentence variety", "words",
        lambda heard: (heard.words, heard.proper),
        "The middle half of your sentences differ by {value} words in length",
        "more varied", "more even", way="spread", events=False, show="ends",
    ),
    Feature(
        "short_sentences", "Very short sentences", _HUNDRED,
        lambda heard: ((heard.words <= 5) * heard.proper, heard.proper),
        "{value} in 100 of your sentences have five words or fewer", scale=_OF_SENTENCES,
    ),
    Feature(
        "paragraph_length", "Paragraph length", "words", _paragraph,
        "Your paragraphs have {value} words on average",
        "longer", "shorter", events=False, show="nothing",
    ),
    Feature(
        "word_length", "Word length", "letters",
        lambda heard: (heard.letters, heard.words),
        "Your words have {value} letters on average",
        "longer", "shorter", events=False, show="lean", step=0.1,
    ),
    Feature(
        "vocabulary", "Range of vocabulary", "different words in 100", lambda heard: heard.fresh,
        "In any 100 words of yours, {value} are different ones",
        "more varied", "more repetitive", scale=100.0, events=False, show="lean",
        sees="Moving-average type-token ratio: it does not depend on how much you wrote.",
    ),
    Feature(
        "rare_words", "Uncommon words", "per 100 words",
        lambda heard: (heard.rare, heard.words),
        "{value} in 100 of your words are not among those that most writers use", scale=100.0,
        events=False, show="lean",
        sees="Names and terms of your subject count as uncommon words too.",
    ),
    Feature(
        "formality", "Formality", "of 100",
        lambda heard: (heard.formal, heard.words),
        "Your formality is {value} on a scale from 0 to 100",
        "more formal", "more casual", scale=50.0, base=50.0, events=False, show="lean",
        sees="After the F-score of Heylighen and Dewaele, with lists and word endings in place of "
        "parts of speech: nouns and adjectives are seen only in part.",
    ),
    Feature(
        "warmth", "Warmth", _THOUSAND, _in_words("warm"),
        "You use {value} warm words in 1,000", scale=_OF_WORDS,
        sees="Thanks, kind words and encouragement; not the tone between the lines.",
    ),
    Feature(
        "directness", "Directness", "points in 100 sentences", _direct,
        "Your directness is {value}: what tells and insists, less what softens",
        "more direct", "softer", scale=_OF_SENTENCES, events=False, show="lean",
    ),
    Feature(
        "humour", "Humour", _THOUSAND, _humour,
        "You use {value} playful words in 1,000", scale=_OF_WORDS,
        sees="Only its marks: laughing and absurd words, winks, mock confessions. Dry wit, timing "
        "and irony are not seen.",
    ),
    Feature(
        "questions", "Questions", _HUNDRED,
        lambda heard: (heard.asked, heard.proper),
        "{value} in 100 of your sentences ask something", scale=_OF_SENTENCES,
    ),
    Feature(
        "you", "Speaking to you", _THOUSAND, _in_words("you"),
        "You say “you” {value} times in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "i", "Speaking of yourself", _THOUSAND, _in_words("i"),
        "You say “I” {value} times in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "we", "Speaking as we", _THOUSAND, _in_words("we"),
        "You say “we” {value} times in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "contractions", "Contractions", _THOUSAND,
        lambda heard: (heard.contracted, heard.words),
        "You contract {value} words in 1,000 (don’t, it’s)", scale=_OF_WORDS,
    ),
    Feature(
        "imperatives", "Telling what to do", _HUNDRED,
        lambda heard: (heard.told, heard.proper),
        "{value} in 100 of your sentences tell somebody to do something", scale=_OF_SENTENCES,
        sees="Sentences that open with the plain form of a common verb.",
    ),
    Feature(
        "hedges", "Hedging", _THOUSAND, _in_words("hedges"),
        "You hedge {value} times in 1,000 words (perhaps, I think)", scale=_OF_WORDS,
    ),
    Feature(
        "certainty", "Certainty", _THOUSAND, _in_words("certain"),
        "You use {value} words of certainty in 1,000 (always, clearly)", scale=_OF_WORDS,
    ),
    Feature(
        "numbers", "Numbers", _THOUSAND, _numbers,
        "You use {value} numbers in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "emphasis", "Emphasis", _THOUSAND, _emphasis,
        "You stress {value} words in 1,000 (very, really, NOT)", scale=_OF_WORDS,
    ),
    Feature(
        "examples", "Giving examples", _THOUSAND, _in_words("examples"),
        "You point to an example {value} times in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "stories", "Telling stories", _THOUSAND, _in_words("stories"),
        "You use {value} words of storytelling in 1,000 (one day, she said)", scale=_OF_WORDS,
    ),
    Feature(
        "joined_openings", "Opening with and, but, so", _HUNDRED,
        lambda heard: (heard.joined, heard.proper),
        "{value} in 100 of your sentences open with and, but or so", scale=_OF_SENTENCES,
    ),
    Feature(
        "exclamations", "Exclamations", _HUNDRED,
        lambda heard: (heard.exclaimed, heard.proper),
        "{value} in 100 of your sentences end with an exclamation mark", scale=_OF_SENTENCES,
    ),
    Feature(
        "commas", "Commas", _THOUSAND, _signs("comma"),
        "You write {value} commas in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "semicolons", "Semicolons", _THOUSAND, _signs("semicolon"),
        "You write {value} semicolons in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "colons", "Colons", _THOUSAND, _signs("colon"),
        "You write {value} colons in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "dashes", "Dashes", _THOUSAND, _signs("dash"),
        "You write {value} dashes in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "parentheses", "Parentheses", _THOUSAND, _signs("parenthesis"),
        "You write {value} asides in parentheses in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "ellipses", "Ellipses", _THOUSAND, _signs("ellipsis"),
        "You write {value} ellipses in 1,000 words", scale=_OF_WORDS,
    ),
    Feature(
        "quotations", "Quotation marks", _THOUSAND, _signs("quotation"),
        "You open {value} quotations in 1,000 words", scale=_OF_WORDS,
    ),
)  # fmt: skip
"""All of them; a new one is one entry here (and one fit of the reference population)."""
