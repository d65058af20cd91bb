"""What a metric can be of: a flow's goals and what people do, or a table's columns."""

from __future__ import annotations

from typing import Any

from core.domain.errors import GreenroomError
from core.domain.experiments import Experiment
from core.domain.words import INTENTS
from pages.parts.context import workspace
from pages.parts.experiment_templates import goals_of
from pages.parts.page import short

DID = {
    "replied": "Answered",
    "clicked": "Followed a link",
    "opened": "Opened a message",
    "opted_out": "Opted out",
    "handed_off": "Was handed to a person",
    "goal": "Reached any goal",
    "active": "Did anything",
}
COUNTED = {
    "messages": "Messages received",
    "replies": "Answers given",
    "rating": "Rating given",
    "reply_hours": "Hours until an answer",
    "revenue": "What their goals are worth",
}
NAMED = {"goal": "Reached", "intent": "Said", "reached": "Came to"}
PRIVATE = ("id", "name", "first_name", "last_name", "email", "phone")
"""What tells people apart one by one: no group."""
NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "NUMERIC")
"""How the types of columns with numbers are called."""


def measures_of(experiment: Experiment) -> list[str]:
    """Everything that can be measured in it, the likeliest first."""
    if experiment.source == "table":
        return [name for name in columns_of(experiment) if name not in _places(experiment)]
    goals: list[str] = []
    ids = [experiment.design.flow, *(one.flow for one in experiment.design.variants)]
    for id in dict.fromkeys(id for id in ids if id):
        try:
            goals += goals_of(workspace().flows.get(id))
        except GreenroomError:
            continue
    named = [f"goal:{name}" for name in dict.fromkeys(goals)]
    given = [one.value for one in experiment.design.metrics]
    said = [f"intent:{one}" for one in INTENTS]
    return list(dict.fromkeys([*named, *DID, *COUNTED, *said, *given]))


def columns_of(experiment: Experiment) -> dict[str, str]:
    """The columns of its table with their types; none where no data are there yet."""
    if experiment.dataset is None:
        return {}
    try:
        found = workspace().datasets.get(experiment.dataset)
    except GreenroomError:
        return {}
    return found.columns


def _places(experiment: Experiment) -> set[str | None]:
    data = experiment.design.data
    return {data.unit, data.variant, data.time}


def segments_of(experiment: Experiment) -> list[str]:
    """By what results can be read: columns, or what is known of people."""
    if experiment.source == "table":
        measured = {one.value for one in experiment.design.metrics}
        every = columns_of(experiment)
        return [one for one in every if one not in _places(experiment) and one not in measured]
    if experiment.source == "rehearsal":
        plain_kinds = (str, int, float)
        return ["persona", *(k for k, v in _person(experiment).items() if type(v) in plain_kinds)]
    return []


def before_of(experiment: Experiment) -> list[str]:
    """The numbers that are known of participants before the start."""
    if experiment.source == "table":
        return [
            name
            for name, kind in columns_of(experiment).items()
            if any(one in kind.upper() for one in NUMBERS) and name not in _places(experiment)
        ]
    numbers = (int, float)
    return [name for name, value in _person(experiment).items() if type(value) in numbers]


def _person(experiment: Experiment) -> dict[str, Any]:
    """What is known of a simulated person, beside who it is."""
    population = experiment.design.population
    if experiment.source != "rehearsal" or population is None:
        return {}
    try:
        (first, *_) = workspace().populations.people(population, 0, 1)
    except (GreenroomError, ValueError):
        return {}
    return {
        name: value
        for name, value in sorted(first.attributes.items())
        if name not in PRIVATE and name != "persona"
    }


def fitting(kind: str, measures: list[str], now: str | None) -> list[str]:
    """The measures, those that fit this kind first; what is chosen is always among them."""
    counted = kind in ("mean", "revenue", "ratio", "quantile")
    first = [one for one in measures if (one in COUNTED) == counted]
    if kind == "revenue":
        first.sort(key=lambda one: one != "revenue")
    return list(dict.fromkeys([*first, *measures, *([now] if now else [])]))


def words_of(value: str) -> str:
    """A measure or column as people call it."""
    kind, colon, name = value.partition(":")
    if colon and kind in NAMED:
        return f"{NAMED[kind]} “{short(name.replace('_', ' '), 50)}”"
    return DID.get(value) or COUNTED.get(value) or short(value, 60)
