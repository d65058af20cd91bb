"""Rehearsed experiments: everyone meets every variant, and nothing that is in use changes."""

from __future__ import annotations

import pytest

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.experiments import Assignment, MessageChange, Metric, Variant
from core.domain.flows import StoredFlow
from core.domain.populations import Population
from core.experiments import Experiments
from core.workbench import Workspace
from tests.core.experiments.conftest import LOUD, wordings

UNPLAYED = ["run_id", "occurred_at"]


@pytest.fixture
def played(experiments: Experiments, flow: StoredFlow, people: Population) -> str:
    """A rehearsed experiment that has finished."""
    made = experiments.create(wordings(flow, people), "rehearsal")
    return experiments.start(made.id, wait=True).id


def test_other_words_are_played_and_nothing_in_use_changes(
    workspace: Workspace, experiments: Experiments, played: str, flow: StoredFlow
) -> None:
    assert [one.id for one in workspace.flows.list()] == [flow.id]
    assert workspace.flows.get(flow.id).version == flow.version
    runs = {
        variant: workspace.rehearsals.get(run)
        for variant, run in experiments.get(played).runs.items()
    }
    assert runs["calm"].flow_id == flow.id
    assert runs["loud"].flow_id != flow.id
    first, second = (workspace.events.page(runs[one].id, kind="sent") for one in ("calm", "loud"))
    assert [one.contact_id for one in first] == [one.contact_id for one in second]
    assert all("Shall I keep a seat" in (one.body or "") for one in first)
    assert all((one.body or "").startswith("LAST CHANCE") for one in second)
    assert "Two steps · loud" in workspace.reports.report(runs["loud"].id).facts.flow_name


def test_a_run_leads_to_its_experiment(
    workspace: Workspace, experiments: Experiments, played: str, flow: StoredFlow
) -> None:
    runs = experiments.get(played).runs
    assert [experiments.of_run(run) for run in runs.values()] == [experiments.get(played)] * 2
    loud = workspace.rehearsals.get(runs["loud"])
    assert workspace.flows.get(loud.flow_id, loud.flow_version).name == f"{flow.name} · loud"
    assert experiments.of_run("r-other") is None


def test_the_same_words_again_are_the_same_runs(experiments: Experiments, played: str) -> None:
    again = experiments.start(experiments.copy(played).id, wait=True)
    assert again.runs == experiments.get(played).runs


def test_a_test_of_the_test_has_two_runs_that_agree(
    workspace: Workspace, experiments: Experiments, flow: StoredFlow, people: Population
) -> None:
    design = wordings(flow, people, variants=(Variant(id="a"), Variant(id="b")))
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    assert made.runs["a"] != made.runs["b"]
    tables = [workspace.events.table(run).drop_columns(UNPLAYED) for run in made.runs.values()]
    assert tables[0].equals(tables[1])
    found = experiments.beside(made.id, "a", "b")
    assert (found.only_a, found.only_b, found.same) == (0, 0, people.size)
    assert experiments.look(made.id).advice.outcome != "winner"


def test_versions_of_a_flow_are_variants(
    workspace: Workspace, experiments: Experiments, flow: StoredFlow, people: Population
) -> None:
    document = {**flow.document, "description": "Another one"}
    workspace.flows.replace(flow.id, document)
    variants = (Variant(id="old", flow_version=1), Variant(id="new"))
    made = experiments.create(wordings(flow, people, variants=variants), "rehearsal")
    started = experiments.start(made.id, wait=True)
    versions = [workspace.rehearsals.get(run).flow_version for run in started.runs.values()]
    assert versions == [1, 2]
    assert started.design.flow_version == 2


def test_a_look_is_paired_and_repeatable(experiments: Experiments, played: str) -> None:
    analysis = experiments.look(played)
    assert analysis.paired
    assert analysis.engine == "the behaviour model"
    assert analysis.participants == {"calm": 60, "loud": 60}
    assert experiments.look(played).number == 1
    assert experiments.get(played).finished_at is not None


def test_stop_and_resume_give_what_was_never_stopped(
    workspace: Workspace,
    experiments: Experiments,
    played: str,
    flow: StoredFlow,
    people: Population,
) -> None:
    whole = experiments.get(played).runs["loud"]
    told = workspace.events.table(whole).drop_columns(UNPLAYED)
    variants = (
        Variant(id="calm"),
        Variant(id="shout", messages={"hello": MessageChange(body=LOUD)}),
    )
    made = experiments.create(wordings(flow, people, variants=variants), "rehearsal")
    started = experiments.start(made.id)
    stopped = experiments.stop(made.id)
    assert stopped.status == "stopped"
    assert stopped.finished_at is not None
    resumed = experiments.resume(made.id, wait=True)
    experiments.wait(made.id)
    assert resumed.status == "running"
    assert resumed.finished_at is None
    assert all(one.status == "finished" for one in experiments.progress(made.id).values())
    table = workspace.events.table(started.runs["shout"]).drop_columns(UNPLAYED)
    assert table.equals(told)


def test_interrupted_runs_are_resumed(
    workspace: Workspace, experiments: Experiments, played: str
) -> None:
    run = experiments.get(played).runs["loud"]
    workspace.store.runs.change(run, "running")
    workspace.rehearsals.recover()
    assert experiments.progress(played)["loud"].status == "interrupted"
    with pytest.raises(Conflict, match="not finished"):
        experiments.look(played)
    experiments.resume(played, wait=True)
    assert experiments.look(played).number == 1


def test_a_deleted_run_is_told(workspace: Workspace, experiments: Experiments, played: str) -> None:
    kept = experiments.look(played)
    workspace.rehearsals.delete(experiments.get(played).runs["loud"])
    with pytest.raises(NotFound, match="deleted"):
        experiments.look(played)
    assert not experiments.ready(played)
    assert experiments.newest(played) == kept


def test_deleting_leaves_the_rehearsals(
    workspace: Workspace, experiments: Experiments, played: str
) -> None:
    runs = experiments.get(played).runs
    experiments.delete(played)
    assert experiments.count() == 0
    assert all(workspace.rehearsals.get(run).status == "finished" for run in runs.values())


def test_the_rule_is_not_overruled_but_by_a_person_with_a_reason(
    experiments: Experiments, played: str
) -> None:
    advice = experiments.look(played).advice
    assert advice.outcome == "keep_going"
    with pytest.raises(Conflict, match="does not say so"):
        experiments.decide(played, outcome="winner", variant="loud")
    with pytest.raises(Conflict):
        experiments.decide(played)
    for wrong in (
        {"outcome": "winner", "variant": "loud"},
        {"outcome": "winner", "note": "x"},
        {"outcome": "winner", "variant": "nobody", "note": "x"},
        {"outcome": "keep_going", "note": "x"},
        {"note": "x"},
    ):
        with pytest.raises(BadInput):
            experiments.decide(played, by="person", **wrong)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="decided yet"):
        experiments.apply(played)
    decided = experiments.decide(
        played, outcome="winner", variant="loud", by="person", note="We like it loud."
    ).decided
    assert decided is not None
    assert (decided.by, decided.look, decided.variant) == ("person", 1, "loud")
    assert "We like it loud." in decided.reasons[0]
    assert "keep going" in decided.reasons[1]
    with pytest.raises(Conflict, match="already"):
        experiments.decide(played, outcome="no_difference", by="person", note="x")


def test_the_rule_decides_where_it_does(
    experiments: Experiments, flow: StoredFlow, workspace: Workspace
) -> None:
    many = workspace.populations.from_words("Eager Eddie", 150, 7)
    clicks = Metric(id="clicked", role="primary", value="clicked")
    design = wordings(flow, many, metrics=(clicks,))
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    decided = experiments.decide(made.id)
    assert decided.status == "decided"
    assert decided.decided is not None
    assert (decided.decided.outcome, decided.decided.by) == ("winner", "rule")
    assert decided.decided.variant == "loud"
    applied = experiments.apply(made.id).applied
    assert applied is not None
    newest = workspace.flows.get(flow.id)
    assert newest.version == 2
    assert newest.document["steps"][0]["config"]["body"] == LOUD
    assert newest.document["name"] == flow.document["name"]
    assert "version 2" in applied.what
    with pytest.raises(Conflict, match="already"):
        experiments.apply(made.id)


def won(experiments: Experiments, id: str, variant: str) -> None:
    experiments.decide(id, outcome="winner", variant=variant, by="person", note="So be it.")


def test_a_flow_that_moved_on_is_not_overwritten(
    workspace: Workspace, experiments: Experiments, played: str, flow: StoredFlow
) -> None:
    won(experiments, played, "loud")
    workspace.flows.replace(flow.id, {**flow.document, "description": "Meanwhile"})
    with pytest.raises(Conflict, match="meantime"):
        experiments.apply(played)
    assert experiments.get(played).applied is None
    assert workspace.flows.get(flow.id).document["description"] == "Meanwhile"


def test_a_control_that_wins_stays(
    workspace: Workspace, experiments: Experiments, played: str, flow: StoredFlow
) -> None:
    won(experiments, played, "calm")
    applied = experiments.apply(played).applied
    assert applied is not None
    assert "stays in use" in applied.what
    assert workspace.flows.get(flow.id).version == flow.version


def test_no_winner_is_nothing_to_apply(experiments: Experiments, played: str) -> None:
    experiments.decide(played, outcome="no_difference", by="person", note="All the same.")
    with pytest.raises(Conflict, match="nothing to apply"):
        experiments.apply(played)


def test_side_by_side_counts_are_those_of_the_pairs(
    workspace: Workspace, experiments: Experiments, played: str
) -> None:
    found = experiments.beside(played, "calm", "loud", metric="clicked", limit=100)
    runs = experiments.get(played).runs
    did = [
        {one.contact_id for one in workspace.events.page(runs[variant], kind="clicked")}
        for variant in ("calm", "loud")
    ]
    assert found.only_a == len(did[0] - did[1])
    assert found.only_b == len(did[1] - did[0]) > 0
    assert found.same == 60 - found.only_a - found.only_b
    assert found.total == found.only_a + found.only_b == len(found.contacts)
    assert all(one.value_a != one.value_b for one in found.contacts)
    arms = {one.variant: one.count for one in experiments.look(played).metrics[1].arms}
    assert found.only_b - found.only_a == (arms["loud"] or 0) - (arms["calm"] or 0)


def test_side_by_side_follows_the_good_direction_and_pages(
    experiments: Experiments, played: str
) -> None:
    ahead = experiments.beside(played, "calm", "loud", metric="clicked")
    back = experiments.beside(played, "loud", "calm", metric="clicked")
    assert (ahead.only_a, ahead.only_b) == (back.only_b, back.only_a)
    everyone = experiments.beside(played, "calm", "loud", only_different=False, limit=500)
    assert everyone.total == len(everyone.contacts) == 60
    page = experiments.beside(played, "calm", "loud", only_different=False, limit=7, offset=50)
    assert page.contacts == everyone.contacts[50:57]
    for a, b, metric in (("calm", "x", None), ("calm", "loud", "x")):
        with pytest.raises(NotFound):
            experiments.beside(played, a, b, metric=metric)
    with pytest.raises(BadInput):
        experiments.beside(played, "calm", "calm")


def test_two_conversations_are_marked_where_they_differ(
    experiments: Experiments, played: str
) -> None:
    contact = experiments.beside(played, "calm", "loud", metric="clicked").contacts[0]
    both = experiments.transcripts(played, contact.contact_id, "calm", "loud")
    assert both.parts_at == contact.parts_at
    sent = next(one for one in both.turns if one.body_a and one.body_b)
    assert not sent.same
    assert sent.seq_a in both.differs_a
    assert "".join(one.text for one in sent.body_b) == LOUD.replace(
        "{{ links.booking }}", next(w.text for w in sent.body_b if "http" in w.text)
    ) or "LAST" in "".join(one.text for one in sent.body_b if one.changed)
    turns = {turn.seq: turn for turn in both.a.turns}
    assert "".join(one.text for one in sent.body_a) == turns[sent.seq_a or 0].body
    with pytest.raises(NotFound):
        experiments.transcripts(played, "nobody-0001", "calm", "loud")


def test_a_bandit_is_replayed_with_its_regret(
    experiments: Experiments, flow: StoredFlow, workspace: Workspace
) -> None:
    many = workspace.populations.from_words("Eager Eddie", 200, 7)
    design = wordings(
        flow,
        many,
        assignment=Assignment(how="bandit"),
        metrics=(Metric(id="clicked", role="primary", value="clicked"),),
    )
    made = experiments.start(experiments.create(design, "rehearsal").id, wait=True)
    found = experiments.bandit(made.id)
    assert found is not None
    assert found.known
    assert sum(sum(one.people.values()) for one in found.rounds) == 200
    assert found.rounds[0].shares == pytest.approx({"calm": 0.5, "loud": 0.5})
    assert found.rounds[-1].shares["loud"] > 0.9
    regrets = [one.regret for one in found.rounds]
    assert regrets == sorted(regrets)
    assert found.regret == regrets[-1] < found.even_regret
    arms = experiments.look(made.id).metrics[0].arms
    best, worst = (arms[at].value or 0.0 for at in (1, 0))
    calm = sum(one.people["calm"] for one in found.rounds)
    assert found.regret == pytest.approx(calm * (best - worst))
    assert found.even_regret == pytest.approx(100 * (best - worst))
    look = experiments.look(made.id)
    assert look.bandit == found
    assert "design_changed" not in {one.kind for one in look.warnings}
    assert look.fingerprint == experiments.get(made.id).design.fingerprint
    assert experiments.bandit(made.id) == found
    assert look.paired
    assert "design_changed" not in {one.kind for one in look.warnings}
    assert made.registered is not None
    assert look.fingerprint == made.registered.fingerprint
    assert look.people() == 200
    assert workspace.store.experiments.people(made.id) == [200]


def test_a_segment_of_personas_is_called_by_their_names(
    experiments: Experiments, flow: StoredFlow, people: Population
) -> None:
    made = experiments.create(wordings(flow, people, segments=("persona",)), "rehearsal")
    look = experiments.look(experiments.start(made.id, wait=True).id)
    assert {one.value: one.label for one in look.segments} == {
        "eager-eddie": "Eager Eddie",
        "cold-carl": "Cold Carl",
        "busy-bob": "Busy Bob",
    }


def test_a_rehearsal_feeds_the_plan_of_the_real_test(experiments: Experiments, played: str) -> None:
    plan = experiments.predicted(played)
    calm = experiments.look(played).metrics[0].arms[0]
    assert plan.baseline == calm.value
    assert "uncalibrated simulation" in plan.source
    assert any("uncalibrated simulation" in note for note in plan.notes)
    assert plan.predicted is not None
    design = experiments.plan_real(played)
    assert (design.population, design.assignment.how) == (None, "hash")
    assert design.planned.baseline == calm.value
    assert design.planned.people is None
    run = experiments.get(played).runs["calm"]
    assert (
        experiments.plan(design, run=run).people == plan.people == experiments.plan(design).people
    )
    with pytest.raises(NotFound):
        experiments.plan(design, run="r-nothing")
    live = experiments.create(design, "live")
    assert experiments.start(live.id).registered.people == plan.people  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="rehearsal"):
        experiments.predicted(live.id)
