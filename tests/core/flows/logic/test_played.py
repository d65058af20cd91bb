"""What the checks say of a flow, held against people who play it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.personas import Persona
from core.domain.populations import Person
from core.domain.reactions import Reaction, Reply, Situation, TwinAnswer, TwinRequest
from core.domain.words import INTENTS, SENTIMENTS
from core.flows import CompiledFlow, Player, compile_flow
from core.flows.checks import FlowView
from core.flows.compiling import read_document
from core.flows.logic.deciding import verdicts
from core.flows.logic.gaps import gaps
from core.minds import ScriptedMind
from tests.support.flow_documents import flow_documents

DAY = 24 * 3600.0
PEOPLE = 8
CONDITIONS = (
    'reply.intent == "interested"',
    'reply.intent != "interested"',
    'reply.intent in ["thanks", "other", "question"]',
    'reply.sentiment == "negative" && reply.hours < 5',
    "has(reply.intent)",
    "contact.visits > 3",
    "contact.visits <= 3",
    "contact.visits > score",
    "answers.energy >= 5",
    "answers.energy > 2 && answers.energy < 4",
    "answers.energy == null",
    "has(answers.energy)",
    "has(answers.energy) && answers.energy < 3",
    "score > 2",
    "score == 3",
    "score < 0 || score > 100",
    "score >= contact.visits",
    "total > 4 && score == 1",
    "total == score",
    '"warm" in contact.tags',
    '!("warm" in contact.tags)',
    "contact.opted_out",
    "!contact.opted_out",
    "contact.age > 30 && contact.purchases == 0",
    "contact.age * 2 < contact.visits",
    "size(contact.tags) > 0",
)
VALUES = (
    "contact.visits * 2",
    "score + 1",
    "1",
    "answers.energy",
    "total",
    "reply.hours",
    "contact.visits > 3 ? 1 : 2",
    "size(contact.tags)",
)


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    """A flow with telling conditions and values."""
    document: dict[str, Any] = draw(flow_documents(max_steps=8))
    for step in document["steps"]:
        for branch in step["config"].get("branches", ()):
            branch["when"] = draw(st.sampled_from(CONDITIONS))
        if step["type"] == "set":
            names = draw(st.lists(st.sampled_from(("score", "total")), min_size=1, unique=True))
            step["config"]["values"] = {name: draw(st.sampled_from(VALUES)) for name in names}
        if step["type"] == "tag":
            key = draw(st.sampled_from(("add", "remove")))
            step["config"] = {key: ["warm"]}
    if draw(st.booleans()):
        document["variables"] = {"score": draw(st.integers(0, 4))}
    return document


class Silent:
    """A twin that has nothing to say."""

    async def answer(self, request: TwinRequest) -> TwinAnswer:
        return TwinAnswer("Hm.", False)


def reacting(random: Random) -> Any:
    def react(situation: Situation) -> Reaction:
        asked = situation.message.questions
        answers = {one.id: random.choice([None, *range(1, 11)]) for one in asked} or None
        after = random.choice((60.0, 3600.0, DAY, 2.5 * DAY, 9 * DAY))
        intent, tone = random.choice(INTENTS), random.choice(SENTIMENTS)
        reply = None
        if random.random() < 0.7:
            reply = Reply(after, random.choice(("yes", "")), intent, tone, answers)
        status: Any = "answered" if reply else "ignored"
        return Reaction(status, "so", delivered_after=1.0, read_after=2.0, reply=reply)

    return react


def played(flow: CompiledFlow, seed: int) -> Iterator[tuple[str, str, str]]:
    """Every way that one person took: the step, the way, and what could not be computed there."""
    random = Random(seed)
    attributes = {
        **{"name": "A B", "first_name": "A", "email": "a@example.com", "phone": "+447700900123"},
        "timezone": "UTC",
        **{name: random.choice((0, 1, 3, 4, 20)) for name in ("visits", "purchases")},
        "age": random.randint(18, 75),
        "tags": random.choice(([], ["warm"], ["cold"])),
    }
    person = Person(f"p-{seed}", "p", attributes, {})
    player = Player(
        flow,
        person,
        Persona(id="p", name="P"),
        mind=ScriptedMind(reacting(random)),
        twin=Silent(),
        seed=seed,
    )
    for _, _, _, kind, step_id, _, _, payload in asyncio.run(player.play()):
        about = json.loads(payload) if kind in ("branched", "ended") else {}
        if "way" in about:
            yield step_id, about["way"], about.get("error", "")


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_what_is_said_of_a_branch_is_true_for_everybody(document: dict[str, Any]) -> None:
    view = FlowView.of(read_document(document))
    said = {(one.step_id, one.branch): one.kind for one in verdicts(view)}
    unset = {(gap.step_id, gap.names[-1]) for gap in view.shared(gaps) if not gap.in_message}
    flow = compile_flow(document)
    for seed in range(PEOPLE):
        for step_id, way, error in played(flow, seed):
            number = int(way[7:]) if way.startswith("branch:") else 1_000
            assert said.get((step_id, number)) not in ("never", "shadowed"), (step_id, way)
            passed = [one for one in range(min(number, 10)) if said.get((step_id, one)) == "always"]
            assert not passed, (step_id, way)
            for name in ("score", "total", "energy"):
                missing = f"“{name}” has no value" in error or f"there is no “{name}”" in error
                assert not missing or (step_id, name) in unset, (step_id, error)
