"""Training progress: what is covered, how fresh it is, and what would help most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.reports import Rate, Spread
from core.domain.twins import (
    Answer,
    Methodology,
    Node,
    Passage,
    PieceRef,
    PieceText,
    Probe,
    Probed,
    ProbeOutcome,
    StandardTest,
    Twin,
    TwinVersion,
)
from core.store import Store
from core.twins.profile import Point, Stability
from core.twins.progress import Progress, progress
from core.twins.progress.blocks import blocks
from core.twins.progress.clusters import clusters
from core.twins.progress.readiness import THRESHOLDS, readiness
from core.twins.progress.topics import find_topics

TODAY = date(2026, 11, 21)
KEEL = "The keel hour is one hour without messages, and the keel hour comes before the noise. "
BREAD = "Knead the dough until the flour is gone, then let the dough rise beside the oven. "
BOAT = "The harbour was empty and every boat lay on the slipway, waiting for paint and varnish. "
NODES = (
    Node(id="n-1", kind="concept", name="the keel hour", weight=0.9),
    Node(id="n-2", kind="concept", name="slack water", weight=0.5),
)


def ref(name: str, text: str, written: date | None = None) -> PieceRef:
    return PieceRef(
        name=name,
        content_hash="0",
        text_id=name,
        words=len(text.split()),
        added_at=datetime(2026, 3, 1, 12),
        written_on=written,
    )


def content(*pieces: tuple[str, str, date | None], nodes: tuple[Node, ...] = NODES) -> Any:
    version = TwinVersion(
        twin_id="t-1",
        number=1,
        made_at=datetime(2026, 3, 1, 12),
        why="trained",
        pieces=tuple(ref(*piece) for piece in pieces),
        methodology=Methodology(nodes=nodes),
    )
    return version, {name: PieceText(id=name, text=text) for name, text, _ in pieces}


def much(sentence: str, paragraphs: int = 10) -> str:
    return "\n\n".join([sentence * 6] * paragraphs)


ALL = content(
    ("keel.md", much(KEEL), date(2020, 5, 1)),
    ("bread.md", much(BREAD), date(2026, 5, 1)),
    ("boat.md", much(BOAT), None),
)


def declined(question: str) -> tuple[str, Answer]:
    return question, Answer(text="I don't know.", declined=True, covered=0, kind="declined")


def answered(question: str, file: str = "keel.md") -> tuple[str, Answer]:
    cited = Passage(file=file, start=0, end=20, text="…")
    return question, Answer(text="So. [1]", declined=False, covered=1, citations=(cited,))


def run_of(*outcomes: tuple[str, ProbeOutcome]) -> StandardTest:
    results = tuple(
        Probed(
            probe=Probe(id=f"p-{number}", group="content", text=text, source="concept"),
            outcome=outcome,
            why="So.",
        )
        for number, (text, outcome) in enumerate(outcomes)
    )
    return StandardTest(
        id="q-1",
        twin_id="t-1",
        version=1,
        engine="sentences",
        made_at=datetime(2026, 3, 2),
        seconds=1,
        results=results,
        score=Rate(count=0, of=0),
        groups={},
        voice=Spread(n=0),
    )


def topic(found: Any, name: str) -> Any:
    return next(one for one in found.topics if one.name == name)


# Topics


def test_a_concept_counts_the_passages_that_speak_of_it() -> None:
    found = topic(progress(*ALL, TODAY), "the keel hour")
    assert found.words == len(much(KEEL).split())
    assert (found.pieces, found.newest, found.source) == (
        ("keel.md",),
        date(2020, 5, 1),
        "method",
    )
    assert topic(progress(*ALL, TODAY), "slack water").words == 0


def test_what_the_method_does_not_name_is_put_in_order_by_its_words() -> None:
    pots = "Warm the pot, pour the water over the leaves, and drink the tea while it is hot. "
    pieces = [("bread.md", much(BREAD), None), ("boat.md", much(BOAT), None)]
    several = content(*pieces, ("tea.md", much(pots), None))
    found = [one for one in progress(*several, TODAY).topics if one.source == "content"]
    by_piece = {one.pieces: one.name for one in found}
    assert "dough" in by_piece[("bread.md",)]
    assert "boat" in by_piece[("boat.md",)] or "harbour" in by_piece[("boat.md",)]


def test_an_exercise_is_a_topic_and_a_principle_is_none() -> None:
    kinds = {"concept": True, "exercise": True, "principle": False}
    for kind, expected in kinds.items():
        node = Node.model_validate({"id": "n-1", "kind": kind, "name": "rise beside the oven"})
        found = progress(*content(("bread.md", much(BREAD), None), nodes=(node,)), TODAY)
        assert (node.name in {one.name for one in found.topics}) == expected


def test_tests_and_questions_are_counted_where_they_belong() -> None:
    test = run_of(
        ("What is the keel hour?", "held"),
        ("Why a keel hour?", "failed"),
        ("Is the keel hour long?", "unavailable"),
        ("What is slack water?", "failed"),
    )
    asked = [
        answered("How long is the keel hour?"),
        declined("May the keel hour be at night?"),
        answered("What should I do first?", "keel.md"),
        answered("How do I knead?", "bread.md"),
    ]
    found = progress(*ALL, TODAY, test=test, asked=asked)
    keel = topic(found, "the keel hour")
    assert (keel.tested, keel.held, keel.asked, keel.answered) == (2, 1, 3, 2)
    water = topic(found, "slack water")
    assert (water.tested, water.held, water.asked) == (1, 0, 0)


def test_blocks_tile_each_piece() -> None:
    version, texts = ALL
    found = blocks(version, texts)
    for name, text in texts.items():
        own = [block for block in found if block.piece == name]
        assert own[0].start == 0 and own[-1].end == len(text.text)
        assert all(a.end == b.start for a, b in pairwise(own))
        assert sum(block.words for block in own) == len(text.text.split())


@settings(deadline=None)
@given(st.text(alphabet="ab .\n", max_size=2_000))
def test_blocks_lose_no_word(text: str) -> None:
    version, texts = content(("a", text, None))
    assert sum(block.words for block in blocks(version, texts)) == len(text.split())


def test_clusters_follow_the_vectors_where_there_are_some() -> None:
    version, texts = content(("mixed.md", much(KEEL + BREAD + BOAT, 20), None), nodes=())
    found = blocks(version, texts)
    side = np.array([[1.0, 0.0] if number % 2 else [0.0, 1.0] for number in range(len(found))])
    grouped = clusters(found, side)
    by_members = [{found.index(block) % 2 for block in members} for _, members in grouped]
    assert all(len(sides) == 1 for sides in by_members)


def test_a_few_blocks_make_no_clusters() -> None:
    version, texts = content(("short.md", much(BREAD, 3), None), nodes=())
    assert find_topics(version, texts) == []


def test_the_same_content_gives_the_same_report() -> None:
    assert progress(*ALL, TODAY) == progress(*ALL, TODAY)


# Unanswered


def test_declined_questions_are_grouped_by_topic_or_by_the_words_that_they_share() -> None:
    asked = [
        declined("Do you run a weekend retreat?"),
        declined("Where is the next retreat?"),
        declined("Where is the next retreat?"),
        declined("May the keel hour be at night?"),
        declined("Which software is good?"),
        answered("How long is the keel hour?"),
    ]
    groups = {one.about: one for one in progress(*ALL, TODAY, asked=asked).unanswered}
    assert groups["retreat"].times == 3
    assert set(groups["retreat"].questions) == {
        "Do you run a weekend retreat?",
        "Where is the next retreat?",
    }
    assert groups["the keel hour"].questions == ("May the keel hour be at night?",)
    assert len(groups) == 3
    assert next(iter(groups)) == "retreat"


# Freshness


def test_words_are_counted_by_the_year_in_which_they_were_written() -> None:
    found = progress(*ALL, TODAY).freshness
    years = {one.year: one.words for one in found.years}
    assert years[2020] == len(much(KEEL).split())
    assert years[2026] == len(much(BREAD).split()) + len(much(BOAT).split())
    assert sum(one.share for one in found.years) == pytest.approx(1)
    assert 0 < found.written < 1
    assert found.median_days == (TODAY - date(2026, 3, 1)).days
    assert found.oldest[0].name == "the keel hour"


def test_no_content_has_no_age() -> None:
    found = progress(*content(nodes=()), TODAY)
    assert found.freshness.median_days is None and found.freshness.years == ()
    assert found.readiness.level == "none"
    assert found.topics == () and found.unanswered == ()
    assert len(found.suggestions) == 1


# Readiness and steadiness


@pytest.mark.parametrize(
    ("words", "level", "next_at"),
    [
        (0, "none", 1),
        (1, "too_little", 5_000),
        (4_999, "too_little", 5_000),
        (5_000, "usable", 10_000),
        (9_999, "usable", 10_000),
        (10_000, "good", None),
        (90_000, "good", None),
    ],
)
def test_each_level_begins_at_its_threshold(words: int, level: str, next_at: int | None) -> None:
    found = readiness(words)
    assert (found.level, found.next_at, found.words) == (level, next_at, words)
    assert found.says and (found.rests_on or words == 0)


def test_every_threshold_says_what_it_rests_on() -> None:
    assert all(one.rests_on for one in THRESHOLDS if one.words)


def test_the_voice_is_steady_moving_or_not_looked_at() -> None:
    assert progress(*ALL, TODAY).steadiness.verdict == "unknown"
    moving = Stability((Point(4_000, "a", 1.2, "Questions"),), "moving", "It still moves.")
    found = progress(*ALL, TODAY, stable=moving)
    assert found.steadiness.points == ((4_000, 1.2),)
    assert any(one.why == "It still moves." for one in found.suggestions)


# Suggestions


def test_what_people_asked_for_comes_first_and_there_are_five_at_most() -> None:
    words = "retreat software podcast sourdough shipping vouchers refund parking".split()
    asked = [declined(f"Tell me about your {word}?") for word in words for _ in range(2)]
    found = progress(*ALL, TODAY, asked=asked).suggestions
    assert len(found) == 5
    assert "asked 2 times" in found[0].why
    assert all(one.what and one.why and one.example for one in found)


def test_each_suggestion_rests_on_its_own_evidence() -> None:
    test = run_of(("What is the keel hour?", "failed"))
    ebb = Node(id="n-9", kind="concept", name="the ebb", weight=0.95)
    version = ALL[0].model_copy(update={"methodology": Methodology(nodes=(*NODES, ebb))})
    found = progress(version, ALL[1], TODAY, test=test).suggestions
    said = {one.what: one.why for one in found}
    assert said["Say more clearly what you mean by the keel hour."].startswith("1 of 1 prompts")
    assert "no passage" in said["Write more about the ebb."]
    missing = next(one for one in said if "more words" in one)
    assert f"{5_000 - sum(piece.words for piece in ALL[0].pieces):,}" in missing


def test_an_old_topic_is_asked_for_again() -> None:
    long = content(
        ("keel.md", much(KEEL, 60), date(2020, 5, 1)),
        ("keel2.md", much(KEEL, 30), date(2021, 5, 1)),
        nodes=NODES[:1],
    )
    found = progress(*long, TODAY).suggestions
    assert any("01 May 2021" in one.why for one in found)
    fresh = progress(*long, date(2021, 6, 1)).suggestions
    assert not any("May 2021" in one.why for one in fresh)


# The door


class OneTwin:
    """The twins of a workspace that has one."""

    def __init__(self, version: TwinVersion) -> None:
        self._version = version

    def version(self, ref: str, number: int | None = None) -> TwinVersion:
        return self._version


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "here.duckdb", lambda: datetime(2026, 11, 21, 12))
    yield store
    store.close()


def test_what_is_kept_in_the_workspace_comes_together(store: Store) -> None:
    version, texts = ALL
    store.twins.put(Twin(id="t-1", name="Ada", slug="ada", made_at=version.made_at, version=1))
    for text in texts.values():
        store.pieces.keep_text(text)
    for question, answer in (declined("Is there a retreat?"), answered("How long is the hour?")):
        store.turns.append("t-1", "c-1", question, answer)
    store.twin_tests.add(run_of(("What is the keel hour?", "held")))
    found = Progress(store, cast(Any, OneTwin(version))).of("ada")
    assert topic(found, "the keel hour").tested == 1
    assert [one.questions for one in found.unanswered] == [("Is there a retreat?",)]
    assert found.readiness.words == sum(piece.words for piece in version.pieces)
    assert found.steadiness.verdict in ("settled", "moving", "too_little")
    assert found.freshness.median_days == (TODAY - date(2026, 3, 1)).days


def test_a_test_of_another_version_says_nothing_of_this_one(store: Store) -> None:
    version, texts = ALL
    for text in texts.values():
        store.pieces.keep_text(text)
    store.twin_tests.add(
        run_of(("What is the keel hour?", "held")).model_copy(update={"version": 2})
    )
    found = Progress(store, cast(Any, OneTwin(version))).of("ada")
    assert topic(found, "the keel hour").tested == 0
