"""The page of all checks."""

from __future__ import annotations

from typing import Any

import pytest

from core.flows import CHECKS
from tests.pages.conftest import OpenRoom, texts


def test_the_catalogue_shows_every_check_and_one_family(open_room: OpenRoom) -> None:
    app = open_room("checks")
    assert not app.exception
    assert len(app.code) == len(CHECKS)
    app.segmented_control[0].set_value("Structure").run()
    assert len(app.code) == sum(check.family == "structure" for check in CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_address_opens_one_check(open_room: OpenRoom, check: Any) -> None:
    app = open_room("checks", check=check.id)
    assert not app.exception
    assert app.title[0].value == check.title
    assert app.code[0].value == check.example.strip()


def test_an_unknown_check_is_said(open_room: OpenRoom) -> None:
    said = texts(open_room("checks", check="no_such_check"))
    assert "There is no check “no_such_check”" in said
