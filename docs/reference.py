"""Writes ``docs/reference.md`` and ``docs/checks.md`` from the lists that the product uses."""

from __future__ import annotations

from dataclasses import asdict
from inspect import cleandoc, getdoc
from pathlib import Path

from core.commands import COMMANDS
from core.domain.events import EVENT_KINDS, Event
from core.domain.flows import STEP_CONFIGS
from core.domain.words import CHANNELS, INTENTS, SENTIMENTS
from core.flows import CHECKS, CONFIG_NAME, Check, Thresholds
from core.settings import Settings

TARGET = Path(__file__).with_name("reference.md")
WAYS = {
    "wait_for_reply": "on_reply, on_timeout",
    "condition": "branch:N, else",
    "split": "arm:NAME",
}
CHECKS_HEAD = """# Checks

Made by `python docs/reference.py` from the catalogue itself; a test holds it to that.

Every check looks at a flow without playing it. What they find stands on the flow's page beside the
steps that it names, comes from `POST /api/v1/ai-testing/workflows/{{id}}/validate`, and is printed
by the command line:

```bash
greenroom validate flows/ --fail-on warning
greenroom checks
```

It takes files, whole folders, `-` and ids of stored flows. It ends with 0 where everything held,
with 1 where something is as bad as `--fail-on` (`error` where nothing is said) and with 2 where a
file or the configuration cannot be read. Files need no workspace.

A file `{name}` beside a flow, or in a folder above it, says what is looked at; the nearest one
counts, or the one that `--config` names:

```yaml
checks:
  orphan_step: error   # or warning, info, off
  quiet_hours: off
thresholds:
  spam_risk: 80
fail_on: warning
```

A severity changes what is listed, not what can be played: a flow with a step that does not exist
cannot be rehearsed, whatever its finding is called."""


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
        default = "–" if field.default is None else f"`{field.default}`"
        default = "the `data` folder" if name == "data" else default
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


def thresholds() -> list[str]:
    """Every threshold of a check."""
    about = (getdoc(Thresholds) or "").split("Attributes:", 1)[1]
    words = dict(line.strip().split(": ", 1) for line in about.strip().splitlines())
    rows = ["| threshold | default | what it is |", "| --- | --- | --- |"]
    for name, default in asdict(Thresholds()).items():
        rows.append(f"| `{name}` | {default} | {cell(words[name].replace('``', '`'))} |")
    return rows


def check_part(check: Check) -> list[str]:
    """One check of the catalogue."""
    return [
        f"### {check.id}",
        f"**{check.title}.** {check.explanation}",
        f"*{check.severity.capitalize()}.* {check.fix}",
        f"```yaml\n{cleandoc(check.example)}\n```",
    ]


def checks_page() -> str:
    """The catalogue of checks."""
    rows = ["| check | family | severity | what holds where it finds nothing |"]
    rows.append("| --- | --- | --- | --- |")
    rows += [
        f"| [`{check.id}`](#{check.id}) | {check.family} | {check.severity} | {cell(check.title)} |"
        for check in CHECKS
    ]
    parts = [CHECKS_HEAD.format(name=CONFIG_NAME), "\n".join(rows), "\n".join(thresholds())]
    for family in dict.fromkeys(check.family for check in CHECKS):
        parts.append(f"## {family.capitalize()}")
        parts += [part for check in CHECKS if check.family == family for part in check_part(check)]
    return "\n\n".join(parts) + "\n"


PAGES = {TARGET: page, TARGET.with_name("checks.md"): checks_page}
"""Each page, and what writes it."""


if __name__ == "__main__":
    for target, write in PAGES.items():
        target.write_text(write(), "utf-8")
