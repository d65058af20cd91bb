"""Tone: right on most messages that it was not made with, and never an insult to politeness."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.domain.messages import TONES
from core.messages import tone_of

HERE = Path(__file__).parent
FILES = {"tone_dev.yaml": 0.97, "tone_held.yaml": 0.8}
"""What share must be right."""


def labelled(name: str) -> list[tuple[str, str]]:
    kept = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [(tone, text) for tone in TONES for text in kept[tone]]


@pytest.mark.parametrize(("name", "share"), FILES.items())
def test_most_are_heard_as_we_hear_them(name: str, share: float) -> None:
    rows = labelled(name)
    assert sum(tone_of(text).tone == tone for tone, text in rows) >= share * len(rows)


@pytest.mark.parametrize("name", FILES)
def test_aggressive_is_what_attacks_and_nothing_else(name: str) -> None:
    for tone, text in labelled(name):
        assert (tone_of(text).tone == "aggressive") == (tone == "aggressive"), text


def test_polite_messages_of_our_own_do_not_attack() -> None:
    own = yaml.safe_load((HERE / "own_messages.yaml").read_text("utf-8"))["polite"]
    assert not [m["body"] for m in own if tone_of(m["body"], m.get("subject")).tone == "aggressive"]


def test_what_was_heard_is_named() -> None:
    heard = tone_of("Stop ignoring me. This is your final warning.")
    assert heard.tone == "aggressive"
    assert heard.words["aggressive"] == ["stop ignoring", "final warning"]


def test_a_curly_quote_is_a_quote() -> None:
    assert tone_of("You’ll regret this.").tone == "aggressive"


@pytest.mark.parametrize("text", ["", " ", "…", "👋", "STOP", "OK"])
def test_little_is_neutral_or_warm(text: str) -> None:
    assert tone_of(text).tone in ("neutral", "warm")


@pytest.mark.parametrize(
    ("text", "attacks"),
    [
        ("PLEASE CALL ME BACK ASAP THANKS LENA", False),
        ("CAN YOU BRING THE KEYS PLEASE", False),
        ("BITTE RUF MICH AN DANKE", False),
        ("CALL ME BACK RIGHT NOW LENA", True),
        ("PLEASE STOP WASTING MY TIME", True),
        ("THANKS FOR NOTHING YOU IDIOT", True),
    ],
)
def test_who_says_please_in_capitals_does_not_attack(text: str, attacks: bool) -> None:
    assert (tone_of(text).tone == "aggressive") is attacks
