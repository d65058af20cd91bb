"""Settings: read once, from the environment, each with a default and a help text."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.domain.errors import BadInput
from core.settings import Settings, read_settings


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_environment_is_read_and_what_is_given_wins(tmp_path: Path) -> None:
    environment = {"GREENROOM_HOME": str(tmp_path), "GREENROOM_WORKERS": "3", "GREENROOM_DATA": ""}
    settings = read_settings(environment, workers=2)
    assert (settings.home, settings.workers) == (tmp_path.resolve(), 2)
    assert settings.data == Settings().data, "an empty value is no value"
    assert read_settings({}).home == Path.home() / ".greenroom"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WORKERS", "many"), ("WORKERS", "-1"), ("WORKSPACE", "../evil"), ("MAX_PEOPLE", "0")],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_settings({f"GREENROOM_{name}": value})
    assert caught.value.place == f"GREENROOM_{name}"


def test_they_cannot_be_changed_behind_anybodys_back() -> None:
    with pytest.raises(ValidationError):
        Settings().workers = 5  # type: ignore[misc]
