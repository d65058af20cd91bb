"""Who takes each way out of a flow's steps, and why nobody does."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.coverage import WayCoverage
from core.flows import all_ways, compile_flow
from core.flows.made_up import play_scripted
from core.flows.reach import solve, solve_way
from core.flows.reach.playing import Guess, Players, finished, ways_in
from tests.core.flows.reach.generator import document, everybody, text_of

Step = dict[str, Any]
Document = dict[str, Any]
FLOWS = 150
TOGETHER = 30
PEOPLE = 25
STEPS = 40
MOST_UNKNOWN = 0.02


def step(id: str, type: str, next: str | None = "end", **config: Any) -> Step:
    return {"id": id, "type": type, "config": config, **({"next": next} if next else {})}


def say(id: str = "say", next: str = "wait") -> Step:
    return step(id, "send_sms", next, body="Hello.")


def wait(id: str = "wait", reply: str = "sort", silence: str = "end", timeout: str = "2d") -> Step:
    ways = {"on_reply": reply, "on_timeout": silence}
    return {"id": id, "type": "wait_for_reply", "config": {"timeout": timeout}, **ways}


def sort(*whens: str, id: str = "sort", to: str = "end", other: str = "end") -> Step:
    branches = [{"when": when, "next": to} for when in whens]
    return {"id": id, "type": "condition", "config": {"branches": branches, "else": other}}


def flow(*steps: Step, **head: Any) -> Document:
    return {"name": "Test", "steps": [*steps, {"id": "end", "type": "end"}], **head}


def solved(document: Document) -> dict[tuple[str, str], WayCoverage]:
    """The verdicts by way; every witness takes its way, as anybody can see who plays it."""
    compiled = compile_flow(document)
    rows = solve(compiled)
    assert [(row.step, row.way) for row in rows] == [
        (id, way.name) for id, way in all_ways(compiled)
    ]
    for row in rows:
        assert (row.witness is not None) == (row.verdict == "reachable")
        assert bool(row.reason) == (row.verdict != "reachable")
        if row.witness is not None:
            one = row.witness
            played = play_scripted(compiled, one.contact, one.replies, one.seed)
            assert (row.step, row.way) in ways_in(finished(played))
    return {(row.step, row.way): row for row in rows}


def verdicts(document: Document) -> dict[str, str]:
    return {f"{id} {way}": row.verdict for (id, way), row in solved(document).items()}


CONTRADICTIONS = (
    "contact.age > 30 && contact.age < 25",
    'reply.intent == "interested" && reply.intent == "question"',
    'reply.intent == "happy"',
    "reply.hours > 49.0",
    'reply.channel == "email"',
    "contact.age * 2 == 7",
    'reply.text.startsWith("a") && reply.text.endsWith("b") && size(reply.text) < 2',
    '"vip" in contact.tags && !("vip" in contact.tags)',
    "nothing_sets_it > 3",
    "answers.never_asked == 1",
    "contact.age > 30 ? contact.age < 20 : contact.age > 40",
    "contact.age > 50 && contact.age + contact.visits < 40 && contact.visits > 0",
)
POSSIBLE = (
    "contact.age > 30 && contact.age < 33",
    "contact.age * 3 == 117 && contact.visits % 7 == 5",
    "contact.age / 2 == 14 && contact.age % 2 == 1",
    "contact.favourite_colour == 'teal'",
    "!has(contact.age)",
    "has(contact.profile.city) && contact.profile.city == 'Oslo'",
    'reply.text.startsWith("no") && reply.text.contains("thank") && size(reply.text) > 12',
    'reply.text.matches("^[A-Z]{3}-[0-9]+$")',
    "reply.hours > 47.5",
    'contact.tags.exists(t, t == "vip") && size(contact.tags) == 3',
    'contact.first_name + "!" == "Ada!"',
    'string(contact.visits) == "12"',
    "double(contact.visits) / 4.0 == 2.25",
    'contact.age > 30 ? reply.intent == "not_now" : contact.plan in ["pro"]',
    "!has(contact.email)",
    'timestamp(contact.born) < timestamp("2000-01-01T00:00:00Z")',
)


@pytest.mark.parametrize("when", CONTRADICTIONS)
def test_what_cannot_hold_is_proven(when: str) -> None:
    found = solved(flow(say(), wait(), sort(when, to="won"), step("won", "goal", name="x")))
    assert found["sort", "branch:0"].verdict == "unreachable"
    assert found["won", "next"].verdict == "unreachable"
    assert "Nobody gets to this step" in found["won", "next"].reason
    assert found["sort", "else"].verdict == "reachable"


@pytest.mark.parametrize("when", POSSIBLE[:-1])
def test_what_can_hold_has_a_witness(when: str) -> None:
    found = verdicts(flow(say(), wait(), sort(when)))
    assert found["sort branch:0"] == "reachable"


def test_what_is_not_understood_is_never_refuted() -> None:
    assert verdicts(flow(say(), wait(), sort(POSSIBLE[-1])))["sort branch:0"] != "unreachable"


def test_what_is_set_just_before_rules_a_branch_out() -> None:
    row = solved(
        flow(step("put", "set", "sort", values={"level": "1"}), sort("level > 3", "level == 1"))
    )["sort", "branch:0"]
    assert row.verdict == "unreachable"
    assert row.reason == "The branch needs “level > 3”, but here level is 1."


def test_conditions_along_a_path_rule_each_other_out() -> None:
    row = solved(
        flow(
            sort("contact.age > 30", to="second"),
            sort("contact.age < 25", id="second"),
        )
    )["second", "branch:0"]
    assert row.verdict == "unreachable"
    assert row.reason == "The branch needs “age < 25”, but here age is a number above 30."


def test_conditions_on_several_names_rule_each_other_out() -> None:
    row = solved(
        flow(
            sort("contact.age > contact.visits", to="second"),
            sort("contact.visits > contact.age", id="second"),
        )
    )["second", "branch:0"]
    assert row.verdict == "unreachable"
    assert "“age > visits” holds at “sort”" in row.reason


def test_a_branch_behind_a_wider_one_is_shadowed() -> None:
    row = solved(flow(sort("contact.age > 30", "contact.age > 40")))["sort", "branch:1"]
    assert row.verdict == "unreachable"
    assert "the branch before it" in row.reason


def test_a_counter_ends_its_loop() -> None:
    found = verdicts(
        flow(
            step("more", "set", "sort", values={"n": "n + 1"}),
            sort("n > 4 && contact.age == 61", "n > 6", "n > 7", other="more"),
            variables={"n": 0},
            start="more",
        )
    )
    assert found["sort branch:0"] == "reachable"
    assert found["sort branch:1"] == "reachable"
    assert found["sort branch:2"] == "unreachable"


def test_one_message_brings_one_reply() -> None:
    found = solved(flow(say(), wait(reply="again"), wait("again", silence="end", reply="end")))
    assert found["again", "on_reply"].verdict == "unreachable"
    assert "No reply can come here" in found["again", "on_reply"].reason
    late = verdicts(flow(say(), wait(silence="again", reply="end"), wait("again", reply="end")))
    assert late["again on_reply"] == "reachable"


def test_who_opted_out_is_sent_nothing_more() -> None:
    found = verdicts(
        flow(
            say(),
            wait(),
            sort('reply.intent == "opt_out"', to="more"),
            say("more", "last"),
            wait("last", reply="end"),
        )
    )
    assert found["last on_reply"] == "unreachable"
    assert found["last on_timeout"] == "reachable"


def test_a_reply_is_as_old_as_it_was_waited_for() -> None:
    document = flow(
        say(),
        wait(timeout="1h", silence="later", reply="end"),
        wait("later", timeout="2h"),
        sort("reply.hours < 0.5", "reply.hours > 2.5", "reply.hours > 3.5"),
    )
    found = verdicts(document)
    assert found["sort branch:0"] == "unreachable"
    assert found["sort branch:1"] == "reachable"
    assert found["sort branch:2"] == "unreachable"


def test_rare_arms_are_found_together() -> None:
    arms = [{"name": "often", "weight": 97, "next": "end"}, {"name": "rare", "weight": 3}]
    first = {
        "id": "one",
        "type": "split",
        "config": {"arms": [*arms[:1], {**arms[1], "next": "two"}]},
    }
    second = {"id": "two", "type": "split", "config": {"arms": arms}}
    assert set(verdicts(flow(first, second)).values()) == {"reachable"}


def test_a_sample_answers_for_a_webhook() -> None:
    found = verdicts(
        flow(
            step("call", "webhook", "sort", url="https://example.org", sample={"status": "ok"}),
            sort('status == "ok"', id="sort"),
        )
    )
    assert found == {
        "call next": "reachable",
        "sort branch:0": "reachable",
        "sort else": "unreachable",
    }


def test_answers_are_of_their_questions_kind() -> None:
    asked = {"id": "energy", "text": "?", "kind": "scale", "min": 1, "max": 5}
    found = verdicts(
        flow(
            step("ask", "check_in", "sort", body="?", channel="web", questions=[asked]),
            sort("answers.energy > 5", "answers.energy == null", "answers.energy == 4"),
        )
    )
    assert found["sort branch:0"] == "unreachable"
    assert found["sort branch:1"] == "reachable"
    assert found["sort branch:2"] == "reachable"
    assert found["sort else"] == "reachable"


def test_a_number_without_written_ends_may_be_any() -> None:
    whens = ("answers.hours > 100", "answers.hours < 0", "answers.hours == 2.5")
    for ends, expected in (({}, {"reachable"}), ({"min": 3, "max": 9}, {"unreachable"})):
        asked = {"id": "hours", "text": "?", "kind": "number", **ends}
        found = verdicts(
            flow(
                step("ask", "check_in", "sort", body="?", channel="web", questions=[asked]),
                sort(*whens),
            )
        )
        assert {found[f"sort branch:{number}"] for number in range(3)} == expected


LISTS = (
    'contact.tags.filter(t, t.startsWith("v")).size() > 1',
    'contact.tags[0] == "x"',
    '!(contact.tags[0] == "x")',
    'contact.tags.exists_one(t, t == "vip")',
    "contact.tags.map(t, size(t)) == [3, 4]",
    'contact.tags == ["a"]',
    "size(contact) > 9",
    'contact.name.endsWith("x.org") && contact.tags.filter(t, t.startsWith("v")).size() > 1',
)


@pytest.mark.parametrize("when", LISTS)
def test_lists_are_guessed(when: str) -> None:
    assert verdicts(flow(say(), wait(), sort(when)))["sort branch:0"] == "reachable"


def long_flow(parts: int) -> Document:
    """Sends, waits, conditions and counters, again and again."""
    steps: list[Step] = []
    for number in range(parts):
        after = f"say{number + 1}" if number + 1 < parts else "end"
        whens = (f'reply.intent == "interested" && contact.visits > {number}', "contact.age == 40")
        sorting = sort(*whens, id=f"sort{number}", to=f"set{number}", other=after)
        steps += [
            say(f"say{number}", f"wait{number}"),
            wait(f"wait{number}", reply=f"sort{number}", silence=after),
            sorting,
            step(f"set{number}", "set", after, values={"n": "n + 1"}),
        ]
    return flow(*steps, variables={"n": 0}, start="say0")


def test_a_long_flow_is_known() -> None:
    assert set(verdicts(long_flow(30)).values()) == {"reachable"}


def test_a_witness_says_no_more_than_its_way_needs() -> None:
    found = solved(long_flow(12))
    for row in found.values():
        assert row.witness is not None
        last = int("".join(filter(str.isdigit, row.step)) or 0)
        assert len(row.witness.replies) <= last + 1
    first = found["say0", "next"].witness
    assert first is not None
    assert (first.contact, first.replies) == ({}, [])


def test_a_loop_of_many_replies_has_a_witness() -> None:
    document = flow(
        step("more", "set", "say", values={"n": "n + 1"}),
        say(),
        wait(),
        sort("n > 210", to="won", other="more"),
        step("won", "goal", name="x"),
        variables={"n": 0},
        start="more",
    )
    row = solved(document)["won", "next"]
    assert row.verdict == "reachable"
    assert row.witness is not None
    assert len(row.witness.replies) == 211


def test_a_witness_that_is_too_large_is_not_known() -> None:
    many = " && ".join(f"has(contact.f{number})" for number in range(210))
    row = solved(flow(*chained(many)))["s9", "branch:0"]
    assert row.verdict == "unknown"
    assert "more attributes" in row.reason


def chained(conditions: str) -> list[Step]:
    """One condition after another, for one would be too long."""
    parts = conditions.split(" && ")
    size = -(-len(parts) // 10)
    return [
        sort(
            " && ".join(parts[number * size : (number + 1) * size]),
            id=f"s{number}",
            to=f"s{number + 1}" if number < 9 else "end",
        )
        for number in range(10)
    ]


def test_words_that_are_too_long_to_be_written_are_not_known() -> None:
    found = verdicts(flow(say(), wait(), sort("size(reply.text) > 20000", "contact.age > 40")))
    assert found["sort branch:0"] == "unknown"
    assert found["sort branch:1"] == "reachable"


def test_a_loop_that_never_ends_does_not_hide_what_is_before_it() -> None:
    document = flow(
        step("put", "set", "early", values={"n": "1"}),
        sort("n > 5", id="early", to="turn", other="turn"),
        step("turn", "set", "round", values={"n": "n + 2"}),
        sort('n != 4 || contact.name == "x"', id="round", to="turn"),
    )
    found = verdicts(document)
    assert found["early branch:0"] == "unreachable"
    assert found["early else"] == "reachable"


def test_nobody_takes_a_way_after_a_year() -> None:
    document = flow(say(), wait(timeout="366d", reply="end", silence="after"), say("after", "end"))
    found = solved(document)
    assert found["wait", "on_timeout"].verdict == "unreachable"
    assert "365 days" in found["wait", "on_timeout"].reason


def test_steps_that_nothing_leads_to() -> None:
    row = solved(flow(step("a", "goal", name="x"), step("lost", "goal", name="y")))["lost", "next"]
    assert (row.verdict, row.reason) == (
        "unreachable",
        "No way from the start leads to this step.",
    )


def test_a_reply_that_nobody_waited_for_is_not_there() -> None:
    row = solved(flow(sort('reply.intent == "interested"')))["sort", "branch:0"]
    assert row.verdict == "unreachable"
    assert row.reason == "The branch needs “intent is interested”, but here there is no reply."


def test_a_late_answer_may_still_come() -> None:
    asked = {"id": "mood", "text": "?", "kind": "choice", "choices": ["good", "bad"]}
    found = verdicts(
        flow(
            step(
                "ask", "check_in", "wait", body="?", channel="sms", timeout="1d", questions=[asked]
            ),
            wait(),
            sort("answers.mood == 'good' && reply.hours > 24.5", "answers.mood == null"),
        )
    )
    assert set(found.values()) == {"reachable"}


def test_a_way_that_leads_nowhere_counts() -> None:
    found = solved(flow(step("a", "goal", next=None, name="x")))
    assert found["a", "next"].to is None
    assert found["a", "next"].verdict == "reachable"


def test_quiet_hours_and_moments_do_not_hide_a_way() -> None:
    document = flow(
        step("pause", "delay", "say", until={"weekday": "friday", "time": "23:00"}),
        say(),
        wait(timeout="3h"),
        sort('reply.intent == "question"'),
        quiet_hours={"from": "21:00", "to": "08:00"},
        start="pause",
    )
    assert set(verdicts(document).values()) == {"reachable"}


def test_one_way_alone() -> None:
    compiled = compile_flow(flow(sort("contact.age == 47")))
    row = solve_way(compiled, "sort", "branch:0")
    assert row.verdict == "reachable"
    assert row.witness is not None
    assert row.witness.contact == {"age": 47}
    with pytest.raises(KeyError):
        solve_way(compiled, "sort", "branch:7")


def test_the_same_flow_gives_the_same_answer() -> None:
    for seed in (3, 64, 147):
        compiled = compile_flow(document(seed))
        assert solve(compiled) == solve(compiled)


def test_where_the_time_ends_nothing_is_claimed() -> None:
    rows = solve(compile_flow(flow(say(), wait(), sort("contact.age == 47"))), budget_seconds=0)
    assert {row.verdict for row in rows} == {"unknown"}


@pytest.mark.parametrize("first", range(0, FLOWS, TOGETHER))
def test_verdicts_agree_with_everybody_who_plays(first: int) -> None:
    ways = unknown = 0
    for seed in range(first, first + TOGETHER):
        made = document(seed)
        found = solved(made)
        compiled = compile_flow(made)
        players = Players(compiled)
        for guess in everybody(compiled, text_of(made), PEOPLE):
            for target in players.taken(Guess(guess.contact, guess.replies, guess.seed), STEPS):
                assert found[target].verdict != "unreachable", (seed, target, guess)
        ways += len(found)
        unknown += sum(row.verdict == "unknown" for row in found.values())
    assert unknown <= MOST_UNKNOWN * ways
