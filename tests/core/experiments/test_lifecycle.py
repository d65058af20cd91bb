"""From a draft to what is frozen: designs are checked, started, copied, taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.domain.errors import BadInput, Conflict, NotFound
from core.domain.experiments import Assignment, Data, Design, Metric, Rule, Variant
from core.domain.flows import StoredFlow
from core.domain.populations import Population
from core.experiments import Experiments
from core.workbench import Workspace
from tests.core.experiments.conftest import streamed, wordings

ROWS = "unit,variant,day,bought,revenue,pre_revenue,country\n" + "".join(
    f"u{n},{'control' if n % 2 else 'treatment'},2026-01-0{1 + n % 7},{int(n % 5 == 0)},"
    f"{n % 7}.5,{n % 3},{'de' if n % 3 else 'fr'}\n"
    for n in range(200)
)


def imported(workspace: Workspace, tmp_path: Path, text: str = ROWS) -> str:
    path = tmp_path / "results.csv"
    path.write_text(text, "utf-8")
    return workspace.datasets.add_file(path, "results.csv").id


def table_design(**more: object) -> Design:
    told: dict[str, object] = {
        "name": "Imported",
        "variants": (Variant(id="control"), Variant(id="treatment")),
        "metrics": (Metric(id="bought", role="primary", value="bought"),),
    }
    return Design.model_validate({**told, **more})


def test_a_draft_may_be_incomplete_and_is_kept(experiments: Experiments) -> None:
    made = experiments.create(Design(name="Just a name"))
    assert experiments.get(made.id).design.name == "Just a name"
    assert made.status == "draft"
    assert [one.id for one in experiments.list()] == [made.id]
    with pytest.raises(NotFound):
        experiments.get("x-nobody")


@pytest.mark.parametrize(
    ("source", "how"), [("rehearsal", "paired"), ("live", "hash"), ("table", "given")]
)
def test_an_assignment_that_nobody_chose_is_the_usual_one(
    experiments: Experiments, source: str, how: str
) -> None:
    assert experiments.create(Design(name="x"), source).design.assignment.how == how  # type: ignore[arg-type]
    chosen = Design(name="x", assignment=Assignment(how="bandit"))
    assert experiments.create(chosen, source).design.assignment.how == "bandit"  # type: ignore[arg-type]


def test_starting_freezes_the_design(experiments: Experiments) -> None:
    made = experiments.create(streamed(), "live")
    started = experiments.start(made.id)
    assert started.status == "running"
    assert started.registered is not None
    assert started.registered.fingerprint == started.design.fingerprint
    assert started.design.assignment.salt == made.id
    for design in (streamed(name="Another name"), streamed(rule=Rule(alpha=0.2))):
        with pytest.raises(Conflict) as refused:
            experiments.change(made.id, design)
        assert "Copy it" in str(refused.value)
    assert experiments.change(made.id, started.design) == experiments.get(made.id)
    with pytest.raises(Conflict):
        experiments.start(made.id)
    with pytest.raises(Conflict):
        experiments.add_variant(made.id, Variant(id="c"))


def test_a_fingerprint_can_be_worked_out_again_after_it_was_stored(
    experiments: Experiments,
) -> None:
    made = experiments.start(experiments.create(streamed(), "live").id)
    again = Design.model_validate_json(made.design.model_dump_json())
    assert made.registered is not None
    assert again.fingerprint == made.registered.fingerprint


def test_a_copy_is_a_draft_with_a_salt_of_its_own(experiments: Experiments) -> None:
    made = experiments.start(experiments.create(streamed(), "live").id)
    copied = experiments.copy(made.id)
    assert (copied.status, copied.source) == ("draft", "live")
    assert copied.design.assignment.salt == ""
    assert experiments.start(copied.id).design.assignment.salt == copied.id


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"variants": (Variant(id="a"),)}, "variants"),
        ({"variants": (Variant(id="a"), Variant(id="b", weight=0))}, "variants"),
        ({"metrics": ()}, "metrics"),
        ({"metrics": (Metric(id="m", value="goal:x"),)}, "metrics"),
        ({"metrics": (Metric(id="m", role="primary", value="happiness"),)}, "metrics.m"),
        ({"assignment": Assignment(how="paired")}, "assignment"),
        ({"assignment": Assignment(how="stratified")}, "assignment"),
        ({"rule": Rule(kind="fixed")}, "rule"),
        (
            {
                "assignment": Assignment(how="bandit"),
                "metrics": (
                    Metric(id="m", role="primary", kind="ratio", value="replies", per="messages"),
                ),
            },
            "assignment",
        ),
    ],
)
def test_what_cannot_work_does_not_start(
    experiments: Experiments, changes: dict[str, object], place: str
) -> None:
    design = streamed(**changes)
    made = experiments.create(design, "live")
    found = [one.place for one in experiments.problems(design, "live") if one.severity == "stop"]
    assert place in found
    with pytest.raises(BadInput) as refused:
        experiments.start(made.id)
    assert refused.value.place in found
    assert experiments.get(made.id).status == "draft"


def test_two_variants_of_one_name_do_not_start(experiments: Experiments) -> None:
    variants = (Variant(id="a", name="Warm"), Variant(id="b", name="warm"))
    found = experiments.problems(streamed(variants=variants), "live")
    assert {one.place for one in found if one.severity == "stop"} == {"variants.a", "variants.b"}


def test_days_that_no_column_tells_do_not_start(experiments: Experiments) -> None:
    def places(**data: str) -> set[str]:
        design = table_design(rule=Rule(least_days=3), data=Data(**data))
        return {one.place for one in experiments.problems(design) if one.severity == "stop"}

    assert places() == {"data"}
    assert places(time="day") == set()


def test_a_variant_is_added_once(experiments: Experiments) -> None:
    made = experiments.create(Design(name="x"))
    experiments.add_variant(made.id, Variant(id="a"))
    assert [one.id for one in experiments.add_variant(made.id, Variant(id="b")).design.variants]
    with pytest.raises(BadInput):
        experiments.add_variant(made.id, Variant(id="a"))
    assert len(experiments.get(made.id).design.variants) == 2


def test_a_table_lacks_columns(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    dataset = imported(workspace, tmp_path)
    design = table_design(data=Data(unit="who"), segments=("planet",))
    made = experiments.create(design)
    experiments.attach(made.id, dataset)
    places = {one.place for one in experiments.problems(design, "table", dataset)}
    assert {"data", "segments"} <= places
    with pytest.raises(BadInput, match="who"):
        experiments.start(made.id)


def test_data_may_come_after_the_start(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    made = experiments.start(experiments.create(table_design()).id)
    assert not experiments.ready(made.id)
    with pytest.raises(Conflict, match="no data"):
        experiments.look(made.id)
    other = imported(workspace, tmp_path, "id,arm\n1,a\n")
    with pytest.raises(BadInput):
        experiments.attach(made.id, other)
    experiments.attach(made.id, imported(workspace, tmp_path))
    analysis = experiments.look(made.id)
    assert analysis.participants == {"control": 100, "treatment": 100}


def test_unchanged_data_are_one_look(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    made = experiments.create(table_design())
    experiments.attach(made.id, imported(workspace, tmp_path))
    with pytest.raises(Conflict, match="draft"):
        experiments.look(made.id)
    experiments.start(made.id)
    first = experiments.look(made.id)
    assert experiments.look(made.id) == first
    assert experiments.get(made.id).looks == 1
    more = ROWS + "u900,control,2026-01-09,1,1,1,de\n"
    experiments.attach(made.id, imported(workspace, tmp_path, more))
    assert experiments.look(made.id).number == 2
    assert [number for number, _ in experiments.looks(made.id)] == [1, 2]
    assert experiments.seen(made.id, 1) == first
    with pytest.raises(NotFound):
        experiments.seen(made.id, 3)


def test_another_table_than_before_is_told(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    made = experiments.create(table_design())
    experiments.attach(made.id, imported(workspace, tmp_path))
    experiments.start(made.id)
    first = experiments.look(made.id)
    assert "Another table" not in " ".join(one.title for one in first.warnings)
    longer = ROWS + "u900,control,2026-01-09,1,1.5,0,de\n"
    experiments.attach(made.id, imported(workspace, tmp_path, longer))
    second = experiments.look(made.id)
    told = next(one for one in second.warnings if one.title.startswith("Another table"))
    assert "Look 1 read another table" in told.text
    assert second.number == 2


def test_a_table_in_use_stays_until_its_experiment_goes(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    dataset = imported(workspace, tmp_path)
    made = experiments.create(table_design())
    experiments.attach(made.id, dataset)
    with pytest.raises(Conflict, match="Imported"):
        workspace.datasets.delete(dataset)
    experiments.start(made.id)
    experiments.look(made.id)
    experiments.delete(made.id)
    assert workspace.store.experiments.looks(made.id) == []
    workspace.datasets.delete(dataset)
    with pytest.raises(NotFound):
        workspace.datasets.preview(dataset)


def test_an_export_is_the_newest_look_or_the_design(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    import yaml

    made = experiments.create(table_design())
    experiments.attach(made.id, imported(workspace, tmp_path))
    experiments.start(made.id)
    assert b"<html" in experiments.export(made.id, "html").lower()
    design = Design.model_validate(yaml.safe_load(experiments.export(made.id, "yaml")))
    frozen = experiments.get(made.id).design
    assert design == frozen.model_copy(update={"control": frozen.control_id})
    with pytest.raises(BadInput):
        experiments.export(made.id, "docx")


def test_a_suggestion_fits_the_table(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    dataset = imported(workspace, tmp_path)
    design = experiments.suggest(dataset)
    assert (design.data.unit, design.data.variant, design.data.time) == ("unit", "variant", "day")
    assert [one.id for one in design.variants] == ["control", "treatment"]
    metrics = {one.id: (one.kind, one.before, one.role) for one in design.metrics}
    assert metrics["bought"] == ("proportion", None, "primary")
    assert metrics["revenue"] == ("revenue", "pre_revenue", "secondary")
    assert design.segments == ("country",)
    made = experiments.create(design)
    experiments.attach(made.id, dataset)
    assert experiments.start(made.id).status == "running"
    with pytest.raises(BadInput):
        experiments.suggest(dataset, Data(unit="who"))


@pytest.mark.parametrize(
    ("names", "control"),
    [
        (("new", "old"), "old"),
        (("blue", "current"), "current"),
        (("b", "a"), "a"),
        (("No e-mail", "Men"), "No e-mail"),
        (("status quo", "other"), "status quo"),
    ],
)
def test_the_usual_words_name_the_control(
    workspace: Workspace,
    experiments: Experiments,
    tmp_path: Path,
    names: tuple[str, str],
    control: str,
) -> None:
    path = tmp_path / "table.csv"
    rows = [f"{at},{names[at % 2]},{at % 3 == 0:d}" for at in range(30)]
    path.write_text("\n".join(["unit,variant,bought", *rows]))
    design = experiments.suggest(workspace.datasets.add_file(path, "table.csv").id)
    assert design.control_id == control


def test_a_nested_column_is_left_aside(
    workspace: Workspace, experiments: Experiments, tmp_path: Path
) -> None:
    path = tmp_path / "nested.jsonl"
    rows = [{"unit": n, "variant": "ab"[n % 2], "s": {"a": n}, "did": n % 2} for n in range(40)]
    path.write_text("\n".join(map(json.dumps, rows)))
    design = experiments.suggest(workspace.datasets.add_file(path, "nested.jsonl").id)
    assert [one.id for one in design.metrics] == ["did"]
    assert [one.id for one in design.variants] == ["a", "b"]


def test_a_rehearsal_says_what_is_missing(
    experiments: Experiments, flow: StoredFlow, people: Population
) -> None:
    def places(**changes: object) -> set[str]:
        found = experiments.problems(wordings(flow, people, **changes), "rehearsal")
        return {one.place for one in found if one.severity == "stop"}

    assert places() == set()
    assert places(population=None) == {"people"}
    assert places(population="p-nobody") == {"people"}
    assert places(flow=None) == {"variants.calm", "variants.loud"}
    assert places(flow="nothing") == {"variants.calm", "variants.loud"}
    assert places(segments=("shoe_size",)) == {"segments"}
    metric = Metric(id="m", role="primary", value="goal:nothing")
    assert places(metrics=(metric,)) == {"metrics.m"}
    for changed in (
        {"messages": {"nowhere": {"body": "x"}}},
        {"messages": {"wait": {"body": "x"}}},
        {"messages": {"hello": {"body": "{{ unclosed"}}},
        {"model": "no-such-model-anywhere"},
        {"twins": {"nobody": 1}},
        {"personality_config": {"warmth": 0.5}},
    ):
        variants = (Variant(id="calm"), Variant.model_validate({"id": "loud", **changed}))
        assert places(variants=variants) == {"variants.loud"}, changed


def test_two_variants_that_are_the_same_are_only_a_warning(
    experiments: Experiments, flow: StoredFlow, people: Population
) -> None:
    design = wordings(flow, people, variants=(Variant(id="a"), Variant(id="b")))
    found = experiments.problems(design, "rehearsal")
    assert [(one.place, one.severity) for one in found] == [("variants.b", "warning")]
