"""A report as a file: JSON, CSV, Markdown, JUnit XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from core.domain.reports import Figure, Interaction, Report, RunFacts, TestResult, cost_words

CSV_COLUMNS = (
    "id",
    "test_id",
    "contact_id",
    "persona",
    "step_id",
    "step_type",
    "visit",
    "channel",
    "simulated_at",
    "message_sent",
    "ai_response",
    "ai_reasoning",
    "sentiment",
    "intent",
    "expected_outcome",
    "actual_outcome",
    "passed",
    "created_at",
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKS = {"passed": "passed", "failed": "FAILED", "inconclusive": "undecided", "error": "ERROR"}
PAGE = 500

Writer = Callable[[Report, Iterable[Interaction]], Iterator[bytes]]


@dataclass(frozen=True)
class Format:
    """One way to write a report down."""

    suffix: str
    media_type: str
    write: Writer


def as_json(report: Report, interactions: Iterable[Interaction]) -> Iterator[bytes]:
    """The whole report, and under ``interactions`` every interaction."""
    yield report.model_dump_json().encode()[:-1] + b',"interactions":['
    comma = b""
    for interaction in interactions:
        yield comma + interaction.model_dump_json().encode()
        comma = b","
    yield b"]}\n"


def as_csv(_: Report, interactions: Iterable[Interaction]) -> Iterator[bytes]:
    """One row an interaction; no cell can be taken for a formula (OWASP, "CSV Injection")."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for number, interaction in enumerate(interactions, 1):
        writer.writerow([_cell(getattr(interaction, column)) for column in CSV_COLUMNS])
        if number % PAGE == 0:
            yield _drained(text)
    yield _drained(text)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    isoformat = getattr(value, "isoformat", None)
    text = isoformat() if isoformat else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _drained(text: io.StringIO) -> bytes:
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written


def as_markdown(report: Report, _: Iterable[Interaction] = ()) -> Iterator[bytes]:
    """A page that reads well on its own."""
    parts = (
        _opening,
        _numbers,
        _funnel,
        _personas,
        _tests,
        _advice,
        _coverage,
        _messages,
        _findings,
    )
    yield "\n\n".join(filter(None, (part(report) for part in parts))).encode() + b"\n"


def _opening(report: Report) -> str:
    facts = report.facts
    seed = f"seed {facts.seed}"
    engine = f"{facts.engine} ({_md(facts.model)})" if facts.model else facts.engine
    line = (
        f"Run {facts.number} ({facts.run_id}) · flow {_md(facts.flow_name)}, version "
        f"{facts.flow_version} · engine {engine} · {seed} · population "
        f"{_md(facts.population_name)} ({facts.population_id}) · {facts.done:,} of "
        f"{facts.contacts:,} people · {facts.status} · {facts.calibration}"
    )
    parts = [f"# {_md(report.headline)}", line, _md(" ".join(report.summary)), _answering(facts)]
    return "\n\n".join(filter(None, parts))


def _answering(facts: RunFacts) -> str:
    """What the messages met; for a language model what was asked, and what it cost."""
    met = facts.reactions.model_dump()
    told = ", ".join(f"{count:,} {name}" for name, count in met.items())
    text = f"Reactions: {told}."
    if facts.spending is None:
        return text
    spent = facts.spending
    unpriced = f", {spent.unpriced:,} of them without a known price" if spent.unpriced else ""
    prompts = _md(", ".join(facts.prompts) or "none")
    return (
        f"{text} Model {_md(facts.model or '')}, prompts {prompts}: "
        f"{spent.fresh:,} fresh calls{unpriced}, {spent.cached:,} from the cache, {spent.failed:,} "
        f"failed; {spent.prompt_tokens:,} and {spent.completion_tokens:,} tokens; "
        f"{cost_words(spent.cost_usd, spent, facts.budget_usd)}."
    )


def _numbers(report: Report) -> str:
    figures = [report.goal, *(report.goals if len(report.goals) > 1 else [])]
    shown = [one for one in (*figures, report.answered, report.read, report.clicked) if one]
    rows = [_figure_row(one) for one in (*shown, report.opted_out)]
    mean = report.messages_per_person
    rows.append(["Messages a person", mean.text, ""])
    if report.median_reply_hours is not None:
        rows.append(["Hours to a reply (median)", f"{report.median_reply_hours:.1f}", ""])
    table = _table(["", "count, share, 95 % interval", "who"], rows)
    return f"## Numbers\n\n{table}{_score(report)}"


def _figure_row(figure: Figure) -> list[str]:
    return [figure.label, figure.rate.text, figure.made_of_text]


def _score(report: Report) -> str:
    if report.score is None:
        return f"\n\n{_sentence(report.no_score)}" if report.no_score else ""
    rows = [
        [part.name, f"{part.points} of {part.weight}", part.explanation]
        for part in report.score.parts
    ]
    table = _table(["part", "points", "why"], rows)
    return f"\n\n## Score: {report.score.value} of 100\n\n{table}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _funnel(report: Report) -> str:
    rows = [
        [
            stage.label,
            stage.people.text,
            f"{stage.lost:,}"
            + (" (most)" if stage.largest_drop else "")
            + (f", {stage.unknown:,} not known" if stage.unknown else ""),
        ]
        for stage in report.funnel.stages
    ]
    table = _table(["stage", "people", "lost before it"], rows)
    return f"## {_md(report.funnel.title)}\n\n{table}"


def _personas(report: Report) -> str:
    rows = [
        [
            row.name,
            str(row.people),
            row.answered.text,
            row.goal.text,
            row.opted_out.text,
            row.messages.text,
            row.words_per_reply.text,
            row.questions_per_reply.text,
        ]
        for row in report.personas
    ]
    head = ["persona", "people", "answered", "goal", "opted out", "messages", "words", "questions"]
    return f"## Personas\n\n{_table(head, rows)}" if rows else ""


def _tests(report: Report) -> str:
    if not report.tests:
        return "## Tests\n\nThe flow has no tests of its own."
    rows = [
        [test.name, str(test.copies), _MARKS[test.status], test.expected, test.happened]
        for test in report.tests
    ]
    head = ["test", "copies", "", "expected", "what happened"]
    return f"## Tests: {report.verdict}\n\n{_table(head, rows)}"


def _advice(report: Report) -> str:
    lines = [
        f"{number}. **{_md(one.title)}**"
        f"{f' (at {_md(one.step_id)})' if one.step_id else ''}. {_md(one.text)} "
        f"{_md(one.evidence)} *{_md(one.action)}.*"
        for number, one in enumerate(report.recommendations, 1)
    ]
    return "## What to change first\n\n" + "\n".join(lines) if lines else ""


def _coverage(report: Report) -> str:
    covered = report.coverage
    text = (
        f"## Coverage\n\n{covered.steps_reached} of {covered.steps_total} steps and "
        f"{covered.ways_reached} of {covered.ways_total} ways were reached."
    )
    if covered.steps_not_reached:
        text += f"\n\nSteps that nobody reached: {_md(', '.join(covered.steps_not_reached))}."
    if covered.ways_not_reached:
        ways = ", ".join(f"{way.step_id} → {way.way}" for way in covered.ways_not_reached)
        text += f"\n\nWays that nobody took: {_md(ways)}."
    rows = [
        [
            step.step_id,
            step.type,
            str(step.visits),
            str(step.people),
            ", ".join(f"{way} {count}" for way, count in step.ways.items()),
            ", ".join(f"{reason} {count}" for reason, count in step.stopped.items()),
            str(step.still_waiting),
        ]
        for step in report.steps
    ]
    head = ["step", "type", "visits", "people", "left by", "stopped", "waiting"]
    return f"{text}\n\n{_table(head, rows)}"


def _messages(report: Report) -> str:
    rows = [
        [
            row.step_id,
            row.channel or "",
            str(row.sent),
            row.read.text,
            row.clicked.text,
            row.replied.text,
            str(row.opted_out),
            str(row.held_back),
        ]
        for row in report.messages
    ]
    head = ["message", "channel", "sent", "read", "clicked", "replied", "opted out", "held back"]
    return f"## Messages\n\n{_table(head, rows)}" if rows else ""


def _findings(report: Report) -> str:
    if not report.findings:
        return "## Findings\n\nNone."
    lines = [
        f"- {found.severity}: `{found.type}`"
        f"{f' at {_md(found.step_id)}' if found.step_id else ''}: {_md(found.message)}"
        for found in report.findings
    ]
    return "## Findings\n\n" + "\n".join(lines)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(_md(cell).replace('|', chr(92) + '|') for cell in line)} |"
        for line in lines
    )


def _md(text: str) -> str:
    """Text that Markdown shows as it is: no tags, no line breaks."""
    plain = " ".join(text.split()).replace("\\", "\\\\")
    return re.sub(r"([<>*_`\[\]])", r"\\\1", plain)


def as_junit(report: Report, _: Iterable[Interaction] = ()) -> Iterator[bytes]:
    """One test suite a flow, one test case a row of its tests.

    A run that did not finish adds a test case of its own that says so, in error.
    """
    flow = report.facts.flow_name
    cases = [junit_case(flow, number, test) for number, test in enumerate(report.tests, 1)]
    statuses = [test.status for test in report.tests]
    if report.verdict == "unfinished":
        cases.append(_unfinished(report))
        statuses.append("error")
    started = report.facts.created_at.isoformat(timespec="seconds")
    about = f"time={_attribute(_seconds(report))} timestamp={_attribute(started)}"
    yield _suite(flow, statuses, about, [*_properties(report), *cases])


def trial_as_junit(flow_name: str, results: Sequence[TestResult], seconds: float) -> bytes:
    """A flow's tests that were played without a run: one test suite, a test case a row."""
    cases = [junit_case(flow_name, one.index + 1, one) for one in results]
    statuses = [one.status for one in results]
    return _suite(flow_name, statuses, f"time={_attribute(f'{seconds:.3f}')}", cases)


def _suite(name: str, statuses: Sequence[str], about: str, inside: Sequence[str]) -> bytes:
    counts = (
        f'tests="{len(statuses)}" failures="{statuses.count("failed")}" '
        f'errors="{statuses.count("error")}" skipped="{statuses.count("inconclusive")}"'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites name={_attribute(name)} {counts}>",
        f"<testsuite name={_attribute(name)} {counts} {about}>",
        *inside,
        "</testsuite>",
        "</testsuites>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _seconds(report: Report) -> str:
    facts = report.facts
    if facts.started_at is None or facts.finished_at is None:
        return "0"
    return f"{(facts.finished_at - facts.started_at).total_seconds():.3f}"


def _properties(report: Report) -> Iterator[str]:
    facts = report.facts
    yield "<properties>"
    for name, value in (
        ("run_id", facts.run_id),
        ("seed", facts.seed),
        ("population", facts.population_id),
        ("engine", facts.engine),
        *([("model", facts.model), ("cost_usd", facts.cost_usd)] if facts.model else []),
        ("flow_version", facts.flow_version),
        ("verdict", report.verdict),
    ):
        yield f"<property name={_attribute(name)} value={_attribute(str(value))}/>"
    yield "</properties>"


def junit_case(flow_name: str, number: int, test: TestResult) -> str:
    """One row of a flow's tests as a test case."""
    name = _attribute(f"{number}. {test.name}: {test.expected}")
    opening = f"<testcase classname={_attribute(flow_name)} name={name}"
    if test.status == "passed":
        return f"{opening}/>"
    said = f"Expected: {test.expected}. What happened: {test.happened}."
    if test.status == "inconclusive":
        return f"{opening}><skipped message={_attribute(said)}/></testcase>"
    tag = "failure" if test.status == "failed" else "error"
    details = "\n".join(f"{one.status}: {one.expected}: {one.happened}" for one in test.checks)
    return (
        f"{opening}><{tag} message={_attribute(said)} type={_attribute(test.status)}>"
        f"{escape(_legal(details))}</{tag}></testcase>"
    )


def _unfinished(report: Report) -> str:
    facts = report.facts
    said = f"The run is {facts.status}: {facts.done} of {facts.contacts} people were played."
    if facts.error:
        said += f" {facts.error}"
    return (
        f"<testcase classname={_attribute(facts.flow_name)} name={_attribute('the run finishes')}>"
        f"<error message={_attribute(said)} type={_attribute(facts.status)}/></testcase>"
    )


def _legal(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold (its production 2)."""
    return _ILLEGAL.sub("", text)


def _attribute(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


FORMATS: dict[str, Format] = {
    "json": Format("json", "application/json", as_json),
    "csv": Format("csv", "text/csv; charset=utf-8", as_csv),
    "md": Format("md", "text/markdown; charset=utf-8", as_markdown),
    "junit": Format("xml", "application/xml", as_junit),
}
"""What a run can be written as; adding a format is one function and one line here."""
