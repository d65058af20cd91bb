"""What changed between two profiles."""

from __future__ import annotations

from core.domain.twins import Profile, TraitEstimate
from core.twins.profile import changes, profile_voice
from tests.core.twins.profile.texts import mixed, plain

ASKING = ("What would you do with the rest of it?",)


def profile(text: str, openness: float = 50) -> Profile:
    features, phrases = profile_voice([("a", text)])
    trait = TraitEstimate(trait="openness", score=openness, low=3, high=97, source="model")
    return Profile(words=len(text.split()), traits=(trait,), features=features, phrases=phrases)


BEFORE = profile(plain(3_000))


def test_nothing_changed() -> None:
    assert changes(BEFORE, BEFORE) == ()


def test_what_moved_is_said_first_the_content_then_the_largest() -> None:
    found = changes(BEFORE, profile(mixed(5_000, ASKING, 0.3), 62))
    assert found[0].kind == "content"
    assert "more words" in found[0].says
    moved = [abs(one.step) for one in found if one.kind in ("feature", "trait")]
    assert moved == sorted(moved, reverse=True)
    asked = next(one for one in found if one.id == "questions")
    assert "rose" in asked.says
    assert any(one.kind == "trait" and "62" in one.says for one in found)


def test_phrases_come_and_go() -> None:
    habit = ("Here is what I would do with the mill.",)
    with_habit = profile(mixed(6_000, habit, 0.05))
    came = [one.says for one in changes(BEFORE, with_habit) if one.kind == "phrase"]
    went = [one.says for one in changes(with_habit, BEFORE) if one.kind == "phrase"]
    assert any("here is what I would do" in one and "now" in one for one in came)
    assert any("here is what I would do" in one and "no longer" in one for one in went)


def test_a_first_profile_has_no_steps() -> None:
    assert [one.kind for one in changes(Profile(words=0), BEFORE) if one.kind != "phrase"] == [
        "content"
    ]
