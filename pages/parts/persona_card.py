"""One persona, drawn: its sign, its card in the gallery, and what the model makes of its words."""

from __future__ import annotations

import html
import math
import zlib

import streamlit as st

from core.domain.personas import Persona
from core.minds import BehaviourParameters, Parameter, unknown_words
from pages.parts.page import link, plain, short, turn
from pages.parts.theme import HEADING_FONT, palette

WORDS = {
    "tone": "Tone",
    "response_length": "Replies",
    "decision_speed": "Decisions",
    "objection_likelihood": "Objections",
}
"""The four words of a personality, as a card says them."""


_QUIET = ("first_name", "timezone", "language")
"""Demographics that are for messages, not for a card."""
_SIGNS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum())


def said(word: str) -> str:
    """A word as it is read: without underscores."""
    return " ".join(word.replace("_", " ").split())


def sign(name: str, *, size: int = 44) -> None:
    """A round sign with the initials, always in the same colour for the same name."""
    series = palette().series[:6]
    colour = series[zlib.crc32(name.encode()) % len(series)]
    words = [word for part in name.split() if (word := part.lstrip(_SIGNS))] or ["?"]
    initials = "\u200c".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    st.html(
        f'<div aria-hidden="true" style="width:{size}px;height:{size}px;border-radius:50%;'
        f"display:flex;align-items:center;justify-content:center;background:{colour}22;"
        f"border:1.5px solid {colour};color:{colour};font-family:{HEADING_FONT};"
        f'font-weight:560;font-size:{round(size * 0.38)}px">{html.escape(initials)}</div>',
        width="content",
    )


def about(persona: Persona) -> str:
    """Its demographics on one line."""
    known = {
        key: value for key, value in persona.demographics.items() if value and key not in _QUIET
    }
    if "income" in known:
        known["income"] = f"{known['income'].lower()} income"
    return short(" · ".join(known.values()), 80)


def ways(persona: Persona) -> str:
    """Its four words on one line, without those in the middle."""
    words = persona.personality
    told = {
        words.tone: words.tone,
        f"{words.response_length} replies": words.response_length,
        f"{words.decision_speed} decisions": words.decision_speed,
        f"{words.objection_likelihood} objections": words.objection_likelihood,
    }
    said_ways = [text for text, word in told.items() if word not in ("medium", "neutral")]
    return short(said(", ".join(said_ways) or "in the middle in everything"), 90).capitalize()


def badges(words: list[str], colour: str = "gray") -> str:
    """Words as small badges in a line of Markdown."""
    return " ".join(f":{colour}-badge[{plain(said(short(word, 40)))}]" for word in words)


def card(persona: Persona) -> None:
    """One persona in the gallery; its name opens it."""
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            sign(persona.name)
            with st.container(gap=None):
                name = short(persona.name, 32)
                turn(name, key=f"open-{persona.id}", bold=True, persona=persona.id)
                st.caption(plain(about(persona)) or "No demographics")
        st.markdown(plain(short(persona.description, 130)) or ":gray[No description]")
        st.caption(plain(ways(persona)))
        traits = persona.behavior_traits
        more = [f"{len(traits) - 4} more"] if len(traits) > 4 else []
        built_in = ":green-badge[:material/verified: Built in] " if persona.built_in else ""
        st.markdown(built_in + badges(traits[:4] + more))


def effects(parameters: BehaviourParameters, table: str, word: str) -> list[Parameter]:
    """What the model's numbers say about one word, the largest first."""
    known = parameters.find_word(table, word)
    start = f"{table}.{known}."
    found = [p for name, p in parameters.parameters.items() if name.startswith(start) and p.value]
    return sorted(found, key=lambda p: -abs(p.value))


def effect_text(parameter: Parameter) -> str:
    """``saying yes: odds ÷ 2.2 (−0.8)``."""
    what = parameter.help.rpartition(" adds to ")[2].rstrip(".").rpartition(" (")[0]
    kind = "" if parameter.unit == "logarithm" else "odds\u00a0"
    times = math.exp(abs(parameter.value))
    factor = f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
    change = f"{'×' if parameter.value > 0 else '÷'}\u00a0{factor}"
    return f"{what}: {kind}{change} ({parameter.value:+g})".replace("(-", "(−")


def model_view(persona: Persona, parameters: BehaviourParameters) -> None:
    """What the behaviour model makes of a persona's words, one line a word."""
    words = [(table, getattr(persona.personality, table)) for table in WORDS]
    words += [("trait", trait) for trait in persona.behavior_traits]
    unknown = set(unknown_words(persona, parameters))
    rows = []
    for table, word in words:
        if word in unknown:
            continue
        found = effects(parameters, table, word)
        told = "; ".join(effect_text(p) for p in found[:4]) or "the middle: changes nothing"
        kind = WORDS.get(table, "Trait")
        rows.append({"word": f"{kind}: {said(word)}", "changes": told})
    for row in rows:
        st.markdown(f"**{plain(row['word'])}**  \n:small[:gray[{plain(row['changes'])}]]")
    if unknown:
        st.warning(
            f"The model does not know {plain(', '.join(sorted(map(said, unknown))))}. "
            "It plays such a word as the middle one.",
            icon=":material/help:",
        )
    link("behaviour", "All numbers of the behaviour model", icon=":material/tune:")
