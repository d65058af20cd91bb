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
from core.domain.models import Call, Completion, Model
from core.domain.runs import Run
from core.minds import LanguageMind
from core.rehearsal import Script, Stage
from core.settings import Settings
from core.workbench import Workbench

DELAY = 0.2
ROUNDS = 5
PLANS = ((20, 200), (100, 500))
"""Calls in flight, and how many calls."""
FLOW: dict[str, Any] = {
    "name": "One message",
    "steps": [
        {
            "id": "hello",
            "type": "send_email",
            "config": {
                "subject": "We kept your seat, {{ contact.first_name }}",
                "body": "Hi {{ contact.first_name }}, the spring course starts soon, and there is "
                "one seat left at the price of last year, $49. Shall we keep it for you? Just "
                "answer this mail. Unsubscribe: {{ links.unsubscribe }}",
            },
            "next": "wait",
        },
        {"id": "wait", "type": "wait_for_reply", "config": {"timeout": "2d"}},
    ],
}
ANSWER = json.dumps(
    {
        "action": "reply",
        "delay_hours": 2.5,
        "text": "Yes please, keep it for me. What time does it start?",
        "intent": "interested",
        "sentiment": "positive",
        "why": "The price is fair and the course is what this person was looking for.",
    }
)
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


def cpu_of(pid: int | None) -> float:
    """Seconds of processor that another process has used."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Rehearsing:
    """A workspace with a model at an address, and people who get one message each."""

    def __init__(self, address: str, home: Path) -> None:
        self.bench = Workbench(Settings(home=home, workers=0))
        self.space = self.bench.workspace()
        self._address = f"{address}/v1"
        self._flow = self.space.flows.keep(FLOW)

    def model(self, in_flight: int) -> Model:
        """The stub, with prices and so many calls in flight."""
        return Model(
            id="stub",
            name="Stub",
            model="openai/stub",
            address=self._address,
            in_flight=in_flight,
            input_price=1.0,
            output_price=5.0,
        )

    def prepare(self, in_flight: int, people: int, seed: int) -> Run:
        """A run of so many people, not played yet."""
        population = self.space.populations.from_words("skeptical-sarah", people, seed)
        return self.space.rehearsals.prepare(
            self._flow.id,
            population.id,
            seed=seed,
            engine="language",
            model=self.model(in_flight),
            budget_usd=1_000.0,
        )

    def questions(self, people: int, seed: int) -> list[Call]:
        """What these people's reactions ask, without asking it."""
        population = self.space.populations.from_words("skeptical-sarah", people, seed)
        who = self.space.store.populations.people(population.id, 0, people)
        personas = self.space.populations.personas(population.id)
        asked: list[Call] = []

        class Noting:
            async def complete(self, call: Call) -> Completion:
                asked.append(call)
                return Completion(ANSWER)

        mind = LanguageMind(Noting(), self.model(1))
        script = Script(FLOW, {id: one.model_dump() for id, one in personas.items()}, {}, seed, {})
        asyncio.run(Stage(script, mind=mind).play(who))
        return asked


def serve_plain(address: str) -> None:
    """litellm alone, with a semaphore, as its documentation shows it; the same questions."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    async def one(call: Call, gate: asyncio.Semaphore) -> None:
        wanted = {"name": "answer", "schema": call.schema, "strict": True}
        async with gate:
            await litellm.acompletion(
                model="openai/stub",
                api_base=f"{address}/v1",
                api_key="no-key",
                messages=[dict(message) for message in call.messages],
                max_tokens=400,
                response_format={"type": "json_schema", "json_schema": wanted},
            )

    async def play(in_flight: int, calls: list[Call]) -> None:
        gate = asyncio.Semaphore(in_flight)
        await asyncio.gather(*(one(call, gate) for call in calls))

    with tempfile.TemporaryDirectory() as home:
        rehearsing = Rehearsing(address, Path(home))
        runner = asyncio.Runner()
        for line in sys.stdin:
            in_flight, calls, seed = map(int, line.split())
            questions = rehearsing.questions(calls, seed)
            started, used = time.perf_counter(), time.process_time()
            runner.run(play(in_flight, questions))
            _tell(started, time.process_time() - used)
        runner.close()
        rehearsing.bench.close()


def serve_ours(address: str) -> None:
    """The whole rehearsal: prompts, gateway, reactions, events, all of it committed."""
    with tempfile.TemporaryDirectory() as home:
        rehearsing = Rehearsing(address, Path(home))
        service = rehearsing.bench.service
        service.warm().result()
        for line in sys.stdin:
            in_flight, calls, seed = map(int, line.split())
            run = rehearsing.prepare(in_flight, calls, seed)
            started, used = time.perf_counter(), time.process_time() + cpu_of(service.pid)
            rested = rehearsing.space.rehearsals.play(run.id)
            _tell(started, time.process_time() + cpu_of(service.pid) - used)
            if rested.status != "finished":
                raise RuntimeError(f"The run did not finish: {rested.error}")
        rehearsing.bench.close()


def _tell(started: float, used: float) -> None:
    print(json.dumps({"wall": time.perf_counter() - started, "cpu": used}), flush=True)


def side_by_side(address: str) -> list[str]:
    """Lines of the table: litellm alone against the whole rehearsal, in turns."""
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


def edsl(address: str, other: str, people: int = 100) -> list[str]:
    """100 people, one reaction each: ours, and EDSL at a stub whose answer it can read."""
    python = os.environ.get(EDSL_PYTHON)
    if not python:
        return [f"EDSL was not measured: `{EDSL_PYTHON}` names no Python that has it."]
    theirs, ours = [], []
    words = _words_of(people)
    player = Player("ours", address)
    player.play(20, 40, 500_000)
    for number in range(ROUNDS):
        theirs.append(_edsl_once(python, other, words, people))
        ours.append(player.play(people, people, 600_000 + 1_000 * number))
    player.end()
    lines = ["| | wall s | processor, ms a reaction |", "| --- | --- | --- |"]
    for name, figures in (("EDSL 1.0.9", theirs), ("Greenroom, the whole rehearsal", ours)):
        wall = middle([one["wall"] for one in figures])
        lines.append(f"| {name} | {wall} | {middle([f['cpu'] / people * 1e3 for f in figures])} |")
    return lines


def _words_of(people: int) -> list[str]:
    """The system and the user message of one of these people."""
    with tempfile.TemporaryDirectory() as home:
        rehearsing = Rehearsing("http://localhost", Path(home))
        call = rehearsing.questions(people, 1)[0]
        rehearsing.bench.close()
    return [message["content"] for message in call.messages]


def _edsl_once(python: str, address: str, words: list[str], people: int) -> dict[str, float]:
    environment = {
        **os.environ,
        "OPENAI_COMPATIBLE_BASE_URL": f"{address}/v1",
        "OPENAI_COMPATIBLE_API_KEY": "no-key",
        "EDSL_LOG_LEVEL": "ERROR",
    }
    environment.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, "-c", EDSL_SCRIPT, str(people), *words],
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
    with stub("--answer", ANSWER) as address:
        beside = side_by_side(address)
        again = repeated(address)
        with stub("--answer", "reply") as readable:
            other = edsl(address, readable)
    lines = [
        f"Against a local stub that answers after {DELAY * 1e3:.0f} ms. *Alone* is "
        "`litellm.acompletion` behind a semaphore with the same questions, *ours* a whole "
        "rehearsal: prompts, cache, budget, limits, ledger, reactions and events, committed, the "
        f"child process included; in turns, {ROUNDS} rounds.",
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
