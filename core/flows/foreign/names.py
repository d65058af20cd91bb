"""Names as conditions and templates can read them, from names as people write them elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence

from core.flows.conditions import RESERVED
from core.flows.inspection import FUNCTIONS, WORDS

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LONGEST = 60
TAKEN = frozenset(
    RESERVED
    | WORDS
    | FUNCTIONS
    | set("as break const continue else for function if import let loop package".split())
    | set("namespace return var void while and or not nil empty blank now today".split())
)
"""Words that CEL or Liquid keep for themselves."""
Path = tuple[str | int, ...]


def plain_name(text: str, otherwise: str = "value") -> str:
    """A name with letters, digits and _ alone, as near to the given one as can be."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]+", "_", flat)).strip("_")[:LONGEST].strip("_")
    if not name:
        name = otherwise
    if not name[0].isalpha():
        name = f"n_{name}"
    return f"{name}_value" if name in TAKEN else name


def unique(name: str, taken: Container[str]) -> str:
    """The name, or with a number behind where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def cel_path(path: Sequence[str | int]) -> str:
    """A path as CEL reads it: ``body.event["the user"]``."""
    return str(path[0]) + "".join(map(_cel_part, path[1:]))


def _cel_part(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) and key not in TAKEN
    return f".{key}" if plain else f"[{quoted(key)}]"


def liquid_path(path: Sequence[str | int]) -> str:
    """A path as Liquid reads it."""
    return str(path[0]) + "".join(map(_liquid_part, path[1:]))


def _liquid_part(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
        return f".{key}"
    return f'["{key}"]' if '"' not in key else f"['{key}']"


def quoted(text: str) -> str:
    """A text as CEL writes it."""
    out = []
    for one in text:
        if one in '"\\':
            out.append("\\" + one)
        elif one == "\n":
            out.append("\\n")
        elif one == "\r":
            out.append("\\r")
        elif one == "\t":
            out.append("\\t")
        else:
            out.append(one)
    return f'"{"".join(out)}"'
