"""Personal data is found; numbers in ordinary prose are not taken for it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.twins.screening import personal_data

FOUND = [
    ("email", "maya@example.org"),
    ("email", "maya.okafor+news@mail.example.co.uk"),
    ("email", "maya (at) example (dot) org"),
    ("email", "maya[at]example.org"),
    ("phone", "+49 30 901820"),
    ("phone", "+44 20 7946 0958"),
    ("phone", "+1 (415) 555-2671"),
    ("phone", "0049 171 1234567"),
    ("phone", "020 7946 0958"),
    ("phone", "(415) 555-2671"),
    ("phone", "415-555-2671"),
    ("phone", "0171 1234567"),
    ("phone", "030 / 901820"),
    ("phone", "01 42 68 53 00"),
    ("card", "4111 1111 1111 1111"),
    ("card", "5500-0000-0000-0004"),
    ("card", "378282246310005"),
    ("account", "DE89 3704 0044 0532 0130 00"),
    ("account", "GB82WEST12345698765432"),
    ("address", "Hauptstraße 12, 10115 Berlin"),
    ("address", "Lindenallee 7a"),
    ("address", "Am Kanal 3, D-24103 Kiel"),
    ("address", "221B Baker Street, London NW1 6XE"),
    ("address", "14 Harbour Lane"),
    ("address", "1600 Pennsylvania Avenue NW, Washington, DC 20500"),
    ("address", "742 Evergreen Terrace, Springfield, IL 62704"),
    ("address", "PO Box 1234"),
    ("address", "Postfach 12 34, 24103 Kiel"),
]

PROSE = """
In 1984 we had 12,500 members, and by 2019 there were 48,000.
The book has ISBN 978-3-16-148410-0 and 320 pages.
She won 6-4, 3-6, 7-5 after 02:31:45 on 2023-05-14.
Breathe in for 4, hold for 7, out for 8, and do it 3 times.
It cost $1,299.00, then 1.299,00 €, and 15% less on 01.02.2024.
From 1914-1918 and 1939-1945 nobody sailed there.
Chapter 12, verse 3, page 144, line 20 of the 3rd edition.
In 1929 Wall Street crashed and 24 Hours later he slept.
The 7 Steps Way is not a street, and the 21 Day Drive is no road.
Run 10 km in 45 minutes, 3 times a week, for 12 weeks.
Order no. 4003 6000 0000 0006 was sent on 12 May 2021.
The code is 123456 and the room is 4711.
He counted 1 2 3 4 5 6 7 8 9 10 and jumped.
Version 2.10.3 of 2024-01-15 weighs 20 000 000 bytes.
Two thirds (66.67 %) of 1 250 people said yes; 417 said no.
Write to me @maya or use #keel2024 and picture@2x.png.
The Weg 3 of the four ways is the hardest. Der Weg 3 ist steil.
Nach Schritt 12 kommen 20000 Menschen an den Platz.
My score was 1234567890 points in 60 seconds.
At 6:30 I rise, at 22:00 I sleep; 16 hours, 960 minutes, 57600 seconds.
Sonnet 116, lines 1-14; Psalm 23:1-6; Op. 27 No. 2.
Latitude 54.3233, longitude 10.1228, depth 12.5 m.
In the years 1990 1995 2000 2005 2010 I moved.
Act 3 Scene 2 Line 115, and St. Paul was 35 when Dr. Hill spoke.
""".strip().splitlines()


@pytest.mark.parametrize(("kind", "words"), FOUND, ids=[words for _, words in FOUND])
def test_it_is_found_in_a_sentence(kind: str, words: str) -> None:
    text = f"You will find me here: {words}. Bring time, and a coat."
    (found,) = personal_data(text)
    assert (found.kind, found.text) == (kind, words)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize("sentence", PROSE)
def test_prose_is_left_alone(sentence: str) -> None:
    assert personal_data(sentence) == ()


@pytest.mark.parametrize(
    "wrong",
    ["4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "0000 0000 0000 0000", "+49 1", "a@b"],
)
def test_what_fails_its_check_is_none(wrong: str) -> None:
    assert personal_data(f"It says {wrong} there.") == ()


def test_several_in_order_and_none_twice() -> None:
    text = "Call +49 30 901820 or mail maya@example.org, Hauptstraße 12, 10115 Berlin."
    found = personal_data(text)
    assert [each.kind for each in found] == ["phone", "email", "address"]
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_book_takes_no_more_than_two_seconds() -> None:
    book = "\n\n".join(PROSE * 270)
    assert len(book.split()) > 70_000
    began = time.process_time()
    assert personal_data(book) == ()
    assert time.process_time() - began < 2


@given(st.text(st.sampled_from("0123456789 +-()/.,@aZß\n"), max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_looked_through(text: str) -> None:
    for found in personal_data(text):
        assert found.text == text[found.start : found.end] != ""
