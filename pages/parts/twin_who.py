"""Who a creator is, as far as their content shows: personality and voice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from core.domain.twins import Passage, Phrase, TraitEstimate, Twin, TwinVersion, VoiceFeature
from core.twins.personality import CAUTION, EXPLAINED
from core.twins.profile import EVERYBODY, TRAIT_NAMES, changes, shipped_reference
from pages.parts.context import workspace
from pages.parts.page import counted, empty_state, page, plain, section, short
from pages.parts.twin_head import facts, known_as, to_view
from pages.parts.twin_strips import strip
from pages.parts.twin_talk import open_passages

SHOWN_CHANGES, SHOWN_PHRASES, STANDING_OUT = 8, 16, 6
REGISTERS = {
    "manuals": "of software manuals",
    "addresses": "of old public addresses",
    "speeches": "of modern speeches",
    "conversation": "counsellors in conversation",
    "books": "of books of advice",
}
_STANDING = re.compile(r"; ([^;(]+?) \(usual: ")


def draw_who(twin: Twin) -> None:
    """Personality, voice, phrases, and what changed since the version before."""
    version = workspace().twins.version(twin.id)
    features = sorted(version.profile.features, key=lambda one: -abs(one.percentile - 50))
    page(_title(twin, features), facts(twin), lambda: _download(twin, version))
    if not features:
        empty_state(
            "record_voice_over",
            "The voice will stand here once there are some hundred words to listen to.",
            "Give it more content",
            lambda: to_view("content"),
        )
        return
    _changed(twin, version)
    _voice(twin, version, features)
    _phrases(version.profile.phrases)
    _traits(twin, version.profile.traits)


def _title(twin: Twin, features: Sequence[VoiceFeature]) -> str:
    """The habit that stands out most, as a sentence."""
    if not features:
        return f"Too little is known of {known_as(twin)}’s voice"
    return f"{features[0].name} sets {known_as(twin)} apart: {standing(features[0])}"


def standing(feature: VoiceFeature) -> str:
    """Where a creator stands among others, in words."""
    if told := _STANDING.search(feature.says):
        return told[1]
    if feature.percentile >= 50:
        return f"more of it than {min(99, feature.percentile):.0f} of 100 writers"
    return f"less of it than {min(99, 100 - feature.percentile):.0f} of 100 writers"


def _download(twin: Twin, version: TwinVersion) -> None:
    st.download_button(
        "Download",
        lambda: version.profile.model_dump_json(indent=1),
        f"{twin.slug}-profile-{version.number}.json",
        "application/json",
        icon=":material/download:",
        key="download_profile",
    )


def _changed(twin: Twin, version: TwinVersion) -> None:
    """What is different from the version before this one."""
    earlier = [one for one in workspace().twins.versions(twin.id) if one.number < version.number]
    if not earlier or earlier[0].profile == version.profile:
        return
    found = changes(earlier[0].profile, version.profile)
    with st.expander(f"What changed since version {earlier[0].number}", icon=":material/history:"):
        if not found:
            st.markdown("Nothing in voice or personality.")
        for change in found[:SHOWN_CHANGES]:
            st.markdown(f"- {plain(change.says)}")


# Voice


def _voice(twin: Twin, version: TwinVersion, features: Sequence[VoiceFeature]) -> None:
    """The habits that stand out as cards, then all of them."""
    section("What stands out in the voice")
    st.caption(
        "The dot is the creator among other writers: at the left edge nearly everybody has more of "
        "it, at the right edge nearly nobody; the line in the middle is the usual writer. "
        f"{plain(against())}"
    )
    with st.grid(3, min_column_width=290, gap="small") as grid:
        for feature in features[:STANDING_OUT]:
            with grid.cell():
                _feature(twin, feature, version.number)
    rest = features[STANDING_OUT:]
    if not rest:
        return
    with (
        st.expander(f"{counted(len(rest), 'more habit')}", icon=":material/graphic_eq:"),
        st.grid(2, min_column_width=300, gap="small") as grid,
    ):
        for feature in rest:
            with grid.cell():
                _feature(twin, feature, version.number)


def against() -> str:
    """Who the other writers are; they are no creators, and the page has to say so."""
    writers = dict(shipped_reference().writers)
    everybody = writers.pop(EVERYBODY)
    told = ", ".join(f"{count} {REGISTERS.get(name, name)}" for name, count in writers.items())
    return (
        f"The others are {everybody} writers: {told}. They are no creators: beside them nearly "
        "every coach is warm, personal and direct."
    )


def _feature(twin: Twin, feature: VoiceFeature, number: int) -> None:
    with st.container(border=True, height="stretch", gap="xsmall", key=f"feature_{feature.id}"):
        strip(
            feature.percentile,
            title=feature.name,
            alt=f"{feature.name}: {standing(feature)}",
        )
        st.markdown(
            f":small[{plain(feature.says)}]  \n:small[:gray[{feature.value:.3g} "
            f"{plain(feature.unit)} ({feature.low:.3g} to {feature.high:.3g})]]"
        )
        if feature.examples and st.button(
            "Examples",
            key=f"examples_{feature.id}",
            type="tertiary",
            icon=":material/format_quote:",
        ):
            open_passages(twin, feature.name, feature.examples, number)


def _phrases(phrases: Sequence[Phrase]) -> None:
    """What this creator says and others do not."""
    if not phrases:
        return
    section("Phrases of their own")
    rows = [
        {
            "Phrase": phrase.text,
            "Times": phrase.count,
            "In 10,000 words": round(phrase.per_10k_words, 1),
            "Others": round(phrase.usual_per_10k_words, 2),
            "Example": short(phrase.examples[0].text, 120) if phrase.examples else "",
        }
        for phrase in phrases[:SHOWN_PHRASES]
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key="phrases")


# Personality


def _traits(twin: Twin, traits: Sequence[TraitEstimate]) -> None:
    """The Big Five, each as a range that is as wide as what is known."""
    section("Personality")
    if not traits:
        st.markdown("Too few words to say anything about a personality: 300 are needed.")
        return
    st.info(plain(CAUTION), icon=":material/straighten:")
    with st.grid(2, min_column_width=320, gap="small") as grid:
        for estimate in traits:
            with grid.cell():
                _trait(twin, estimate)


def _trait(twin: Twin, estimate: TraitEstimate) -> None:
    name = TRAIT_NAMES[estimate.trait]
    told = f"higher than {estimate.low:.0f} to {estimate.high:.0f} of 100 adults"
    with st.container(border=True, height="stretch", gap="xsmall", key=f"trait_{estimate.trait}"):
        strip(
            estimate.score,
            low=estimate.low,
            high=estimate.high,
            title=name,
            alt=f"{name}: {told}",
            strong=False,
        )
        by = "the fitted model" if estimate.source == "model" else estimate.source
        st.markdown(
            f":small[{plain(told[:1].upper() + told[1:])}; the mark is at {estimate.score:.0f}. "
            f"Read by {plain(by)}.]  \n:small[:gray[{plain(EXPLAINED[estimate.trait])}]]"
        )
        with st.container(horizontal=True, gap="small"):
            _evidence(twin, estimate.speaks_for, f"What speaks for {name.lower()}", "for")
            _evidence(
                twin, estimate.speaks_against, f"What speaks against {name.lower()}", "against"
            )


def _evidence(twin: Twin, passages: Sequence[Passage], title: str, side: str) -> None:
    """A button that opens the sentences of one side."""
    if not passages:
        return
    label = f"{counted(len(passages), 'sentence')} {side} it"
    if st.button(label, key=title, type="tertiary", icon=":material/format_quote:"):
        open_passages(twin, title, passages)
