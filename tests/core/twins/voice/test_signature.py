"""A signature tells its creator from others, says what it rests on, and survives storage."""

from __future__ import annotations

import io

import numpy as np
import pytest

from core.domain.errors import BadInput
from core.twins.voice import LEAST_ASKED, LEAST_KNOWN, Signature
from tests.core.twins.voice.conftest import CHATTY, NOTICE


def test_unseen_passages_of_the_creator_are_likelier_than_what_others_wrote(
    signature: Signature, unseen: list[str]
) -> None:
    own = signature.probabilities(unseen)
    others = signature.probabilities([NOTICE, CHATTY])
    assert np.median(own) > 0.8
    assert others.max() < 0.5
    assert own.min() > others.max()


def test_a_short_passage_moves_the_odds_less(signature: Signature, unseen: list[str]) -> None:
    whole = signature.probabilities(unseen)
    openings = signature.probabilities([" ".join(text.split()[:15]) for text in unseen])
    assert np.abs(openings - 0.5).mean() < np.abs(whole - 0.5).mean()


def test_little_known_text_tells_less(known: list[str], unseen: list[str]) -> None:
    texts = [*unseen, NOTICE, CHATTY]
    little = Signature.learn([" ".join(known[0].split()[:600])]).probabilities(texts)
    much = Signature.learn(known).probabilities(texts)
    assert much[:-2].mean() - much[-2:].mean() > little[:-2].mean() - little[-2:].mean()


def test_one_at_a_time_or_all_at_once(signature: Signature, unseen: list[str]) -> None:
    texts = [NOTICE, *unseen, "Good morning.", CHATTY]
    alone = [signature.verdict(text).probability for text in texts]
    together = signature.probabilities(texts)
    assert alone[-2] is None
    assert together[-2] == 0.5
    assert [one for one in alone if one is not None] == pytest.approx(np.delete(together, -2))


def test_how_a_text_is_set_does_not_count(signature: Signature, unseen: list[str]) -> None:
    curly = unseen[0].replace("'", "’").replace(" ", "\n", 40)
    assert signature.probabilities([curly])[0] == pytest.approx(
        signature.probabilities([unseen[0].replace("’", "'")])[0]
    )


@pytest.mark.parametrize(
    ("words", "reliability"), [(4, "none"), (5, "weak"), (29, "weak"), (30, "fair"), (100, "good")]
)
def test_the_grade_follows_the_length(
    signature: Signature, unseen: list[str], words: int, reliability: str
) -> None:
    verdict = signature.verdict(" ".join(unseen[0].split()[:words]))
    assert verdict.reliability == reliability
    assert verdict.words == words
    assert verdict.says
    assert (verdict.probability is None) == (words < LEAST_ASKED)


def test_little_known_text_is_weak_whatever_is_asked(known: list[str], unseen: list[str]) -> None:
    signature = Signature.learn([" ".join(known[0].split()[:600])])
    verdict = signature.verdict(" ".join(unseen))
    assert verdict.reliability == "weak"
    assert "600 words" in verdict.says


def test_too_few_words_are_refused() -> None:
    with pytest.raises(BadInput, match="149 words") as caught:
        Signature.learn(["word " * 100, "word " * 49])
    assert str(LEAST_KNOWN) in (caught.value.fix or "")


def test_stored_and_read_back_it_says_the_same(signature: Signature, unseen: list[str]) -> None:
    body = signature.to_bytes()
    again = Signature.from_bytes(body)
    assert len(body) < 1_000_000
    texts = [*unseen, NOTICE]
    assert again.probabilities(texts) == pytest.approx(signature.probabilities(texts), abs=0.01)
    assert again.verdict(NOTICE).evidence == signature.verdict(NOTICE).evidence


def test_what_is_stored_holds_no_text(signature: Signature) -> None:
    with np.load(io.BytesIO(signature.to_bytes()), allow_pickle=False) as kept:
        assert {kept[name].dtype.kind for name in kept.files} <= {"f", "i", "b", "u"}


def test_another_version_is_refused(signature: Signature) -> None:
    with np.load(io.BytesIO(signature.to_bytes())) as kept:
        parts = dict(kept)
    parts["sizes"][0] += 1
    body = io.BytesIO()
    np.savez_compressed(body, **parts)
    with pytest.raises(BadInput, match="another version"):
        Signature.from_bytes(body.getvalue())


def test_odd_texts_get_a_number(signature: Signature) -> None:
    odd = [
        "...... !!! ??? ;;; ,,,",
        "Привет это текст на другом языке совсем",
        "1 2 3 4 5 6 7",
        "x " * 9,
    ]
    found = signature.probabilities(odd)
    assert ((found >= 0) & (found <= 1)).all()
    assert signature.probabilities([]).shape == (0,)
