"""Words of recordings: through the real litellm, from a stub, honest or not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import (
    BadInput,
    BudgetReached,
    CallFailed,
    GreenroomError,
    MindUnavailable,
    NotFound,
    TooLarge,
)
from core.domain.models import LARGEST_RECORDING, Model, Segment
from core.minds.gateway.errors import WireError
from core.minds.gateway.speech import recording
from core.minds.gateway.trials import write_tone
from core.minds.gateway.wire_media import LONGEST_SECONDS, with_times
from core.minds.gateway.wire_prices import speech_cost
from tests.core.minds.gateway.conftest import KEY, Desk, a_stub_model
from tests.core.minds.gateway.doubles import a_model
from tests.support.model_media import SAID
from tests.support.model_stub import Stub


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A real recording."""
    path = tmp_path / "My private diary.WAV"
    write_tone(path)
    return path


def a_listener(stub: Stub, behaviour: str = "normal", **rest: object) -> Model:
    return a_stub_model(stub, "openai", behaviour, purpose="transcription", **rest)


def named(model: Model, name: str) -> Model:
    return model.model_copy(update={"model": f"openai/{name}"})


def test_words_come_with_their_times(desk: Desk, stub: Stub, tone: Path) -> None:
    found = desk.gateway.transcribe(a_listener(stub), tone)
    assert found.text == SAID
    assert found.segments == (
        Segment(0.0, 1.5, "Small steps, taken every day."),
        Segment(1.5, 3.0, "That is all it takes."),
    )
    assert (found.language, found.duration_seconds) == ("english", 3.0)


def test_openai_is_asked_as_its_documents_say(desk: Desk, stub: Stub, tone: Path) -> None:
    model = a_listener(stub)
    desk.keys.save(model, KEY)
    desk.gateway.transcribe(model, tone, language="en")
    (question,) = stub.requests
    assert question.path == "/v1/audio/transcriptions"
    assert question.key == KEY
    assert question.body == {
        "model": "stub-normal",
        "language": "en",
        "response_format": "verbose_json",
        "filename": "recording.wav",
        "file": tone.read_bytes(),
    }


def test_a_model_that_is_known_to_give_no_times_is_not_asked_for_them(
    desk: Desk, stub: Stub, tone: Path
) -> None:
    found = desk.gateway.transcribe(named(a_listener(stub), "gpt-4o-mini-transcribe"), tone)
    assert (found.text, found.segments) == (SAID, ())
    assert [one.body["response_format"] for one in stub.requests] == ["json"]


def test_a_server_that_gives_no_times_is_asked_for_the_words_alone_from_then_on(
    desk: Desk, stub: Stub, tone: Path
) -> None:
    model = a_listener(stub, "no_schema")
    for _ in range(2):
        found = desk.gateway.transcribe(model, tone)
        assert (found.text, found.segments, found.duration_seconds) == (SAID, (), None)
    wanted = [one.body["response_format"] for one in stub.requests]
    assert wanted == ["verbose_json", "json", "json"]


def test_bare_text_is_a_transcript_too(desk: Desk, stub: Stub, tone: Path) -> None:
    stub.answer = "Bare words."
    found = desk.gateway.transcribe(a_listener(stub, "plain"), tone)
    assert (found.text, found.segments) == ("Bare words.", ())


def test_where_nobody_speaks_there_are_no_words(desk: Desk, stub: Stub, tone: Path) -> None:
    found = desk.gateway.transcribe(a_listener(stub, "empty"), tone)
    assert (found.text, found.segments) == ("", ())


def test_a_segment_that_ends_before_it_begins_has_no_length(
    desk: Desk, stub: Stub, tone: Path
) -> None:
    found = desk.gateway.transcribe(a_listener(stub, "backwards"), tone)
    assert [(one.start_seconds, one.end_seconds) for one in found.segments] == [(2.0, 2.0)] * 2


HOSTILE = {
    "nan": "times that are none",
    "infinite": "times that are none",
    "null": "times that are none",
    "words": "times that are none",
    "negative": "times that are none",
    "wordless": "did not answer as a model does",
    "huge": "More than 8 MB",
    "bomb": "More than 8 MB",
    "drop": "connection broke off",
}


@pytest.mark.parametrize("behaviour", HOSTILE)
def test_what_is_no_answer_never_reaches_the_caller(
    desk: Desk, stub: Stub, tone: Path, behaviour: str
) -> None:
    stub.script(*[behaviour] * 4)
    with pytest.raises(CallFailed, match=HOSTILE[behaviour]) as raised:
        desk.gateway.transcribe(a_listener(stub), tone)
    assert raised.value.fix
    stub.queue.clear()
    assert desk.gateway.transcribe(a_listener(stub), tone).text == SAID


FAILURES = {
    "no_credit": (MindUnavailable, "no credit left", 1),
    "wrong_key": (MindUnavailable, "does not let us in", 1),
    "leak": (MindUnavailable, "does not let us in", 1),
    "no_model": (MindUnavailable, "There is no model", 1),
    "bad_request": (CallFailed, "did not accept", 1),
    "policy": (CallFailed, "would not answer", 1),
    "stall": (CallFailed, "no answer within 0.3 seconds", 4),
    "trickle": (CallFailed, "no answer within 0.3 seconds", 4),
    "server_error": (CallFailed, "trouble on its side", 4),
}


@pytest.mark.parametrize("behaviour", FAILURES)
def test_failures_are_said_in_words(desk: Desk, stub: Stub, tone: Path, behaviour: str) -> None:
    kind, words, times = FAILURES[behaviour]
    patience = 0.3 if "within" in words else 10.0
    model = a_listener(stub, behaviour, timeout_seconds=patience)
    desk.keys.save(model, KEY)
    with pytest.raises(GreenroomError, match=words) as raised:
        desk.gateway.transcribe(model, tone)
    assert type(raised.value) is kind
    assert raised.value.fix
    assert KEY not in str(raised.value) + repr(raised.value.__cause__)
    assert "litellm" not in str(raised.value)
    assert len(stub.requests) == times


def test_a_bad_minute_of_the_provider_is_got_over(desk: Desk, stub: Stub, tone: Path) -> None:
    stub.retry_after = "0.2"
    stub.script("rate_limited", "server_error", "drop")
    found = desk.gateway.transcribe(a_listener(stub), tone)
    assert (found.text, found.attempts, len(stub.requests)) == (SAID, 4, 4)


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("whisper-1", 3.0 * 0.0001),
        ("gpt-4o-mini-transcribe", 40 * 1.25e-6 + 2 * 1.25e-6 + 11 * 5e-6),
        ("stub-normal", None),
    ],
)
def test_the_ledger_has_the_price_that_the_list_has(
    desk: Desk, stub: Stub, tone: Path, name: str, cost: float | None
) -> None:
    found = desk.gateway.transcribe(named(a_listener(stub), name), tone, account=None)
    assert found.cost_usd == (None if cost is None else pytest.approx(cost))
    desk.gateway.flush()
    (record,) = desk.ledger.records
    assert (record.prompt, record.status, record.model) == (
        "transcription",
        "answered",
        f"openai/{name}",
    )
    assert record.cost_usd == found.cost_usd


def test_a_budget_holds(desk: Desk, stub: Stub, tone: Path) -> None:
    whisper = named(a_listener(stub), "whisper-1")
    desk.gateway.set_budget("twin", 0.001)
    with pytest.raises(BudgetReached, match="could pass the budget"):
        desk.gateway.transcribe(whisper, tone, account="twin")
    assert stub.requests == []
    desk.gateway.set_budget("twin", 0.01)
    desk.gateway.transcribe(whisper, tone, account="twin")
    assert desk.gateway.spent("twin") == pytest.approx(0.0003)
    with pytest.raises(BudgetReached, match="Nobody knows what Stub costs"):
        desk.gateway.transcribe(a_listener(stub), tone, account="twin")


def test_recordings_at_once_are_bounded(desk: Desk, stub: Stub, tone: Path) -> None:
    stub.delay = 0.1

    async def work() -> None:
        model = a_listener(stub, in_flight=2)
        await asyncio.gather(*(desk.gateway.transcript_of(model, tone) for _ in range(6)))

    desk.service.run(work()).result(30)
    assert (len(stub.requests), stub.most_in_flight) == (6, 2)


def test_who_stops_waiting_stops_the_provider(desk: Desk, stub: Stub, tone: Path) -> None:
    model = a_listener(stub, "stall", timeout_seconds=60.0)
    future = desk.service.run(desk.gateway.transcript_of(model, tone))

    async def until(count: int) -> None:
        while stub.in_flight != count:
            await asyncio.sleep(0.01)

    desk.service.run(until(1)).result(10)
    future.cancel()
    desk.service.run(until(0)).result(10)


def test_what_cannot_be_heard_is_refused_before_anything_is_asked(
    desk: Desk, stub: Stub, tmp_path: Path, tone: Path
) -> None:
    model = a_listener(stub)
    large = tmp_path / "large.mp3"
    with large.open("wb") as file:
        file.truncate(LARGEST_RECORDING + 1)
    with pytest.raises(TooLarge, match=r"large.mp3 has 25.0 MB, and a recording may have 25 MB"):
        desk.gateway.transcribe(model, large)
    (tmp_path / "empty.mp3").touch()
    for path in (tmp_path / "empty.mp3", tmp_path):
        with pytest.raises(BadInput, match="holds no recording"):
            desk.gateway.transcribe(model, path)
    with pytest.raises(NotFound, match=r"no recording gone.mp3"):
        desk.gateway.transcribe(model, tmp_path / "gone.mp3")
    with pytest.raises(BadInput, match="Stub is an embedding model"):
        desk.gateway.transcribe(a_stub_model(stub, "openai", purpose="embedding"), tone)
    assert stub.requests == []


def test_a_recording_that_goes_away_or_grows_meanwhile_is_not_sent(
    desk: Desk, stub: Stub, tone: Path
) -> None:
    call = recording(a_listener(stub), tone)
    speech = desk.gateway._speech(attempts=1)
    with tone.open("r+b") as file:
        file.truncate(LARGEST_RECORDING + 1)
    with pytest.raises(CallFailed, match="more than 25 MB"):
        desk.service.run(speech.complete(call)).result(30)
    tone.unlink()
    with pytest.raises(CallFailed, match="could not be read"):
        desk.service.run(speech.complete(call)).result(30)
    assert stub.requests == []


def test_the_name_in_the_ledger_depends_on_what_was_heard(tmp_path: Path) -> None:
    keys = set()
    for number, held in enumerate((b"one", b"two", b"one")):
        path = tmp_path / f"{number}.wav"
        path.write_bytes(held)
        keys.add(recording(a_model(), path).key())
        keys.add(recording(a_model(), path, "de").key())
    assert len(keys) == 4


times = st.floats(min_value=0, max_value=LONGEST_SECONDS)


@given(st.lists(st.tuples(times, times, st.text(max_size=8)), max_size=20))
def test_segments_come_in_order_and_never_end_before_they_begin(
    given_ones: list[tuple[float, float, str]],
) -> None:
    found = with_times([{"start": a, "end": b, "text": words} for a, b, words in given_ones])
    assert len(found) == sum(bool(words.strip()) for *_, words in given_ones)
    assert found == sorted(found, key=lambda one: one[0])
    assert all(start <= end and words == words.strip() for start, end, words in found)


@pytest.mark.parametrize(
    "segments", ["text", 7, [None], ["one"], [{"start": 0.0}], [{"start": True, "end": 1}]]
)
def test_what_is_no_list_of_segments(segments: object) -> None:
    with pytest.raises(WireError):
        with_times(segments)


def test_too_many_segments_are_too_large() -> None:
    with pytest.raises(WireError) as raised:
        with_times([{"start": 0, "end": 1, "text": "x"}] * 100_001)
    assert raised.value.kind == "too_large"


class _Prices:
    """A price list of one entry."""

    def __init__(self, **entry: float) -> None:
        self.model_cost = {"some/model": entry}

    @staticmethod
    def get_llm_provider(model: str) -> tuple[str, str]:
        return model.rpartition("/")[2], "some"


@pytest.mark.parametrize(
    ("entry", "seconds", "tokens", "cost"),
    [
        ({"input_cost_per_second": 0.1, "output_cost_per_second": 0.0}, 10.0, (0, 0, 0), 1.0),
        ({"input_cost_per_second": 0.1, "output_cost_per_second": 0.1}, 10.0, (0, 0, 0), 1.0),
        ({"input_cost_per_second": 0.0, "output_cost_per_second": 0.2}, 10.0, (0, 0, 0), 2.0),
        ({"input_cost_per_second": 0.1}, None, (0, 0, 0), None),
        ({"input_cost_per_second": 0.1}, 10.0, (5, 5, 5), 1.0),
        ({}, 10.0, (5, 5, 5), None),
    ],
)
def test_a_recording_is_paid_once(
    entry: dict[str, float],
    seconds: float | None,
    tokens: tuple[int, int, int],
    cost: float | None,
) -> None:
    found = speech_cost(_Prices(**entry), "some/model", seconds, tokens)
    assert found == (None if cost is None else pytest.approx(cost))
