"""Texts as vectors: content can be hidden, and a hash is the same wherever it stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.twins.voice.grams import FINE, VIEWS, counted, weighed
from core.twins.voice.text import chunks, distorted, habits, plain

SIGNS, HIDDEN, HABITS = VIEWS
TEXTS = st.lists(st.text(max_size=80), min_size=1, max_size=4)


def test_content_is_hidden_and_habits_stay() -> None:
    assert distorted("Nevertheless, the lighthouse keeper was sleeping.") == (
        "Nevertheless, the *se *er was *ng."
    )
    assert distorted("12 cats and 300 dogs") == "# * and # *"


def test_two_topics_written_alike_look_alike_where_content_is_hidden() -> None:
    one, other = "The boats of the harbour were waiting.", "The rules of the senator were wanting."
    assert habits(plain(one)) == habits(plain(other))
    assert habits(plain(one)) != habits(plain("Boats were in the harbour, waiting."))


@pytest.mark.parametrize("view", (*VIEWS, FINE), ids=lambda view: view.name)
@settings(deadline=None)
@given(texts=TEXTS)
def test_a_text_has_the_same_vector_alone_and_among_others(view, texts) -> None:  # type: ignore[no-untyped-def]
    together = counted(view, texts).dense(view.size)
    for number, text in enumerate(texts):
        assert np.array_equal(together[number], counted(view, [text]).dense(view.size)[0])


@pytest.mark.parametrize("view", (*VIEWS, FINE), ids=lambda view: view.name)
def test_weights_have_length_one(view) -> None:  # type: ignore[no-untyped-def]
    vectors = weighed(
        counted(view, ["It is so.", "It is, it is, it is."]), np.ones(view.size, "f4")
    )
    assert np.linalg.norm(vectors.dense(view.size), axis=1) == pytest.approx([1, 1])


def test_chunks_cover_a_text_in_order() -> None:
    text = " ".join(str(number) for number in range(1_000))
    parts = chunks([text], 150, 400)
    assert [len(part.split()) for part in parts] == [150] * 6 + [100]
    assert " ".join(parts).split() == text.split()
    assert len(chunks([text], 150, 3)) == 3
    assert chunks(["one"], 150, 3) == ["one"]
