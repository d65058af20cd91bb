"""A creator's method as a map: read what each part rests on, and correct it by hand."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.domain.twins import LinkKind, Methodology, Node, NodeKind, Twin
from core.twins.methodology import (
    add_link,
    add_node,
    change_node,
    merge_nodes,
    order_of,
    remove_link,
    remove_node,
    rename_node,
    restore_node,
)
from pages.parts.context import workspace
from pages.parts.page import (
    counted,
    empty_state,
    guarded,
    page,
    param,
    plain,
    section,
    set_params,
    short,
)
from pages.parts.theme import palette
from pages.parts.twin_head import facts
from pages.parts.twin_talk import open_passage
from pages.parts.twin_words import where

KINDS: dict[NodeKind, str] = {
    "concept": "concept",
    "principle": "principle",
    "exercise": "exercise",
}
SHAPES = {"concept": "dot", "principle": "diamond", "exercise": "square"}
SIGNS = {"concept": "●", "principle": "◆", "exercise": "■"}
LINKS: dict[LinkKind, str] = {"before": "comes before", "uses": "uses", "part_of": "is a part of"}
MAP_HEIGHT = 520
LABEL = 22


def draw_method(twin: Twin) -> None:
    """The map, the order, and the node that the address names."""
    methodology = workspace().twins.version(twin.id).methodology
    page(_title(twin, methodology), facts(twin), lambda: _actions(twin, methodology))
    if not methodology.nodes:
        empty_state(
            "hub",
            "The concepts, principles and exercises of the method will stand here.",
            "Give it more content",
            lambda: set_params(view="content"),
            hint="Texts that explain how the creator works show the most.",
        )
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _map(methodology)
        if chosen and chosen != param("node") and chosen != st.session_state.get("node_seen"):
            st.session_state["node_seen"] = chosen
            set_params(node=chosen)
        _legend()
    with right:
        node = next((one for one in methodology.nodes if one.id == param("node")), None)
        if node is not None:
            _node(twin, methodology, node)
        else:
            st.caption("Click a part of the map, or choose one:")
            _order(methodology)
    if node is not None:
        with st.expander("The order in which it is taught", icon=":material/format_list_numbered:"):
            _order(methodology)
    _removed(twin, methodology)


def _title(twin: Twin, methodology: Methodology) -> str:
    kinds = {kind: sum(one.kind == kind for one in methodology.nodes) for kind in KINDS}
    told = [counted(count, KINDS[kind]) for kind, count in kinds.items() if count]
    if not told:
        return f"The method of {twin.name}"
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    return f"{twin.name} teaches {listed}"


def _actions(twin: Twin, methodology: Methodology) -> None:
    if st.button("Add a part", icon=":material/add:", key="add_node"):
        _add(twin, methodology)
    st.download_button(
        "Download",
        lambda: methodology.model_dump_json(indent=1),
        f"{twin.slug}-method.json",
        "application/json",
        icon=":material/download:",
        key="download_method",
    )


# The map


def _map(methodology: Methodology) -> str | None:
    """The graph; gives the id of the node that was clicked."""
    from streamlit_agraph import Config, Edge, agraph
    from streamlit_agraph import Node as Drawn

    colours = palette()
    shades = {"concept": colours.slate, "principle": colours.plum, "exercise": colours.chart_green}
    now = param("node")
    nodes = [
        Drawn(
            id=node.id,
            label=short(node.name, LABEL),
            shape=SHAPES[node.kind],
            size=12 + 16 * node.weight,
            color=colours.ochre if node.id == now else shades[node.kind],
            font={"color": colours.ink, "face": "Inter, sans-serif", "size": 13},
        )
        for node in methodology.nodes
    ]
    edges = [
        Edge(
            source=link.source,
            target=link.target,
            color=colours.quiet if link.kind == "before" else colours.line,
            dashes=link.kind != "before",
        )
        for link in methodology.links
    ]
    config = Config(
        height=MAP_HEIGHT,
        directed=True,
        physics=True,
        groups={},
        solver="forceAtlas2Based",
        stabilization=True,
        fit=True,
    )
    config.width = "100%"
    with st.container(border=True, key="method_map"):
        clicked = agraph(nodes=nodes, edges=edges, config=config)
    return clicked if isinstance(clicked, str) else None


def _legend() -> None:
    kinds = " · ".join(f"{SIGNS[kind]} {words}" for kind, words in KINDS.items())
    st.caption(
        f"{kinds}. An arrow means that one comes before the other; a dashed line, that it is used or is a part."
    )


def _order(methodology: Methodology) -> None:
    """Every node in the order in which it is taught; a click opens it."""
    for node in order_of(methodology):
        label = f"{SIGNS[node.kind]} {short(node.name, 60)}"
        if st.button(plain(label), key=f"order_{node.id}", type="tertiary"):
            set_params(node=node.id)
            st.rerun()


# One node


def _node(twin: Twin, methodology: Methodology, node: Node) -> None:
    """What a node says, where it comes from, and how it can be corrected."""
    with st.container(border=True, gap="small"):
        by = " · corrected by hand" if node.by_hand else ""
        st.caption(f"{SIGNS[node.kind]} {KINDS[node.kind]}{by}")
        section(node.name)
        if node.says:
            st.markdown(plain(node.says))
        for number, step in enumerate(node.steps, 1):
            st.markdown(f"{number}\\. {plain(step)}")
        _links(twin, methodology, node)
        if node.passages:
            st.caption("It comes from:")
        for number, passage in enumerate(node.passages):
            if st.button(
                plain(f"{short(where(passage), 36)}: {short(passage.text, 80)}"),
                key=f"from_{node.id}_{number}",
                type="tertiary",
                icon=":material/format_quote:",
            ):
                open_passage(twin, passage)
        with st.container(horizontal=True, gap="small"):
            if st.button("Correct it", key="edit_node", icon=":material/edit:"):
                _edit(twin, methodology, node)
            if st.button("Take it out", key="remove_node", type="tertiary"):
                _apply(twin, lambda: remove_node(methodology, node.id), f"Took out {node.name}")
            if st.button("Close", key="close_node", type="tertiary"):
                st.session_state["node_seen"] = node.id
                set_params(node=None)
                st.rerun()


def _links(twin: Twin, methodology: Methodology, node: Node) -> None:
    names = {one.id: one.name for one in methodology.nodes}
    for at, link in enumerate(methodology.links):
        if node.id not in (link.source, link.target):
            continue
        words = (
            f"{short(names[link.source], 40)} {LINKS[link.kind]} {short(names[link.target], 40)}"
        )
        told, button = st.columns([6, 1], vertical_alignment="center")
        told.caption(plain(words))
        if button.button("✕", key=f"unlink_{at}", type="tertiary", help="This is not so"):
            _apply(
                twin,
                lambda link=link: remove_link(methodology, link.source, link.target, link.kind),
                f"Unlinked {node.name}",
            )


def _apply(twin: Twin, change: Callable[[], Methodology], note: str) -> None:
    """Make a version with the corrected method."""
    with guarded():
        workspace().twins.correct(twin.id, change(), note=short(note, 120))
        st.rerun()


@st.dialog("Correct this part", width="large")
def _edit(twin: Twin, methodology: Methodology, node: Node) -> None:
    """Name, words, kind, steps; and how it hangs together with another."""
    with st.form("edit_node", border=False):
        name = st.text_input("Name", node.name, max_chars=255)
        kind = st.selectbox(
            "What it is", list(KINDS), index=list(KINDS).index(node.kind), format_func=KINDS.get
        )
        says = st.text_area("What it says", node.says, max_chars=4_000)
        steps = st.text_area("Steps, one a line (of an exercise)", "\n".join(node.steps))
        if st.form_submit_button("Save", type="primary"):
            _apply(
                twin,
                lambda: _edited(methodology, node, name, kind, says, steps),
                f"Corrected {node.name}",
            )
    others = {one.id: one.name for one in methodology.nodes if one.id != node.id}
    with st.form("link_node", border=False):
        how, target = st.columns(2)
        words = how.selectbox(f"{short(node.name, 30)} …", list(LINKS), format_func=LINKS.get)
        other = target.selectbox("… this one", list(others), format_func=others.get)
        if st.form_submit_button("Link them") and other:
            _apply(
                twin,
                lambda: add_link(methodology, node.id, other, words),
                f"Linked {node.name} with {others[other]}",
            )
    with st.form("merge_node", border=False):
        same = st.selectbox("It is the same as", list(others), format_func=others.get, index=None)
        if st.form_submit_button("Make them one") and same:
            _apply(
                twin,
                lambda: merge_nodes(methodology, node.id, same),
                f"Merged {others[same]} into {node.name}",
            )


def _edited(
    methodology: Methodology, node: Node, name: str, kind: NodeKind, says: str, steps: str
) -> Methodology:
    lines = [line.strip() for line in steps.splitlines() if line.strip()]
    changed = methodology
    if name.strip() != node.name:
        changed = rename_node(changed, node.id, name)
    return change_node(
        changed,
        node.id,
        says=says,
        steps=lines if kind == "exercise" else (),
        kind=kind if kind != node.kind else None,
    )


@st.dialog("Add a part")
def _add(twin: Twin, methodology: Methodology) -> None:
    """A concept, a principle or an exercise of the creator's own making."""
    with st.form("add_node_form", border=False):
        kind = st.selectbox("What it is", list(KINDS), format_func=KINDS.get)
        name = st.text_input("Name", max_chars=255)
        says = st.text_area("What it says, in the creator's words", max_chars=4_000)
        steps = st.text_area("Steps, one a line (of an exercise)")
        if st.form_submit_button("Add it", type="primary"):
            lines = [line.strip() for line in steps.splitlines() if line.strip()]
            given = lines if kind == "exercise" else []
            _apply(twin, lambda: add_node(methodology, kind, name, says, given), f"Added {name}")


def _removed(twin: Twin, methodology: Methodology) -> None:
    """What the creator took out, with a way back."""
    if not methodology.removed:
        return
    with st.expander(f"Taken out: {counted(len(methodology.removed), 'part')}"):
        st.caption("The twin does not say these any more, and training does not bring them back.")
        for node in methodology.removed:
            name, button = st.columns([5, 1], vertical_alignment="center")
            name.markdown(f"{SIGNS[node.kind]} {plain(short(node.name, 80))}")
            if button.button("Put back", key=f"restore_{node.id}", type="tertiary"):
                _apply(
                    twin, lambda id=node.id: restore_node(methodology, id), f"Put back {node.name}"
                )
