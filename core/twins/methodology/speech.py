"""What a sentence does: tells somebody to do something, lays down a rule, tells a story."""

from __future__ import annotations

import re

from core.twins.methodology.wording import listed

_LEAD = re.compile(
    r"(?:and|but|so|then|now|next|first|firstly|second|secondly|third|thirdly|finally|lastly|again"
    r"|afterwards|after that|otherwise|instead|just|simply|please|also|therefore|remember)\b"
    r"[,:]?\s+",
    re.I,
)
_STEP = re.compile(
    r"\W*(?:step|stage|part)\s+(?:\d{1,2}|[a-z]+)\s*(?:[.:,)–—-]|$)\s*|\W*\(?\d{1,2}[.)]\s+", re.I
)
_DAY = re.compile(r"\W*day\s+(?:\d{1,2}|[a-z]+)\s*[.:,–—-]\s*", re.I)
_ORDER = re.compile(
    r"\W*(?:first|firstly|second|secondly|third|thirdly|then|next|after that|finally|lastly)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"(?:each|every|on|in|at|before|after|when|whenever|if|once|while|for|with|tomorrow|tonight"
    r"|today|to|during|until|as soon as|the)\b[^,:;]{2,90}[,:]\s+",
    re.I,
)
_NOT_TOLD = re.compile(
    r"\w+\s+(?:is|are|was|were|has|had|will|can|may|might|would|did|does|and I|of the|that|which)\b"
    r"|\w+['’]s\b|[\w-]+\s*[:,]\s*(?:the|a|my|I)\b",
    re.I,
)
_FORBIDS = re.compile(r"(?:do not|don['’]t|let us|let['’]s)\b", re.I)
_VERBS = "|".join(sorted(listed("verbs")))
_PEOPLE = "one|you|we|man|men|person|people|nobody|everybody|anyone|everyone|whoever"
_RULES = tuple(
    (re.compile(pattern, re.I), points)
    for pattern, points in (
        (r"\bthe (?:\w+ )?(?:rule|principle|law|secret) (?:is|was)\b", 3.0),
        (rf"^(?:never|always) (?:{_VERBS})\b", 2.0),
        (r"\w, (?:not|never) (?:the |a |an |by |in |for )?\w+(?: \w+){0,3}[.!]?$", 2.0),
        (r"^(?:do not|don['’]t)\b", 1.4),
        (r"\b(?:must|ought to|should|has to|have to|needs? to)\b", 1.2),
        (r"\b(?:never|always)\b", 1.0),
        (r"\bwithout\b.*\b(?:no|nothing|never|is|are)\b|^(?:no|there (?:is|are) no)\b", 0.9),
        (rf"\b(?:{_PEOPLE}) (?:must|should|ought)\b", 0.8),
        (r"\b(?:better|more|less|worse) [^.]{0,40}\bthan\b", 0.8),
        (r"^(?:if|when|whenever|unless|until)\b[^,]{3,90}, ", 0.7),
        (r"^(?:every|each|all|any\w*|whoever|the (?:man|person) (?:who|that))\b", 0.6),
        (r"\b(?:before|first)\b", 0.4),
    )
)
_STORY = re.compile(
    r"\b(?:I|he|she|they|my|his|her|their|me|him|was|were|had|said|told|did|went|came"
    r"|yesterday|ago|advises?|advised|says|writes|wrote|thou|thy|thee|ye|hath|doth|art|shalt|unto|this|these|above|following)\b|\d|[\"“”?;]",
    re.I,
)
_RHETORIC = re.compile(
    r"(?:take (?:the|any|an?|for)\b|let us\b|let['’]s\b|let me\b|see\b|listen\b|suppose\b|talk\b"
    r"|imagine\b|look at\b|think of\b|note\b|notice\b|read (?:it|this|on)\b|bring it\b|lie down"
    r"|pass (?:now|on)|do not (?:fear|suppose|imagine|think) (?:that )?I\b|never have\b|thank\b"
    r"|welcome\b|stay tuned|subscribe\b|click\b|join\b|buy\b|order\b|call us\b|contact\b|visit\b)",
    re.I,
)
_LEANS = re.compile(r"\b(?:that|so|them|then|one|it)[.!]$|^(?:you|we) must (?:do|go)\b", re.I)
_SHORT = 5
_POINTS = re.compile(
    r"(?:not|it|this|that|these|those|they|he|she|him|such|here|there (?:was|were)|which|who|what"
    r"|and|but|so|or|for|yes|no[,.]|well|thus|hence|therefore|however|also|then|perhaps|some|others?"
    r"|another|both|the (?:former|latter|same|above|following|other|first|second)|nor|yet|as)\b",
    re.I,
)
NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()


def told(text: str) -> bool:
    """Whether it tells somebody to do something, after a leading word or clause or without."""
    bare = unlabelled(text).lstrip("\"'“‘([*_ ")
    while lead := _LEAD.match(bare):
        bare = bare[lead.end() :]
    if _tells(bare):
        return True
    clause = _CLAUSE.match(bare)
    return clause is not None and _tells(_LEAD.sub("", bare[clause.end() :], count=1))


def _tells(text: str) -> bool:
    if text.rstrip("\"'”’) ").endswith("?"):
        return False
    if _FORBIDS.match(text):
        return True
    first = re.match(r"[A-Za-z'-]+", text)
    if text.lower().startswith(("never", "always")):
        return text.lower().split()[1:2] != [] and text.lower().split()[1] in listed("verbs")
    return first is not None and first[0].lower() in listed("verbs") and not _NOT_TOLD.match(text)


def labelled(text: str) -> bool:
    """Whether it says that it is a step."""
    return _STEP.match(text) is not None or _DAY.match(text) is not None


def in_order(text: str) -> bool:
    """Whether it begins with a word of order (``first``, ``then``)."""
    return _ORDER.match(text) is not None


def is_only_label(text: str) -> bool:
    """Whether it says that it is a step, and nothing else."""
    step = _STEP.match(text) or _DAY.match(text)
    return step is not None and not text[step.end() :].strip(" .:*")


def unlabelled(text: str) -> str:
    """Without what only says that it is a step."""
    step = _STEP.match(text)
    rest = text[step.end() :] if step else text
    return rest or text


def rule_strength(text: str) -> float:
    """How much a sentence lays down a rule that can stand alone; 0 where it does not."""
    words = len(text.split())
    if not 3 <= words <= 24 or text[-1:] not in ".!" or not text[:1].isupper():
        return 0.0
    strength = sum(points for pattern, points in _RULES if pattern.search(text))
    strength += 1.6 if told(text) else 0.0
    if not strength or _POINTS.match(text):
        return 0.0
    strength -= 0.8 * len(_STORY.findall(text)) + max(0, words - 14) * 0.06
    strength -= 1.0 * (words < _SHORT) + 1.0 * bool(_LEANS.search(text))
    return max(strength, 0.0)


def is_story(text: str) -> bool:
    """Whether it tells what happened, or asks."""
    return len(_STORY.findall(text)) > 1 or text.rstrip("\"”’'").endswith("?")


def points_back(text: str) -> bool:
    """Whether it cannot be understood without the sentence before."""
    return _POINTS.match(text) is not None


def is_rhetoric(text: str) -> bool:
    """Whether it only turns to the reader (``take the case of …``, ``let us see``)."""
    return _RHETORIC.match(text) is not None


def is_maxim(text: str) -> bool:
    """Whether it is a short saying that stands alone and tells no story."""
    alone = not _POINTS.match(text) and text[-1:] in ".!" and text[:1].isupper()
    return alone and 4 <= len(text.split()) <= 14 and not _STORY.search(text)
