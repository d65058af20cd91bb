"""A design in a file: read as it stands, or refused with the line and the field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands.experiment_specs import MOST_SPEC, read_spec
from core.domain.errors import BadInput, TooLarge
from core.domain.experiments import Design

SEATS = """name: Seats
hypothesis: A warmer first line brings more bookings.
variants:
  - {id: control}
  - id: warm
    weight: 2
metrics:
  - id: booked
    kind: proportion
    role: primary
    value: booked
rule: {kind: fixed, least: 0.1}
"""


def test_a_design_is_read_from_yaml_and_json() -> None:
    design = read_spec(SEATS)
    assert [one.id for one in design.variants] == ["control", "warm"]
    assert design.primary and design.primary.value == "booked"
    assert design.rule.least == 0.1
    again = read_spec(json.dumps(design.model_dump(mode="json")))
    assert again == design and again.fingerprint == design.fingerprint


def test_a_file_names_what_has_no_name() -> None:
    assert read_spec(SEATS.replace("name: Seats\n", ""), "spring.yaml").name == "spring"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SEATS.replace("proportion", "propotion"), "line 9, metrics[0].kind: Must be"),
        (SEATS.replace("role: primary", "rol: primary"), "line 10, metrics[0].rol: Is not known"),
        (SEATS.replace("role: primary", "rol: primary"), "Is “role” meant?"),
        (SEATS.replace("least: 0.1", "alpha: 3"), "line 12, rule.alpha: Must be less than 0.5."),
        (SEATS.replace("    value: booked\n", ""), "line 8, metrics[0].value: This is needed."),
        (SEATS.replace("{id: control}", "{id: warm}"), "there are two of the variant 'warm'"),
        (SEATS + "control: cold\n", "the control 'cold' is no variant"),
        ("", "s.yaml is empty."),
        (" \n", "s.yaml is empty."),
        ("- a\n", "s.yaml is no experiment."),
        ("seats", "s.yaml is no experiment."),
        ("name: [x", "line 2, column 1"),
        ("a: &x 1\nb: *x\n", "the alias “*x” is not allowed"),
        ("name: x\nname: y\n", "line 2, column 1"),
        (b"\xff\xfe\x00\x00".decode("latin-1"), "s.yaml"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_spec(text, "s.yaml")
    assert said.casefold() in str(refused.value).casefold()


def test_a_file_without_end_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_spec("#" * (MOST_SPEC + 1))


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_it_is_a_design_or_bad_input(data: bytes) -> None:
    try:
        design = read_spec(data)
    except BadInput as refused:
        assert str(refused)
    else:
        assert design == Design(name="spec")
