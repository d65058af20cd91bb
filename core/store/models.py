"""Language models: their definitions, saved keys, the answers kept, and the ledger of calls."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple

import pyarrow as pa

from core.domain.estimates import Measured
from core.domain.models import CallRecord, Completion, KeptAnswers, Model, Spending
from core.domain.money import exact
from core.store.database import Database, Row
from core.store.definitions import Clock, VersionedTable, utc_now

DEFAULT_CACHE_BYTES = 256_000_000
ROW_BYTES = 200
"""What an answer takes beside its words, about."""
KEPT_SHARE = 0.9
_RECORD = (
    "account, contact_id, step_id, visit, key, model, prompt, status, cached, prompt_tokens, "
    "completion_tokens, cost_usd, seconds, attempts, error"
)
_RECORDS = pa.schema(
    [
        ("account", pa.string()),
        ("contact_id", pa.string()),
        ("step_id", pa.string()),
        ("visit", pa.int32()),
        ("key", pa.string()),
        ("model", pa.string()),
        ("prompt", pa.string()),
        ("status", pa.string()),
        ("cached", pa.bool_()),
        ("prompt_tokens", pa.int64()),
        ("completion_tokens", pa.int64()),
        ("cost_usd", pa.float64()),
        ("seconds", pa.float64()),
        ("attempts", pa.int32()),
        ("error", pa.string()),
    ]
)

_SPENDING = """
    SELECT
        coalesce(sum(fresh), 0), count(*) FILTER (kept > 0 AND fresh = 0),
        coalesce(sum(failed), 0), coalesce(sum(unpriced), 0),
        coalesce(sum(asked), 0), coalesce(sum(said), 0), coalesce(sum(cost), 0)
    FROM (
        SELECT
            count(*) FILTER (NOT cached AND status <> 'unavailable') AS fresh,
            count(*) FILTER (cached) AS kept,
            count(*) FILTER (status = 'unavailable') AS failed,
            count(*) FILTER (NOT cached AND status <> 'unavailable' AND cost_usd IS NULL)
                AS unpriced,
            sum(prompt_tokens) FILTER (NOT cached) AS asked,
            sum(completion_tokens) FILTER (NOT cached) AS said,
            sum(cost_usd) AS cost
        FROM model_calls WHERE account = ?
        GROUP BY contact_id, step_id, visit, prompt, key
    )
"""


class ModelTable(VersionedTable):
    """The language models that a workspace may use."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        super().__init__(database, "models", clock)

    def all(self) -> list[Model]:
        """Every model of the workspace, by name."""
        return [self._model(row) for row in self.newest()]

    def one(self, id: str, version: int | None = None) -> Model | None:
        """One model, None where there is none."""
        row = self.get(id, version)
        return self._model(row) if row else None

    @staticmethod
    def _model(row: Row) -> Model:
        return Model.model_validate({**json.loads(row[3]), "id": row[0], "version": row[1]})


class SecretTable:
    """Encrypted values by name; only the room that encrypted them can read them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """A value as it was put in, None where there is none."""
        rows = self._database.rows("SELECT token FROM secrets WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def put(self, name: str, token: str) -> None:
        """Set a value."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM secrets WHERE name = ?", (name,))
            cursor.execute("INSERT INTO secrets VALUES (?, ?)", (name, token))

    def delete(self, name: str) -> None:
        """Forget a value."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM secrets WHERE name = ?", (name,))


class AnswerTable:
    """Models' answers by the address of their question, bounded in size: the oldest go first.

    Args:
        database: The workspace's.
        max_bytes: What the answers may take together, about.
        clock: Tells when an answer was kept.
    """

    def __init__(
        self, database: Database, max_bytes: int = DEFAULT_CACHE_BYTES, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._max_bytes = max_bytes
        self._clock = clock

    def known(self) -> set[str]:
        """Every address that has an answer."""
        return {row[0] for row in self._database.rows("SELECT key FROM model_answers")}

    def get(self, keys: Sequence[str]) -> dict[str, Completion]:
        """The answers of those that are known; each is marked as cached and costs nothing."""
        rows = self._database.rows(
            "SELECT key, text, finish, prompt_tokens, completion_tokens FROM model_answers "
            "WHERE list_contains(?, key)",
            (list(keys),),
        )
        return {
            key: Completion(
                text, finish, prompt_tokens=asked, completion_tokens=said, key=key, cached=True
            )
            for key, text, finish, asked, said in rows
        }

    def put(self, answers: Sequence[Completion], model: str, prompt: str) -> None:
        """Keep fresh answers, and let go of the oldest where there are too many."""
        now = self._clock()
        columns = {
            "key": [one.key for one in answers],
            "model": [model] * len(answers),
            "prompt": [prompt] * len(answers),
            "text": [one.text for one in answers],
            "finish": [one.finish for one in answers],
            "prompt_tokens": [one.prompt_tokens for one in answers],
            "completion_tokens": [one.completion_tokens for one in answers],
        }
        with self._database.transaction() as cursor:
            cursor.register("arriving", pa.table(columns))
            cursor.execute(
                "INSERT INTO model_answers SELECT *, $now FROM arriving "
                "ANTI JOIN model_answers USING (key)",
                {"now": now},
            )
            cursor.unregister("arriving")
        if self.kept().bytes > self._max_bytes:
            self._trim()

    def kept(self) -> KeptAnswers:
        """How many answers there are, and about how many bytes they take."""
        rows = self._database.rows(
            f"SELECT count(*), coalesce(sum(strlen(text) + {ROW_BYTES}), 0)::BIGINT "
            "FROM model_answers"
        )
        return KeptAnswers(answers=rows[0][0], bytes=rows[0][1])

    def clear(self) -> None:
        """Let go of every answer; what is asked again is then a fresh sample."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM model_answers")

    def _trim(self) -> None:
        with self._database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM model_answers WHERE key NOT IN (SELECT key FROM model_answers "
                f"QUALIFY sum(strlen(text) + {ROW_BYTES}) OVER (ORDER BY kept_at DESC, key "
                "ROWS UNBOUNDED PRECEDING) <= ?)",
                (int(self._max_bytes * KEPT_SHARE),),
            )


class CallTable:
    """The ledger: every call to a model, with its price."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def append(self, records: Sequence[CallRecord]) -> None:
        """Write down calls, for good."""
        rows = zip(*(astuple(one)[:-1] for one in records), strict=True)
        columns = [
            pa.array(column, field.type) for column, field in zip(rows, _RECORDS, strict=True)
        ]
        with self._database.transaction() as cursor:
            cursor.register("arriving", pa.table(columns, schema=_RECORDS))
            cursor.execute(
                f"INSERT INTO model_calls ({_RECORD}, occurred_at) "
                f"SELECT {_RECORD}, $now FROM arriving",
                {"now": self._clock()},
            )
            cursor.unregister("arriving")

    def spent(self, account: str) -> float:
        """What an account's calls have cost so far, in USD."""
        return self.spending(account).cost_usd

    def spending(self, account: str) -> Spending:
        """What an account has asked and paid so far.

        Whoever had not finished when a run rested is played again from the cache: an answer counts
        as cached once for each reaction, and not where the account itself had asked for it.
        """
        names = tuple(Spending.model_fields)
        row = self._database.rows(_SPENDING, (account,))[0]
        found = Spending(**dict(zip(names, row, strict=True)))
        return found.model_copy(update={"cost_usd": exact(found.cost_usd)})

    def of_contact(self, account: str, contact_id: str) -> list[CallRecord]:
        """The calls that one contact's reactions made, in order."""
        rows = self._database.rows(
            f"SELECT {_RECORD}, occurred_at FROM model_calls "
            "WHERE account = ? AND contact_id = ? ORDER BY occurred_at, step_id, visit",
            (account, contact_id),
        )
        return [CallRecord(*row) for row in rows]

    def page(
        self, account: str, contact_id: str | None, limit: int, offset: int
    ) -> list[CallRecord]:
        """Some of an account's calls, of one contact or of all, in order."""
        rows = self._database.rows(
            f"SELECT {_RECORD}, occurred_at FROM model_calls "
            "WHERE account = $account AND ($contact IS NULL OR contact_id = $contact) "
            "ORDER BY occurred_at, contact_id, step_id, visit, prompt LIMIT $limit OFFSET $offset",
            {"account": account, "contact": contact_id, "limit": limit, "offset": offset},
        )
        return [CallRecord(*row) for row in rows]

    def count(self, account: str, contact_id: str | None = None) -> int:
        """How many calls an account made, for one contact or for all."""
        rows = self._database.rows(
            "SELECT count(*) FROM model_calls "
            "WHERE account = $account AND ($contact IS NULL OR contact_id = $contact)",
            {"account": account, "contact": contact_id},
        )
        return int(rows[0][0])

    def prompts(self, account: str) -> list[str]:
        """The versions of the prompts that an account's calls were made with."""
        rows = self._database.rows(
            "SELECT DISTINCT prompt FROM model_calls WHERE account = ? ORDER BY 1", (account,)
        )
        return [str(row[0]) for row in rows]

    def measured(self, model: str, prompt: str, repair: str) -> Measured:
        """How fresh answers of a model to a prompt have been, and how many were asked for again."""
        rows = self._database.rows(
            "SELECT count(*) FILTER (prompt = $prompt), "
            "coalesce(avg(completion_tokens) FILTER (prompt = $prompt), 0), "
            "coalesce(stddev_samp(completion_tokens) FILTER (prompt = $prompt), 0), "
            "coalesce(avg(seconds) FILTER (prompt = $prompt), 0), "
            "count(*) FILTER (prompt = $repair) FROM model_calls "
            "WHERE model = $model AND NOT cached AND status = 'answered'",
            {"model": model, "prompt": prompt, "repair": repair},
        )
        return Measured(*rows[0])
