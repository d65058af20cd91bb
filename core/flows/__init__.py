"""Flows: read them, check them, mend them, compile them, lay them out."""

from core.domain.durations import parse_duration, spoken
from core.flows.checks import CHECKS, Check, Family, Thresholds
from core.flows.compiled import CompiledFlow, CompiledStep, Way, all_ways
from core.flows.compiling import compile_flow
from core.flows.conditions import Condition, Expression
from core.flows.config import CONFIG_NAME, SEVERITIES, ValidationConfig, read_config
from core.flows.layout import Position, ranks
from core.flows.library import Flows, FlowTemplate
from core.flows.machine import Player
from core.flows.reading import read_flow
from core.flows.schema import flow_schema
from core.flows.templates import Template, TemplateError
from core.flows.validation import Validation, repair, validate_document

__all__ = [
    "CHECKS",
    "CONFIG_NAME",
    "SEVERITIES",
    "Check",
    "CompiledFlow",
    "CompiledStep",
    "Condition",
    "Expression",
    "Family",
    "FlowTemplate",
    "Flows",
    "Player",
    "Position",
    "Template",
    "TemplateError",
    "Thresholds",
    "Validation",
    "ValidationConfig",
    "Way",
    "all_ways",
    "compile_flow",
    "flow_schema",
    "parse_duration",
    "ranks",
    "read_config",
    "read_flow",
    "repair",
    "spoken",
    "validate_document",
]
