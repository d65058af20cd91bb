"""What somebody wants of a twin: an answer, a greeting back, or that it be something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from core.domain.twins import Turn
from core.twins.answering.takeovers import TAKEOVERS
from core.twins.screening import injections

Wish = Literal["question", "greeting", "thanks", "empty", "takeover"]
LONGEST_COURTESY = 14
"""A greeting or thanks in more words says something else too."""
_GREETING = re.compile(
    r"(?:hi+|hiya|hey+|hello+|helo|hallo+|yo|howdy|greetings|morning|g['’]?day"
    r"|(?P<daily>good (?:morning|afternoon|evening|day))|hola|buen[oa]s (?:d[ií]as|tardes|noches)"
    r"|bonjour|bonsoir|salut|coucou|ciao|buongiorno|buonasera|salve|ol[áa]|oi|bom dia"
    r"|boa (?:tarde|noite)|guten (?:tag|morgen|abend)|moin|servus|gr[üu](?:ß|ss) (?:dich|gott)"
    r"|gr[üu]ezi|hej|hei|goddag|goedemorgen|goedemiddag|dag|ahoj|cze[śs][ćc]|dzie[ńn] dobry"
    r"|merhaba|selam|namaste|привет|здравствуйте|مرحبا|السلام عليكم|שלום|नमस्ते"
    r"|こんにちは|你好|您好|안녕하세요)(?!\w)",
    re.I,
)
_HOW_ARE_YOU = re.compile(
    r"how(?:['’]s it going| are you(?: (?:doing|feeling))?(?: today)?| do you (?:do|feel)"
    r"|['’]s life)|what['’]?s up"
    r"|wie geht(?:['’]?s| es (?:dir|ihnen))|(?:comment )?[çc]a va|comment allez[- ]vous"
    r"|(?:c[óo]mo|como) est[áa]s?|qu[ée] tal|come (?:stai|va)|tudo bem|nice to meet you",
    re.I,
)
_THANKS = re.compile(
    r"(?:(?:ok(?:ay)?|great|perfect|wow|lovely|super|cool|good|ah|oh|no),? )?"
    r"(?:(?:many |so many |a thousand )?thanks(?! to\b)|thank (?:you|u)(?! (?:notes?|letters?"
    r"|cards?)\b)|thx+|tysm|ty|cheers(?! me\b)|much appreciated|danke(?:sch[öo]n)?|vielen dank"
    r"|merci|gracias|muchas gracias|grazie(?: mille)?|obrigad[oa]|tack|takk|tak|dank (?:je|u)"
    r"|bedankt|dzi[ęe]kuj[ęe]|te[şs]ekk[üu]rler|спасибо|شكرا|תודה|ありがとう(?:ございます)?"
    r"|谢谢|謝謝|감사합니다)(?!\w)",
    re.I,
)
_ASKS = re.compile(
    r"[?？؟]|(?:^|[,.;:!–-]\s*|\b(?:but|and|so|now|also|tell me) )(?:how|what|why|when|where|who"
    r"|which|can|could|should|would|will|do|does|did|is|are|am|may|tell|explain|help|give|show)\b"
    r"|\bI (?:need|want|have|would like|wonder|am|feel|keep|can['’]?t|cannot)\b"
    r"|\bI['’](?:m|d|ve)\b",
    re.I,
)
_SOMEBODY = re.compile(r"(?:there|all|everyone|everybody|again|folks|team|friends?|coach)\b", re.I)
LONGEST_LEANING = 10
"""A question in more words stands by itself."""
_LEANS = re.compile(
    r"^\W*(?:and|but|so|why|how so|what about|how about|for example|such as|really)\b"
    r"|\b(?:it|its|that|this|those|these|them|they|he|she|her|him|one"
    r"|the (?:first|second|other))\b",
    re.I,
)
_BARE = re.compile(r"\W*(?:(?:what|how|why|who|when|where|which|huh|hm+|eh|ok(?:ay)?)\W*)?", re.I)
"""Nothing, or a word that asks nothing by itself."""
_AROUND = " ,.!¡¿:;)(-–❤🙏😊🙂👋"


def wish(text: str) -> Wish:
    """What a message wants; offline and quick, for it stands before every answer."""
    said = text.strip()
    if _BARE.fullmatch(said):
        return "empty"
    if TAKEOVERS.search(said) or injections(said):
        return "takeover"
    if len(said.split()) > LONGEST_COURTESY:
        return "question"
    if _is_thanks(said):
        return "thanks"
    return "greeting" if _is_greeting(said) else "question"


def in_context(question: str, history: Sequence[Turn]) -> str:
    """A question with the one before it, where it leans on that (``And how long is it?``)."""
    before = next((turn for turn in reversed(history) if turn.answer.kind == "answered"), None)
    if before is None or len(question.split()) > LONGEST_LEANING:
        return question
    return f"{before.asked} {question}" if _LEANS.search(question) else question


def _is_thanks(said: str) -> bool:
    found = _THANKS.match(said)
    return found is not None and not _ASKS.search(said[found.end() :].strip(_AROUND))


def _is_greeting(said: str) -> bool:
    """Whether a message greets and asks for nothing but how somebody is."""
    besides = _HOW_ARE_YOU.sub("", said)
    rest = besides.strip(f"{_AROUND}?")
    if not rest:
        return True
    found = _GREETING.match(rest)
    if found is None:
        return False
    after = rest[found.end() :].strip(_AROUND)
    if not after:
        return True
    if "?" in besides:
        return False
    called = after[0].isupper() or _SOMEBODY.match(after) or not found["daily"]
    return bool(called) and len(after.split()) <= 3 and not _ASKS.search(after)
