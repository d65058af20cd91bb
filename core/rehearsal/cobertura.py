"""Coverage as Cobertura XML, which pipelines draw beside the lines of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree as Xml

import yaml

from core.domain.coverage import FlowCoverage, WayCoverage

DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAPPING, _LIST = yaml.MappingNode, yaml.SequenceNode


@dataclass
class _Line:
    """One line of the text: how many people came here, and which ways out were taken."""

    hits: int
    ways: list[bool] = field(default_factory=list)


def cobertura(
    coverage: FlowCoverage, text: str, *, name: str, filename: str, at: datetime, version: str
) -> str:
    """Coverage of one flow as a document of the DTD ``coverage-04``.

    A step is the line on which it begins in the flow's text; a step with more than one way out is
    a branch there. Steps that begin on one line are one line, as covered as the least of them.

    Args:
        coverage: What is covered.
        text: The flow's text, YAML or JSON.
        name: The flow's name.
        filename: The file that the lines are of.
        at: The moment of it.
        version: Of what made it.
    """
    lines = _lines(coverage, step_lines(text))
    sums = _sums(list(lines.values()))
    root = Xml.Element("coverage", _attributes(sums, at, version))
    Xml.SubElement(Xml.SubElement(root, "sources"), "source").text = "."
    rates = {key: sums[key] for key in ("line-rate", "branch-rate")} | {"complexity": "0"}
    package = Xml.SubElement(
        Xml.SubElement(root, "packages"), "package", {"name": "flows", **rates}
    )
    about = {"name": _legal(name), "filename": _legal(filename), **rates}
    made = Xml.SubElement(Xml.SubElement(package, "classes"), "class", about)
    Xml.SubElement(made, "methods")
    drawn = Xml.SubElement(made, "lines")
    for number, line in sorted(lines.items()):
        _draw(drawn, number, line)
    Xml.indent(root)
    return f"{DOCTYPE}{Xml.tostring(root, encoding='unicode')}\n"


def step_lines(text: str) -> dict[str, int]:
    """The line, from 1, on which each step of a flow's text begins; nothing if it is no YAML."""
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return {}
    steps = _value(root, "steps")
    lines: dict[str, int] = {}
    for step in steps.value if isinstance(steps, _LIST) else ():
        id = _value(step, "id")
        if id is not None:
            lines.setdefault(str(id.value), step.start_mark.line + 1)
    return lines


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs: Sequence[tuple[yaml.Node, yaml.Node]] = node.value if isinstance(node, _MAPPING) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _lines(coverage: FlowCoverage, places: Mapping[str, int]) -> dict[int, _Line]:
    after = max(places.values(), default=0)
    ways: dict[str, list[WayCoverage]] = {}
    for row in coverage.rows:
        ways.setdefault(row.step, []).append(row)
    lines: dict[int, _Line] = {}
    for order, (step, hits) in enumerate(coverage.people.items(), 1):
        number = places.get(step, after + order)
        line = lines.setdefault(number, _Line(hits))
        line.hits = min(line.hits, hits)
        rows = ways.get(step, ())
        if len(rows) > 1:
            line.ways += [row.verdict == "reached" for row in rows]
    return lines


def _sums(found: Sequence[_Line]) -> dict[str, str]:
    covered, valid = sum(line.hits > 0 for line in found), len(found)
    taken = sum(sum(line.ways) for line in found)
    ways = sum(len(line.ways) for line in found)
    return {
        "line-rate": _rate(covered, valid),
        "branch-rate": _rate(taken, ways),
        "lines-covered": str(covered),
        "lines-valid": str(valid),
        "branches-covered": str(taken),
        "branches-valid": str(ways),
    }


def _attributes(sums: Mapping[str, str], at: datetime, version: str) -> dict[str, str]:
    moment = str(round(at.timestamp() * 1000))
    return {**sums, "complexity": "0", "version": _legal(version), "timestamp": moment}


def _draw(lines: Xml.Element, number: int, line: _Line) -> None:
    about = {"number": str(number), "hits": str(line.hits), "branch": "false"}
    if not line.ways:
        Xml.SubElement(lines, "line", about)
        return
    taken, of = sum(line.ways), len(line.ways)
    about |= {"branch": "true", "condition-coverage": f"{100 * taken // of}% ({taken}/{of})"}
    conditions = Xml.SubElement(Xml.SubElement(lines, "line", about), "conditions")
    for at, way in enumerate(line.ways):
        said = {"number": str(at), "type": "jump", "coverage": "100%" if way else "0%"}
        Xml.SubElement(conditions, "condition", said)


def _rate(count: int, of: int) -> str:
    return f"{count / of:.4f}" if of else "1.0000"


def _legal(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold (its production 2)."""
    return _ILLEGAL.sub("", text)
