"""Standard tests: started, watched, stopped, kept; and versions held side by side."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from core.domain.errors import Conflict, GreenroomError, NotFound
from core.domain.models import Model
from core.domain.twins import (
    Answer,
    Compared,
    StandardTest,
    StandardTestLine,
    StandardTestState,
    VoiceVerdict,
)
from core.store import Store
from core.twins.library import Twins
from core.twins.serving import Serving
from core.twins.talking import Talks
from core.twins.trying.asking import Stopped, ask_all, voices
from core.twins.trying.comparing import compared, usual_prompts
from core.twins.trying.standard import concluded, probes_for

log = logging.getLogger(__name__)


class Live:
    """A test that is going on in this process."""

    def __init__(self, state: StandardTestState) -> None:
        self.stop = threading.Event()
        self.rested = threading.Event()
        self.state = state

    def tell(self, **changes: object) -> None:
        """Say how far it is."""
        self.state = self.state.model_copy(update=changes)


class Tests:
    """The standard tests of a workspace's twins, one a twin at a time.

    Args:
        store: The workspace's tables.
        twins: Who is tested.
        talks: The way to ask them.
    """

    def __init__(self, store: Store, twins: Twins, talks: Talks) -> None:
        self._store = store
        self._twins = twins
        self._talks = talks
        self._live: dict[str, Live] = {}
        self._last: dict[str, StandardTestState] = {}
        self._lock = threading.Lock()

    # Testing

    def start(
        self,
        ref: str,
        version: int | None = None,
        model: Model | None = None,
        *,
        wait: bool = False,
    ) -> StandardTestState:
        """Run the standard test; comes back at once unless ``wait``.

        Args:
            ref: The twin.
            version: Which version is tested; None is the one in use.
            model: The language model that words the answers; None composes sentences.
            wait: Whether to come back only when it is done.

        Raises:
            Conflict: If the twin is being tested already.
            NotFound: If there is no such twin or version, or it is not trained.
        """
        tested = self._twins.version(ref, version)
        live = self._go_live(
            StandardTestState(
                twin_id=tested.twin_id,
                going_on=True,
                version=tested.number,
                engine=model.name if model else "sentences",
                started_at=self._store.twins.now(),
            )
        )
        if wait:
            self._run(live, model)
        else:
            threading.Thread(
                target=self._run, args=(live, model), name=f"test-{tested.twin_id}", daemon=True
            ).start()
        return live.state

    def state(self, ref: str) -> StandardTestState:
        """How far a twin's test is, or how the last one ended."""
        twin_id = self._twins.get(ref).id
        live = self._live.get(twin_id)
        return live.state if live else self._last.get(twin_id) or self._kept(twin_id)

    def stop(self, ref: str, timeout: float | None = 30.0) -> StandardTestState:
        """Ask a test to stop, and wait for that; nothing of it is kept."""
        live = self._live.get(self._twins.get(ref).id)
        if live is not None:
            live.stop.set()
            live.rested.wait(timeout)
        return self.state(ref)

    def wait(self, ref: str, timeout: float | None = None) -> StandardTestState:
        """Wait until a test has come to rest."""
        live = self._live.get(self._twins.get(ref).id)
        if live is not None:
            live.rested.wait(timeout)
        return self.state(ref)

    def close(self) -> None:
        """Stop everything that is going on."""
        for live in tuple(self._live.values()):
            live.stop.set()
        for live in tuple(self._live.values()):
            live.rested.wait(30.0)

    # Looking

    def results(self, ref: str) -> list[StandardTestLine]:
        """Every test of a twin as one line, newest first."""
        return self._store.twin_tests.lines(self._twins.get(ref).id)

    def get(self, ref: str, id: str) -> StandardTest:
        """One test with all that was asked and answered.

        Raises:
            NotFound: If there is none.
        """
        twin = self._twins.get(ref)
        test = self._store.twin_tests.one(twin.id, id)
        if test is None:
            raise NotFound(f"{twin.name} has no test '{id}'.", place="test")
        return test

    def newest(self, ref: str) -> StandardTest | None:
        """The last test of a twin, None where there is none."""
        lines = self.results(ref)
        return self.get(ref, lines[0].id) if lines else None

    # Comparing

    def prompts(self, ref: str, version: int | None = None) -> tuple[str, ...]:
        """What two versions are asked where nothing else is said."""
        return usual_prompts(probes_for(self._twins.serving(ref, version)))

    def compare(
        self,
        ref: str,
        a: int,
        b: int,
        prompts: Sequence[str] | None = None,
        model: Model | None = None,
    ) -> list[Compared]:
        """Two versions on the same prompts, side by side.

        Args:
            ref: The twin.
            a: The first version.
            b: The second version.
            prompts: What both are asked; None takes eight prompts of the standard test.
            model: The language model that words the answers; None composes sentences.

        Raises:
            NotFound: If there is no such twin or version.
        """
        asked = list(prompts) if prompts is not None else list(self.prompts(ref, a))
        both = [self._twins.serving(ref, number) for number in (a, b)]
        first, second = (ask_all(self._asking(one, model), asked, _at_once(model)) for one in both)
        voice_a, voice_b = voices(both[0], first), voices(both[1], second)
        rows = zip(asked, first, second, voice_a, voice_b, strict=True)
        return [compared(*row) for row in rows]

    def test_response(self, ref: str, text: str, version: int | None = None) -> VoiceVerdict:
        """How likely it is that the creator wrote a text.

        Raises:
            Conflict: If there was too little content to learn the voice from.
        """
        return self._twins.serving(ref, version).verdict(text)

    # Doing

    def _go_live(self, state: StandardTestState) -> Live:
        with self._lock:
            if state.twin_id in self._live:
                raise Conflict(
                    "This twin is being tested already.", fix="Wait until that is done, or stop it."
                )
            live = self._live[state.twin_id] = Live(state)
        return live

    def _run(self, live: Live, model: Model | None) -> None:
        error: str | None = None
        try:
            test = self._tested(live, model)
            self._store.twin_tests.add(test)
            live.tell(result=test.id)
        except Stopped:
            error = "It was stopped."
        except GreenroomError as raised:
            error = str(raised)
        except Exception as raised:
            log.exception("the test of twin %s did not finish", live.state.twin_id)
            error = f"Something went wrong on our side: {type(raised).__name__}: {raised}"
        finally:
            live.tell(going_on=False, error=error, finished_at=self._store.twins.now())
            with self._lock:
                self._last[live.state.twin_id] = live.state
                self._live.pop(live.state.twin_id, None)
            live.rested.set()

    def _tested(self, live: Live, model: Model | None) -> StandardTest:
        began = time.monotonic()
        serving = self._twins.serving(live.state.twin_id, live.state.version)
        probes = probes_for(serving)
        live.tell(total=len(probes))
        answers = ask_all(
            self._asking(serving, model),
            [probe.text for probe in probes],
            _at_once(model),
            live.stop,
            lambda done: live.tell(done=done),
        )
        return concluded(
            serving,
            probes,
            answers,
            engine=live.state.engine,
            made_at=self._store.twins.now(),
            seconds=round(time.monotonic() - began, 3),
        )

    def _asking(self, serving: Serving, model: Model | None) -> Callable[[str], Answer]:
        """How one version is asked one thing, in no conversation."""
        if model is None:
            return serving.ask
        number = serving.version.number
        return lambda text: self._talks.ask(serving.twin.id, text, model=model, version=number)

    def _kept(self, twin_id: str) -> StandardTestState:
        """Where no test was made since the start: the last one that was kept."""
        line = next(iter(self._store.twin_tests.lines(twin_id, 1)), None)
        if line is None:
            return StandardTestState(twin_id=twin_id)
        return StandardTestState(
            twin_id=twin_id,
            version=line.version,
            engine=line.engine,
            result=line.id,
            finished_at=line.made_at,
        )


def _at_once(model: Model | None) -> int:
    return model.in_flight if model else 1
