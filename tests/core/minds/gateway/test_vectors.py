"""Vectors of texts: through the real litellm, from a stub that is honest, and one that is not."""

from __future__ import annotations

import asyncio
import json
import threading
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import BadInput, BudgetReached, CallFailed, GreenroomError, MindUnavailable
from core.domain.models import Model
from core.minds.gateway.errors import WireError
from core.minds.gateway.vectors import CHARACTERS_A_REQUEST, TEXTS_A_REQUEST, requests
from core.minds.gateway.wire_media import in_order, packed
from tests.core.minds.gateway.conftest import KEY, Desk, a_stub_model
from tests.core.minds.gateway.doubles import a_model
from tests.support.model_media import DIMENSIONS, WIDE, vector
from tests.support.model_stub import Stub

PROVIDERS = ("openai", "ollama")
TEXTS = ["Set a small goal.", "Rest well, äöü 👋", "Ask for help."]


def an_embedder(
    stub: Stub, provider: str = "openai", behaviour: str = "normal", **rest: object
) -> Model:
    return a_stub_model(stub, provider, behaviour, purpose="embedding", **rest)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_text_has_its_vector(desk: Desk, stub: Stub, provider: str) -> None:
    found = desk.gateway.embed(an_embedder(stub, provider), TEXTS)
    assert found.dtype == np.float32
    assert found.tolist() == [vector(text) for text in TEXTS]


def test_many_texts_go_out_in_batches_side_by_side(desk: Desk, stub: Stub) -> None:
    stub.delay = 0.05
    texts = [f"text {number}" for number in range(300)]
    found = desk.gateway.embed(an_embedder(stub, in_flight=3), texts)
    assert found.tolist() == [vector(text) for text in texts]
    assert sorted(len(one.body["input"]) for one in stub.requests) == [44, 64, 64, 64, 64]
    assert stub.most_in_flight == 3


def test_no_texts_ask_nothing(desk: Desk, stub: Stub) -> None:
    assert desk.gateway.embed(an_embedder(stub), []).shape == (0, 0)
    assert stub.requests == []


@given(st.lists(st.text(min_size=1, max_size=40).filter(str.strip), max_size=300))
def test_batches_hold_all_texts_in_order(texts: list[str]) -> None:
    found = list(requests(a_model(), texts, None))
    assert [text for one in found for text in one.texts] == texts
    assert all(1 <= len(one.texts) <= TEXTS_A_REQUEST for one in found)


def test_long_texts_stand_in_smaller_batches() -> None:
    long = "x" * (CHARACTERS_A_REQUEST // 2)
    sizes = [len(one.texts) for one in requests(a_model(), [long] * 5 + [long * 4, "x"], None)]
    assert sizes == [2, 2, 1, 1, 1]


def test_openai_is_asked_as_its_documents_say(desk: Desk, stub: Stub) -> None:
    model = an_embedder(stub)
    desk.keys.save(model, KEY)
    desk.gateway.embed(model, TEXTS)
    (question,) = stub.requests
    assert question.path == "/v1/embeddings"
    assert question.headers["authorization"] == f"Bearer {KEY}"
    assert question.body == {"model": "stub-normal", "input": TEXTS}


def test_ollama_is_asked_as_its_documents_say(desk: Desk, stub: Stub) -> None:
    for name in ("ollama/nomic-embed-text", "ollama_chat/nomic-embed-text"):
        model = an_embedder(stub, "ollama").model_copy(update={"model": name})
        desk.gateway.embed(model, TEXTS)
    assert {one.path for one in stub.requests} == {"/api/embed"}
    assert {json.dumps(one.body) for one in stub.requests} == {
        json.dumps({"model": "nomic-embed-text", "input": TEXTS})
    }


def test_the_order_is_that_of_the_texts(desk: Desk, stub: Stub) -> None:
    found = desk.gateway.embed(an_embedder(stub, behaviour="backwards"), TEXTS)
    assert found.tolist() == [vector(text) for text in TEXTS]


def test_wide_vectors_come_packed(desk: Desk, stub: Stub) -> None:
    """Larger than any answer in words may be, and than what may come packed unseen."""
    texts = [f"text {number}" for number in range(64)]
    found = desk.gateway.embed(an_embedder(stub, behaviour="packed"), texts)
    assert found.shape == (64, WIDE)
    assert found[63].tolist() == vector(texts[63], WIDE)


HOSTILE = {
    "fewer": "2 vectors came for 3 texts",
    "uneven": "not all of one length",
    "nan": "no number",
    "infinite": "no number",
    "null": "no number",
    "words": "no number",
    "empty": "not all of one length",
    "huge": "More than 24 MB",
    "bomb": "More than 24 MB",
    "not_json": "did not answer as a model does",
    "wordless": "did not answer as a model does|0 vectors came for 3 texts",
    "drop": "connection broke off",
}


@pytest.mark.parametrize(
    ("provider", "behaviour"),
    [*product(PROVIDERS, HOSTILE), ("openai", "same_place")],
)
def test_what_is_no_answer_never_reaches_the_caller(
    desk: Desk, stub: Stub, provider: str, behaviour: str
) -> None:
    stub.script(*[behaviour] * 4)
    words = HOSTILE.get(behaviour, "which vector is whose")
    with pytest.raises(CallFailed, match=words) as raised:
        desk.gateway.embed(an_embedder(stub, provider), TEXTS)
    assert raised.value.fix
    stub.queue.clear()
    assert desk.gateway.embed(an_embedder(stub, provider), TEXTS).shape == (3, DIMENSIONS)


def test_batches_of_different_lengths_are_no_answer(desk: Desk, stub: Stub) -> None:
    texts = [f"text {number}" for number in range(66)]
    with pytest.raises(CallFailed, match="vectors of different lengths: 10 and 12 numbers"):
        desk.gateway.embed(an_embedder(stub, behaviour="by_count"), texts)


FAILURES = {
    "no_credit": (MindUnavailable, "no credit left", 1),
    "wrong_key": (MindUnavailable, "does not let us in", 1),
    "leak": (MindUnavailable, "does not let us in", 1),
    "no_model": (MindUnavailable, "There is no model", 1),
    "bad_request": (CallFailed, "did not accept", 1),
    "too_long": (CallFailed, "did not accept", 1),
    "policy": (CallFailed, "would not answer", 1),
    "stall": (CallFailed, "no answer within 0.3 seconds", 4),
    "stall_midway": (CallFailed, "no answer within 0.3 seconds", 4),
    "trickle": (CallFailed, "no answer within 0.3 seconds", 4),
    "server_error": (CallFailed, "trouble on its side", 4),
}


@pytest.mark.parametrize("behaviour", FAILURES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_failures_are_said_in_words(desk: Desk, stub: Stub, provider: str, behaviour: str) -> None:
    kind, words, times = FAILURES[behaviour]
    patience = 0.3 if "within" in words else 10.0
    model = an_embedder(stub, provider, behaviour, timeout_seconds=patience)
    desk.keys.save(model, KEY)
    with pytest.raises(GreenroomError, match=words) as raised:
        desk.gateway.embed(model, TEXTS)
    assert type(raised.value) is kind
    assert raised.value.fix
    assert KEY not in str(raised.value) + repr(raised.value.__cause__)
    assert "litellm" not in str(raised.value)
    assert len(stub.requests) == times


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_bad_minute_of_the_provider_is_got_over(desk: Desk, stub: Stub, provider: str) -> None:
    stub.retry_after = "0.2"
    stub.script("rate_limited", "server_error", "drop")
    assert len(desk.gateway.embed(an_embedder(stub, provider), TEXTS)) == 3
    assert len(stub.requests) == 4
    desk.gateway.flush()
    assert [(one.prompt, one.attempts) for one in desk.ledger.records] == [("embedding", 4)]


def test_the_ledger_has_every_batch_with_its_price(desk: Desk, stub: Stub) -> None:
    texts = [f"text {number}" for number in range(100)]
    model = an_embedder(stub).model_copy(update={"model": "openai/text-embedding-3-small"})
    desk.gateway.embed(model, texts, account="twin-1")
    desk.gateway.flush()
    records = desk.ledger.records
    assert [one.prompt for one in records] == ["embedding"] * 2
    assert {one.status for one in records} == {"answered"}
    tokens = sum(one.prompt_tokens for one in records)
    assert tokens == sum(len(text) // 4 + 1 for text in texts)
    assert desk.gateway.spent("twin-1") == pytest.approx(tokens * 0.02 / 1e6)
    assert desk.ledger.spent("twin-1") == pytest.approx(desk.gateway.spent("twin-1"))


@pytest.mark.parametrize(
    ("provider", "behaviour", "price", "cost"),
    [
        ("openai", "normal", None, None),
        ("openai", "normal", 10.0, 10.0 * 12 / 1e6),
        ("openai", "no_usage", 10.0, None),
        ("openai", "no_usage", 0.0, 0.0),
        ("ollama", "normal", None, 0.0),
    ],
)
def test_a_price_that_nobody_knows_is_not_nothing(
    desk: Desk, stub: Stub, provider: str, behaviour: str, price: float | None, cost: float | None
) -> None:
    model = an_embedder(stub, provider, behaviour, input_price=price)
    desk.gateway.embed(model, ["Set a small goal.", "Rest well.", "Ask for help"])
    desk.gateway.flush()
    assert desk.ledger.records[0].cost_usd == (None if cost is None else pytest.approx(cost))


def test_a_budget_holds(desk: Desk, stub: Stub) -> None:
    texts = [f"a text of some length, number {number}" for number in range(640)]
    model = an_embedder(stub, input_price=1_000.0, in_flight=1)
    desk.gateway.set_budget("twin", 3.0)
    with pytest.raises(BudgetReached):
        desk.gateway.embed(model, texts, account="twin")
    assert 0 < desk.gateway.spent("twin") <= 3.0
    assert 0 < len(stub.requests) < 10
    desk.gateway.set_budget("nobody", 1.0)
    with pytest.raises(BudgetReached, match="Nobody knows what"):
        desk.gateway.embed(an_embedder(stub), texts, account="nobody")


def test_tokens_a_minute_hold_for_texts(desk: Desk, stub: Stub) -> None:
    """The second batch would pass the limit, so it waits, and who waits can stop it."""
    texts = ["word " * 100] * 100
    model = an_embedder(stub, behaviour="minute", tokens_per_minute=12_000, in_flight=4)

    async def work() -> None:
        task = asyncio.ensure_future(desk.gateway.vectors_of(model, texts))
        while not stub.requests:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait({task})

    desk.service.run(work()).result(20)
    assert len(stub.requests) == 1


def test_a_failure_stops_the_batches_that_are_going_on(desk: Desk, stub: Stub) -> None:
    stub.script("wrong_key", *["stall"] * 3)
    texts = [f"text {number}" for number in range(640)]
    with pytest.raises(MindUnavailable):
        desk.gateway.embed(an_embedder(stub, in_flight=4, timeout_seconds=60.0), texts)
    assert len(stub.requests) <= 4
    desk.gateway.flush()
    assert len(desk.ledger.records) <= 4


def test_who_stops_waiting_stops_the_provider(desk: Desk, stub: Stub) -> None:
    model = an_embedder(stub, behaviour="stall", timeout_seconds=60.0)
    future = desk.service.run(desk.gateway.vectors_of(model, TEXTS))

    async def until(count: int) -> None:
        while stub.in_flight != count:
            await asyncio.sleep(0.01)

    desk.service.run(until(1)).result(10)
    future.cancel()
    desk.service.run(until(0)).result(10)


def test_it_may_be_asked_of_many_threads(desk: Desk, stub: Stub) -> None:
    found: dict[int, list[list[float]]] = {}

    def work(number: int) -> None:
        found[number] = desk.gateway.embed(an_embedder(stub), [f"text {number}"]).tolist()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == {number: [vector(f"text {number}")] for number in range(8)}


def test_what_cannot_be_embedded_is_refused_before_anything_is_asked(
    desk: Desk, stub: Stub
) -> None:
    with pytest.raises(BadInput, match="Text 2 is empty"):
        desk.gateway.embed(an_embedder(stub), ["one", " \n"])
    with pytest.raises(BadInput, match="Stub is a chat model") as raised:
        desk.gateway.embed(a_stub_model(stub, "openai"), TEXTS)
    assert raised.value.fix == "Choose an embedding model, or add one."
    assert stub.requests == []


def test_a_huge_answer_leaves_the_memory_where_it_was(desk: Desk, stub: Stub) -> None:
    model = an_embedder(stub)
    desk.gateway.embed(model, TEXTS)
    before = _memory(desk)
    for behaviour in ("huge", "bomb") * 3:
        stub.script(behaviour)
        with pytest.raises(CallFailed):
            desk.gateway.embed(model, TEXTS)
    assert _memory(desk) - before < 80_000_000


def _memory(desk: Desk) -> int:
    with open(f"/proc/{desk.service.pid}/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096


@given(st.lists(st.lists(st.floats(width=32), min_size=1), min_size=1))
def test_vectors_are_packed_as_they_are_or_not_at_all(rows: list[list[float]]) -> None:
    even = len({len(row) for row in rows}) == 1
    if not even:
        with pytest.raises(WireError):
            packed(rows)
        return
    found = np.frombuffer(packed(rows), np.float32).reshape(len(rows), -1)
    assert np.array_equal(found, np.array(rows, np.float32), equal_nan=True)


@given(st.permutations(range(6)))
def test_vectors_find_their_places(places: list[int]) -> None:
    data = [{"index": place, "embedding": [float(place)]} for place in places]
    assert in_order(data, 6) == [[float(place)] for place in range(6)]


@pytest.mark.parametrize("data", [None, "text", 7, [], [{}], [1, 2], [{"index": 5}] * 2])
def test_what_is_no_list_of_vectors(data: object) -> None:
    with pytest.raises(WireError):
        packed(in_order(data, 2))
