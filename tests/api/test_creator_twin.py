"""The source documents' own paths for creator twins and the AI engine."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.conftest import CREATOR, V1, trained

TRAINER = f"{V1}/testing/creator-twin"
AI = f"{V1}/ai"


@pytest.fixture
def empty(client: httpx.Client) -> Any:
    made = client.post(f"{V1}/twins", json={"name": "Nobody Yet"}).json()
    yield made
    client.delete(f"{V1}/twins/{made['id']}")


def test_content_is_uploaded_for_a_creator(client: httpx.Client, empty: dict[str, Any]) -> None:
    files = [("files", ("rest.md", b"# Rest\n\nRest is work that you cannot see."))]
    answer = client.post(
        f"{TRAINER}/upload-content", files=files, data={"creator_id": "nobody-yet", "pii": "mask"}
    )
    assert answer.status_code == 202, answer.text
    assert (answer.json()["creator_id"], answer.json()["files"]) == (empty["id"], ["rest.md"])
    assert answer.headers["location"] == f"{V1}/twins/{empty['id']}/training"
    assert trained(client, empty["id"])["version"] == 1


@pytest.mark.parametrize("path", [f"{TRAINER}/upload-content", f"{AI}/documents/process"])
@pytest.mark.parametrize(
    ("data", "status", "field"),
    [
        ({}, 422, "creator_id"),
        ({"creator_id": ""}, 422, "creator_id"),
        ({"creator_id": "nobody at all"}, 404, "creator_id"),
        ({"creator_id": "maya-the-short", "pii": "burn"}, 422, "pii"),
    ],
)
def test_what_is_missing_in_a_form_is_named(
    client: httpx.Client,
    twin: dict[str, Any],
    path: str,
    data: dict[str, str],
    status: int,
    field: str,
) -> None:
    answer = client.post(path, files={"file": ("a.md", b"# A")}, data=data)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_a_personality_has_intervals_and_a_voice(
    client: httpx.Client, twin: dict[str, Any]
) -> None:
    body = {"creator_id": "Maya the Short"}
    found = client.post(f"{TRAINER}/analyze-personality", json=body).json()
    assert (found["creator_id"], found["version"]) == (twin["id"], 1)
    assert {one["trait"] for one in found["traits"]} >= {"openness", "extraversion"}
    assert all(one["low"] < one["score"] < one["high"] for one in found["traits"])
    assert found["voice"]["features"]


def test_a_score_that_is_not_there_says_how_to_get_one(
    client: httpx.Client, empty: dict[str, Any]
) -> None:
    query = {"creator_id": empty["id"]}
    answer = client.get(f"{TRAINER}/consistency-score", params=query)
    assert answer.status_code == 404
    assert f"/twins/{empty['id']}/test" in answer.json()["fix"]
    assert client.get(f"{TRAINER}/consistency-score").status_code == 422


def test_a_response_is_tested(client: httpx.Client, twin: dict[str, Any]) -> None:
    own = (CREATOR / "slack-water.md").read_text("utf-8")[:1_500]
    found = client.post(
        f"{TRAINER}/test-response", json={"creator_id": twin["id"], "response": own}
    ).json()
    assert found["creator_id"] == twin["id"] and 0 <= found["probability"] <= 1
    assert found["nearest"] and "evidence" in found


def test_a_document_is_processed(client: httpx.Client, empty: dict[str, Any]) -> None:
    answer = client.post(
        f"{AI}/documents/process",
        files={"file": ("rest.md", b"# Rest\n\nRest is work that you cannot see.")},
        data={"creator_id": empty["id"]},
    )
    assert answer.status_code in (200, 202), answer.text
    trained(client, empty["id"])
    found = answer.json()
    assert found["files"] == ["rest.md"]
    assert [one["name"] for one in found["pieces"]] == ["rest.md"]
    if answer.status_code == 200:
        assert found["training"]["version"] == 1 and found["pieces"][0]["state"] == "ready"


def test_a_conversation(client: httpx.Client, twin: dict[str, Any]) -> None:
    body = {"query": "What is the keel hour?", "creator_id": twin["id"], "conversation_id": "one"}
    found = client.post(f"{AI}/conversations", json=body).json()
    assert found["conversation_id"] == "one" and not found["declined"]
    assert 0 < found["confidence"] <= 1 and found["citations"]
    assert client.post(f"{AI}/conversations", json={"query": "?"}).status_code == 422


def test_the_models_are_told_without_asking_any(client: httpx.Client, twin: dict[str, Any]) -> None:
    model = {"name": "Far away", "model": "openai/far", "address": "http://127.0.0.1:9/v1"}
    client.post(f"{V1}/models", json=model)
    found = client.get(f"{AI}/models/status").json()
    assert (found["embedding"], found["transcription"]) == (None, None)
    (far,) = [one for one in found["models"] if one["name"] == "Far away"]
    assert (far["purpose"], far["key_source"], far["ready"]) == ("chat", "none", True)
    (own,) = [one for one in found["collections"] if one["creator_id"] == twin["id"]]
    assert own["collection"] == f"creator_{twin['id']}_knowledge"
    assert own["passages"] >= own["chunks"] > 0 and own["embedder"]


def test_a_model_is_chosen_for_a_purpose(client: httpx.Client) -> None:
    model = {"name": "Vectors", "model": "openai/vectors", "purpose": "embedding"}
    client.post(f"{V1}/models", json={**model, "address": "http://127.0.0.1:9/v1"})
    chosen = client.put(f"{AI}/models/embedding", json={"model": "Vectors"}).json()
    back = client.put(f"{AI}/models/embedding", json={"model": None}).json()
    assert (chosen["embedding"]["name"], back["embedding"]) == ("Vectors", None)
    for purpose, name, status in (
        ("embedding", "nothing", 404),
        ("transcription", "Vectors", 422),
        ("chat", "Vectors", 422),
    ):
        answer = client.put(f"{AI}/models/{purpose}", json={"model": name})
        assert answer.status_code == status, answer.text
