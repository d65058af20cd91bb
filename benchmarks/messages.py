"""The spam model: figures kept by its fitting, how fast it is, and what it says of all rows."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

from benchmarks.measuring import middle
from core.domain.messages import MessageDraft
from core.messages import check_messages, spam_risks
from core.messages.weights import DATA

MESSAGES = 10_000
REPEATS = 5
_HEAD = (
    "| side | F1 | AUC | Brier | ECE, 10 bins | ECE, 15 bins |\n"
    "| --- | --- | --- | --- | --- | --- |"
)
_NAMES = ("f1", "auc", "brier", "ece", "ece_15")


def measure() -> str:
    """The section of RESULTS.md."""
    kept = json.loads((DATA / "figures.json").read_text("utf-8"))
    parts = [_crossed(kept["rows"], kept["cross_validation"])]
    if os.environ.get("GREENROOM_BENCH_DATA"):
        from benchmarks.fitting.spam_data import real_rows

        rows = real_rows()
        drafts = [
            MessageDraft(
                channel="email" if text.email else "sms",
                subject=text.subject if text.email else None,
                body=text.body,
            )
            for text in rows.texts
        ]
        parts += [_seen(drafts, rows.spam, rows.email), _speed(drafts)]
    else:
        parts.append("Rows and speed: skipped, GREENROOM_BENCH_DATA is not set.")
    return "\n\n".join(parts)


def _crossed(rows: dict[str, Any], found: dict[str, Any]) -> str:
    lines = []
    for side, one in found.items():
        head = f"{side}, {rows[side]['rows']:,} rows, {rows[side]['spam']} spam"
        lines.append(f"| {head} | " + " | ".join(_cell(one, name) for name in _NAMES) + " |")
    return "\n".join(
        [
            "Grouped cross-validation over all rows: mean ± spread of the repeats (95 % interval "
            "of the first, over groups); features and choices were compared on the same rows:",
            "",
            _HEAD,
            *lines,
        ]
    )


def _cell(one: dict[str, Any], name: str) -> str:
    mean, first = one["repeats"][name], one["first"][name]
    spread = f"{mean['mean']:.4f} ± {mean['spread']:.4f}"
    return f"{spread} ({first['low']:.4f}–{first['high']:.4f})"


def _seen(drafts: list[MessageDraft], spam: Any, email: Any) -> str:
    from benchmarks.fitting.spam_figures import figures

    risk = spam_risks(drafts) / 100
    rows = []
    for side, name in enumerate(("short", "email")):
        found = figures(risk[email == side], spam[email == side])
        rows.append(f"| {name} | " + " | ".join(f"{found[one]:.4f}" for one in _NAMES) + " |")
    return "\n".join(
        [
            "The shipped model over all rows, **seen in fitting**; no estimate of anything:",
            "",
            _HEAD,
            *rows,
        ]
    )


def _speed(drafts: list[MessageDraft]) -> str:
    many = (drafts * (MESSAGES // len(drafts) + 1))[:MESSAGES]
    mails = [one for one in many if one.channel == "email"]
    mails = (mails * 3)[:MESSAGES]
    short = [one for one in many if one.channel == "sms"][:200]
    spam_risks(many[:1])
    rows = [
        (f"risk of {MESSAGES:,} messages, SMS and e-mail as they come", many, spam_risks),
        (f"risk of {MESSAGES:,} e-mails", mails, spam_risks),
        (f"everything about {MESSAGES:,} messages", many, check_messages),
        ("risk of the 200 short messages of a flow", short, spam_risks),
    ]
    lines = [f"| {name} | {middle(_timed(act, given))} |" for name, given, act in rows]
    return "\n".join(["| what | seconds |", "| --- | --- |", *lines]) + "\n\nBar: 3 s for 10,000."


def _timed(act: Callable[[list[MessageDraft]], object], given: list[MessageDraft]) -> list[float]:
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act(given)
        seconds.append(time.perf_counter() - started)
    return seconds
