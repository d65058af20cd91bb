"""How soon pages appear and clicks answer in a real browser, also while a large run is going on."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import yaml
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.measuring import ROOT, middle
from tests.browser.conftest import ARGUMENTS, CHROMIUMS, free_port, wait_for_health
from tests.browser.driving import settled

FLOW = ROOT / "benchmarks" / "flows" / "twenty_steps.yaml"
WARM = 7
LONG_RUN = 100_002


@contextmanager
def served(home: Path) -> Iterator[str]:
    """A running workbench with the demo workspace."""
    environment = {
        **os.environ,
        "GREENROOM_HOME": str(home / "greenroom"),
        "GREENROOM_WORKSPACE": "demo",
    }
    greenroom = [sys.executable, "-c", "from core.cli import main; main()", "demo"]
    subprocess.run(greenroom, env=environment, cwd=ROOT, check=True, capture_output=True)
    port = free_port()
    flags = f"--server.port {port} --server.address 127.0.0.1 --server.headless true".split()
    log = home / "server.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags]
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            wait_for_health(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def ask(address: str, body: Any = None) -> Any:
    """One request to the API."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address, data, {"Content-Type": "application/json"})) as answer:
        return json.loads(answer.read())


def finished(address: str, run: str) -> dict[str, Any]:
    """Wait for a run."""
    while True:
        found: dict[str, Any] = ask(f"{address}/api/v1/runs/{run}")
        if found["status"] == "finished":
            return found
        time.sleep(0.5)


def start(address: str, flow: str, people: int) -> str:
    """Start a run of all seven personas."""
    asked = {"flow_id": flow, "cast": "all", "copies": people // 7, "seed": 7}
    return str(ask(f"{address}/api/v1/runs", asked)["id"])


def timed(act: Callable[[], object], repeats: int) -> list[float]:
    """Seconds of each repeat."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - started)
    return seconds


def appears(page: Page, address: str, text: str) -> Callable[[], None]:
    """Open an address in the same browser, until its own text is seen and Streamlit rests."""

    def act() -> None:
        page.goto(address)
        expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    return act


def clicks(page: Page, address: str, repeats: int) -> list[float]:
    """Seconds from a click on the gallery's filter to its effect on the page."""
    page.goto(address)
    settled(page)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        page.get_by_text("Your own", exact=True).click()
        expect(page.get_by_text("Busy Bob")).to_have_count(0, timeout=30_000)
        seconds.append(time.perf_counter() - started)
        page.get_by_text("All", exact=True).click()
        expect(page.get_by_text("Busy Bob").first).to_be_visible(timeout=30_000)
        page.wait_for_timeout(300)
    return seconds


def measure() -> str:
    """The section of RESULTS.md."""
    chromium = next(path for name in CHROMIUMS if (path := shutil.which(name)))
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
        flow = ask(f"{address}/api/v1/flows", yaml.safe_load(FLOW.read_text("utf-8")))["id"]
        run = finished(address, start(address, flow, 2_800))
        rows = []
        pages = {
            "flow page with its drawing": (f"{address}/flows?flow={flow}", "Rehearse"),
            f"report of a run with {run['events']:,} events": (
                f"{address}/report?run={run['id']}",
                "What to change first",
            ),
        }
        quiet: dict[str, float] = {}
        for name, (where, text) in pages.items():
            act = appears(page, where, text)
            timed(act, 2)
            seconds = timed(act, WARM)
            quiet[name] = statistics.median(seconds)
            rows.append((name, middle(seconds), "2 s"))
        seconds = clicks(page, f"{address}/people", WARM)
        quiet["click"] = statistics.median(seconds)
        rows.append(
            ("click on a filter of the gallery, until its effect", middle(seconds), "0.3 s")
        )
        long_run = start(address, flow, LONG_RUN)
        while ask(f"{address}/api/v1/runs/{long_run}")["done"] == 0:
            time.sleep(0.2)
        for name, (where, text) in pages.items():
            seconds = timed(appears(page, where, text), WARM)
            times = statistics.median(seconds) / quiet[name]
            rows.append((f"{name}, while 100,000 people play", middle(seconds), f"{times:.2f} ×"))
        seconds = clicks(page, f"{address}/people", WARM)
        times = statistics.median(seconds) / quiet["click"]
        rows.append(("click, while 100,000 people play", middle(seconds), f"{times:.2f} ×"))
        state = ask(f"{address}/api/v1/runs/{long_run}")
        still = "still going on" if state["status"] == "running" else "finished before the end"
        ask(f"{address}/api/v1/runs/{long_run}/stop", {})
        browser.close()
    table = "\n".join(f"| {name} | {seconds} | {bar} |" for name, seconds, bar in rows)
    return (
        "Chromium, 1440 × 1000, warm (two visits first), seconds from opening the address until "
        "its content is seen and Streamlit rests; the browser, the workbench and the run share "
        f"the same cores. At the end the run of 100,000 was {still}.\n\n"
        "| what | seconds, median (least–most) | bar, or times the quiet figure (bar 2 ×) |\n"
        f"| --- | --- | --- |\n{table}"
    )
