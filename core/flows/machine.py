"""The flow machine: plays one contact through one flow in simulated time.

What a step means stands in DESIGN, "What a flow means". Each visited step writes ``stepped`` and
is left by exactly one ``branched`` or ``ended``, so that at every step those who left and those
who stopped add up to those who entered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, cast

from core.domain.flows import (
    COACHING,
    MESSAGE_CHANNELS,
    CoachingConfig,
    DelayConfig,
    GoalConfig,
    HandoffConfig,
    SplitConfig,
    TagConfig,
    TwinReplyConfig,
    WebhookConfig,
)
from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Message, TwinAnswer, TwinRequest
from core.domain.words import Channel
from core.flows.clock import DAY, iso
from core.flows.clock import until as moment_of
from core.flows.compiled import KEPT_NAME, CompiledFlow, CompiledStep, Sample, Way
from core.flows.conditions import RESERVED
from core.flows.contact import Contact
from core.flows.journal import Journal, Row, packed, shown
from core.flows.messaging import fail, send
from core.flows.templates import TemplateError
from core.minds import Mind, TwinMind

MAX_VISITS = 1_000
ANSWER_SECONDS = 2 * DAY
LOOP_COST = 1_000
MAX_URL = 2_000


class Player:
    """Plays one contact through a flow.

    Args:
        flow: The compiled flow.
        person: Who.
        persona: What the person is a copy of.
        mind: Who decides what the person does.
        twin: Who answers in the creator's place.
        seed: The run's seed.
        grounding: What the twin may rest its answers on.
        journal: Where what happens is written; a new one where none is given.

    Attributes:
        spent: The steps that were visited, each with the real seconds that the visit took.
    """

    def __init__(
        self,
        flow: CompiledFlow,
        person: Person,
        persona: Persona,
        *,
        mind: Mind,
        twin: TwinMind,
        seed: int,
        grounding: tuple[str, ...] = (),
        journal: Journal | None = None,
    ) -> None:
        self.flow = flow
        self.persona = persona
        self.mind = mind
        self.twin = twin
        self.grounding = grounding
        self.contact = Contact(flow, person, seed, journal)
        self.journal = self.contact.journal
        self.spent: list[tuple[str, float]] = []

    async def play(self) -> list[Row]:
        """Everything that happens to this contact, from ``entered`` to ``ended``."""
        entered = packed({"persona": self.persona.id})
        self.journal.write(self.contact.clock, "flow", "entered", payload=entered)
        step: CompiledStep | None = self.flow.steps[self.flow.start]
        while step is not None:
            id, begun = step.id, perf_counter()
            step = await self._visit(step)
            self.spent.append((id, perf_counter() - begun))
        return self.journal.rows

    async def _visit(self, step: CompiledStep) -> CompiledStep | None:
        """Play one step; gives the next, or None at the end."""
        contact = self.contact
        contact.arrive(step.id)
        way, error = await PLAYS[step.type](self, step)
        return self._leave(step, way, error)

    def _leave(self, step: CompiledStep, way: Way | None, error: str | None) -> CompiledStep | None:
        """Go on by a way, or end; gives the next step."""
        contact = self.contact
        if contact.visited >= MAX_VISITS or contact.clock >= contact.limit:
            self._end(step, "too_long")
            return None
        if way is None:
            self._end(step, error or "end")
            return None
        if way.to is None:
            self._end(step, "no_next", way.name, error)
            return None
        payload = {"way": way.name, "to": way.to, **({"error": error} if error else {})}
        self.journal.write(contact.clock, "flow", "branched", step.id, payload=packed(payload))
        return self.flow.steps[way.to]

    def _end(
        self, step: CompiledStep, reason: str, way: str | None = None, error: str | None = None
    ) -> None:
        """Leave the flow. What the person still does because of it is recorded before ``ended``."""
        contact = self.contact
        left = contact.clock
        contact.finish()
        payload: dict[str, Any] = {
            "reason": reason,
            "at": iso(left),
            "hours": round((left - contact.start) / 3600, 3),
            **({"way": way} if way else {}),
            **({"error": error} if error else {}),
        }
        self.journal.write(contact.clock, "flow", "ended", step.id, payload=packed(payload))

    def _note(self, kind: Any, step: CompiledStep, payload: dict[str, Any]) -> None:
        self.journal.write(self.contact.clock, "flow", kind, step.id, payload=packed(payload))

    def _rendered(self, step: CompiledStep) -> dict[str, str] | None:
        """The step's texts for this contact; None where one cannot be rendered."""
        work = self.contact.work
        context = {**self.contact.context, "now": self.contact.now()}
        texts = {}
        try:
            for name, template in step.templates.items():
                if work.left <= 0:
                    raise TemplateError("too much was written for this person", limit=True)
                text = texts[name] = template.render(context)
                work.left -= len(text) // 100 + (LOOP_COST if template.weight else 0)
            return texts
        except TemplateError as error:
            channel = step.channel or "web"
            fail(self.contact, step.id, channel, None, "template_error", message=str(error))
            return None

    async def _send(self, message: Message, answer: TwinAnswer | None = None) -> bool:
        return await send(self.contact, self.persona, self.mind, message, answer)

    # Steps: each gives the way out, and an error or the reason of the end beside it

    async def send_message(self, step: CompiledStep) -> Left:
        """send_email, send_sms, …"""
        texts = self._rendered(step)
        if texts is not None:
            await self._send(
                Message(
                    step_id=step.id,
                    channel=step.channel or "web",
                    body=texts.get("body", ""),
                    subject=texts.get("subject", ""),
                    preheader=texts.get("preheader", ""),
                    template=getattr(step.config, "template", None),
                )
            )
        return step.ways[0], None

    async def twin_reply(self, step: CompiledStep) -> Left:
        """The creator twin answers the last reply on its channel."""
        contact = self.contact
        channel: Channel = contact.last_channel or "web"
        texts = self._rendered(step)
        if contact.opted_out or texts is None:
            if contact.opted_out:
                fail(contact, step.id, channel, None, "opted_out")
            return step.ways[0], None
        said = next((turn for turn in reversed(contact.history) if turn.role == "contact"), None)
        answer = await self.twin.answer(
            TwinRequest(
                twin=cast(TwinReplyConfig, step.config).twin,
                instructions=texts.get("instructions", ""),
                question=said.text if said else "",
                intent=said.intent if said else None,
                contact=contact.attributes,
                history=contact.history,
                grounding=self.grounding,
                chance=contact.chance_here(step.id),
            )
        )
        message = Message(
            step_id=step.id,
            channel=channel,
            body=answer.text,
            subject=_answering(contact.last_subject) if channel == "email" else "",
            from_twin=True,
            answers=answer.answered,
        )
        await self._send(message, answer)
        return step.ways[0], None

    async def coaching(self, step: CompiledStep) -> Left:
        """lesson, check_in and assessment; the last two wait for their answers."""
        config = cast(CoachingConfig, step.config)
        contact = self.contact
        texts = self._rendered(step)
        asked = config.questions
        questions = () if step.type == "lesson" else tuple(asked)
        contact.answers.update({question.id: None for question in questions})
        if texts is None:
            return step.ways[0], None
        channel: Channel = step.channel or "email"
        title = texts.get("title", "")
        lines = [texts.get("body", ""), *(f"• {texts[f'question:{one.id}']}" for one in asked)]
        if channel != "email":
            lines.insert(0, title)
        message = Message(
            step_id=step.id,
            channel=channel,
            body="\n\n".join(line for line in lines if line),
            subject=title if channel == "email" else "",
            questions=questions,
        )
        if await self._send(message) and questions:
            contact.await_reply(step.id, step.seconds or ANSWER_SECONDS, to=step.id)
        return step.ways[0], None

    async def wait(self, step: CompiledStep) -> Left:
        """Wait for a reply: one that came before is used first."""
        on_reply, on_timeout = step.ways
        answered = self.contact.await_reply(step.id, step.seconds or 0.0)
        return on_reply if answered else on_timeout, None

    async def delay(self, step: CompiledStep) -> Left:
        """Let simulated time pass."""
        contact = self.contact
        target = cast(DelayConfig, step.config).until
        if target is not None:
            contact.advance(moment_of(contact.clock, target, contact.timezone))
        else:
            contact.advance(contact.clock + (step.seconds or 0.0))
        return step.ways[0], None

    async def condition(self, step: CompiledStep) -> Left:
        """Take the first branch that holds; one that raises is false, and its error is noted."""
        first_error: str | None = None
        for condition, way in zip(step.conditions, step.ways, strict=False):
            holds, error = condition.evaluate(self.contact.context)
            if error and first_error is None:
                first_error = f"{condition.source}: {error}"
            if holds:
                return way, first_error
        return step.ways[-1], first_error

    async def split(self, step: CompiledStep) -> Left:
        """Take one arm by its weight."""
        weights = [arm.weight for arm in cast(SplitConfig, step.config).arms]
        return step.ways[self.contact.chance_here(step.id).weighted("arm", weights)], None

    async def set_values(self, step: CompiledStep) -> Left:
        """Give variables their values; one that cannot be computed becomes null."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, expression in step.values.items():
            if name in RESERVED:
                errors[name] = KEPT_NAME
                continue
            values[name], error = expression.evaluate(self.contact.context)
            if error:
                errors[name] = error
        self.contact.remember(values)
        self._note("set", step, {"values": shown(values), **({"error": errors} if errors else {})})
        return step.ways[0], None

    async def webhook(self, step: CompiledStep) -> Left:
        """Never called in a rehearsal: the sample answers, as variables and under the step's id."""
        config = cast(WebhookConfig, step.config)
        sample = step.sample or Sample(step.id, config.sample)
        self.contact.remember(sample.values)
        errors = dict(sample.errors)
        try:
            url = step.templates["url"].render(self.contact.context)[:MAX_URL]
        except TemplateError as error:
            url, errors["url"] = "", str(error)
        about = {"url": url, "method": config.method, "called": False}
        noted = {"values": sample.shown, **about, **({"error": errors} if errors else {})}
        self._note("set", step, noted)
        return step.ways[0], None

    async def tag(self, step: CompiledStep) -> Left:
        """Add and remove tags."""
        config = cast(TagConfig, step.config)
        add, remove = _list(config.add), _list(config.remove)
        tags: list[str] = self.contact.attributes["tags"]
        kept = [tag for tag in tags if tag not in remove]
        tags[:] = dict.fromkeys([*kept, *add])
        self._note("tagged", step, {"add": add, "remove": remove})
        return step.ways[0], None

    async def goal(self, step: CompiledStep) -> Left:
        """What was to be reached has been reached."""
        config = cast(GoalConfig, step.config)
        self._note("goal_reached", step, {"name": config.name, "value": config.value})
        return step.ways[0], None

    async def handoff(self, step: CompiledStep) -> Left:
        """A person takes over; the rehearsal ends here."""
        config = cast(HandoffConfig, step.config)
        self._note("handed_off", step, {"to": config.to, "reason": config.reason})
        return None, "handoff"

    async def end(self, step: CompiledStep) -> Left:
        """The end."""
        return None, str(getattr(step.config, "reason", "end"))


def _answering(subject: str) -> str:
    """The subject of an e-mail that answers one with this subject."""
    return subject if subject.startswith("Re: ") else f"Re: {subject or 'your message'}"


def _list(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


Left = tuple[Way | None, str | None]
PLAYS: dict[str, Callable[[Player, CompiledStep], Awaitable[Left]]] = {
    **dict.fromkeys(MESSAGE_CHANNELS, Player.send_message),
    **dict.fromkeys(COACHING, Player.coaching),
    "wait_for_reply": Player.wait,
    "delay": Player.delay,
    "condition": Player.condition,
    "split": Player.split,
    "twin_reply": Player.twin_reply,
    "set": Player.set_values,
    "tag": Player.tag,
    "goal": Player.goal,
    "handoff": Player.handoff,
    "webhook": Player.webhook,
    "end": Player.end,
}
"""What plays each step type: adding one is one method and one line here."""
