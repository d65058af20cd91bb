"""What can be done from a command line or a script: each command a function, all of them listed."""

from __future__ import annotations

from core.commands.base import (
    BAD_INPUT,
    UNFINISHED,
    Answer,
    Arguments,
    Command,
    Export,
    Room,
    find_run,
)
from core.commands.exporting import FILES, export_run
from core.commands.files import (
    EVENT_FILES,
    discard_output,
    event_file,
    flow_source,
    flow_text,
    standard_output,
    writable,
    write_file,
)
from core.commands.places import NDJSON, Place, find_place
from core.commands.registry import COMMANDS, find_command, run_command

__all__ = [
    "BAD_INPUT",
    "COMMANDS",
    "EVENT_FILES",
    "FILES",
    "NDJSON",
    "UNFINISHED",
    "Answer",
    "Arguments",
    "Command",
    "Export",
    "Place",
    "Room",
    "discard_output",
    "event_file",
    "export_run",
    "find_command",
    "find_place",
    "find_run",
    "flow_source",
    "flow_text",
    "run_command",
    "standard_output",
    "writable",
    "write_file",
]
