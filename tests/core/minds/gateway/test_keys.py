"""Keys: found where they belong, kept encrypted, shown nowhere."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.domain.errors import BadInput, MindUnavailable
from core.minds import Keys
from core.minds.gateway.keys import SECRET_FILE, key_names
from core.store import Store
from tests.core.minds.gateway.doubles import MemorySecrets, a_model

KEY = "sk-very-secret-0123456789"


def keys(home: Path, table: MemorySecrets | None = None, **environment: str) -> Keys:
    return Keys(table or MemorySecrets(), home, environment)


def test_a_key_comes_from_the_environment(tmp_path: Path) -> None:
    found = keys(tmp_path, OPENAI_API_KEY=KEY)
    assert (found.of(a_model()), found.source(a_model())) == (KEY, "environment")
    claude = a_model("anthropic/claude-haiku-5-5")
    assert (found.of(claude), found.source(claude)) == (None, "none")


def test_a_saved_key_wins_and_can_be_forgotten(tmp_path: Path) -> None:
    found = keys(tmp_path, OPENAI_API_KEY="of-the-environment")
    found.save(a_model(), f"  {KEY}\n")
    assert (found.of(a_model()), found.source(a_model())) == (KEY, "saved")
    found.forget(a_model())
    assert found.of(a_model()) == "of-the-environment"


def test_the_environments_key_goes_to_the_providers_own_address_only(tmp_path: Path) -> None:
    """Who may type an address must not be able to have the operator's key sent there."""
    found = keys(tmp_path, OPENAI_API_KEY=KEY)
    elsewhere = a_model(address="http://elsewhere.example/v1")
    assert (found.of(elsewhere), found.source(elsewhere)) == (None, "none")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("openai/gpt-4.1-mini", "OPENAI_API_KEY"),
        ("gpt-4.1-mini", "OPENAI_API_KEY"),
        ("anthropic/claude-haiku-5-5", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-2.5-flash", "GEMINI_API_KEY"),
        ("mistral/mistral-small", "MISTRAL_API_KEY"),
        ("openrouter/meta/llama", "OPENROUTER_API_KEY"),
    ],
)
def test_each_provider_has_its_name(model: str, name: str) -> None:
    assert key_names(model)[0] == name


def test_the_secret_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    keys(tmp_path / "home").save(a_model(), KEY)
    path = tmp_path / "home" / SECRET_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_process_reads_what_was_saved(tmp_path: Path) -> None:
    table = MemorySecrets()
    keys(tmp_path, table).save(a_model(), KEY)
    assert keys(tmp_path, table).of(a_model()) == KEY


def test_the_secret_may_come_from_the_environment(tmp_path: Path) -> None:
    table = MemorySecrets()
    secret = Fernet.generate_key().decode()
    Keys(table, tmp_path, {}, secret).save(a_model(), KEY)
    assert not (tmp_path / SECRET_FILE).exists()
    assert Keys(table, tmp_path, {}, secret).of(a_model()) == KEY
    with pytest.raises(MindUnavailable, match="encrypted with another secret"):
        keys(tmp_path, table).of(a_model())


def test_a_secret_of_the_wrong_form_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="wrong form"):
        Keys(MemorySecrets(), tmp_path, {}, "short").save(a_model(), KEY)


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "schlüssel", "x" * 3_000, "a\x00b"])
def test_what_cannot_be_a_key_is_not_kept(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        keys(tmp_path).save(a_model(), text)


def test_keys_show_nothing_of_themselves(tmp_path: Path) -> None:
    found = keys(tmp_path, OPENAI_API_KEY=KEY)
    found.save(a_model(), KEY)
    found.of(a_model())
    assert KEY not in f"{found} {found!r}"
    with pytest.raises(TypeError):
        pickle.dumps(found)


def test_the_workspaces_files_hold_no_key(tmp_path: Path) -> None:
    store = Store(tmp_path / "greenroom.duckdb")
    found = Keys(store.secrets, tmp_path, {})
    found.save(a_model(), KEY)
    assert found.of(a_model()) == KEY
    store.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert all(KEY.encode() not in path.read_bytes() for path in files)
