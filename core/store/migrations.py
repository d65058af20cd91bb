"""The schema, as numbered steps; each is applied once, in order, in one transaction.

No keys, sequences or unique constraints: ids are minted by us, and the one writer keeps what must
be unique, so that the same SQL runs on DuckLake.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from core.store.database import Database

Step = Callable[[duckdb.DuckDBPyConnection], object]


def m001_definitions(cursor: duckdb.DuckDBPyConnection) -> None:
    """Personas, populations, flows and the behaviour model's parameters, each with versions."""
    cursor.execute("""
        CREATE TABLE personas (
            id VARCHAR, version INTEGER, name VARCHAR, document JSON, deleted BOOLEAN,
            created_at TIMESTAMP);
        CREATE TABLE populations (
            id VARCHAR, name VARCHAR, seed BIGINT, "cast" JSON, personas JSON, size INTEGER,
            content_hash VARCHAR, created_at TIMESTAMP);
        CREATE TABLE people (
            population_id VARCHAR, position INTEGER, contact_id VARCHAR, persona VARCHAR,
            attributes JSON, traits JSON);
        CREATE TABLE flows (
            id VARCHAR, version INTEGER, name VARCHAR, document JSON, deleted BOOLEAN,
            created_at TIMESTAMP);
        CREATE TABLE parameters (
            version INTEGER, document JSON, note VARCHAR, created_at TIMESTAMP);
        CREATE TABLE facts (name VARCHAR, value JSON);
    """)


def m002_runs(cursor: duckdb.DuckDBPyConnection) -> None:
    """Runs, and the event log."""
    cursor.execute("""
        CREATE TABLE runs (
            id VARCHAR, number INTEGER, status VARCHAR, flow_id VARCHAR, flow_version INTEGER,
            population_id VARCHAR, seed BIGINT, engine VARCHAR, parameters_version INTEGER,
            parent_id VARCHAR, contacts INTEGER, done INTEGER, events BIGINT,
            created_at TIMESTAMP, started_at TIMESTAMP, finished_at TIMESTAMP, error VARCHAR,
            cost_usd DOUBLE);
        CREATE TABLE events (
            run_id VARCHAR, contact_id VARCHAR, seq INTEGER, occurred_at TIMESTAMP,
            simulated_at TIMESTAMP, variant VARCHAR, actor VARCHAR, kind VARCHAR,
            step_id VARCHAR, channel VARCHAR, body VARCHAR, payload JSON);
    """)


def m003_models(cursor: duckdb.DuckDBPyConnection) -> None:
    """Language models, saved keys, kept answers, the ledger; a run's model and budget."""
    cursor.execute("""
        CREATE TABLE models (
            id VARCHAR, version INTEGER, name VARCHAR, document JSON, deleted BOOLEAN,
            created_at TIMESTAMP);
        CREATE TABLE secrets (name VARCHAR, token VARCHAR);
        CREATE TABLE model_answers (
            key VARCHAR, model VARCHAR, prompt VARCHAR, text VARCHAR, finish VARCHAR,
            prompt_tokens BIGINT, completion_tokens BIGINT, kept_at TIMESTAMP);
        CREATE TABLE model_calls (
            account VARCHAR, contact_id VARCHAR, step_id VARCHAR, visit INTEGER, key VARCHAR,
            model VARCHAR, prompt VARCHAR, status VARCHAR, cached BOOLEAN, prompt_tokens BIGINT,
            completion_tokens BIGINT, cost_usd DOUBLE, seconds DOUBLE, attempts INTEGER,
            error VARCHAR, occurred_at TIMESTAMP);
        ALTER TABLE runs ADD COLUMN model JSON;
        ALTER TABLE runs ADD COLUMN budget_usd DOUBLE;
    """)


def m004_twins(cursor: duckdb.DuckDBPyConnection) -> None:
    """Creator twins: versions, pieces, texts, vectors, conversations, tests; a run's twins."""
    cursor.execute("""
        CREATE TABLE twins (
            id VARCHAR, name VARCHAR, slug VARCHAR, about VARCHAR, made_at TIMESTAMP,
            version INTEGER);
        CREATE TABLE twin_versions (
            twin_id VARCHAR, number INTEGER, made_at TIMESTAMP, document JSON, signature BLOB);
        CREATE TABLE twin_pieces (
            twin_id VARCHAR, id VARCHAR, name VARCHAR, state VARCHAR, added_at TIMESTAMP,
            document JSON);
        CREATE TABLE twin_texts (id VARCHAR, document JSON);
        CREATE TABLE twin_vectors (text_id VARCHAR, embedder VARCHAR, body BLOB);
        CREATE TABLE twin_turns (
            twin_id VARCHAR, conversation_id VARCHAR, number INTEGER, asked VARCHAR, answer JSON,
            said_at TIMESTAMP);
        CREATE TABLE twin_tests (
            twin_id VARCHAR, id VARCHAR, version INTEGER, engine VARCHAR, made_at TIMESTAMP,
            held INTEGER, answered INTEGER, unavailable INTEGER, voice DOUBLE, document JSON);
        ALTER TABLE runs ADD COLUMN twins JSON;
    """)


def m005_drawing(cursor: duckdb.DuckDBPyConnection) -> None:
    """A flow's text with its comments; debug sessions; tries of a flow's tests; a step's times."""
    cursor.execute("""
        ALTER TABLE flows ADD COLUMN text VARCHAR;
        CREATE TABLE debug_sessions (
            id VARCHAR, flow_id VARCHAR, changed_at TIMESTAMP, document JSON);
        CREATE TABLE flow_trials (
            id VARCHAR, flow_id VARCHAR, flow_version INTEGER, made_at TIMESTAMP, document JSON);
        CREATE TABLE step_times (
            run_id VARCHAR, step_id VARCHAR, bucket INTEGER, visits BIGINT, seconds DOUBLE);
    """)


def m006_experiments(cursor: duckdb.DuckDBPyConnection) -> None:
    """Experiments, every look at them, and imported tables, whose rows stand in ``data_<id>``."""
    cursor.execute("""
        CREATE TABLE experiments (
            id VARCHAR, name VARCHAR, status VARCHAR, source VARCHAR, document JSON,
            created_at TIMESTAMP);
        CREATE TABLE experiment_looks (
            experiment_id VARCHAR, number INTEGER, looked_at TIMESTAMP, state VARCHAR,
            document JSON);
        CREATE TABLE datasets (
            id VARCHAR, name VARCHAR, columns JSON, unique_columns JSON, row_count BIGINT,
            imported_at TIMESTAMP, content_hash VARCHAR);
    """)


MIGRATIONS: tuple[Step, ...] = (
    m001_definitions,
    m002_runs,
    m003_models,
    m004_twins,
    m005_drawing,
    m006_experiments,
)


def migrate(database: Database) -> int:
    """Bring a database to the newest schema; gives the number of the last step."""
    with database.transaction() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS migrations (number INTEGER, name VARCHAR, "
            "applied_at TIMESTAMP)"
        )
        row = cursor.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
        applied = int(row[0]) if row else 0
        for number, step in enumerate(MIGRATIONS[applied:], applied + 1):
            step(cursor)
            cursor.execute(
                "INSERT INTO migrations VALUES (?, ?, ?)",
                (number, step.__name__, datetime.now(UTC).replace(tzinfo=None)),
            )
    return len(MIGRATIONS)
