"""Who a creator is, as far as their content shows: personality and voice."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.twins import Passage, Phrase, TraitEstimate, Twin, TwinVersion, VoiceFeature
from core.twins.personality import CAUTION, EXPLAINED
from core.twins.profile import TRAIT_NAMES, changes
from pages.parts.context import workspace
from pages.parts.page import counted, empty_state, page, plain, section, set_params, short
from pages.parts.twin_head import facts
from pages.parts.twin_strips import strip
from pages.parts.twin_talk import open_passage
from pages.parts.twin_words import where

SHOWN_CHANGES, SHOWN_EXAMPLES, SHOWN_PHRASES = 8, 3, 16


def draw_who(twin: Twin) -> None:
    """Personality, voice, phrases, and what changed since the version before."""
    version = workspace().twins.version(twin.id)
    page(_title(twin, version), facts(twin), lambda: _download(twin, version))
    if not version.profile.features:
        empty_state(
            "record_voice_over",
            "The voice will stand here once there are some hundred words to listen to.",
            "Give it more content",
            lambda: set_params(view="content"),
        )
        return
    _changed(twin, version)
    _voice(twin, version)
    _phrases(version.profile.phrases)
    _traits(twin, version.profile.traits)


def _title(twin: Twin, version: TwinVersion) -> str:
    """The habit that stands out most, as a sentence."""
    features = version.profile.features
    if not features:
        return f"Too little is known of {twin.name}'s voice"
    apart = max(features, key=lambda one: abs(one.percentile - 50))
    return f"{twin.name} stands out by {apart.name.lower()}: {_standing(apart)}"


def _standing(feature: VoiceFeature) -> str:
    """Where a creator stands among others, in words."""
    if feature.percentile >= 50:
        return f"more than {min(99, feature.percentile):.0f} of 100 writers"
    return f"less than {min(99, 100 - feature.percentile):.0f} of 100 writers"


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
    if not earlier:
        return
    found = changes(earlier[0].profile, version.profile)
    with st.expander(f"What changed since version {earlier[0].number}", icon=":material/history:"):
        if not found:
            st.markdown("Nothing in voice or personality.")
        for change in found[:SHOWN_CHANGES]:
            st.markdown(f"- {plain(change.says)}")


# Voice


def _voice(twin: Twin, version: TwinVersion) -> None:
    """Each habit on a strip against other writers."""
    section("The voice")
    st.caption(
        "The dot is the creator among other writers: at the left edge everybody has more of it, at "
        "the right edge nobody. The line in the middle is the usual writer."
    )
    with st.grid(2, min_column_width=330, gap="medium") as grid:
        for feature in version.profile.features:
            with grid.cell():
                _feature(twin, feature)


def _feature(twin: Twin, feature: VoiceFeature) -> None:
    with st.container(border=True, height="stretch", gap="xsmall", key=f"feature_{feature.id}"):
        st.markdown(f"**{plain(feature.name)}**")
        strip(
            feature.percentile,
            alt=f"{feature.name}: {_standing(feature)}",
        )
        st.markdown(f":small[{plain(feature.says)}]")
        st.caption(
            f"{feature.value:.3g} {plain(feature.unit)} "
            f"({feature.low:.3g} to {feature.high:.3g}); usual {feature.usual:.3g}"
        )
        if feature.examples:
            with st.popover("Examples", type="tertiary", icon=":material/format_quote:"):
                _passages(twin, feature.examples, f"feature_{feature.id}")


def _passages(twin: Twin, passages: Sequence[Passage], key: str) -> None:
    """Places in the creator's text, each with a way to where it stands."""
    for number, passage in enumerate(passages[:SHOWN_EXAMPLES]):
        st.markdown(f"“{plain(short(passage.text, 320))}”")
        if st.button(plain(short(where(passage), 60)), key=f"{key}_{number}", type="tertiary"):
            open_passage(twin, passage)


def _phrases(phrases: Sequence[Phrase]) -> None:
    """What this creator says and others do not."""
    if not phrases:
        return
    section("Phrases of their own")
    with st.container(border=True):
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
    st.markdown(plain(CAUTION))
    for estimate in traits:
        _trait(twin, estimate)


def _trait(twin: Twin, estimate: TraitEstimate) -> None:
    name = TRAIT_NAMES[estimate.trait]
    with st.container(border=True, gap="xsmall", key=f"trait_{estimate.trait}"):
        st.markdown(f"**{name}**  \n:small[{plain(EXPLAINED[estimate.trait])}]")
        told = (
            f"between {estimate.low:.0f} and {estimate.high:.0f} of 100, best guess "
            f"{estimate.score:.0f}"
        )
        strip(
            estimate.score,
            low=estimate.low,
            high=estimate.high,
            alt=f"{name}: {told}",
            strong=False,
        )
        by = "the fitted model" if estimate.source == "model" else estimate.source
        st.caption(f"Higher than {told} adults; by {plain(by)}")
        with st.container(horizontal=True, gap="small"):
            for words, passages, key in (
                ("What speaks for it", estimate.speaks_for, "for"),
                ("What speaks against it", estimate.speaks_against, "against"),
            ):
                if passages:
                    label = f"{words} ({counted(len(passages), 'sentence')})"
                    with st.popover(label, type="tertiary"):
                        _passages(twin, passages, f"{estimate.trait}_{key}")
