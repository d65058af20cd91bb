"""SMS segments: the alphabet, its bounds, and that no sign is cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messages import outsiders, segmented, simplified
from core.messages.segments import BASIC, EXTENSION

GSM = st.text(st.sampled_from(BASIC + EXTENSION), max_size=700)
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)


def test_the_alphabet_is_whole() -> None:
    assert len(BASIC) == len(set(BASIC)) == 127
    assert set(EXTENSION) == set("^{}\\[~]|€\f")
    assert not set(BASIC) & set(EXTENSION)
    assert set("ABCXYZabcxyz0189@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r _") <= set(BASIC)
    assert not set("áíóúçêÁ`´’“–…\t") & set(BASIC + EXTENSION)


@pytest.mark.parametrize("sign", BASIC)
def test_a_basic_sign_is_one_septet(sign: str) -> None:
    assert segmented(sign)[:2] == ("gsm7", 1)


@pytest.mark.parametrize("sign", EXTENSION)
def test_a_sign_of_the_extension_is_two(sign: str) -> None:
    assert segmented(sign)[:2] == ("gsm7", 2)


@pytest.mark.parametrize(
    ("text", "encoding", "length", "segments"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("a" * (153 * 5), "gsm7", 765, 5),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("€" * 153, "gsm7", 306, 3),
        ("я" * 70, "ucs2", 70, 1),
        ("я" * 71, "ucs2", 71, 2),
        ("я" * 134, "ucs2", 134, 2),
        ("я" * 135, "ucs2", 135, 3),
        ("👋" * 35, "ucs2", 70, 1),
        ("👋" * 36, "ucs2", 72, 2),
        ("👋" * 67, "ucs2", 134, 3),
        ("It’s " + "a" * 65, "ucs2", 70, 1),
    ],
)
def test_bounds(text: str, encoding: str, length: int, segments: int) -> None:
    found = segmented(text)
    assert (found.encoding, found.length, found.segments) == (encoding, length, segments)


def test_an_escape_pair_at_the_bound_goes_into_the_next_segment() -> None:
    first, second = segmented("a" * 152 + "€" + "b" * 20).parts
    assert (first, second) == ("a" * 152, "€" + "b" * 20)


def test_a_pair_of_surrogates_at_the_bound_goes_into_the_next_segment() -> None:
    first, second = segmented("я" * 66 + "👋" + "я" * 20).parts
    assert (first, second) == ("я" * 66, "👋" + "я" * 20)


@given(GSM | ANY)
def test_the_segments_together_are_the_text(text: str) -> None:
    found = segmented(text)
    assert "".join(found.parts) == text
    units = len(text.encode("utf-16-le")) // 2
    expected = units if found.encoding == "ucs2" else units + sum(map(text.count, EXTENSION))
    assert found.length == expected
    most = {"gsm7": (160, 153), "ucs2": (70, 67)}[found.encoding][found.segments > 1]
    for part in found.parts:
        size = len(part.encode("utf-16-le")) // 2
        assert size + (sum(map(part.count, EXTENSION)) if found.encoding == "gsm7" else 0) <= most
    assert bool(outsiders(text)) == (found.encoding == "ucs2")


def test_typographic_signs_have_plain_ones() -> None:
    assert simplified("“It’s” – well…\u00a0so") == '"It\'s" - well... so'
    assert simplified("Я € 👋") == "Я € 👋"
    assert segmented(simplified("“It’s” – «well»…")).encoding == "gsm7"
