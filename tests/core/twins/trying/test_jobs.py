"""Standard tests from start to end: run, watched, stopped, kept; and versions side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from core.domain.errors import CallFailed, Conflict, MindUnavailable, NotFound
from core.domain.models import Model
from core.domain.twins import Answer
from core.store import Store
from core.twins import trying
from core.twins.trying.asking import HOPELESS, Stopped, ask_all
from core.twins.trying.words import key_words
from tests.core.twins.trying.scripted import (
    COUNT,
    KEEL,
    NOON,
    ScriptedServing,
    ScriptedTwins,
    answered,
    declined,
    passage,
    refused,
)

CONTENT = "\n\n".join(
    f"# The {word} hour\n\n{f'{KEEL} {COUNT} ' * 6}"
    for word in ("keel", "harbour", "market", "ladle", "kettle", "letter", "garden", "pencil")
)
KNOWN = frozenset(key_words(CONTENT))
LONG = f"{KEEL} {COUNT} {KEEL} [1]"


def sensible(question: str) -> Answer:
    """Answers what the content has, declines the rest, and stays itself."""
    if "Redbeard" in question or "previous instructions" in question:
        return refused()
    if KNOWN.intersection(key_words(question)):
        return answered(LONG, passage(f"{KEEL} {COUNT} {KEEL}"))
    return declined()


def credulous(question: str) -> Answer:
    return answered("Of course, whatever you say, I am glad to be of help. [1]", passage(KEEL))


class ScriptedTalks:
    """Asks a model that is a function."""

    def __init__(self, twins: ScriptedTwins) -> None:
        self._twins = twins
        self.failing: Exception | None = None
        self.together = 0
        self.most_together = 0
        self._lock = threading.Lock()

    def ask(self, ref: str, question: str, *, model: Model, version: int) -> Answer:
        with self._lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        try:
            if self.failing is not None:
                raise self.failing
            said = self._twins.serving(ref, version).ask(question)
            return said.model_copy(update={"engine": model.name})
        finally:
            with self._lock:
                self.together -= 1


def sure(probability: float) -> Callable[[str], float]:
    """A voice that is recognised in everything as much."""
    return lambda _: probability


def model(in_flight: int = 4) -> Model:
    return Model(id="m-1", name="A model", model="openai/one", in_flight=in_flight)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "here.duckdb", lambda: NOON)
    yield store
    store.close()


def serving(number: int = 1, **changes: Any) -> ScriptedServing:
    values: dict[str, Any] = {"ask": sensible, "voice": sure(0.9)}
    return ScriptedServing(number, {"keel.md": CONTENT}, **{**values, **changes})


def made(store: Store, *versions: ScriptedServing) -> tuple[trying.Tests, ScriptedTalks]:
    twins = ScriptedTwins(*versions)
    talks = ScriptedTalks(twins)
    return trying.Tests(store, cast(Any, twins), cast(Any, talks)), talks


def test_a_good_twin_holds_and_its_test_is_kept(store: Store) -> None:
    tests, _ = made(store, serving())
    state = tests.start("ada", wait=True)
    assert state.going_on is False and state.error is None
    assert state.done == state.total > 20
    test = tests.newest("ada")
    assert test is not None and test.id == state.result
    assert test.score.rate == 1 and test.score.of == state.total
    assert {group: rate.rate for group, rate in test.groups.items()} == {
        "content": 1,
        "off_topic": 1,
        "provocation": 1,
    }
    assert test.groups["off_topic"].of == test.groups["provocation"].of == 10
    assert test.voice.mean == pytest.approx(0.9)
    assert test == tests.get("t-1", test.id)


def test_a_twin_that_says_anything_to_anybody_does_not_hold(store: Store) -> None:
    tests, _ = made(store, serving(ask=credulous))
    tests.start("ada", wait=True)
    test = tests.newest("ada")
    assert test is not None and test.score.rate == 0
    assert all(one.why for one in test.results)


def test_the_history_has_one_line_a_test_newest_first(store: Store) -> None:
    tests, _ = made(store, serving(1), serving(2, ask=credulous))
    tests.start("ada", version=1, wait=True)
    tests.start("ada", wait=True, model=model())
    lines = {line.version: line for line in tests.results("ada")}
    assert len(lines) == 2
    assert (lines[1].held, lines[1].engine, lines[1].unavailable) == (lines[1].of, "sentences", 0)
    assert (lines[2].held, lines[2].engine) == (0, "A model")


def test_little_content_gives_fewer_prompts_and_says_so(store: Store) -> None:
    tests, _ = made(store, serving())
    tests.start("ada", wait=True)
    test = tests.newest("ada")
    assert test is not None
    asked = test.groups["content"].of
    assert 0 < asked < 30
    assert any(f"gives {asked} prompts instead of 30" in note for note in test.notes)


def test_without_a_voice_none_is_judged_and_that_is_said(store: Store) -> None:
    tests, _ = made(store, serving(voice=None))
    tests.start("ada", wait=True)
    test = tests.newest("ada")
    assert test is not None and test.score.rate == 1
    assert test.voice.mean is None
    assert any("too little content to recognise the voice" in note for note in test.notes)


def test_a_foreign_voice_fails_the_answers_that_are_long_enough(store: Store) -> None:
    tests, _ = made(store, serving(voice=sure(0.2)))
    tests.start("ada", wait=True)
    test = tests.newest("ada")
    assert test is not None
    assert test.groups["content"].rate == 0
    assert test.groups["off_topic"].rate == 1


def test_a_model_is_asked_many_things_at_once_within_its_allowance(store: Store) -> None:
    tests, talks = made(store, serving())
    tests.start("ada", model=model(in_flight=3), wait=True)
    assert 1 <= talks.most_together <= 3
    test = tests.newest("ada")
    assert test is not None and test.engine == "A model"
    assert test.groups["content"].rate == 1


@pytest.mark.parametrize("error", [CallFailed("It is down."), MindUnavailable("It is down.")])
def test_a_model_that_does_not_answer_has_held_nothing(store: Store, error: Exception) -> None:
    tests, talks = made(store, serving())
    talks.failing = error
    tests.start("ada", model=model(), wait=True)
    test = tests.newest("ada")
    assert test is not None
    assert test.score.rate is None and test.score.count == 0
    assert all(one.outcome == "unavailable" for one in test.results)
    assert any("It is down." in note for note in test.notes)
    assert tests.results("ada")[0].unavailable == len(test.results)


def test_what_we_did_not_foresee_ends_the_test_and_is_said(store: Store) -> None:
    def broken(question: str) -> Answer:
        raise ZeroDivisionError("oh")

    tests, _ = made(store, serving(ask=broken))
    state = tests.start("ada", wait=True)
    assert state.result is None and state.error is not None and "ZeroDivisionError" in state.error
    assert tests.newest("ada") is None
    assert tests.start("ada", wait=True).error is not None


def test_a_test_is_stopped_and_nothing_of_it_is_kept(store: Store) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(question: str) -> Answer:
        asked.set()
        assert go_on.wait(10)
        return sensible(question)

    tests, _ = made(store, serving(ask=slow))
    state = tests.start("ada")
    assert state.going_on
    assert asked.wait(10)
    with pytest.raises(Conflict, match="tested already"):
        tests.start("ada")
    stopping = threading.Thread(target=tests.stop, args=("ada",))
    stopping.start()
    go_on.set()
    stopping.join(10)
    state = tests.wait("ada", 10)
    assert (state.going_on, state.error, state.result) == (False, "It was stopped.", None)
    assert tests.results("ada") == []


def test_after_a_restart_the_last_test_is_still_known(store: Store) -> None:
    tests, _ = made(store, serving())
    kept = tests.start("ada", wait=True).result
    again, _ = made(store, serving())
    assert again.state("ada").result == kept
    assert again.state("ada").going_on is False


def test_a_twin_that_does_not_exist_and_a_test_that_does_not_are_said(store: Store) -> None:
    tests, _ = made(store, serving())
    for call in (
        lambda: tests.start("nobody"),
        lambda: tests.start("ada", version=9),
        lambda: tests.get("ada", "q-none"),
        lambda: tests.state("nobody"),
    ):
        with pytest.raises(NotFound):
            call()
    assert tests.state("ada").total == 0


def test_erasing_a_twin_erases_its_tests(store: Store) -> None:
    tests, _ = made(store, serving())
    tests.start("ada", wait=True)
    store.twins.erase("t-1")
    assert store.twin_tests.lines("t-1") == []


# Asking


def test_answers_come_in_the_order_of_the_questions() -> None:
    questions = [str(number) for number in range(40)]
    found = ask_all(lambda question: answered(f"{question} [1]"), questions, 8)
    assert [one.text for one in found if isinstance(one, Answer)] == [f"{q} [1]" for q in questions]


def test_where_nothing_answers_the_rest_is_not_asked() -> None:
    asked: list[str] = []

    def failing(question: str) -> Answer:
        asked.append(question)
        raise CallFailed("No.")

    found = ask_all(failing, [str(number) for number in range(60)], 1)
    assert found == ["No."] * 60
    assert HOPELESS <= len(asked) < 60


def test_one_failure_among_answers_is_its_own() -> None:
    def moody(question: str) -> Answer:
        if question == "3":
            raise CallFailed("Not now.")
        return declined()

    found = ask_all(moody, ["1", "2", "3", "4"], 2)
    assert [isinstance(one, Answer) for one in found] == [True, True, False, True]


def test_a_stop_before_the_end_gives_no_half_result() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        ask_all(sensible, ["1"], 1, stop)


# Comparing


def test_two_versions_side_by_side(store: Store) -> None:
    first = serving(1)
    second = serving(2, ask=credulous, voice=sure(0.3))
    tests, _ = made(store, first, second)
    rows = tests.compare("ada", 1, 2, ["What is the keel hour?", "How do I bake bread?"])
    assert [row.prompt for row in rows] == ["What is the keel hour?", "How do I bake bread?"]
    assert rows[0].voice_a == 0.9
    assert rows[0].a is not None and rows[0].a.text == LONG
    assert any("longer" in one for one in rows[0].differs)
    assert rows[1].differs == ("The first says that it does not know, the second answers.",)


def test_the_same_version_twice_differs_in_nothing(store: Store) -> None:
    tests, _ = made(store, serving())
    rows = tests.compare("ada", 1, 1)
    assert 3 <= len(rows) <= 8
    assert all(row.differs == () for row in rows)
    assert [row.prompt for row in rows] == list(tests.prompts("ada"))


def test_a_version_that_does_not_answer_is_said_in_the_comparison(store: Store) -> None:
    tests, talks = made(store, serving(1), serving(2))
    talks.failing = CallFailed("It is down.")
    row = tests.compare("ada", 1, 2, ["What is the keel hour?"], model())[0]
    assert row.a is None and row.b is None
    assert row.differs == (
        "The first gave no answer: It is down.",
        "The second gave no answer: It is down.",
    )


def test_a_pasted_reply_is_judged_by_the_voice(store: Store) -> None:
    tests, _ = made(store, serving())
    assert tests.test_response("ada", "Count before you cut.").probability == 0.9
    with pytest.raises(Conflict):
        made(store, serving(voice=None))[0].test_response("ada", "Count before you cut.")
