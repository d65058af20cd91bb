"""What n8n's expressions read, under our names: ``$json.email``, ``$('Form').item.json.name``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.flows.foreign.comparing import Side
from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.names import Path, plain_name, quoted, unique
from core.flows.foreign.saying import (
    CURLY,
    WHOLE,
    Said,
    bare,
    cel_literal,
    cel_of,
    compiles,
    liquid_of,
    plain_liquid,
    short,
    text_of,
)
from core.flows.foreign.script import Call, Literal, Member, Name, Tree, read_script

ROOM = ("item", "first", "last", "json", "pairedItem", "data")
CLOCKS = {"$now": "now", "$today": "today"}
MOST_TEXT = 1_900


@dataclass
class Reads:
    """Names of values, and who gives them.

    Attributes:
        nodes: Every node by its key.
        answers: The id of the step that answers for a node, where there is one.
        passes: The nodes that hand on what they were given.
        sets: For a node that sets values, their names.
        found: For each node that gives values, the paths that are read of it.
        loose: What is read, and nobody in particular gives.
    """

    nodes: dict[str, Node]
    answers: dict[str, str]
    passes: set[str]
    sets: dict[str, set[str]]
    found: dict[str, set[Path]] = field(default_factory=dict)
    loose: set[Path] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)
    _before: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note what leads to each node."""
        for node in self.nodes.values():
            for outs in node.outs:
                for to in outs:
                    self._before.setdefault(to, []).append(node.key)

    def name_of(self, text: str) -> str:
        """The variable that a name becomes; the same for the same name."""
        if text not in self._names:
            self._names[text] = unique(plain_name(text), set(self._names.values()))
        return self._names[text]

    def resolver(self, node: Node, *, clock: bool = False) -> Callable[[Tree], Path | None]:
        """Finds the path that a tree of this node's expressions reads."""

        def resolve(tree: Tree) -> Path | None:
            if isinstance(tree, Name) and tree.name in CLOCKS:
                return (CLOCKS[tree.name],) if clock else None
            root, keys = _flat(tree)
            if root is None:
                return None
            return self._path(node, root, keys)

        return resolve

    def _path(self, node: Node, root: Tree, keys: list[str | int]) -> Path | None:
        if isinstance(root, Call):
            named = root.given[0] if root.given else None
            if isinstance(root.what, Name) and root.what.name in ("$", "$items"):
                name = named.value if isinstance(named, Literal) else None
                return self._of_node(node, str(name), keys)
            return None
        if not isinstance(root, Name):
            return None
        if root.name == "$node" and keys:
            return self._of_node(node, str(keys[0]), keys[1:])
        if root.name == "$input":
            return self._flat_path(node, _inner(keys))
        if root.name in ("$json", "$data"):
            return self._flat_path(node, keys)
        if root.name in ("$vars", "$env") and keys and isinstance(keys[0], str):
            path = (self.name_of(keys[0]), *keys[1:])
            self.loose.add(path)
            return path
        if root.name == "$workflow" and keys == ["name"]:
            return ("flow", "name")
        return None

    def _of_node(self, node: Node, name: str, keys: list[str | int]) -> Path | None:
        keys = _inner(keys)
        if name not in self.nodes:
            return self._flat_path(node, keys)
        step = self.answers.get(name)
        if step is None:
            return self._flat_path(self.nodes[name], keys, itself=True)
        if keys and not isinstance(keys[0], str):
            return None
        path = (self.name_of(str(keys[0])), *keys[1:]) if keys else ()
        self.found.setdefault(name, set()).add(path)
        return (step, *path)

    def _flat_path(self, node: Node, keys: list[str | int], *, itself: bool = False) -> Path | None:
        if not keys:
            return self._whole(node, itself)
        if not isinstance(keys[0], str):
            return None
        path = self._dotted(keys)
        givers = list(self._givers(node, str(path[0]), itself))
        for giver in givers:
            self.found.setdefault(giver, set()).add(path)
        if not givers:
            self.loose.add(path)
        return path

    def _whole(self, node: Node, itself: bool) -> Path | None:
        """Everything that the one node before gives."""
        givers = [key for key in self._givers(node, "", itself) if key in self.answers]
        if len(givers) != 1:
            return None
        self.found.setdefault(givers[0], set()).add(())
        return (self.answers[givers[0]],)

    def _dotted(self, keys: list[str | int]) -> Path:
        """A path; a value that was set under a name with dots is one name."""
        known = {name for names in self.sets.values() for name in names}
        for length in range(len(keys), 1, -1):
            joined = ".".join(map(str, keys[:length]))
            if joined in known:
                return (self.name_of(joined), *keys[length:])
        return (self.name_of(str(keys[0])), *keys[1:])

    def _givers(self, node: Node, name: str, itself: bool) -> Iterator[str]:
        """The nearest nodes before that give values of this name."""
        open_ = [node.key] if itself else list(self._before.get(node.key, ()))
        seen = set(open_)
        while open_:
            key = open_.pop()
            own = {self.name_of(one) for one in self.sets.get(key, ())}
            if key in self.sets and name in own:
                yield key
                continue
            if key in self.answers and key not in self.passes:
                yield key
                continue
            for before in self._before.get(key, ()):
                if before not in seen:
                    seen.add(before)
                    open_.append(before)

    def text(self, node: Node, value: Any) -> Said:
        """A parameter that people read, in Liquid."""
        if not isinstance(value, str):
            words = "" if value is None else json.dumps(value, ensure_ascii=False)
            return Said(plain_liquid(words))
        text = value.removeprefix("=")
        resolve = self.resolver(node, clock=True)

        def read(inside: str) -> str | None:
            tree = read_script(inside)
            return None if tree is None else liquid_of(tree, resolve)

        return text_of(text, read)

    def side(self, node: Node, value: Any) -> Side:
        """A parameter as one side of a comparison, or as a value, in CEL."""
        if not isinstance(value, str):
            plain = value is None or isinstance(value, (int, float, bool))
            return Side(cel_literal(value), value, str(value), True) if plain else Side(None)
        if "{{" not in value:
            text = value.removeprefix("=")
            return Side(quoted(text), text, text, True)
        words = value.removeprefix("=")
        cel = self._mixed(node, words)
        good = cel is not None and len(cel) <= MOST_TEXT and compiles(cel)
        literal = _literal(words)
        if literal is not None:
            return Side(cel_literal(literal), literal, words, True)
        return Side(cel if good else None, None, short(words), False)

    def _mixed(self, node: Node, words: str) -> str | None:
        """``{{ … }}`` alone, or texts and expressions joined."""
        resolve = self.resolver(node)
        whole = WHOLE.fullmatch(words)
        if whole is not None:
            tree = read_script(whole[1].strip())
            said = None if tree is None else cel_of(tree, resolve)
            return None if said is None else bare(said)
        parts, at = [], 0
        for match in CURLY.finditer(words):
            if match.start() > at:
                parts.append(quoted(words[at : match.start()]))
            tree = read_script(match[1].strip())
            said = None if tree is None else cel_of(tree, resolve)
            if said is None:
                return None
            parts.append(f"string({said})")
            at = match.end()
        if at < len(words):
            parts.append(quoted(words[at:]))
        return " + ".join(parts)

    def note(self, node: Node) -> None:
        """Look at every expression of a node once, so that what it reads is known."""
        open_: list[Any] = [node.parameters]
        while open_:
            value = open_.pop()
            if isinstance(value, dict):
                open_.extend(value.values())
            elif isinstance(value, list):
                open_.extend(value)
            elif isinstance(value, str) and "{{" in value:
                self.text(node, value)
                self.side(node, value)


def _literal(words: str) -> str | int | float | bool | None:
    whole = WHOLE.fullmatch(words)
    tree = read_script(whole[1].strip()) if whole else None
    return tree.value if isinstance(tree, Literal) else None


def _flat(tree: Tree) -> tuple[Tree | None, list[str | int]]:
    """What a chain of parts begins with, and its keys."""
    keys: list[str | int] = []
    while True:
        if isinstance(tree, Member):
            keys.append(tree.key)
            tree = tree.of
        elif isinstance(tree, Call) and isinstance(tree.what, Member) and not tree.given:
            if tree.what.key not in ("first", "last", "pairedItem"):
                return None, []
            tree = tree.what
        elif isinstance(tree, (Name, Call)):
            return tree, keys[::-1]
        else:
            return None, []


def _inner(keys: list[str | int]) -> list[str | int]:
    """The keys behind ``.item.json`` and its like."""
    count = 0
    while count < len(keys) and keys[count] in ROOM and (count == 0 or keys[count - 1] != "json"):
        count += 1
        if keys[count - 1] == "data":
            break
    return keys[count:]
