"""The method as a language model sees it: only what it can quote is believed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from core.domain.errors import CallFailed
from core.domain.twins import Methodology
from core.twins.methodology import ask_for_method, find_method, remove_node
from tests.core.twins.methodology.texts import PIECES, linked, named, names

ANSWER: dict[str, Any] = {
    "concepts": [
        {
            "name": "the floor voice",
            "says": "A sound that begins under your feet.",
            "quotes": ["I teach the opposite, and I call it the floor voice"],
        },
        {"name": "chakra", "says": "Energy.", "quotes": ["Your chakra opens when you sing well."]},
        {"name": "moon voice", "says": "", "quotes": ["Most people sing from the chin."]},
    ],
    "principles": [
        {"says": "never push a tired voice", "quotes": []},
        {"says": "Always sing on Sundays.", "quotes": ["Always sing on Sundays."]},
    ],
    "exercises": [
        {
            "name": "The paper hum",
            "says": "",
            "steps": ["Hold a sheet of paper before your lips.", "Invoke seven ancestral spirits."],
            "quotes": ["Hum until the paper shakes."],
        }
    ],
    "links": [
        {"source": "The paper hum", "target": "the floor voice", "kind": "uses", "quote": ""},
        {
            "source": "the floor voice",
            "target": "The paper hum",
            "kind": "before",
            "quote": "Invented.",
        },
        {"source": "chakra", "target": "The paper hum", "kind": "before", "quote": ""},
    ],
}


class Model:
    """Says what it is given to say, and keeps what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def complete(self, system: str, user: str, schema: dict[str, Any]) -> str:
        assert "material" in system and schema["additionalProperties"] is False
        self.asked.append(user)
        return self.answers.pop(0)


def ask(model: Model, before: Methodology | None = None) -> Methodology:
    return asyncio.run(ask_for_method(PIECES, model.complete, before))


def test_what_has_no_quote_in_the_content_is_left_out() -> None:
    method = ask(Model(f"Here it is:\n```json\n{json.dumps(ANSWER)}\n```"))
    assert names(method, "concept") == {"the floor voice"}
    assert names(method, "principle") == {"never push a tired voice"}
    assert names(method, "exercise") == {"the paper hum"}
    assert named(method, "the paper hum").steps == ("Hold a sheet of paper before your lips.",)
    assert linked(method, "uses") == {("the paper hum", "the floor voice")}
    assert linked(method, "before") == set()


def test_what_a_node_says_and_its_places_are_the_creators_words() -> None:
    method = ask(Model(json.dumps(ANSWER)))
    texts = dict(PIECES)
    for node in method.nodes:
        assert node.passages
        assert all(texts[one.file].text[one.start : one.end] == one.text for one in node.passages)
    assert named(method, "never push a tired voice").says == "Never push a tired voice."


def test_the_ids_are_those_of_what_is_found_without_a_model() -> None:
    found, asked = find_method(PIECES), ask(Model(json.dumps(ANSWER)))
    assert {one.id for one in asked.nodes} <= {one.id for one in found.nodes}


def test_corrections_hold_against_a_model_too() -> None:
    found = find_method(PIECES)
    method = ask(Model(json.dumps(ANSWER)), remove_node(found, named(found, "paper hum").id))
    assert "the paper hum" not in names(method, "exercise")


def test_a_kind_that_the_model_leaves_empty_is_what_was_found() -> None:
    method = ask(Model(json.dumps({**ANSWER, "principles": []})))
    assert names(method, "principle") == names(find_method(PIECES), "principle")


def test_the_content_is_shown_and_a_bad_answer_is_asked_for_again() -> None:
    model = Model("I would rather not.", json.dumps(ANSWER))
    assert ask(model).nodes
    assert "[workbook.md]" in model.asked[0] and "The rules of the house" in model.asked[0]
    assert "it holds no JSON object" in model.asked[1]


@pytest.mark.parametrize("bad", ["no", '{"concepts": 1}', "{" + "x" * 200_000 + "}"])
def test_two_bad_answers_are_an_error(bad: str) -> None:
    with pytest.raises(CallFailed):
        ask(Model(bad, bad))
