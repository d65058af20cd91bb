"""The parameters: every one documented, in range, replaceable and storable."""

from __future__ import annotations

import json
import math

import pytest

from core.domain.errors import BadInput
from core.minds import TRAITS, BehaviourMind, BehaviourParameters, load_parameters, load_phrases
from core.minds.behaviour.parameters import LEVERS, TABLES
from tests.core.minds.cast import SEVEN


def test_every_parameter_is_documented() -> None:
    for name, parameter in load_parameters().parameters.items():
        assert parameter.name == name
        assert parameter.min <= parameter.value <= parameter.max
        assert len(parameter.help) > 20, name
        assert parameter.help.endswith("."), name
        assert parameter.unit, name
        assert parameter.source == "assumption" or any(c.isdigit() for c in parameter.source), name


def test_values_can_be_replaced() -> None:
    parameters = load_parameters()
    other = parameters.replace({"tone.skeptical.objection": 2, "words.spread": 0.1})
    assert other["tone.skeptical.objection"] == 2.0
    assert parameters["tone.skeptical.objection"] != 2.0
    assert other != parameters


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delivery.bounce.sms", 1.5),
        ("delivery.bounce.sms", -0.1),
        ("reading.night", math.nan),
        ("reading.night", math.inf),
        ("reading.night", "much"),
        ("reading.night", True),
        ("no.such.thing", 1.0),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(BadInput) as caught:
        load_parameters().replace({name: value})
    assert caught.value.place == name


def test_documents_go_round() -> None:
    parameters = load_parameters().replace({"waking.from": 6.5})
    document = json.loads(json.dumps(parameters.to_document()))
    assert BehaviourParameters.from_document(document) == parameters


@pytest.mark.parametrize("document", [{}, {"format": 1}, {"format": 1, "parameters": [{"a": 1}]}])
def test_other_documents_are_refused(document: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        BehaviourParameters.from_document(document)


def test_a_missing_parameter_is_named() -> None:
    whole = load_parameters()
    rest = {n: p for n, p in whole.parameters.items() if n != "reading.night"}
    with pytest.raises(BadInput) as caught:
        BehaviourMind(BehaviourParameters(rest, whole.aliases), load_phrases())
    assert caught.value.place == "reading.night"


def test_words_of_the_seven_are_all_known() -> None:
    parameters = load_parameters()
    mind = BehaviourMind(parameters, load_phrases())
    for name, persona in SEVEN.items():
        assert mind.profile(persona).unknown == (), name


def test_words_act_on_levers_and_aliases_on_words() -> None:
    parameters = load_parameters()
    for table in TABLES:
        assert parameters.words(table)
        for word in parameters.aliases[table].values():
            assert parameters.find_word(table, word) == word
    for name in parameters.parameters:
        if name.split(".")[0] in (*TABLES, "spread"):
            assert name.split(".")[-1] in LEVERS, name
        if name.startswith("spread."):
            assert name.split(".")[1] in TRAITS, name


def test_every_voice_is_a_tone_of_the_table() -> None:
    assert set(load_phrases().voices) == set(load_parameters().words("tone"))
