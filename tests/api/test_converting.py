"""Flows in and out over HTTP."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import httpx
import pytest

from core.flows import read_flow
from tests.api.conftest import V1
from tests.conftest import TWO_STEPS
from tests.support.foreign_documents import bot, node, says, workflow

N8N = workflow([node("Go", "manualTrigger"), node("Say", "slack", {"text": "Hello"})], "Go > Say")


@pytest.mark.parametrize(
    ("document", "format", "first"),
    [
        (N8N, "n8n", "say"),
        (bot({"G": [says("b1", "Hello")]}), "typebot", "g_text"),
        (TWO_STEPS, "greenroom", "hello"),
    ],
)
def test_foreign_flows_are_read_and_not_kept(
    client: httpx.Client, document: dict[str, object], format: str, first: str
) -> None:
    before = client.get(f"{V1}/flows").json()["total"]
    answer = client.post(f"{V1}/flows/import", json=document)
    assert answer.status_code == 200
    found = answer.json()
    assert found["format"] == format
    assert found["document"]["steps"][0]["id"] == first
    assert set(found["report"][0]) == {"id", "name", "type", "steps", "lost"}
    file = {"file": ("flow.json", json.dumps(document))}
    assert client.post(f"{V1}/flows/import", files=file).json() == found
    assert client.get(f"{V1}/flows").json()["total"] == before


def test_what_is_no_flow_is_a_problem(client: httpx.Client) -> None:
    answer = client.post(f"{V1}/flows/import", json={"nodes": 7})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_flow_goes_out_in_every_form(client: httpx.Client) -> None:
    kept = client.post(f"{V1}/flows", json=TWO_STEPS).json()
    way = f"{V1}/flows/{kept['id']}/export"
    assert client.get(way, params={"format": "json"}).json() == TWO_STEPS
    yaml = client.get(way)
    assert yaml.headers["content-type"].startswith("application/yaml")
    assert yaml.headers["content-disposition"].endswith('-v1.yaml"')
    assert read_flow(yaml.text) == TWO_STEPS
    assert "flowchart TD" in client.get(way, params={"format": "mermaid"}).text
    assert ET.fromstring(client.get(way, params={"format": "svg"}).text).tag.endswith("svg")
    assert client.get(way, params={"format": "word"}).status_code == 422
    assert client.get(way, params={"version": 9}).status_code == 404
    assert client.get(f"{V1}/flows/nobody/export").status_code == 404
