"""Whether the ways of small flows are decided as everybody who plays them shows, and how fast."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.measuring import middle
from benchmarks.validation import KINDS, document
from core.domain.coverage import WayCoverage
from core.domain.errors import BadInput
from core.flows import CompiledFlow, compile_flow
from core.flows.made_up import play_scripted
from core.flows.reach import solve
from core.flows.reach.playing import Players, finished, ways_in
from tests.core.flows.reach import generator

FLOWS = 2_000
PEOPLE = 150
STEPS = 40
LARGE = (20, 100, 500)
Taken = set[tuple[str, str]]


def measure() -> str:
    """The section of the results."""
    counts: Counter[str] = Counter()
    seconds = []
    for seed in range(FLOWS):
        made = generator.document(seed)
        flow = compile_flow(made)
        rows, spent = timed(flow)
        seconds.append(spent)
        count(rows, flow, everybody(flow, made), counts)
        if seed % 200 == 199:
            print(f"{seed + 1} flows: {dict(counts)}", file=sys.stderr)
    return "\n\n".join((spoken(f"{FLOWS:,} small flows", counts, seconds), *cases(), *large()))


def timed(flow: CompiledFlow) -> tuple[list[WayCoverage], float]:
    """The verdicts of a flow, and the processor's seconds."""
    begun = process_time()
    rows = solve(flow)
    return rows, process_time() - begun


def everybody(flow: CompiledFlow, made: dict[str, Any]) -> Taken:
    """The ways that anybody in the generator's small world takes."""
    players = Players(flow)
    people = generator.everybody(flow, generator.text_of(made), PEOPLE)
    return {target for one in people for target in players.taken(one, STEPS)}


def count(rows: list[WayCoverage], flow: CompiledFlow, taken: Taken, counts: Counter[str]) -> None:
    """Count the verdicts, and hold them against who was played."""
    for row in rows:
        way = (row.step, row.way)
        counts[row.verdict] += 1
        counts["wrong proofs"] += row.verdict == "unreachable" and way in taken
        counts["taken"] += way in taken
        counts["taken and found"] += way in taken and row.verdict == "reachable"
        counts["wrong witnesses"] += row.witness is not None and not takes(flow, row)


def takes(flow: CompiledFlow, row: WayCoverage) -> bool:
    """Whether a row's witness takes its way."""
    one = row.witness
    if one is None:
        return False
    played = finished(play_scripted(flow, one.contact, one.replies, one.seed))
    return (row.step, row.way) in ways_in(played)


def spoken(what: str, counts: Counter[str], seconds: list[float]) -> str:
    """The counts in words."""
    ways = counts["reachable"] + counts["unreachable"] + counts["unknown"]
    share = counts["unknown"] / max(ways, 1)
    return (
        f"{what}, {ways:,} ways: {counts['reachable']:,} reachable, each with a witness that was "
        f"played ({counts['wrong witnesses']} did not take their way), "
        f"{counts['unreachable']:,} unreachable ({counts['wrong proofs']} of them taken by "
        f"somebody), {counts['unknown']} unknown ({share:.2%}). Of {counts['taken']:,} ways that "
        f"somebody took, {counts['taken and found']:,} were found. Processor seconds a flow: "
        f"{middle(seconds)}."
    )


def cases() -> Iterator[str]:
    """The flows of the folder with real data, where there is one."""
    folder = os.environ.get("GREENROOM_BENCH_DATA")
    files = sorted((Path(folder).parent / "cases" / "flows").glob("*.json")) if folder else []
    counts: Counter[str] = Counter()
    seconds = []
    for file in files:
        given = json.loads(file.read_text("utf-8"))
        try:
            flow = compile_flow(given.get("flow", given))
        except BadInput:
            continue
        rows, spent = timed(flow)
        seconds.append(spent)
        count(rows, flow, set(), counts)
    if seconds:
        yield spoken(f"{len(seconds)} cases of the format", counts, seconds)


def large() -> Iterator[str]:
    """Long flows, for their time."""
    lines = ["| long flows | steps | seconds | ways | unknown |", "| --- | --- | --- | --- | --- |"]
    for name, (make, _) in list(KINDS.items())[:3]:
        for steps in LARGE:
            flow = compile_flow(shortened(document(make, steps), steps))
            begun = perf_counter()
            rows = solve(flow)
            spent = perf_counter() - begun
            unknown = sum(row.verdict == "unknown" for row in rows)
            lines.append(f"| {name} | {steps} | {spent:.1f} | {len(rows)} | {unknown} |")
    yield "\n".join(lines)


def shortened(made: dict[str, Any], steps: int) -> dict[str, Any]:
    """The same with what leads past its end led to its end."""
    known = {step["id"] for step in made["steps"]}

    def within(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: within(one) for key, one in value.items()}
        if isinstance(value, list):
            return [within(one) for one in value]
        past = isinstance(value, str) and value[:1] == "s" and value[1:].isdigit()
        return f"s{steps}" if past and value not in known else value

    return {key: within(value) for key, value in made.items()}
