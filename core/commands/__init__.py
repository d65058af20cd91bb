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
from core.commands.experiment_analysing import (
    PlanWanted,
    analysis_answer,
    answer_bytes,
    checked_design,
    figures_answer,
    planned_answer,
    query_analysis,
    table_analysis,
)
from core.commands.experiment_batches import assigned_lines, spec_assigner
from core.commands.experiment_data import (
    cases_file,
    imported_table,
    kind_named,
    kind_of,
    table_file,
)
from core.commands.experiment_specs import design_file, is_design_file, spec_text
from core.commands.experiment_writing import export_format, written_analysis
from core.commands.experiments import (
    MOST_ASSIGNED,
    DecideExperiment,
    Participant,
    decided,
    export_experiment,
)
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
    "MOST_ASSIGNED",
    "NDJSON",
    "UNFINISHED",
    "Answer",
    "Arguments",
    "Command",
    "CoverFlow",
    "DecideExperiment",
    "Export",
    "Participant",
    "Place",
    "PlanWanted",
    "Room",
    "Tally",
    "TestFlow",
    "Told",
    "analysis_answer",
    "answer_bytes",
    "answered_lines",
    "arguments_of",
    "assigned_lines",
    "cases_file",
    "check_document",
    "checked_design",
    "checked_file",
    "checked_lines",
    "clear_aside",
    "config_finder",
    "content_files",
    "converted",
    "decided",
    "design_file",
    "discard_output",
    "event_file",
    "export_experiment",
    "export_format",
    "export_run",
    "figures_answer",
    "find_command",
    "find_place",
    "find_run",
    "flow_file",
    "flow_source",
    "flow_text",
    "form_of",
    "given_key",
    "imported_table",
    "is_design_file",
    "kind_named",
    "kind_of",
    "left_out",
    "lines_of",
    "list_checks",
    "named_flows",
    "place_aside",
    "planned_answer",
    "play_tests_of",
    "put_aside",
    "query_analysis",
    "run_command",
    "severity",
    "show_coverage_of",
    "spec_assigner",
    "spec_text",
    "standard_output",
    "table_analysis",
    "table_file",
    "told",
    "validate_named",
    "verified_lines",
    "version_document",
    "writable",
    "write_file",
    "written_analysis",
]
