"""A conversation as it looks on its channel, as one component; a click on a turn tells the page."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.domain.reports import Transcript, Turn

FOLD = 1_200
"""Characters of a message that are shown before the rest is folded away."""

CHANNEL_NAMES = {
    "email": "Email",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "web": "Web chat",
    "mobile": "Push",
}
NOTE_SIGNS = {
    "goal_reached": "★",
    "opted_out": "⊘",
    "handed_off": "☎",
    "failed": "✕",
    "engine_failed": "✕",
    "ended": "■",
    "timed_out": "◷",
    "tagged": "#",
    "clicked": "↗",
}
_HERE = Path(__file__).parent
_talk = st.components.v2.component(
    "greenroom_transcript",
    html="<div id='talk'></div>",
    css=(_HERE / "transcript.css").read_text("utf-8"),
    js=(_HERE / "transcript.js").read_text("utf-8"),
)


class Here(NamedTuple):
    """An event that is pointed at: where it stands, and what it was, in words."""

    seq: int
    words: str
    wrong: bool = False


def draw_transcript(
    transcript: Transcript, chosen: int | None, key: str, here: Here | None = None
) -> int | None:
    """Draw a conversation; gives the ``seq`` of the turn that was clicked last.

    ``here`` is an event that is brought into view; a line says what it was.
    """
    result = _talk(
        key=key,
        data={"html": transcript_html(transcript, here), "chosen": chosen},
        on_seq_change=lambda: None,
    )
    return result.seq


def transcript_html(transcript: Transcript, here: Here | None = None) -> str:
    """The conversation as HTML; every word that is not ours is escaped."""
    parts: list[str] = []
    day: str | None = None
    for turn in transcript.turns:
        if here is not None and turn.seq > here.seq:
            parts.append(_pointed_at(here))
            here = None
        today, _, _ = turn.local.rpartition(", ")
        if today != day or turn.gap:
            parts.append(_divider(turn, today, first=day is None))
            day = today
        parts.append(_note(turn) if turn.side == "note" else _said(turn, transcript.name))
    if here is not None:
        parts.append(_pointed_at(here))
    return f'<div class="talk">{"".join(parts)}</div>'


def _pointed_at(here: Here) -> str:
    tone = "lost" if here.wrong else "plain"
    sign = "✕" if here.wrong else "●"
    return (
        f'<div class="note here {tone}" aria-current="true"><i aria-hidden="true">{sign}</i> '
        f'<span dir="auto">{escape(here.words)}</span></div>'
    )


def _divider(turn: Turn, day: str, *, first: bool) -> str:
    words = day if first or not turn.gap else f"{turn.gap} · {day}"
    return f'<div class="day" role="separator"><span>{escape(words)}</span></div>'


def _note(turn: Turn) -> str:
    sign = NOTE_SIGNS.get(turn.kind, "·")
    words = escape(turn.body or turn.kind.replace("_", " "))
    marks = f" · {escape(' · '.join(turn.marks))}" if turn.marks else ""
    tone = "lost" if turn.kind in {"opted_out", "failed", "engine_failed"} else "plain"
    tone = "won" if turn.kind == "goal_reached" else tone
    return (
        f'<div class="note {tone}" data-seq="{turn.seq}"><i aria-hidden="true">{sign}</i> '
        f'<span dir="auto">{words}</span><small>{marks}</small></div>'
    )


def _said(turn: Turn, name: str) -> str:
    """One message: a letter, a notification or a bubble, with its marks under it."""
    shape = {"email": "letter", "mobile": "push"}.get(turn.channel or "web", "bubble")
    inside = _INSIDES[shape](turn, name) if turn.side == "out" else _body(turn.body)
    channel = escape(turn.channel or "web")
    state = " held" if turn.held_back else ""
    side = "out" if turn.side == "out" else "in"
    shape = shape if turn.side == "out" else "bubble"
    return (
        f'<div class="turn {side}{state}" data-seq="{turn.seq}" tabindex="0" role="button" '
        f'aria-label="{escape(_who(turn, name))}">'
        f'<div class="{shape} {channel}">{inside}{_answers(turn)}</div>'
        f'<div class="marks">{_marks(turn)}</div></div>'
    )


def _who(turn: Turn, name: str) -> str:
    who = name if turn.side == "in" else ("the twin" if turn.from_twin else "you")
    return f"Message from {who}, {turn.local}"


def _marks(turn: Turn) -> str:
    """Time, channel and what became of a message, in one quiet line."""
    time = turn.local.rpartition(", ")[2]
    words = [time, CHANNEL_NAMES.get(turn.channel or "", ""), *turn.marks]
    return " · ".join(escape(word) for word in words if word)


def _letter(turn: Turn, name: str) -> str:
    preheader = f'<p class="pre" dir="auto">{escape(turn.preheader)}</p>' if turn.preheader else ""
    return (
        f"<header><small>To <bdi>{escape(name)}</bdi></small>"
        f'<strong dir="auto">{escape(turn.subject or "No subject")}</strong>{preheader}</header>'
        f"{_body(turn.body)}"
    )


def _push(turn: Turn, _name: str) -> str:
    return f'<small class="app"><i aria-hidden="true"></i>Notification</small>{_body(turn.body)}'


def _bubble(turn: Turn, _name: str) -> str:
    return _body(turn.body)


_INSIDES = {"letter": _letter, "push": _push, "bubble": _bubble}


def _body(body: str | None) -> str:
    """The words, line breaks kept; what is very long is folded."""
    text = body or ""
    if len(text) <= FOLD:
        return f'<p class="body" dir="auto">{escape(text)}</p>'
    return (
        f'<p class="body" dir="auto">{escape(text[:FOLD])}</p>'
        f"<details><summary>{len(text) - FOLD:,} more characters</summary>"
        f'<p class="body" dir="auto">{escape(text[FOLD:])}</p></details>'
    )


def _answers(turn: Turn) -> str:
    """What was answered to a check-in's or an assessment's questions."""
    if not turn.answers:
        return ""
    rows = "".join(
        f'<dt dir="auto">{escape(str(question))}</dt>'
        f'<dd dir="auto">{"not answered" if answer is None else escape(str(answer))}</dd>'
        for question, answer in turn.answers.items()
    )
    return f"<dl>{rows}</dl>"
