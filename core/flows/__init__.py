"""Flows: read them, check them, mend them, compile them, lay them out."""

from core.domain.durations import parse_duration, spoken
from core.flows.checks import CHECKS, Check, Family, Thresholds, fix_unset
from core.flows.clock import zone
from core.flows.compiled import CompiledFlow, CompiledStep, Way, all_ways
from core.flows.compiling import compile_flow
from core.flows.conditions import RESERVED, WORK, Bound, Condition, Expression
from core.flows.config import CONFIG_NAME, SEVERITIES, ValidationConfig, read_config
from core.flows.differences import Differences, differences
from core.flows.drawing import positions
from core.flows.exports import mermaid, svg
from core.flows.foreign import Imported, becomes, import_flow
from core.flows.hindsight import known_before, names_read, names_written, values_of
from core.flows.journal import Agenda, Happening, Journal, Row, packed
from core.flows.layout import Position, ranks
from core.flows.library import Flows, FlowTemplate
from core.flows.machine import Player
from core.flows.made_up import MADE_UP, made_up, made_up_persona, play_scripted
from core.flows.merging import MergeConflict, merge
from core.flows.names import names_at
from core.flows.reading import read_flow
from core.flows.schema import flow_schema
from core.flows.simple import Joined, SimpleCondition, SimpleRow, composed, simple
from core.flows.templates import Template, TemplateError
from core.flows.trying import Sample, Tried, try_conditions
from core.flows.validation import Validation, repair, validate_document
from core.flows.writing import restored, written

__all__ = [
    "CHECKS",
    "CONFIG_NAME",
    "MADE_UP",
    "RESERVED",
    "SEVERITIES",
    "WORK",
    "Agenda",
    "Bound",
    "Check",
    "CompiledFlow",
    "CompiledStep",
    "Condition",
    "Differences",
    "Expression",
    "Family",
    "FlowTemplate",
    "Flows",
    "Happening",
    "Imported",
    "Joined",
    "Journal",
    "MergeConflict",
    "Player",
    "Position",
    "Row",
    "Sample",
    "SimpleCondition",
    "SimpleRow",
    "Template",
    "TemplateError",
    "Thresholds",
    "Tried",
    "Validation",
    "ValidationConfig",
    "Way",
    "all_ways",
    "becomes",
    "compile_flow",
    "composed",
    "differences",
    "fix_unset",
    "flow_schema",
    "import_flow",
    "known_before",
    "made_up",
    "made_up_persona",
    "merge",
    "mermaid",
    "names_at",
    "names_read",
    "names_written",
    "packed",
    "parse_duration",
    "play_scripted",
    "positions",
    "ranks",
    "read_config",
    "read_flow",
    "repair",
    "restored",
    "simple",
    "spoken",
    "svg",
    "try_conditions",
    "validate_document",
    "values_of",
    "written",
    "zone",
]
