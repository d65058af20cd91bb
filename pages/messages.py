"""Messages: one is looked at word by word, or a whole file of them at once."""

from __future__ import annotations

import streamlit as st

from core.commands import checked_file
from core.domain.errors import GreenroomError
from core.domain.messages import LONGEST_BODY, LONGEST_SUBJECT, MessageDraft
from core.domain.words import CHANNELS
from pages.parts.message_view import show_message
from pages.parts.page import counted, page, param, section, set_params, show_error
from pages.parts.transcript import CHANNEL_NAMES

ROWS = {
    "JSON lines": '{"channel": "sms", "body": "Hi Anna, shall we talk on Monday?"}',
    "CSV": "channel,subject,body\nsms,,Hi Anna; shall we talk on Monday?",
}


def one_message() -> None:
    """A message that is written or pasted here."""
    asked = param("channel")
    channel = st.segmented_control(
        "Channel",
        CHANNELS,
        default=asked if asked in CHANNELS else "email",
        format_func=lambda one: CHANNEL_NAMES[one],
        required=True,
    )
    channel = channel or "email"
    set_params(channel=channel)
    left, right = st.columns(2, gap="large")
    with left:
        subject = (
            st.text_input("Subject", max_chars=LONGEST_SUBJECT, key="message-subject")
            if channel == "email"
            else None
        )
        body = st.text_area(
            "Message",
            height=260,
            max_chars=LONGEST_BODY,
            key="message-body",
            placeholder="Paste or write the message as a person would get it, names filled in.",
        )
        st.button("Check", type="primary", icon=":material/mark_email_read:", key="message-check")
    with right:
        if body.strip() or (subject or "").strip():
            show_message(MessageDraft(channel=channel, subject=subject, body=body))
        else:
            st.caption(
                "What is found stands here: how likely it is taken for spam and by which words, "
                "its tone, what it takes to send it, and what to mend."
            )


def whole_file() -> None:
    """A file of messages, checked and given back."""
    st.markdown(
        "One message a line, with `channel` and `body`, and `subject` for an e-mail. Every line "
        "comes back in the same order, with what was found added; your own keys stay."
    )
    with st.expander("What the file looks like"):
        for name, row in ROWS.items():
            st.caption(name)
            st.code(row, language=None)
    given = st.file_uploader("File", type=["jsonl", "ndjson", "csv"], key="messages-file")
    if given is None:
        return
    try:
        with st.spinner("Checking", show_time=True):
            out, tally = checked_file(given.name, given.getvalue())
    except GreenroomError as error:
        show_error(error)
        return
    section(f"{counted(tally.messages, 'message')}, {tally.spam:,} called spam")
    stem, _, ending = given.name.rpartition(".")
    st.download_button(
        "Download the result",
        out,
        file_name=f"{stem}-checked.{ending}",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


page("How will this message be taken?", ["Script", "messages", "nothing is sent or kept"])
one, many = st.tabs(["One message", "A whole file"])
with one:
    one_message()
with many:
    whole_file()
