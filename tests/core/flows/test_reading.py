"""Reading flow files: what is good comes in as it is, what is hostile is refused at once."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import BadInput, TooLarge
from core.flows import read_flow, validate_document

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=6)
STEP = '{"id": "s", "type": "end"}'


@given(DOCUMENTS)
def test_json_is_read_as_it_is(document: dict[str, object]) -> None:
    assert read_flow(json.dumps(document)) == document


@given(DOCUMENTS)
def test_yaml_is_read_as_it_was_written(document: dict[str, object]) -> None:
    assert read_flow(yaml.safe_dump(document)) == document


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_is_read_or_refused(data: bytes | str) -> None:
    try:
        document = read_flow(data)
    except BadInput as error:
        assert error.message
    else:
        assert json.loads(json.dumps(document)) == document
        validate_document(document)


@pytest.mark.parametrize(
    ("data", "document"),
    [
        (b"\xef\xbb\xbfname: A", {"name": "A"}),
        ("\ufeffname: A", {"name": "A"}),
        (b'\xef\xbb\xbf{"name": "A"}', {"name": "A"}),
        ("{name: A, steps: []}", {"name": "A", "steps": []}),
        ("on: yes\nno: [off, n]", {"on": "yes", "no": ["off", "n"]}),
        ("from: 21:00", {"from": "21:00"}),
        ("day: 2026-01-05", {"day": "2026-01-05"}),
        ("at: 2026-01-05 09:00:00", {"at": "2026-01-05T09:00:00"}),
        ("code: 007", {"code": "007"}),
        (
            "a: 0x1F\nb: 1.5e+3\nc: -2\nd: .5\ne: ~",
            {"a": 31, "b": 1500.0, "c": -2, "d": 0.5, "e": None},
        ),
        ("a: !!str 5", {"a": "5"}),
        ("name: <b>Ada</b>", {"name": "<b>Ada</b>"}),
    ],
)
def test_forms_that_are_understood(data: bytes | str, document: dict[str, object]) -> None:
    assert read_flow(data) == document


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "empty"),
        ("  \n\n", "empty"),
        ("hello", "a single value"),
        ("[1, 2]", "a list"),
        ("null", "a single value"),
        ("name: é".encode("utf-16"), "UTF-16"),
        (b"name: \xe9", "line 1, column 7"),
        (b"\x7fELF\x02\x01", "not allowed"),
        ('{"a": 1 "b": 2}', "line 1, column 9"),
        ("a: [1, 2\nb: 3", "line 2, column 2"),
        ("a: 1\n---\nb: 2", "line 2, column 1: flow: it holds more than one document"),
        ("name: a\nsteps: []\nname: b", "line 3, column 1: flow: the key “name” is there twice"),
        ('{"a": 1,\n "a": 2}', "line 2, column 2"),
        ('{"a": 1, "\\u0061": 2}', "there twice: a"),
        ('{"steps": [{"weight": NaN}]}', "steps[0].weight"),
        ('{"a": [1, -Infinity]}', "a[1]"),
        ('{"a": 1e999}', "a: flow: is no finite number"),
        ("a: [1, .nan]", "line 1, column 8"),
        ("a: -.inf", "line 1, column 4"),
        ('{"a": ' + "9" * 30 + "}", "too many digits"),
        ('{"a": ' + "9" * 5_000 + "}", "a: flow"),
        ("a: " + "9" * 5_000, "too many digits"),
        ('{"name": "a\\u0000b"}', "name: flow: has a control character at position 1"),
        ('{"name": "\\ud800"}', "control character"),
        ('{"a\\u0007": 1}', "no plain text"),
        (b'name: "a\x00b"', "U+0000"),
        ("1: a", "line 1, column 1: flow: the key '1' is no text"),
        ("true: a", "no text"),
        ("? [a]\n: b", "no text"),
        ("a: !!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
        ("a: !!binary aGk=", "not allowed"),
        ("a: !own 1", "!own"),
        ("a: &a [x]\nb: *a", "line 2, column 4: flow: the alias “*a”"),
        ("a: &a {x: 1}\nb:\n  <<: *a", "line 3, column 7"),
    ],
)
def test_forms_that_are_refused(data: bytes | str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_flow(data)
    assert problem in str(caught.value)


def flow_of(steps: str) -> str:
    return "name: Large\nsteps:\n" + steps


HOSTILE = {
    "50 MB": b"a" * 50_000_000,
    "JSON, 10,000 deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "JSON, 150 deep": '{"a":' * 150 + "1" + "}" * 150,
    "JSON, brackets only": "[" * 4_900_000,
    "YAML, 10,000 deep": "a: " + "[" * 10_000 + "]" * 10_000,
    "YAML, sequences in one line": "- " * 10_000,
    "YAML, indented": "\n".join(" " * level + "a:" for level in range(2_000)),
    "JSON, 100,000 steps": '{"steps": [' + ",".join([STEP] * 100_000) + "]}",
    "YAML, 100,000 steps": flow_of("- {id: s, type: end}\n" * 100_000),
    "many values": "a: [" + "1," * 1_000_000 + "1]",
}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_too_large_is_refused_at_once(data: bytes | str) -> None:
    started = time.perf_counter()
    with pytest.raises(TooLarge):
        read_flow(data)
    assert time.perf_counter() - started < 4


def test_an_alias_bomb_is_refused_with_its_line() -> None:
    with pytest.raises(BadInput) as caught:
        read_flow(BOMB)
    assert caught.value.place == "line 2, column 8"


def test_the_place_of_a_level_too_deep_is_named() -> None:
    with pytest.raises(TooLarge) as caught:
        read_flow('{"a":' * 10_000 + "1" + "}" * 10_000)
    assert caught.value.place == "line 1, column 501"


def test_the_source_is_named_and_the_limit_can_be_set() -> None:
    with pytest.raises(TooLarge, match=r"spring\.yaml is larger than 1e-05 MB"):
        read_flow("name: A flow", source="spring.yaml", max_bytes=10)
