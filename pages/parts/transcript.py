"""A conversation as it looks on its channel, as one component; a click on a turn tells the page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.domain.experiment_life import Words
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


class Differing(NamedTuple):
    """A turn that another conversation does not have so: its words, those that differ marked."""

    subject: tuple[Words, ...] = ()
    body: tuple[Words, ...] = ()
    sign: str = "≠ differs"


def draw_transcript(
    transcript: Transcript,
    chosen: int | None,
    key: str,
    here: Here | None = None,
    differs: Mapping[int, Differing] | None = None,
) -> int | None:
    """Draw a conversation; gives the ``seq`` of the turn that was clicked last.

    ``here`` is an event that is brought into view; a line says what it was. ``differs`` are turns,
    by ``seq``, that are marked as different from another conversation's.
    """
    result = _talk(
        key=key,
        data={"html": transcript_html(transcript, here, differs), "chosen": chosen},
        on_seq_change=lambda: None,
    )
    return result.seq


def transcript_html(
    transcript: Transcript,
    here: Here | None = None,
    differs: Mapping[int, Differing] | None = None,
) -> str:
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
        other = (differs or {}).get(turn.seq)
        said = _note(turn, other) if turn.side == "note" else _said(turn, transcript.name, other)
        parts.append(said)
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


def _note(turn: Turn, other: Differing | None) -> str:
    sign = NOTE_SIGNS.get(turn.kind, "·")
    words = escape(turn.body or turn.kind.replace("_", " "))
    marks = f" · {escape(' · '.join(turn.marks))}" if turn.marks else ""
    tone = "lost" if turn.kind in {"opted_out", "failed", "engine_failed"} else "plain"
    tone = "won" if turn.kind == "goal_reached" else tone
    if other is not None:
        tone, marks = f"{tone} differs", f"{marks} · {other.sign}"
    return (
        f'<div class="note {tone}" data-seq="{turn.seq}"><i aria-hidden="true">{sign}</i> '
        f'<span dir="auto">{words}</span><small>{marks}</small></div>'
    )


def _said(turn: Turn, name: str, other: Differing | None) -> str:
    """One message: a letter, a notification or a bubble, with its marks under it."""
    shape = {"email": "letter", "mobile": "push"}.get(turn.channel or "web", "bubble")
    inside = _INSIDES[shape](turn, name, other) if turn.side == "out" else _body(turn.body, other)
    channel = escape(turn.channel or "web")
    state = (" held" if turn.held_back else "") + (" differs" if other is not None else "")
    marks = f"{_marks(turn)} · {other.sign}" if other is not None else _marks(turn)
    side = "out" if turn.side == "out" else "in"
    shape = shape if turn.side == "out" else "bubble"
    return (
        f'<div class="turn {side}{state}" data-seq="{turn.seq}" tabindex="0" role="button" '
        f'aria-label="{escape(_who(turn, name))}">'
        f'<div class="{shape} {channel}">{inside}{_answers(turn)}</div>'
        f'<div class="marks">{marks}</div></div>'
    )


def _who(turn: Turn, name: str) -> str:
    who = name if turn.side == "in" else ("the twin" if turn.from_twin else "you")
    return f"Message from {who}, {turn.local}"


def _marks(turn: Turn) -> str:
    """Time, channel and what became of a message, in one quiet line."""
    time = turn.local.rpartition(", ")[2]
    words = [time, CHANNEL_NAMES.get(turn.channel or "", ""), *turn.marks]
    return " · ".join(escape(word) for word in words if word)


def _letter(turn: Turn, name: str, other: Differing | None) -> str:
    preheader = f'<p class="pre" dir="auto">{escape(turn.preheader)}</p>' if turn.preheader else ""
    return (
        f"<header><small>To <bdi>{escape(name)}</bdi></small>"
        f'<strong dir="auto">{_subject(turn, other)}</strong>{preheader}</header>'
        f"{_body(turn.body, other)}"
    )


def _subject(turn: Turn, other: Differing | None) -> str:
    if other is not None and other.subject:
        return _marked(other.subject)
    return escape(turn.subject or "No subject")


def _push(turn: Turn, _name: str, other: Differing | None) -> str:
    app = '<small class="app"><i aria-hidden="true"></i>Notification</small>'
    return f"{app}{_body(turn.body, other)}"


def _bubble(turn: Turn, _name: str, other: Differing | None) -> str:
    return _body(turn.body, other)


_INSIDES = {"letter": _letter, "push": _push, "bubble": _bubble}


def _marked(parts: tuple[Words, ...]) -> str:
    """Words of which those that the other conversation does not have are marked."""
    return "".join(
        f"<mark>{escape(part.text)}</mark>" if part.changed else escape(part.text) for part in parts
    )


def _body(body: str | None, other: Differing | None = None) -> str:
    """The words, line breaks kept; what is very long is folded."""
    text = body or ""
    if other is not None and other.body:
        return f'<p class="body" dir="auto">{_marked(other.body)}</p>'
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
