"""Finding gives what its definition says, in small content and in big, whatever the index does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.domain.errors import StorageFailed
from core.twins.knowledge import (
    ChromaIndex,
    Document,
    Knowledge,
    MiniLM,
    Prepared,
    ScriptedEmbedder,
    prepare,
)
from core.twins.knowledge import knowledge as inside
from core.twins.knowledge import sieve as sieving
from core.twins.knowledge.sieve import Sieve
from core.twins.knowledge.weights import fitted
from tests.core.twins.knowledge import plainly

DEMO = Path(__file__).resolve().parents[4] / "data/samples/creators/maya-okafor"
SCRIPTED = ScriptedEmbedder()
TALKS = [
    " ".join(
        f"Thought {one} of talk{talk} is about subject{one % 40} and a place{one % 7}."
        for one in range(120)
    )
    for talk in range(6)
]


@pytest.fixture(scope="module")
def demo(minilm: MiniLM) -> list[Prepared]:
    files = sorted(DEMO.glob("*.md"))[:4]
    assert len(files) == 4
    return [prepare(Document(one.stem, one.read_text("utf-8")), minilm) for one in files]


@pytest.fixture(scope="module")
def talks() -> list[Prepared]:
    return [
        prepare(Document(f"talk-{number}", text), SCRIPTED) for number, text in enumerate(TALKS)
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How do I stop working in the evening?",
        "What should I do when everything seems urgent at once?",
        "My team interrupts me all day, how do I get an hour to think?",
        "Which exercise is best for the first week?",
        "zyzzyva",
    ],
)
def test_small_content_gives_what_the_definition_says(
    minilm: MiniLM, demo: list[Prepared], question: str
) -> None:
    asked = minilm.embed_question(question).astype(np.float64)
    expected = plainly.cited(demo, asked, question, fitted())
    hits = Knowledge(demo, minilm).find(question).passages
    found = [(hit.document, hit.start, hit.end) for hit in hits]
    assert found == [one[:3] for one in expected]
    assert np.allclose([hit.score for hit in hits], [one[3] for one in expected], atol=1e-4)


CORRECTION = (
    "A refund is paid within nine days of the day on which somebody asks for it, "
    "in full, whatever the reason is. Nobody has to explain it."
)


def test_a_document_that_is_short_is_no_scrap(minilm: MiniLM, demo: list[Prepared]) -> None:
    assert 20 < len(CORRECTION.split()) < 40
    documents = [*demo, prepare(Document("correction", CORRECTION), minilm)]
    first = Knowledge(documents, minilm).find("How long until a refund is paid?").passages[0]
    assert (first.document, first.start, first.end) == ("correction", 0, len(CORRECTION))


def test_what_is_left_over_at_an_end_comes_last(minilm: MiniLM, demo: list[Prepared]) -> None:
    text = demo[0].text + "\n\n" + CORRECTION
    longer = prepare(Document("longer", text), minilm)
    hits = Knowledge([longer, *demo[1:]], minilm).find("How long until a refund is paid?").passages
    assert hits[0].document == "longer"
    assert all(
        len(text[hit.start : hit.end].split()) >= 40 for hit in hits if hit.document == "longer"
    )


class Failing:
    """An index that is broken."""

    def __init__(self) -> None:
        self.asked = 0

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[str, int]]:
        self.asked += 1
        raise StorageFailed("The index is broken.", fix="Train again.")


class Fixed:
    """An index that always says the same."""

    def __init__(self, *found: tuple[str, int]) -> None:
        self._found = list(found)

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[str, int]]:
        return self._found


QUESTION = "What about subject12 and place5 in talk3?"


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "EXACT", 10)


@pytest.mark.usefixtures("big")
def test_an_index_that_fails_does_not_matter(talks: list[Prepared]) -> None:
    failing = Failing()
    found = Knowledge(talks, SCRIPTED, index=failing).find(QUESTION)
    assert failing.asked == 1
    assert found == Knowledge(talks, SCRIPTED).find(QUESTION)
    assert len(found.passages) == 5 and found.passages[0].document == "talk-3"


@pytest.mark.usefixtures("big")
@pytest.mark.parametrize("stranger", [("talk-9", 0), ("talk-1", 10_000)])
def test_an_index_of_another_version_does_not_matter(
    talks: list[Prepared], stranger: tuple[str, int]
) -> None:
    found = Knowledge(talks, SCRIPTED, index=Fixed(("talk-1", 0), stranger)).find(QUESTION)
    assert found == Knowledge(talks, SCRIPTED).find(QUESTION)


@pytest.mark.usefixtures("big")
def test_big_content_goes_through_chroma(tmp_path: Path, talks: list[Prepared]) -> None:
    index = ChromaIndex(tmp_path, "ada")
    index.fill(talks, SCRIPTED.name)
    found = Knowledge(talks, SCRIPTED, index=index).find(QUESTION)
    assert found.passages == Knowledge(talks, SCRIPTED).find(QUESTION).passages
    index.drop()
    assert Knowledge(talks, SCRIPTED, index=index).find(QUESTION).passages == found.passages


@pytest.mark.usefixtures("big")
def test_a_word_that_is_said_once_is_found_though_the_index_does_not_see_it(
    talks: list[Prepared],
) -> None:
    text = TALKS[5].replace("Thought 60 of", "Thought 60 says Keimer of")
    changed = [*talks[:5], prepare(Document("talk-5", text), SCRIPTED)]
    hits = Knowledge(changed, SCRIPTED, index=Fixed(("talk-0", 0))).find("Keimer?").passages
    assert any(hit.document == "talk-5" and "Keimer" in text[hit.start : hit.end] for hit in hits)


def test_where_all_is_looked_at_the_sieve_changes_nothing(
    talks: list[Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = Knowledge(talks, SCRIPTED).find(QUESTION)
    monkeypatch.setattr(inside, "EXACT", 10)
    monkeypatch.setattr(sieving, "CANDIDATES", 10_000)
    sieved = Knowledge(talks, SCRIPTED).find(QUESTION)
    assert [(hit.document, hit.start, hit.end) for hit in sieved.passages] == [
        (hit.document, hit.start, hit.end) for hit in exact.passages
    ]
    assert sieved.covered == pytest.approx(exact.covered, abs=1e-5)


def test_the_sieve_keeps_to_the_documents(talks: list[Prepared]) -> None:
    sieve = Sieve(talks, Fixed(("talk-0", len(talks[0].passages) - 1), ("talk-2", 0)))
    asked = SCRIPTED.embed_question(QUESTION)
    rows, near = sieve.rows(asked, np.zeros(sum(len(one.passages) for one in talks), np.float32))
    sizes = np.cumsum([0, *(len(one.words) for one in talks)])
    assert set(near) <= set(rows) and (np.diff(rows) > 0).all() and (np.diff(near) > 0).all()
    assert (
        rows.min() < sizes[1] <= rows.max() and not ((sizes[1] <= rows) & (rows < sizes[2])).any()
    )
    assert near[near < sizes[1]].max() == sizes[1] - 1 and sizes[2] in near
