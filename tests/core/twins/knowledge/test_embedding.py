"""One contract for everything that turns words into vectors."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.domain.errors import CallFailed
from core.twins.knowledge import Embedder, MiniLM, RemoteEmbedder, ScriptedEmbedder

TEXTS = ("A dog ran over the field.", "Puppies like to run on grass.", "Interest rates rose.")


class EmbedderContract(ABC):
    @abstractmethod
    def embedder(self) -> Embedder: ...

    def test_vectors_have_length_one_and_the_promised_size(self) -> None:
        embedder = self.embedder()
        found = embedder.embed(TEXTS)
        assert found.shape == (3, embedder.dimensions)
        assert found.dtype == np.float32
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)

    def test_the_same_text_gives_nearly_the_same_vector_in_any_company(self) -> None:
        embedder = self.embedder()
        together = embedder.embed([*TEXTS, "A much longer text. " * 30])
        assert embedder.embed(TEXTS[:1])[0] @ together[0] > 0.98

    def test_no_texts_give_no_rows(self) -> None:
        embedder = self.embedder()
        assert embedder.embed([]).shape == (0, embedder.dimensions)

    def test_a_question_is_nearer_to_its_answer(self) -> None:
        embedder = self.embedder()
        asked = embedder.embed_question("Where did the dog run?")
        assert asked.shape == (embedder.dimensions,)
        cosines = embedder.embed(TEXTS) @ asked
        assert cosines[0] > cosines[2]

    def test_has_a_name(self) -> None:
        assert self.embedder().name


class TestScripted(EmbedderContract):
    def embedder(self) -> Embedder:
        return ScriptedEmbedder()


class TestRemote(EmbedderContract):
    def embedder(self) -> Embedder:
        return RemoteEmbedder("ours", ScriptedEmbedder().embed, 64)

    def test_sends_at_most_sixty_four_at_once(self) -> None:
        sizes: list[int] = []

        def call(texts: Sequence[str]) -> list[list[float]]:
            sizes.append(len(texts))
            return [[3.0, 4.0]] * len(texts)

        found = RemoteEmbedder("ours", call, 2).embed(["a"] * 130)
        assert sizes == [64, 64, 2]
        assert np.allclose(found, [0.6, 0.8])

    @pytest.mark.parametrize("answer", [[[1.0]], [[1.0, float("nan")]], [[1.0, 2.0]] * 2])
    def test_another_shape_is_an_error(self, answer: list[list[float]]) -> None:
        with pytest.raises(CallFailed, match="ours"):
            RemoteEmbedder("ours", lambda _: answer, 2).embed(["a"])


class TestMiniLM(EmbedderContract):
    @pytest.fixture(autouse=True)
    def _model(self, minilm: MiniLM) -> None:
        self.model = minilm

    def embedder(self) -> Embedder:
        return self.model

    def test_meaning_counts_more_than_words(self) -> None:
        found = self.model.embed(TEXTS)
        assert found[0] @ found[1] > 0.4 > found[0] @ found[2]

    def test_a_text_longer_than_a_window_is_read_to_its_end(self) -> None:
        base = "The weather was mild and nothing happened. " * 60
        start, end = self.model.embed([base, base + "Then we counted our money. " * 60])
        asked = self.model.embed(["We counted our money."])[0]
        assert end @ asked > start @ asked + 0.2

    def test_the_built_graph_is_kept_and_used_again(self, minilm_cache: Path) -> None:
        kept = sorted(minilm_cache.glob("*.onnx"))
        changed = [one.stat().st_mtime_ns for one in kept]
        again = MiniLM(minilm_cache)
        assert again.name == self.model.name
        assert [one.stat().st_mtime_ns for one in sorted(minilm_cache.glob("*.onnx"))] == changed
        assert not [one for one in minilm_cache.iterdir() if one.suffix != ".onnx"]

    def test_counts_tokens(self) -> None:
        assert self.model.count("Keep going.") == 3

    def test_building_the_graph_says_nothing_to_the_log(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level("DEBUG"):
            assert MiniLM(tmp_path).embed(["Keep going."]).shape == (1, 384)
            logging.info("Ours is heard.")
        assert [one.getMessage() for one in caplog.records] == ["Ours is heard."]
