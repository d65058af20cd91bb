"""Words of a Typebot: rich text as plain lines, ``{{variables}}`` as Liquid, values as CEL."""

from __future__ import annotations

import html
import re
from typing import Any

from core.flows.foreign.comparing import Side
from core.flows.foreign.names import Path, liquid_path, quoted
from core.flows.foreign.saying import (
    CURLY,
    WHOLE,
    Said,
    bare,
    cel_literal,
    cel_of,
    compiles,
    liquid_of,
    short,
    text_of,
)
from core.flows.foreign.script import Literal, Name, Tree, read_script
from core.flows.foreign.typebot.document import Bot

MARK = "V$"
BLOCKS = ("p", "h1", "h2", "h3", "li", "lic", "blockquote", "code_line")
LISTS = {"ul": "-", "ol": "1."}
CODE = re.compile(r"=>|;|\breturn\b|\bfunction\b|\bconst\b|\blet\b|\bnew\b|\w\(")
MOST_DEPTH = 30


def plain_words(content: Any) -> str:
    """A text bubble as plain words with line breaks."""
    if not isinstance(content, dict):
        return content if isinstance(content, str) else ""
    rich = content.get("richText")
    if isinstance(rich, list):
        links: list[str] = []
        lines = [line for one in rich for line in _lines(one, links, 0)]
        text = "\n".join(lines).strip("\n")
        more = [link for link in dict.fromkeys(links) if link not in text]
        return "\n".join([text, *more])
    plain = content.get("plainText")
    if isinstance(plain, str) and plain.strip():
        return plain
    markup = content.get("html")
    return _of_html(markup) if isinstance(markup, str) else ""


def _lines(one: Any, links: list[str], depth: int) -> list[str]:
    if not isinstance(one, dict) or depth > MOST_DEPTH:
        return []
    children = one.get("children")
    children = children if isinstance(children, list) else []
    kind = one.get("type")
    if kind in LISTS:
        mark, found = LISTS[str(kind)], []
        for number, child in enumerate(children):
            sign = f"{number + 1}." if kind == "ol" else mark
            inner = _lines(child, links, depth + 1)
            found += [f"{sign} {inner[0]}", *(f"  {line}" for line in inner[1:])] if inner else []
        return found
    if any(
        isinstance(child, dict) and child.get("type") in (*BLOCKS, *LISTS) for child in children
    ):
        return [line for child in children for line in _lines(child, links, depth + 1)]
    return "".join(_inline(child, links, depth + 1) for child in children).split("\n")


def _inline(one: Any, links: list[str], depth: int) -> str:
    if not isinstance(one, dict) or depth > MOST_DEPTH:
        return ""
    text = one.get("text")
    if isinstance(text, str):
        return text
    url = one.get("url")
    if isinstance(url, str) and url:
        links.append(url)
    children = one.get("children")
    inside = "".join(
        _inline(child, links, depth + 1)
        for child in (children if isinstance(children, list) else ())
    )
    if one.get("type") in ("inline-variable", "variable") and not inside:
        value = one.get("value") or one.get("name")
        return f"{{{{{value}}}}}" if isinstance(value, str) else ""
    return inside


def _of_html(markup: str) -> str:
    broken = re.sub(r"<br\s*/?>|</(p|div|li|h\d)>", "\n", markup)
    return html.unescape(re.sub(r"<[^<>]*>", "", broken)).strip("\n")


class Words:
    """Says a bot's texts and values under the names that its variables have here."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.unknown: dict[str, None] = {}

    def _name(self, name: str) -> str | None:
        return self.bot.names.get(name) or self.bot.names.get(name.strip())

    def text(self, text: str) -> Said:
        """A text in Liquid."""
        return text_of(text, self._read)

    def _read(self, inside: str) -> str | None:
        code = inside.startswith("=") and inside.endswith("=") and len(inside) > 1
        if code:
            tree = self._tree(inside[1:-1], loose=True)
            return None if tree is None else liquid_of(tree, self._resolve)
        name = self._name(inside)
        return None if name is None else f"{{{{ {liquid_path((name,))} }}}}"

    def _resolve(self, tree: Tree) -> Path | None:
        if not isinstance(tree, Name):
            return None
        if tree.name.startswith(MARK):
            return (tree.name.removeprefix(MARK),)
        return None

    def _tree(self, text: str, *, loose: bool = False) -> Tree | None:
        """A script with its variables as names; ``loose`` takes bare variable names too."""
        strange = False

        def named(match: re.Match[str]) -> str:
            nonlocal strange
            name = self._name(match[1])
            strange = strange or name is None
            return f"{MARK}{name}"

        marked = CURLY.sub(named, text)
        if loose:
            for name, plain in sorted(self.bot.names.items(), key=lambda one: -len(one[0])):
                if re.fullmatch(r"[A-Za-z_]\w*", name):
                    marked = re.sub(rf"(?<![\w$.'\"]){name}(?![\w$'\"(])", f"{MARK}{plain}", marked)
        return None if strange else read_script(marked)

    def value(self, text: str, code: bool = False) -> tuple[str | int | float | bool | None, bool]:
        """A value as a ``set`` step holds it, and whether it could be said."""
        if not text.strip():
            return None, True
        tree = self._tree(text)
        if isinstance(tree, Literal) and not isinstance(tree.value, str):
            return tree.value, True
        said = None if tree is None else cel_of(tree, self._resolve)
        if said is not None and len(said) < 1_900 and compiles(said):
            return bare(said), True
        if code or CODE.search(CURLY.sub("", text)):
            return None, False
        joined = self._joined(text)
        if joined is not None and len(joined) < 1_900 and compiles(joined):
            return joined, True
        return quoted(short(text, 1_500)), len(text) < 1_500 and "{{" not in text

    def _joined(self, text: str) -> str | None:
        """Words and variables as one text."""
        parts, at = [], 0
        for match in CURLY.finditer(text):
            if match.start() > at:
                parts.append(quoted(text[at : match.start()]))
            name = self._name(match[1])
            if name is None:
                return None
            parts.append(f"string({name})")
            at = match.end()
        if at < len(text):
            parts.append(quoted(text[at:]))
        return " + ".join(parts) or '""'

    def side(self, value: Any) -> Side:
        """A value of a comparison."""
        if not isinstance(value, str):
            good = isinstance(value, (int, float, bool)) or value is None
            return Side(
                cel_literal(value) if good else None, value if good else None, str(value), good
            )
        if "{{" not in value:
            return Side(quoted(value), value, value, True)
        whole = WHOLE.fullmatch(value)
        if whole is not None:
            name = self._name(whole[1])
            return Side(name, None, value, False)
        return Side(self._joined(value), None, value, False)
