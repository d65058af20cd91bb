"""The messages page: one message looked at, nothing to look at, text that means to be more."""

from __future__ import annotations

from tests.pages.conftest import OpenRoom, texts

PRIZE = "WIN CASH NOW!!! Claim your FREE £1000 prize, call 09061701461 now!!!"


def test_nothing_is_said_of_nothing(open_room: OpenRoom) -> None:
    app = open_room("messages")
    assert "How will this message be taken?" in texts(app)
    assert "What is found stands here" in texts(app)
    assert not app.exception


def test_a_prize_is_spam_and_its_words_are_named(open_room: OpenRoom) -> None:
    app = open_room("messages", channel="email")
    app.text_area(key="message-body").input(PRIZE).run()
    said = texts(app)
    assert "This looks like spam" in said
    assert "What raises it: the words" in said
    assert "The subject is empty" in said
    assert float(app.metric[0].value) > 70


def test_an_sms_is_measured(open_room: OpenRoom) -> None:
    app = open_room("messages", channel="sms")
    assert not [one for one in app.text_input if one.key == "message-subject"]
    app.text_area(key="message-body").input("Hi 👋 " + "a" * 90 + " Reply STOP to opt out.").run()
    said = texts(app)
    assert "2 segments of 67 characters" in said
    assert "UCS-2 because of “👋”" in said


def test_markup_stays_text(open_room: OpenRoom) -> None:
    app = open_room("messages", channel="sms")
    app.text_area(key="message-body").input(f"<script>x</script> {PRIZE}").run()
    shown = "".join(str(one.proto) for one in app.get("html"))
    assert "<script>" not in shown
    assert not app.exception
