"""How long flows of 500 steps, and one made to be hard, take to be validated."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from benchmarks.measuring import ROOT, middle

STEPS = 500
REPEATS = 5
Step = dict[str, Any]
Document = dict[str, Any]
TIMED = """
import json, sys, time
from core.flows import validate_document
document = json.load(sys.stdin)
for _ in range(2):
    wall, cpu = time.perf_counter(), time.process_time()
    found = validate_document(document).findings
    print(time.perf_counter() - wall, time.process_time() - cpu, len(found))
"""
CONDITIONS = (
    'reply.intent == "interested"',
    'reply.sentiment == "negative"',
    'reply.intent in ["thanks", "question"]',
    "reply.hours < 5.0",
    'reply.text.contains("yes")',
    "contact.visits > 3",
    "contact.age > 30 && contact.purchases == 0",
    "contact.visits >= 5 || contact.age < 20",
    "contact.visits * 2 > contact.purchases + 3",
    "contact.last_seen_days > 30",
    'contact.first_name.startsWith("A")',
    'contact.email == "" || contact.phone == ""',
    '"vip" in contact.tags',
    "!(contact.age > 50)",
    "has(contact.company)",
    "answers.energy >= 5",
    "answers.energy >= 5 && answers.energy < 3",
    "score > 2",
    "score > 2 && contact.visits < 1",
    "score > contact.visits",
)


def step(number: int, kind: str, *ways: str, **config: Any) -> Step:
    """A step that leads on to the next by these ways."""
    return {
        "id": f"s{number}",
        "type": kind,
        "config": config,
        **dict.fromkeys(ways or ("next",), f"s{number + 1}"),
    }


def wait(number: int, timeout: str = "2d") -> Step:
    return step(number, "wait_for_reply", "on_reply", "on_timeout", timeout=timeout)


def message(number: int) -> Step:
    body = f"Hi {{{{ contact.first_name }}}}, part {number} is ready. Reply STOP to opt out."
    return step(number, "send_sms", body=body)


def assessment(number: int, question: str) -> Step:
    asked = {"id": question, "text": "How much?", "kind": "scale", "min": 1, "max": 10}
    return step(number, "assessment", title="Check", questions=[asked], channel="web")


def branches(number: int, rows: list[tuple[str, int]]) -> Step:
    """A condition; each row is what is asked and the number of the step that it leads to."""
    listed = [{"when": when, "next": f"s{to}"} for when, to in rows]
    config = {"branches": listed, "else": f"s{number + 1}"}
    return {"id": f"s{number}", "type": "condition", "config": config}


def mixed(number: int) -> Step:
    """Every kind of step; no condition is there twice."""
    random, last = Random(number), max(0, (number - 3) // 10 * 10)
    match number % 10:
        case 0:
            return assessment(number, f"q{number}")
        case 1 | 6:
            return message(number)
        case 2:
            return wait(number)
        case 4:
            return step(number, "delay", duration=f"{1 + number % 3}d")
        case 7:
            return step(number, "set", values={"score": f"contact.visits * 2 + {number}"})
        case 8:
            return step(number, "twin_reply", instructions="Answer shortly.")
    asked = (
        f'reply.intent == "interested" && contact.visits > {number}',
        f"answers.q{last} >= {random.randint(2, 9)} && contact.age != {number}",
        f"score > {number} || contact.purchases >= {number % 7}",
        f'contact.age > {20 + number} && reply.sentiment == "positive"',
    )
    ahead = [min(number + random.randint(1, 12), STEPS - 1) for _ in range(2)]
    return branches(number, list(zip(random.sample(asked, 2), ahead, strict=True)))


def chain(number: int) -> Step:
    """Messages and waits."""
    return wait(number) if number % 2 else message(number)


def same(number: int) -> Step:
    """Every second step is the same condition."""
    if number % 2:
        return wait(number) if number % 4 == 1 else step(number, "delay", duration="1d")
    ahead = min(number + 2, STEPS - 1)
    return branches(number, [('reply.intent == "interested" && contact.visits > 3', ahead)])


def loops(number: int) -> Step:
    """Twenty loops of 24 steps, each taken three times."""
    tries, place = f"tries{number // 25}", number % 25
    if place == 0:
        return step(number, "set", values={tries: "0"})
    if place == 23:
        return step(number, "set", values={tries: f"{tries} + 1"})
    if place == 24:
        return branches(number, [(f"{tries} < 3", number - 23)])
    if place % 3 == 0:
        return step(number, "delay", duration="5h")
    return message(number) if place % 3 == 1 else wait(number)


def twenty(number: int) -> Step:
    """Twenty conditions again and again, behind messages, waits and values."""
    if number == 0:
        return assessment(0, "energy")
    match number % 5:
        case 0:
            return message(number)
        case 1:
            return wait(number, "1d")
        case 2:
            return step(number, "set", values={"score": "contact.visits * 2"})
    ahead = min(number + 4, STEPS - 1)
    chosen = [CONDITIONS[(number * by + more) % 20] for by, more in ((7, 0), (3, 1))]
    return branches(number, [(when, ahead) for when in chosen])


def hostile(number: int) -> Step:
    """A thousand steps, each leading anywhere: 9,600 branches, loops everywhere."""
    random = Random(number)

    def anywhere() -> str:
        return f"s{random.randrange(1_000)}"

    made = mixed(number)
    if number % 5 < 2:
        asked = [
            f"x{random.randrange(50)} > {random.randrange(99)} && contact.age < {place}"
            if number % 5
            else random.choice(CONDITIONS)
            for place in range(24)
        ]
        made = branches(number, [(when, random.randrange(1_000)) for when in asked])
    elif number % 5 == 3:
        values = {f"x{(number + by) % 50}": f"x{random.randrange(50)} + {by}" for by in range(3)}
        made = step(number, "set", values=values)
    return {
        **made,
        **{way: anywhere() for way in ("next", "on_reply", "on_timeout") if way in made},
    }


KINDS: dict[str, tuple[Callable[[int], Step], int]] = {
    "every kind of step, each condition different": (mixed, STEPS),
    "a chain of messages and waits": (chain, STEPS),
    "250 times the same condition": (same, STEPS),
    "twenty long loops": (loops, STEPS),
    "twenty conditions, 200 steps of them": (twenty, STEPS),
    "hostile: 1,000 steps, all meshed": (hostile, 1_000),
}


def document(make: Callable[[int], Step], count: int) -> Document:
    """A flow of so many steps, and an end."""
    end = {"id": f"s{count}", "type": "end"}
    return {"name": "Long", "steps": [*map(make, range(count)), end]}


def timed(flow: Document) -> Iterator[list[float]]:
    """Of the first call of a fresh process, and of the second: wall, processor, findings."""
    command = [sys.executable, "-c", TIMED]
    done = subprocess.run(
        command, input=json.dumps(flow), cwd=ROOT, capture_output=True, text=True, check=True
    )
    for line in done.stdout.splitlines():
        yield [float(word) for word in line.split()]


def measure() -> str:
    """The section of RESULTS.md."""
    lines = [
        "Reading a document and all checks, in milliseconds: the first call of a fresh process "
        "(`core.flows` imported; what it loads later, such as the solver, is in the figures), and "
        "a second call.",
        "",
        "| flow | findings | first, wall | first, processor | second, wall |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, (make, count) in KINDS.items():
        runs = [list(timed(document(make, count))) for _ in range(REPEATS)]
        first, second = ([run[place] for run in runs] for place in (0, 1))
        figures = [
            middle([one[place] * 1_000 for one in calls])
            for calls, place in ((first, 0), (first, 1), (second, 0))
        ]
        lines.append(f"| {name} | {first[0][2]:.0f} | " + " | ".join(figures) + " |")
    lines += ["", "Bar: 300 ms wall for 500 steps, about 2,000 ms for the hostile one."]
    return "\n".join(lines)
