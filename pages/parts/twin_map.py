"""A creator's method drawn as a map with streamlit-agraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.domain.twins import Methodology, NodeKind
from pages.parts.page import short
from pages.parts.theme import palette

if TYPE_CHECKING:
    from streamlit_agraph import Config, Edge, Node

SHAPES = {"concept": "dot", "principle": "diamond", "exercise": "square"}
SIGNS: dict[NodeKind, str] = {"concept": "●", "principle": "◆", "exercise": "■"}
HEIGHT = 560
LABEL = 24
SPREAD = {
    "gravitationalConstant": -70,
    "springLength": 70,
    "avoidOverlap": 0.7,
    "centralGravity": 0.02,
}
_DRAWN = "method_map_drawn"
_CLICKED = "method_map_clicked"


def draw_map(methodology: Methodology) -> str | None:
    """The graph; gives the id of a node in the run after it was clicked, and then no more.

    What is chosen is not drawn, so that a click moves nothing.
    """
    from streamlit_agraph import agraph

    with st.container(border=True, key="method_map"):
        clicked = agraph(nodes=_nodes(methodology), edges=_edges(methodology), config=_config())
    if not isinstance(clicked, str) or clicked == st.session_state.get(_CLICKED):
        return None
    st.session_state[_CLICKED] = clicked
    return clicked


def forget_click() -> None:
    """Draw the map anew, so that the node that was clicked last can be clicked again."""
    st.session_state[_DRAWN] = st.session_state.get(_DRAWN, 0) + 1
    st.session_state.pop(_CLICKED, None)


def _nodes(methodology: Methodology) -> list[Node]:
    """What agraph draws; without a title, which it would open as an address on a double click."""
    from streamlit_agraph import Node

    colours = palette()
    shades = {"concept": colours.slate, "principle": colours.plum, "exercise": colours.chart_green}
    drawn = [
        Node(
            id=node.id,
            label=short(node.name, LABEL),
            shape=SHAPES[node.kind],
            size=10 + 14 * node.weight,
            color=shades[node.kind],
            font={"color": colours.ink, "face": "Inter, sans-serif", "size": 15},
        )
        for node in methodology.nodes
    ]
    for one in drawn:
        one.title, one.div = "", {"innerHTML": ""}
        one.drawn = st.session_state.get(_DRAWN, 0)  # another number makes it a new map
    return drawn


def _edges(methodology: Methodology) -> list[Edge]:
    """What comes before what as a line, the rest dashed and fainter."""
    from streamlit_agraph import Edge

    colours = palette()
    return [
        Edge(
            source=link.source,
            target=link.target,
            color={"color": colours.quiet, "opacity": 1.0 if link.kind == "before" else 0.6},
            dashes=link.kind != "before",
            width=1.5 if link.kind == "before" else 1,
        )
        for link in methodology.links
    ]


def _config() -> Config:
    """Only what vis.js knows, in its places: it complains of the rest in the console."""
    from streamlit_agraph import Config

    config = Config(height=HEIGHT, groups={})
    config.width = "100%"
    config.physics = {
        "solver": "forceAtlas2Based",
        "forceAtlas2Based": SPREAD,
        "stabilization": {"iterations": 300, "fit": True},
        "minVelocity": 1,
    }
    config.layout = {"randomSeed": 7}
    config.interaction = {"zoomView": False}
    return config
