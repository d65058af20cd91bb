"""Work that a page begins and does not wait for: asked for again, it is going on or done."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any, TypeVar

import streamlit as st

Result = TypeVar("Result")
KEPT = 256
AT_ONCE = 2
FORGIVING_SECONDS = 60.0
"""How long a failure stands before the same work is begun again."""
_pool = ThreadPoolExecutor(AT_ONCE, "greenroom-pages")
_kept: OrderedDict[Hashable, tuple[Future[Any], float]] = OrderedDict()
_lock = threading.Lock()


def later(key: Hashable, work: Callable[[], Result]) -> Future[Result]:
    """The work of this key: begun at the first asking, and kept for the next.

    The work must not call Streamlit: no page may be open any more when it is done.
    """
    with _lock:
        future, begun = _kept.get(key, (None, 0.0))
        if future is None or _may_be_tried_again(future, begun):
            future = _pool.submit(work)
            _kept[key] = future, time.monotonic()
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return future


def _may_be_tried_again(future: Future[Any], begun: float) -> bool:
    failed = future.done() and future.exception() is not None
    return failed and time.monotonic() - begun > FORGIVING_SECONDS


def soon(future: Future[Any], seconds: float = 0.3) -> bool:
    """Whether it is done, or is within so many seconds."""
    try:
        future.exception(seconds)
    except NotYet:
        return False
    return True


def wait_for(future: Future[Any], words: str, key: str) -> None:
    """Say what is going on, and run the page again when it is done; nothing waits for that."""

    @st.fragment(run_every=0.7)
    def waiting() -> None:
        if future.done():
            st.rerun()
        st.caption(f":material/hourglass_top: {words}")

    with st.container(key=f"waiting_{key}"):
        waiting()
