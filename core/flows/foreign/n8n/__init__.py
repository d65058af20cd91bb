"""n8n workflow exports as flow documents."""

from __future__ import annotations

from typing import Any

from core.flows.foreign.drafting import Draft, Row, skeleton
from core.flows.foreign.guarding import guard_loops, in_walking_order
from core.flows.foreign.n8n.building import SCALE, Builder, Built
from core.flows.foreign.n8n.kinds import BRANCHING, PASSES, ROLES, role_of
from core.flows.foreign.n8n.logic import rules_of
from core.flows.foreign.n8n.messages import speaker_of
from core.flows.foreign.n8n.nodes import Node, line_up, read_nodes
from core.flows.foreign.n8n.reads import Reads
from core.flows.foreign.n8n.sequence import Order, Place, in_order
from core.flows.foreign.n8n.settings import settings_of
from core.flows.foreign.names import unique

__all__ = ["ROLES", "is_n8n", "read_n8n"]

GIVING = ("trigger", "answer", "chooser", "strange", "message", "wait")
SILENT = ("trigger", "message", "wait")
EMPTY_HANDED = ("manualTrigger", "start", "cron", "interval", "scheduleTrigger")
"""Triggers that bring nothing but their time."""
RARE = 0.1


def is_n8n(document: dict[str, Any]) -> bool:
    """Whether a document looks like an n8n workflow."""
    return isinstance(document.get("nodes"), list) and "steps" not in document


def read_n8n(document: dict[str, Any]) -> Draft:
    """An n8n workflow as a flow.

    Raises:
        BadInput: If it is none.
    """
    nodes = read_nodes(document)
    roles = {key: role_of(node) for key, node in nodes.items()}
    walked = [key for key in nodes if roles[key] not in ("note", "helper")]
    lined = line_up(nodes, walked)
    draft = Draft(_text(document.get("name")) or "n8n workflow", _text(document.get("description")))
    settings = document.get("settings")
    zone = settings.get("timezone") if isinstance(settings, dict) else None
    draft.timezone = zone if isinstance(zone, str) else "UTC"
    ids = {key: draft.free_id(node.name, node.kind) for key, node in nodes.items()}
    pinned = document.get("pinData")
    pinned = pinned if isinstance(pinned, dict) else {}
    reads = _reads(nodes, roles, ids, pinned)
    for key, node in nodes.items():
        unread = roles[key] in SILENT and not reads.found.get(key) and node.name not in pinned
        if unread or (roles[key] == "trigger" and node.kind == "formTrigger"):
            reads.answers.pop(key, None)
    made = _Made(draft, nodes, roles, reads, Builder(draft, reads, pinned, ids), lined)
    return made.draft


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _reads(
    nodes: dict[str, Node], roles: dict[str, str], ids: dict[str, str], pinned: dict[str, Any]
) -> Reads:
    """Who gives values, and which of them are read: looked at before anything is made."""
    sets = {
        key: {name for name, _ in settings_of(node)}
        for key, node in nodes.items()
        if roles[key] == "set"
    }
    forms = {key for key, node in nodes.items() if _is_form(node)}
    answers = {
        key: ids[key]
        for key, node in nodes.items()
        if roles[key] in GIVING
        and key not in (*sets, *forms)
        and (node.kind not in EMPTY_HANDED or node.name in pinned)
    }
    for key in forms:
        rows = nodes[key].get("formFields", "values")
        labels = (one.get("fieldLabel") for one in rows or () if isinstance(one, dict))
        sets[key] = {str(label) for label in labels if label}
    silent = {key for key in answers if roles[key] in ("message", "wait")}
    reads = Reads(nodes, answers, silent, sets)
    for node in nodes.values():
        if not node.is_note and (not node.disabled or speaker_of(node) is not None):
            reads.note(node)
    return reads


def _is_form(node: Node) -> bool:
    waits = node.kind == "wait" and node.text("resume") == "form"
    return node.kind in ("formTrigger", "form") or waits


class _Made:
    """One workflow on its way to a flow."""

    def __init__(
        self,
        draft: Draft,
        nodes: dict[str, Node],
        roles: dict[str, str],
        reads: Reads,
        builder: Builder,
        lined: bool,
    ) -> None:
        self.draft, self.nodes, self.roles, self.lined = draft, nodes, roles, lined
        self.reads, self.builder = reads, builder
        self.rows = {key: draft.row(one.id, one.name, one.type) for key, one in nodes.items()}
        order = self._order()
        self.built = {id(place): self._build(place) for place in order.places}
        for key, sentences in order.said.items():
            self.rows[key].lose(*sentences)
        self._link(order.places)
        self._begin(order.entries)
        self._say_rest()
        self._declare()
        guard_loops(draft)
        in_walking_order(draft)

    def _order(self) -> Order:
        """Every node in its place, what runs side by side one after the other."""
        walked = [key for key in self.nodes if self.roles[key] not in ("note", "helper")]
        led = {to for key in walked for outs in self.nodes[key].outs for to in outs}
        heads = [key for key in walked if self.roles[key] == "trigger" and not self.lined]
        heads = heads or [key for key in walked if key not in led] or walked[:1]
        kept = self._worth_keeping(walked, heads)
        places = {
            key: Place(
                self.nodes[key],
                [[] for _ in range(self._ways(self.nodes[key]))],
                self.roles[key] == "end",
            )
            for key in kept
        }
        for key, place in places.items():
            for port, outs in enumerate(self.nodes[key].outs[: len(place.outs)]):
                place.outs[port] = [places[to] for to in outs if to in places]
            if self.lined:
                self._line(place)
        heads.sort(key=lambda key: (self.nodes[key].at[1], self.nodes[key].at[0]))
        return in_order(list(places.values()), [places[key] for key in heads if key in places])

    def _line(self, place: Place) -> None:
        """All ways out lead to the next in the line."""
        after = place.outs[0] if place.outs else []
        row = self.rows[place.node.key]
        if len(place.outs) > 1 and after:
            row.lose("Where each of its ways leads is not in the file; all of them lead on here.")
        if place.node.kind == "splitInBatches":
            row.lose("Which nodes its loop holds is not in the file, so nothing leads back to it.")
        place.outs = [list(after) for _ in place.outs]
        if after:
            row.lose(
                "The file does not say what comes after it: none of its connections leads to a "
                f"node. Here “{after[0].node.name}” does, by its place on the canvas."
            )

    def _worth_keeping(self, walked: list[str], heads: list[str]) -> list[str]:
        """What the heads reach; of the rest, what is more than one helper alone."""
        found, open_ = set(heads), list(heads)
        while open_:
            for outs in self.nodes[open_.pop()].outs:
                for to in outs:
                    if to not in found:
                        found.add(to)
                        open_.append(to)
        led = {to for key in walked for outs in self.nodes[key].outs for to in outs}
        kept = []
        for key in walked:
            alone = not any(self.nodes[key].outs) and key not in led
            says = self.roles[key] in ("message", "if", "switch", "filter", "loop", "wait", "end")
            if key in found or not alone or says:
                kept.append(key)
                if key not in found:
                    self.rows[key].lose("Nothing that starts leads to it, in n8n as here.")
            else:
                self.rows[key].lose("It is connected to nothing, so n8n never runs it; left out.")
        return kept

    def _ways(self, node: Node) -> int:
        """How many ways out a node has, led or not."""
        role = self.roles[node.key]
        least = BRANCHING.get(node.kind, 1)
        if role == "pass":
            least = 1
        elif role == "switch":
            rules, otherwise = rules_of(node, self.reads)
            ports = [rule.port for rule in rules] + ([otherwise] if otherwise is not None else [])
            least = max([0, *ports]) + 1
        return max(least, len(node.outs))

    def _build(self, place: Place) -> Built:
        node, row = place.node, self.rows[place.node.key]
        return self.builder.build(node, self.roles[node.key], row, len(place.outs))

    def _link(self, places: list[Place]) -> None:
        for place in places:
            self._say_unled(place)
            for port, slots in self.built[id(place)].slots.items():
                outs = place.outs[port] if port < len(place.outs) else []
                to = self._entry(outs[0]) if outs else None
                for holder, key in slots:
                    if to is not None:
                        holder[key] = to

    def _say_unled(self, place: Place) -> None:
        """Name the ways out that no step here has."""
        built, led = self.built[id(place)], [port for port, outs in enumerate(place.outs) if outs]
        known = set(built.slots) if built.entry is not None else set(led[:1])
        row = self.rows[place.node.key]
        for port in led:
            if port not in known and not place.ends and not any("way out" in o for o in row.lost):
                to = place.outs[port][0].node.name
                row.lose(f"Its way out {port + 1}, to “{to}”, is not taken here.")

    def _entry(self, place: Place | None) -> str | None:
        """The first step at or behind a place."""
        seen: set[int] = set()
        while place is not None and id(place) not in seen:
            entry = self.built[id(place)].entry
            if entry is not None:
                return entry
            seen.add(id(place))
            place = next((outs[0] for outs in place.outs if outs), None)
        return None

    def _begin(self, entries: list[Place]) -> None:
        starts: dict[str, list[Node]] = {}
        for place in entries:
            to = self._entry(place)
            if to is not None:
                starts.setdefault(to, []).append(place.node)
        if len(starts) < 2:
            self.draft.start = next(iter(starts), None)
            return
        arms: list[dict[str, Any]] = []
        split = self.draft.free_id("start")
        for to, heads in starts.items():
            name = unique(" or ".join(head.name for head in heads)[:200], [a["name"] for a in arms])
            rare = all(head.kind == "errorTrigger" for head in heads)
            arms.append({"name": name, "weight": RARE if rare else 1, "next": to})
            for head in heads:
                self.rows[head.key].lose(
                    f"The workflow has {len(starts)} starts; here chance shares people out."
                )
        first = self.rows[entries[0].node.key]
        self.draft.add(first, split, "split", {"arms": arms}, _beside(entries[0].node))
        self.draft.steps = {split: self.draft.steps.pop(split), **self.draft.steps}
        self.draft.start = split

    def _say_rest(self) -> None:
        for key, node in self.nodes.items():
            row = self.rows[key]
            if node.is_note:
                self._note(node, row)
            elif node.disabled:
                self._switched_off(node, row)
            elif self.roles[key] == "pass":
                row.lose(PASSES[node.kind])
                if node.kind == "noOp" and node.parameters.get("text"):
                    row.lose("It has settings, which n8n does not use in this type of node.")
            elif self.roles[key] == "helper":
                names = "”, “".join(one for one in node.helps if one in self.nodes)
                row.lose(
                    f"It serves “{names}”; it has no step of its own."
                    if names
                    else "It is a tool of an agent; it has no step of its own."
                )
            if node.key != node.name:
                row.lose("Another node has the same name; what leads to the name leads to that.")
            if node.nowhere:
                row.lose(
                    f"It leads to what n8n does not follow: “{'”, “'.join(node.nowhere[:5])}”."
                )
            for what in ("continueOnFail", "executeOnce"):
                if node.extra.get(what) is True and what == "continueOnFail":
                    row.lose("It goes on after an error in n8n; in a rehearsal there is none.")
            if not row.steps and not row.lost:
                row.lose("No step stands for it; the way goes on.")

    def _switched_off(self, node: Node, row: Row) -> None:
        """A message that is switched off keeps its words, in a step that nothing leads to."""
        row.lose("It is switched off in n8n; the way goes on without it.")
        if speaker_of(node) is not None:
            self.builder.build(node, "message", row, 1)
            row.lose("Its words are kept in a step that nothing leads to.")

    def _note(self, node: Node, row: Row) -> None:
        at = (round(node.at[0] * SCALE[0], 1), round(node.at[1] * SCALE[1], 1))
        size = []
        for key, usual, scale in (("width", 240, SCALE[0]), ("height", 160, SCALE[1])):
            value = node.get(key)
            good = isinstance(value, (int, float)) and 0 < value < 1e5
            size.append(round((value if good else usual) * scale, 1))
        words = node.text("content")
        kept = self.draft.note(words, at, (size[0], size[1]))
        row.lose(
            "It is a note on the canvas now."
            if kept
            else f"There are too many notes for one canvas; this one is left out: “{words[:500]}”."
        )

    def _declare(self) -> None:
        """Give what is read before anybody gives it a place among the variables."""
        given = {self.reads.name_of(name) for names in self.reads.sets.values() for name in names}
        loose = {path for path in self.reads.loose if path[0] not in given}
        for name, value in skeleton(loose).items():
            self.draft.variables.setdefault(name, value)
        for key, found in self.reads.found.items():
            step = self.reads.answers.get(key)
            if step is None or self.roles[key] not in ("message", "wait"):
                continue
            self.draft.variables.setdefault(step, skeleton(path for path in found if path))


def _beside(node: Node) -> tuple[float, float]:
    return (round(node.at[0] * SCALE[0], 1) - 320, round(node.at[1] * SCALE[1], 1))
