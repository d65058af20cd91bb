"""Creator twins: their pieces and texts, prepared vectors, versions, and what they were asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from core.domain.twins import (
    Answer,
    Piece,
    PieceText,
    StandardTest,
    StandardTestLine,
    Turn,
    Twin,
    TwinVersion,
)
from core.store.database import Database, Row
from core.store.definitions import Clock, utc_now

_TWIN = "id, name, slug, about, made_at, version"


class TwinTable:
    """Twins and their versions."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> datetime:
        """The moment that is written down for what happens now."""
        return self._clock()

    def all(self) -> list[Twin]:
        """Every twin, by name."""
        rows = self._database.rows(f"SELECT {_TWIN} FROM twins ORDER BY lower(name), id")
        return [self._twin(row) for row in rows]

    def one(self, id: str) -> Twin | None:
        """One twin by its id or slug, None where there is none."""
        rows = self._database.rows(f"SELECT {_TWIN} FROM twins WHERE id = $1 OR slug = $1", (id,))
        return self._twin(rows[0]) if rows else None

    def put(self, twin: Twin) -> None:
        """Add a twin, or change the one with its id."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM twins WHERE id = ?", (twin.id,))
            cursor.execute(
                f"INSERT INTO twins ({_TWIN}) VALUES (?, ?, ?, ?, ?, ?)",
                (twin.id, twin.name, twin.slug, twin.about, twin.made_at, twin.version),
            )

    def erase(self, id: str) -> None:
        """Erase a twin and everything that only it has."""
        with self._database.transaction() as cursor:
            for table in ("twin_versions", "twin_pieces", "twin_turns", "twin_tests"):
                cursor.execute(f"DELETE FROM {table} WHERE twin_id = ?", (id,))
            cursor.execute("DELETE FROM twins WHERE id = ?", (id,))

    def versions(self, twin_id: str) -> list[TwinVersion]:
        """Every version of a twin, newest first."""
        rows = self._database.rows(
            "SELECT document FROM twin_versions WHERE twin_id = ? ORDER BY number DESC", (twin_id,)
        )
        return [TwinVersion.model_validate_json(row[0]) for row in rows]

    def version(self, twin_id: str, number: int) -> TwinVersion | None:
        """One version, None where there is none."""
        rows = self._database.rows(
            "SELECT document FROM twin_versions WHERE twin_id = ? AND number = ?",
            (twin_id, number),
        )
        return TwinVersion.model_validate_json(rows[0][0]) if rows else None

    def signature(self, twin_id: str, number: int) -> bytes | None:
        """What a version's voice is recognised by, None where it has none."""
        rows = self._database.rows(
            "SELECT signature FROM twin_versions WHERE twin_id = ? AND number = ?",
            (twin_id, number),
        )
        return bytes(rows[0][0]) if rows and rows[0][0] is not None else None

    def change_version(self, version: TwinVersion) -> None:
        """Write a version anew: only for what its creator wants out of every version."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE twin_versions SET document = ? WHERE twin_id = ? AND number = ?",
                (version.model_dump_json(), version.twin_id, version.number),
            )

    def add_version(self, version: TwinVersion, signature: bytes | None) -> None:
        """Append a version."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT INTO twin_versions VALUES (?, ?, ?, ?, ?)",
                (
                    version.twin_id,
                    version.number,
                    version.made_at,
                    version.model_dump_json(),
                    signature,
                ),
            )

    @staticmethod
    def _twin(row: Row) -> Twin:
        return Twin(
            id=row[0], name=row[1], slug=row[2], about=row[3], made_at=row[4], version=row[5]
        )


class PieceTable:
    """The pieces of content, the texts that they became, and the texts' prepared vectors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, twin_id: str) -> list[Piece]:
        """A twin's pieces in the order in which they were added."""
        rows = self._database.rows(
            "SELECT document FROM twin_pieces WHERE twin_id = ? ORDER BY added_at, name",
            (twin_id,),
        )
        return [Piece.model_validate_json(row[0]) for row in rows]

    def unfinished(self) -> list[Piece]:
        """Pieces of any twin that were being worked on."""
        rows = self._database.rows("SELECT document FROM twin_pieces WHERE state = 'working'")
        return [Piece.model_validate_json(row[0]) for row in rows]

    def one(self, twin_id: str, id: str) -> Piece | None:
        """One piece, None where there is none."""
        rows = self._database.rows(
            "SELECT document FROM twin_pieces WHERE twin_id = ? AND id = ?", (twin_id, id)
        )
        return Piece.model_validate_json(rows[0][0]) if rows else None

    def put(self, piece: Piece) -> None:
        """Add a piece, or change the one with its id."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM twin_pieces WHERE twin_id = ? AND id = ?", (piece.twin_id, piece.id)
            )
            cursor.execute(
                "INSERT INTO twin_pieces VALUES (?, ?, ?, ?, ?, ?)",
                (
                    piece.twin_id,
                    piece.id,
                    piece.name,
                    piece.state,
                    piece.added_at,
                    piece.model_dump_json(),
                ),
            )

    def delete(self, twin_id: str, id: str) -> None:
        """Take a piece away; its text stays as long as a version needs it."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM twin_pieces WHERE twin_id = ? AND id = ?", (twin_id, id))

    def texts(self, ids: Collection[str]) -> dict[str, PieceText]:
        """Texts by id; those that are not there any more are left out."""
        rows = self._database.rows(
            "SELECT document FROM twin_texts WHERE list_contains(?, id)", (list(ids),)
        )
        found = (PieceText.model_validate_json(row[0]) for row in rows)
        return {text.id: text for text in found}

    def keep_text(self, text: PieceText) -> None:
        """Keep a text, once."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM twin_texts WHERE id = ?", (text.id,))
            cursor.execute(
                "INSERT INTO twin_texts VALUES (?, ?)", (text.id, text.model_dump_json())
            )

    def prepared(self, ids: Collection[str], embedder: str) -> dict[str, bytes]:
        """What was prepared of texts with one embedding model, by the text's id."""
        rows = self._database.rows(
            "SELECT text_id, body FROM twin_vectors "
            "WHERE embedder = ? AND list_contains(?, text_id)",
            (embedder, list(ids)),
        )
        return {row[0]: bytes(row[1]) for row in rows}

    def keep_prepared(self, text_id: str, embedder: str, body: bytes) -> None:
        """Keep what was prepared of a text."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM twin_vectors WHERE text_id = ? AND embedder = ?", (text_id, embedder)
            )
            cursor.execute("INSERT INTO twin_vectors VALUES (?, ?, ?)", (text_id, embedder, body))

    def forget_texts(self, kept: Collection[str]) -> None:
        """Erase every text, and its vectors, but those named."""
        with self._database.transaction() as cursor:
            for table, column in (("twin_texts", "id"), ("twin_vectors", "text_id")):
                cursor.execute(
                    f"DELETE FROM {table} WHERE NOT list_contains(?, {column})", (list(kept),)
                )


class TurnTable:
    """Conversations with twins."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def conversation(self, twin_id: str, id: str) -> list[Turn]:
        """What was asked and answered in one conversation, in order."""
        rows = self._database.rows(
            "SELECT conversation_id, number, asked, answer, said_at FROM twin_turns "
            "WHERE twin_id = ? AND conversation_id = ? ORDER BY number",
            (twin_id, id),
        )
        return [
            Turn(
                conversation_id=row[0],
                number=row[1],
                asked=row[2],
                answer=Answer.model_validate_json(row[3]),
                at=row[4],
            )
            for row in rows
        ]

    def append(self, twin_id: str, id: str, asked: str, answer: Answer) -> int:
        """Write down one exchange; gives its number in the conversation, from 1."""
        with self._database.transaction() as cursor:
            row = cursor.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM twin_turns "
                "WHERE twin_id = ? AND conversation_id = ?",
                (twin_id, id),
            ).fetchone()
            number = int(row[0]) if row else 1
            cursor.execute(
                "INSERT INTO twin_turns VALUES (?, ?, ?, ?, ?, ?)",
                (twin_id, id, number, asked, answer.model_dump_json(), self._clock()),
            )
        return number

    def clear(self, twin_id: str, id: str) -> None:
        """Forget one conversation."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM twin_turns WHERE twin_id = ? AND conversation_id = ?", (twin_id, id)
            )

    def unanswered(self, twin_id: str, limit: int = 20) -> Sequence[str]:
        """Questions that the twin declined, newest first."""
        rows = self._database.rows(
            "SELECT asked FROM twin_turns WHERE twin_id = ? "
            "AND json_extract_string(answer, '$.kind') = 'declined' "
            "GROUP BY asked ORDER BY max(said_at) DESC LIMIT ?",
            (twin_id, limit),
        )
        return [row[0] for row in rows]

    def asked(self, twin_id: str, limit: int = 1_000) -> list[tuple[str, Answer]]:
        """What the twin was asked and answered in any conversation, newest first."""
        rows = self._database.rows(
            "SELECT asked, answer FROM twin_turns WHERE twin_id = ? "
            "ORDER BY said_at DESC, conversation_id, number DESC LIMIT ?",
            (twin_id, limit),
        )
        return [(row[0], Answer.model_validate_json(row[1])) for row in rows]


class StandardTestTable:
    """Runs of the standard test."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, test: StandardTest) -> None:
        """Keep a run."""
        unavailable = sum(one.outcome == "unavailable" for one in test.results)
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT INTO twin_tests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    test.twin_id,
                    test.id,
                    test.version,
                    test.engine,
                    test.made_at,
                    test.score.count,
                    test.score.of,
                    unavailable,
                    test.voice.mean,
                    test.model_dump_json(),
                ),
            )

    def one(self, twin_id: str, id: str) -> StandardTest | None:
        """One run with all its results, None where there is none."""
        rows = self._database.rows(
            "SELECT document FROM twin_tests WHERE twin_id = ? AND id = ?", (twin_id, id)
        )
        return StandardTest.model_validate_json(rows[0][0]) if rows else None

    def lines(self, twin_id: str, limit: int = 100) -> list[StandardTestLine]:
        """Every run as one line, newest first."""
        rows = self._database.rows(
            "SELECT id, version, engine, made_at, held, answered, unavailable, voice "
            "FROM twin_tests WHERE twin_id = ? ORDER BY made_at DESC, id DESC LIMIT ?",
            (twin_id, limit),
        )
        return [
            StandardTestLine(
                id=row[0],
                version=row[1],
                engine=row[2],
                made_at=row[3],
                held=row[4],
                of=row[5],
                unavailable=row[6],
                voice=row[7],
            )
            for row in rows
        ]
