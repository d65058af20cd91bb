"""Event tables made at random: what a flow machine may write, without one.

People walk a compiled flow; whatever chance allows happens to them, so loops, late replies,
opt-outs, held back messages and engines that fail all come up, in an order that a contact's log
can have.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from core.domain.personas import Persona
from core.domain.populations import CastLine, Person, Population
from core.domain.runs import Run, RunDraft
from core.flows import CompiledFlow, CompiledStep, compile_flow
from core.rehearsal.observed import SENDING
from core.store import Store

PERSONAS = ("Eager Eddie", "Cold Carl", "Price-Conscious Pam")
START = datetime(2026, 1, 5, 9)
COLUMNS = "contact_id seq simulated_at variant actor kind step_id channel body payload".split()
TYPES = [pa.string(), pa.int32(), pa.timestamp("us"), *[pa.string()] * 7]
MOST_VISITS = 40
Pending = tuple[str, str, str, int]


class Walker:
    """One person on a walk; ``rows`` is what happened, one dictionary an event."""

    def __init__(self, flow: CompiledFlow, contact: str, persona: str, chance: random.Random):
        self.flow, self.contact, self.persona, self.chance = flow, contact, persona, chance
        self.rows: list[dict[str, Any]] = []
        self.now = START
        self.visits: Counter[str] = Counter()
        self.pending: list[Pending] = []
        self.opted_out = False

    def walk(self) -> list[dict[str, Any]]:
        self.write("entered", persona=self.persona)
        step: CompiledStep | None = self.flow.steps[self.flow.start]
        while step is not None:
            step = self.visit(step)
        return self.rows

    def write(
        self, kind: str, step: str | None = None, channel: str | None = None,
        body: str | None = None, actor: str = "flow", **payload: Any,
    ) -> None:  # fmt: skip
        self.now += timedelta(seconds=self.chance.randrange(40_000))
        row = (
            self.contact, len(self.rows), self.now, None, actor, kind, step, channel, body,
            orjson.dumps(payload).decode(),
        )  # fmt: skip
        self.rows.append(dict(zip(COLUMNS, row, strict=True)))

    def visit(self, step: CompiledStep) -> CompiledStep | None:
        self.visits[step.id] += 1
        self.write("stepped", step.id, visit=self.visits[step.id])
        if step.type in SENDING:
            self.send(step)
        elif step.type == "goal":
            self.write("goal_reached", step.id, name=step.config.name, value=None)
        elif step.type == "handoff":
            self.write("handed_off", step.id, to="support", reason="")
        self.happen()
        if sum(self.visits.values()) >= MOST_VISITS:
            return self.end(step, "too_long")
        if not step.ways:
            return self.end(step, "handoff" if step.type == "handoff" else "end")
        way = self.chance.choice(step.ways)
        if way.name == "on_timeout":
            self.write("timed_out", step.id, after=3600)
        if way.to is None:
            return self.end(step, "no_next", way.name)
        self.write("branched", step.id, way=way.name, to=way.to)
        return self.flow.steps[way.to]

    def end(self, step: CompiledStep, reason: str, way: str | None = None) -> None:
        while self.pending:
            self.happen()
        hours = (self.now - START).total_seconds() / 3600
        more = {"way": way} if way else {}
        self.write("ended", step.id, reason=reason, at=self.now.isoformat(), hours=hours, **more)

    def send(self, step: CompiledStep) -> None:
        channel, visit = step.channel or "web", self.visits[step.id]
        if self.opted_out:
            self.write("failed", step.id, channel, "Hello", reason="opted_out")
        elif self.chance.random() < 0.05:
            self.write("failed", step.id, channel, "Hello", reason="no_address")
        else:
            twin = {"answers": self.chance.random() < 0.5} if step.type == "twin_reply" else {}
            mail = {"subject": "A seat"} if channel == "email" else {}
            hour = round(self.chance.uniform(0, 24), 2)
            self.write("sent", step.id, channel, "Hello?", local_hour=hour, **twin, **mail)
            self.pending += [(kind, step.id, channel, visit) for kind in self.reaction()]

    def reaction(self) -> list[str]:
        if self.chance.random() < 0.1:
            return [self.chance.choice(["engine_failed", "bounced"])]
        kinds = ["delivered"]
        read = self.chance.random() < 0.7
        if not read:
            return [*kinds, "unread"]
        clicked, replied = self.chance.random() < 0.3, self.chance.random() < 0.5
        kinds += ["read"] + ["clicked"] * clicked + ["replied"] * replied
        return kinds if clicked or replied else [*kinds, "ignored"]

    def happen(self) -> None:
        """Some of what is pending, in its order."""
        for _ in range(self.chance.randrange(len(self.pending) + 1)):
            kind, step, channel, visit = self.pending.pop(0)
            said = {"to": step, "visit": visit, "reasoning": f"because of {kind}"}
            if kind == "replied":
                self.reply(step, channel, said)
            elif kind == "bounced":
                self.write("failed", step, channel, actor="engine", reason="bounced", visit=visit)
            elif kind == "engine_failed":
                self.write(kind, step, channel, actor="engine", status="refused", **said)
            elif kind in ("ignored", "unread"):
                self.write("ignored", step, channel, read=kind == "ignored", **said)
            elif kind != "clicked" or not self.opted_out:
                self.write(kind, step, channel, actor="contact", **said)

    def reply(self, step: str, channel: str, said: dict[str, Any]) -> None:
        if self.opted_out:
            return
        intent = self.chance.choice(["interested", "price_question", "opt_out", "other"])
        mood = self.chance.choice(["positive", "neutral", "negative"])
        hours, late = round(self.chance.uniform(0, 50), 3), self.chance.random() < 0.2
        body = self.chance.choice(["Yes.", "=What does it cost? Really?", "No, thank you | <b>"])
        self.write(
            "replied", step, channel, body, actor="contact", intent=intent, sentiment=mood,
            hours=hours, late=late, status="answered", **said,
        )  # fmt: skip
        if intent == "opt_out":
            self.opted_out = True
            self.write("opted_out", step, channel, actor="contact", by="reply", **said)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the event log takes them."""
    columns = [
        pa.array([row[name] for row in rows], kind)
        for name, kind in zip(COLUMNS, TYPES, strict=True)
    ]
    return pa.table(columns, names=COLUMNS)


class Theatre:
    """A store with a population, flows and walked runs in it."""

    def __init__(self, folder: Path, copies: int = 4, personas: tuple[str, ...] = PERSONAS):
        self.store = Store(folder / "test.duckdb")
        self.flows: dict[tuple[str, int], CompiledFlow] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.population = self.cast(personas, copies)

    def cast(self, names: tuple[str, ...], copies: int) -> Population:
        personas = [Persona(id=name.lower().replace(" ", "-"), name=name) for name in names]
        people = [
            Person(f"{one.id}-{number:04d}", one.id, _attributes(one.name, number), {})
            for one in personas
            for number in range(1, copies + 1)
        ]
        population = Population(
            id=f"p-{len(self.store.populations.all())}", name="Everybody", seed=7,
            cast=[CastLine(persona=one.id, copies=copies) for one in personas],
            size=len(people), content_hash="", created_at=START,
        )  # fmt: skip
        self.store.populations.add(population, personas, people)
        return population

    def compiled(self, flow_id: str, version: int) -> CompiledFlow:
        return self.flows[flow_id, version]

    def write_flow(self, document: dict[str, Any], flow_id: str = "flow") -> int:
        version = self.store.flows.add(flow_id, document.get("name", "Flow"), document)
        self.flows[flow_id, version] = compile_flow(document)
        return version

    def play(
        self, version: int = 1, seed: int = 7, *, flow_id: str = "flow", only: int | None = None,
        population: Population | None = None, parent: str | None = None,
    ) -> Run:  # fmt: skip
        """A run of everybody, or of the first few (then it is interrupted)."""
        population = population or self.population
        people = self.store.populations.people(population.id)[:only]
        rows = [
            row
            for person in people
            for row in Walker(
                self.flows[flow_id, version], person.id, person.persona,
                random.Random(f"{seed}{person.id}"),
            ).walk()
        ]  # fmt: skip
        return self.keep(rows, len(people), population, flow_id, version, seed, parent)

    def keep(
        self, rows: list[dict[str, Any]], done: int, population: Population | None = None,
        flow_id: str = "flow", version: int = 1, seed: int = 7, parent: str | None = None,
    ) -> Run:  # fmt: skip
        """A run with these events."""
        population = population or self.population
        draft = RunDraft(
            flow_id=flow_id, flow_version=version, population_id=population.id, seed=seed,
            parent_id=parent,
        )  # fmt: skip
        run = self.store.runs.add(draft, population.size)
        self.store.runs.change(run.id, "running")
        if rows:
            self.store.events.append(run.id, table(rows), done)
        status = "finished" if done == population.size else "interrupted"
        self.store.runs.change(run.id, status)
        self.rows[run.id] = [{**row, "payload": orjson.loads(row["payload"])} for row in rows]
        found = self.store.runs.one(run.id)
        assert found is not None
        return found

    def close(self) -> None:
        self.store.close()


def _attributes(persona: str, number: int) -> dict[str, Any]:
    first = persona.split()[-1]
    return {
        "name": f"{first} Number {number}", "first_name": first, "age": 30 + number,
        "timezone": ["UTC", "America/New_York", "Asia/Kolkata"][number % 3],
    }  # fmt: skip
