"""Names and how they compare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.twins.methodology.wording import content, is_common, key, near, node_id, singular, title


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("hours", "hour"),
        ("habits", "habit"),
        ("bodies", "body"),
        ("boxes", "box"),
        ("focus", "focus"),
    ],
)
def test_plurals(many: str, one: str) -> None:
    assert singular(many) == one


def test_one_name_however_it_is_written() -> None:
    assert key("The Keel Hours (week two)") == key("keel hour")
    assert node_id("exercise", "The keel hour") == node_id("exercise", "KEEL HOURS")
    assert node_id("exercise", "keel hour") != node_id("concept", "keel hour")


def test_near_names() -> None:
    assert near("Count before you cut", "Count before cutting")
    assert not near("Keel hour", "Keel")
    assert not near("Open hand", "Closed hand")


def test_common_words_in_their_forms() -> None:
    assert is_common("walking") and is_common("stopped") and is_common("days")
    assert not is_common("freeboard")


def test_titles_are_cut_between_words() -> None:
    cut = title("never " + "very " * 30 + "late.")
    assert len(cut) <= 80 and cut.endswith("very…") and cut.startswith("Never")


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)
    assert content(text) is not None
