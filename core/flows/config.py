"""Which checks look, how bad their findings are, and where a message begins to be too much."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from core.domain.errors import BadInput
from core.domain.findings import Finding, Severity
from core.domain.wording import place_of, sentence_of
from core.flows.checks import CHECKS, Check, Thresholds
from core.flows.draft import MEANT
from core.flows.reading import read_flow

CONFIG_NAME = ".greenroom.yaml"
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""How bad a finding can be, the worst first."""
EMPTY = ("checks", "thresholds")
"""Parts that may stand there with nothing in them."""
Choice = Literal["off", "on", "error", "warning", "info"]


class ValidationConfig(BaseModel):
    """What ``.greenroom.yaml`` says; each part may be left out.

    Attributes:
        checks: By a check's id: ``off``, ``on``, or the severity of its findings.
        thresholds: Where a message begins to be too much.
        fail_on: Findings as bad as this make the command end with 1.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checks: dict[str, Choice] = Field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    fail_on: Severity = "error"

    @model_validator(mode="before")
    @classmethod
    def _left_empty(cls, given: Any) -> Any:
        """Take a part without anything in it, a bare ``checks:``, as left out."""
        if not isinstance(given, dict):
            return given
        return {name: part for name, part in given.items() if part is not None or name not in EMPTY}

    @field_validator("checks", mode="before")
    @classmethod
    def _yes_and_no(cls, given: Any) -> Any:
        """Take ``false`` for ``off`` and ``true`` for ``on``, and refuse an id that is none."""
        if not isinstance(given, dict):
            return given
        for name in given:
            if name not in KNOWN["checks"]:
                message = "there is no check of this name"
                raise PydanticCustomError("unknown_check", message, {"name": str(name)})
        words = {True: "on", False: "off"}
        return {
            name: words[choice] if isinstance(choice, bool) else choice
            for name, choice in given.items()
        }

    def looks(self, check: Check) -> bool:
        """Whether a check is not switched off."""
        return self.checks.get(check.id) != "off"

    def judged(self, finding: Finding) -> Finding:
        """The finding, as bad as it is to be."""
        choice = self.checks.get(finding.type, "on")
        if choice in ("on", "off", finding.severity):
            return finding
        return finding.model_copy(update={"severity": choice})


def read_config(text: str, *, source: str = CONFIG_NAME) -> ValidationConfig:
    """A configuration from YAML or JSON.

    Raises:
        BadInput: Naming the key that cannot be used, and the nearest one that could.
    """
    if all(line.strip()[:1] in ("", "#") for line in text.splitlines()):
        return ValidationConfig()
    try:
        return ValidationConfig.model_validate(read_flow(text, source=source))
    except ValidationError as error:
        raise _fault(dict(error.errors()[0]), source) from None


KNOWN: dict[str, list[str]] = {
    "": list(ValidationConfig.model_fields),
    "checks": [check.id for check in CHECKS],
    "thresholds": list(Thresholds.__dataclass_fields__),
}
"""The names that each part may hold."""


def _fault(error: dict[str, Any], source: str) -> BadInput:
    """What pydantic found, with its place and the nearest name that would do."""
    if error["type"] == "unknown_check":
        error["loc"] = (*error["loc"], error["ctx"]["name"])
    elif error["type"] == "unexpected_keyword_argument":
        error["type"] = "extra_forbidden"
    unknown = error["type"] in ("unknown_check", "extra_forbidden")
    place = place_of(error)
    where = f"{source}: {place}" if place else source
    return BadInput(sentence_of(error), place=where, fix=_nearest(error) if unknown else None)


def _nearest(error: dict[str, Any]) -> str:
    *above, name = error["loc"]
    known = KNOWN[".".join(above)]
    close = get_close_matches(str(name)[:60], known, n=1)
    return MEANT.format(close[0]) if close else f"There are: {', '.join(known)}."
