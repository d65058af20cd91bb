"""What was found in one message: risk and its words, tone, segments, findings."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.domain.messages import MessageCheck, MessageDraft
from core.messages import (
    Reasons,
    Segmented,
    Span,
    check_message,
    outsiders,
    segmented,
    what_raises_it,
)
from pages.parts.page import counted, plain, section
from pages.parts.theme import Palette, palette

WEAKNESSES = (
    "The risk was learned from British SMS and from e-mail of 2002–03. It knows newer tricks, and "
    "other languages than English, less well."
)
TONES = {
    "warm": "warm: it speaks to a person",
    "neutral": "neutral",
    "formal": "formal, as a letter",
    "pushy": "pushy: it presses for a decision",
    "aggressive": "aggressive: it attacks or shouts",
}
_LOUD, _MARKED = 5, 60
_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}


def show_message(message: MessageDraft) -> None:
    """Everything that was found in a message."""
    check, reasons, colours = check_message(message), what_raises_it(message), palette()
    section(_verdict(check))
    left, right = st.columns(2)
    left.metric("Spam risk, of 100", f"{check.spam_risk:g}")
    right.metric("Tone", check.tone.capitalize(), help=TONES[check.tone])
    if check.spam_risk > _LOUD:
        st.markdown(_behind(reasons))
        st.html(_marked(message, reasons, colours))
    if message.channel == "sms":
        sent = segmented(message.body)
        st.markdown(f"**{plain(_takes(sent, message.body))}**")
        st.html(_meter(sent, colours))
    _findings(check)
    st.caption(WEAKNESSES)


def _verdict(check: MessageCheck) -> str:
    if check.is_spam:
        return "This looks like spam"
    count = len(check.findings)
    return "Nothing speaks against it" if not count else f"{counted(count, 'thing')} to look at"


def _behind(reasons: Reasons) -> str:
    """What is behind the risk, in words."""
    words = [f"“{plain(word)}”" for word in reasons.words[:_LOUD]]
    shapes = [plain(shape) for shape in reasons.shapes[:3]]
    parts = []
    if words:
        parts.append(f"the words {', '.join(words)}")
    if shapes:
        parts.append(", ".join(shapes))
    return f"What raises it: {'; '.join(parts)}." if parts else "No single word raises it."


def _marked(message: MessageDraft, reasons: Reasons, colours: Palette) -> str:
    """The text, with the words that raise the risk underlined on a tinted ground."""
    strongest = sorted(reasons.spans, key=lambda span: -span.adds)[:_MARKED]
    subject = ""
    if message.subject:
        spans = [span for span in strongest if span.where == "subject"]
        subject = (
            f"<p style='{_BLOCK}'><strong>{_text(message.subject, spans, colours)}</strong></p>"
        )
    body = _text(message.body, [s for s in strongest if s.where == "body"], colours)
    frame = f"border:1px solid {colours.line};border-radius:0.6rem;padding:0.8rem 1rem"
    return (
        f"<div role='group' aria-label='The message; underlined words raise the risk' "
        f"style='{frame}'>{subject}<p dir='auto' style='{_BLOCK}'>{body}</p></div>"
    )


_BLOCK = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 0.4rem"


def _text(text: str, spans: list[Span], colours: Palette) -> str:
    style = (
        f"background:{colours.ochre}33;color:inherit;text-decoration:underline 2px "
        f"{colours.ochre};text-underline-offset:3px;border-radius:3px"
    )
    parts, at = [], 0
    for span in sorted(spans, key=lambda one: one.begin):
        word = escape(text[span.begin : span.end])
        parts.append(f"{escape(text[at : span.begin])}<mark style='{style}'>{word}</mark>")
        at = span.end
    return "".join([*parts, escape(text[at:])])


def _takes(sent: Segmented, text: str) -> str:
    """``2 segments of 67; “’” leaves room for fewer characters``."""
    size = f"{counted(sent.segments, 'segment')} of {sent.room} characters, {sent.length} used"
    signs = " ".join(f"“{sign}”" for sign in outsiders(text)[:3])
    return f"{size}; UCS-2 because of {signs}" if sent.encoding == "ucs2" else size


def _meter(sent: Segmented, colours: Palette) -> str:
    """One bar a segment, as full as the segment is."""
    bars = []
    for part in sent.parts[:12]:
        full = min(100, round(100 * segmented(part).length / sent.room)) if part else 0
        if sent.encoding == "ucs2":
            full = min(100, round(100 * len(part.encode("utf-16-le")) / 2 / sent.room))
        bars.append(
            f"<span style='flex:1;height:8px;border-radius:4px;overflow:hidden;"
            f"background:{colours.track}'><span style='display:block;height:100%;width:{full}%;"
            f"background:{colours.chart_green}'></span></span>"
        )
    words = escape(f"{sent.segments} segments, {sent.length} characters")
    return (
        f"<div role='img' aria-label='{words}' style='display:flex;gap:6px;max-width:420px'>"
        f"{''.join(bars)}</div>"
    )


def _findings(check: MessageCheck) -> None:
    for finding in check.findings:
        fix = f"  \n{plain(finding.fix)}" if finding.fix else ""
        words = finding.message[0].upper() + finding.message[1:]
        st.markdown(f"{_ICONS[finding.severity]} **{plain(words)}.**{fix}")
