"""What the way to language models costs: beside litellm alone, beside EDSL, and when repeated."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, middle
from core.domain.models import Call, Model
from core.minds import Keys, ModelService
from core.store import Store

DELAY = 0.2
ROUNDS = 5
PLANS = ((20, 200), (100, 500))
"""Calls in flight, and how many calls."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "enum": ["ignore", "read", "reply", "click", "leave"]},
        "why": {"type": "string", "maxLength": 300},
        "reply": {"type": ["string", "null"]},
        "hours": {"type": "number", "minimum": 0, "maximum": 72},
    },
    "required": ["action", "why", "reply", "hours"],
    "additionalProperties": False,
}
SYSTEM = (
    "You play one person who receives messages, and decide what this person does with them. "
    "Stay this person; people are busy and most messages are not answered. "
) * 12
USER = (
    "You are Pat, 41, who runs a small studio and answers in few words. On Tuesday at 09:00 this "
    "e-mail arrives. Subject: We kept your seat. Body: Hi Pat, the spring course starts soon and "
    "there is one seat left at the price of last year. Shall we keep it for you? "
) * 3
EDSL_PYTHON = "GREENROOM_EDSL_PYTHON"
EDSL_SCRIPT = """
import json, resource, sys, time
from edsl import Agent, AgentList, Model, QuestionMultipleChoice
count, system, user = int(sys.argv[1]), sys.argv[2], sys.argv[3]
agents = AgentList([Agent(name=f"p{n}", traits={"persona": f"{system} Person {n}."})
                    for n in range(count)])
question = QuestionMultipleChoice(question_name="action", question_text=user,
                                  question_options=["ignore", "read", "reply", "click", "leave"])
model = Model("stub", service_name="openai_compatible", rpm=1_000_000, tpm=1_000_000_000)
def once(people):
    return question.by(people).by(model).run(
        cache=False, disable_remote_inference=True, disable_remote_cache=True,
        progress_bar=False, print_exceptions=False)
once(agents[:1])
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
started, before = time.perf_counter(), cpu()
results = once(agents)
answered = len([a for a in results.select("answer.action").to_list() if a])
print(json.dumps({"wall": time.perf_counter() - started, "cpu": cpu() - before,
                  "answered": answered}))
"""


@contextlib.contextmanager
def stub(*given: str) -> Iterator[str]:
    """The stand-in for a provider, in a process of its own; gives its address."""
    command = [sys.executable, "-m", "tests.support.model_stub", "--delay", str(DELAY), *given]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


class Player:
    """A process that makes calls when told to: ``plain`` litellm, or ``ours``."""

    def __init__(self, kind: str, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.models", kind, address],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def play(self, in_flight: int, calls: int, first: int) -> dict[str, float]:
        """Make so many calls, and give the wall time and the processor time of all processes."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{in_flight} {calls} {first}\n")
        self._process.stdin.flush()
        played: dict[str, float] = json.loads(self._process.stdout.readline())
        return played

    def end(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


def messages(number: int) -> list[dict[str, str]]:
    """One person's question; equal for litellm alone and for us."""
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": f"{USER} Person {number}."},
    ]


def cpu_of(pid: int | None) -> float:
    """Seconds of processor that another process has used."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve_plain(address: str) -> None:
    """litellm alone, with a semaphore, as its documentation shows it."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    wanted = {"name": "answer", "schema": SCHEMA, "strict": True}

    async def one(number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            await litellm.acompletion(
                model="openai/stub",
                api_base=f"{address}/v1",
                api_key="no-key",
                messages=messages(number),
                max_tokens=400,
                response_format={"type": "json_schema", "json_schema": wanted},
            )

    async def play(in_flight: int, calls: int, first: int) -> None:
        gate = asyncio.Semaphore(in_flight)
        await asyncio.gather(*(one(first + n, gate) for n in range(calls)))

    async def serve() -> None:
        while line := await asyncio.to_thread(sys.stdin.readline):
            in_flight, calls, first = map(int, line.split())
            started, used = time.perf_counter(), time.process_time()
            await play(in_flight, calls, first)
            _tell(started, time.process_time() - used)

    asyncio.run(serve())


def serve_ours(address: str) -> None:
    """The gateway with its cache, budget, limits, retries and ledger, over a workspace's store."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home) / "greenroom.duckdb")
        service = ModelService()
        service.warm().result()
        gateway = service.gateway(store.answers, store.calls, Keys(store.secrets, Path(home), {}))
        gateway.set_budget("run", 1_000.0)

        async def play(in_flight: int, calls: int, first: int) -> None:
            model = Model(
                id="stub",
                name="Stub",
                model="openai/stub",
                address=f"{address}/v1",
                in_flight=in_flight,
                input_price=1.0,
                output_price=5.0,
            )
            await asyncio.gather(
                *(
                    gateway.complete(
                        Call(
                            model=model,
                            messages=tuple(messages(first + n)),
                            prompt="bench-1",
                            schema=SCHEMA,
                            account="run",
                            about=(f"person-{n}", "hello", 0),
                        )
                    )
                    for n in range(calls)
                )
            )

        for line in sys.stdin:
            in_flight, calls, first = map(int, line.split())
            started, used = time.perf_counter(), time.process_time() + cpu_of(service.pid)
            service.run(play(in_flight, calls, first)).result()
            gateway.flush()
            _tell(started, time.process_time() + cpu_of(service.pid) - used)
        gateway.close()
        service.close()
        store.close()


def _tell(started: float, used: float) -> None:
    print(json.dumps({"wall": time.perf_counter() - started, "cpu": used}), flush=True)


def side_by_side(address: str) -> list[str]:
    """Lines of the table: litellm alone against the gateway, in turns."""
    plain, ours = Player("plain", address), Player("ours", address)
    first = 0
    for player in (plain, ours):
        player.play(20, 40, first := first + 1_000)
    lines = []
    for in_flight, calls in PLANS:
        alone, through = [], []
        for _ in range(ROUNDS):
            alone.append(plain.play(in_flight, calls, first := first + 1_000))
            through.append(ours.play(in_flight, calls, first := first + 1_000))
        wall = [b["wall"] / a["wall"] for a, b in zip(alone, through, strict=True)]
        more = [(b["cpu"] - a["cpu"]) / calls * 1e3 for a, b in zip(alone, through, strict=True)]
        cells = (
            f"{in_flight}",
            f"{calls:,}",
            middle([a["wall"] for a in alone]),
            middle([b["wall"] for b in through]),
            middle(wall),
            middle([a["cpu"] / calls * 1e3 for a in alone]),
            middle([b["cpu"] / calls * 1e3 for b in through]),
            middle(more),
        )
        lines.append(f"| {' | '.join(cells)} |")
    plain.end()
    ours.end()
    return lines


def repeated(address: str) -> str:
    """What a repeated run asks of the provider."""
    ours = Player("ours", address)
    fresh = ours.play(20, 200, 0)
    before = _asked(address)
    again = ours.play(20, 200, 0)
    asked = _asked(address) - before
    ours.end()
    return (
        f"The same 200 calls again: {asked} calls to the provider, {again['wall']:.3f} s against "
        f"{fresh['wall']:.2f} s, {again['cpu'] / 200 * 1e3:.2f} ms of processor each."
    )


def _asked(address: str) -> int:
    import httpx

    return int(httpx.get(f"{address}/stub", trust_env=False).json()["requests"])


def edsl(address: str, people: int = 100) -> list[str]:
    """100 people, one reaction each: EDSL and ours on the same stub."""
    python = os.environ.get(EDSL_PYTHON)
    if not python:
        return [f"EDSL was not measured: `{EDSL_PYTHON}` names no Python that has it."]
    theirs, ours = [], []
    player = Player("ours", address)
    player.play(20, 40, 500_000)
    for number in range(ROUNDS):
        theirs.append(_edsl_once(python, address, people))
        ours.append(player.play(people, people, 600_000 + 1_000 * number))
    player.end()
    lines = ["| | wall s | processor, ms a reaction |", "| --- | --- | --- |"]
    for name, figures in (("EDSL 1.0.9", theirs), ("Greenroom's gateway", ours)):
        wall = middle([one["wall"] for one in figures])
        lines.append(f"| {name} | {wall} | {middle([f['cpu'] / people * 1e3 for f in figures])} |")
    return lines


def _edsl_once(python: str, address: str, people: int) -> dict[str, float]:
    environment = {
        **os.environ,
        "OPENAI_COMPATIBLE_BASE_URL": f"{address}/v1",
        "OPENAI_COMPATIBLE_API_KEY": "no-key",
        "EDSL_LOG_LEVEL": "ERROR",
    }
    environment.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, "-c", EDSL_SCRIPT, str(people), SYSTEM, USER],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"EDSL did not run: {done.stderr[-800:]}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    if figures["answered"] != people:
        raise RuntimeError(f"EDSL answered {figures['answered']:.0f} of {people}.")
    return figures


def measure() -> str:
    """The section of RESULTS.md."""
    with stub() as address:
        beside = side_by_side(address)
        again = repeated(address)
    with stub("--answer", "reply") as address:
        other = edsl(address)
    lines = [
        f"Against a local stub that answers after {DELAY * 1e3:.0f} ms. *Alone* is "
        "`litellm.acompletion` behind a semaphore, *ours* the gateway with cache, budget, limits, "
        "retries and ledger over a workspace's store, its child process included; in turns, "
        f"{ROUNDS} rounds.",
        "",
        "| in flight | calls | alone, s | ours, s | ratio of wall | alone, ms CPU a call "
        "| ours, ms CPU a call | ours above alone, ms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *beside,
        "",
        "Bars: 1.1 times the wall, 2 ms of processor above. " + again,
        "",
        f"100 people, one reaction each, 100 in flight, the same words (wall and processor after "
        f"imports and a first call; {ROUNDS} rounds in turns):",
        "",
        *other,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    {"plain": serve_plain, "ours": serve_ours}[sys.argv[1]](sys.argv[2])
