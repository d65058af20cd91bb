"""How far a twin has come: what it covers, how fresh that is, and what would help it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.domain.twins import PieceText, StandardTest, TwinProgress, TwinVersion
from core.store import Store
from core.twins.knowledge import Prepared
from core.twins.library import Twins
from core.twins.method_text import METHOD
from core.twins.profile import Stability, stability
from core.twins.progress.advice import suggestions
from core.twins.progress.blocks import day_of
from core.twins.progress.freshness import freshness
from core.twins.progress.readiness import readiness, steadiness
from core.twins.progress.topics import Asked, find_topics, told
from core.twins.progress.unanswered import unanswered


def progress(
    version: TwinVersion,
    texts: Mapping[str, PieceText],
    today: date,
    *,
    test: StandardTest | None = None,
    asked: Sequence[Asked] = (),
    prepared: Mapping[str, Prepared] | None = None,
    stable: Stability | None = None,
) -> TwinProgress:
    """What is known of a version's content, and what should come next.

    Args:
        version: Which.
        texts: Its texts by the names of their pieces.
        today: The day that ages are counted from.
        test: Its last standard test, where there was one.
        asked: Questions of conversations with their answers.
        prepared: The vectors of its texts, where they are at hand.
        stable: Whether its voice still changes, where that was looked at.
    """
    pieces = [piece for piece in version.pieces if piece.name in texts]
    found = find_topics(version, texts, prepared)
    topics = told(found, test, asked)
    ready = readiness(sum(piece.words for piece in pieces))
    fresh = freshness(pieces, topics, today)
    steady = steadiness(stable)
    open_questions = unanswered(asked, found)
    return TwinProgress(
        readiness=ready,
        topics=topics,
        unanswered=open_questions,
        freshness=fresh,
        steadiness=steady,
        suggestions=suggestions(ready, topics, open_questions, fresh, steady, today),
    )


class Progress:
    """The progress of a workspace's twins.

    Args:
        store: The workspace's tables.
        twins: Whose progress.
    """

    def __init__(self, store: Store, twins: Twins) -> None:
        self._store = store
        self._twins = twins

    def of(self, ref: str, version: int | None = None) -> TwinProgress:
        """How far a twin has come, in one of its versions.

        Raises:
            NotFound: If there is no such twin or version, or it is not trained.
        """
        chosen = self._twins.version(ref, version)
        kept = self._store.pieces.texts([piece.text_id for piece in chosen.pieces])
        texts = {
            piece.name: kept[piece.text_id]
            for piece in chosen.pieces
            if piece.text_id in kept and piece.name != METHOD
        }
        return progress(
            chosen,
            texts,
            self._store.twins.now().date(),
            test=self._newest_test(chosen),
            asked=self._store.turns.asked(chosen.twin_id),
            prepared=self._prepared(chosen, texts),
            stable=stability(_in_order(chosen, texts)),
        )

    def _prepared(
        self, version: TwinVersion, texts: Mapping[str, PieceText]
    ) -> dict[str, Prepared]:
        """The vectors of a version's texts, by the names of their pieces."""
        kept = self._store.pieces.prepared([one.id for one in texts.values()], version.embedder)
        return {
            name: Prepared.unpack(kept[text.id], text.text)
            for name, text in texts.items()
            if text.id in kept
        }

    def _newest_test(self, version: TwinVersion) -> StandardTest | None:
        """The last standard test of this version, None where there was none."""
        for line in self._store.twin_tests.lines(version.twin_id):
            if line.version == version.number:
                return self._store.twin_tests.one(version.twin_id, line.id)
        return None


def _in_order(version: TwinVersion, texts: Mapping[str, PieceText]) -> list[tuple[str, str]]:
    """Names and texts, the oldest first."""
    pieces = sorted(version.pieces, key=lambda piece: (day_of(piece), piece.name))
    return [(piece.name, texts[piece.name].text) for piece in pieces if piece.name in texts]
