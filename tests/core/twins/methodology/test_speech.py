"""What sentences do."""

from __future__ import annotations

import pytest

from core.twins.methodology.speech import is_maxim, is_only_label, labelled, rule_strength, told


@pytest.mark.parametrize(
    "text",
    [
        "Sit on a hard chair.",
        "Then write down what you heard.",
        "Each evening, set a timer for ten minutes.",
        "Do not change anything.",
        "Step three. Put the sheet away.",
        "Before the hour begins, put the phone in another room.",
    ],
)
def test_commands(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rest is booked first.",
        "The cook writes it down.",
        "Count on me, would you?",
        "Work of the best kind is quiet.",
        "She put the phone in another room.",
    ],
)
def test_what_commands_nobody(text: str) -> None:
    assert not told(text)


def test_rules_are_stronger_than_stories() -> None:
    assert rule_strength("Never plan a day you have not slept for.") > 2.4
    assert rule_strength("The hour counts, not the clock.") > 1.5
    assert rule_strength("The rule is that nobody works on Sundays.") > 2.4
    assert rule_strength("She told me that I should never have come.") == 0
    assert rule_strength("It must be true.") == 0
    assert rule_strength("Should you always go?") == 0


def test_labels() -> None:
    assert labelled("Step one. Sit.") and labelled("Day two, look.") and not labelled("Sit.")
    assert is_only_label("**Step one.**") and not is_only_label("Step one. Sit.")


def test_maxims_stand_alone() -> None:
    assert is_maxim("You can be kind and still be closed.")
    assert not is_maxim("That is the price of the fish.")
    assert not is_maxim("I have the scar and the receipt.")
