"""Work that a page does not wait for: begun once and kept; a failure stands for a while."""

from __future__ import annotations

import threading

import pytest

from pages.parts import later as room
from pages.parts.later import later, soon


def test_the_same_question_is_worked_out_once() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def work() -> int:
        begun.append(1)
        gate.wait(10)
        return 7

    key = ("once", object())
    first = later(key, work)
    assert not soon(first, 0.01)
    gate.set()
    assert later(key, work).result(10) == 7
    assert soon(first)
    assert len(begun) == 1


def test_a_failure_stands_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def work() -> None:
        begun.append(1)
        raise ValueError("no")

    key = ("fails", object())
    for _ in range(3):
        assert isinstance(later(key, work).exception(10), ValueError)
    assert len(begun) == 1
    monkeypatch.setattr(room, "FORGIVING_SECONDS", -1.0)
    assert isinstance(later(key, work).exception(10), ValueError)
    assert len(begun) == 2


def test_the_oldest_answers_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "KEPT", 2)
    keys = [("old", n, object()) for n in range(4)]
    for key in keys:
        later(key, lambda: None).result(10)
    assert [key in room._kept for key in keys] == [False, False, True, True]
