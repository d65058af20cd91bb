"""Creator twins over HTTP: made, given real files, trained, tuned, tested, talked with."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from core.workbench import Workbench
from tests.api.conftest import CREATOR, V1, trained

TWINS = f"{V1}/twins"
KEEL = "What is the keel hour?"
OFF_TOPIC = "Which graphics card do I need for video games?"
SESSION = {
    "session_id",
    "creator_id",
    "test_type",
    "status",
    "created_at",
    "completed_at",
    "configuration",
    "results",
}


@pytest.fixture
def fresh(client: httpx.Client, unique: Callable[[str], str]) -> Iterator[str]:
    """A twin of this test's own that has learned nothing."""
    answer = client.post(TWINS, json={"name": unique("Twin")[:100]})
    assert answer.status_code == 201, answer.text
    id = answer.json()["id"]
    yield id
    client.delete(f"{TWINS}/{id}/training")
    client.delete(f"{TWINS}/{id}")


def upload(
    client: httpx.Client, id: str, *files: tuple[str, bytes], **query: str
) -> dict[str, Any]:
    """Give a twin files, and wait until it has learned them."""
    parts = [("file", one) for one in files]
    answer = client.post(f"{TWINS}/{id}/pieces", files=parts, params=query)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{TWINS}/{id}/training"
    trained(client, id)
    return answer.json()


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Server-sent events, read."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


# Twins


def test_made_read_renamed_and_erased(client: httpx.Client) -> None:
    made = client.post(TWINS, json={"name": "  Ada Ode ", "about": "Writes."})
    assert made.status_code == 201
    twin = made.json()
    assert made.headers["location"] == f"{TWINS}/{twin['id']}"
    assert (twin["name"], twin["slug"], twin["version"]) == ("Ada Ode", "ada-ode", None)
    for ref in (twin["id"], "ada-ode", "Ada Ode"):
        assert client.get(f"{TWINS}/{ref}").json()["id"] == twin["id"]
    assert client.post(TWINS, json={"name": "ada ode"}).status_code == 409
    changed = client.patch(f"{TWINS}/ada-ode", json={"about": "Writes odes."}).json()
    assert (changed["name"], changed["about"]) == ("Ada Ode", "Writes odes.")
    listed = client.get(TWINS, params={"limit": 1000}).json()["items"]
    assert twin["id"] in [one["id"] for one in listed]
    assert client.delete(f"{TWINS}/ada-ode").status_code == 204
    assert client.get(f"{TWINS}/ada-ode").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "Ada", "personality": {"warmth": 2}}, "personality.warmth"),
        ({"name": "Ada", "personality": {"colour": 1}}, "personality.colour"),
        ({"name": "Ada", "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_a_twin_is_named(
    client: httpx.Client, body: dict[str, Any], field: str
) -> None:
    answer = client.post(TWINS, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_one_that_has_learned_nothing_says_so(client: httpx.Client, fresh: str) -> None:
    for path in ("profile", "tuning", "methodology"):
        answer = client.get(f"{TWINS}/{fresh}/{path}")
        assert answer.status_code == 404 and "content" in answer.json()["fix"]
    assert client.post(f"{TWINS}/{fresh}/chat", json={"message": KEEL}).status_code == 404
    assert client.post(f"{TWINS}/{fresh}/verify", json={"text": KEEL}).status_code == 404
    assert client.post(f"{TWINS}/{fresh}/test").status_code == 404
    assert client.get(f"{TWINS}/{fresh}/versions").json()["items"] == []
    state = client.get(f"{TWINS}/{fresh}/training").json()
    assert (state["going_on"], state["version"]) == (False, None)


# Content


def test_what_a_twin_was_given(client: httpx.Client, twin: dict[str, Any]) -> None:
    pieces = client.get(f"{TWINS}/{twin['id']}/pieces").json()["items"]
    assert {one["name"] for one in pieces} == {"the-keel-hour.md", "faq.md"}
    assert all((one["state"], one["stage"]) == ("ready", "analysed") for one in pieces)
    assert twin["words"] == sum(one["words"] for one in pieces) > 1_500
    assert (twin["pieces"], twin["versions"], twin["version"]) == (2, 1, 1)


def test_hostile_files_are_refused_one_by_one(
    client: httpx.Client, fresh: str, bench: Workbench
) -> None:
    upload(
        client,
        fresh,
        ("../../../outside.md", b"# Way out\n\nNot above the folder."),
        ("empty.md", b""),
        ("lies.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        ("bad.docx", b"PK\x03\x04 not an archive"),
        pii="keep",
    )
    pieces = {one["name"]: one for one in client.get(f"{TWINS}/{fresh}/pieces").json()["items"]}
    assert set(pieces) == {"outside.md", "empty.md", "lies.pdf", "bad.docx"}
    assert pieces["outside.md"]["state"] == "ready"
    for name in ("empty.md", "lies.pdf", "bad.docx"):
        assert pieces[name]["state"] == "refused"
        assert any(one["severity"] == "error" for one in pieces[name]["problems"])
    home = bench.settings.home
    assert not list(home.parent.rglob("outside.md"))
    assert not list((home / ".arriving").glob("*"))


def test_nothing_changes_for_the_same_file_again(
    client: httpx.Client, twin: dict[str, Any]
) -> None:
    name = "faq.md"
    upload(client, twin["id"], (name, (CREATOR / name).read_bytes()), pii="keep")
    assert len(client.get(f"{TWINS}/{twin['id']}/versions").json()["items"]) >= 1
    pieces = client.get(f"{TWINS}/{twin['id']}/pieces").json()["items"]
    assert [one["state"] for one in pieces] == ["ready", "ready"]


def test_personal_data_waits_for_its_creator(client: httpx.Client, fresh: str) -> None:
    text = b"# Reach me\n\nWrite to ada.ode@example.com when you are stuck. I read every letter."
    upload(client, fresh, ("reach.md", text))
    (piece,) = client.get(f"{TWINS}/{fresh}/pieces").json()["items"]
    assert (piece["state"], piece["personal"][0]["kind"]) == ("asking", "email")
    decided = client.patch(f"{TWINS}/{fresh}/pieces/{piece['id']}", json={"choice": "mask"})
    assert decided.json()["choice"] == "mask"
    started = client.post(f"{TWINS}/{fresh}/training")
    assert started.status_code == 202 and started.headers["location"].endswith("/training")
    trained(client, fresh)
    (piece,) = client.get(f"{TWINS}/{fresh}/pieces").json()["items"]
    assert piece["state"] == "ready"
    assert client.delete(f"{TWINS}/{fresh}/pieces/{piece['id']}").status_code == 204
    assert client.delete(f"{TWINS}/{fresh}/pieces/{piece['id']}").status_code == 404


@pytest.mark.parametrize("choice", ["burn", "", None])
def test_a_choice_is_one_of_three(
    client: httpx.Client, twin: dict[str, Any], choice: str | None
) -> None:
    piece = client.get(f"{TWINS}/{twin['id']}/pieces").json()["items"][0]["id"]
    answer = client.patch(f"{TWINS}/{twin['id']}/pieces/{piece}", json={"choice": choice})
    assert (answer.status_code, answer.json()["field"]) == (422, "choice")


def test_one_training_at_a_time(client: httpx.Client, fresh: str, bench: Workbench) -> None:
    files = {"file": ("faq.md", (CREATOR / "faq.md").read_bytes())}
    place = f"{TWINS}/{fresh}/pieces"
    assert client.post(place, files=files).status_code == 202
    again = client.post(place, files=files)
    assert (again.status_code, again.json()["type"]) == (409, "conflict")
    assert client.delete(f"{TWINS}/{fresh}").status_code == 409
    stopped = client.delete(f"{TWINS}/{fresh}/training").json()
    assert (stopped["going_on"], stopped["version"]) == (False, None)
    left = bench.settings.home.rglob(f"arriving/{fresh}/*/*")
    assert not list(left)


def test_files_for_nobody_are_not_read(client: httpx.Client) -> None:
    answer = client.post(f"{TWINS}/nobody/pieces", files={"file": ("a.md", b"x" * 400_000)})
    assert answer.status_code == 404


# Training


def test_a_training_is_watched_to_its_end(client: httpx.Client, twin: dict[str, Any]) -> None:
    told = events(client.get(f"{TWINS}/{twin['id']}/training/events").text)
    assert [kind for kind, _ in told][-1] == "rest"
    assert told[-1][1]["going_on"] is False


def test_stopping_what_rests_changes_nothing(client: httpx.Client, twin: dict[str, Any]) -> None:
    answer = client.delete(f"{TWINS}/{twin['id']}/training")
    assert (answer.status_code, answer.json()["going_on"]) == (200, False)


# Versions


def test_a_version_holds_all_that_the_twin_knows(
    client: httpx.Client, twin: dict[str, Any]
) -> None:
    place = f"{TWINS}/{twin['id']}"
    version = client.get(f"{place}/versions/1").json()
    assert version["why"] == "trained"
    assert {one["name"] for one in version["pieces"]} == {"the-keel-hour.md", "faq.md"}
    profile = client.get(f"{place}/profile").json()
    assert profile == version["profile"] and profile["words"] > 1_500
    assert all(one["low"] <= one["score"] <= one["high"] for one in profile["traits"])
    assert client.get(f"{place}/versions/99").status_code == 404
    assert client.get(f"{place}/versions/1.5").status_code == 422


def test_tuning_and_correcting_make_versions_that_one_can_leave(
    client: httpx.Client, twin: dict[str, Any]
) -> None:
    place = f"{TWINS}/{twin['id']}"
    wanted = {"warmth": 0.5, "instructions": "Be brief."}
    tuned = client.put(f"{place}/tuning", json=wanted, params={"note": "Warmer"}).json()
    assert (tuned["why"], tuned["note"], tuned["in_use"]) == ("tuned", "Warmer", True)
    found = client.get(f"{place}/tuning").json()
    assert (found["warmth"], found["formality"], found["instructions"]) == (0.5, 0, "Be brief.")
    method = client.get(f"{place}/methodology").json()
    node = {"id": "n-own", "kind": "concept", "name": "The anchor", "by_hand": True}
    method["nodes"].append(node)
    corrected = client.put(f"{place}/methodology", json=method).json()
    assert (corrected["why"], corrected["in_use"]) == ("corrected", True)
    names = [one["name"] for one in client.get(f"{place}/methodology").json()["nodes"]]
    assert "The anchor" in names
    used = client.post(f"{place}/versions/1/use").json()
    assert used["version"] == 1
    assert client.get(f"{place}/tuning").json()["warmth"] == 0
    lines = client.get(f"{place}/versions").json()["items"]
    assert [one["version"] for one in lines if one["in_use"]] == [1]
    aside = client.put(f"{place}/tuning", json={"warmth": -1}, params={"use": False}).json()
    assert aside["in_use"] is False


def test_a_slider_has_ends(client: httpx.Client, twin: dict[str, Any]) -> None:
    answer = client.put(f"{TWINS}/{twin['id']}/tuning", json={"humour": 1.5})
    assert (answer.status_code, answer.json()["field"]) == (422, "humour")


def test_a_personality_given_at_the_start_holds_from_the_first_training_on(
    client: httpx.Client, unique: Callable[[str], str]
) -> None:
    body = {"name": unique("Twin")[:100], "personality": {"warmth": 0.5}}
    id = client.post(TWINS, json=body).json()["id"]
    text = b"# On rest\n\nRest is work that you cannot see. Take it before you need it."
    upload(client, id, ("rest.md", text), pii="keep")
    assert client.get(f"{TWINS}/{id}/tuning").json()["warmth"] == 0.5
    client.delete(f"{TWINS}/{id}")


def test_progress_says_what_to_upload_next(client: httpx.Client, twin: dict[str, Any]) -> None:
    found = client.get(f"{TWINS}/{twin['id']}/progress").json()
    assert found["readiness"]["words"] > 1_500
    assert found["topics"] and found["suggestions"]


# Testing


def test_the_standard_test_is_run_and_read(client: httpx.Client, twin: dict[str, Any]) -> None:
    place = f"{TWINS}/{twin['id']}/test"
    started = client.post(place)
    assert started.status_code == 202 and started.headers["location"] == place
    assert (started.json()["status"], started.json()["results"]) == ("RUNNING", None)
    threading.Event().wait(0.01)
    for _ in range(600):
        session = client.get(place).json()
        if session["status"] != "RUNNING":
            break
        threading.Event().wait(0.1)
    assert (session["status"], session["error"]) == ("COMPLETED", None)
    score = session["results"]["metrics"]["score"]
    assert 0 <= score["low"] <= score["rate"] <= score["high"] <= 1
    by_id = client.get(
        f"{V1}/testing/creator-twin/consistency-score", params={"creator_id": twin["slug"]}
    ).json()
    assert set(by_id) >= SESSION and by_id["test_type"] == "PERSONALITY_CONSISTENCY"
    assert by_id["session_id"] == session["session_id"]
    assert by_id["results"]["metrics"] == session["results"]["metrics"]


def test_a_text_is_weighed(client: httpx.Client, twin: dict[str, Any]) -> None:
    own = (CREATOR / "slack-water.md").read_text("utf-8")[:1_500]
    verdict = client.post(f"{TWINS}/{twin['id']}/verify", json={"text": own}).json()
    assert 0 <= verdict["probability"] <= 1 and verdict["words"] > 200
    assert verdict["nearest"] and verdict["nearest"][0]["file"] in ("the-keel-hour.md", "faq.md")


def test_two_versions_are_asked_the_same(client: httpx.Client, twin: dict[str, Any]) -> None:
    place = f"{TWINS}/{twin['id']}"
    wanted = {"length": -1}
    tuned = client.put(f"{place}/tuning", json=wanted, params={"use": False}).json()["version"]
    body = {"a": 1, "b": tuned, "prompts": [KEEL, OFF_TOPIC]}
    rows = client.post(f"{place}/compare", json=body).json()
    assert [row["prompt"] for row in rows] == [KEEL, OFF_TOPIC]
    assert (rows[0]["a"]["version"], rows[0]["b"]["version"]) == (1, tuned)
    assert client.post(f"{place}/compare", json={**body, "b": 999}).status_code == 404
    assert client.post(f"{place}/compare", json={**body, "prompts": []}).status_code == 422


# Talking


def test_a_twin_answers_with_what_it_rests_on(client: httpx.Client, twin: dict[str, Any]) -> None:
    chat = f"{TWINS}/{twin['slug']}/chat"
    reply = client.post(chat, json={"message": KEEL}).json()
    assert not reply["declined"] and reply["engine"] == "sentences"
    assert len(reply["citations"]) == 5
    for one in reply["citations"]:
        assert 40 <= len(one["text"].split()) <= 250
    again = {"message": OFF_TOPIC, "conversation_id": reply["conversation_id"]}
    declined = client.post(chat, json=again).json()
    assert declined["declined"] and len(declined["citations"]) == 5
    assert declined["conversation_id"] == reply["conversation_id"]
    kept = f"{TWINS}/{twin['id']}/conversations/{reply['conversation_id']}"
    turns = client.get(kept).json()["items"]
    assert [one["asked"] for one in turns] == [KEEL, OFF_TOPIC]
    assert client.delete(kept).status_code == 204
    assert client.get(kept).json()["items"] == []


def test_words_come_as_events(client: httpx.Client, twin: dict[str, Any]) -> None:
    headers = {"accept": "text/event-stream"}
    answer = client.post(f"{TWINS}/{twin['id']}/chat", json={"message": KEEL}, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert [kind for kind, _ in told][-1] == "answer"
    words = "".join(data["text"] for kind, data in told if kind == "words")
    assert words == told[-1][1]["response"]
    lost = client.post(f"{TWINS}/nobody/chat", json={"message": KEEL}, headers=headers)
    assert lost.status_code == 404 and "json" in lost.headers["content-type"]


def test_a_model_that_is_not_there_is_said(client: httpx.Client, twin: dict[str, Any]) -> None:
    for accept in ("application/json", "text/event-stream"):
        answer = client.post(
            f"{TWINS}/{twin['id']}/chat",
            json={"message": KEEL, "model": "nothing"},
            headers={"accept": accept},
        )
        assert (answer.status_code, answer.json()["field"]) == (404, "model")
