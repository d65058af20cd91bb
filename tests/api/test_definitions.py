"""Personas, flows, populations and parameters over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import yaml

from tests.api.conftest import V1
from tests.conftest import TWO_STEPS

PERSONAS = f"{V1}/ai-testing/personas"
Unique = Callable[[str], str]


def test_the_seven_are_there_with_the_sources_fields(client: httpx.Client) -> None:
    page = client.get(PERSONAS).json()
    built_in = [persona for persona in page["items"] if persona["built_in"]]
    assert len(built_in) == 7
    assert page["total"] == len(page["items"]) and page["next"] is None
    assert set(built_in[0]) == {
        "id",
        "name",
        "description",
        "personality",
        "demographics",
        "behavior_traits",
        "version",
        "built_in",
    }


def test_a_persona_is_made_changed_copied_and_deleted(client: httpx.Client, unique: Unique) -> None:
    made = client.post(PERSONAS, json={"name": unique("Ann"), "behavior_traits": ["asks"]})
    assert made.status_code == 201
    where = made.headers["location"]
    assert client.get(where).json() == made.json()
    changed = client.put(where, json={"name": unique("Ann"), "description": "new"}).json()
    assert (changed["version"], changed["description"]) == (2, "new")
    copied = client.post(f"{where}/copy")
    assert copied.status_code == 201 and copied.json()["name"].endswith("(copy)")
    named = client.post(f"{where}/copy", json={"name": unique("Bea")}).json()
    assert named["name"] == unique("Bea")
    for place in (where, copied.headers["location"], f"{PERSONAS}/{named['id']}"):
        assert client.delete(place).status_code == 204
        assert client.get(place).status_code == 404


def test_a_built_in_persona_is_not_lost(client: httpx.Client) -> None:
    for answer in (
        client.delete(f"{PERSONAS}/cold-carl"),
        client.put(f"{PERSONAS}/cold-carl", json={"name": "Cold Carl"}),
    ):
        assert answer.status_code == 409
        assert answer.json()["fix"] == "Make a copy and use that."


def test_a_flow_comes_as_json_yaml_or_file(client: httpx.Client, unique: Unique) -> None:
    text = yaml.safe_dump({**TWO_STEPS, "name": unique("Y")})
    as_yaml = client.post(f"{V1}/flows", content=text, headers={"content-type": "application/yaml"})
    assert as_yaml.status_code == 201 and as_yaml.json()["name"] == unique("Y")
    as_file = client.post(f"{V1}/flows", files={"file": ("f.yaml", text)})
    assert as_file.status_code == 201
    assert as_file.json()["document"] == as_yaml.json()["document"]
    assert as_file.json()["id"] != as_yaml.json()["id"]


def test_replacing_a_flow_makes_a_version(client: httpx.Client, unique: Unique) -> None:
    made = client.post(f"{V1}/flows", json={**TWO_STEPS, "name": unique("F")})
    where = made.headers["location"]
    changed = client.put(where, json={**TWO_STEPS, "name": unique("F"), "description": "2"})
    assert changed.json()["version"] == 2
    assert client.get(where, params={"version": 1}).json()["document"] == made.json()["document"]
    versions = client.get(f"{where}/versions").json()
    assert [one["version"] for one in versions["items"]] == [2, 1]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


def test_a_flow_says_what_is_wrong_with_it(client: httpx.Client, unique: Unique) -> None:
    steps = [{"id": "a", "type": "send_sms", "config": {"body": "hi"}, "next": "nowhere"}]
    made = client.post(f"{V1}/flows", json={"name": unique("Bad"), "steps": steps})
    findings = client.get(f"{made.headers['location']}/findings").json()["items"]
    assert findings[0]["type"] == "missing_step" and findings[0]["step_id"] == "a"
    refused = client.post(f"{V1}/runs", json={"flow_id": made.json()["id"], "cast": "all"})
    assert refused.status_code == 422 and refused.json()["errors"][0]["type"] == "missing_step"


def test_schema_and_templates(client: httpx.Client) -> None:
    assert "steps" in client.get(f"{V1}/flows/schema").json()["properties"]
    templates = client.get(f"{V1}/flows/templates").json()["items"]
    assert len(templates) >= 3
    assert all(len(template["document"]["steps"]) >= 10 for template in templates)


def test_a_population_is_frozen_once(client: httpx.Client, unique: Unique) -> None:
    draft = {"name": unique("P"), "cast": [{"persona": "busy-bob", "copies": 12}], "seed": 99}
    made = client.post(f"{V1}/populations", json=draft)
    again = client.post(f"{V1}/populations", json=draft)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    where = made.headers["location"]
    people = client.get(f"{where}/people", params={"limit": 5, "offset": 10}).json()
    assert people["total"] == 12 and len(people["items"]) == 2
    renamed = client.patch(where, json={"name": unique("Q")}).json()
    assert (renamed["id"], renamed["name"]) == (made.json()["id"], unique("Q"))
    refused = client.put(where, json=draft)
    assert refused.status_code == 409 and "frozen" in refused.json()["detail"]
    exported = client.get(f"{where}/export")
    assert len(exported.json()["people"]) == 12
    assert "filename=" in exported.headers["content-disposition"]
    assert client.delete(where).status_code == 204


def test_parameters_have_versions(client: httpx.Client) -> None:
    shipped = client.get(f"{V1}/parameters", params={"version": 1}).json()
    first = shipped["parameters"][0]
    assert all(first[key] for key in ("name", "unit", "help", "source"))
    value = (first["min"] + first["max"]) / 2
    made = client.post(f"{V1}/parameters", json={"changes": {first["name"]: value}, "note": "half"})
    assert made.status_code == 201 and made.json()["version"] > 1
    changed = next(one for one in made.json()["parameters"] if one["name"] == first["name"])
    assert changed["value"] == value
    versions = client.get(f"{V1}/parameters/versions").json()["items"]
    assert versions[0]["note"] == "half" and versions[-1]["version"] == 1
    wrong = client.post(f"{V1}/parameters", json={"changes": {first["name"]: 1e99}})
    assert wrong.status_code == 422 and wrong.json()["field"] == first["name"]


def test_pages_lead_to_all_items(client: httpx.Client) -> None:
    seen: list[str] = []
    where: str | None = f"{PERSONAS}?limit=3"
    while where:
        page = client.get(where).json()
        seen += [persona["id"] for persona in page["items"]]
        where = page["next"]
    assert len(seen) == len(set(seen)) == page["total"]


def test_a_workspace_is_named_by_header_or_query(client: httpx.Client) -> None:
    names = [one["name"] for one in client.get(f"{V1}/workspaces").json()["items"]]
    assert "default" in names
    by_header = client.get(PERSONAS, headers={"Greenroom-Workspace": "nowhere"})
    by_query = client.get(PERSONAS, params={"workspace": "nowhere"})
    assert by_header.status_code == by_query.status_code == 404
    assert by_header.json()["field"] == "workspace"


def test_health_and_documentation(client: httpx.Client) -> None:
    assert client.get(f"{V1}/health").json()["status"] == "ok"
    page = client.get("/api/docs").text
    assert "https://" not in page and "/app/static/swagger/swagger-ui-bundle.js" in page
    document = client.get("/api/openapi.json").json()
    assert document["servers"] == [{"url": "/api"}]
