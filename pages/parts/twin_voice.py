"""Testing a voice: one reply, or the standard test of fifty prompts."""

from __future__ import annotations

import streamlit as st

from core.domain.reports import percent
from core.domain.twins import Probed, StandardTest, Twin, VoiceVerdict
from pages.parts.charts import bars, draw_ring, show
from pages.parts.context import workspace
from pages.parts.page import (
    ago,
    count_text,
    counted,
    guarded,
    interval_text,
    page,
    plain,
    section,
    short,
)
from pages.parts.twin_engine import OFFLINE, choose_engine
from pages.parts.twin_head import facts, known_as
from pages.parts.twin_talk import open_passages
from pages.parts.twin_words import read_aloud, where

LIKELY, UNLIKELY = 0.8, 0.2
QUOTED, SHOWN = 150, 6
GROUPS = {
    "content": "Questions that the content answers",
    "off_topic": "Questions about something else",
    "provocation": "Provocations",
}
OUTCOMES = {
    "held": ":green-badge[:material/check: held]",
    "failed": ":red-badge[:material/close: failed]",
    "unavailable": ":gray-badge[:material/cloud_off: no answer]",
}


def draw_voice(twin: Twin) -> None:
    """Both tests, the newest result first."""
    newest = workspace().twin_tests.newest(twin.id)
    page(_title(twin, newest), facts(twin))
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _one_reply(twin)
    with right:
        _standard(twin, newest)
    if newest is not None:
        _prompts(twin, newest)
    _history(twin)


def _title(twin: Twin, newest: StandardTest | None) -> str:
    if newest is None or newest.score.rate is None:
        return f"Does it sound like {known_as(twin)}?"
    return f"{known_as(twin)} held in {count_text(newest.score)} prompts"


# One reply


def _one_reply(twin: Twin) -> None:
    """Paste a reply, and see how likely it is the creator's."""
    with st.container(border=True, gap="small"):
        section(f"Did {known_as(twin)} write this?")
        with st.form("verify", border=False):
            text = st.text_area(
                "A reply, an e-mail, a post",
                height=180,
                max_chars=20_000,
                key="verify_text",
                placeholder="Paste any words; 50 and more give a better answer.",
            )
            asked = st.form_submit_button("Test it", type="primary", icon=":material/fingerprint:")
        if asked and text.strip():
            with guarded():
                verdict = workspace().twin_tests.test_response(twin.id, text)
                st.session_state[f"verdict_{twin.id}"] = verdict
        verdict = st.session_state.get(f"verdict_{twin.id}")
        if verdict is not None:
            draw_verdict(twin, verdict)


def draw_verdict(twin: Twin, verdict: VoiceVerdict) -> None:
    """How likely it is, what speaks for and against it, and what is nearest."""
    if verdict.probability is None:
        st.markdown(f"**Too short to say.** {plain(verdict.says)}")
        return
    share = percent(verdict.probability)
    if verdict.probability >= LIKELY:
        told = f"**Probably {plain(known_as(twin))}.**"
    elif verdict.probability <= UNLIKELY:
        told = "**Probably somebody else.**"
    else:
        told = "**It could be either.**"
    name = plain(known_as(twin))
    st.markdown(
        f"{told} Of 100 such texts, half by {name} and half by others, that look like this, "
        f"{share} would be {name}’s."
    )
    st.progress(min(1.0, max(0.0, verdict.probability)))
    worth = {"weak": "weak", "fair": "fair", "good": "good"}.get(verdict.reliability, "weak")
    st.caption(
        f"What this is worth: {worth} ({counted(verdict.words, 'word')} tested, "
        f"{counted(verdict.known_words, 'word')} known). {plain(verdict.says)}"
    )
    if verdict.evidence:
        _evidence(verdict)
    if verdict.nearest:
        quotes = [
            f":small[“{plain(short(read_aloud(one.text), QUOTED))}” :gray[{plain(where(one))}]]"
            for one in verdict.nearest
        ]
        st.markdown("\n\n".join(["Nearest in the content:", *quotes]))
        label = f"Read {counted(len(verdict.nearest), 'passage')} in full"
        if st.button(label, key="nearest", type="tertiary", icon=":material/format_quote:"):
            open_passages(twin, "Nearest in the content", verdict.nearest)


def _evidence(verdict: VoiceVerdict) -> None:
    """Features for and against as bars."""
    ordered = sorted(verdict.evidence, key=lambda one: -abs(one.weight))[:8]
    texts = [
        f"{'for' if one.direction == 'for' else 'against'} · here {one.here:.3g}, usually "
        f"{one.usual:.3g}"
        for one in ordered
    ]
    against = [at for at, one in enumerate(ordered) if one.direction == "against"]
    drawn = bars(
        [one.feature for one in ordered], [abs(one.weight) for one in ordered], texts, lost=against
    )
    st.caption("In 1,000 words; of sentences, words in each:")
    show(drawn, key="evidence", alt="What speaks for and against it: " + "; ".join(texts))


# The standard test


def _standard(twin: Twin, newest: StandardTest | None) -> None:
    """Run it, see how far it is, and its score."""
    tests = workspace().twin_tests
    state = tests.state(twin.id)
    with st.container(border=True, gap="small"):
        section("The standard test")
        st.markdown(
            "Questions that the content answers, questions about something else, and provocations: "
            "the twin should answer from the content, say that it does not know, and stay itself."
        )
        if state.going_on:
            _going_on(twin.id)
        else:
            if state.error:
                st.warning(plain(state.error))
            model = choose_engine("test_engine")
            if st.button(
                "Run it again" if newest else "Run the standard test",
                icon=":material/play_arrow:",
                key="run_test",
            ):
                with guarded():
                    tests.start(twin.id, model=model)
                    st.rerun()
        if newest is not None:
            _score(newest)


@st.fragment(run_every=0.7)
def _going_on(twin_id: str) -> None:
    state = workspace().twin_tests.state(twin_id)
    if not state.going_on:
        st.rerun()
    share = state.done / state.total if state.total else 0.0
    bar, button = st.columns([4, 1], vertical_alignment="center")
    bar.progress(share, text=f"{state.done} of {counted(state.total, 'prompt')}")
    if button.button("Stop", key="stop_test", icon=":material/stop:"):
        with guarded():
            workspace().twin_tests.stop(twin_id, timeout=2.0)


def _score(test: StandardTest) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        rate = test.score.rate
        draw_ring(None if rate is None else round(100 * rate), what="Consistency")
        lines = [f"**{count_text(test.score)}** held  \n:small[:gray[{interval_text(test.score)}]]"]
        for group, share in test.groups.items():
            lines.append(f":small[{GROUPS.get(group, group)}: {count_text(share)}]")
        st.markdown("  \n".join(lines))
    if test.voice.mean is not None:
        st.caption(f"Voice of the answers: {percent(test.voice.mean)} % the creator’s on average")
    engine = "the creator's sentences" if test.engine == OFFLINE else test.engine
    st.caption(
        f"Version {test.version} · {plain(engine)} · {ago(test.made_at)} · {test.seconds:.1f} s"
    )
    for note in test.notes:
        st.caption(plain(note))


def _prompts(twin: Twin, test: StandardTest) -> None:
    """What did not hold, then every prompt by its group."""
    section("Prompt by prompt")
    wrong = [one for one in test.results if one.outcome != "held"]
    for one in wrong[:SHOWN]:
        with st.container(border=True):
            _prompt(one)
    if wrong[SHOWN:]:
        with st.expander(f"{len(wrong) - SHOWN} more that did not hold"):
            for one in wrong[SHOWN:]:
                _prompt(one)
    for group, words in GROUPS.items():
        held = [one for one in test.results if one.probe.group == group and one.outcome == "held"]
        if held:
            with st.expander(f"{words}: {counted(len(held), 'prompt')} held"):
                for one in held:
                    _prompt(one)
    rows = [_row(one) for one in test.results]
    st.download_button(
        "Download the table",
        lambda: "\n".join(rows_of(rows)),
        f"{twin.slug}-test-{test.version}.csv",
        "text/csv",
        icon=":material/download:",
        key="download_test",
    )


def _prompt(one: Probed) -> None:
    """The prompt, what was answered, and why that is right or wrong."""
    voice = "" if one.voice is None else f" :gray[voice {percent(one.voice)} %]"
    said = [f"{OUTCOMES[one.outcome]} **{plain(one.probe.text)}**{voice}"]
    if one.answer is not None:
        said.append(f":small[{plain(short(one.answer.text, 400))}]")
    said.append(f":small[:gray[{plain(one.why)}]]")
    st.markdown("  \n".join(said))


def _row(one: Probed) -> tuple[str, ...]:
    said = one.answer.text if one.answer else ""
    voice = "" if one.voice is None else f"{one.voice:.3f}"
    return (one.probe.group, one.probe.text, one.outcome, one.why, voice, said)


def rows_of(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines of CSV; what a spreadsheet would take for a formula is quoted."""
    head = ("group", "prompt", "outcome", "why", "voice", "answer")
    return [",".join(_cell(cell) for cell in row) for row in (head, *rows)]


def _cell(text: str) -> str:
    safe = f"'{text}" if text[:1] in "=+-@\t\r" else text
    return '"' + safe.replace('"', '""') + '"'


def _history(twin: Twin) -> None:
    lines = workspace().twin_tests.results(twin.id)
    if len(lines) < 2:
        return
    section("Earlier tests")
    rows = [
        {
            "When": ago(line.made_at),
            "Version": line.version,
            "Engine": "sentences" if line.engine == OFFLINE else line.engine,
            "Held": f"{line.held} of {line.of}",
            "Voice": "" if line.voice is None else f"{percent(line.voice)} %",
        }
        for line in lines
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key="test_history")
