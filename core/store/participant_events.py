"""Participants made of events: a rehearsal's runs, or what comes in live."""

from __future__ import annotations

from core.domain.errors import BadInput
from core.domain.experiment_life import LARGEST
from core.domain.experiments import Design, Metric
from core.store.fragments import per_contact
from core.store.origins import LiveOrigin, RunsOrigin
from core.store.participant_rows import Rows, number_in, told


def _believable(number: str) -> str:
    """A number as SQL; what is not finite, or too large to be added up, is NULL."""
    return f"CASE WHEN abs({number}) <= {LARGEST!r} THEN {number} END"


def _told(name: str) -> str:
    return _believable(f"try_cast(payload->>'$.{name}' AS DOUBLE)")


COUNTS: dict[str, str] = {
    "goal": "goals_reached",
    "opened": "opened",
    "clicked": "clicked",
    "replied": "replied",
    "replies": "replied",
    "messages": "sent",
    "opted_out": "opted_out",
}
"""Measures that are counted for each contact, as a report counts them."""
HAPPENED: dict[str, tuple[str, str]] = {
    "goal": ("count(*)", "kind = 'goal_reached'"),
    "opened": ("count(*)", "kind = 'read'"),
    "clicked": ("count(*)", "kind = 'clicked'"),
    "replied": ("count(*)", "kind = 'replied'"),
    "replies": ("count(*)", "kind = 'replied'"),
    "messages": ("count(*)", "kind = 'sent'"),
    "opted_out": ("count(*)", "kind = 'opted_out'"),
    "handed_off": ("count(*)", "kind = 'handed_off'"),
    "active": ("count(*)", "kind IN ('read', 'clicked', 'replied', 'goal_reached', 'rated')"),
    "revenue": (f"sum({_told('value')})", "kind = 'goal_reached'"),
    "reply_hours": (f"avg({_told('hours')})", "kind = 'replied'"),
    "rating": (f"avg(coalesce({_told('value')}, {_told('rating')}))", "kind = 'rated'"),
}
"""How a contact's events are added up, and which of them."""
NAMED: dict[str, str] = {
    "goal": "kind = 'goal_reached' AND (payload->>'$.name') = {name}",
    "intent": "kind = 'replied' AND (payload->>'$.intent') = {name}",
    "reached": "kind = 'stepped' AND step_id = {name}",
}
"""Which events are counted for a measure with a name after a colon."""
AVERAGES = frozenset({"reply_hours", "rating"})
"""Measures that somebody without such an event has not."""
MEASURES: tuple[str, ...] = (*HAPPENED, *(f"{one}:" for one in NAMED))


def event_rows(origin: RunsOrigin | LiveOrigin, design: Design) -> Rows:
    """One row for each contact in each variant.

    A contact whose reactions have no usable answer at all has no values, as in a report.

    Args:
        origin: Which events.
        design: What is measured.
    """
    rows = Rows("seen", "contact_id", "arm", "entered_at", {}, counted="mine")
    if isinstance(origin, RunsOrigin):
        _of_runs(origin, rows)
    else:
        _of_live(origin, design, rows)
    more: dict[str, str] = {}
    for at, metric in enumerate(design.metrics):
        rows.parts[metric.id] = tuple(
            _known(_attribute_number(rows, name))
            if place == "before"
            else _known(_measure(rows, more, metric, name, f"metrics[{at}].{place}"))
            for place, name in told(metric)
        )
    for name in design.segments:
        rows.segments[name] = _attribute(rows, name)
    _add_up(rows, more)
    return rows


def _of_runs(origin: RunsOrigin, rows: Rows) -> None:
    runs = rows.value(list(origin.runs.values()))
    population = rows.value(origin.population_id)
    rows.names = {run: variant for variant, run in origin.runs.items()}
    rows.paired = rows.unique = True
    rows.tables = [
        f"""came AS (
            SELECT run_id AS arm, contact_id, min(simulated_at) AS entered_at,
                any_value(payload->>'$.persona') AS persona
            FROM events WHERE list_contains({runs}, run_id) AND kind = 'entered'
            GROUP BY ALL)""",
        f"""known AS (
            SELECT came.*, people.attributes AS told FROM came
                LEFT JOIN runs ON runs.id = came.arm
                LEFT JOIN people ON people.contact_id = came.contact_id AND people.population_id =
                    coalesce(nullif({population}, ''), runs.population_id))""",
        f"""mine AS (
            SELECT run_id AS arm, contact_id, seq, kind, step_id, payload,
                simulated_at AS moment
            FROM events WHERE list_contains({runs}, run_id))""",
    ]


def _of_live(origin: LiveOrigin, design: Design, rows: Rows) -> None:
    id = rows.value(origin.experiment_id)
    rows.names = {one.in_data: one.id for one in design.variants}
    rows.names |= {one.id: one.id for one in design.variants}
    rows.tables = [
        f"""came AS (
            SELECT contact_id, variant AS arm, min(occurred_at) AS entered_at,
                arg_min(payload, (occurred_at, seq)) AS told
            FROM events WHERE run_id = {id} AND kind = 'entered' GROUP BY ALL)""",
        """known AS (
            SELECT *, coalesce(told->>'$.persona', told->>'$.segments.persona') AS persona
            FROM came)""",
        f"""mine AS (
            SELECT came.arm, events.contact_id, seq, kind, step_id, payload,
                occurred_at AS moment
            FROM events JOIN came ON came.contact_id = events.contact_id
            WHERE run_id = {id} AND occurred_at >= entered_at AND kind <> 'entered')""",
    ]


def _add_up(rows: Rows, more: dict[str, str]) -> None:
    counted = "".join(f", {sql} AS {name}" for name, sql in more.items())
    rows.tables += [
        per_contact("mine", "arm, contact_id"),
        f"""beside AS (
            SELECT arm, contact_id{counted}
            FROM mine JOIN known USING (arm, contact_id) GROUP BY arm, contact_id)""",
        """seen AS (
            SELECT known.*, per.* EXCLUDE (arm, contact_id), beside.* EXCLUDE (arm, contact_id)
            FROM known LEFT JOIN per USING (arm, contact_id)
                LEFT JOIN beside USING (arm, contact_id))""",
    ]


def _known(measure: str) -> str:
    return f"CASE WHEN NOT coalesce(unknown, false) THEN {measure} END"


def _measure(rows: Rows, more: dict[str, str], metric: Metric, name: str, place: str) -> str:
    """A measure as SQL over ``seen``; what it needs beside the report's counts goes to ``more``."""
    if name in COUNTS and metric.kind != "retention":
        return f"coalesce({COUNTS[name]}, 0)::DOUBLE"
    kind, _, named = name.partition(":")
    if kind in NAMED and named:
        adding, which = "count(*)", NAMED[kind].format(name=rows.value(named))
    elif name in HAPPENED:
        adding, which = HAPPENED[name]
    else:
        raise BadInput(
            f"'{name}' is not something that events can tell.",
            place=place,
            fix=f"They tell: {', '.join(MEASURES)} (with a name after the colon).",
        )
    if metric.kind == "retention":
        which = f"({which}) AND moment >= entered_at + INTERVAL {metric.day} DAY"
    at = f"x{len(more)}"
    more[at] = f"{adding} FILTER ({which})"
    return f"{at}::DOUBLE" if name in AVERAGES else f"coalesce({at}, 0)::DOUBLE"


def _attribute(rows: Rows, name: str) -> str:
    if name == "persona":
        return "persona"
    pointer = _pointer(name)
    inner = rows.value(f"/segments{pointer}")
    return (
        f"coalesce(json_extract_string(told, {rows.value(pointer)}), "
        f"json_extract_string(told, {inner}))"
    )


def _attribute_number(rows: Rows, name: str) -> str:
    return _believable(f"({number_in(_attribute(rows, name))})")


def _pointer(name: str) -> str:
    """The JSON pointer of a field (RFC 6901)."""
    return "/" + name.replace("~", "~0").replace("/", "~1")
