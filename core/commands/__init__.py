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
    given_key,
    standard_output,
    writable,
    write_file,
)
from core.commands.messages import Tally, checked_file, checked_lines, message_lines
from core.commands.places import NDJSON, Place, find_place
from core.commands.registry import COMMANDS, find_command, run_command
from core.commands.sources import config_finder, named_flows, severity
from core.commands.validating import check_document, list_checks, validate_named

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
    "Tally",
    "check_document",
    "checked_file",
    "checked_lines",
    "config_finder",
    "discard_output",
    "event_file",
    "export_run",
    "find_command",
    "find_place",
    "find_run",
    "flow_source",
    "flow_text",
    "given_key",
    "list_checks",
    "message_lines",
    "named_flows",
    "run_command",
    "severity",
    "standard_output",
    "validate_named",
    "writable",
    "write_file",
]
