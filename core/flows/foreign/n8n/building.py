"""The steps that each n8n node becomes, and which of its ways out each of their ways is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.flows.foreign.comparing import joined_all
from core.flows.foreign.drafting import (
    CARD_HEIGHT,
    LONGEST_LINE,
    Draft,
    Row,
    body_of,
    cleaned,
    line_of,
    skeleton,
    unsaid,
)
from core.flows.foreign.n8n.logic import Tested, conditions_of, rules_of
from core.flows.foreign.n8n.messages import ASKING, other_form, pieces_of, speaker_of
from core.flows.foreign.n8n.nodes import Node
from core.flows.foreign.n8n.reads import Reads
from core.flows.foreign.n8n.settings import settings_of
from core.flows.foreign.n8n.speakers import Speaks
from core.flows.foreign.n8n.telling import (
    about,
    bare_words,
    fields_of,
    first_pinned,
    how_it_begins,
    length_of,
    lose_around,
    lose_unsent,
    lose_words,
    question_of,
    span_of,
)
from core.flows.foreign.names import plain_name, quoted, unique
from core.flows.foreign.saying import plain_liquid, short

SCALE = (1.5, 1.3)
PATIENCE = "2d"
LONGEST_SAMPLE = 50_000
FAILS = 1.0
WORKS = 9.0
Slot = tuple[dict[str, Any], str]
YES = 'reply.intent == "interested" || reply.intent == "thanks" || reply.sentiment == "positive"'


@dataclass
class Built:
    """The steps of one place.

    Attributes:
        entry: The first of them; None where there is none.
        slots: For each way out of the node, what is to name the next step.
    """

    entry: str | None = None
    slots: dict[int, list[Slot]] = field(default_factory=dict)


class Builder:
    """Makes the steps of one workflow.

    Args:
        draft: The flow that is being made.
        reads: What its expressions read.
        pinned: What is pinned to nodes, by name.
        ids: The id of the first step of each node.
    """

    def __init__(
        self, draft: Draft, reads: Reads, pinned: dict[str, Any], ids: dict[str, str]
    ) -> None:
        self.draft = draft
        self.reads = reads
        self.pinned = pinned
        self.ids = ids
        self.used: set[str] = set()

    def build(self, node: Node, role: str, row: Row, ways: int) -> Built:
        """The steps of a node; ``ways`` is how many ways out it has."""
        built = MAKERS[role](self, node, row, ways)
        if built.entry is not None and node.comment.strip():
            self.draft.steps[built.entry].setdefault("comment", node.comment)
        return built

    def step(
        self,
        node: Node,
        row: Row,
        type: str,
        config: dict[str, Any],
        more: str = "",
        comment: str | None = None,
    ) -> dict[str, Any]:
        """Add a step; the first of a node has the id that others read it under."""
        id = self.ids[node.key]
        if more or id in self.used:
            id = self.draft.free_id(f"{id}_{more}" if more else id)
        self.used.add(id)
        x, y = node.at
        at = (round(x * SCALE[0], 1), round(y * SCALE[1], 1) + CARD_HEIGHT * len(row.steps))
        return self.draft.add(row, id, type, config, at, comment)

    def said(self, node: Node, row: Row, value: Any) -> str:
        """A text in Liquid; what could not be said stands in the row."""
        said = self.reads.text(node, value)
        lose_words(row, said)
        return said.text

    # What each role becomes

    def trigger(self, node: Node, row: Row, ways: int) -> Built:
        """The start: a form asks, a call brings what is read of it."""
        row.lose(how_it_begins(node))
        if node.kind == "formTrigger" and fields_of(node):
            return self._asked(node, row, node.get("formTitle"), node.get("formDescription"))
        if node.key in self.reads.answers:
            return self.answer(node, row, ways)
        return Built()

    def form(self, node: Node, row: Row, ways: int) -> Built:
        """A page of a form, or its ending."""
        if node.text("operation") == "completion":
            words = [node.get("completionTitle"), node.get("completionMessage")]
            texts = [self.said(node, row, one) for one in (*words, node.get("responseText")) if one]
            step = self.step(node, row, "send_web", {"body": body_of("\n\n".join(texts), row)})
            return Built(step["id"], {0: [(step, "next")]})
        options = node.get("options", default={})
        options = options if isinstance(options, dict) else {}
        title = options.get("formTitle") or node.get("formTitle")
        about_it = options.get("formDescription") or node.get("formDescription")
        return self._asked(node, row, title, about_it)

    def _asked(self, node: Node, row: Row, title: Any, about: Any) -> Built:
        """A form as questions; its answers are variables afterwards."""
        questions: list[dict[str, Any]] = []
        values: dict[str, str] = {}
        for one in fields_of(node):
            label = str(one.get("fieldLabel") or one.get("fieldName") or "Field")
            id = unique(f"{self.ids[node.key]}_{plain_name(label).lower()}"[:90], values.values())
            questions.append(question_of(id, label, one))
            values[self.reads.name_of(label)] = id
        config = {
            "title": line_of(self.said(node, row, title), row, "title"),
            "body": body_of(self.said(node, row, about), row),
            "questions": questions,
            "channel": "web",
            "timeout": PATIENCE,
        }
        step = self.step(node, row, "check_in", config)
        if not questions:
            return Built(step["id"], {0: [(step, "next")]})
        given = {name: f"answers.{id}" for name, id in values.items()}
        keep = self.step(node, row, "set", {"values": given}, "answers")
        step["next"] = keep["id"]
        row.lose("Who does not answer within 2 days goes on with empty answers.")
        return Built(step["id"], {0: [(keep, "next")]})

    def message(self, node: Node, row: Row, ways: int) -> Built:
        """What is said to people."""
        speaks = speaker_of(node)
        assert speaks is not None
        plain = other_form(node)
        said = self._spoken(node, row, speaks)
        step = self.step(
            node, row, *said, comment=plain and f"{bare_words(plain)}\n{node.comment}".strip()
        )
        lose_around(node, row)
        if plain:
            row.lose("It is sent as HTML and as plain text; the plain text is the step's comment.")
        if node.text("operation") in ASKING:
            return self._waited(node, row, step)
        return self._failing(node, row, step, Built(step["id"], {0: [(step, "next")]}))

    def _spoken(self, node: Node, row: Row, speaks: Speaks) -> tuple[str, dict[str, Any]]:
        texts = [self.said(node, row, piece) for piece in pieces_of(node, speaks)]
        if not texts:
            row.lose("There are no words in it; write what it should say.")
        type = speaks.step
        subject = (
            self.said(node, row, node.get(*speaks.subject.split("."))) if speaks.subject else ""
        )
        if type != "send_email" and subject and subject not in texts:
            texts.insert(0, subject)
        config: dict[str, Any] = {"body": body_of("\n\n".join(texts), row)}
        if type == "send_email":
            config = {"subject": line_of(subject, row, "subject"), **config}
        template = node.get("template")
        if type == "send_whatsapp" and isinstance(template, str) and template:
            config["template"] = line_of(self.said(node, row, template), row, "template")
            if not texts:
                config["body"] = body_of(plain_liquid(f"[{template}]"), row)
                row.lose("The words of the template are kept at WhatsApp; its name stands here.")
        return type, config

    def _waited(self, node: Node, row: Row, step: dict[str, Any]) -> Built:
        """A message that waits for its answer."""
        limit = node.get("options", "limitWaitTime", "values")
        limit = limit if isinstance(limit, dict) else None
        timeout = span_of(limit, "resumeAmount", "resumeUnit") if limit else None
        wait = self.step(node, row, "wait_for_reply", {"timeout": timeout or PATIENCE}, "reply")
        given = {"data": f'{{"approved": {YES}, "text": reply.text}}'}
        keep = self.step(node, row, "set", {"values": given}, "answer")
        step["next"], wait["on_reply"] = wait["id"], keep["id"]
        labels = [str(one.get("fieldLabel") or "") for one in fields_of(node)]
        if labels:
            row.lose(f"The fields of its form are not asked: “{'”, “'.join(labels)}”.")
        row.lose("An answer counts as approved (data.approved) where it sounds like a yes.")
        slots: list[Slot] = [(keep, "next")]
        if limit:
            slots.append((wait, "on_timeout"))
        else:
            row.lose("n8n waits without end; here 2 days, and who has not answered then ends.")
        return Built(step["id"], {0: slots})

    def branch(self, node: Node, row: Row, ways: int) -> Built:
        """IF and Filter."""
        tested = conditions_of(node, self.reads, node.get("conditions"))
        branch = {"when": self._when(node, row, tested)}
        config: dict[str, Any] = {"branches": [branch]}
        step = self.step(node, row, "condition", config)
        slots: dict[int, list[Slot]] = {0: [(branch, "next")], 1: [(config, "else")]}
        if node.kind == "filter":
            row.lose("It drops items; here a person who does not pass it goes no further.")
        return self._failing(node, row, step, Built(step["id"], slots), 2)

    def switch(self, node: Node, row: Row, ways: int) -> Built:
        """One branch for each rule."""
        rules, otherwise = rules_of(node, self.reads)
        branches: list[dict[str, Any]] = []
        slots: dict[int, list[Slot]] = {}
        for rule in rules:
            branch = {"when": self._when(node, row, rule.test, len(branches))}
            branches.append(branch)
            slots.setdefault(rule.port, []).append((branch, "next"))
        if node.get("options", "allMatchingOutputs") is True:
            row.lose("n8n takes every rule that holds; here the first that holds.")
        if not branches:
            row.lose("It has no rule that could be read; the way goes on.")
            return Built()
        config: dict[str, Any] = {"branches": branches}
        step = self.step(node, row, "condition", config)
        if otherwise is not None:
            slots.setdefault(otherwise, []).append((config, "else"))
        return Built(step["id"], slots)

    def _when(self, node: Node, row: Row, tested: Tested, number: int = 0) -> str:
        """A condition; what of it CEL cannot say becomes variables that a person sets."""
        row.lose(*tested.lost)
        base = f"{self.ids[node.key]}_holds" + (f"_{number + 1}" if number else "")
        count = 0

        def stand_in(words: str) -> str:
            nonlocal count
            count += 1
            name = base if count == 1 else f"{base}_part{count}"
            self.draft.variables[name] = False
            row.lose(unsaid(words, name))
            return f"{name} == true"

        parts = [(part.cel, part.words) for part in tested.parts]
        return joined_all(parts, tested.word, stand_in)

    def set(self, node: Node, row: Row, ways: int) -> Built:
        """Variables and their values."""
        values: dict[str, Any] = {}
        for name, value in settings_of(node):
            variable = self.reads.name_of(name)
            if variable != name:
                row.lose(f"“{short(name)}” is called {variable} here.")
            said = self._value(node, row, name, variable, value)
            if said is not None:
                values[variable] = said[0]
        if node.get("mode") == "raw" and not values:
            row.lose(f"Its JSON is not taken apart: “{short(node.text('jsonOutput'), 200)}”.")
        if not values:
            row.lose("It sets nothing that could be read; the way goes on.")
            return Built()
        step = self.step(node, row, "set", {"values": dict(list(values.items())[:200])})
        return self._failing(node, row, step, Built(step["id"], {0: [(step, "next")]}))

    def _value(
        self, node: Node, row: Row, name: str, variable: str, value: Any
    ) -> tuple[Any] | None:
        if isinstance(value, (dict, list)) or (
            isinstance(value, str) and "{{" not in value and len(value) > LONGEST_LINE
        ):
            self.draft.variables[variable] = cleaned(value)
            row.lose(f"“{short(name)}” is written down as a variable of the flow from its start.")
            return None
        side = self.reads.side(node, value)
        if side.cel is not None:
            return (side.cel if isinstance(value, str) else value,)
        row.lose(f"The value of “{short(name)}” cannot be said in CEL: “{side.words or value}”.")
        words = quoted(str(value).removeprefix("="))
        return (words if len(words) < LONGEST_LINE else quoted(short(str(value), 500)),)

    def wait(self, node: Node, row: Row, ways: int) -> Built:
        """A time, or a call or a form that is waited for."""
        resume = node.text("resume") or "timeInterval"
        if resume == "form" and fields_of(node):
            return self._asked(node, row, node.get("formTitle"), node.get("formDescription"))
        if resume in ("webhook", "form"):
            return self._called(node, row, resume)
        amount = node.get("amount", default=5 if node.version >= 1.1 else 1)
        unit = node.text("unit") or ("seconds" if node.version >= 1.1 else "hours")
        duration = length_of(amount, unit)
        if resume == "specificTime" or duration is None:
            words = node.text("dateTime") if resume == "specificTime" else f"{amount} {unit}"
            row.lose(f"It waits for “{short(words)}”, which is not known here; one hour instead.")
            duration = "1h"
        step = self.step(node, row, "delay", {"duration": duration})
        return Built(step["id"], {0: [(step, "next")]})

    def _called(self, node: Node, row: Row, resume: str) -> Built:
        limited = node.get("limitWaitTime") is True
        heading = [node.text(key) for key in ("formTitle", "formDescription") if node.text(key)]
        if heading:
            row.lose(f"The words of its form are not shown: “{short(' '.join(heading), 300)}”.")
        if limited and node.text("limitType") == "atSpecifiedTime":
            until = short(node.text("maxDateAndTime"))
            row.lose(f"It waits until “{until}”, which is not known here; one hour instead.")
        timeout = span_of(node.parameters, "resumeAmount", "resumeUnit") if limited else None
        step = self.step(node, row, "wait_for_reply", {"timeout": timeout or PATIENCE})
        row.lose(f"It waits for a {'call' if resume == 'webhook' else 'form'}; here for a reply.")
        slots: list[Slot] = [(step, "on_reply")]
        if limited:
            slots.append((step, "on_timeout"))
        else:
            row.lose("n8n waits without end; here 2 days, and who has not answered then ends.")
        return Built(step["id"], {0: slots})

    def merge(self, node: Node, row: Row, ways: int) -> Built:
        """No step of its own."""
        mode = node.text("mode") or "append"
        by = node.text("combineBy") or node.text("combinationMode")
        how = f"{mode}, {by}" if by else mode
        row.lose(
            f"It waits for its inputs and puts their items together ({how}). Here the ways that "
            "meet come one after the other, and their variables are all there afterwards."
        )
        return Built()

    def loop(self, node: Node, row: Row, ways: int) -> Built:
        """A counter, and a condition that leaves when all are through."""
        id = self.ids[node.key]
        turn, most = f"{id}_turn", f"{id}_turns"
        pinned = self.pinned.get(node.name)
        self.draft.variables[turn] = 0
        self.draft.variables[most] = max(len(pinned), 1) if isinstance(pinned, list) else 1
        count = self.step(node, row, "set", {"values": {turn: f"{turn} + 1"}})
        branch: dict[str, Any] = {"when": f"{turn} <= {most}"}
        config: dict[str, Any] = {"branches": [branch]}
        more = self.step(node, row, "condition", config, "more")
        count["next"] = more["id"]
        size = node.get("batchSize", default=1)
        row.lose(
            f"It goes over a list of items, {size} at a time. Here a person is one item: the loop "
            f"is walked {most} times ({self.draft.variables[most]}); change that variable."
        )
        loop, end = (1, 0) if node.version >= 3 else (0, 1)
        return Built(count["id"], {loop: [(branch, "next")], end: [(config, "else")]})

    def end(self, node: Node, row: Row, ways: int) -> Built:
        """An error that ends everything."""
        words = node.text("errorMessage") or node.text("message") or "stopped with an error"
        reason = line_of(bare_words(words), row, "reason")
        step = self.step(node, row, "end", {"reason": reason})
        row.lose("n8n stops the whole run here; here this person's way ends.")
        return Built(step["id"])

    def respond(self, node: Node, row: Row, ways: int) -> Built:
        """Words for who called; data is for programs."""
        if node.text("respondWith") == "text" and node.text("responseBody").strip():
            words = self.said(node, row, node.get("responseBody"))
            step = self.step(node, row, "send_web", {"body": body_of(words, row)})
            row.lose("It answers the call that began the run; here the person reads it on the web.")
            return Built(step["id"], {0: [(step, "next")]})
        words = node.text("responseBody")
        row.lose(
            "It answers the program that called; there is none here"
            + (f" (“{short(words, 200)}”)." if words else ".")
        )
        return Built()

    def answer(self, node: Node, row: Row, ways: int) -> Built:
        """Something that another system answers: never called in a rehearsal."""
        sample = self._sample(node, row)
        url = node.text("url") or node.text("path")
        method = node.text("httpMethod") or node.text("method") or node.text("requestMethod")
        config: dict[str, Any] = {
            "url": line_of(self.said(node, row, url), row, "address"),
            "method": method if re.fullmatch(r"[A-Z]{3,7}", method) else "GET" if url else "POST",
        }
        if sample is not None:
            config["sample"] = sample
        step = self.step(node, row, "webhook", config, comment=about(node))
        lose_unsent(node, row)
        if node.kind in ("code", "function", "functionItem"):
            row.lose("Code is not run in a rehearsal; it is kept as the step's comment.")
        elif node.kind in ("executeWorkflow", "toolWorkflow"):
            row.lose("It runs another workflow, which is not part of this file; import it as well.")
        built = Built(step["id"], {0: [(step, "next")]})
        return self._failing(node, row, step, built)

    def _sample(self, node: Node, row: Row) -> Any:
        pinned = first_pinned(self.pinned.get(node.name))
        if isinstance(pinned, dict):
            own = {self.reads.name_of(str(key)): value for key, value in pinned.items()}
            if len(json.dumps(own, default=str)) <= LONGEST_SAMPLE:
                row.lose("Its pinned data answers here.")
                return cleaned(own)
            row.lose("Its pinned data is too much for a sample.")
        found = self.reads.found.get(node.key, set())
        sample = skeleton(path for path in found if path)
        if not sample:
            row.lose("What it gives is not read by any step; it is not called in a rehearsal.")
            return None
        names = ", ".join(list(sample)[:8])
        row.lose(
            "It is not called in a rehearsal, and the file has no pinned data for it: write into "
            f"its sample what it answers ({names})."
        )
        return sample

    def chooser(self, node: Node, row: Row, ways: int) -> Built:
        """Something that takes one of several ways, nobody knows which."""
        built = self.answer(node, row, ways)
        assert built.entry is not None
        step = self.draft.steps[row.steps[-1]]
        return self._chance(node, row, step, built.entry, max(ways, 1))

    def _chance(self, node: Node, row: Row, step: dict[str, Any], entry: str, ways: int) -> Built:
        if ways < 2:
            return Built(entry, {0: [(step, "next")]})
        arms: list[dict[str, Any]] = [
            {"name": f"way {number + 1}", "weight": 1} for number in range(ways)
        ]
        split = self.step(node, row, "split", {"arms": arms}, "way")
        step["next"] = split["id"]
        row.lose(f"Which of its {ways} ways is taken is not known here; chance decides.")
        return Built(entry, {port: [(arm, "next")] for port, arm in enumerate(arms)})

    def _failing(
        self, node: Node, row: Row, step: dict[str, Any], built: Built, port: int = 1
    ) -> Built:
        """A node with a way out for errors: one in ten goes there, so that it is rehearsed."""
        if len(node.outs) <= port or not node.outs[port]:
            return built
        if not node.fails:
            if port == 2:
                return built
            return self._chance(node, row, step, str(built.entry), len(node.outs))
        if port == 2:
            row.lose("Its way out for errors is not taken here.")
            return built
        arms: list[dict[str, Any]] = [
            {"name": "works", "weight": WORKS},
            {"name": "fails", "weight": FAILS},
        ]
        split = self.step(node, row, "split", {"arms": arms}, "works")
        step["next"] = split["id"]
        row.lose(
            "Its way out for errors is taken by one person in ten, by chance; that figure is "
            "made up so that both ways are rehearsed."
        )
        return Built(built.entry, {0: [(arms[0], "next")], 1: [(arms[1], "next")]})

    def strange(self, node: Node, row: Row, ways: int) -> Built:
        """A type that is not known: answered where it is read, else passed over."""
        row.lose(f"The type “{node.type}” is not known here.")
        if ways > 1 or self.reads.found.get(node.key) or self.pinned.get(node.name):
            return self.chooser(node, row, ways)
        row.lose("No step stands for it; the way goes on.")
        lose_unsent(node, row)
        return Built()

    def nothing(self, node: Node, row: Row, ways: int) -> Built:
        """No step; the way goes on."""
        return Built()


Made = Callable[[Builder, Node, Row, int], Built]
MAKERS: dict[str, Made] = {
    "trigger": Builder.trigger,
    "form": Builder.form,
    "message": Builder.message,
    "if": Builder.branch,
    "filter": Builder.branch,
    "switch": Builder.switch,
    "set": Builder.set,
    "wait": Builder.wait,
    "merge": Builder.merge,
    "loop": Builder.loop,
    "end": Builder.end,
    "respond": Builder.respond,
    "answer": Builder.answer,
    "chooser": Builder.chooser,
    "strange": Builder.strange,
    "helper": Builder.nothing,
    "pass": Builder.nothing,
    "note": Builder.nothing,
}
"""What makes the steps of each role: adding one is one method and one line here."""
