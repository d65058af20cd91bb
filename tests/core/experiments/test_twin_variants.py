"""Twins as variants: versions that are not in use, until the winner is."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.errors import Conflict
from core.domain.experiments import Design, MessageChange, Metric, Variant
from core.domain.populations import Population
from core.domain.twins import Tuning
from core.experiments import Experiments
from core.workbench import Workspace
from tests.core.experiments.conftest import streamed
from tests.core.twins.conftest import MORNINGS, given

FLOW: dict[str, Any] = {
    "name": "Ask Ada",
    "steps": [
        {
            "id": "hello",
            "type": "send_email",
            "config": {"subject": "Hello", "body": "What would you like to know?"},
            "next": "wait",
        },
        {
            "id": "wait",
            "type": "wait_for_reply",
            "config": {"timeout": "2d"},
            "on_reply": "answer",
            "on_timeout": "done",
        },
        {
            "id": "answer",
            "type": "twin_reply",
            "config": {"twin": "ada-brennan", "instructions": "Be kind."},
            "next": "done",
        },
        {"id": "done", "type": "end"},
    ],
}


@pytest.fixture
def ada(workspace: Workspace) -> str:
    """A trained twin that the flow names."""
    ref = workspace.twins.create("Ada Brennan").slug
    workspace.twins.train(ref, given(workspace.twins, ref, mornings_md=MORNINGS), wait=True)
    workspace.flows.create(FLOW, id="ask-ada")
    return ref


def asking(people: Population, *variants: Variant) -> Design:
    return Design(
        name="How Ada answers",
        variants=variants,
        metrics=(Metric(id="replied", role="primary", value="replied"),),
        population=people.id,
        flow="ask-ada",
    )


def test_sliders_make_a_version_that_waits_until_it_wins(
    workspace: Workspace, experiments: Experiments, people: Population, ada: str
) -> None:
    warm = Variant(id="warm", personality_config={"warmth": 1, "instructions": "Be brief."})
    design = asking(people, Variant(id="now"), warm)
    made = experiments.create(design, "rehearsal")
    assert experiments.problems(design, "rehearsal")[0].severity == "warning"
    assert len(workspace.twins.versions(ada)) == 1
    started = experiments.start(made.id, wait=True)
    runs = {one: workspace.rehearsals.get(run).twins for one, run in started.runs.items()}
    assert runs == {"now": {ada: 1}, "warm": {ada: 2}}
    assert workspace.twins.get(ada).version == 1
    assert workspace.twins.version(ada, 2).tuning == Tuning(warmth=1, instructions="Be brief.")
    experiments.decide(made.id, outcome="winner", variant="warm", by="person", note="Warmer.")
    applied = experiments.apply(made.id).applied
    assert applied is not None
    assert "version 2" in applied.what
    assert workspace.twins.get(ada).version == 2
    assert workspace.flows.get("ask-ada").version == 1


def test_a_twin_that_learned_since_is_not_set_back(
    workspace: Workspace, experiments: Experiments, people: Population, ada: str
) -> None:
    design = asking(people, Variant(id="now"), Variant(id="w", personality_config={"warmth": 1}))
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    workspace.twins.tune(ada, Tuning(humour=1))
    experiments.decide(made.id, outcome="winner", variant="w", by="person", note="Warmer.")
    with pytest.raises(Conflict, match="took no part"):
        experiments.apply(made.id)
    assert workspace.twins.get(ada).version == 3


def test_versions_and_instructions_are_variants(
    workspace: Workspace, experiments: Experiments, people: Population, ada: str
) -> None:
    workspace.twins.tune(ada, Tuning(humour=1))
    told = {"answer": MessageChange(instructions="Answer with a question.")}
    design = asking(
        people, Variant(id="now"), Variant(id="old", twins={ada: 1}), Variant(id="t", messages=told)
    )
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    runs = {one: workspace.rehearsals.get(run) for one, run in made.runs.items()}
    assert [one.twins[ada] for one in runs.values()] == [2, 1, 2]
    played = workspace.flows.compiled(runs["t"].flow_id, runs["t"].flow_version)
    assert played.steps["answer"].config.model_dump()["instructions"] == "Answer with a question."


def test_sliders_that_cannot_be_are_refused(
    experiments: Experiments, people: Population, ada: str
) -> None:
    for config in ({"sparkle": 1}, {"warmth": 3}, {"warmth": "very"}):
        design = asking(people, Variant(id="now"), Variant(id="w", personality_config=config))
        found = [one for one in experiments.problems(design, "rehearsal") if one.severity == "stop"]
        assert [one.place for one in found] == ["variants.w"], config


def test_a_live_winner_tunes_the_twin(
    workspace: Workspace, experiments: Experiments, ada: str
) -> None:
    variants = (Variant(id="now"), Variant(id="w", personality_config={"warmth": 0.5}))
    design = streamed(creator_id=ada, variants=variants)
    made = experiments.start(experiments.create(design, "live").id)
    experiments.assign_all(made.id, [(f"u{number}", {}) for number in range(20)])
    experiments.decide(made.id, outcome="winner", variant="w", by="person", note="Warmer.")
    assert experiments.apply(made.id).applied is not None
    assert workspace.twins.version(ada).tuning.warmth == 0.5


def test_what_stands_elsewhere_is_to_be_changed_there(experiments: Experiments) -> None:
    made = experiments.start(experiments.create(streamed(), "live").id)
    experiments.assign_all(made.id, [(f"u{number}", {}) for number in range(20)])
    experiments.decide(made.id, outcome="winner", variant="b", by="person", note="It did.")
    with pytest.raises(Conflict, match="where the data came from"):
        experiments.apply(made.id)
