"""Figures of an experiment: intervals in rows, an effect as time went on, bars with names.

Names stand above their rows and results at the right of them, so that a narrow page keeps both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.domain.experiment_results import Moving, Span
from pages.parts.charts import figure, label
from pages.parts.experiment_words import VERDICTS
from pages.parts.theme import palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW, TALL_ROW = 66, 84
BAR_AT = 0.16
"""How far under the middle of a row its bar is, in rows."""
WIDEST = 4.0
"""An interval this many times as long as the usual one is cut, with an arrow where it goes on."""
ONE_LINE = 46
"""Characters that stand on one line of a narrow page, name and result together."""


@dataclass(frozen=True, slots=True)
class Row:
    """One interval of a chart of intervals.

    Attributes:
        name: What stands above it.
        span: The interval, in the unit of the axis; None where it is refused.
        said: What stands at its right: the figure in words, or why there is none.
        verdict: better, worse or unclear.
        margin: Where a guardrail's harm begins.
        inner: A narrower interval on the same row: of one reading.
    """

    name: str
    span: Span | None
    said: str
    verdict: str = "unclear"
    margin: float | None = None
    inner: Span | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn, gathered first: adding it to a figure piece by piece takes long."""

    traces: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def line(self, **trace: Any) -> None:
        """A line or a mark with data."""
        self.traces.append({"type": "scatter", **trace})

    def note(self, **annotation: Any) -> None:
        """Words."""
        self.notes.append({"showarrow": False, **annotation})

    def shape(self, **shape: Any) -> None:
        """A line without data."""
        self.shapes.append({"type": "line", **shape})

    def put(self, drawn: Figure) -> None:
        """All of it into a figure."""
        drawn.add_traces(self.traces)
        drawn.update_layout(annotations=self.notes, shapes=self.shapes)


def intervals(rows: Sequence[Row], unit: str) -> Figure:
    """Intervals from the top down around a line of no difference."""
    colours = palette()
    together = all(len(row.name) + len(row.said) <= ONE_LINE for row in rows)
    tall = ROW if together else TALL_ROW
    drawn = figure(tall * max(1, len(rows)) + 44, left=12, right=12, top=4, bottom=30)
    low, high = reach(rows)
    marks = Marks()
    marks.shape(
        x0=0,
        x1=0,
        y0=-0.6,
        y1=len(rows) - 0.35,
        line={"color": colours.quiet, "width": 1, "dash": "dot"},
        layer="below",
    )
    for at, row in enumerate(rows):
        _row(marks, at, row, (low, high), together=together)
    marks.put(drawn)
    drawn.update_xaxes(range=[low, high], ticksuffix=unit, nticks=9, zeroline=False)
    drawn.update_yaxes(visible=False, range=[len(rows) - 0.35, -0.65])
    return drawn


def reach(rows: Sequence[Row]) -> tuple[float, float]:
    """The stretch of the axis that shows every row; those that are far too long are cut."""
    ends = [
        abs(end) for row in rows if row.span is not None for end in (row.span.low, row.span.high)
    ]
    marks = [abs(row.margin) * 1.15 for row in rows if row.margin]
    if not ends and not marks:
        return -1.0, 1.0
    usual = sorted(ends)[len(ends) // 2] if ends else 0.0
    far = min(max(ends, default=0.0), WIDEST * usual) if usual else max(ends, default=0.0)
    lows = [row.span.low for row in rows if row.span] + [row.margin or 0.0 for row in rows]
    highs = [row.span.high for row in rows if row.span] + [row.margin or 0.0 for row in rows]
    low, high = max(-far, min(0.0, *lows)), min(far, max(0.0, *highs))
    most = max(far, *marks) if marks else far
    low = min(low, *(row.margin or 0.0 for row in rows), 0.0)
    high = max(high, *(row.margin or 0.0 for row in rows), 0.0)
    pad = 0.06 * (high - low) or most or 1.0
    return low - pad, high + pad


def _row(marks: Marks, at: int, row: Row, ends: tuple[float, float], *, together: bool) -> None:
    """Its name and its figure above its bar: on one line where all rows have room for both."""
    colours = palette()
    tones = {"better": colours.chart_green, "worse": colours.brick}
    colour = tones.get(row.verdict, colours.slate)
    sign, word = VERDICTS[row.verdict][1:]
    shade = colour if row.verdict != "unclear" else colours.quiet
    said = f"{label(row.said, 60)}  <b>{sign} {word}</b>" if row.span else label(row.said, 58)
    _text(marks, f"<b>{label(row.name, 52)}</b>", 0, at - (0.31 if together else 0.37), colours.ink)
    if together and row.span is not None:
        _text(marks, said, 1, at - 0.31, shade)
    else:
        _text(marks, said, 0, at + 0.05 if together else at - 0.13, shade)
    if row.margin is not None:
        _margin(marks, at, row.margin)
    if row.span is not None:
        _stretch(marks, at, row, ends, colour)


def _text(marks: Marks, text: str, x: int, y: float, colour: str) -> None:
    """Words at the left or the right edge."""
    marks.note(
        text=text,
        x=x,
        xref="paper",
        xanchor="right" if x else "left",
        y=y,
        bgcolor=palette().paper,
        borderpad=1,
        font={"size": 12, "color": colour},
    )


def _margin(marks: Marks, at: int, margin: float) -> None:
    """Where a guardrail's harm begins, with the word beside it."""
    colours = palette()
    marks.shape(
        x0=margin,
        x1=margin,
        y0=at + BAR_AT - 0.13,
        y1=at + BAR_AT + 0.13,
        line={"color": colours.brick, "width": 2},
    )
    marks.note(
        text="harm from here",
        x=margin,
        y=at + BAR_AT + 0.11,
        yanchor="top",
        font={"size": 10, "color": colours.brick},
    )


def _stretch(marks: Marks, at: int, row: Row, ends: tuple[float, float], colour: str) -> None:
    span, y = row.span, at + BAR_AT
    if span is None:
        return
    low, high = max(span.low, ends[0]), min(span.high, ends[1])
    words = f"<b>{label(row.name, 60)}</b><br>{label(row.said, 80)}<extra></extra>"
    _line(marks, (low, high), y, colour, 3, words)
    if row.inner is not None:
        inner = (max(row.inner.low, ends[0]), min(row.inner.high, ends[1]))
        _line(marks, inner, y, colour, 8, words)
    if ends[0] <= span.value <= ends[1]:
        marker = {"size": 11, "color": colour, "line": {"width": 2, "color": palette().paper}}
        marks.line(x=[span.value], y=[y], mode="markers", marker=marker, hovertemplate=words)
    for end, cut, symbol in (
        (low, span.low < ends[0], "triangle-left"),
        (high, span.high > ends[1], "triangle-right"),
    ):
        if cut:
            arrow = {"size": 10, "color": colour, "symbol": symbol}
            marks.line(x=[end], y=[y], mode="markers", marker=arrow, hovertemplate=words)


def _line(
    marks: Marks, ends: tuple[float, float], y: float, colour: str, width: int, words: str
) -> None:
    marks.line(
        x=list(ends),
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": width},
        opacity=1 if width < 5 else 0.45,
        hovertemplate=words,
    )


def over_time(points: Sequence[Moving], scale: float, unit: str, across: str) -> Figure:
    """One variant's effect with both bands; ``across`` names the axis: days or participants."""
    colours = palette()
    drawn = figure(380, left=12, right=16, top=16, bottom=44)
    xs = [point.day if across == "days" else float(point.people) for point in points]
    _band(drawn, xs, [point.always for point in points], scale, colours.slate, 0.16, "any time")
    _band(drawn, xs, [point.effect for point in points], scale, colours.slate, 0.3, "read once")
    drawn.add_scatter(
        x=[x for x, point in zip(xs, points, strict=True) if point.effect],
        y=[scale * point.effect.value for point in points if point.effect],
        mode="lines+markers",
        line={"color": colours.ink, "width": 2},
        marker={"size": 5},
        hovertemplate=f"%{{y:+.3g}}{unit}<extra>effect</extra>",
    )
    drawn.add_hline(y=0, line={"color": colours.quiet, "width": 1, "dash": "dot"})
    _names(drawn, xs, points, scale)
    title: dict[str, Any] = {"text": across, "font": {"color": colours.quiet, "size": 12}}
    drawn.update_xaxes(title=title, showgrid=False)
    drawn.update_yaxes(ticksuffix=unit, showgrid=True, gridcolor=colours.line, nticks=6)
    drawn.update_layout(hovermode="x unified")
    _reach(drawn, points, scale)
    return drawn


def _band(
    drawn: Figure,
    xs: Sequence[float],
    spans: Sequence[Span | None],
    scale: float,
    colour: str,
    opacity: float,
    name: str,
) -> None:
    known = [(x, span) for x, span in zip(xs, spans, strict=True) if span is not None]
    if not known:
        return
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    there = [x for x, _ in known]
    drawn.add_scatter(
        x=[*there, *reversed(there)],
        y=[
            *(scale * span.high for _, span in known),
            *(scale * span.low for _, span in reversed(known)),
        ],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=f"rgba({red},{green},{blue},{opacity})",
        hoverinfo="skip",
        name=name,
    )


def _names(drawn: Figure, xs: Sequence[float], points: Sequence[Moving], scale: float) -> None:
    """What each band is: above the wide one, inside the narrow one. Colour is not alone."""
    if not points:
        return
    at = min(len(points) * 2 // 3, len(points) - 1)
    wide, narrow = points[at].always, points[at].effect
    for y, words, shift in (
        (wide.high if wide else None, "look any time", 9),
        (narrow.low if narrow else None, "read once", 9),
    ):
        if y is not None:
            drawn.add_annotation(
                x=xs[at],
                y=scale * y,
                text=words,
                showarrow=False,
                yshift=shift,
                font={"size": 11, "color": palette().slate},
            )


def _reach(drawn: Figure, points: Sequence[Moving], scale: float) -> None:
    """The first looks are very wide; the axis shows what came after them."""
    ends = [
        abs(scale * end)
        for point in points
        for span in (point.effect,)
        if span is not None
        for end in (span.low, span.high)
    ]
    if ends:
        far = min(max(ends), WIDEST * sorted(ends)[len(ends) // 2]) * 1.25
        drawn.update_yaxes(range=[-far, far])


def named_bars(
    names: Sequence[str], values: Sequence[float], texts: Sequence[str], *, bad: Sequence[int]
) -> Figure:
    """Thin bars from 0 to 100, each with its name above it and its number at its end."""
    colours = palette()
    drawn = figure(46 * max(1, len(names)) + 12, left=12, right=12, top=4, bottom=4)
    marks = Marks()
    for at, (name, value, text) in enumerate(zip(names, values, texts, strict=True)):
        shade = colours.brick if at in bad else colours.chart_green
        for width, colour in ((100.0, colours.track), (value, shade)):
            marks.line(
                x=[0, width],
                y=[at + 0.16, at + 0.16],
                mode="lines",
                line={"color": colour, "width": 9},
                hoverinfo="skip",
            )
        _text(marks, label(name, 54), 0, at - 0.2, colours.ink)
        _text(marks, f"<b>{label(text, 16)}</b>", 1, at + 0.16, shade)
    marks.put(drawn)
    drawn.update_xaxes(visible=False, range=[0, 120])
    drawn.update_yaxes(visible=False, range=[len(names) - 0.5, -0.55])
    return drawn
