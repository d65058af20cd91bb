"""What a check sees of a flow: as much of it as could be read, and where its ways lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, TypeVar, cast

from pydantic import BeforeValidator, ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass as checked
from pydantic_core import PydanticCustomError

from core.domain.findings import Finding
from core.domain.flows import Flow
from core.flows.compiled import CompiledStep
from core.flows.draft import Draft

T = TypeVar("T")
DAY = 24 * 60


def _minutes(given: Any) -> Any:
    """``21:00`` as minutes of the day; what is no time of day is left for the type to refuse."""
    hours, colon, minutes = given.partition(":") if isinstance(given, str) else ("", "", "")
    if not colon or not (hours.isdigit() and minutes.isdigit()) or int(minutes) > 59:
        return given
    return int(hours) * 60 + int(minutes)


Count = Annotated[int, Field(ge=0)]
MinuteOfDay = Annotated[int, Field(ge=0, le=DAY), BeforeValidator(_minutes)]


@checked(frozen=True, slots=True, config=ConfigDict(extra="forbid", allow_inf_nan=False))
class Thresholds:
    """Where a message begins to be too much; DESIGN's, unless a setting says otherwise.

    Attributes:
        spam_risk: Above this probability times 100, a message looks like spam.
        sms_segments: More segments than this are worth a word.
        subject_length: Characters.
        messages_per_hour: More than this within an hour, with no reply between, are too many.
        messages_per_day: The same within a day.
        quiet_from: Minute of the day (or ``21:00``) from which nobody wants a message.
        quiet_to: Until when.
        whatsapp_hours: How long after a reply WhatsApp lets one write without a template.
    """

    spam_risk: Annotated[float, Field(ge=0, le=100)] = 70
    sms_segments: Count = 1
    subject_length: Count = 70
    messages_per_hour: Count = 2
    messages_per_day: Count = 3
    quiet_from: MinuteOfDay = 21 * 60
    quiet_to: MinuteOfDay = 8 * 60
    whatsapp_hours: Annotated[float, Field(ge=0)] = 24

    @field_validator("*", mode="before")
    @classmethod
    def _no_yes_or_no(cls, given: Any) -> Any:
        """Refuse ``true``, which would count as 1."""
        if isinstance(given, bool):
            raise PydanticCustomError("float_type", "must be a number")
        return given


@dataclass(frozen=True)
class FlowView:
    """A flow as its checks see it.

    Attributes:
        document: As it was given.
        flow: Its typed head (name, timezone, variables, quiet hours, tests); None where that could
            not be read. ``flow.steps`` holds nothing of use.
        steps: The steps that could be compiled, in the document's order.
        places: The number in the document of every step id, read or not.
        targets: Where every step leads: the name of the way, and a step id that may not exist.
        complaints: What reading the document found.
        thresholds: Where a message begins to be too much.
    """

    document: dict[str, Any]
    flow: Flow | None
    steps: dict[str, CompiledStep]
    places: dict[str, int]
    targets: dict[str, list[tuple[str, str]]]
    complaints: list[Finding]
    thresholds: Thresholds = field(default_factory=Thresholds)
    _shared: dict[object, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, draft: Draft, thresholds: Thresholds | None = None) -> FlowView:
        """The view of a draft that has been read."""
        return cls(
            document=draft.document,
            flow=draft.flow,
            steps=draft.steps,
            places=draft.places,
            targets=draft.targets,
            complaints=draft.findings,
            thresholds=thresholds or Thresholds(),
        )

    @cached_property
    def start(self) -> str | None:
        """The first step's id; None where it is not known which that is."""
        first = self.document.get("start")
        if first is None and self.places:
            step = self.document["steps"][0]
            first = step.get("id") if isinstance(step, dict) else None
        return first if isinstance(first, str) and first in self.places else None

    @cached_property
    def reached(self) -> frozenset[str]:
        """The steps to which some way leads from the start."""
        if self.start is None:
            return frozenset()
        seen, open_ = {self.start}, [self.start]
        while open_:
            for _, to in self.targets.get(open_.pop(), ()):
                if to in self.places and to not in seen:
                    seen.add(to)
                    open_.append(to)
        return frozenset(seen)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The steps in and behind a loop that two steps of one id may only seem to make."""
        doubled = {one.step_id for one in self.complaints if one.type == "duplicate_id"}
        seen: set[str] = set()
        open_ = [step_id for step_id in doubled if step_id is not None]
        while open_:
            for _, to in self.targets.get(open_.pop(), ()):
                if to not in seen:
                    seen.add(to)
                    open_.append(to)
        return frozenset(seen) if seen & doubled else frozenset()

    def place(self, step_id: str, field: str = "") -> str:
        """Where a step, or a field of it, stands in the document: ``steps[3].config.body``."""
        return f"steps[{self.places[step_id]}]{'.' if field else ''}{field}"

    def shared(self, make: Callable[[FlowView], T]) -> T:
        """What several checks need of this flow, worked out once."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast(T, self._shared[make])
