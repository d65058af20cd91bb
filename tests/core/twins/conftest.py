"""A workspace's twins over a fresh store, and content that is quick to train on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.minds import Keys, ModelService
from core.store import Store
from core.twins import Chosen, Rules, Twins, Upload, Workshop

MORNINGS = """# The first hour

I wake the kettle before I wake the phone. The kettle asks nothing of me, and the phone asks for
everything at once. So the rule of my house is simple: water first, world later.

You do not need a longer day. You need an hour that nobody else can spend. Take it before
breakfast, when the street is quiet and your own voice is the loudest one in the room.

Never plan a day while you are tired. A tired planner borrows hours from a day that has not
earned them, and tomorrow has to pay the debt. Write three lines on a card instead, then put the
pen down.

Here is the exercise that I give to everybody. Step one: set a timer for ten minutes. Step two:
write down the one thing that would make today worth having. Step three: do the smallest piece
of it before you open your mail. What would your card say?
"""
MONEY = """# Asking for your price

Say the number once, then close your mouth. Silence is part of the price, and most people pay it
back in discounts because they cannot bear it. I have lost more money to my own chatter than to
any client.

Raise your fee when half of the people whom you ask say yes without blinking. If nobody
flinches, you are cheap. If everybody runs, you have skipped a step: they have not yet seen what
changes for them.

Write an offer as a letter to one person. Name the trouble they told you about, name what will
be different in six weeks, and put the price in the last line, alone, without an apology. Would
you sign it yourself?
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "here.duckdb")
    yield store
    store.close()


@pytest.fixture
def workshop(store: Store, tmp_path: Path, model_cache: Path) -> Iterator[Workshop]:
    service = ModelService()
    gateway = service.gateway(store.answers, store.calls, Keys(store.secrets, tmp_path))
    made = Workshop(
        Rules(cache=model_cache),
        store.pieces,
        gateway,
        lambda: Chosen(None, None),
        tmp_path / "index",
    )
    yield made
    gateway.close()
    service.close()


@pytest.fixture
def twins(store: Store, workshop: Workshop, tmp_path: Path) -> Iterator[Twins]:
    made = Twins(store, workshop, tmp_path / "twins")
    yield made
    made.close()


def given(twins: Twins, ref: str, **files: str | bytes) -> list[Upload]:
    """Files for a training, by their names (``_`` before the ending stands for a dot)."""
    folder = twins.upload_folder(ref)
    uploads = []
    for key, content in files.items():
        name = ".".join(key.rsplit("_", 1))
        path = folder / f"{len(uploads)}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        uploads.append(Upload(name, path))
    return uploads
