"""One step from its typed configuration: its ways, texts, conditions and times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.domain.durations import parse_duration, spoken
from core.domain.errors import BadInput
from core.domain.flows import (
    COACHING,
    MESSAGE_CHANNELS,
    CoachingConfig,
    ConditionConfig,
    Config,
    DelayConfig,
    EmailConfig,
    MessageConfig,
    SetConfig,
    SplitConfig,
    Step,
    TwinReplyConfig,
    WaitConfig,
    WebhookConfig,
)
from core.domain.words import Channel
from core.flows.compiled import CompiledStep, Sample, Way
from core.flows.conditions import Condition, Expression
from core.flows.inspection import spoken_condition
from core.flows.templates import Template

ENDS = frozenset({"handoff", "end"})
WAITS = frozenset({"wait_for_reply", "check_in", "assessment"})
OWN_WAYS = {
    "wait_for_reply": ("on_reply", "on_timeout"),
    "condition": (),
    "split": (),
    "handoff": (),
    "end": (),
}
"""Which of a step's own references are its ways; every other type has ``next`` alone."""

Complaint = Callable[[str, str, str], None]


@dataclass(slots=True)
class Workshop:
    """What compiling one flow shares between its steps.

    Equal expressions and templates are read once.
    """

    conditions: dict[str, Condition] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)

    def condition(self, source: str) -> Condition:
        """A condition, read once for each source."""
        if source not in self.conditions:
            self.conditions[source] = Condition.compile(source)
        return self.conditions[source]

    def template(self, source: str) -> Template:
        """A template, read once for each source."""
        if source not in self.templates:
            self.templates[source] = Template(source)
        return self.templates[source]


def ways_of(step: Step, config: Config) -> tuple[Way, ...]:
    """Every way out of a step, in the order in which they are tried."""
    if isinstance(config, WaitConfig):
        try:
            missing = f"no reply in {spoken(parse_duration(config.timeout))}"
        except BadInput:
            missing = "no reply"
        return (
            Way("on_reply", step.on_reply, "reply"),
            Way("on_timeout", step.on_timeout, missing),
        )
    if isinstance(config, ConditionConfig):
        branches = [
            Way(f"branch:{number}", branch.next, spoken_condition(branch.when))
            for number, branch in enumerate(config.branches)
        ]
        return (*branches, Way("else", config.otherwise, "else"))
    if isinstance(config, SplitConfig):
        return tuple(Way(f"arm:{arm.name}", arm.next, arm.name) for arm in config.arms)
    return () if step.type in ENDS else (Way("next", step.next, "next"),)


def texts_of(config: Config) -> Iterator[tuple[str, str, str]]:
    """Every template of a configuration: its name, its place and its source."""
    if isinstance(config, EmailConfig):
        yield "subject", "subject", config.subject
        yield "preheader", "preheader", config.preheader
    if isinstance(config, MessageConfig):
        yield "body", "body", config.body
    if isinstance(config, CoachingConfig):
        yield "title", "title", config.title
        yield "body", "body", config.body
        for number, question in enumerate(config.questions):
            yield f"question:{question.id}", f"questions[{number}].text", question.text
    if isinstance(config, TwinReplyConfig):
        yield "instructions", "instructions", config.instructions
    if isinstance(config, WebhookConfig):
        yield "url", "url", config.url


def build_step(step: Step, config: Config, shop: Workshop, complain: Complaint) -> CompiledStep:
    """One step; ``complain`` is told (type, place, message) of what is wrong with it."""
    return CompiledStep(
        id=step.id,
        type=step.type,
        config=config,
        ways=ways_of(step, config),
        templates=_templates(config, shop, complain),
        conditions=_conditions(config, shop, complain),
        values=_values(config, complain),
        seconds=_seconds(step, config, complain),
        expect=_expected(step.expect),
        channel=_channel(step, config),
        sample=Sample(step.id, config.sample) if isinstance(config, WebhookConfig) else None,
    )


def _expected(words: str | list[str] | None) -> tuple[str, ...]:
    """What a step's ``expect`` names, as a list or with ``|`` between; any one of it will do."""
    listed = words.split("|") if isinstance(words, str) else words or []
    return tuple(word.strip() for word in listed if word.strip())


def _templates(config: Config, shop: Workshop, complain: Complaint) -> dict[str, Template]:
    templates = {}
    for name, place, source in texts_of(config):
        try:
            templates[name] = shop.template(source)
        except BadInput as error:
            complain("bad_config", place, _worded(error))
    return templates


def _conditions(config: Config, shop: Workshop, complain: Complaint) -> tuple[Condition, ...]:
    conditions = []
    for number, branch in enumerate(getattr(config, "branches", ())):
        try:
            conditions.append(shop.condition(branch.when))
        except BadInput as error:
            complain("condition_error", f"branches[{number}].when", _worded(error))
    return tuple(conditions)


def _values(config: Config, complain: Complaint) -> dict[str, Expression]:
    values: dict[str, Expression] = {}
    for name, source in config.values.items() if isinstance(config, SetConfig) else ():
        try:
            values[name] = Expression.compile(source)
        except BadInput as error:
            complain("condition_error", f"values.{name}", _worded(error))
    return values


def _seconds(step: Step, config: Config, complain: Complaint) -> float | None:
    if isinstance(config, WaitConfig) or (
        isinstance(config, CoachingConfig) and step.type in WAITS
    ):
        return _duration("timeout", config.timeout, complain)
    if not isinstance(config, DelayConfig):
        return None
    if (config.duration is None) == (config.until is None):
        what = "nothing to wait for" if config.duration is None else "both duration and until"
        complain("bad_config", "duration", f"has {what}: give either duration or until")
        return None
    return None if config.duration is None else _duration("duration", config.duration, complain)


def _duration(place: str, text: str, complain: Complaint) -> float | None:
    try:
        return parse_duration(text)
    except BadInput as error:
        complain("bad_config", place, _worded(error))
        return None


def _channel(step: Step, config: Config) -> Channel | None:
    if step.type in COACHING and isinstance(config, CoachingConfig):
        return config.channel
    return MESSAGE_CHANNELS.get(step.type)


def _worded(error: BadInput) -> str:
    return f"{error.message.rstrip('.')} ({error.place})" if error.place else error.message


def raw_targets(step: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The references of a step that could not be read, by way: none of them makes an orphan."""
    for name in ("next", "on_reply", "on_timeout"):
        if isinstance(step.get(name), str):
            yield name, step[name]
    config = step.get("config")
    if not isinstance(config, dict):
        return
    if isinstance(config.get("else"), str):
        yield "else", config["else"]
    for key in ("branches", "arms"):
        rows = config.get(key)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("next"), str):
                yield key, row["next"]
