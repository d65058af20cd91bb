"""Commands that look at flows with every check, and show the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import cleandoc
from typing import Any

from pydantic import Field, model_validator

from core.commands.base import BAD_INPUT, FAILED, HELD, Answer, Arguments, Room
from core.commands.listing import Nothing, columns
from core.commands.sources import Named, text_of
from core.domain.errors import BadInput
from core.domain.findings import Finding, Severity
from core.domain.wording import fault_at
from core.flows import CHECKS, Check, Validation, ValidationConfig, read_flow, validate_document


class Validate(Arguments):
    """What to look at: a flow's text, or the id of a stored one."""

    flow: str | None = Field(default=None, description="The id of a stored flow.")
    text: str | None = Field(default=None, description="A flow document, JSON or YAML.")
    source: str = Field(default="flow", description="What the answer calls the document.")
    config: ValidationConfig = Field(default_factory=ValidationConfig)
    fail_on: Severity | None = Field(default=None, description="Goes before the config's own.")

    @model_validator(mode="after")
    def _one_flow(self) -> Validate:
        if (self.flow is None) == (self.text is None):
            raise fault_at("flow", "give either a flow's id or its text")
        return self


def validate(room: Room, given: Validate) -> Answer:
    """Look at a flow with every check; ends with 1 where something is as bad as --fail-on."""
    if given.flow is None:
        return validate_text(given, room.workbench.settings.max_flow_bytes)
    flow = room.workspace().flows.get(given.flow)
    return _answer(given.flow, validate_document(flow.document, given.config), given)


def validate_text(given: Validate, most: int) -> Answer:
    """What the checks find in a text; it needs no workspace.

    A text that cannot be read is bad input, told as the one finding that there is.
    """
    try:
        document = read_flow(given.text or "", source=given.source, max_bytes=most)
    except BadInput as error:
        return unreadable(given.source, error)
    return _answer(given.source, validate_document(document, given.config), given)


def unreadable(name: str, error: BadInput) -> Answer:
    """A flow that could not be read at all, as one finding."""
    where = f"{error.place}: " if error.place and error.place != name else ""
    finding = Finding(
        type="bad_config", severity="error", message=where + error.message, fix=error.fix
    )
    return Answer([_document(name, False, [finding])], _lines(name, [finding]), BAD_INPUT)


def validate_named(
    flows: Sequence[Named],
    config_of: Callable[[Named], ValidationConfig],
    fail_on: Severity | None,
    most: int,
    *,
    stored: Callable[[dict[str, Any]], Answer],
    tell: Callable[[str], object],
) -> Answer:
    """Look at the flows that a command line names.

    Args:
        flows: Files and stored flows.
        config_of: The configuration of each.
        fail_on: Goes before what a configuration says.
        most: The largest document that is looked at, in bytes.
        stored: Asks the command about a stored flow, wherever that is done.
        tell: Hears of each file that was passed over.
    """
    answers = []
    for flow in flows:
        config = config_of(flow)
        if flow.stored:
            asked = {"config": config.model_dump(mode="json"), "fail_on": fail_on}
            answers.append(stored({"flow": flow.name, **asked}))
            continue
        try:
            text = text_of(flow, most)
        except BadInput as error:
            answers.append(unreadable(flow.name, error))
            continue
        if text is None:
            tell(f"{flow.name} is passed over: it is no flow, it has no steps")
            continue
        given = Validate(text=text, source=flow.name, config=config, fail_on=fail_on)
        answers.append(validate_text(given, most))
    if not answers:
        raise BadInput("There is no flow in any of these files.")
    return together(answers)


def together(answers: Sequence[Answer]) -> Answer:
    """The answers about several flows as one."""
    documents = [document for answer in answers for document in answer.document]
    texts = [answer.text for answer in answers if answer.text]
    codes = {answer.exit_code for answer in answers}
    code = next((one for one in (BAD_INPUT, FAILED) if one in codes), HELD)
    return Answer(documents, "\n\n".join([*texts, _count(documents)]), code)


def checks(_: Room, __: Nothing) -> Answer:
    """List the checks: what each looks for, why, and what to do about it."""
    return list_checks()


def list_checks() -> Answer:
    """The catalogue."""
    rows = [(check.family, check.id, check.severity, check.title) for check in CHECKS]
    return Answer([check_document(check) for check in CHECKS], columns(rows))


def check_document(check: Check) -> dict[str, Any]:
    """One check of the catalogue, as JSON."""
    names = ("id", "family", "severity", "title", "explanation", "fix")
    return {
        **{name: getattr(check, name) for name in names},
        "example": cleandoc(check.example) + "\n",
    }


def _answer(name: str, found: Validation, given: Validate) -> Answer:
    failed = found.fails(given.fail_on or given.config.fail_on)
    document = _document(name, found.valid, found.findings)
    return Answer([document], _lines(name, found.findings), FAILED if failed else HELD)


def _document(name: str, valid: bool, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "file": name,
        "valid": valid,
        "findings": [finding.model_dump() for finding in findings],
    }


def _lines(name: str, findings: Sequence[Finding]) -> str:
    """A line for each finding, and under its message what to do."""
    path = f"{_one_line(name)}:"
    rows = [(path, one.severity, one.type, _one_line(one.step_id or "-")) for one in findings]
    heads = columns(rows).split("\n")
    widest = max(map(len, heads))
    lines = []
    for head, finding in zip(heads, findings, strict=False):
        lines.append(f"{head.ljust(widest)}  {_one_line(finding.message)}")
        if finding.fix:
            lines.append(" " * (widest + 2) + _one_line(finding.fix))
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _count(documents: Sequence[dict[str, Any]]) -> str:
    """``3 flows: 2 errors, 1 warning.``"""
    found = [finding["severity"] for document in documents for finding in document["findings"]]
    words = [("error", "errors"), ("warning", "warnings"), ("info", "notes")]
    counts = [
        f"{found.count(one):,} {many if found.count(one) != 1 else many[:-1]}"
        for one, many in words
        if one in found
    ]
    flows = "1 flow" if len(documents) == 1 else f"{len(documents):,} flows"
    return f"{flows}: {', '.join(counts) or 'nothing found'}."
