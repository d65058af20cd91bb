"""Experiments over HTTP: from a table to a decision, live ones, and what is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyarrow as pa
import pyarrow.parquet
import pytest

from core.workbench import Workbench
from tests.api.conftest import V1

E = f"{V1}/experiments"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
DESIGN: dict[str, Any] = {
    "name": "A warmer first line",
    "variants": [{"id": "control"}, {"id": "warm", "name": "Warmer"}],
    "metrics": [
        {"id": "booked", "role": "primary", "value": "booked"},
        {"id": "spend", "kind": "mean", "value": "spend"},
    ],
    "rule": {"least": 0.2},
}
BOOKED = {"control": 20, "warm": 60}
PEOPLE = 200


def table() -> str:
    """Two hundred people a variant: 20 and 60 of them booked, and spent 0 or 10, 2 or 12."""
    lines = ["unit,variant,booked,spend"]
    for variant, booked in BOOKED.items():
        for at in range(PEOPLE):
            spend = 10 * (at % 2) + (2 if variant == "warm" else 0)
            lines.append(f"{variant}-{at},{variant},{int(at < booked)},{spend}")
    return "\n".join(lines) + "\n"


def upload(client: httpx.Client, name: str, data: bytes, **more: Any) -> httpx.Response:
    return client.post(f"{V1}/datasets", files={"file": (name, data)}, **more)


@pytest.fixture(scope="module")
def dataset(client: httpx.Client) -> dict[str, Any]:
    answer = upload(client, "bookings.csv", table().encode())
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return answer.json()


@pytest.fixture
def started(client: httpx.Client, dataset: dict[str, Any]) -> dict[str, Any]:
    """An experiment over the table, started."""
    made = client.post(E, json={"design": DESIGN, "source": "table"})
    assert made.status_code == 201, made.text
    where = f"{E}/{made.json()['id']}"
    assert made.headers["location"] == where
    answer = client.put(f"{where}/data", json={"dataset_id": dataset["id"]})
    assert answer.status_code == 200, answer.text
    answer = client.post(f"{where}/start")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def live(client: httpx.Client) -> str:
    """A live experiment that is running; gives its address."""
    design = {
        **DESIGN,
        "metrics": [{"id": "booked", "role": "primary", "value": "goal:booked"}],
    }
    one = client.post(E, json={"design": design, "source": "live"}).json()
    answer = client.post(f"{E}/{one['id']}/start")
    assert answer.status_code == 200, answer.text
    return f"{E}/{one['id']}"


# Datasets


def test_a_table_is_kept_shown_and_taken_away(client: httpx.Client) -> None:
    rows = {"unit": ["a", "b"], "variant": ["x", "y"], "worth": [float("nan"), 2.5]}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(rows), file)
    found = upload(client, "t.parquet", file.getvalue()).json()
    assert (found["rows"], list(found["columns"])) == (2, ["unit", "variant", "worth"])
    where = f"{V1}/datasets/{found['id']}"
    assert client.get(where).json() == found
    preview = client.get(f"{where}/preview", params={"limit": 1}).json()
    assert preview["total"] == 2
    assert preview["rows"] == [{"unit": "a", "variant": "x", "worth": None}]
    listed = client.get(f"{V1}/datasets").json()
    assert found["id"] in [one["id"] for one in listed["items"]]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("blank.csv", b" \n"),
        ("garbage.csv", b"\x00\x01\x02PNG\xff\xfe" * 50),
        ("t.parquet", b"PAR1 is not all there is to it"),
        ("t.parquet", b"id,variant\n1,a\n"),
        ("t.jsonl", b"{nothing\n"),
    ],
)
def test_what_is_no_table_is_refused(client: httpx.Client, name: str, data: bytes) -> None:
    before = client.get(f"{V1}/datasets").json()["total"]
    answer = upload(client, name, data)
    assert answer.status_code == 422, answer.text
    assert "Traceback" not in answer.text and answer.json()["detail"]
    assert client.get(f"{V1}/datasets").json()["total"] == before


def test_an_upload_happens_once(client: httpx.Client) -> None:
    data, key = b"unit,variant\n1,a\n2,b\n", {"Idempotency-Key": uuid4().hex}
    first = upload(client, "once.csv", data, headers=key)
    assert upload(client, "once.csv", data, headers=key).json() == first.json()


@pytest.mark.parametrize("sql", ["DROP TABLE x", "SELECT 1; SELECT 2", "SELECT"])
def test_a_query_only_reads(client: httpx.Client, sql: str) -> None:
    body = {"connection_url": "sqlite:///nowhere.db", "sql": sql}
    answer = client.post(f"{V1}/datasets/query", json=body)
    assert answer.status_code in (404, 422), answer.text


def test_a_table_that_an_experiment_rests_on_stays(
    client: httpx.Client, dataset: dict[str, Any], started: dict[str, Any]
) -> None:
    assert client.delete(f"{V1}/datasets/{dataset['id']}").status_code == 409


# From a table to a decision


def test_a_look_says_what_is_in_the_table(client: httpx.Client, started: dict[str, Any]) -> None:
    where = f"{E}/{started['id']}"
    assert client.get(f"{where}/results").status_code == 404
    seen = client.post(f"{where}/looks").json()
    assert seen["number"] == 1
    assert seen["participants"] == {"control": PEOPLE, "warm": PEOPLE}
    booked, spend = seen["metrics"]
    assert [(arm["count"], arm["n"]) for arm in booked["arms"]] == [(20, 200), (60, 200)]
    assert booked["effects"][0]["absolute"]["value"] == pytest.approx(0.2)
    assert booked["effects"][0]["relative"]["value"] == pytest.approx(2.0)
    assert [arm["value"] for arm in spend["arms"]] == pytest.approx([5, 7])
    assert seen["advice"]["outcome"] == "winner" and seen["advice"]["variant"] == "warm"
    assert client.post(f"{where}/looks").json() == seen, "no new data, no new look"
    assert client.get(f"{where}/looks").json()["total"] == 1
    assert client.get(f"{where}/results", params={"look": 1}).json() == seen
    assert client.get(f"{where}/results", params={"look": 2}).status_code == 404


def test_what_was_decided_beforehand_is_frozen(
    client: httpx.Client, started: dict[str, Any]
) -> None:
    where = f"{E}/{started['id']}"
    assert started["registered"]["fingerprint"]
    changed = {"design": {**DESIGN, "name": "Another"}}
    for answer in (
        client.put(where, json=changed),
        client.post(f"{where}/variants", json={"id": "third"}),
        client.post(f"{where}/start"),
    ):
        assert answer.status_code == 409, answer.text
        assert answer.json()["fix"]
    copied = client.post(f"{where}/copy")
    assert copied.status_code == 201
    assert client.put(copied.headers["location"], json=changed).status_code == 200


def test_a_decision_is_recorded_once(client: httpx.Client, started: dict[str, Any]) -> None:
    where = f"{E}/{started['id']}"
    refused = client.post(f"{where}/decide", json={"outcome": "winner"})
    assert (refused.status_code, refused.json()["field"]) == (422, "variant")
    one = client.post(f"{where}/decide", json={}).json()
    assert one["status"] == "decided"
    assert (one["decided"]["outcome"], one["decided"]["variant"]) == ("winner", "warm")
    assert one["decided"]["by"] == "rule" and one["decided"]["reasons"]
    assert client.post(f"{where}/decide", json={}).status_code == 409


@pytest.mark.parametrize(
    ("format", "media", "holds"),
    [
        ("html", "text/html", b"<"),
        ("md", "text/markdown", b"#"),
        ("csv", "text/csv", b"booked"),
        ("json", "application/json", b"booked"),
        ("yaml", "application/yaml", b"A warmer first line"),
    ],
)
def test_downloads(
    client: httpx.Client, started: dict[str, Any], format: str, media: str, holds: bytes
) -> None:
    answer = client.get(f"{E}/{started['id']}/export/{format}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["content-disposition"].endswith(f'{started["id"]}.{format}"')
    assert holds in answer.content
    assert client.get(f"{E}/{started['id']}/export/pdf").status_code == 422


def test_lists_are_paged_and_unknown_ones_are_missing(
    client: httpx.Client, started: dict[str, Any]
) -> None:
    client.post(f"{E}/{started['id']}/copy")
    first = client.get(E, params={"limit": 1}).json()
    assert len(first["items"]) == 1 and first["total"] > 1
    second = client.get(first["next"]).json()
    assert second["items"][0]["id"] != first["items"][0]["id"]
    for path in ("", "/results", "/looks", "/progress", "/bandit", "/export/md"):
        answer = client.get(f"{E}/x-nothing{path}")
        assert (answer.status_code, answer.json()["field"]) == (404, "experiment_id"), path


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": {"alpha": 0.9}}, "design.rule.alpha"),
        ({"metrics": [{"id": "m"}]}, "design.metrics[0].value"),
        ({"metrics": [{"id": "m", "value": "m", "kind": "sum"}]}, "design.metrics[0].kind"),
        ({"variants": [{"id": "a", "weigth": 2}]}, "design.variants[0].weigth"),
        ({"name": ""}, "design.name"),
    ],
)
def test_a_design_that_cannot_be_names_its_field(
    client: httpx.Client, change: dict[str, Any], field: str
) -> None:
    answer = client.post(E, json={"design": {**DESIGN, **change}})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_an_experiment_without_data_says_what_is_missing(client: httpx.Client) -> None:
    one = client.post(E, json={"design": DESIGN}).json()
    where = f"{E}/{one['id']}"
    assert any(each["place"] == "data" for each in client.get(f"{where}/obstacles").json())
    looked = client.post(f"{where}/looks")
    assert looked.status_code == 409 and looked.json()["fix"]
    empty = client.post(E, json={"design": {"name": "Empty"}}).json()
    refused = client.post(f"{E}/{empty['id']}/start")
    assert (refused.status_code, refused.json()["field"]) == (422, "variants")
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


# Live


def test_participants_keep_their_variant_and_events_count_once(
    client: httpx.Client, live: str
) -> None:
    people = [{"id": f"p{n}"} for n in range(40)]
    answer = client.post(f"{live}/assign", json={"participants": people})
    assert answer.status_code == 200, answer.text
    first = answer.json()["items"]
    again = client.post(f"{live}/assign", json={"participants": people[:5]}).json()["items"]
    assert all(one["new"] for one in first) and not any(one["new"] for one in again)
    assert [one["variant"] for one in again] == [one["variant"] for one in first[:5]]
    events = [
        {"contact_id": f"p{n}", "kind": "goal_reached", "name": "booked", "id": f"e{n}"}
        for n in range(10)
    ]
    stranger = {"contact_id": "nobody", "kind": "goal_reached", "name": "booked"}
    got = client.post(f"{live}/events", json={"events": [*events, stranger]}).json()
    assert (got["kept"], got["unknown"], got["unknown_contacts"]) == (10, 1, ["nobody"])
    got = client.post(f"{live}/events", json={"events": events}).json()
    assert (got["kept"], got["repeated"]) == (0, 10)
    seen = client.post(f"{live}/looks").json()
    assert sum(seen["participants"].values()) == 40
    assert sum(arm["count"] for arm in seen["metrics"][0]["arms"]) == 10


def test_a_request_with_a_key_happens_once(client: httpx.Client, live: str) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    client.post(f"{live}/assign", json={"participants": [{"id": "ada"}]})
    body = {"events": [{"contact_id": "ada", "kind": "goal_reached", "name": "booked"}]}
    first = client.post(f"{live}/events", json=body, headers=key)
    assert first.json()["kept"] == 1
    assert client.post(f"{live}/events", json=body, headers=key).json() == first.json()
    assigned = {"participants": [{"id": "bea"}]}
    new = client.post(f"{live}/assign", json=assigned, headers=key).json()
    assert client.post(f"{live}/assign", json=assigned, headers=key).json() == new
    other = {"participants": [{"id": "cea"}]}
    assert client.post(f"{live}/assign", json=other, headers=key).status_code == 422


def test_a_stopped_experiment_lets_nobody_in(client: httpx.Client, live: str) -> None:
    client.post(f"{live}/assign", json={"participants": [{"id": "ada"}]})
    assert client.post(f"{live}/stop").json()["status"] == "stopped"
    known = client.post(f"{live}/assign", json={"participants": [{"id": "ada"}]})
    assert known.status_code == 200 and not known.json()["items"][0]["new"]
    assert client.post(f"{live}/assign", json={"participants": [{"id": "x"}]}).status_code == 409
    assert client.post(f"{live}/resume").json()["status"] == "running"
    assert client.post(f"{live}/assign", json={"participants": [{"id": "x"}]}).status_code == 200


def test_events_that_cannot_be_are_refused(client: httpx.Client, live: str) -> None:
    for body, field in (
        ({}, "events"),
        ({"events": [{"contact_id": "a", "kind": "danced"}]}, "events[0].kind"),
        ({"events": [{"kind": "clicked"}]}, "events[0].contact_id"),
    ):
        answer = client.post(f"{live}/events", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)


# Plans and figures


def test_a_plan_says_how_many_people(client: httpx.Client) -> None:
    design = {**DESIGN, "rule": {"kind": "fixed", "least": 0.1}, "planned": {"baseline": 0.05}}
    plan = client.post(f"{E}/plan", json={"design": design}).json()
    assert plan["people"] == pytest.approx(2 * 31_231, rel=0.01)
    assert [point["people"] for point in plan["curve"]] == sorted(
        point["people"] for point in plan["curve"]
    )
    answer = client.post(f"{E}/plan", json={"design": DESIGN})
    assert answer.status_code == 422 and answer.json()["detail"]


def test_figures_come_from_sums_or_are_refused(client: httpx.Client) -> None:
    cases = [
        {"id": "x", "kind": "binary", "a": {"n": 1000, "x": 100}, "b": {"n": 1000, "x": 130}},
        {"id": "nobody", "kind": "binary", "a": {"n": 0, "x": 0}, "b": {"n": 9, "x": 1}},
    ]
    found = client.post(f"{E}/figures", json={"cases": cases}).json()
    assert found["x"]["diff"] == pytest.approx(0.03)
    assert found["nobody"]["refused"]
    faulty = client.post(f"{E}/figures", json={"cases": [{"id": "x"}, cases[0] | {"id": "y"}]})
    assert faulty.json()["x"]["refused"] and faulty.json()["y"]["diff"] == found["x"]["diff"]


# A rehearsal


def test_a_rehearsal_is_played_and_compared(
    client: httpx.Client, flow: str, run: dict[str, Any], unique: Callable[[str], str]
) -> None:
    words = {"hello": {"body": "A seat is kept for you, at no cost at all."}}
    design = {
        "name": unique("A free seat"),
        "variants": [{"id": "as_it_is"}, {"id": "free", "messages": words}],
        "metrics": [{"id": "booked", "role": "primary", "value": "goal:booked"}],
        "flow": flow,
        "population": run["population_id"],
    }
    one = client.post(E, json={"design": design, "source": "rehearsal"}).json()
    where = f"{E}/{one['id']}"
    going = client.post(f"{where}/start")
    assert going.status_code == 202, going.text
    assert going.headers["location"] == f"{where}/progress"
    progress = rested(client, going.headers["location"])
    assert set(progress) == {"as_it_is", "free"}
    seen = client.post(f"{where}/looks").json()
    assert seen["paired"] and set(seen["participants"].values()) == {10}
    beside = {"a": "as_it_is", "b": "free"}
    listed = client.get(f"{where}/beside", params={**beside, "only_different": False}).json()
    assert listed["total"] == 10
    contact = listed["contacts"][0]["contact_id"]
    both = client.get(f"{where}/beside/{contact}", params=beside).json()
    assert both["a"]["contact_id"] == both["b"]["contact_id"] == contact
    assert both["differs_b"], "the first message says something else"
    assert client.get(f"{where}/beside/nobody", params=beside).status_code == 404


def rested(client: httpx.Client, where: str) -> dict[str, Any]:
    """The progress of every variant, once all have come to rest."""
    for _ in range(1_000):
        found: dict[str, Any] = client.get(where).json()
        if all(one["status"] not in ("pending", "running") for one in found.values()):
            return found
    raise AssertionError("the variants do not come to rest")


def test_the_guides_example_runs(client: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    (block,) = [one for one in blocks if "/experiments" in one]
    exec(block.replace("http://localhost:8501", str(client.base_url).rstrip("/")), {})
    assert capsys.readouterr().out.split("\n") == ["0.2", "winner warm", "decided", ""]


def test_a_place_is_what_somebody_wrote(client: httpx.Client) -> None:
    variants = [{"id": "a"}, {"id": "b", "name": "two\tnames"}]
    answer = client.post(f"{V1}/experiments", json={"design": {"name": "x", "variants": variants}})
    assert answer.status_code == 422
    assert "function" not in answer.text and "constrained" not in answer.text
    assert "design.variants[1].name: Must be one line, without tabs." in answer.text


def test_a_query_does_not_read_our_own_files(client: httpx.Client, bench: Workbench) -> None:
    own = bench.settings.workspace_folder(bench.settings.workspace) / "greenroom.duckdb"
    body = {"connection_url": str(own), "sql": "SELECT 1", "name": "q"}
    answer = client.post(f"{V1}/datasets/query", json=body)
    assert answer.status_code == 422
    assert "belongs to Greenroom" in answer.text
