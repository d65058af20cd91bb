"""A creator's method as a map: read what each part rests on, and correct it by hand."""

from __future__ import annotations

import streamlit as st

from core.domain.twins import Methodology, Node, Twin
from core.twins.methodology import order_of
from pages.parts.context import workspace
from pages.parts.page import (
    counted,
    empty_state,
    page,
    param,
    plain,
    section,
    set_params,
    short,
)
from pages.parts.twin_correct import (
    KINDS,
    LINKS,
    add_part,
    draw_removed,
    edit_part,
    say_what_was_done,
    take_out,
    unlink,
)
from pages.parts.twin_head import facts, known_as, to_view
from pages.parts.twin_map import SIGNS, draw_map, forget_click
from pages.parts.twin_talk import open_passages
from pages.parts.twin_words import read_aloud, where

SHOWN, LISTED = 16, 640
QUOTED, QUOTES = 150, 4


def draw_method(twin: Twin) -> None:
    """The map, the order, and the part that the address names."""
    methodology = workspace().twins.version(twin.id).methodology
    page(_title(twin, methodology), facts(twin), lambda: _actions(twin, methodology))
    say_what_was_done()
    if not methodology.nodes:
        empty_state(
            "hub",
            "The concepts, principles and exercises of the method will stand here.",
            "Give it more content",
            lambda: to_view("content"),
            hint="Texts that explain how the creator works show the most.",
        )
    else:
        _both(twin, methodology)
    draw_removed(twin, methodology)


def _both(twin: Twin, methodology: Methodology) -> None:
    """The map at the left; at the right one part, or all of them in their order."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if clicked := draw_map(methodology):
            set_params(node=clicked)
        _legend()
    node = next((one for one in methodology.nodes if one.id == param("node")), None)
    with right:
        if node is not None:
            _node(twin, methodology, node)
        else:
            many = len(methodology.nodes) > SHOWN
            with st.container(border=True, gap="xsmall", height=LISTED if many else "content"):
                section("In the order in which it is taught")
                st.caption("Click a part here, or on the map, to read what it rests on.")
                _order(methodology)
    if node is not None:
        with st.expander("The order in which it is taught", icon=":material/format_list_numbered:"):
            _order(methodology)


def _title(twin: Twin, methodology: Methodology) -> str:
    kinds = {kind: sum(one.kind == kind for one in methodology.nodes) for kind in KINDS}
    told = [counted(count, KINDS[kind]) for kind, count in kinds.items() if count]
    if not told:
        return f"No method was found in what {known_as(twin)} wrote"
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    return f"{known_as(twin)} teaches {listed}"


def _actions(twin: Twin, methodology: Methodology) -> None:
    if st.button("Add a part", icon=":material/add:", key="add_node"):
        add_part(twin)
    st.download_button(
        "Download",
        lambda: methodology.model_dump_json(indent=1),
        f"{twin.slug}-method.json",
        "application/json",
        icon=":material/download:",
        key="download_method",
    )


def _legend() -> None:
    kinds = " · ".join(f"{SIGNS[kind]} {words}" for kind, words in KINDS.items())
    st.caption(
        f"{kinds}. The larger, the more of the content speaks of it. An arrow means that one comes "
        "before the other; a dashed line, that it is used or is a part."
    )


def _order(methodology: Methodology) -> None:
    """Every part in the order in which it is taught; a click opens it."""
    with st.container(gap="xxsmall", key="method_order"):
        for number, node in enumerate(order_of(methodology), 1):
            label = f"{number}\\. {SIGNS[node.kind]} {plain(short(node.name, 60))}"
            st.button(
                label, key=f"order_{node.id}", type="tertiary", on_click=_turn_to, args=(node.id,)
            )


def _turn_to(node: str | None) -> None:
    """Open a part that was not chosen on the map, or none."""
    forget_click()
    set_params(node=node)


# One part


def _node(twin: Twin, methodology: Methodology, node: Node) -> None:
    """What a part says, where it comes from, and how it can be corrected."""
    with st.container(border=True, gap="small", key="method_part"):
        by = " · corrected by hand" if node.by_hand else ""
        st.caption(f"{SIGNS[node.kind]} {KINDS[node.kind]}{by}")
        section(node.name)
        if node.says:
            st.markdown(plain(node.says))
        if node.steps:
            st.markdown(
                "  \n".join(f"{at}\\. {plain(short(step, 1_000))}" for at, step in _numbered(node))
            )
        _links(twin, methodology, node)
        _passages(twin, node)
        with st.container(horizontal=True, gap="small"):
            if st.button("Correct it", key="edit_node", icon=":material/edit:"):
                edit_part(twin, methodology, node)
            if st.button("Take it out", key="remove_node", type="tertiary"):
                take_out(twin, node)
            st.button(
                "All parts", key="close_node", type="tertiary", on_click=_turn_to, args=(None,)
            )


def _numbered(node: Node) -> list[tuple[int, str]]:
    return list(enumerate(node.steps, 1))


def _passages(twin: Twin, node: Node) -> None:
    """What it comes from, in the creator's words, with a way to where that stands."""
    if not node.passages:
        st.caption("It stands in no passage of the content; each training looks for it again.")
        return
    quotes = [
        f":small[“{plain(short(read_aloud(one.text), QUOTED))}” :gray[{plain(where(one))}]]"
        for one in node.passages[:QUOTES]
    ]
    st.markdown("\n\n".join(["It comes from:", *quotes]))
    label = f"Read {counted(len(node.passages), 'passage')} in full"
    if st.button(label, key="read_passages", type="tertiary", icon=":material/format_quote:"):
        open_passages(twin, node.name, node.passages)


def _links(twin: Twin, methodology: Methodology, node: Node) -> None:
    """How it hangs together with others, each with a way to say that it does not."""
    names = {one.id: one.name for one in methodology.nodes}
    with st.container(gap="xxsmall", key="method_links"):
        for at, link in enumerate(methodology.links):
            if node.id not in (link.source, link.target):
                continue
            source, target = short(names[link.source], 40), short(names[link.target], 40)
            words = f"{source} {LINKS[link.kind]} {target}"
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", wrap=False
            ):
                st.caption(plain(words), width="stretch")
                if st.button(
                    "Unlink",
                    key=f"unlink_{at}",
                    type="tertiary",
                    help="They do not hang together like this: take the link out.",
                ):
                    unlink(twin, link.source, link.target, link.kind, f"Unlinked {node.name}")
