"""A flow while it is being read: what was found so far, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import ValidationError

from core.domain.durations import FIX as DURATION_FIX
from core.domain.findings import Finding, Severity
from core.domain.flows import STEP_CONFIGS, Flow, Step
from core.flows.compiled import CompiledStep

MAX_FINDINGS = 1_000
MAX_SUGGESTIONS = 50
MAX_ERRORS = 20
BLOCKING = frozenset(
    {"missing_step", "duplicate_id", "unknown_type", "bad_config", "condition_error"}
)
FIXES: dict[str, str] = {
    "bad_config": "Correct this value.",
    "condition_error": 'Correct the condition; it is CEL, like reply.intent == "interested".',
    "missing_step": "Add that step, or choose one that exists.",
    "duplicate_id": "Give each step an id of its own.",
    "unknown_type": "Choose one of the step types: " + ", ".join(STEP_CONFIGS) + ".",
}
WORDS = {
    "missing": "is missing",
    "model_type": "must be a mapping of keys and values",
    "model_attributes_type": "must be a mapping of keys and values",
    "dict_type": "must be a mapping of keys and values",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "int_parsing": "must be a whole number",
    "extra_forbidden": "is not known here",
    "finite_number": "must be a finite number",
}
FORMS = {
    "timeout": ("is no duration", DURATION_FIX),
    "duration": ("is no duration", DURATION_FIX),
    "time": ("is no time of day", "Write it like 09:00."),
    "from": ("is no time of day", 'Write it like "21:00".'),
    "to": ("is no time of day", 'Write it like "08:00".'),
}
NO_SPACES = ("must not hold spaces or control characters", "Use a short name like follow_up.")
MEANT = "Did you mean {}?"
MISPLACED = "Move {} under config."
SEND = "send_"
UNION = re.compile(r"\.(?:str|bool|int|float|list\[.*?\]|function-.*|constrained-.*|nullable.*)$")


def leads_nowhere(way: str, step_id: str, to: str) -> str:
    """What is said of a way to a step that does not exist."""
    return f"{way} of “{step_id}” leads to “{to}”, which does not exist"


def is_twice(step_id: str, number: int, first: int) -> str:
    """What is said of a step whose id an earlier step has."""
    return f"steps[{number}].id: “{step_id}” is also steps[{first}]"


def meant(fix: str | None) -> str | None:
    """The word that an advice names: ``sort`` in ``Did you mean sort?``; None where none."""
    return _named(fix, MEANT)


def misplaced(fix: str | None) -> str | None:
    """The key that an advice wants under ``config``; None where it wants something else."""
    return _named(fix, MISPLACED)


def _named(fix: str | None, form: str) -> str | None:
    before, after = form.split("{}")
    if fix is None or not (fix.startswith(before) and fix.endswith(after)):
        return None
    return fix[len(before) : -len(after)]


@dataclass(slots=True)
class Draft:
    """What has been read of a flow, and what was found.

    Attributes:
        places: The number of each step id's first step.
        targets: Where each step's ways lead: the name of the way, and a step id.
        steps: The steps that could be compiled.
        read: The steps as written, typed.
        blocked: The first error that keeps the flow from being compiled.
    """

    document: dict[str, Any]
    flow: Flow | None = None
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    targets: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    steps: dict[str, CompiledStep] = field(default_factory=dict)
    read: list[Step] = field(default_factory=list)
    texts: tuple[str, ...] = ()
    blocked: str | None = None
    suggestions: int = 0

    def add(
        self,
        kind: str,
        message: str,
        step_id: str | None = None,
        *,
        severity: Severity = "error",
        fix: str | None = None,
    ) -> None:
        """Note a finding; beyond the first thousand they are no longer kept."""
        if severity == "error" and kind in BLOCKING and self.blocked is None:
            self.blocked = message
        if len(self.findings) < MAX_FINDINGS:
            advice = fix or FIXES[kind]
            self.findings.append(
                Finding(type=kind, severity=severity, step_id=step_id, message=message, fix=advice)
            )

    def warn(self, message: str, step_id: str | None = None, fix: str | None = None) -> None:
        """Note something in the configuration that has no effect."""
        self.add("bad_config", message, step_id, severity="warning", fix=fix)

    def close_to(self, word: str, known: Iterable[str], *, but: str | None = None) -> str | None:
        """Advice to use the known word (``but`` this one) that looks like this one.

        It is only given for the first few.
        """
        close = self._closest(word, known, but)
        return MEANT.format(close) if close else None

    def close_type(self, word: str) -> str | None:
        """Advice to use the step type that looks like this one; that both send says nothing."""
        kinds = {kind.removeprefix(SEND): kind for kind in STEP_CONFIGS}
        close = self._closest(word.removeprefix(SEND), kinds)
        return MEANT.format(kinds[close]) if close else None

    def _closest(self, word: str, known: Iterable[str], but: str | None = None) -> str | None:
        self.suggestions += 1
        if self.suggestions > MAX_SUGGESTIONS:
            return None
        some = [one for one in islice(known, 1_000) if one != but]
        return next(iter(get_close_matches(word[:100], some, n=1)), None)

    def complain(
        self,
        error: ValidationError,
        place: str,
        step_id: str | None,
        misplaced: Iterable[str] = (),
    ) -> None:
        """Note what pydantic found, each place once.

        Args:
            error: What it found.
            place: Where the value stands in the document.
            step_id: Whose it is.
            misplaced: Keys that stand one level too high.
        """
        seen = set()
        for one in error.errors(include_url=False)[:MAX_ERRORS]:
            path = _path(place, one["loc"])
            if path in seen:
                continue
            seen.add(path)
            words, fix = _worded(dict(one))
            if one["type"] == "missing" and str(one["loc"][-1]) in misplaced:
                fix = MISPLACED.format(one["loc"][-1])
            self.add("bad_config", f"{path or 'flow'}: {words}", step_id, fix=fix)


def _path(place: str, location: tuple[int | str, ...]) -> str:
    path = place
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return UNION.sub("", path)


def _worded(error: dict[str, Any]) -> tuple[str, str | None]:
    """What is wrong with a value, and what to do about it."""
    kind = str(error["type"])
    if kind == "string_pattern_mismatch":
        last = str(error["loc"][-1])
        if last not in FORMS:
            return NO_SPACES
        words, fix = FORMS[last]
        return f"“{str(error['input'])[:40]}” {words}", fix
    context = error.get("ctx", {})
    if kind in ("string_too_long", "too_long"):
        what = "characters" if isinstance(error["input"], str) else "items"
        most = context["max_length"]
        return f"has {len(error['input']):,} {what}; at most {most:,} are allowed", None
    if kind in ("string_type", "list_type") and tuple(error["loc"][:1]) == ("expect",):
        return "must be a text or a list of texts", None
    if kind in WORDS:
        return WORDS[kind], "Add it." if kind == "missing" else None
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "should")
    return text[0].lower() + text[1:], None
