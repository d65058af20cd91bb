"""The shape of the house, held by reading the imports of every file."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEVEL = {
    "core.domain": 0,
    "core.store": 1,
    "core.minds": 1,
    "core.messages": 1,
    "core.flows": 2,
    "core.cast": 2,
    "core.twins": 2,
    "core.rehearsal": 3,
    "core.debugger": 4,
    "core.experiments": 4,
    "core.settings": 0,
    "core.workbench": 5,
    "core.commands": 6,
    "core.cli": 7,
    "api": 7,
    "pages": 7,
    "app": 8,
}
"""Each room may import rooms of a lower level, and itself."""
APART = (
    {"core.store", "core.minds", "core.messages"},
    {"core.flows", "core.cast", "core.twins"},
    {"core.debugger", "core.experiments"},
    {"api", "pages", "core.cli"},
)
"""Rooms of one level that may not know each other."""
HEAVY = {
    "loky",
    "streamlit_agraph",
    "plotly",
    "pandas",
    "litellm",
    "chromadb",
    "scipy",
    "statsmodels",
    "sklearn",
    "z3",
    "onnx",
    "onnxruntime",
    "tokenizers",
    "bm25s",
    "av",
    "charset_normalizer",
    "docx",
    "faster_whisper",
    "lxml",
    "phonenumbers",
    "pptx",
    "pypdf",
}
"""Libraries that may be imported inside a function, because they are slow to import."""

FILES = sorted(
    path
    for folder in ("core", "api", "pages")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    parts = module.split(".")
    for length in (2, 1):
        if ".".join(parts[:length]) in LEVEL:
            return ".".join(parts[:length])
    return None


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are written in full"
            yield node.module, node


@cache
def imported(path: Path) -> frozenset[str]:
    return frozenset(module for module, _ in imports(tree_of(path)))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(module_of(path))
    tree = tree_of(path)
    if room is None:
        assert module_of(path) == "core"
        return
    for module, _ in imports(tree):
        other = room_of(module)
        if other is None or other == room:
            continue
        assert LEVEL[other] <= LEVEL[room], f"{room} imports {module}"
        assert not any({room, other} <= group for group in APART), f"{room} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_no_own_import_hides_in_a_function(path: Path) -> None:
    tree = tree_of(path)
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for module, node in imports(tree):
        if node in inside:
            assert room_of(module) is None, f"{module} is imported inside a function"
            assert module.split(".")[0] in HEAVY, f"{module} is imported inside a function"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_streamlit_is_seen_in_pages_alone(path: Path) -> None:
    if path.is_relative_to(ROOT / "pages"):
        return
    for module, _ in imports(tree_of(path)):
        assert not module.startswith("streamlit"), f"{module_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_sql_is_spoken_in_the_store_alone(path: Path) -> None:
    if path.is_relative_to(ROOT / "core" / "store"):
        return
    for module, _ in imports(tree_of(path)):
        assert not module.startswith("duckdb"), f"{module_of(path)} imports {module}"


ROOMS = [
    "core.cast",
    "core.debugger",
    "core.domain",
    "core.experiments",
    "core.flows",
    "core.messages",
    "core.minds",
    "core.rehearsal",
    "core.store",
    "core.twins",
]
PARTS = [
    "core.experiments.exports",
    "core.experiments.statistics",
    "core.experiments.warnings",
    "core.flows.exports",
    "core.flows.foreign",
    "core.flows.reach",
    "core.flows.writing",
    "core.rehearsal.testing",
] + [
    f"core.twins.{name}"
    for name in (
        "answering",
        "knowledge",
        "methodology",
        "personality",
        "profile",
        "progress",
        "reading",
        "screening",
        "trying",
        "voice",
    )
]
"""Parts of a large room that have a door of their own."""


@pytest.mark.parametrize("room", [room for room in (*ROOMS, *PARTS) if room != "core.domain"])
def test_a_room_has_one_door(room: str) -> None:
    """``__all__`` is true, and nobody outside reaches past it into the room."""
    door = importlib.import_module(room)
    assert all(hasattr(door, name) for name in door.__all__)
    private = {f"{room}.{module.name}" for module in pkgutil.iter_modules(door.__path__)}
    private -= set(PARTS)
    for path in FILES:
        if module_of(path) == room or module_of(path).startswith(f"{room}."):
            continue
        for module in imported(path):
            reached = next((p for p in private if module == p or module.startswith(p + ".")), None)
            assert reached is None, f"{module_of(path)} reaches into {module}"
