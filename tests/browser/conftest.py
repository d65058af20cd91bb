"""A running Greenroom with the demo workspace, and a Chromium that may talk to it alone."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from core.settings import Settings
from core.workbench import Workbench
from tests.browser.driving import settled

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
HERE = {"127.0.0.1", "localhost", ""}
GUARD = ROOT / "tests" / "support" / "offline"
SLOWEST = 400
"""Seconds for one test; the first one trains the demo twin before it begins."""
ANSWERED = re.compile(r"status of (409|422)")
"""What the canvas asks and may be answered: somebody saved meanwhile, a text cannot be read."""
OpenPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SLOWEST))


@dataclass
class Seen:
    """What must not happen while a page is open."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self._request(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and (parts.hostname or "") not in HERE:
            self.foreign.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        probing = "/_stcore/" in url  # Streamlit looks for its root
        told = "/api/v1/" in url and ANSWERED.search(message.text)  # the page says it in words
        if message.type == "error" and not probing and not told:
            self.errors.append(message.text)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_health(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers.

    Raises:
        RuntimeError: If it ends, or does not answer within a minute.
    """
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/api/v1/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            if process.poll() is not None:
                break
        time.sleep(0.1)
    raise RuntimeError(f"Greenroom did not start:\n{log.read_text('utf-8')[-4_000:]}")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo workspace, made by ``greenroom demo``, and one that nobody touches."""
    folder = tmp_path_factory.mktemp("browser") / "home"
    command = [sys.executable, "-c", "from core.cli import main; main()", "demo"]
    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    bench = Workbench(Settings(home=folder))
    bench.workspace("untouched", create=True)
    bench.close()
    return folder


def environment(home: Path) -> dict[str, str]:
    """This process's environment with a home of its own, opened at the demo, and no way out.

    Python reads ``sitecustomize`` from the guard's folder first, in each process that starts.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    return {
        **kept,
        "GREENROOM_CACHE": os.environ["GREENROOM_CACHE"],
        "GREENROOM_HOME": str(home),
        "GREENROOM_WORKSPACE": "demo",
        "GREENROOM_OFFLINE_LOG": str(attempts_log(home)),
        "PYTHONPATH": str(GUARD),
    }


def attempts_log(home: Path) -> Path:
    """Where the guard notes who tried to reach another machine."""
    return home.parent / "attempts.log"


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[str]:
    """The address of a running Greenroom."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = home.parent / "server.log"
    flags = f"--server.port {port} --server.address 127.0.0.1 --server.headless true"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags.split()]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment(home), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            wait_for_health(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium that is on this machine already."""
    found = next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    assert found, "no Chromium here; `make browser` installs one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(server: str, browser: Browser) -> Iterator[OpenPage]:
    """Opens an address of the workbench; at the end nothing foreign or wrong was seen.

    ``open_page("people?persona=cold-carl", width=390, scheme="dark")``
    """
    seen = Seen()
    contexts: list[BrowserContext] = []

    def opened(path: str = "", *, width: int = 1440, height: int = 1000, scheme: str = "light"):
        context = browser.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            timezone_id="Europe/Berlin",
            locale="en-GB",
        )
        contexts.append(context)
        page = context.new_page()
        seen.watch(page)
        page.goto(f"{server}/{path}")
        return settled(page)

    yield opened
    for context in contexts:
        context.close()
    assert not seen.foreign, f"asked other machines: {seen.foreign}"
    assert not seen.errors, f"the browser's console: {seen.errors}"


@pytest.fixture
def page_light(open_page: OpenPage) -> Page:
    """Home, light."""
    return open_page()


@pytest.fixture
def page_dark(open_page: OpenPage) -> Page:
    """Home, dark."""
    return open_page(scheme="dark")
