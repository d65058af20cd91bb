"""Pages without a browser: the whole shell, run by Streamlit's own AppTest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.workbench import Workbench, Workspace
from pages.parts.context import provide

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
OpenRoom = Callable[..., AppTest]


@pytest.fixture
def open_room(workbench: Workbench, workspace: Workspace) -> OpenRoom:
    """Opens a room of a fresh home: ``open_room("people", persona="cold-carl")``."""
    provide(workbench)

    def opened(room: str = "home", **params: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=60).run()
        if room != "home":
            app.switch_page(f"{room}.py")
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


def texts(app: AppTest) -> str:
    """Everything that a page says, on one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.warning)
    more = (app.error, app.info, app.success)
    found = [str(element.value) for kind in (*kinds, *more) for element in kind]
    return "\n".join(found).replace("\u2060", "").replace("\\", "")
