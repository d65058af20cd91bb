"""The canvas: a flow drawn, edited, debugged and compared, as one component of the page.

Its source is TypeScript in ``src/``; the bundle that is made of it stands beside it, so that nobody
needs node to use it. The component keeps its own state and asks the API itself; the page is told
only what it must know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from pages.parts.canvas.data import VIEWS, CanvasData, Mode, drawn

__all__ = ["VIEWS", "CanvasData", "CanvasEvent", "Mode", "Opened", "draw_canvas", "drawn"]

_BUNDLE = Path(__file__).parent / "bundle"
_component = st.components.v2.component(
    "greenroom_canvas",
    css=(_BUNDLE / "canvas.css").read_text("utf-8"),
    js=(_BUNDLE / "canvas.js").read_text("utf-8"),
)


class Opened(NamedTuple):
    """Another page that somebody asked for."""

    room: str
    params: dict[str, str]


class CanvasEvent(NamedTuple):
    """What was done on the canvas just now. To choose a step tells nothing by itself.

    Attributes:
        selected: The id of the step that was chosen then.
        saved: The version that was saved.
        opened: The page to turn to.
        debugged: The id of the debug session that is open.
    """

    selected: str | None = None
    saved: int | None = None
    opened: Opened | None = None
    debugged: str | None = None


def draw_canvas(data: CanvasData, *, key: str, height: int = 720) -> CanvasEvent | None:
    """Draw a flow; gives what was done with it since, None while nothing was.

    Args:
        data: What is drawn.
        key: The component's key on the page.
        height: Of the drawing, in pixels.
    """
    result = _component(
        key=key,
        data=data.sent(height),
        on_saved_change=_heard,
        on_opened_change=_heard,
        on_debugged_change=_heard,
    )
    told = (result.saved, result.opened, result.debugged)
    event = CanvasEvent(
        selected=next((one.get("selected") for one in told if isinstance(one, dict)), None),
        saved=_version(result.saved),
        opened=_opened(result.opened),
        debugged=result.debugged.get("session") if isinstance(result.debugged, dict) else None,
    )
    return event if any(part is not None for part in event[1:]) else None


def _heard() -> None:
    """What is told is read from the result; Streamlit names only what has a callback."""


def _version(saved: Any) -> int | None:
    version = saved.get("version") if isinstance(saved, dict) else None
    return version if isinstance(version, int) else None


def _opened(opened: Any) -> Opened | None:
    if not isinstance(opened, dict) or not isinstance(opened.get("room"), str):
        return None
    params = opened.get("params")
    kept = params.items() if isinstance(params, dict) else ()
    return Opened(opened["room"], {str(name): str(value) for name, value in kept})
