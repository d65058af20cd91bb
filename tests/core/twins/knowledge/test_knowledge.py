"""Finding in what a creator said, with the real model and with a scripted one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.domain.errors import BadInput, Conflict
from core.twins.knowledge import (
    Document,
    Knowledge,
    MiniLM,
    Prepared,
    ScriptedEmbedder,
    Weights,
    prepare,
    sieve,
)
from core.twins.knowledge import knowledge as inside
from core.twins.knowledge.spans import word_count
from tests.core.twins.knowledge.content import MONEY, SLEEP

SCRIPTED = ScriptedEmbedder()
TALK = " ".join(
    f"Thought {one} is about subject{one % 40} and a place{one % 7}." for one in range(400)
)


@pytest.fixture(scope="module")
def both(minilm: MiniLM) -> Knowledge:
    documents = (Document("sleep", SLEEP), Document("money", MONEY))
    return Knowledge([prepare(one, minilm) for one in documents], minilm)


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("My phone wakes me up, what can I do?", "sleep", "kitchen"),
        ("A customer wants to haggle about my rate", "money", "discount"),
        ("How do I sleep better?", "sleep", "same hour"),
    ],
)
def test_finds_the_passage_that_answers(
    both: Knowledge, question: str, document: str, words: str
) -> None:
    found = both.find(question)
    best = found.passages[0]
    text = {"sleep": SLEEP, "money": MONEY}[document]
    assert best.document == document
    assert words in text[best.start : best.end]
    assert not found.declined


def test_declines_what_the_content_does_not_cover(both: Knowledge) -> None:
    found = both.find("Which vaccine does a puppy need in its first year?")
    assert found.declined
    assert found.covered < both.find("How do I sleep better?").covered
    assert found.passages, "the nearest passages are there all the same"


@pytest.mark.parametrize("question", ["", "   "])
def test_declines_where_nothing_is_asked(both: Knowledge, question: str) -> None:
    assert both.find(question).declined


def test_declines_where_there_is_no_content() -> None:
    assert Knowledge([], SCRIPTED).find("How?").passages == ()
    empty = prepare(Document("a", " \n "), SCRIPTED)
    assert Knowledge([empty], SCRIPTED).find("How?").declined


def test_passages_are_whole_sentences_apart_and_of_a_readable_length() -> None:
    knowledge = Knowledge([prepare(Document("talk", TALK), SCRIPTED)], SCRIPTED)
    hits = knowledge.find("What about subject12 and subject30?").passages
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert 40 <= word_count(TALK[hit.start : hit.end]) <= 250
        assert TALK[hit.start : hit.end].startswith("Thought")
        assert TALK[hit.end - 1] == "."
        assert hit.sentences[0].span.start == hit.start and hit.sentences[-1].span.end == hit.end
        assert hit.chunk.start <= hit.start < hit.chunk.end
    places = sorted((hit.start, hit.end) for hit in hits)
    assert all(a[1] <= b[0] for a, b in pairwise(places))


def test_a_name_that_is_said_once_leads_to_its_place(minilm: MiniLM) -> None:
    text = TALK.replace("Thought 200 is", "Thought 200 is of Keimer and")
    prepared = [prepare(Document("talk", text), minilm)]
    hits = Knowledge(prepared, minilm).find("Who is Keimer?").passages
    assert any("Keimer" in text[hit.start : hit.end] for hit in hits)


def test_the_threshold_decides() -> None:
    prepared = [prepare(Document("talk", TALK), SCRIPTED)]
    weights = Weights(rank={"window": 1.0}, covered={}, start=0.0, threshold=0.5, alike=0.0)
    never = weights.model_copy(update={"threshold": 0.51})
    assert not Knowledge(prepared, SCRIPTED, weights).find("subject1").declined
    assert Knowledge(prepared, SCRIPTED, never).find("subject1").declined
    assert Knowledge(prepared, SCRIPTED, never).find("subject1").covered == 0.5


def test_what_was_prepared_is_kept_and_read_again() -> None:
    first = prepare(Document("talk", TALK), SCRIPTED)
    again = Prepared.unpack(first.pack(), TALK)
    assert again.document_id == "talk" and again.embedder == "scripted"
    assert np.array_equal(again.vectors, first.vectors)
    asked = "What about subject12?"
    assert Knowledge([again], SCRIPTED).find(asked) == Knowledge([first], SCRIPTED).find(asked)


def test_a_broken_pack_and_another_text_are_refused() -> None:
    packed = prepare(Document("talk", TALK), SCRIPTED).pack()
    with pytest.raises(BadInput, match="read"):
        Prepared.unpack(packed[:200], TALK)
    with pytest.raises(BadInput, match="another text"):
        Prepared.unpack(packed, TALK[:100])


def test_vectors_of_another_model_are_refused() -> None:
    prepared = replace(prepare(Document("talk", TALK), SCRIPTED), embedder="older")
    with pytest.raises(Conflict, match="another embedding model"):
        Knowledge([prepared], SCRIPTED)


def test_progress_ends_where_the_sentences_end() -> None:
    told: list[tuple[int, int]] = []
    made = prepare(
        Document("talk", TALK * 2), SCRIPTED, lambda done, total: told.append((done, total))
    )
    assert told[-1] == (len(made.words), len(made.words))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_every_passage_lies_in_a_chunk_and_every_sentence_in_a_passage() -> None:
    made = prepare(Document("talk", TALK), SCRIPTED, tokens=300, overlap=60)
    assert made.passages[0, 0] == 0 and made.passages[-1, 1] == len(made.words)
    assert np.array_equal(made.passages[1:, 0], made.passages[:-1, 1])
    for start, end in made.passage_spans():
        assert any(a <= start and end <= b for a, b in made.chunks)
    assert np.allclose(np.linalg.norm(made.passage_vectors(), axis=1), 1, atol=1e-3)


class Nearest:
    """An index that looks at everything, as Chroma does quickly."""

    def __init__(self, prepared: list[Prepared]) -> None:
        self._rows = [
            (one.document_id, number, vector)
            for one in prepared
            for number, vector in enumerate(one.passage_vectors())
        ]

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[str, int]]:
        order = sorted(self._rows, key=lambda row: -float(row[2] @ vector))
        return [(row[0], row[1]) for row in order[:count]]


def test_big_content_goes_through_the_index_and_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared = [prepare(Document(f"talk-{one}", TALK), SCRIPTED) for one in range(3)]
    prepared.append(prepare(Document("other", TALK.replace("subject7 ", "violins ")), SCRIPTED))
    exact = Knowledge(prepared, SCRIPTED).find("violins?")
    monkeypatch.setattr(inside, "EXACT", 10)
    monkeypatch.setattr(sieve, "CANDIDATES", 40)
    near = Knowledge(prepared, SCRIPTED, index=Nearest(prepared)).find("violins?")
    assert near.passages[0].document == exact.passages[0].document == "other"
    shared = {(hit.document, hit.start) for hit in near.passages}
    assert len(shared & {(hit.document, hit.start) for hit in exact.passages}) >= 2
