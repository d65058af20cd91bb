"""A message exactly as its channel shows it, as plain text that a model can read."""

from __future__ import annotations

import re

from core.domain.flows import Question
from core.domain.reactions import Message
from core.minds.text import plain_text

MAX_SHOWN = 2_600
MAX_TAIL = 500
"""Characters of a message that are shown, and how many of them are its end if it is cut: the way
out stands there. Those outside ASCII count for more, as they do for a tokenizer."""
MAX_ASKED = 1_600
_READ = 20_000
PUSH = 178
"""What a locked phone shows of a push notification."""
_ANCHOR = re.compile(
    r"""<a\b[^<>]{0,300}?href\s*=\s*["']?(https?://[^\s<>"']{1,500})[^<>]{0,300}>""", re.I
)
_HIDDEN = re.compile(r"<(style|script|head)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,100}>", re.I)
_LINK = re.compile(r"https?://[^\s<>\"'\])]+", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_GAPS = re.compile(r"[ \t]{2,}")
_LINES = re.compile(r"\s*\n\s*\n\s*")
_LEAVING = re.compile(r"unsubscribe|opt-?out", re.I)
_ARRIVALS = {
    "sms": "A text message (SMS) comes in:",
    "email": "An e-mail is in the inbox:",
    "whatsapp": "A WhatsApp message comes in:",
    "telegram": "A Telegram message comes in:",
    "mobile": "The phone shows a push notification of an app:",
    "web": "A chat window on a website says:",
}


def clean(text: str, most: int | None = None) -> str:
    """Somebody's words, safe inside the fence: no control characters, no fence of their own."""
    text = text if most is None else text[: most * 2]
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
    text = text.replace("<<<", "‹‹‹").replace(">>>", "›››")
    return text if most is None or len(text) <= most else f"{text[: most - 1].rstrip()}…"


def one_line(text: str, most: int) -> str:
    """The same on one line."""
    return clean(" ".join(text[: most * 4].split()), most)


def arrival(message: Message) -> str:
    """How the person notices that it came."""
    words = _ARRIVALS[message.channel]
    if message.from_twin:
        words = words[:-1] + ", an answer to what they wrote:"
    if message.template:
        words = words[:-1] + " (an approved business template):"
    return words


def shown(message: Message, body: str) -> str:
    """What the person sees of a message whose plain text is ``body``."""
    if message.channel == "email":
        head = [f"Subject: {one_line(message.subject, 120) or '(none)'}"]
        if message.preheader:
            head.append(f"Preview: {one_line(message.preheader, 110)}")
        return "\n".join([*head, "", _cut(body)])
    if message.channel == "mobile":
        return one_line(body, PUSH) or "(empty)"
    return _cut(body)


def body_text(message: Message) -> str:
    """A message's words without markup, links in their place."""
    body = message.body
    if len(body) > _READ:
        body = f"{body[: _READ * 3 // 4]} {body[-_READ // 4 :]}"
    if "<" in body:
        body = _HIDDEN.sub(" ", body)
        body = _BREAK.sub("\n", _ANCHOR.sub(r" \1 ", body))
    text = _GAPS.sub(" ", clean(plain_text(body)))
    return _LINES.sub("\n\n", text).strip()


def links_of(text: str) -> tuple[str | None, str | None]:
    """The first link that leads somewhere, and the one to unsubscribe."""
    found = _LINK.findall(text)
    leave = next((link for link in found if _LEAVING.search(link)), None)
    link = next((link for link in found if not _LEAVING.search(link)), None)
    return link, leave


def asked(questions: tuple[Question, ...]) -> str:
    """A form's questions with their kinds and bounds; empty where there are none."""
    if not questions:
        return ""
    room = max(24, min(160, MAX_ASKED // len(questions) - 40))
    return "\n".join(["It asks, by id:", *(f"- {_question(one, room)}" for one in questions), ""])


def _question(question: Question, room: int) -> str:
    """One line: id, words, kind; the words are fenced like the message."""
    text = f"{one_line(question.id, 40)}: <<<{one_line(question.text, room)}>>>"
    if question.kind == "choice":
        each = max(8, room // max(1, len(question.choices)))
        return f"{text}, one of <<<{' | '.join(one_line(c, each) for c in question.choices)}>>>"
    if question.kind == "text":
        return f"{text}, in words"
    return f"{text}, a number from {question.min:g} to {question.max:g}"


def _cut(text: str) -> str:
    """A text at its full length, or its beginning and end with a note between them."""
    if not text:
        return "(empty)"
    raw = text.encode()
    size = 2 * len(raw) - len(text)
    if size <= MAX_SHOWN:
        return text
    kept = len(raw) * MAX_SHOWN // size
    tail_size = min(MAX_TAIL, kept // 4)
    head = raw[: kept - tail_size].decode("utf-8", "ignore").rstrip()
    tail = raw[-tail_size:].decode("utf-8", "ignore").lstrip()
    left = text[len(head) : len(text) - len(tail)].count(" ") + 1
    return f"{head}\n(… about {left:,} more words, which they skim …)\n{tail}"
