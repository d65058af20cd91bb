"""The tone of a message: words that are listed in ``data/models/tone``, and how loud it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from core.domain.messages import Tone

DATA = Path(__file__).resolve().parents[2] / "data" / "models" / "tone" / "words.yaml"
LONGEST = 4_000
"""Characters that are listened to."""
AGGRESSIVE, PUSHY, FORMAL, WARM = 2.4, 2.2, 2.0, 1.5
"""From this score on a message has the tone; they are asked in this order."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CAPITALS = re.compile(r"(?<![^\W_])[A-ZÄÖÜÀÉÈÑ]{2,}(?![^\W_]|')")
_EXCLAIMED = re.compile(r"!\s*!+")
_KIND_SIGNS = frozenset("😀😃😄😁😊🙂🤗🥰😍❤♥🎉💚🌱🙏👋☀🌞")
_SMILES = (":)", ":-)", ";)")
_SHORT_FORM = re.compile(r"[a-z]'(?:ll|re|ve|m|d|s)(?![^\W_])")
SHOUTED, LOUDLY = "capitals throughout", "said loudly"
VOLUME = frozenset((SHOUTED, LOUDLY))
"""What is heard of how loud a message is: no words of it."""
_COURTESY = frozenset("please thanks thank bitte danke svp merci favor gracias obrigado".split())
_LOUD_ALONE = frozenset("STOP YES NO OK SMS PDF FAQ CEO USA EU UK DM AM PM CET GMT EUR USD".split())


class Phrase(NamedTuple):
    """A phrase that is listened for: its words after the first, its tone, list and weight."""

    rest: tuple[str, ...]
    tone: str
    kind: str
    weight: float


class Heard(NamedTuple):
    """The tone of a message, the score of each tone, and what was heard of it.

    Attributes:
        tone: What it is taken for.
        scores: For aggressive, pushy, warm and formal.
        words: The phrases and signs that spoke for each.
    """

    tone: Tone
    scores: dict[str, float]
    words: dict[str, list[str]]


def tone_of(text: str, subject: str | None = None) -> Heard:
    """How a message sounds."""
    whole = f"{subject}. {text}" if subject else text
    whole = whole[:LONGEST].replace("’", "'")
    heard = Heard("neutral", dict.fromkeys(("aggressive", "pushy", "warm", "formal"), 0.0), {})
    lexicon = shipped_lexicon()
    calm = 0
    words = _WORD.findall(whole.lower())
    for phrase, said in _phrases(words, lexicon):
        if phrase.tone == "calming":
            calm += 1
        else:
            _add(heard, phrase.tone, phrase.weight, said)
    _listen_to_volume(heard, whole, words)
    heard.scores["pushy"] -= 1.5 * calm
    if "'" in whole and _SHORT_FORM.search(whole):
        heard.scores["warm"] += 0.3
        heard.scores["formal"] -= 0.5
    return heard._replace(tone=_decided(heard.scores))


def _decided(scores: Mapping[str, float]) -> Tone:
    if scores["aggressive"] >= AGGRESSIVE:
        return "aggressive"
    if scores["pushy"] >= PUSHY:
        return "pushy"
    if scores["formal"] >= FORMAL and scores["formal"] >= scores["warm"]:
        return "formal"
    return "warm" if scores["warm"] >= WARM else "neutral"


def _add(heard: Heard, tone: str, weight: float, said: str) -> None:
    heard.scores[tone] += weight
    heard.words.setdefault(tone, []).append(said)


def _listen_to_volume(heard: Heard, text: str, said: list[str]) -> None:
    """Capitals and exclamation marks: some push, a whole message of them shouts.

    Who says please, and nothing that attacks, only has the capitals locked.
    """
    loud = [word for word in _CAPITALS.findall(text) if word not in _LOUD_ALONE]
    words = [word for word in loud if len(word) > 2]
    polite = not heard.scores["aggressive"] and not _COURTESY.isdisjoint(said)
    if len(words) >= 3 and len(loud) >= 0.6 * len(said) and not polite:
        _add(heard, "aggressive", AGGRESSIVE, SHOUTED)
    elif len(words) >= 2:
        _add(heard, "pushy", min(0.5 * len(words), 2.0), "words in capitals")
    runs = len(_EXCLAIMED.findall(text)) if "!" in text else 0
    if runs:
        _add(heard, "pushy", min(0.8 * runs, 1.6), "runs of exclamation marks")
    if heard.scores["aggressive"] and (words or runs):
        _add(heard, "aggressive", 0.6, LOUDLY)
    if any(smile in text for smile in _SMILES) or not _KIND_SIGNS.isdisjoint(text):
        _add(heard, "warm", 0.8, "a kind sign")


def _phrases(
    words: list[str], lexicon: Mapping[str, tuple[Phrase, ...]]
) -> Iterator[tuple[Phrase, str]]:
    """The listed phrases that a text holds, the longest at each place."""
    free = 0
    for place in [place for place, word in enumerate(words) if word in lexicon]:
        if place < free:
            continue
        for phrase in lexicon[words[place]]:
            after = place + 1 + len(phrase.rest)
            if tuple(words[place + 1 : after]) == phrase.rest:
                yield phrase, " ".join(words[place:after])
                free = after
                break


@lru_cache(maxsize=2)
def shipped_lexicon(path: Path = DATA) -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases by their first word, the longest first."""
    kept = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: dict[str, list[Phrase]] = {}
    for words, tone, kind, weight in _listed(kept):
        first, *rest = _WORD.findall(str(words).lower())
        found.setdefault(first, []).append(Phrase(tuple(rest), tone, kind, weight))
    return {
        first: tuple(sorted(phrases, key=lambda one: -len(one.rest)))
        for first, phrases in found.items()
    }


def _listed(kept: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    for tone, lists in kept.items():
        if isinstance(lists, list):
            yield from ((words, tone, tone, 0.0) for words in lists)
            continue
        for kind, given in lists.items():
            yield from ((words, tone, kind, float(given["weight"])) for words in given["words"])
