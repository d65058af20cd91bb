"""Figures of a bandit: whom it sent where, and what that cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pages.parts.charts import figure, label
from pages.parts.theme import palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

QUARTERS = (0, 25, 50, 75, 100)
LABEL_GAP = 7.0
"""Per cent of the axis between two names at the side of a chart."""


def shares(names: Sequence[str], by_round: Sequence[Sequence[float]]) -> Figure:
    """Whom a bandit sent where, round by round, the variants on top of each other."""
    colours = palette()
    drawn = figure(300, left=12, right=130, top=12, bottom=40)
    rounds = list(range(1, len(by_round) + 1))
    below, said = 0.0, -LABEL_GAP / 2
    for at, name in enumerate(names):
        values = [100 * row[at] for row in by_round]
        colour = colours.series[at % len(colours.series)]
        drawn.add_bar(
            x=rounds,
            y=values,
            marker={"color": colour, "line": {"width": 1, "color": colours.paper}},
            hovertemplate=f"{label(name)}: %{{y:.0f}} %<extra></extra>",
        )
        last = values[-1] if values else 0.0
        if last >= 1:
            said = max(said + LABEL_GAP, below + last / 2)
            drawn.add_annotation(
                x=1.0,
                xref="paper",
                xanchor="left",
                xshift=6,
                y=said,
                text=f"{label(name, 16)} {last:.0f} %",
                showarrow=False,
                font={"size": 12, "color": colour},
            )
        below += last
    drawn.update_layout(barmode="stack", bargap=0.08)
    drawn.update_xaxes(
        title={"text": "round", "font": {"color": colours.quiet, "size": 12}}, dtick=None
    )
    drawn.update_yaxes(
        range=[0, max(100.0, said + 3)],
        tickvals=QUARTERS,
        ticktext=[f"{one} %" for one in QUARTERS],
    )
    return drawn


def regret(rounds: Sequence[float], even: float) -> Figure:
    """What was lost as rounds went on, beside what an even split would have lost in all."""
    colours = palette()
    drawn = figure(240, left=12, right=16, top=18, bottom=40)
    at = list(range(1, len(rounds) + 1))
    drawn.add_scatter(
        x=at,
        y=list(rounds),
        mode="lines+markers",
        line={"color": colours.chart_green, "width": 2},
        hovertemplate="%{y:.2f} lost so far<extra></extra>",
    )
    drawn.add_scatter(
        x=[at[0], at[-1]] if at else [],
        y=[even / len(at), even] if at else [],
        mode="lines",
        line={"color": colours.quiet, "width": 2, "dash": "dash"},
        hovertemplate="%{y:.2f} with an even split<extra></extra>",
    )
    last = rounds[-1] if rounds else 0.0
    for y, words, colour in (
        (last, "the bandit", colours.chart_green),
        (even, "an even split", colours.quiet),
    ):
        drawn.add_annotation(
            x=at[-1] if at else 1,
            y=y,
            text=words,
            showarrow=False,
            xanchor="right",
            yshift=12 if y == max(last, even) else -12,
            font={"size": 12, "color": colour},
        )
    drawn.update_xaxes(title={"text": "round", "font": {"color": colours.quiet, "size": 12}})
    drawn.update_yaxes(rangemode="tozero", showgrid=True, gridcolor=colours.line)
    return drawn
