"""What is found in content, of a small creator and of the demo creator."""

from __future__ import annotations

import time
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.twins import Methodology
from core.twins.knowledge import ScriptedEmbedder
from core.twins.methodology import find_method, order_of
from tests.core.twins.methodology.texts import PIECES, demo, linked, named, names, piece

EXERCISES = {
    "stall count", "burnt-bottom sign", "keel hour", "bilge rounds", "two-handed no",
    "opening price", "slack water", "freeboard line", "passing the ladle", "haul-out",
}  # fmt: skip
PRINCIPLES = {
    "count before you cut", "never plan a day you have not slept for",
    "the hour counts, not the clock", "three days, never five", "shrink it before you skip it",
    "other people's fire is not your stove", "a no without an open hand is a slammed door",
    "rest is booked first, or it is not booked", "a boat is loaded on land",
    "hand over the pot, not the spoon", "there are no arrears", "keep one thing",
}  # fmt: skip


@cache
def small() -> Methodology:
    return find_method(PIECES)


@cache
def maya() -> Methodology:
    return find_method(demo())


def test_exercises_have_their_names_and_their_steps_in_order() -> None:
    assert names(small(), "exercise") == {"quiet scan", "paper hum", "long vowel"}
    assert named(small(), "paper hum").steps == (
        "Hold a sheet of paper before your lips.",
        "Hum until the paper shakes.",
        "Rest for ten breaths. Do it again.",
    )


def test_principles_are_the_rules_that_are_listed_each_once() -> None:
    assert names(small(), "principle") == {
        "breathe before you count", "never push a tired voice", "loud is not brave",
        "stop one song early", "the ear leads, not the throat",
    }  # fmt: skip
    files = {one.file for one in named(small(), "Never push a tired voice").passages}
    assert files == {"guide.md", "letter.txt"}


def test_concepts_are_the_terms_of_the_creator_and_no_persons() -> None:
    assert names(small(), "concept") == {"floor voice", "listen", "sound"}
    assert named(small(), "floor voice").says.startswith("The floor voice is a low, easy sound")


def test_links_are_what_the_content_says() -> None:
    assert linked(small(), "before") == {
        ("quiet scan", "paper hum"),
        ("paper hum", "long vowel"),
        ("listen", "sound"),
    }
    assert ("long vowel", "floor voice") in linked(small(), "uses")
    assert ("quiet scan", "listen") in linked(small(), "part_of")
    assert ("paper hum", "sound") in linked(small(), "part_of")


def test_the_order_of_teaching() -> None:
    order = [one.name.lower() for one in order_of(small())]
    wanted = ["listen", "quiet scan", "sound", "paper hum", "long vowel"]
    assert [one for one in order if one in wanted] == wanted


def test_the_demo_creators_method_is_found() -> None:
    assert names(maya(), "exercise") == EXERCISES
    assert names(maya(), "principle") >= PRINCIPLES
    assert len(names(maya(), "principle") - PRINCIPLES) <= 3
    wanted = {"open hand", "closed hand", "fire question", "count", "hold", "let go"}
    assert wanted <= names(maya(), "concept")
    assert all(len(one.steps) >= 4 for one in maya().nodes if one.kind == "exercise")


def test_the_demo_creators_order_is_the_one_of_her_guide() -> None:
    order = [one.name.lower() for one in order_of(maya()) if one.kind == "exercise"]
    assert order[0] == "stall count" and order[-1] == "haul-out"
    assert order.index("keel hour") < order.index("two-handed no") < order.index("slack water")
    stated = {
        ("stall count", "keel hour"), ("keel hour", "bilge rounds"),
        ("two-handed no", "opening price"), ("slack water", "freeboard line"),
    }  # fmt: skip
    assert stated <= linked(maya(), "before")


def test_every_passage_stands_where_it_says() -> None:
    for pieces, method in ((PIECES, small()), (demo(), maya())):
        texts = dict(pieces)
        for node in method.nodes:
            assert 1 <= len(node.passages) <= 6, node.name
            for one in node.passages:
                assert texts[one.file].text[one.start : one.end] == one.text
                assert one.text.strip() == one.text != ""


def test_the_same_content_gives_the_same_method_in_any_run() -> None:
    assert find_method(PIECES) == small()
    assert find_method(PIECES, before=small()) == small()


def test_an_embedder_changes_no_name_where_nothing_means_the_same() -> None:
    found = find_method(PIECES, embedder=ScriptedEmbedder())
    assert names(found, "exercise") == names(small(), "exercise")
    assert names(found, "principle") == names(small(), "principle")


def test_progress_ends_at_the_end() -> None:
    told: list[tuple[int, int]] = []
    find_method(PIECES, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1] == (5, 5)


def test_what_was_blanked_out_is_no_principle() -> None:
    rule = "Never write to              after supper."
    found = find_method([("a.md", piece(f"# Rules\n\n- {rule}\n- Always sleep on it first.\n"))])
    assert names(found, "principle") == {"always sleep on it first"}


def test_nothing_comes_of_nothing() -> None:
    assert find_method([]) == Methodology()
    assert find_method([("empty.txt", piece(" \n\n "))]) == Methodology()


def test_a_long_text_takes_no_long_time() -> None:
    pieces = [(f"{turn}-{name}", text) for turn in range(5) for name, text in demo()]
    begun = time.process_time()
    find_method(pieces)
    assert time.process_time() - begun < 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abtheStep on.,:\n#-12*\"“|?'", max_size=250), max_size=3))
def test_any_text_gives_a_sound_method(texts: list[str]) -> None:
    pieces = [(f"{number}.txt", piece(text)) for number, text in enumerate(texts)]
    found = find_method(pieces)
    known = {one.id for one in found.nodes}
    assert len(known) == len(found.nodes) and len(found.links) <= 80
    assert all({one.source, one.target} <= known for one in found.links)
    for node in found.nodes:
        for one in node.passages:
            assert texts[int(one.file.split(".")[0])][one.start : one.end] == one.text


RULES = """# My seven rules for freelancers

I broke all of them, and the CLEAR model mended me. The CLEAR model is a set of questions.

## 1. Say the number first

The first number is the anchor.

## 2. Do not negotiate by mail

Mail makes cowards of us all.

## What comes next

Nothing much.
"""
DESK = """# The desk reset

You need twenty minutes and a bin.

### Step 1: Clear the desk

Everything goes on the floor.

### Step 2: Choose three things

Only three may come back.

## Ask for less

**Try this:** Open your last offer. Cross out every second line. Send it again.
"""


def test_rules_may_be_headings_and_names_may_have_capitals() -> None:
    found = find_method([("rules.md", piece(RULES))])
    assert names(found, "principle") == {"say the number first", "do not negotiate by mail"}
    assert named(found, "Say the number first").passages[0].text == (
        "1. Say the number first\n\nThe first number is the anchor."
    )
    assert named(found, "CLEAR model").says == "The CLEAR model is a set of questions."


def test_steps_may_be_headings_and_a_paragraph_may_be_announced() -> None:
    found = find_method([("desk.md", piece(DESK))])
    assert named(found, "desk reset").steps == ("Clear the desk", "Choose three things")
    assert named(found, "desk reset").says == "You need twenty minutes and a bin."
    assert named(found, "Ask for less").steps == (
        "Open your last offer.",
        "Cross out every second line.",
        "Send it again.",
    )
