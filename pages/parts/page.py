"""A page's frame: title, address, plain text, errors in words, empty states."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn
from uuid import uuid4

import streamlit as st

from core.domain.errors import BadInput, GreenroomError
from core.domain.reports import Rate, percent
from pages.parts.context import workbench

log = logging.getLogger("greenroom.pages")

_JOINER = "\u2060"
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$^&!])")
_LINE_START = re.compile(r"^([ \t]*)(?:([-+=])|(\d+)([.)]))", re.MULTILINE)
_SPELLED = re.compile(
    r"(?<=:)(?=[A-Za-z+_:-]|//|\d+:)"  # directives, icons, emoji, links
    r"|(?<=[-<>~=])(?=[->=])"  # arrows and dashes
    r"|(?<=@)(?=\w)|(?<=www)(?=\.)",  # addresses
    re.IGNORECASE,
)


# Text


def plain(text: object) -> str:
    """Any text, shown as it is written: no Markdown, LaTeX, HTML, emoji or links come of it."""
    spelled = _SPELLED.sub(_JOINER, str(text).strip())
    spelled = _MARKS.sub(r"\\\1", spelled)
    spelled = _LINE_START.sub(_escape_start, spelled)
    lines = [line.strip() for line in spelled.splitlines()]
    joined = re.sub(r"(  \n){2,}", "\n\n", "  \n".join(lines))
    right_to_left = any(unicodedata.bidirectional(mark) in ("R", "AL") for mark in joined)
    return f"\u2068{joined}\u2069" if right_to_left else joined


def _escape_start(found: re.Match[str]) -> str:
    """What would open a list or a heading at the start of a line, escaped."""
    space, mark, number, dot = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"


def short(text: object, length: int = 60) -> str:
    """The text on one line, cut with … where it is longer."""
    line = " ".join(str(text).split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``1,400 people``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def count_text(rate: Rate) -> str:
    """``17 of 140``."""
    return f"{rate.count:,} of {rate.of:,}"


def interval_text(rate: Rate) -> str:
    """``12 % (8–19)``."""
    if rate.rate is None or rate.low is None or rate.high is None:
        return "no data"
    return f"{percent(rate.rate)} % ({percent(rate.low)}–{percent(rate.high)})"


def ago(moment: datetime | None) -> str:
    """``2 min ago``; a moment without a zone is in UTC."""
    if moment is None:
        return "never"
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        count = seconds // size
        if count > 14 and unit == "day":
            return f"{moment.day} {moment:%b %Y}"
        if count:
            return f"{counted(count, 'day')} ago" if unit == "day" else f"{count} {unit} ago"
    return "just now"


# The address


def param(name: str) -> str | None:
    """What the address says, None where it says nothing."""
    return st.query_params.get(name) or None


def set_params(**values: object) -> None:
    """Change the address; None takes a name out of it. What is not named stays."""
    for name, value in values.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)


def _address(values: dict[str, object]) -> dict[str, str]:
    """The query of an address in the workspace that is open."""
    chosen = st.session_state.get("workspace")
    if chosen and chosen != workbench().settings.workspace:
        values = {"workspace": chosen, **values}
    return {name: str(value) for name, value in values.items() if value is not None}


def go(room: str, **values: object) -> NoReturn:
    """Open another page (``report``) with this in its address (``run=…``)."""
    st.switch_page(f"{room}.py", query_params=_address(values))


def turn(
    label: str,
    *,
    key: str,
    icon: str | None = None,
    kind: Literal["primary", "secondary", "tertiary"] = "tertiary",
    bold: bool = False,
    **values: object,
) -> None:
    """A button that turns the page that is shown to another address; the label is plain text.

    It answers in one run of the page, where ``go`` needs two. Not for use inside a fragment.
    """
    shown = f"**{plain(label)}**" if bold else plain(label)
    st.button(shown, key=key, type=kind, icon=icon, on_click=_turn_to, args=(values,))


def _turn_to(values: dict[str, object]) -> None:
    """Put an address in the place of the one that is shown."""
    st.query_params.from_dict(_address(values))


def link(room: str, label: str, *, icon: str | None = None, **values: object) -> None:
    """A link to another page than the one that is shown; the label is plain text."""
    st.page_link(f"{room}.py", label=plain(label), icon=icon, query_params=_address(values))


# The frame


def page(
    title: str,
    facts: str | Sequence[str] | None = None,
    actions: Callable[[], None] | None = None,
) -> None:
    """A page's head: the small line of facts, the title, and its buttons at the right.

    Args:
        title: What was found, or what can be done here; plain text.
        facts: The small line above, joined by dots; plain text.
        actions: Draws the buttons; one of them may be primary.
    """
    if facts:
        parts = [facts] if isinstance(facts, str) else facts
        st.caption(" · ".join(plain(part) for part in parts if part))
    if actions is None:
        st.title(plain(title), anchor=False)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width="stretch"):
            st.title(plain(title), anchor=False)
        with st.container(horizontal=True, width="content", gap="small"):
            actions()


def section(title: str) -> None:
    """A heading inside a page; plain text."""
    st.subheader(plain(title), anchor=False)


def empty_state(
    icon: str,
    what: str,
    button: str | None = None,
    action: Callable[[], Any] | None = None,
    *,
    hint: str | None = None,
    key: str | None = None,
) -> None:
    """What this place will show, and the button that fills it.

    Args:
        icon: A Material symbol's name.
        what: What will be here.
        button: The label of the button.
        action: What the button does.
        hint: One quiet line more.
        key: The button's key.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("xsmall")
        st.markdown(f":gray[:material/{icon}:]", width="content")
        st.markdown(f"**{plain(what)}**", width="content", text_alignment="center")
        if hint:
            st.caption(plain(hint), width="content", text_alignment="center")
        if button and st.button(button, type="primary", key=key or f"empty_{icon}") and action:
            with guarded():
                action()
        st.space("xsmall")


# Errors


def show_error(error: BaseException) -> bool:
    """Say in words what went wrong; a traceback goes to the log, never to the page."""
    if isinstance(error, GreenroomError):
        placed = error.place and isinstance(error, BadInput)
        where = f"  \n:small[Where: {plain(error.place)}]" if placed else ""
        fix = f" {plain(error.fix)}" if error.fix else ""
        text = f"**{plain(error.title)}.** {plain(_sentence(error.message))}{fix}{where}"
        if error.actor == "person":
            st.warning(text, icon=":material/error:")
        else:
            log.error("%s", error, exc_info=error)
            st.error(text, icon=":material/error:")
        return True
    reference = uuid4().hex[:8]
    log.error("unforeseen error %s", reference, exc_info=error)
    st.error(
        "**Something went wrong on our side.** Nothing was lost. Try again; if it happens again, "
        f"tell whoever runs Greenroom this reference: `{reference}`.",
        icon=":material/error:",
    )
    return True


def _sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '…')) else '.'}"


@contextmanager
def guarded() -> Iterator[None]:
    """Around an action (``with guarded():`` or ``@guarded()``): its errors are shown in place."""
    try:
        yield
    except Exception as error:
        show_error(error)
