"""Live progress of a run: pushed to the browser over server-sent events, never polled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import streamlit as st

from pages.parts.context import workspace

if TYPE_CHECKING:
    from core.rehearsal import Progress

_HTML = """
<div class="line"><span class="done"></span><span class="left"></span></div>
<div class="track" role="progressbar" aria-label="People who have played"
  aria-valuemin="0" aria-valuemax="100"><div class="bar"></div></div>
<div class="counts"></div>
<div class="money"></div>
"""
_CSS = """
:host { display: block; font-family: var(--st-font); color: var(--st-text-color); }
.line { display: flex; flex-wrap: wrap; gap: 0 0.5rem; font-size: 0.9rem; line-height: 1.5; }
.done { font-variant-numeric: tabular-nums; }
.left::before { content: "· "; }
.left, .counts, .money { color: var(--st-gray-text-color); }
.track { height: 6px; margin: 0.35rem 0; border-radius: 3px; overflow: hidden;
  background: var(--st-gray-background-color); }
.bar { height: 100%; width: 0; border-radius: 3px; background: var(--st-green-color);
  transition: width 0.25s ease-out; }
.counts { font-size: 0.85rem; min-height: 1.3em; font-variant-numeric: tabular-nums; }
.money { font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.money:empty { display: none; }
.money b { font-weight: 600; color: var(--st-text-color); }
.money.near b { color: var(--st-orange-text-color); }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
"""
_component = st.components.v2.component(
    "greenroom_live",
    html=_HTML,
    css=_CSS,
    js=(Path(__file__).parent / "live.js").read_text("utf-8"),
)


def live_progress(progress: Progress, *, key: str | None = None) -> None:
    """A bar that fills as people play, and what it costs; once the run rests, the page runs again.

    Args:
        progress: How far the run is now; a run that rests is not watched, so draw it otherwise.
        key: The component's key on the page.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    feed = f"api/v1/runs/{quote(progress.run_id)}/events?workspace={quote(workspace().name)}"
    address = f"/{base}/{feed}" if base else f"/{feed}"
    result = _component(
        data={"url": address, "progress": progress.model_dump(mode="json")},
        key=key or f"live-{progress.run_id}",
        on_rested_change=lambda: None,
    )
    if result.rested:
        st.rerun()
