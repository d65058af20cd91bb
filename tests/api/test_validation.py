"""Validation over HTTP: the source document's answer, the catalogue, fixes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import yaml

from core.flows import CHECKS, ValidationConfig
from tests.api.conftest import V1

Unique = Callable[[str], str]
FLAWED: dict[str, Any] = {
    "name": "Flawed",
    "steps": [
        {"id": "hello", "type": "tag", "config": {"add": ["new"]}, "next": "dne"},
        {"id": "lost", "type": "tag", "config": {"add": ["warm"]}, "next": "done"},
        {"id": "done", "type": "end"},
    ],
}


def test_a_workflow_is_validated_as_the_source_says(client: httpx.Client, unique: Unique) -> None:
    id = client.post(f"{V1}/flows", json={**FLAWED, "name": unique("W")}).json()["id"]
    answer = client.post(f"{V1}/ai-testing/workflows/{id}/validate")
    assert answer.status_code == 200
    said = answer.json()
    assert set(said) == {"valid", "issues", "score"}
    assert (said["valid"], said["issues"][0]["type"]) == (False, "missing_step")
    assert 0 < said["score"] < 100
    assert said["issues"] == client.get(f"{V1}/flows/{id}/findings").json()["items"]
    assert client.post(f"{V1}/ai-testing/workflows/nobody/validate").status_code == 404
    old = client.post(f"{V1}/ai-testing/workflows/{id}/validate", params={"version": 1})
    assert old.json() == said


def test_a_document_is_validated_without_being_kept(client: httpx.Client) -> None:
    before = client.get(f"{V1}/flows").json()["total"]
    said = client.post(f"{V1}/flows/validate", json=FLAWED).json()
    assert not said["valid"]
    text = yaml.safe_dump({"steps": [{"id": "a", "type": "end"}]})
    fine = client.post(
        f"{V1}/flows/validate", content=text, headers={"content-type": "application/yaml"}
    )
    assert fine.json() == {"valid": True, "issues": [], "score": 100}
    assert client.post(f"{V1}/flows/validate", json={"name": "no steps"}).json()["score"] == 0
    assert client.post(f"{V1}/flows/validate", content="steps: [").status_code == 422
    assert client.get(f"{V1}/flows").json()["total"] == before


def test_a_finding_is_mended_as_a_new_version(client: httpx.Client, unique: Unique) -> None:
    kept = client.post(f"{V1}/flows", json={**FLAWED, "name": unique("M")}).json()
    path = f"{V1}/flows/{kept['id']}/fixes"
    mended = client.post(path, json=kept["findings"][0])
    assert mended.status_code == 200, mended.text
    assert mended.json()["version"] == 2
    assert [one["type"] for one in mended.json()["findings"]] == ["orphan_step"]
    again = client.post(path, json=kept["findings"][0])
    assert again.status_code == 409 and again.json()["fix"] == kept["findings"][0]["fix"]


def test_the_catalogue(client: httpx.Client) -> None:
    page = client.get(f"{V1}/checks", params={"limit": 5}).json()
    assert (page["total"], len(page["items"])) == (len(CHECKS), 5)
    assert set(page["items"][0]) == {
        *("id", "family", "severity", "title", "explanation", "fix", "example")
    }


def test_the_command_works_for_a_command_line_elsewhere(
    client: httpx.Client, unique: Unique
) -> None:
    id = client.post(f"{V1}/flows", json={**FLAWED, "name": unique("C")}).json()["id"]
    config = ValidationConfig(checks={"missing_step": "off"}, fail_on="warning")
    body = {"flow": id, "config": config.model_dump(mode="json"), "fail_on": None}
    answer = client.post(f"{V1}/commands/validate", json=body).json()
    assert (answer["exit_code"], answer["document"][0]["valid"]) == (1, True)
    listed = client.post(f"{V1}/commands/checks", json={}).json()
    assert len(listed["document"]) == len(CHECKS)
