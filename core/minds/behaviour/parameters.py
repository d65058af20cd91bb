"""The behaviour model's parameters: every number has a name, a unit, a range and a source.

``data/models/behaviour/parameters.yaml`` is read into one frozen object. A persona's words reach
the model through parameters too (``tone.skeptical.objection``), so everything can be edited.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core.domain.errors import BadInput

DATA = Path(__file__).resolve().parents[3] / "data" / "models" / "behaviour"
TABLES = ("tone", "response_length", "decision_speed", "objection_likelihood", "trait")
LEVERS = (
    "reading",
    "clicking",
    "replying",
    "interest",
    "question",
    "specification",
    "price",
    "objection",
    "not_now",
    "not_interested",
    "opt_out",
    "thanks",
    "answer",
    "delay",
    "length",
    "urgency",
    "positive",
    "negative",
    "asking",
)
"""What a persona's words and a copy's traits act on; the meanings are in ``LEVER_HELP``."""
LEVER_HELP: Mapping[str, str] = {
    "reading": "opening a message (log-odds)",
    "clicking": "clicking a link (log-odds)",
    "replying": "replying once it is read (log-odds)",
    "interest": "saying yes (log-odds)",
    "question": "asking a question (log-odds)",
    "specification": "asking for specifications (log-odds)",
    "price": "asking for the price (log-odds)",
    "objection": "objecting (log-odds)",
    "not_now": "putting it off (log-odds)",
    "not_interested": "turning it down (log-odds)",
    "opt_out": "opting out (log-odds)",
    "thanks": "saying thanks (log-odds)",
    "answer": "simply answering what was asked (log-odds)",
    "delay": "the time until a reply (logarithm)",
    "length": "the length of replies (logarithm)",
    "urgency": "what each sign of urgency does to interest and replying (log-odds)",
    "positive": "a positive tone (log-odds)",
    "negative": "a negative tone (log-odds)",
    "asking": "asking further questions in longer replies (log-odds)",
}
TRAITS = (
    "attention",
    "responsiveness",
    "talkativeness",
    "curiosity",
    "price_sensitivity",
    "trust",
    "patience",
    "warmth",
    "chronotype",
)
"""How copies of a persona differ: each has a standard normal number by each of these names."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    ``unit`` says what it is measured in, ``source`` where it is from: a publication, or the word
    ``assumption``.
    """

    name: str
    value: float
    unit: str
    min: float
    max: float
    help: str
    source: str


@dataclass(frozen=True)
class BehaviourParameters:
    """All parameters by name, validated and frozen.

    ``aliases`` gives, a table, words that mean the same as a word of that table.

    Raises:
        BadInput: If a parameter is out of its range or undocumented; names the parameter.
    """

    parameters: Mapping[str, Parameter]
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for parameter in self.parameters.values():
            _check(parameter)

    def __getitem__(self, name: str) -> float:
        """The value of one parameter.

        Raises:
            BadInput: If there is no parameter of that name.
        """
        try:
            return self.parameters[name].value
        except KeyError:
            raise BadInput("there is no such parameter", place=name) from None

    @property
    def values(self) -> dict[str, float]:
        """Every value by its name."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    def replace(self, values: Mapping[str, float]) -> BehaviourParameters:
        """The same parameters with other values for some of them.

        Raises:
            BadInput: If a name is unknown, or a value is no number or out of its range.
        """
        changed = dict(self.parameters)
        for name, value in values.items():
            if name not in changed:
                raise BadInput(
                    "there is no such parameter", place=str(name), fix="Use a name from the list."
                )
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise BadInput("is not a number", place=name, fix="Give a number.")
            changed[name] = replace(changed[name], value=float(value))
        return BehaviourParameters(changed, self.aliases)

    def words(self, table: str) -> tuple[str, ...]:
        """The words that a table knows (``tone``, …, ``trait``), without their aliases."""
        start = f"{table}."
        named = (name for name in self.parameters if name.startswith(start))
        return tuple(dict.fromkeys(name.split(".")[1] for name in named))

    def find_word(self, table: str, word: str) -> str | None:
        """The table's word for what a persona says, or None where the table does not know it."""
        plain = "_".join(word.lower().replace("-", " ").split())
        plain = self.aliases.get(table, {}).get(plain, plain)
        return plain if plain in self.words(table) else None

    def to_document(self) -> dict[str, Any]:
        """Everything as plain lists and dictionaries, for keeping a version."""
        rows = [
            {
                "name": p.name,
                "value": p.value,
                "unit": p.unit,
                "min": p.min,
                "max": p.max,
                "help": p.help,
                "source": p.source,
            }
            for p in self.parameters.values()
        ]
        return {
            "format": 1,
            "parameters": rows,
            "aliases": {table: dict(words) for table, words in self.aliases.items()},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> BehaviourParameters:
        """What ``to_document`` gave, read back and checked.

        Raises:
            BadInput: If the document is not of this shape, or a parameter is wrong.
        """
        if document.get("format") != 1 or not isinstance(document.get("parameters"), list):
            raise BadInput("is no document of behaviour parameters, format 1", place="format")
        found: dict[str, Parameter] = {}
        for index, row in enumerate(document["parameters"]):
            try:
                parameter = Parameter(**row)
            except TypeError as error:
                raise BadInput("is no parameter", place=f"parameters[{index}]") from error
            found[parameter.name] = parameter
        aliases = document.get("aliases") or {}
        return cls(found, {str(table): dict(words) for table, words in aliases.items()})


def _check(parameter: Parameter) -> None:
    """Refuse a parameter that is no finite number in its range, or is not documented."""
    numbers = (parameter.value, parameter.min, parameter.max)
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        raise BadInput("is not a finite number", place=parameter.name, fix="Give a number.")
    if not parameter.min <= parameter.value <= parameter.max:
        raise BadInput(
            f"{parameter.value:g} is outside {parameter.min:g} to {parameter.max:g}",
            place=parameter.name,
            fix="Choose a value in that range.",
        )
    if not (parameter.help and parameter.source and parameter.unit):
        raise BadInput("has no help, unit or source", place=parameter.name)


@lru_cache(maxsize=1)
def load_parameters() -> BehaviourParameters:
    """The parameters that Greenroom ships (``data/models/behaviour/parameters.yaml``)."""
    return read_parameters((DATA / "parameters.yaml").read_text("utf-8"))


def read_parameters(text: str) -> BehaviourParameters:
    """Parameters written by hand as YAML, with their groups and tables spread out.

    Raises:
        BadInput: If a parameter is wrong; names it.
    """
    document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    rows = [
        *_plain_rows(document["parameters"]),
        *_spread_rows(document["spread"]),
        *_table_rows(document["tables"]),
    ]
    aliases = document.get("aliases", {})
    return BehaviourParameters({row.name: row for row in rows}, aliases)


def _plain_rows(section: Mapping[str, Any]) -> Iterable[Parameter]:
    """One parameter an entry, or one a word of an entry's ``values``."""
    for name, entry in section.items():
        shared = {key: entry[key] for key in ("unit", "source")}
        low, high = float(entry["min"]), float(entry["max"])
        words = entry.get("values", {None: entry.get("value")})
        for word, value in words.items():
            yield Parameter(
                name=f"{name}.{word}" if word else name,
                value=float(value),
                min=low,
                max=high,
                help=entry["help"].replace("{word}", _plain(word)) if word else entry["help"],
                **shared,
            )


def _spread_rows(section: Mapping[str, Any]) -> Iterable[Parameter]:
    """``spread.TRAIT.LEVER``: what one standard deviation of a trait adds."""
    for trait, effects in section["effects"].items():
        for lever, value in effects.items():
            yield Parameter(
                name=f"spread.{trait}.{lever}",
                value=float(value),
                unit=section["unit"],
                min=float(section["min"]),
                max=float(section["max"]),
                help=f"What one standard deviation of {_plain(trait)} adds to {LEVER_HELP[lever]}.",
                source=section["source"],
            )


def _table_rows(section: Mapping[str, Any]) -> Iterable[Parameter]:
    """``TABLE.WORD.LEVER``: what a persona's word adds."""
    for table in TABLES:
        entry = section[table]
        for word, effects in entry["effects"].items():
            for lever, value in effects.items():
                told = entry["help"].replace("{word}", _plain(word))
                yield Parameter(
                    name=f"{table}.{word}.{lever}",
                    value=float(value),
                    unit="logarithm" if lever in ("delay", "length") else "log-odds",
                    min=-12.0,
                    max=12.0,
                    help=told.replace("{lever}", LEVER_HELP[lever]),
                    source=entry["source"],
                )


def _plain(word: str) -> str:
    """A word as it is read: without underscores."""
    return str(word).replace("_", " ")
