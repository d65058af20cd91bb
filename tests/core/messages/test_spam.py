"""The spam model as it is shipped: numbers alone, the same everywhere, kind to polite messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.messages import MessageDraft
from core.messages import spam_risks, what_raises_it
from core.messages.features import VIEWS, Text, seen, source
from core.messages.hashing import BLOCK, Hasher, blocks
from core.messages.weights import DATA

Messages = dict[str, list[dict[str, Any]]]


def _kept(name: str) -> Messages:
    found: Messages = yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))
    return found


OWN, LATER = _kept("own_messages.yaml"), _kept("later_messages.yaml")
ROOT = Path(__file__).resolve().parents[3]
PRIZE = "WIN CASH NOW!!! You have been selected. Claim your FREE £1000 prize, call 09061701461!!!"
DRAFTS = st.builds(
    MessageDraft,
    channel=st.sampled_from(["sms", "email", "web"]),
    subject=st.none() | st.text(max_size=40),
    body=st.text(max_size=300) | st.sampled_from([PRIZE, "Hi Anna, see you on Monday."]),
)


def test_the_parameters_are_small_and_numbers_alone() -> None:
    path = DATA / "parameters.npz"
    assert path.stat().st_size <= 3_000_000
    with np.load(path, allow_pickle=False) as kept:
        for name in kept.files:
            assert kept[name].dtype.kind in "iuf", name


def test_hashes_are_the_same_in_every_process() -> None:
    code = (
        "from core.messages.hashing import Hasher, blocks\n"
        "block = next(blocks([b'the same words']))[1]\n"
        "print([g.key.tolist() for g in Hasher(block).pieces(1 << 19, (2, 3))])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    block = next(blocks([b"the same words"]))[1]
    here = [found.key.tolist() for found in Hasher(block).pieces(1 << 19, (2, 3))]
    assert runs[0] == runs[1] == f"{here}\n"


@given(st.text("ab \n", max_size=30), st.integers(1, 5), st.booleans())
def test_pieces_are_those_that_one_counts_by_hand(text: str, length: int, across: bool) -> None:
    _, block = next(blocks([text.encode()]))
    line = block.data.tobytes().decode()
    stretches = [line[at : at + length] for at in range(len(line) - length + 1)]
    wanted = [one for one in stretches if across or " " not in one[1:-1]]
    found = list(Hasher(block).pieces(1 << 19, (length,), across=across or length == 1))
    starts = [start for grams in found for start in grams.start.tolist()]
    assert sorted(line[at : at + length] for at in starts) == sorted(wanted)


def test_only_an_email_is_read_as_it_is_written() -> None:
    for email in (False, True):
        text = Text(email, "", "FREE")
        read = {view.name for view, found in seen([text]) if len(found.key)}
        assert ("written" in read) == email
        assert {source(view, text) for view in VIEWS if view.email} == {b"", b"FREE" * email}


@given(st.lists(DRAFTS, max_size=12))
@settings(max_examples=40, deadline=None)
def test_many_at_once_are_as_one_by_one(drafts: list[MessageDraft]) -> None:
    together = spam_risks(drafts)
    assert np.allclose(together, [spam_risks([one])[0] for one in drafts], atol=0.11)
    assert ((together >= 0) & (together <= 100)).all()


def test_thousands_keep_their_order() -> None:
    drafts = [
        MessageDraft(channel="sms", body=PRIZE if number % 3 == 0 else "See you at ten.")
        for number in range(2_000)
    ]
    risks = spam_risks(drafts)
    assert [number for number, risk in enumerate(risks) if risk > 50] == list(range(0, 2_000, 3))


def test_a_message_longer_than_a_block() -> None:
    long = MessageDraft(channel="email", body=("a b " * BLOCK)[:100_000])
    assert 0 <= spam_risks([long])[0] <= 100


@pytest.mark.parametrize(
    ("messages", "kind", "most"),
    [
        (OWN, "polite", 1),
        (OWN, "crude", 0),
        (LATER, "polite", 3),
        (LATER, "phishing", 2),
    ],
)
def test_messages_of_our_own(messages: Messages, kind: str, most: int) -> None:
    """How many are on the wrong side of the warning; the model card says which."""
    drafts = [MessageDraft(**one) for one in messages[kind]]
    wrong = [
        (round(risk), draft.channel, draft.subject or draft.body[:60])
        for risk, draft in zip(spam_risks(drafts), drafts, strict=True)
        if (risk > 70) != (kind != "polite")
    ]
    assert len(wrong) <= most, wrong


def test_what_raises_it_names_words_of_the_message() -> None:
    draft = MessageDraft(channel="email", subject="FREE prize", body=f"Hi Anna,\n{PRIZE}")
    reasons = what_raises_it(draft)
    texts = {"subject": draft.subject or "", "body": draft.body}
    words = {texts[one.where][one.begin : one.end] for one in reasons.spans}
    assert "FREE" in words
    assert reasons.words and reasons.shapes
    assert all(span.adds > 0 for span in reasons.spans)


@given(DRAFTS)
@settings(max_examples=40, deadline=None)
def test_every_message_can_be_explained(draft: MessageDraft) -> None:
    for span in what_raises_it(draft).spans:
        text = (draft.subject if span.where == "subject" else draft.body) or ""
        assert 0 <= span.begin < span.end <= len(text)
