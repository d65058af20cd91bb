"""What to change first: rules over what was observed, each with the numbers it rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

from core.domain.intervals import Z
from core.domain.reports import (
    MessageRow,
    Recommendation,
    percent,
)
from core.rehearsal.material import Material, advice
from core.rehearsal.tables import endless
from core.rehearsal.wording import MANY, count_of, duration, in_short, no_answer, people

MOST, LEAST = 5, 3
FIRST_HOUR, LAST_HOUR = 8.0, 21.0
"""The hours of a person's day in which a message is not odd."""
WIDE = 0.2
"""An interval wider than this leaves a decision open."""
_PRICE = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|usd|eur|euros?|dollars?)|\bprice\b.*\d", re.I | re.S
)

Rule = Callable[[Material], Iterator[Recommendation]]


def recommendations(material: Material) -> list[Recommendation]:
    """Three to five things to change: errors first, then what is about the most people.

    Where fewer than three rules find something, what is true of any run fills up. Of a run that
    failed nothing can be said but what is wrong with its engine.
    """
    if not material.seen.people:
        return []
    if material.seen.has_failed or not material.seen.known(material.seen.everyone):
        return list(about_the_engine(material))
    errors = [one for rule in URGENT for one in rule(material)]
    found = [one for rule in RULES for one in rule(material)]
    found.sort(key=lambda one: -one.affected)
    chosen = [*errors, *found][:MOST]
    for rule in ALWAYS:
        if len(chosen) >= LEAST:
            break
        chosen.extend(rule(material))
    return chosen[:MOST]


def about_the_engine(material: Material) -> Iterator[Recommendation]:
    """Reactions to which the language model gave no usable answer."""
    seen = material.seen
    if not seen.unanswered:
        return
    kinds = {row.reason for row in seen.failures if row.kind == "engine_failed"}
    ways = [
        ("raise its max tokens", kinds & {"invalid"}),
        ("see whether it can be reached, with Try it", kinds & {"unavailable"}),
        ("reword what it refuses", kinds & {"refused"}),
    ]
    what = ["choose another model", *(words for words, some in ways if some)]
    yield advice(
        "Look at what the model answered",
        f"Its answers stand in the conversations. {', or '.join(what).capitalize()}.",
        f"{no_answer(seen)}.",
        None,
        "logic",
        "Choose another model, and rehearse again",
        sum(some.people for some in seen.unanswered),
    )


def many_without_answer(material: Material) -> Iterator[Recommendation]:
    """So many reactions without a usable answer that the rest says little."""
    seen = material.seen
    if seen.lost("engine_failed") > MANY * seen.total["sent"]:
        yield from about_the_engine(material)


def few_without_answer(material: Material) -> Iterator[Recommendation]:
    """Some reactions without a usable answer."""
    if not any(many_without_answer(material)):
        yield from about_the_engine(material)


def after_opt_out(material: Material) -> Iterator[Recommendation]:
    """Messages that had to be held back because the person had opted out."""
    held = material.seen.held_back
    if held:
        worst = max(held, key=lambda row: (row.people, row.step_id))
        steps = ", ".join(row.step_id for row in held)
        yield advice(
            "Stop writing to those who opted out",
            f"Let everybody who opts out leave the flow before “{worst.step_id}”.",
            f"{count_of(sum(row.count for row in held), 'message')} had to be held back "
            f"(at {steps}), for {people(worst.people)} at {worst.step_id} alone.",
            worst.step_id,
            "logic",
            "Add a condition on contact.opted_out that leads to an end",
            worst.people,
        )


def no_end(material: Material) -> Iterator[Recommendation]:
    """People who go round and round until they are taken out."""
    left = endless(material.seen)
    if left:
        step, count = left.most_common(1)[0]
        yield advice(
            "Give everybody a way to an end",
            f"Lead those who come back to “{step}” out of the circle.",
            f"{left.total():,} of {people(material.seen.people)} were still in the flow after "
            f"1,000 steps or 365 days; {count:,} of them were left at {step}.",
            step,
            "logic",
            "Count the turns in a variable, and leave after a few",
            left.total(),
        )


def ask_a_question(material: Material) -> Iterator[Recommendation]:
    """The message that is read and not answered, and does not ask anything."""
    rows = [row for row in material.messages if row.read.count >= 5 and row.type != "twin_reply"]
    dull = [row for row in rows if not material.asks(row.step_id)]
    dull = [row for row in dull if material.wait_after(row.step_id)]
    if not dull:
        return
    worst = max(dull, key=lambda row: row.read.count - row.replied.count)
    silent = worst.read.count - worst.replied.count
    if silent * 2 < worst.read.count:
        return
    yield advice(
        f"Ask one question in “{worst.step_id}”",
        "It tells and does not ask. One short question gives people something to answer.",
        f"{worst.read.count:,} read it, {worst.replied.count:,} answered."
        + _questions_pay(material, rows),
        worst.step_id,
        "content",
        "End the message with a question",
        silent,
    )


def _questions_pay(material: Material, rows: Sequence[MessageRow]) -> str:
    """How much more often messages with a question are answered in this run, if they are."""
    asked = [row for row in rows if material.asks(row.step_id)]
    told = [row for row in rows if not material.asks(row.step_id)]
    with_, without = _answered_of_read(asked), _answered_of_read(told)
    if not with_ or not without or with_ < 1.2 * without:
        return ""
    return f" Messages with a question are answered {with_ / without:.1f} times as often here."


def _answered_of_read(rows: Sequence[MessageRow]) -> float:
    read = sum(row.read.count for row in rows)
    return sum(row.replied.count for row in rows) / read if read else 0.0


def say_the_price(material: Material) -> Iterator[Recommendation]:
    """People ask for the price where no message before has named it."""
    asked = [
        (row.intents.get("price_question", 0), row.step_id)
        for row in material.messages
        if not _PRICE.search(material.words(row.step_id))
    ]
    count, step = max(asked, default=(0, ""))
    if count < 3:
        return
    askers = material.reading.askers(material.seen.run.id, "price_question")
    persona, most, _ = askers[0]
    total, left = sum(row[1] for row in askers), sum(row[2] for row in askers)
    of = next(sums.people for sums in material.seen.each if sums.persona == persona)
    name = material.seen.name(persona)
    after = f", and {left:,} of them never reached a goal" if material.goal else ""
    yield advice(
        f"Say the price before {name.split()[-1]} asks",
        f"“{step}” does not name it, and it is the question that comes.",
        f"{most:,} of the {of:,} copies of {name} asked; {people(total)} did in all{after}.",
        step,
        "conversion",
        "Name the price, and what it pays for, in this message",
        left if material.goal else total,
    )


def losing_message(material: Material) -> Iterator[Recommendation]:
    """The message after which the most people opt out."""
    rows = [row for row in material.messages if row.opted_out >= 3 and row.delivered]
    if not rows:
        return
    worst = max(rows, key=lambda row: row.opted_out)
    share = worst.opted_out / worst.delivered
    total = sum(row.opted_out for row in material.messages)
    if share < 0.03:
        return
    yield advice(
        f"Soften “{worst.step_id}”",
        "More people leave because of this message than because of any other.",
        f"{worst.opted_out:,} of {total:,} opt-outs came on it: {percent(share)} % of those who "
        "got it.",
        worst.step_id,
        "content",
        "Shorten it, take urgency out, or send it to fewer people",
        worst.opted_out,
    )


def odd_hours(material: Material) -> Iterator[Recommendation]:
    """Messages that reach people early in the morning or late in the evening."""
    rows = material.reading.odd_hours(material.seen.run.id, FIRST_HOUR, LAST_HOUR)
    if not rows or rows[0][1] < 3:
        return
    step, count, hour = rows[0]
    row = next((row for row in material.messages if row.step_id == step), None)
    read = f" It was read by {in_short(row.read)}." if row else ""
    clock = f"{int(hour):02d}:{int(hour % 1 * 60):02d}"
    yield advice(
        f"Move “{step}” into the day",
        "Many get it before eight or after nine in the evening, their time.",
        f"{people(count)} got it at an odd hour, in the middle at {clock} their time.{read}",
        step,
        "timing",
        "Set quiet_hours for the flow, or a delay until a time of day before it",
        count,
    )


def late_replies(material: Material) -> Iterator[Recommendation]:
    """Replies that come when nothing waits for them: the wait is too short, or there is none."""
    rows = [row for row in material.messages if row.late >= 3]
    if not rows:
        return
    worst = max(rows, key=lambda row: row.late)
    wait = material.wait_after(worst.step_id)
    delay = worst.median_delay_hours
    middle = f"; the middle one takes {duration(delay)}" if delay is not None else ""
    evidence = (
        f"{worst.late:,} of {count_of(worst.replied.count, 'reply', 'replies')} to it came when "
        f"nothing waited{middle}."
    )
    if wait is None:
        title, action = f"Listen after “{worst.step_id}”", "Add a wait for a reply after it"
        text = "People answer it, and the flow does not wait for an answer."
    else:
        title, action = f"Wait longer after “{worst.step_id}”", f"Lengthen the time-out of {wait}"
        text = f"“{wait}” gives up before people have answered."
    yield advice(title, text, evidence, wait or worst.step_id, "timing", action, worst.late)


def twin_gaps(material: Material) -> Iterator[Recommendation]:
    """Questions to which the twin's content has no answer."""
    steps = [id for id, step in material.seen.flow.steps.items() if step.type == "twin_reply"]
    gaps = material.reading.twin_gaps(material.seen.run.id, steps) if steps else []
    if not gaps or not gaps[0][2]:
        return
    step, given, missing, who = gaps[0]
    yield advice(
        "Teach the twin what people ask",
        f"At “{step}” it had to say that it does not know.",
        f"It had no answer for {missing:,} of {count_of(given, 'question')}, from {people(who)}.",
        step,
        "content",
        "Put the missing answers into the text that the twin answers from",
        who,
    )


def too_many(material: Material) -> Iterator[Recommendation]:
    """People who get message after message and never do anything."""
    everyone = material.seen.everyone
    count = everyone.silent if everyone else 0
    if count < 3:
        return
    yield advice(
        "Write less to those who stay silent",
        "A person who did nothing with three messages seldom does with a fourth.",
        f"{count:,} of {people(material.seen.people)} got three messages or more and never "
        "answered or clicked.",
        None,
        "timing",
        "End the flow, or change the channel, after two messages without a reply",
        count,
    )


def leaving_after_answer(material: Material) -> Iterator[Recommendation]:
    """The step at which people who did answer leave without a goal."""
    if material.goal is None:
        return
    rows = material.reading.left_without_goal(material.seen.run.id)
    total = sum(count for _, count in rows)
    if not rows or total < 3:
        return
    step, count = rows[0]
    yield advice(
        "Make one clear offer to those who answer",
        f"They were interested enough to write, and left at “{step}”.",
        f"{total:,} of {people(material.answered.rate.count)} who answered never reached a goal; "
        f"{count:,} of them left at {step}.",
        step,
        "conversion",
        "Follow a reply with one next step: a link, a time, a yes or no",
        total,
    )


def undelivered(material: Material) -> Iterator[Recommendation]:
    """Messages that do not arrive, or cannot be sent at all."""
    rows = [(row.undelivered + row.not_sent, row) for row in material.messages]
    count, worst = max(rows, key=lambda pair: pair[0], default=(0, None))
    if worst is None or count < 3:
        return
    yield advice(
        f"Find another way to send “{worst.step_id}”",
        "It does not reach everybody on its channel.",
        f"{count:,} of {worst.sent + worst.not_sent:,} did not arrive or could not be sent.",
        worst.step_id,
        "logic",
        "Use a channel that these people have, or check the template",
        count,
    )


def failing_tests(material: Material) -> Iterator[Recommendation]:
    """A test of the flow that does not hold."""
    failed = [
        test
        for test in material.tests
        if test.status == "failed" or (test.status == "error" and not test.unanswered)
    ]
    if failed:
        first = failed[0]
        yield advice(
            f"Make the test of {first.name} hold",
            f"Expected: {first.expected}.",
            f"What happened: {first.happened} ({len(failed)} of {len(material.tests)} tests "
            "do not hold).",
            None,
            "logic",
            "Change the flow, or what the test expects",
            first.copies,
        )


def unreached(material: Material) -> Iterator[Recommendation]:
    """Ways that nobody takes: untested, or unneeded."""
    missed = material.coverage.ways_not_reached
    if missed:
        ways = ", ".join(f"{way.step_id} → {way.way}" for way in missed[:3])
        more = f" and {len(missed) - 3} more" if len(missed) > 3 else ""
        yield advice(
            "Find people for the ways that nobody took",
            f"Nothing is known about {ways}{more}.",
            f"{len(missed)} of {count_of(material.coverage.ways_total, 'way')} were taken by none "
            f"of {people(material.seen.people)}.",
            missed[0].step_id,
            "logic",
            "Add a persona who would go there, or take the way out",
            0,
        )


def too_few_people(material: Material) -> Iterator[Recommendation]:
    """An interval too wide to decide by."""
    rate = material.what_matters
    if rate.low is not None and rate.high is not None and rate.high - rate.low > WIDE:
        middle = (rate.count + 2) / (rate.of + 4)
        needed = max(rate.of + 1, math.ceil(4 * Z**2 * middle * (1 - middle) / WIDE**2))
        yield advice(
            "Rehearse with more people",
            "The interval is too wide to tell a better flow from a worse one.",
            f"{rate.text}: about {needed:,} people would make it {100 * WIDE:.0f} points wide.",
            None,
            "conversion",
            "Raise the copies of each persona",
            0,
        )


def no_tests(material: Material) -> Iterator[Recommendation]:
    """A flow that says nothing about what should come of it."""
    if not material.tests:
        rate = material.what_matters
        yield advice(
            "Write down what should happen",
            "The flow has no tests, so nothing tells you when a change makes it worse.",
            f"0 tests; this run gives a first measure: {rate.text}.",
            None,
            "logic",
            "Add a test for each persona: what it reaches, and what it never sees",
            0,
        )


def compare(material: Material) -> Iterator[Recommendation]:
    """Always true: one run is one measure."""
    rate = material.what_matters
    yield advice(
        "Try a variant on the same people",
        "Change one message and rehearse again: the same people under the same seed show what "
        "the change alone does.",
        f"This run to compare with: {rate.text}, seed {material.seen.run.seed}.",
        None,
        "conversion",
        "Copy the flow, change one thing, rehearse and compare",
        0,
    )


def uncalibrated(material: Material) -> Iterator[Recommendation]:
    """Always true until outcomes are imported."""
    yield advice(
        "Hold the numbers against what really happens",
        f"The {'language' if material.seen.run.model else 'behaviour'} model is uncalibrated: read "
        "differences between runs, not levels.",
        f"{people(material.seen.people)} simulated, none of them measured against a real one.",
        None,
        "conversion",
        "Launch to a small group first, and compare",
        0,
    )


def another_seed(material: Material) -> Iterator[Recommendation]:
    """Always true: a seed is one draw."""
    yield advice(
        "Rehearse once more under another seed",
        "What holds under two seeds is less likely to be luck.",
        f"All of this rests on seed {material.seen.run.seed} alone.",
        None,
        "conversion",
        "Rehearse again with another seed",
        0,
    )


URGENT: tuple[Rule, ...] = (many_without_answer, no_end, after_opt_out, failing_tests)
"""What is wrong whatever else is."""
RULES: tuple[Rule, ...] = (
    few_without_answer,
    ask_a_question,
    say_the_price,
    losing_message,
    odd_hours,
    late_replies,
    twin_gaps,
    too_many,
    leaving_after_answer,
    undelivered,
    unreached,
    too_few_people,
    no_tests,
)
"""What can be better; adding a rule is one function and one line here."""
ALWAYS: tuple[Rule, ...] = (compare, uncalibrated, another_seed)
"""What is true of any run, where less than three rules found something."""
