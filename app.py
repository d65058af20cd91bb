"""The door: builds the ASGI application (workbench and API in one process) and nothing else."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api import build_api
from core.domain.errors import GreenroomError
from core.settings import read_settings
from core.workbench import Workbench
from pages.parts import context
from pages.parts.page import show_error

ROOT = Path(__file__).resolve().parent
HEAVY = ("pandas", "plotly.graph_objects", "z3")
BAD_INPUT = 2
api = build_api()


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the home, hand it to the API and to the pages, and give it back at the end."""
    try:
        workbench = Workbench(read_settings(), address=address())
        workbench.workspace()
    except GreenroomError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        os._exit(BAD_INPUT)  # an exception would end in the server's traceback
    api.state.workbench = workbench
    context.provide(workbench)
    try:
        yield
    finally:
        workbench.close()


def address() -> str:
    """Where this process is reached from the same machine."""
    host = st.get_option("server.address") or "127.0.0.1"
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{scheme}://{host}:{st.get_option('server.port')}{'/' if base else ''}{base}"


def warm() -> None:
    """Import what pages will need, and connect to the language models that there are."""
    for name in HEAVY:
        importlib.import_module(name)
    context.workbench().warm()


class Warming:
    """Imports what is heavy in a thread, once the first page has been served."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; the first page's connection starts the warming."""
        if scope["type"] == "websocket" and not self.begun:
            self.begun = True
            timer = threading.Timer(2.0, warm)
            timer.daemon = True
            timer.start()
        await self.app(scope, receive, send)


app = st.App(
    "pages/shell.py",
    routes=[
        Mount("/api", app=api),
        Mount("/app/static", app=StaticFiles(directory=ROOT / "static")),
    ],
    lifespan=lifespan,
    middleware=[Middleware(Warming)],
    on_script_error=show_error,
)
