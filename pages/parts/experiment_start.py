"""Before it starts: everything that will be frozen, on one page, and one green button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from core.domain.experiment_life import Obstacle
from core.domain.experiments import Design, Experiment, Variant
from pages.parts.context import workspace
from pages.parts.experiment_list import SOURCES
from pages.parts.experiment_measures import words_of
from pages.parts.experiment_metrics import KINDS, ROLES, WAYS
from pages.parts.experiment_people import HOW
from pages.parts.experiment_plan import caution, plan_words
from pages.parts.experiment_rule import RULES
from pages.parts.experiment_words_of import NAMES
from pages.parts.model_estimate import Allowed, draw_estimate
from pages.parts.page import counted, go, guarded, page, plain, section, short, turn

BUTTONS = {
    "rehearsal": "Freeze it and rehearse",
    "live": "Freeze it and start",
    "table": "Freeze it and read the results",
}
NEXT = {
    "rehearsal": "Each variant is then rehearsed, one after the other. You can watch, leave, and "
    "come back; nothing is sent to anybody.",
    "live": "Greenroom then says who gets which variant, and counts what your system reports.",
    "table": "The data are then read against this, and you see what they say.",
}


def draw_start(experiment: Experiment) -> None:
    """What is frozen, what is still in the way, and the start."""
    design = experiment.design
    page(
        f"Freeze “{short(design.name, 70)}” and start",
        ["Prove", "experiment", SOURCES[experiment.source], "nothing has started yet"],
    )
    st.markdown(
        "From here on none of this can be changed, so that the answer cannot be bent to fit. "
        "You can always copy it into a new draft."
    )
    obstacles = workspace().experiments.problems(design, experiment.source, experiment.dataset)
    with st.grid(3, min_column_width=290, gap="medium") as grid:
        with grid.cell(column_span=2), st.container(border=True, gap="small", key="frozen"):
            for title, lines in frozen(experiment):
                st.markdown(f"**{title}**  \n" + "  \n".join(lines))
            st.caption(
                "At the start the versions that are then in use are written down too, and all of "
                "it gets a fingerprint."
            )
        with grid.cell():
            _now(experiment, obstacles)
            turn(
                "Change something first",
                key="experiment_back",
                icon=":material/arrow_back:",
                experiment=experiment.id,
            )


def _now(experiment: Experiment, obstacles: Sequence[Obstacle]) -> None:
    """What the start does, what should be known, and the green button."""
    stops = any(one.severity == "stop" for one in obstacles)
    with st.container(border=True, gap="small"):
        section("What happens now")
        st.markdown(NEXT[experiment.source])
        for one in obstacles:
            sign = "red" if one.severity == "stop" else "orange"
            word = "needed" if one.severity == "stop" else "to know"
            fix = f" {plain(one.fix)}" if one.fix else ""
            st.markdown(f":{sign}-badge[{word}] {plain(one.text)}{fix}")
        allowed = Allowed() if stops else _allowed(experiment.design)
        if st.button(
            BUTTONS[experiment.source],
            type="primary",
            icon=":material/lock:",
            key="experiment_start",
            width="stretch",
            disabled=stops or not allowed.known,
        ):
            _start(experiment, allowed.budget_usd)


def _allowed(design: Design) -> Allowed:
    """What a language model's variant will cost, and what each may."""
    asked = next((one.model for one in design.variants if one.model), None)
    models = workspace().models.list("chat")
    model = next((one for one in models if asked in (one.id, one.name)), None)
    if model is None or design.flow is None or design.population is None:
        return Allowed()
    st.caption("A language model plays people here. For each variant that it plays:")
    version = design.flow_version or workspace().flows.get(design.flow).version
    return draw_estimate(model, (design.flow, version), design.population, design.seed)


def _start(experiment: Experiment, budget_usd: float | None) -> None:
    with guarded(), st.spinner("Starting", show_time=True):
        started = workspace().experiments.start(experiment.id, budget_usd=budget_usd)
        if started.source == "table" and started.dataset is not None:
            go("experiment", experiment=started.id)
        go("experiments", experiment=started.id)


def frozen(experiment: Experiment) -> Iterator[tuple[str, list[str]]]:
    """Everything that was decided, in words: a title and its lines, ready for Markdown."""
    design = experiment.design
    yield "What is expected", [plain(design.hypothesis) or "Nothing was written down."]
    yield "What is compared", [_variant(design, one) for one in design.variants]
    yield "What counts", _metrics(design)
    if experiment.source != "table":
        yield "Who takes part", _people(experiment)
    if design.segments:
        yield "Also read by", [", ".join(plain(one) for one in design.segments)]
    yield "How it is decided", _rule(design)
    words = plan_words(experiment) if experiment.status == "draft" else ""
    if words:
        wary = caution(experiment)
        yield "Plan", [plain(wary or words)]


def _variant(design: Design, one: Variant) -> str:
    told = [plain(one.note)] if one.note else []
    for step, change in one.messages.items():
        words = change.model_dump(exclude_none=True)
        told += [
            f"{plain(step)}, {NAMES.get(field, field).lower()} “{plain(short(text, 120))}”"
            for field, text in words.items()
        ]
    if one.twins:
        told += [f"{plain(slug)} in version {number}" for slug, number in one.twins.items()]
    if one.personality_config:
        told.append(f"{counted(len(one.personality_config), 'setting')} of the twin moved")
    if one.flow:
        told.append(f"flow {plain(one.flow)}")
    if one.flow_version:
        told.append(f"version {one.flow_version}")
    if one.model:
        told.append(f"played by {plain(one.model)}")
    if one.id == design.control_id:
        told.append("the others are held against it")
    shares = {variant.weight for variant in design.variants}
    if len(shares) > 1:
        told.append(f"share {one.weight:g}")
    return f"· {plain(one.label)}" + (f": {', '.join(told)}" if told else "")


def _metrics(design: Design) -> list[str]:
    lines = []
    for one in design.metrics:
        per = f" per {plain(words_of(one.per))}" if one.per else ""
        facts = [ROLES[one.role][0], KINDS[one.kind][0], WAYS[one.better]]
        if one.margin:
            facts.append(f"{100 * one.margin:g} % worse is no harm yet")
        if one.winsorise:
            facts.append(f"values above {100 * one.winsorise:g} % of all set back")
        if one.before:
            facts.append(f"corrected by {plain(one.before)}")
        told = ", ".join(fact[:1].lower() + fact[1:] for fact in facts)
        of = plain(words_of(one.value)) + per
        named = plain(one.label) + (f": {of}" if of != plain(one.label) else "")
        lines.append(f"· {named} ({told})")
    return lines


def _people(experiment: Experiment) -> list[str]:
    design = experiment.design
    lines = []
    known = {one.id: one for one in workspace().populations.list()}
    population = known.get(design.population or "")
    if population is not None:
        people = counted(population.size, "simulated person", "simulated people")
        lines.append(f"{plain(population.name)}: {people}, seed {design.seed}")
    if design.audience:
        lines.append(plain(design.audience))
    how = HOW.get(design.assignment.how)
    if how:
        within = ", ".join(plain(one) for one in design.assignment.strata)
        lines.append(how[0] + (f", within {within}" if within else ""))
    return lines or ["Nobody is named."]


def _rule(design: Design) -> list[str]:
    rule = design.rule
    facts = [
        f"a difference is worth having from {100 * rule.least:g} %",
        f"planned so that one of that size is found {100 * rule.power:g} times in 100",
        f"declared wrongly at most {100 * rule.alpha:g} times in 100",
    ]
    if rule.kind == "group_sequential":
        facts.append(f"{rule.looks} looks")
    if rule.kind == "expected_loss":
        facts[2] = f"taken under an expected loss of {100 * rule.loss:g} %"
    if rule.least_people:
        facts.append(f"not before {rule.least_people:,} people a variant")
    if rule.least_days:
        facts.append(f"not before {rule.least_days:g} days")
    said = "; ".join(facts)
    return [RULES[rule.kind][0], f"{said[:1].upper()}{said[1:]}."]
