"""What a flow that is being drawn needs over HTTP: its text, layout, names, conditions, merging."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import httpx

from tests.api.conftest import V1
from tests.conftest import TWO_STEPS

FLOWS = f"{V1}/flows"
Unique = Callable[[str], str]
YAML = {"content-type": "application/yaml"}


def text_of(name: str) -> str:
    return f"# ours\nname: {name} # the name\nsteps:\n  # first\n  - id: a\n    type: end\n"


def made(client: httpx.Client, name: str) -> dict[str, Any]:
    answer = client.post(FLOWS, content=text_of(name), headers=YAML)
    assert answer.status_code == 201, answer.text
    return answer.json()


def other() -> dict[str, Any]:
    return copy.deepcopy(TWO_STEPS)


def test_a_yaml_body_keeps_its_comments(client: httpx.Client, unique: Unique) -> None:
    kept = made(client, unique("T"))
    assert kept["text"] == text_of(unique("T"))
    where = f"{FLOWS}/{kept['id']}"
    assert client.get(where).json()["text"] == kept["text"]
    changed = client.put(where, json={**kept["document"], "description": "New"}).json()
    assert changed["version"] == 2 and "# first\n" in changed["text"]


def test_a_json_flow_has_a_text_too(client: httpx.Client, flow: str) -> None:
    text = client.get(f"{FLOWS}/{flow}").json()["text"]
    read = client.post(f"{FLOWS}/read", json={"text": text})
    assert read.json()["document"] == TWO_STEPS


def test_the_second_to_save_is_told_and_loses_nothing(client: httpx.Client, unique: Unique) -> None:
    kept = made(client, unique("S"))
    where = f"{FLOWS}/{kept['id']}"
    theirs = {**kept["document"], "description": "theirs"}
    assert client.put(where, json=theirs, params={"after": 1}).json()["version"] == 2
    mine = {**kept["document"], "timezone": "Europe/Berlin"}
    told = client.put(where, json=mine, params={"after": 1})
    assert told.status_code == 409
    problem = told.json()
    assert (problem["type"], problem["newest"], problem["field"]) == ("conflict", 2, "after")
    merged = client.post(f"{where}/merge", json={"base": 1, "document": mine}).json()
    assert (merged["newest"], merged["conflicts"]) == (2, [])
    assert merged["document"] == {**mine, "description": "theirs"}
    saved = client.put(where, json=merged["document"], params={"after": merged["newest"]})
    assert saved.json()["version"] == 3


def test_a_merge_tells_its_conflicts(client: httpx.Client, unique: Unique) -> None:
    kept = made(client, unique("M"))
    where = f"{FLOWS}/{kept['id']}"
    theirs, mine = copy.deepcopy(kept["document"]), copy.deepcopy(kept["document"])
    theirs["steps"][0]["type"], mine["steps"][0]["type"] = "goal", "handoff"
    client.put(where, json=theirs)
    merged = client.post(f"{where}/merge", json={"base": 1, "document": mine}).json()
    assert merged["conflicts"] == [
        {"path": "type", "step_id": "a", "mine": "handoff", "theirs": "goal"}
    ]
    assert merged["document"] == mine


def test_saving_with_no_change_makes_no_version(client: httpx.Client, unique: Unique) -> None:
    kept = made(client, unique("N"))
    again = client.put(f"{FLOWS}/{kept['id']}", content=kept["text"], headers=YAML)
    assert again.json()["version"] == 1


def test_a_text_changes_only_where_the_document_did(client: httpx.Client) -> None:
    text = "name: a # one\nvariables: {price: 49.0}\nsteps:\n  # two\n  - {id: a, type: end}\n"
    document = client.post(f"{FLOWS}/read", json={"text": text}).json()["document"]
    document["name"] = "b"
    document["variables"]["price"] = 49
    answer = client.post(f"{FLOWS}/text", json={"document": document, "text": text})
    assert answer.json() == {"text": text.replace("name: a", "name: b")}
    unreadable = client.post(f"{FLOWS}/text", json={"document": document, "text": "# x\na: ["})
    assert unreadable.json()["text"].startswith("# x\nname: b\n")


def test_a_text_that_cannot_be_read_names_its_place(client: httpx.Client) -> None:
    answer = client.post(f"{FLOWS}/read", json={"text": "name: a\nname: b\n"})
    assert answer.status_code == 422 and answer.json()["field"] == "line 2, column 1"


def test_a_half_drawn_flow_is_laid_out(client: httpx.Client) -> None:
    steps = [{"id": "a", "next": "b"}, {"id": "b", "type": "what"}]
    answer = client.post(f"{FLOWS}/layout", json={"document": {"steps": steps}})
    assert answer.json() == {"positions": {"a": [0, 0], "b": [0, 184]}}


def test_names_come_with_what_personas_carry(client: httpx.Client) -> None:
    answer = client.post(f"{FLOWS}/names", json={"document": TWO_STEPS, "step_id": "sort"})
    names = {one["name"]: one for one in answer.json()["names"]}
    assert names["reply.intent"]["sure"] and "interested" in names["reply.intent"]["values"]
    assert names["contact.occupation"]["sure"] is False


def test_conditions_are_tried_on_samples_and_personas(client: httpx.Client) -> None:
    body = {
        "document": {**TWO_STEPS, "variables": {"price": 5}},
        "conditions": ["contact.age > 3 && price == 5", "contact.age >"],
        "samples": [{"name": "Ann", "values": {"contact": {"age": 2}}}],
        "personas": True,
    }
    good, bad = client.post(f"{FLOWS}/conditions", json=body).json()["results"]
    held = {row["name"]: row["holds"] for row in good["rows"]}
    assert held.pop("Ann") is False and len(held) >= 7 and all(held.values())
    assert [row["operator"] for row in good["simple"]["rows"]] == ["more than", "is"]
    assert bad["error"]["place"] == "line 1, column 14" and bad["rows"] == []


def test_rows_become_a_condition(client: httpx.Client) -> None:
    rows = [
        {"field": "reply.intent", "operator": "is one of", "value": ["interested", "question"]},
        {"field": "contact.tags", "operator": "contains", "value": "vip"},
    ]
    answer = client.post(f"{FLOWS}/conditions", json={"rows": rows, "joined": "or"}).json()
    expected = 'reply.intent in ["interested", "question"] || "vip" in contact.tags'
    assert answer["condition"] == expected
    wrong = client.post(f"{FLOWS}/conditions", json={"rows": [{"field": "1", "operator": "is"}]})
    assert wrong.status_code == 422 and wrong.json()["field"] == "rows[0].field"


def test_versions_and_documents_are_compared(client: httpx.Client, unique: Unique) -> None:
    kept = made(client, unique("D"))
    changed = {**kept["document"], "steps": [*kept["document"]["steps"], {"id": "b"}]}
    where = f"{FLOWS}/{kept['id']}"
    client.put(where, json=changed)
    versions = client.get(f"{where}/differences", params={"a": 1, "b": 2}).json()
    assert (versions["a_version"], versions["b_version"]) == (1, 2)
    assert [(one["id"], one["change"]) for one in versions["steps"]] == [
        ("a", "same"),
        ("b", "added"),
    ]
    body = {"a": kept["document"], "b": changed}
    documents = client.post(f"{FLOWS}/differences", json=body).json()
    assert documents == {k: v for k, v in versions.items() if not k.endswith("_version")}


def test_findings_say_how_they_are_mended_and_are_mended_without_a_save(
    client: httpx.Client,
) -> None:
    broken = other()
    broken["steps"][0]["next"] = "wiat"
    issues = client.post(f"{FLOWS}/validate", json=broken).json()["issues"]
    finding = next(one for one in issues if one["type"] == "missing_step")
    assert finding.pop("mend") == "Lead it to “wait”"
    body = {"document": broken, "finding": finding}
    assert client.post(f"{FLOWS}/mend", json=body).json() == {"document": TWO_STEPS}
    gone = client.post(f"{FLOWS}/mend", json={"document": TWO_STEPS, "finding": finding})
    assert gone.status_code == 409


def test_a_hostile_document_is_refused_with_its_place(client: httpx.Client) -> None:
    body = {"document": {"name": "a\u0000", "steps": []}}
    for route in ("text", "layout"):
        answer = client.post(f"{FLOWS}/{route}", json=body)
        assert answer.status_code == 422 and answer.json()["field"] == "document.name"
