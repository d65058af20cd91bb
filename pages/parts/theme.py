"""The colours of ``.streamlit/config.toml``, for what Streamlit does not colour by itself."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

TEXT_FONT = "Inter, sans-serif"
HEADING_FONT = "Fraunces, serif"


@dataclass(frozen=True)
class Palette:
    """The tokens of one mode.

    Attributes:
        green: What is going well, and the only colour of buttons.
        chart_green: The green of bars and lines.
        ochre: Look here.
        brick: Lost, or wrong.
        track: The empty part of a bar or ring.
        series: Colours for series, those that mean something last.
    """

    paper: str
    panel: str
    ink: str
    quiet: str
    line: str
    green: str
    chart_green: str
    ochre: str
    plum: str
    slate: str
    brick: str
    track: str
    series: tuple[str, ...]


LIGHT = Palette(
    paper="#FBFAF6",
    panel="#F2F0E7",
    ink="#1E2420",
    quiet="#6B726C",
    line="#DFDCCF",
    green="#1F6B4A",
    chart_green="#1F6B4A",
    ochre="#C98A1B",
    plum="#7A4E7E",
    slate="#3C6E91",
    brick="#B3402F",
    track="#DFDCCF",
    series=(
        "#1F6B4A",
        "#3C6E91",
        "#7A4E7E",
        "#8A9A3B",
        "#3E9C95",
        "#C46A7A",
        "#C98A1B",
        "#B3402F",
    ),
)
DARK = Palette(
    paper="#111714",
    panel="#19211D",
    ink="#E8EBE6",
    quiet="#9AA39C",
    line="#2C3831",
    green="#2E8B62",
    chart_green="#5CC596",
    ochre="#E0B04B",
    plum="#B58ABA",
    slate="#7FB0D3",
    brick="#E07F6D",
    track="#2C3831",
    series=(
        "#5CC596",
        "#7FB0D3",
        "#B58ABA",
        "#B6C466",
        "#6FC7C0",
        "#E59AA8",
        "#E0B04B",
        "#E07F6D",
    ),
)


def is_dark() -> bool:
    """Whether the reader's browser shows the dark theme."""
    return st.context.theme.type == "dark"


def palette() -> Palette:
    """The tokens of the mode that is shown."""
    return DARK if is_dark() else LIGHT
