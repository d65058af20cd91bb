"""Single values as YAML: plain where nobody can misread them, quoted or in a block otherwise.

What older readers take for something else (``yes``, ``1e3``, ``09:00``, a date) is quoted, so that
every YAML library reads the same.
"""

from __future__ import annotations

import json
import re
from typing import Any

LOOKALIKES = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", ""))
SIGNS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~+.")
AMOUNT = re.compile(r"\d+(?: [^\W\d_]|(?![eExXoObB])[^\W\d_])")
"""How a text may begin with digits and still be taken for no number: ``2d``, ``3 weeks``."""
UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
LONGEST_KEY = 250


def plain_fits(text: str, *, flow: bool = False) -> bool:
    """Whether a text can stand as it is."""
    if text.lower() in LOOKALIKES or text != text.strip() or UNPRINTABLE.search(text):
        return False
    if text[0] in SIGNS or ": " in text or " #" in text or text[-1] == ":":
        return False
    if text[0].isdigit() and not AMOUNT.match(text):
        return False
    return not (flow and any(sign in text for sign in ",[]{}:"))


def double(text: str) -> str:
    """A text in double quotes, on one line."""
    quoted = json.dumps(text, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: _escaped(found[0]), quoted)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def single(text: str) -> str | None:
    """A text in single quotes; None where it does not fit on one line."""
    return None if UNPRINTABLE.search(text) else "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """A text in the quotes that need the fewest escapes."""
    plain = None if '"' not in text and "\\" not in text else single(text)
    return double(text) if plain is None or "'" in text else plain


def scalar(value: Any, *, flow: bool = False) -> str:
    """A single value on one line."""
    if isinstance(value, str):
        return value if plain_fits(value, flow=flow) else quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        digits, e, power = repr(value).partition("e")
        return f"{digits if '.' in digits or not e else digits + '.0'}{e}{power}"
    return str(value)


def key(text: str) -> str:
    """A key of a mapping."""
    return text if len(text) <= LONGEST_KEY and plain_fits(text, flow=True) else quoted(text)


def literal(text: str, indent: int, style: str = "|") -> tuple[str, str] | None:
    """A text as a block: its header and its lines; None where a block cannot hold it as it is."""
    body = text.rstrip("\n")
    trailing = len(text) - len(body)
    lines = body.split("\n")
    if not body or body[0] in " \t\n" or trailing > 1 or not lines[-1].strip():
        return None
    if any(UNPRINTABLE.search(line.replace("\t", " ")) for line in lines):
        return None
    if any(line and not line.strip() for line in lines):
        return None
    if style == ">":
        if any(line[:1] in (" ", "\t") for line in lines):
            return None
        lines = _folded(lines)
    pad = " " * indent
    shown = "".join(f"{pad}{line}\n" if line else "\n" for line in lines)
    return style + ("" if trailing else "-"), shown


def _folded(lines: list[str]) -> list[str]:
    """Lines of at most about 80 characters that fold to these."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if number and line:
            found.append("")
        elif number:
            found.append("")
            continue
        while len(line) > 80:
            at = max(line.rfind(" ", 0, 80), 0) or line.find(" ", 80)
            if at <= 0 or line[at - 1] in " \t" or line[at + 1 : at + 2] in ("", " ", "\t"):
                break
            found.append(line[:at])
            line = line[at + 1 :]
        found.append(line)
    return found
