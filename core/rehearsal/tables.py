"""A report's tables: personas, funnel, steps, ways, messages, coverage."""

from __future__ import annotations

from collections import Counter

from core.domain.intervals import rate
from core.domain.reports import (
    Coverage,
    Figure,
    Funnel,
    FunnelStage,
    MessageRow,
    PersonaRow,
    Reactions,
    Share,
    Spread,
    StepPeople,
    StepRow,
    WayRow,
)
from core.domain.sums import Moments
from core.rehearsal.intervals import spread
from core.rehearsal.observed import NEVER_SENT, Observed


def spread_of(moments: Moments) -> Spread:
    """A number over people as it is shown."""
    return spread(moments.n, moments.mean, moments.sd, moments.quartiles)


def figure(seen: Observed, name: str, label: str) -> Figure:
    """How many people did something (a field of PersonaSums), and who they are."""
    made_of = [
        Share(persona=sums.persona or "", name=seen.name(sums.persona), count=getattr(sums, name))
        for sums in seen.each
        if getattr(sums, name)
    ]
    made_of.sort(key=lambda share: -share.count)
    count = getattr(seen.everyone, name) if seen.everyone else 0
    return Figure(
        name=name,
        label=label,
        rate=rate(count, seen.known(seen.everyone)),
        made_of=made_of,
        left_out=seen.unknown(),
    )


def goal_figures(seen: Observed) -> list[Figure]:
    """People who reached each goal, in the flow's order."""
    figures = []
    for name in seen.goal_names:
        counts = {row.persona: row.people for row in seen.goals if row.name == name}
        made_of = [
            Share(persona=persona, name=seen.name(persona), count=people)
            for persona, people in counts.items()
            if persona is not None
        ]
        made_of.sort(key=lambda share: (-share.count, share.name))
        figures.append(
            Figure(
                name=name,
                label=spoken(name),
                rate=rate(counts.get(None, 0), seen.known(seen.everyone)),
                made_of=made_of,
                left_out=seen.unknown(),
            )
        )
    return figures


def spoken(name: str) -> str:
    """An id as words: ``call_booked`` becomes ``Call booked``."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def endless(seen: Observed) -> Counter[str]:
    """How many people were left at each step because they came to no end."""
    left: Counter[str] = Counter()
    for stop in seen.stops:
        if stop.reason == "too_long":
            left[stop.step_id] += stop.count
    return left


def persona_rows(seen: Observed) -> list[PersonaRow]:
    """One row a persona, by name."""
    return [
        PersonaRow(
            id=sums.persona or "",
            name=seen.name(sums.persona),
            people=sums.people,
            answered=rate(sums.answered, seen.known(sums)),
            clicked=rate(sums.clicked, seen.known(sums)),
            goal=rate(sums.goal, seen.known(sums)),
            opted_out=rate(sums.opted_out, seen.known(sums)),
            messages=spread_of(sums.messages),
            replies=spread_of(sums.replies),
            words_per_reply=spread_of(sums.words),
            questions_per_reply=spread_of(sums.questions),
            median_days=sums.median_days,
        )
        for sums in seen.each
    ]


def step_rows(seen: Observed) -> list[StepRow]:
    """One row a step. What neither left by a way nor stopped there still waits: normally nobody."""
    stopped: dict[str, Counter[str]] = {}
    for stop in seen.stops:
        stopped.setdefault(stop.step_id, Counter())[stop.reason] += stop.count
    rows = []
    for id in seen.in_order:
        visits = seen.taken.get((id, None))
        ways = {way.name: 0 for way in seen.flow.steps[id].ways if way.to is not None}
        ways |= {
            row.way: row.visits for row in seen.visits if row.step_id == id and row.way is not None
        }
        ended = dict(stopped.get(id, {}))
        arrived = visits.visits if visits else 0
        rows.append(
            StepRow(
                step_id=id,
                type=seen.flow.steps[id].type,
                rank=seen.places[id].rank,
                visits=arrived,
                people=visits.people if visits else 0,
                ways=ways,
                stopped=ended,
                still_waiting=arrived - sum(ways.values()) - sum(ended.values()),
                reached=arrived > 0,
            )
        )
    return rows


def way_rows(seen: Observed) -> list[WayRow]:
    """One row a way out of a step, as the flow has them."""
    ended: Counter[tuple[str, str]] = Counter()
    for stop in seen.stops:
        if stop.way is not None:
            ended[stop.step_id, stop.way] += stop.count
    rows = []
    for id in seen.in_order:
        for way in seen.flow.steps[id].ways:
            taken = seen.taken.get((id, way.name))
            went, out = (taken.visits if taken else 0), ended[id, way.name]
            rows.append(
                WayRow(
                    step_id=id,
                    way=way.name,
                    label=way.label,
                    to=way.to,
                    visits=went,
                    ended=out,
                    people=(taken.people if taken else 0) + out,
                    reached=went + out > 0,
                )
            )
    return rows


def coverage(steps: list[StepRow], ways: list[WayRow]) -> Coverage:
    """What nobody reached."""
    missed = [step.step_id for step in steps if not step.reached]
    untaken = [way for way in ways if not way.reached]
    return Coverage(
        steps_reached=len(steps) - len(missed),
        steps_total=len(steps),
        ways_reached=len(ways) - len(untaken),
        ways_total=len(ways),
        steps_not_reached=missed,
        ways_not_reached=untaken,
    )


def message_rows(seen: Observed) -> list[MessageRow]:
    """One row a step that sends."""
    channels = {row.step_id: row.channel for row in seen.counts if row.channel}
    return [_message_row(seen, id, channels.get(id)) for id in seen.messages]


def _message_row(seen: Observed, id: str, channel: str | None) -> MessageRow:
    replies = [row for row in seen.replies if row.step_id == id]
    failed = [row for row in seen.failures if row.step_id == id]
    sent = seen.count[id, "sent"]
    unanswered = sum(row.count for row in failed if row.kind == "engine_failed")
    known = sent - unanswered
    sentiments: Counter[str] = Counter()
    intents: Counter[str] = Counter()
    for row in replies:
        sentiments[row.sentiment] += row.count
        intents[row.intent] += row.count
    return MessageRow(
        step_id=id,
        type=seen.flow.steps[id].type,
        channel=channel or seen.flow.steps[id].channel,
        sent=sent,
        delivered=seen.count[id, "delivered"],
        read=rate(seen.count[id, "read"], known),
        clicked=rate(seen.count[id, "clicked"], known),
        replied=rate(seen.count[id, "replied"], known),
        late=sum(row.count for row in replies if row.late),
        opted_out=seen.count[id, "opted_out"],
        held_back=sum(row.count for row in failed if row.reason == "opted_out"),
        undelivered=sum(
            row.count for row in failed if row.kind == "failed" and row.reason not in NEVER_SENT
        ),
        not_sent=sum(row.count for row in failed if row.reason in NEVER_SENT - {"opted_out"}),
        unanswered_by_engine=unanswered,
        sentiments=dict(sentiments.most_common()),
        intents=dict(intents.most_common()),
        median_delay_hours=seen.delays.get(id),
    )


def reactions(seen: Observed) -> Reactions:
    """One status for each message sent; what was neither ignored nor lost was answered.

    Answered covers a reply, a click or the unsubscribe link, and also what somebody meant to
    answer but had opted out before.
    """
    undelivered = sum(
        row.count for row in seen.failures if row.kind == "failed" and row.reason not in NEVER_SENT
    )
    engine = seen.lost("engine_failed")
    failed = {word: seen.lost("engine_failed", word) for word in ("refused", "invalid", "skipped")}
    ignored = seen.total["ignored"]
    return Reactions(
        answered=seen.total["sent"] - ignored - engine - undelivered,
        ignored=ignored,
        **failed,
        unavailable=engine - sum(failed.values()),
        undelivered=undelivered,
    )


def funnel(seen: Observed) -> Funnel:
    """People by stage, the largest drop marked, and people by step."""
    stages = _main_stages(seen)
    drops = [stage for stage in stages if stage.lost > 0]
    if drops:
        worst = max(drops, key=lambda stage: stage.lost).key
        stages = [stage.model_copy(update={"largest_drop": stage.key == worst}) for stage in stages]
    if len(seen.goal_names) > 1:
        stages += [
            _stage(seen, f"goal:{goal.name}", goal.label, goal.rate.count, stages[-1])
            for goal in goal_figures(seen)
        ]
    steps = [
        StepPeople(step_id=row.step_id, type=row.type, rank=row.rank, people=row.people)
        for row in step_rows(seen)
    ]
    return Funnel(stages=stages, steps=steps)


def _main_stages(seen: Observed) -> list[FunnelStage]:
    sums = seen.everyone
    middle = ("answered", "Answered") if seen.listens else ("clicked", "Clicked")
    plan = [("received", "Got a message"), ("opened", "Opened one"), middle]
    if seen.goal_names:
        one = len(seen.goal_names) == 1
        plan.append(("goal", spoken(seen.goal_names[0]) if one else "Reached a goal"))
    stages = [_stage(seen, "entered", "Entered", seen.people, None)]
    for key, label in plan:
        count = getattr(sums, key) if sums else 0
        stages.append(_stage(seen, key, label, count, stages[-1]))
    return stages


def _stage(
    seen: Observed, key: str, label: str, count: int, before: FunnelStage | None
) -> FunnelStage:
    if before is None:
        return FunnelStage(key=key, label=label, people=rate(count, seen.people))
    unknown = _unknown(seen, key, before.key)
    lost = max(0, before.people.count - count - unknown)
    of = before.people.count - unknown
    return FunnelStage(
        key=key,
        label=label,
        people=rate(count, seen.known(seen.everyone)),
        after=before.key,
        lost=lost,
        lost_share=lost / of if of > 0 else None,
        unknown=unknown,
    )


def _unknown(seen: Observed, key: str, before: str) -> int:
    """People who came to the stage before and may have come further, had the engine answered."""
    stage = "goal" if key.startswith("goal:") else key
    return sum(
        some.people
        for some in seen.unanswered
        if getattr(some, before, True) and not getattr(some, stage)
    )
