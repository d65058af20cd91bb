"""Whatever is given: a clean refusal, or a flow that reads and can be rehearsed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.domain.errors import BadInput, TooLarge
from core.flows import compile_flow
from core.flows.foreign import import_flow
from tests.support.foreign_documents import bot, imported, node, row, says, walked, workflow

WORDS = st.sampled_from(
    [
        "a",
        "Go",
        "b1",
        "={{ $json.a }}",
        "{{ $('a').item.json.b }}",
        "{{",
        "{% if %}",
        "\x00",
        "x" * 50,
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 99) | st.floats(allow_nan=False) | WORDS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
KINDS = [
    *("manualTrigger", "webhook", "if", "switch", "filter", "set", "wait", "merge"),
    *("splitInBatches", "slack", "gmail", "telegram", "stopAndError", "noOp", "stickyNote"),
    *("httpRequest", "formTrigger", "form", "respondToWebhook", "textClassifier", "unheard"),
]
KEYS = [
    *("text", "message", "conditions", "rules", "assignments", "fields", "values", "jsonOutput"),
    *("amount", "unit", "resume", "options", "formFields", "blocksUi", "operation", "mode"),
]
NODES = st.builds(
    lambda kind, name, given, more: {
        "id": name,
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "parameters": given,
        **more,
    },
    st.sampled_from(KINDS),
    st.sampled_from("abcdefg"),
    st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=3),
    st.dictionaries(st.sampled_from(["position", "disabled", "typeVersion", "notes"]), ANYTHING),
)
LINKS = st.lists(
    st.tuples(st.sampled_from("abcdefg"), st.integers(0, 2), st.sampled_from("abcdefg"))
)
BLOCK_KINDS = [
    *("text", "image", "text input", "choice input", "number input", "rating input"),
    *("Condition", "Set variable", "Jump", "AB test", "Email", "Webhook", "openai", "Wait", "odd"),
]
BLOCKS = st.builds(
    lambda kind, id, more: {"id": id, "type": kind, **more},
    st.sampled_from(BLOCK_KINDS),
    st.sampled_from(["b1", "b2", "b3"]),
    st.dictionaries(
        st.sampled_from(["options", "content", "items", "outgoingEdgeId"]), ANYTHING, max_size=3
    ),
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def reads(document: Any) -> None:
    """Either it is refused as bad input, or it makes a flow that can be rehearsed."""
    try:
        found = import_flow(json.dumps(document))
    except BadInput:
        return
    if found.format == "greenroom":
        return
    compile_flow(found.document)
    steps = {one["id"] for one in found.document["steps"]}
    assert len(steps) == len(found.document["steps"])
    for one in found.report:
        assert one["steps"] or one["lost"]
        assert set(one["steps"]) <= steps


@QUICK
@given(st.lists(NODES, max_size=7), LINKS, ANYTHING)
def test_any_workflow(nodes: list[dict[str, Any]], links: list[Any], more: Any) -> None:
    connections: dict[str, Any] = {}
    for start, port, end in links:
        ports = connections.setdefault(start, {"main": []})["main"]
        while len(ports) <= port:
            ports.append([])
        ports[port].append({"node": end, "type": "main", "index": 0})
    reads({"nodes": nodes, "connections": connections, "settings": more, "name": more})


@QUICK
@given(st.lists(BLOCKS, max_size=4), ANYTHING, ANYTHING)
def test_any_bot(blocks: list[dict[str, Any]], edges: Any, variables: Any) -> None:
    reads({"groups": [{"id": "g", "blocks": blocks}], "edges": edges, "variables": variables})


@QUICK
@given(
    st.dictionaries(st.sampled_from(["nodes", "groups", "connections", "edges", "name"]), ANYTHING)
)
@example({"nodes": []})
@example({"groups": [[]]})
def test_any_object(document: dict[str, Any]) -> None:
    reads(document)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "7",
        '{"nodes": 5}',
        '{"nodes": [], "connections": {}}',
        '{"groups": []}',
        "{",
    ],
)
def test_what_is_no_flow_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        import_flow(text)


def test_our_own_flows_pass_as_they_are() -> None:
    found = import_flow("name: Ours\nsteps:\n  - {id: a, type: end}\n")
    assert found.format == "greenroom"
    assert found.report == [{"id": "a", "name": "a", "type": "end", "steps": ["a"], "lost": []}]


def test_what_is_too_large_or_too_deep_is_refused() -> None:
    with pytest.raises(TooLarge):
        import_flow('{"nodes": []}', max_bytes=5)
    with pytest.raises(BadInput):
        import_flow('{"nodes": [' + "[" * 100_000 + "]" * 100_000 + "]}")
    deep: Any = "end"
    for _ in range(90):
        deep = {"a": deep}
    imported(
        workflow(
            [
                node("Go", "manualTrigger"),
                node("Keep", "set", {"values": deep}),
                node("Say", "slack", {"text": "a"}),
            ],
            "Go > Keep > Say",
        )
    )


def test_markup_in_names_and_texts_stays_text() -> None:
    words = "<script>alert('x')</script> & {% raw %}"
    found = imported(
        workflow(
            [node("Go", "manualTrigger"), node(words, "slack", {"text": words})], f"Go > {words}"
        )
    )
    body = found.document["steps"][0]["config"]["body"]
    assert body == "<script>alert('x')</script> & {{ '{' }}% raw %}"
    assert row(found, words)["steps"] == [found.document["steps"][0]["id"]]


def test_many_ways_side_by_side_are_read_in_time_or_refused() -> None:
    names = [f"n{number}" for number in range(400)]
    nodes = [node("Go", "manualTrigger"), *(node(one, "slack", {"text": one}) for one in names)]
    links = [("Go", 0, one) for one in names]
    began = time.perf_counter()
    found = imported(workflow(nodes, *links))
    assert time.perf_counter() - began < 10
    assert len(walked(found)) == 400
    tangled = workflow(nodes, *((a, 0, b) for a in names[:120] for b in names[:120]))
    began = time.perf_counter()
    reads(tangled)
    assert time.perf_counter() - began < 20


def test_a_long_text_is_cut_and_a_time_zone_that_is_none_is_utc() -> None:
    long = workflow(
        [node("Go", "manualTrigger"), node("Say", "slack", {"text": "a" * 200_000})],
        "Go > Say",
        settings={"timezone": "Nowhere/Town"},
    )
    found = imported(long)
    assert found.document["timezone"] == "UTC"
    assert any("longer" in one for one in row(found, "Say")["lost"])
    assert imported(bot({"G": [says("b", "x" * 120_000)]})).document["steps"]
