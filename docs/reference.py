"""Writes ``docs/reference.md`` from the lists that the product itself uses."""

from __future__ import annotations

from inspect import getdoc
from pathlib import Path

from core.commands import COMMANDS
from core.domain.events import EVENT_KINDS, Event
from core.domain.flows import STEP_CONFIGS
from core.domain.words import CHANNELS, INTENTS, SENTIMENTS
from core.settings import Settings

TARGET = Path(__file__).with_name("reference.md")
WAYS = {
    "wait_for_reply": "on_reply, on_timeout",
    "condition": "branch:N, else",
    "split": "arm:NAME",
}


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return (getdoc(thing) or "").split("\n", 1)[0]


def cell(text: object) -> str:
    """A value inside a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def settings() -> list[str]:
    """Every setting."""
    rows = ["| environment | default | what it is for |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "the `data` folder" if name == "data" else f"`{field.default}`"
        rows.append(f"| `GREENROOM_{name.upper()}` | {default} | {cell(field.description)} |")
    return rows


def steps() -> list[str]:
    """Every step type and what it may be given."""
    rows = ["| type | config | leaves by | what it is |", "| --- | --- | --- | --- |"]
    for name, config in STEP_CONFIGS.items():
        fields = ", ".join(
            f"{field.alias or key}{'' if field.is_required() else '?'}"
            for key, field in config.model_fields.items()
        )
        ways = "–" if name in ("handoff", "end") else WAYS.get(name, "next")
        rows.append(f"| `{name}` | {fields} | {ways} | {cell(first_line(config))} |")
    return rows


def commands() -> list[str]:
    """Every command."""
    rows = ["| command | what it does |", "| --- | --- |"]
    for command in COMMANDS:
        words = command.name.replace("-", " ")
        rows.append(f"| `greenroom {words}` | {cell(first_line(command.run))} |")
    return rows


def page() -> str:
    """The whole page."""
    payloads = (getdoc(Event) or "").split("by kind:", 1)[1].strip("\n")
    parts = [
        "# Reference",
        "Made by `python docs/reference.py` from the lists that the product uses; a test holds it "
        "to them.",
        "## Settings",
        "\n".join(settings()),
        "## Commands",
        "\n".join(commands()),
        "Exit codes: 0 held, 1 something expected failed, 2 bad input, 3 undecided, 4 the run did "
        "not finish.",
        "## Step types",
        "`?` marks what may be left out. A step may also carry `expect`.",
        "\n".join(steps()),
        f"`reply.intent`: {', '.join(INTENTS)}. `reply.sentiment`: {', '.join(SENTIMENTS)}. "
        f"Channels: {', '.join(CHANNELS)}.",
        "## Events",
        f"Kinds: {', '.join(EVENT_KINDS)}. What `payload` holds:",
        f"```text\n{payloads}\n```",
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
