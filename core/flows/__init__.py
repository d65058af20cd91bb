"""Flows: read them, check them, compile them, lay them out."""

from core.flows.compiled import CompiledFlow, CompiledStep, Way, all_ways
from core.flows.compiling import check_document, compile_flow
from core.flows.conditions import Condition, Expression
from core.flows.durations import parse_duration, spoken
from core.flows.layout import Position, ranks
from core.flows.library import Flows, FlowTemplate
from core.flows.machine import Player
from core.flows.reading import read_flow
from core.flows.schema import flow_schema
from core.flows.templates import Template, TemplateError

__all__ = [
    "CompiledFlow",
    "CompiledStep",
    "Condition",
    "Expression",
    "FlowTemplate",
    "Flows",
    "Player",
    "Position",
    "Template",
    "TemplateError",
    "Way",
    "all_ways",
    "check_document",
    "compile_flow",
    "flow_schema",
    "parse_duration",
    "ranks",
    "read_flow",
    "spoken",
]
