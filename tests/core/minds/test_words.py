"""What is written: variety, length, and sentences that are whole."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from core.domain.errors import BadInput
from core.minds import BehaviourMind, load_parameters, load_phrases
from core.minds.behaviour.phrases import (
    Choice,
    Dice,
    PhraseBank,
    Slot,
    Slots,
    Template,
    compile_template,
    render,
)
from tests.core.minds.cast import SEVEN, play_all

GIVEN = {"topic", "price", "me", "specification"}
BANK = load_phrases()


@pytest.fixture(scope="module")
def replies() -> dict[str, list[str]]:
    """The words of 50 contacts of each persona, four replies each at most."""
    mind = BehaviourMind(load_parameters(), BANK)
    return {
        name: [text for journey in play_all(mind, persona, 50) for text in journey.texts[:4]]
        for name, persona in SEVEN.items()
    }


def sentences(text: str) -> set[str]:
    """The sentences of a reply, without their numbers."""
    parts = re.split(r"(?<=[.!?:])\s+|\n+", text)
    return {re.sub(r"^\d\) ?", "", part).strip() for part in parts}


@pytest.mark.parametrize("name", SEVEN)
def test_nobody_says_the_same_again_and_again(replies: dict[str, list[str]], name: str) -> None:
    texts = replies[name]
    counted = Counter(sentence for text in texts for sentence in sentences(text))
    often = {s: n for s, n in counted.items() if len(s.split()) > 4 and n > 3}
    worst = max(often.values(), default=0)
    assert worst <= max(3, 0.04 * len(texts)), Counter(often).most_common(4)


@pytest.mark.parametrize("name", SEVEN)
def test_longer_replies_are_distinct(replies: dict[str, list[str]], name: str) -> None:
    longer = [text for text in replies[name] if len(text.split()) > 6]
    assert len(set(longer)) >= 0.85 * len(longer)


@pytest.mark.parametrize("name", SEVEN)
def test_sentences_are_whole(replies: dict[str, list[str]], name: str) -> None:
    for text in replies[name]:
        assert not re.search(r"[{}|]|  | [,.!?]|\b(the the|the this|a the)\b|[!?.],", text), text
        if name not in ("busy-bob", "cold-carl"):
            assert text[0].isupper() or not text[0].isalpha(), text


def test_bob_types_without_capitals(replies: dict[str, list[str]]) -> None:
    assert all(text == text.lower() for text in replies["busy-bob"])


def templates(bank: PhraseBank) -> list[tuple[str, Template]]:
    """Every template of the bank with the section that it stands in."""
    found: list[tuple[str, Template]] = []
    for section in ("replies", "more"):
        for kind, voices in getattr(bank, section).items():
            for voice, listed in voices.items():
                found += [(f"{section}.{kind}.{voice}", template) for template in listed]
    for section in ("minimal", "minimal_cold", "openers", "closings", "remarks"):
        for kind, listed in getattr(bank, section).items():
            found += [(f"{section}.{kind}", template) for template in listed]
    for section in ("asks", "stories", "notes", "specifications"):
        found += [(section, template) for template in getattr(bank, section)]
    return found


def slot_names(template: Template) -> set[str]:
    """The slots of a template, in all of its alternatives."""
    found = set()
    for node in template:
        if isinstance(node, Slot):
            found.add(node.name.removesuffix("_cap"))
        elif isinstance(node, Choice):
            found |= {name for option in node.options for name in slot_names(option)}
    return found


def test_every_slot_can_be_filled() -> None:
    for place, template in templates(BANK):
        assert slot_names(template) <= GIVEN | set(BANK.slots), place


def longest(template: Template) -> int:
    """The most words that a template can give."""
    text = " ".join("x " * most_words(node) for node in template)
    return len(text.split())


def most_words(node: object) -> int:
    """The most words of one part of a template."""
    if isinstance(node, Choice):
        return max(longest(option) for option in node.options)
    if isinstance(node, Slot):
        return max(len(word.split()) for word in BANK.slots[node.name])
    return len(re.findall(r"[\w'’]+", str(node)))


def test_few_words_are_few() -> None:
    for section in (BANK.minimal, BANK.minimal_cold):
        for kind, listed in section.items():
            assert all(longest(template) <= 6 for template in listed), kind


def test_every_kind_has_neutral_words_and_few_words() -> None:
    for kind, voices in BANK.replies.items():
        assert voices["neutral"], kind
        assert BANK.minimal[kind], kind


def test_templates_choose_and_fill() -> None:
    template = compile_template("{Yes|No}, {who|{thing}} {x|}end")
    texts = set()
    for number in range(200):
        dice = Dice(number / 200)
        texts.add(render(template, dice, Slots(dice, {"thing": "it"}, {})))
    assert texts == {
        f"{a}, {b} {c}end" for a in ("Yes", "No") for b in ("who", "it") for c in ("x", "")
    }


@pytest.mark.parametrize("text", ["{a|b", "a}", "{{a|b}"])
def test_bad_templates_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        compile_template(text)
