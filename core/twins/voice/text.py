"""A text as an author's habits show in it: as written, with the content hidden, and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

FUNCTION_WORDS = """
a about above across after again against all almost alone along already also although always am
among an and another any anybody anyone anything anywhere are around as at away back be became
because become been before began behind being below beneath beside besides between beyond both but
by came can cannot certain certainly come could did do does doing done down during each either else
enough even ever every everybody everyone everything everywhere except far few first for former
from further get give go goes going got had has have having he hence her here hers herself him
himself his how however i if in indeed instead into is it its itself just keep kept know last later
least less let like likely little made make making many may maybe me mean merely might mine more
moreover most mostly much must my myself near nearly need neither never nevertheless next no nobody
none nor not nothing now nowhere of off often oh on once one only onto or other others otherwise
ought our ours ourselves out over own part per perhaps please put quite rather really right said
same say says see seem seemed seems several shall she should show side simply since so some
somebody someone something sometimes somewhat somewhere still such take than that the their theirs
them themselves then there thereby therefore these they thing things think this those though three
through throughout thus till to today together too toward towards two under unless unlike until up
upon us use used using usually very via want was way we well went were what whatever when whenever
where whereas wherever whether which whichever while who whoever whole whom whose why will with
within without would yes yet you your yours yourself yourselves don't doesn't didn't isn't aren't
wasn't weren't can't couldn't won't wouldn't shouldn't it's that's there's what's let's i'm i've
i'll i'd you're you've you'll you'd we're we've we'll we'd they're they've they'll he's she's ain't
hasn't haven't hadn't
""".split()
"""Words that every topic needs."""

FIRST_WORD = 64
WORDS = {word: number + FIRST_WORD for number, word in enumerate(dict.fromkeys(FUNCTION_WORDS))}
_MARKS = {mark: number + 1 for number, mark in enumerate(".,;:!?\"'()-[]…/&$%*")}
_DASHES, _DOTS, _OTHER_MARK = 20, 21, 22
_ENDINGS = {
    ending: number + 30
    for number, ending in enumerate(
        "ing ed ly tion ness ment ity able ible ful ive ous al er est s th".split()
    )
}
_CONTENT, _NAME, _NUMBER = 50, 51, 52
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:'[^\W\d_]+)*|--+|\.\.\.+|[^\w\s]")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_PIECE = re.compile(r"\S+\s*")
_SIMPLER = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "--", "\xa0": " ", "…": "..."}
)


def plain(text: str) -> str:
    """A text with one kind of quotation mark, dash and blank, so that no editor is recognised."""
    return _BLANKS.sub(" ", text.translate(_SIMPLER)).strip()


def words_in(text: str) -> int:
    """How many words a text has: what stands between blanks."""
    return len(text.split())


def distorted(text: str) -> str:
    """A plain text with its content hidden: function words stay, of others only the ending."""
    return _WORD.sub(lambda found: _hidden(found.group()), _DIGITS.sub("#", text))


def _hidden(word: str) -> str:
    if word.lower() in WORDS:
        return word
    return "*" + word[-2:] if len(word) > 4 else "*"


def habits(text: str) -> list[int]:
    """A plain text as numbers: each function word and mark, other words by their ending only."""
    return [_habit(token) for token in _TOKEN.findall(text)]


def _habit(token: str) -> int:
    if token[0].isalpha():
        return WORDS.get(token.lower()) or _kind(token)
    if token[0].isdigit():
        return _NUMBER
    if len(token) > 1:
        return _DASHES if token[0] == "-" else _DOTS
    return _MARKS.get(token, _OTHER_MARK)


def _kind(word: str) -> int:
    low = word.lower()
    for size in (4, 3, 2, 1):
        if len(low) > size + 1 and low[-size:] in _ENDINGS:
            return _ENDINGS[low[-size:]]
    return _NAME if word[0].isupper() else _CONTENT


def chunks(texts: Sequence[str], size: int, most: int) -> list[str]:
    """Texts in stretches of so many words, at most so many of them, taken evenly."""
    pieces = _PIECE.findall("\n\n".join(texts))
    starts = list(range(0, max(len(pieces) - size // 2, 1), size))
    if len(starts) > most:
        starts = [starts[number * len(starts) // most] for number in range(most)]
    return ["".join(pieces[start : start + size]) for start in starts]
