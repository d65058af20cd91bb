"""Figures in the workbench's own colours. Plotly is imported when the first one is drawn.

Each figure prints its numbers beside its marks, so that colour is never alone, and is shown with a
text for those who do not see it. Labels are people's words: they are shown as plain text.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.domain.reports import Rate, Spread
from pages.parts.page import short
from pages.parts.theme import HEADING_FONT, TEXT_FONT, palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 44
"""Pixels of one row of a chart of rows."""


def label(text: object, length: int = 26) -> str:
    """A text that a figure shows as it is written."""
    cut = short(text, length)
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def figure(height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 8) -> Figure:
    """An empty figure: no lines, no grid, our fonts and colours."""
    import plotly.graph_objects as go

    colours = palette()
    quiet_axis: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": colours.quiet, "size": 13},
    }
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 6},
            "font": {"family": TEXT_FONT, "size": 13, "color": colours.ink},
            "colorway": list(colours.series),
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "bargap": 0.34,
            "dragmode": False,
            "xaxis": dict(quiet_axis),
            "yaxis": dict(quiet_axis),
            "hoverlabel": {
                "bgcolor": colours.panel,
                "bordercolor": colours.line,
                "font": {"family": TEXT_FONT, "color": colours.ink},
            },
        }
    )


def show(
    drawn: Figure, *, key: str, alt: str, name: str = "greenroom", width: int | None = None
) -> None:
    """Put a figure on the page; it can be downloaded as a picture.

    Args:
        drawn: The figure.
        key: Its key on the page.
        alt: What it shows, for those who do not see it.
        name: The name of the picture's file.
        width: In pixels; as wide as there is room where it is not given.
    """
    keep = {"format": "png", "scale": 2, "filename": name}
    config = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": keep,
    }
    st.plotly_chart(drawn, theme=None, key=key, alt=alt, config=config, width=width or "stretch")


def bars(
    labels: Sequence[object],
    values: Sequence[float],
    texts: Sequence[str],
    *,
    highlight: int | None = None,
    lost: Sequence[int] = (),
    most: float | None = None,
) -> Figure:
    """Horizontal bars from the top down, each with its number beside it.

    Args:
        labels: What each bar is.
        values: How long it is.
        texts: What is written at its end (``58 · 41 %``).
        highlight: The one bar that matters, in ochre.
        lost: Bars of what was lost, in brick.
        most: The value of a full row; the largest one where it is not given.
    """
    colours = palette()
    shades = [
        colours.ochre if at == highlight else colours.brick if at in lost else colours.chart_green
        for at in range(len(values))
    ]
    drawn = figure(ROW * max(1, len(values)) + 16)
    drawn.add_bar(
        x=list(values),
        y=list(range(len(values))),
        orientation="h",
        marker={"color": shades, "line": {"width": 0}, "cornerradius": 3},
        text=[f" {label(text, 60)}" for text in texts],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    _rows(drawn, labels)
    longest = max((len(text) for text in texts), default=0)
    full = max([most or 0.0, *values]) or 1.0
    drawn.update_xaxes(visible=False, range=[0, full])
    drawn.update_layout(margin_r=12 + 8 * longest)  # in pixels, so that a narrow page keeps it
    return drawn


def rate_bars(labels: Sequence[object], rates: Sequence[Rate], *, lost: bool = False) -> Figure:
    """Horizontal bars of shares, each with its interval as a whisker and printed beside it."""
    colours = palette()
    shares = [rate.rate or 0.0 for rate in rates]
    over = [(rate.high or 0.0) - share for rate, share in zip(rates, shares, strict=True)]
    under = [share - (rate.low or 0.0) for rate, share in zip(rates, shares, strict=True)]
    rows = list(range(len(rates)))
    drawn = figure(ROW * max(1, len(rates)) + 16)
    drawn.add_bar(
        x=shares,
        y=rows,
        orientation="h",
        marker={
            "color": colours.brick if lost else colours.chart_green,
            "line": {"width": 0},
            "cornerradius": 3,
        },
        error_x={
            "array": over,
            "arrayminus": under,
            "color": colours.quiet,
            "thickness": 1.5,
            "width": 4,
        },
        hoverinfo="skip",
    )
    for row, rate in zip(rows, rates, strict=True):
        drawn.add_annotation(
            x=1.04, y=row, text=label(rate.text, 60), showarrow=False, xanchor="left"
        )
    _rows(drawn, labels)
    drawn.update_xaxes(visible=False, range=[0, 1.75])
    return drawn


def spread(labels: Sequence[object], spreads: Sequence[Spread], unit: str = "") -> Figure:
    """How much people differ: a band for the middle half, a line for the median, a dot the mean."""
    colours = palette()
    drawn = figure(ROW * max(1, len(spreads)) + 40, bottom=28)
    for row, one in enumerate(spreads):
        if one.mean is None:
            continue
        if one.q1 is not None and one.q3 is not None and one.median is not None:
            _line(drawn, [one.q1, one.q3], row, colours.track, 14)
            drawn.add_scatter(
                x=[one.median],
                y=[row],
                mode="markers",
                marker={
                    "symbol": "line-ns",
                    "size": 14,
                    "line": {"width": 2, "color": colours.quiet},
                },
                hovertemplate=f"median {one.median:.1f} {unit}<extra></extra>",
            )
        if one.low is not None and one.high is not None:
            _line(drawn, [one.low, one.high], row, colours.chart_green, 2)
        drawn.add_scatter(
            x=[one.mean],
            y=[row],
            mode="markers",
            marker={"size": 9, "color": colours.chart_green},
            hovertemplate=f"mean {label(one.text)} {unit}<extra></extra>",
        )
    _rows(drawn, labels)
    drawn.update_xaxes(rangemode="tozero", title={"text": unit, "font": {"color": colours.quiet}})
    return drawn


def ring(score: int | None) -> Figure:
    """A score from 0 to 100 as a ring with the number in it; a dash where there is none."""
    import plotly.graph_objects as go

    colours = palette()
    value = score or 0
    drawn = figure(132, left=0, right=0, top=4, bottom=4)
    drawn.add_trace(
        go.Pie(
            values=[value, 100 - value],
            hole=0.78,
            sort=False,
            direction="clockwise",
            textinfo="none",
            hoverinfo="skip",
            marker={"colors": [colours.chart_green, colours.track], "line": {"width": 0}},
        )
    )
    drawn.add_annotation(
        text=f"<b>{'–' if score is None else score}</b>",
        showarrow=False,
        font={"family": HEADING_FONT, "size": 34, "color": colours.ink},
    )
    return drawn


def draw_ring(score: int | None, *, size: int = 104, what: str = "Score") -> None:
    """The ring as a small drawing that needs no chart library; for cards and lists."""
    colours = palette()
    share = min(100, max(0, score or 0))
    told = "no score" if score is None else f"{score} of 100"
    centre = "display:flex;align-items:center;justify-content:center;border-radius:50%"
    inner = round(size * 0.77)
    st.html(
        f'<div role="img" aria-label="{html.escape(what)}: {told}" style="{centre};'
        f"width:{size}px;height:{size}px;background:conic-gradient({colours.chart_green} "
        f'{share}%,{colours.track} {share}% 100%)"><div aria-hidden="true" style="{centre};'
        f"width:{inner}px;height:{inner}px;background:{colours.paper};color:{colours.ink};"
        f'font-family:{HEADING_FONT};font-weight:560;font-size:{size * 0.29:.0f}px">'
        f"{'–' if score is None else score}</div></div>",
        width="content",
    )


def columns(labels: Sequence[object], values: Sequence[float], *, height: int = 160) -> Figure:
    """Small upright bars with their numbers above: a histogram."""
    drawn = figure(height, top=22)
    drawn.add_bar(
        x=[label(one) for one in labels],
        y=list(values),
        marker={"color": palette().chart_green, "line": {"width": 0}, "cornerradius": 3},
        text=[f"{value:,.0f}" for value in values],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    drawn.update_layout(bargap=0.12)
    drawn.update_xaxes(type="category")
    drawn.update_yaxes(visible=False)
    return drawn


def _rows(drawn: Figure, labels: Sequence[object]) -> None:
    """Names at the left, the first one at the top."""
    drawn.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=[label(one) for one in labels],
        range=[len(labels) - 0.5, -0.5],
    )


def _line(drawn: Figure, ends: list[float], row: int, colour: str, width: int) -> None:
    """A stretch of one row."""
    drawn.add_scatter(
        x=ends,
        y=[row, row],
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
    )
