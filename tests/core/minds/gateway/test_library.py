"""The models of a workspace: their versions, their keys, and where one may begin."""

from __future__ import annotations

import ast
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.models import Model, ModelDraft, Purpose
from core.minds import PRESETS, Keys, Models
from core.minds.gateway.gateway import Gateway
from core.minds.gateway.providers import PROVIDERS
from core.store import Store

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    """Keys over a real store."""
    store = Store(tmp_path / "greenroom.duckdb")
    found = Keys(store.secrets, tmp_path, {})
    found.store = store  # type: ignore[attr-defined]
    yield found
    store.close()


@pytest.fixture
def models(keys: Keys) -> Models:
    """An empty list of models; none of these tests asks one."""
    store: Store = keys.store  # type: ignore[attr-defined]
    return Models(store.models, keys, gateway=None)  # type: ignore[arg-type]


def draft(name: str = "Claude", **rest: object) -> ModelDraft:
    settings = {"model": "anthropic/claude-haiku-5-5"} | rest
    return ModelDraft(name=name, **settings)  # type: ignore[arg-type]


def test_a_model_is_added_found_and_listed(models: Models) -> None:
    added = models.add(draft("Claude Haiku"))
    models.add(draft("A local one", model="ollama_chat/llama3.1"))
    assert (added.id, added.version) == ("claude-haiku", 1)
    assert models.get("claude-haiku") == models.get("CLAUDE haiku ") == added
    assert [model.name for model in models.list()] == ["A local one", "Claude Haiku"]


def test_a_change_is_a_version(models: Models) -> None:
    first = models.add(draft(temperature=0.2))
    second = models.change(first.id, draft(temperature=0.9))
    assert (second.id, second.version, second.temperature) == (first.id, 2, 0.9)
    assert models.get(first.id, 1) == first
    assert models.get("Claude", 1) == first
    assert [model.version for model in models.versions(first.id)] == [2, 1]


def test_names_are_taken_once(models: Models) -> None:
    models.add(draft("One"))
    two = models.add(draft("Two"))
    with pytest.raises(Conflict):
        models.add(draft("ONE"))
    with pytest.raises(Conflict):
        models.change(two.id, draft("one"))
    assert models.change(two.id, draft("TWO")).name == "TWO"


def test_a_deleted_id_is_never_used_again(models: Models) -> None:
    first = models.add(draft("Claude"))
    models.delete(first.id)
    assert models.list() == []
    with pytest.raises(NotFound, match="add one first"):
        models.get("Claude")
    assert models.get(first.id, 1) == first
    assert models.add(draft("Claude")).id == "claude-2"


def test_what_there_is_is_named_where_something_is_not(models: Models) -> None:
    models.add(draft("Claude"))
    with pytest.raises(NotFound, match="There are: Claude"):
        models.get("Clod")


def test_a_key_is_saved_with_the_model_and_leaves_with_it(models: Models, keys: Keys) -> None:
    model = models.add(draft(), key="sk-123456")
    assert (models.key_source(model), keys.of(model)) == ("saved", "sk-123456")
    changed = models.change(model.id, draft(temperature=1.0))
    assert keys.of(changed) == "sk-123456"
    models.forget_key(model.id)
    assert models.key_source(model) == "none"
    models.change(model.id, ModelDraft(**model.model_dump(exclude={"id", "version"})), "sk-654321")
    assert keys.of(model) == "sk-654321"
    models.delete(model.id)
    assert models.key_source(model) == "none"


@pytest.mark.parametrize(
    "moved", [{"address": "http://elsewhere.example/v1"}, {"model": "openai/gpt-4.1-mini"}]
)
def test_a_key_does_not_follow_a_model_to_another_server(
    models: Models, moved: dict[str, object]
) -> None:
    model = models.add(draft(), key="sk-123456")
    assert models.key_source(models.change(model.id, draft(**moved))) == "none"
    again = models.change(model.id, draft("Third"), key="sk-another")
    assert models.key_source(again) == "saved"


def test_a_key_that_cannot_be_one_adds_no_model(models: Models) -> None:
    with pytest.raises(BadInput):
        models.add(draft(), key="two\nlines")
    assert models.list() == []


def test_the_document_holds_no_key(models: Models, keys: Keys) -> None:
    model = models.add(draft(), key="sk-123456")
    store: Store = keys.store  # type: ignore[attr-defined]
    row = store.models.get(model.id)
    assert row is not None
    assert "sk-123456" not in str(row)
    assert "sk-123456" not in model.model_dump_json()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_can_be_added_as_it_is(models: Models, preset: object) -> None:
    chosen = next(one for one in PRESETS if one is preset)
    model = models.add(chosen.draft)
    assert models.key_name(model) == chosen.key_name
    assert chosen.needs_address == (model.address is not None)
    assert chosen.needs.endswith(".")


def test_presets_name_models_that_the_price_list_knows() -> None:
    found = importlib.util.find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "model_prices_and_context_window_backup.json"
    listed = json.loads(path.read_text("utf-8"))
    for preset in (one for one in PRESETS if one.key_name):
        entry = listed[preset.draft.model.partition("/")[2]]
        if preset.draft.purpose == "chat":
            assert entry["output_cost_per_token"] > 0
            assert entry["supports_response_schema"]
        else:
            mode = {"embedding": "embedding", "transcription": "audio_transcription"}
            assert entry["mode"] == mode[preset.draft.purpose]
            assert entry.get("input_cost_per_second") or entry["input_cost_per_token"]


def test_there_are_presets_for_every_purpose() -> None:
    found = {purpose: [p for p in PRESETS if p.draft.purpose == purpose] for purpose in PURPOSES}
    assert all(any(p.key_name for p in presets) for presets in found.values())
    assert all(any(p.needs_address for p in presets) for presets in found.values())
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


def test_a_model_that_was_kept_without_a_purpose_chats(models: Models, keys: Keys) -> None:
    store: Store = keys.store  # type: ignore[attr-defined]
    document = draft().model_dump(mode="json")
    del document["purpose"]
    store.models.add("old", "Old", document | {"name": "Old"})
    assert models.get("Old").purpose == "chat"
    assert [model.id for model in models.list("chat")] == ["old"]


def test_models_are_listed_and_found_by_their_purpose(models: Models) -> None:
    models.add(draft("Claude"))
    nomic = models.add(draft("Nomic", model="ollama/nomic-embed-text", purpose="embedding"))
    whisper = models.add(draft("Whisper", model="openai/whisper-1", purpose="transcription"))
    assert [model.name for model in models.list()] == ["Claude", "Nomic", "Whisper"]
    assert [model.name for model in models.list("embedding")] == ["Nomic"]
    assert models.find("Nomic", purpose="embedding") == nomic
    assert models.find("openai/whisper-1", purpose="transcription") == whisper
    for name in ("nomic", "ollama/nomic-embed-text"):
        with pytest.raises(BadInput, match="Nomic is an embedding model") as raised:
            models.find(name)
        assert raised.value.place == "model"
        assert raised.value.fix == "Choose a chat model, or add one."
    with pytest.raises(BadInput, match="Claude is a chat model: it answers with words"):
        models.keep("claude", purpose="transcription")


def test_one_that_litellm_names_is_kept_for_its_purpose(models: Models) -> None:
    found = models.find("openai/text-embedding-3-small", purpose="embedding")
    assert (found.purpose, found.version) == ("embedding", 0)
    kept = models.keep("openai/text-embedding-3-small", purpose="embedding")
    assert (kept.purpose, kept.version) == ("embedding", 1)
    assert models.keep("openai/text-embedding-3-small", purpose="embedding") == kept


def test_one_name_may_stand_for_two_purposes(models: Models) -> None:
    models.add(draft("Hears", model="openai/both", purpose="transcription"))
    models.add(draft("Talks", model="openai/both"))
    assert models.find("openai/both").name == "Talks"
    assert models.find("openai/both", purpose="transcription").name == "Hears"


def test_a_model_keeps_its_purpose(models: Models) -> None:
    model = models.add(draft())
    with pytest.raises(BadInput, match="is a chat model"):
        models.change(model.id, draft(purpose="embedding"))
    assert models.get(model.id).version == 1


@pytest.mark.parametrize(
    ("purpose", "senseless"),
    [
        ("embedding", {"temperature": 0.5}),
        ("embedding", {"output_price": 1.0}),
        ("transcription", {"temperature": 0.5}),
        ("transcription", {"input_price": 1.0}),
    ],
)
def test_what_makes_no_sense_for_a_purpose_is_refused(
    models: Models, purpose: str, senseless: dict[str, float]
) -> None:
    with pytest.raises(BadInput) as raised:
        models.add(draft(purpose=purpose, **senseless))
    assert raised.value.place in senseless
    assert models.list() == []


def test_a_trial_asks_the_model_that_is_meant(models: Models, keys: Keys) -> None:
    asked: list[str] = []

    class Trying(Gateway):
        def __init__(self) -> None:
            pass

        def trial(self, model: object) -> object:  # type: ignore[override]
            asked.append(model.name)  # type: ignore[attr-defined]
            return "tried"

    store: Store = keys.store  # type: ignore[attr-defined]
    trying = Models(store.models, keys, Trying())
    assert trying.trial(models.add(draft("Claude")).id) == "tried"
    assert asked == ["Claude"]


def test_every_provider_of_litellm_is_known() -> None:
    """By its source: importing it takes seconds."""
    found = importlib.util.find_spec("litellm")
    assert found and found.origin
    source = Path(found.origin).with_name("types") / "utils.py"
    names = next(
        node
        for node in ast.parse(source.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "LlmProviders"
    )
    theirs = {
        node.value.value
        for node in names.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    assert "openai" in theirs
    assert theirs <= PROVIDERS


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("OpenAI/gpt-4.1-mini", "Did you mean openai/…?"),
        ("foo/bar", "A server that speaks OpenAI's language is openai/"),
        ("gpt-4.1-mini", "such as openai/gpt-4.1-mini"),
    ],
)
def test_a_provider_that_nobody_knows_is_refused(models: Models, model: str, said: str) -> None:
    kept = models.add(draft("Good"))
    for refused in (
        lambda: models.add(draft(model=model)),
        lambda: models.change(kept.id, draft("Good", model=model)),
    ):
        with pytest.raises(BadInput) as raised:
            refused()
        assert raised.value.place == "model"
        assert said in (raised.value.fix or "")


def test_credentials_that_were_kept_in_an_address_are_not_shown() -> None:
    kept = {"id": "a", "name": "A", "model": "openai/a", "address": "http://user:pw@host:8/v1"}
    assert Model.model_validate(kept).address == "http://host:8/v1"
