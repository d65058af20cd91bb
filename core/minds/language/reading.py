"""Prompts as people read them: every text of a version, by the part that it plays."""

from __future__ import annotations

from core.minds.language.asking import PROMPTS


def prompt_texts(version: str) -> dict[str, str]:
    """The texts of a prompt's version by part, such as ``system``; empty where there is none.

    A version of one text, such as ``repair-1``, has its text under its own name.
    """
    found = {path.stem: path for path in PROMPTS.glob("*.txt")}
    parts = {
        name.removeprefix(f"{version}."): path
        for name, path in sorted(found.items())
        if name == version or name.startswith(f"{version}.")
    }
    order = ("system", "user")
    names = [*(name for name in order if name in parts), *(n for n in parts if n not in order)]
    return {name: parts[name].read_text("utf-8").strip() for name in names}
