"""The large figure of the answer, and its interval as a small drawing."""

from __future__ import annotations

from html import escape

from core.domain.experiment_results import Span
from pages.parts.experiment_words import VERDICTS
from pages.parts.theme import HEADING_FONT, palette

TONES = {"better": "chart_green", "worse": "brick", "unclear": "quiet"}


def large(text: str, word: str) -> str:
    """A figure in words with its verdict beside it."""
    colours = palette()
    colour = getattr(colours, TONES[word])
    sign, name = VERDICTS[word][1:]
    return (
        f'<div style="font-family:{HEADING_FONT};font-weight:560;font-size:2.7rem;'
        f'line-height:1.15;color:{colours.ink}">{escape(text)}'
        f'<span style="font-size:1rem;margin-left:.7rem;color:{colour};white-space:nowrap">'
        f"{sign} {name}</span></div>"
    )


def strip(span: Span, inner: Span | None, word: str) -> str:
    """The interval as a small drawing around no difference."""
    colours = palette()
    colour = getattr(colours, TONES[word])
    ends = [span.low, span.high, 0.0, *((inner.low, inner.high) if inner else ())]
    low, high = min(ends), max(ends)
    pad = 0.05 * (high - low) or 1.0
    low, high = low - pad, high + pad

    def at(value: float) -> float:
        return 100 * (value - low) / (high - low)

    def bar(one: Span, height: int, opacity: float) -> str:
        top = (26 - height) / 2
        return (
            f'<div style="position:absolute;left:{at(one.low):.2f}%;top:{top}px;height:{height}px;'
            f"width:{at(one.high) - at(one.low):.2f}%;background:{colour};opacity:{opacity};"
            'border-radius:4px"></div>'
        )

    bars = bar(span, 10, 0.35) + (bar(inner, 10, 0.45) if inner else "")
    return (
        '<div role="img" aria-label="The interval around no difference" '
        'style="position:relative;height:44px;margin-top:.2rem">'
        f'<div style="position:absolute;left:0;right:0;top:12px;border-top:1px solid '
        f'{colours.line}"></div>{bars}'
        f'<div style="position:absolute;left:{at(0):.2f}%;top:0;height:26px;'
        f'border-left:2px dotted {colours.quiet}"></div>'
        f'<div style="position:absolute;left:calc({at(span.value):.2f}% - 6px);top:7px;width:12px;'
        f'height:12px;border-radius:50%;background:{colour};border:2px solid {colours.paper}">'
        f'</div><div style="position:absolute;left:{min(86.0, at(0)):.2f}%;top:27px;'
        f'font-size:.72rem;color:{colours.quiet};padding-left:2px">no difference</div></div>'
    )
