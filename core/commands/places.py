"""Where a command's work is done: in this process, or in the workbench that holds the home."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from signal import SIGINT, SIGTERM, signal
from threading import Event, current_thread, main_thread
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from core.commands.base import UNFINISHED, Answer, Room, Told
from core.commands.exporting import export_run
from core.commands.registry import run_command
from core.domain.errors import BadInput, Conflict, GreenroomError, HomeHeld, NotFound, StorageFull
from core.domain.twins import TrainingState
from core.rehearsal import Progress
from core.settings import Settings
from core.workbench import Workbench

Tell = Callable[[Told], object]
NDJSON = "application/x-ndjson"
_PATIENCE = 5.0
_ERRORS: dict[int, type[GreenroomError]] = {404: NotFound, 409: Conflict, 507: StorageFull}


class Place(Protocol):
    """Somewhere that answers commands."""

    def answer(self, name: str, given: dict[str, Any], tell: Tell) -> Answer:
        """Run a command."""

    def export(self, run_id: str, format: str) -> Iterator[bytes]:
        """A run as a file."""

    def close(self) -> None:
        """Let go of it."""


def find_place(settings: Settings, workspace: str | None) -> Place:
    """This process where the home is free, else the workbench that holds it.

    Raises:
        HomeHeld: If it is held by a process that is no workbench, and stays so.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return Here(Workbench(settings), workspace)
        except HomeHeld as held:
            if held.address is not None:
                return Elsewhere(held.address, workspace)
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


class Here:
    """Commands done in this process."""

    def __init__(self, workbench: Workbench, workspace: str | None) -> None:
        self._workbench = workbench
        self._workspace = workspace

    def answer(self, name: str, given: dict[str, Any], tell: Tell) -> Answer:
        """Run a command; Ctrl-C stops what it plays or trains, a second one ends it at once."""
        with _heeding_signals() as stop:
            return run_command(Room(self._workbench, self._workspace, tell, stop), name, given)

    def export(self, run_id: str, format: str) -> Iterator[bytes]:
        """A run as a file."""
        return export_run(self._workbench.workspace(self._workspace), run_id, format).chunks

    def close(self) -> None:
        """Give the home back."""
        self._workbench.close()


class Elsewhere:
    """Commands done by a running workbench, over its API."""

    def __init__(self, address: str, workspace: str | None) -> None:
        self._url = urlsplit(address)
        self._workspace = workspace

    def answer(self, name: str, given: dict[str, Any], tell: Tell) -> Answer:
        """Run a command there; Ctrl-C stops its run or its training there, at a checkpoint."""
        response = self._ask("POST", f"/commands/{quote(name)}", given, accept=NDJSON)
        told: Told | None = None
        try:
            for line in response:
                message = json.loads(line)
                if "progress" in message:
                    told = _told(message["progress"])
                    tell(told)
                elif "problem" in message:
                    raise _error(message["problem"])
                else:
                    return Answer(**message["answer"])
        except KeyboardInterrupt:
            if told is None:
                raise
            return self._stopped(told, tell)
        except HTTPException as error:
            raise _gone(self._url.geturl()) from error
        raise _gone(self._url.geturl())

    def export(self, run_id: str, format: str) -> Iterator[bytes]:
        """A run as a file."""
        path = f"/runs/{quote(run_id)}/export?{urlencode({'format': format})}"
        response = self._ask("GET", path)
        while chunk := response.read(1 << 20):
            yield chunk

    def close(self) -> None:
        """Nothing is held."""

    def _stopped(self, told: Told, tell: Tell) -> Answer:
        """Stop what is going on there, and say how far it came."""
        if isinstance(told, TrainingState):
            self._ask("DELETE", f"/twins/{quote(told.twin_id)}/training").read()
            answer = self.answer("twin-show", {"twin": told.twin_id}, tell)
            return answer._replace(exit_code=UNFINISHED, note="the training was stopped.")
        self._ask("POST", f"/runs/{told.run_id}/stop", {}).read()
        return self.answer("report", {"run": told.run_id}, tell)

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, accept: str = "*/*"
    ) -> HTTPResponse:
        """One request; waits a little for a workbench that is just starting."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Accept": accept, "Content-Type": "application/json"}
        if self._workspace:
            headers["Greenroom-Workspace"] = self._workspace
        deadline = time.monotonic() + _PATIENCE
        while True:
            connection = self._connection()
            try:
                connection.request(method, f"{self._url.path}/api/v1{path}", data, headers)
                response = connection.getresponse()
                break
            except OSError as error:
                connection.close()
                if time.monotonic() > deadline:
                    raise _gone(self._url.geturl()) from error
                time.sleep(0.1)
        if response.status >= 400:
            raise _error(_document(response))
        return response

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        return kind(self._url.hostname or "127.0.0.1", self._url.port)


@contextmanager
def _heeding_signals() -> Iterator[Event]:
    """An event that Ctrl-C sets. Raising instead would break into the database's work."""
    stop = Event()

    def heed(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if current_thread() is not main_thread():
        yield stop
        return
    before = {number: signal(number, heed) for number in (SIGINT, SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal(number, handler)


def _told(line: dict[str, Any]) -> Told:
    """Progress as it came over the wire."""
    kind = TrainingState if "twin_id" in line else Progress
    return kind.model_validate(line)


def _document(response: HTTPResponse) -> dict[str, Any]:
    text = response.read()
    try:
        document = json.loads(text)
        return document if isinstance(document, dict) else {}
    except ValueError:
        return {"status": response.status, "detail": f"The workbench answered {response.status}."}


def _error(problem: dict[str, Any]) -> GreenroomError:
    """A problem of the API as the error that it was."""
    status = int(problem.get("status", 500))
    kind = _ERRORS.get(status, BadInput if status < 500 else GreenroomError)
    detail = str(problem.get("detail", "The workbench could not do this."))
    return kind(detail, place=problem.get("field"), fix=problem.get("fix"))


def _gone(address: str) -> GreenroomError:
    return GreenroomError(f"The workbench at {address} does not answer.", fix="Look at its log.")
