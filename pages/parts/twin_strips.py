"""Where somebody stands among others: a strip from 0 to 100 with a range and a mark on it.

Drawn without a chart library, so that a page of thirty is quick.
"""

from __future__ import annotations

import html

import streamlit as st

from pages.parts.theme import palette


def strip(
    score: float,
    *,
    low: float | None = None,
    high: float | None = None,
    title: str,
    alt: str,
    strong: bool = True,
) -> None:
    """One strip.

    Args:
        score: Where the mark is, 0 to 100.
        low: Where the range begins, None for no range.
        high: Where it ends.
        title: What it is about, over it.
        alt: What it shows, for those who do not see it.
        strong: Whether the mark stands out; the range is the answer where it does not.
    """
    colours = palette()
    parts = [_bar(0, 100, colours.track, 4), _tick(50, colours.quiet)]
    if low is not None and high is not None:
        parts.append(_bar(low, high, colours.slate, 10, opacity=0.45))
    parts.append(_dot(score, colours.chart_green if strong else colours.slate))
    st.html(
        f'<strong dir="auto">{html.escape(title)}</strong>'
        f'<div role="img" aria-label="{html.escape(alt)}" style="position:relative;height:22px;'
        f'margin:2px 8px">{"".join(parts)}</div>'
    )


def _bar(start: float, end: float, colour: str, height: int, opacity: float = 1.0) -> str:
    return (
        f'<div style="position:absolute;left:{start:.1f}%;width:{max(0.5, end - start):.1f}%;'
        f"top:{11 - height / 2:.0f}px;height:{height}px;border-radius:{height / 2:.0f}px;"
        f'background:{colour};opacity:{opacity}"></div>'
    )


def _tick(at: float, colour: str) -> str:
    return (
        f'<div style="position:absolute;left:{at:.1f}%;top:4px;height:14px;width:1px;'
        f'background:{colour}"></div>'
    )


def _dot(at: float, colour: str) -> str:
    return (
        f'<div style="position:absolute;left:calc({at:.1f}% - 6px);top:5px;width:12px;height:12px;'
        f'border-radius:6px;background:{colour}"></div>'
    )
