"""What can be done from a command line or a script: each command a function, all of them listed."""

from __future__ import annotations

from core.commands.arriving import clear as clear_aside
from core.commands.arriving import content_files, left_out, place_aside, put_aside
from core.commands.base import (
    BAD_INPUT,
    HELD,
    UNFINISHED,
    Answer,
    Arguments,
    Command,
    Export,
    Room,
    Told,
    find_run,
)
from core.commands.converting import FORMS, converted, form_of, told
from core.commands.exporting import FILES, export_run
from core.commands.files import (
    EVENT_FILES,
    discard_output,
    event_file,
    flow_file,
    flow_source,
    flow_text,
    given_key,
    standard_output,
    writable,
    write_file,
)
from core.commands.lines import lines_of
from core.commands.messages import Tally, checked_file, checked_lines
from core.commands.places import NDJSON, Place, find_place
from core.commands.registry import COMMANDS, arguments_of, find_command, run_command
from core.commands.sources import config_finder, named_flows, severity
from core.commands.trying import CoverFlow, TestFlow, play_tests_of, show_coverage_of
from core.commands.twin_answers import answered_lines, verified_lines
from core.commands.twins import version_document
from core.commands.validating import check_document, list_checks, validate_named

__all__ = [
    "BAD_INPUT",
    "COMMANDS",
    "EVENT_FILES",
    "FILES",
    "FORMS",
    "HELD",
    "NDJSON",
    "UNFINISHED",
    "Answer",
    "Arguments",
    "Command",
    "CoverFlow",
    "Export",
    "Place",
    "Room",
    "Tally",
    "TestFlow",
    "Told",
    "answered_lines",
    "arguments_of",
    "check_document",
    "checked_file",
    "checked_lines",
    "clear_aside",
    "config_finder",
    "content_files",
    "converted",
    "discard_output",
    "event_file",
    "export_run",
    "find_command",
    "find_place",
    "find_run",
    "flow_file",
    "flow_source",
    "flow_text",
    "form_of",
    "given_key",
    "left_out",
    "lines_of",
    "list_checks",
    "named_flows",
    "place_aside",
    "play_tests_of",
    "put_aside",
    "run_command",
    "severity",
    "show_coverage_of",
    "standard_output",
    "told",
    "validate_named",
    "verified_lines",
    "version_document",
    "writable",
    "write_file",
]
