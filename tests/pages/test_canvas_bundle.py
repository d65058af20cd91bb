"""The bundle of the canvas is made from its sources: held without node, by their hash."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

CANVAS = Path(__file__).resolve().parents[2] / "pages" / "parts" / "canvas"
BESIDE = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json")


def hashed(folder: Path) -> str:
    """What ``build.mjs`` writes into the banner: every source, the lock and the licences."""
    sources = [path for path in (folder / "src").rglob("*") if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in sources}
    named |= {name: folder / name for name in BESIDE}
    hash = hashlib.sha256()
    for name in [*sorted(named), "bundle/LICENSES.txt"]:
        content = named.get(name, folder / name).read_bytes()
        hash.update(f"{name}\n{len(content)}\n".encode() + content)
    return hash.hexdigest()


@pytest.mark.parametrize("file", ["canvas.js", "canvas.css"])
def test_the_bundle_is_made_from_the_sources(file: str) -> None:
    banner = (CANVAS / "bundle" / file).read_text("utf-8").split("\n", 1)[0]
    found = re.search(r"sha256 ([0-9a-f]{64})", banner)
    assert found, banner
    assert found[1] == hashed(CANVAS), "the bundle is old: run npm run build in pages/parts/canvas"


def test_the_bundle_needs_nobody_and_brings_its_licences() -> None:
    bundle = (CANVAS / "bundle" / "canvas.js").read_text("utf-8")
    assert "\n" in bundle.strip(), "Streamlit takes a text on one line for a path"
    assert re.search(r"export\s*\{[^}]*as default", bundle)
    assert not re.search(r"(?:^|[;}])import[\s(\"'{*]", bundle, re.MULTILINE)
    licences = (CANVAS / "bundle" / "LICENSES.txt").read_text("utf-8")
    for name in json.loads((CANVAS / "package.json").read_text("utf-8"))["dependencies"]:
        assert f"{name} " in licences


def test_the_lock_names_no_registry() -> None:
    lock = (CANVAS / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "http" not in re.sub(r'"(url|funding|homepage)": "[^"]*"', "", lock)
