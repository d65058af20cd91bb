"""Signs of the formats in which chats are given to models; each may run over several lines."""

from __future__ import annotations

from core.twins.screening.signs import sign

_LABEL = r"[^\w\n]{0,6}"
_COLON = r"[ \t*_]{0,3}:"
_PERSON = r"(?:user|human)"
_MODEL = (
    r"(?:assistant|ai(?: (?:assistant|model|twin))?|(?:chat-?)?bot|(?:chat)?gpt[\w.-]{0,6}|claude|"
    r"gemini|llm|twin|(?:language )?model)"
)
_LINES = r"[^\n]*\n(?:[^\n]*\n){0,8}?"
_FROM = rf"^{_LABEL}{_PERSON}{_COLON}"
_BACK = rf"^{_LABEL}{_MODEL}{_COLON}"
_ROLE = r"(?:assistant|system|user|human|bot|model|developer|inst|sys)"
_HEADED = r"^[^\w\n#]{0,4}#{2,6}[^\w\n]{0,4}"

CHATS = (
    sign("chat", 1.0, rf"{_FROM}{_LINES}{_LABEL}{_MODEL}{_COLON}\s*[^\n]*"),
    sign("chat", 1.0, rf"{_BACK}{_LINES}{_LABEL}{_PERSON}{_COLON}\s*[^\n]*"),
    sign(
        "chat",
        1.0,
        rf"^{_LABEL}{_PERSON}:[^\n]{{1,300}}?\b(?:assistant|ai|chat-?bot|chatgpt):[^\n]*",
    ),
    sign(
        "chat",
        1.0,
        rf"{_HEADED}(?:instruction|instructions{_COLON}|system|human|user|input){_COLON}?\W*$"
        rf"{_LINES}{_HEADED}(?:response|assistant|ai|bot|model){_COLON}?\s*[^\n]*",
    ),
    sign(
        "chat", 1.0, rf"{_HEADED}(?:instruction|system|assistant|human|user)[ *_]{{0,3}}:\s*[^\n]*"
    ),
    sign("chat", 1.0, rf"\[\[[ \t]*{_ROLE}[ \t]*\]\][^\[]{{0,2000}}\[\[[ \t]*/[ \t]*{_ROLE}"),
    sign("chat", 1.0, rf"\[\[[ \t]*/[ \t]*{_ROLE}[ \t]*\]\]"),
    sign("chat", 1.0, rf"^{_LABEL}\[\[(?:assistant|inst|sys|developer)\]\][ \t]*[^\n]"),
    sign("chat", 1.0, r"\[inst\][^\[]{0,2000}\[/inst\]|<<sys>>[^<]{0,2000}<</sys>>"),
    sign("chat", 1.0, r"<\|[a-z_]{3,30}\|>[^<|]{0,2000}<\|[a-z_]{3,30}\|>"),
    sign(
        "chat",
        1.0,
        r"\bbegin (?:of )?(?:the )?(?:system|developer|admin) (?:prompt|instructions?|message)\b"
        r"[\s\S]{0,2000}?\bend (?:of )?(?:the )?(?:system|developer|admin) "
        r"(?:prompt|instructions?|message)\b",
    ),
    sign(
        "chat",
        1.0,
        r"[\"']role[\"']\s*:\s*[\"'](?:assistant|user|tool|developer|system)[\"']\s*,\s*"
        r"[\"'](?:content|parts|text|message)[\"']\s*:\s*[^\n]*",
    ),
    sign(
        "chat",
        1.0,
        r"^[^\w\n]{0,6}role[ \t]*:[ \t]*[\"']?(?:assistant|user|tool|developer|system)[\"']?[ \t]*"
        r"\n[ \t]*(?:content|parts|text|message|prompt)[ \t]*:\s*[^\n]*",
    ),
    sign("chat", 1.0, r"\bsystem[_-]prompt[\"']?[ \t]*[:=]\s*[^\n]*"),
    sign("wrapper", 0.7, r"^[ \t]*</(?:content|passage|context|document|source|prompt|input)>"),
    sign("wrapper", 0.3, r"^-{3,}\s?end\b[^\n]{0,30}-{3,}"),
)
