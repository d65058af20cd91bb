"""The steps that each block of a Typebot becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.flows.foreign.comparing import ALONE, Compared, Side, compare, joined_all
from core.flows.foreign.drafting import (
    CARD_HEIGHT,
    LONGEST_LINE,
    Draft,
    Row,
    body_of,
    duration_of,
    line_of,
    unsaid,
)
from core.flows.foreign.names import quoted, unique
from core.flows.foreign.saying import short
from core.flows.foreign.typebot.document import Block, Bot
from core.flows.foreign.typebot.pieces import (
    LOOSE,
    OPERATORS,
    PROMPTS,
    TEXTS,
    THINKERS,
    address_of,
    figure,
    has_edge,
    item_words,
    label_of,
    plain_id,
    prompts_of,
)
from core.flows.foreign.typebot.words import Words, plain_words

PATIENCE = "2d"
BUBBLES = ("text", "image", "video", "embed", "audio")
Slot = tuple[dict[str, Any], str]


@dataclass
class Built:
    """The steps of one block.

    Attributes:
        entry: The first of them; None where there is none.
        rest: What is to name the step that comes next.
        items: The same for each of its items that may lead elsewhere.
        jump: Where the way goes on instead, where the block itself says so.
    """

    entry: str | None = None
    rest: list[Slot] = field(default_factory=list)
    items: dict[int, list[Slot]] = field(default_factory=dict)
    jump: tuple[Any, Any] | None = None


class Builder:
    """Makes the steps of one bot."""

    def __init__(self, draft: Draft, bot: Bot) -> None:
        self.draft = draft
        self.bot = bot
        self.words = Words(bot)
        self.heights: dict[tuple[float, float], int] = {}

    def build(self, block: Block, row: Row) -> Built:
        """The steps of a block."""
        make = MAKERS.get(block.type)
        if make is None:
            make = Builder.answer if block.options or block.type in THINKERS else Builder.strange
        return make(self, block, row)

    def step(
        self, block: Block, row: Row, type: str, config: dict[str, Any], name: str
    ) -> dict[str, Any]:
        """Add a step below the others of its group."""
        id = self.draft.free_id(f"{block.group[:24]} {name}")
        count = self.heights.get(block.at, 0)
        self.heights[block.at] = count + 1
        at = (round(block.at[0], 1), round(block.at[1] + CARD_HEIGHT * count, 1))
        return self.draft.add(row, id, type, config, at)

    def said(self, row: Row, text: str) -> str:
        """A text in Liquid; what could not be said stands in the row."""
        said = self.words.text(text)
        for words in said.strange:
            row.lose(f"There is no variable or expression “{words}”; it stays as words.")
        return said.text

    def _one(self, block: Block, row: Row, type: str, config: dict[str, Any], name: str) -> Built:
        step = self.step(block, row, type, config, name)
        return Built(step["id"], [(step, "next")])

    # Bubbles

    def bubble(self, block: Block, row: Row) -> Built:
        """Words, or the address of what is shown."""
        text = plain_words(block.content) if block.type == "text" else address_of(block)
        if not text.strip():
            row.lose("It is empty; no step stands for it.")
            return Built()
        if block.type != "text":
            row.lose(f"The {block.type} is sent as its address.")
        body = body_of(self.said(row, text), row)
        return self._one(block, row, "send_web", {"body": body}, block.type)

    # Inputs

    def written(self, block: Block, row: Row) -> Built:
        """An answer in words."""
        prompt = block.text("labels", "placeholder") or label_of(block)
        asked = bool(block.comes_from) and all(one.type in BUBBLES for one in block.comes_from)
        first: dict[str, Any] | None = None
        if not asked:
            words = body_of(self.said(row, prompt or PROMPTS[block.type]), row)
            first = self.step(block, row, "send_web", {"body": words}, "ask")
            row.lose("No bubble asks before it, so the words of its field are sent.")
        elif prompt:
            row.lose(f"The words in its field (“{short(prompt)}”) are not shown.")
        if block.type != "text input":
            row.lose(f"Any words are taken; that they are a {block.type[:-6]} is not checked.")
        wait = self.step(block, row, "wait_for_reply", {"timeout": PATIENCE}, "wait")
        if first is not None:
            first["next"] = wait["id"]
        row.lose("A person who does not answer within 2 days ends here.")
        entry = (first or wait)["id"]
        variable = self._variable(block, row)
        if variable is None:
            return Built(entry, [(wait, "on_reply")])
        keep = self.step(block, row, "set", {"values": {variable: "reply.text"}}, "keep")
        wait["on_reply"] = keep["id"]
        return Built(entry, [(keep, "next")])

    def _variable(self, block: Block, row: Row) -> str | None:
        id = block.options.get("variableId")
        variable = self.bot.variable(id)
        if id and variable is None:
            row.lose("The variable of its answer is not in the file.")
        return variable

    def number(self, block: Block, row: Row) -> Built:
        """A number."""
        low, high = figure(block.text("min")), figure(block.text("max"))
        if low is None or high is None or low > high:
            low = low if low is not None else min(0.0, high or 0.0)
            high = high if high is not None and high >= low else low + 100
            row.lose(f"It has no bounds; the rehearsal answers between {low:g} and {high:g}.")
        text = block.text("labels", "placeholder") or "Type a number..."
        question = {"kind": "number", "min": low, "max": high}
        return self._asked(block, row, text, question, [])

    def rating(self, block: Block, row: Row) -> Built:
        """A point on a scale."""
        low = figure(block.text("startsAt"))
        low = 1.0 if low is None else low
        high = low + max((figure(block.text("length")) or 10.0) - 1, 0)
        if low == 0:
            high = figure(block.text("length")) or 10.0
        ends = [
            block.text("labels", side) or block.text("labels", f"{side}Label")
            for side in ("left", "right")
        ]
        own = block.raw.get("labels")
        words = f"{low:g} {ends[0]} – {high:g} {ends[1]}" if any(ends) or own else ""
        text = " ".join(words.split()) or f"{low:g} – {high:g}"
        return self._asked(block, row, text, {"kind": "scale", "min": low, "max": high}, [])

    def choice(self, block: Block, row: Row) -> Built:
        """One of several buttons, pictures or cards."""
        if block.options.get("dynamicVariableId"):
            row.lose("Its buttons come from a variable while it runs; here any words are taken.")
            return self._asked(block, row, label_of(block) or "Choose", {"kind": "text"}, [])
        if block.options.get("isMultipleChoice") is True:
            row.lose("Several may be chosen there; here one is.")
        names = [item_words(one) for one in block.items[:50]]
        if len(block.items) > len(names):
            row.lose(f"It has {len(block.items)} choices; the first 50 are kept.")
        choices = list(dict.fromkeys(name[:LONGEST_LINE] for name in names if name.strip()))
        if not choices:
            row.lose("It has no words to choose from; here any words are taken.")
            return self._asked(block, row, "Choose", {"kind": "text"}, [])
        if any("{{" in name for name in choices):
            row.lose("Variables in a choice are not filled in; its words stay as they stand.")
        text = " / ".join(choices)
        if any(
            one.get("displayCondition", {}).get("isEnabled") is True
            for one in block.items
            if isinstance(one.get("displayCondition"), dict)
        ):
            row.lose("Some choices are shown to some people only; here to all.")
        return self._asked(block, row, text, {"kind": "choice", "choices": choices}, names)

    def _asked(
        self, block: Block, row: Row, text: str, question: dict[str, Any], names: list[str]
    ) -> Built:
        """A question, its variable, and a way for each answer that has one."""
        id = self.draft.free_id(f"{block.group[:24]} answer")
        line = line_of(self.said(row, text), row, "question")
        for bound in ("min", "max"):
            if isinstance(question.get(bound), float) and question[bound].is_integer():
                question[bound] = int(question[bound])
        config = {
            "questions": [{"id": id, "text": line, **question}],
            "channel": "web",
            "timeout": PATIENCE,
        }
        ask = self.step(block, row, "check_in", config, "ask")
        last = ask
        variable = self._variable(block, row)
        if variable is not None:
            last = self.step(block, row, "set", {"values": {variable: f"answers.{id}"}}, "keep")
            ask["next"] = last["id"]
        branches: list[dict[str, Any]] = []
        items: dict[int, list[Slot]] = {}
        for number, name in enumerate(names):
            if has_edge(block.items[number]):
                branches.append({"when": f"answers.{id} == {quoted(name[:LONGEST_LINE])}"})
                items[number] = [(branches[-1], "next")]
        rest: list[Slot] = []
        if not names or len(items) < len(names):
            branches.append({"when": f"answers.{id} != null"})
            rest.append((branches[-1], "next"))
        sort = self.step(block, row, "condition", {"branches": branches}, "sort")
        last["next"] = sort["id"]
        row.lose("A person who does not answer within 2 days ends here.")
        return Built(ask["id"], rest, items)

    def payment(self, block: Block, row: Row) -> Built:
        """A payment: a button, and a goal once it is pressed."""
        amount, currency = block.text("amount"), block.text("currency") or "USD"
        button = block.text("labels", "button") or "Pay"
        row.lose("Nothing is paid in a rehearsal; who presses the button reaches the goal.")
        built = self._asked(
            block,
            row,
            f"{button} {amount} {currency}",
            {"kind": "choice", "choices": [button[:LONGEST_LINE]]},
            [],
        )
        config: dict[str, Any] = {"name": "payment"}
        value = figure(amount)
        if value is not None:
            config["value"] = value
        goal = self.step(block, row, "goal", config, "paid")
        for holder, key in built.rest:
            holder[key] = goal["id"]
        return Built(built.entry, [(goal, "next")])

    # Logic

    def condition(self, block: Block, row: Row) -> Built:
        """The first item that holds, else on."""
        branches: list[dict[str, Any]] = []
        items: dict[int, list[Slot]] = {}
        for number, item in enumerate(block.items[:99]):
            branch = {"when": self._when(block, row, item, number)}
            branches.append(branch)
            items[number] = [(branch, "next")]
        if not branches:
            row.lose("It has no condition; the way goes on.")
            return Built()
        config: dict[str, Any] = {"branches": branches}
        step = self.step(block, row, "condition", config, "if")
        return Built(step["id"], [(config, "else")], items)

    def _when(self, block: Block, row: Row, item: dict[str, Any], number: int) -> str:
        content = item.get("content")
        content = content if isinstance(content, dict) else item
        rows = content.get("comparisons")
        found = [
            self._compared(row, one)
            for one in (rows[:50] if isinstance(rows, list) else ())
            if isinstance(one, dict)
        ]
        word = "or" if content.get("logicalOperator") == "OR" else "and"

        def stand_in(words: str) -> str:
            name = unique(f"{plain_id(block.group)}_holds", self.draft.variables)
            self.draft.variables[name] = False
            row.lose(f"Condition {number + 1}: {unsaid(words, name)}")
            return f"{name} == true"

        return joined_all([(one.cel, words) for one, words in found], word, stand_in)

    def _compared(self, row: Row, raw: dict[str, Any]) -> tuple[Compared, str]:
        name = str(raw.get("comparisonOperator") or "")
        if not name:
            name = "Equal to"
            row.lose("A comparison names no operator; it is taken as “Equal to”.")
        operator = OPERATORS.get(name, "")
        variable = self.bot.variable(raw.get("variableId"))
        right = self.words.side(raw.get("value") if raw.get("value") is not None else "")
        words = f"{variable or 'a variable that is not there'} {name} {right.words}"
        if not operator or (variable is None):
            return Compared(None), words
        kind = "text"
        if operator in ("greater", "greater or equal", "less", "less or equal"):
            kind = "loose number"
            if right.plain and figure(str(right.literal)) is None:
                return Compared(None), words
        if operator in LOOSE:
            row.lose("Typebot passes over small and capital letters here; in CEL they count.")
        other = Side(None) if operator in ALONE else right
        found = compare(Side(variable, None, variable), operator, other, kind)
        row.lose(*found.lost)
        return found, words

    def set(self, block: Block, row: Row) -> Built:
        """A variable and its value."""
        variable = self._variable(block, row)
        if variable is None:
            row.lose("It names no variable; the way goes on.")
            return Built()
        kind = block.text("type") or "Custom"
        value, known = self._value(block, row, kind)
        if not known:
            words = block.text("expressionToEvaluate") or kind
            row.lose(f"Its value cannot be said in CEL: “{short(words, 300)}”.")
        return self._one(block, row, "set", {"values": {variable: value}}, "set")

    def _value(self, block: Block, row: Row, kind: str) -> tuple[Any, bool]:
        if kind == "Custom":
            code = block.options.get("isCode") is True
            return self.words.value(block.text("expressionToEvaluate"), code)
        own = {
            "Empty": None,
            "User ID": "contact.id",
            "Result ID": "contact.id",
            "Random ID": "contact.id",
            "Phone number": "contact.phone",
            "Contact name": "contact.name",
        }
        return (own[kind], True) if kind in own else (None, False)

    def redirect(self, block: Block, row: Row) -> Built:
        """The address is sent."""
        url = block.text("url")
        if not url:
            row.lose("It has no address; the way goes on.")
            return Built()
        row.lose("The person is taken to this address there; here it is sent as a message.")
        return self._one(
            block, row, "send_web", {"body": body_of(self.said(row, url), row)}, "link"
        )

    def wait(self, block: Block, row: Row) -> Built:
        """Some seconds."""
        seconds = figure(block.text("secondsToWaitFor"))
        duration = None if seconds is None else duration_of(seconds, "second")
        if duration is None:
            row.lose(f"How long it waits (“{block.text('secondsToWaitFor')}”) is not known; 1s.")
        return self._one(block, row, "delay", {"duration": duration or "1s"}, "wait")

    def jump(self, block: Block, row: Row) -> Built:
        """The way goes on elsewhere."""
        to = (block.options.get("groupId"), block.options.get("blockId"))
        if self.bot.find(*to) is None:
            row.lose("It jumps to a group that is not in the file; the way ends here.")
            return Built(jump=to)
        row.lose("It has no step of its own: the way leads straight to where it jumps.")
        return Built(jump=to)

    def link(self, block: Block, row: Row) -> Built:
        """Another bot, or a group of this one."""
        group = block.options.get("groupId")
        if block.text("typebotId") in ("current", "") and self.bot.find(group, None) is not None:
            return self.jump(block, row)
        row.lose("It runs another bot, which is not part of this file; the way goes on here.")
        return Built()

    def split(self, block: Block, row: Row) -> Built:
        """Two ways by chance."""
        share = figure(block.text("aPercent"))
        share = 50.0 if share is None or not 0 <= share <= 100 else share
        if share in (0.0, 100.0):
            row.lose("One of its ways has no share at all; here a very small one.")
        weights = {"A": max(share, 1e-6), "B": max(100 - share, 1e-6)}
        arms: list[dict[str, Any]] = [
            {"name": name, "weight": weight} for name, weight in weights.items()
        ]
        step = self.step(block, row, "split", {"arms": arms}, "ab test")
        items: dict[int, list[Slot]] = {}
        for number, item in enumerate(block.items[:2]):
            path = str(item.get("path") or "ab"[number]).lower()
            items[number] = [(arms[1 if path == "b" else 0], "next")]
        rest = [(arm, "next") for arm in arms] if not items else []
        return Built(step["id"], rest, items)

    # Integrations

    def email(self, block: Block, row: Row) -> Built:
        """An e-mail."""
        body = block.text("body")
        if not body and block.options.get("isCustomBody") is not True:
            row.lose("Its text is a list of all answers, which is made there; write one here.")
        to = block.options.get("recipients")
        if to:
            row.lose(f"It is sent to “{short(', '.join(map(str, to)))}” there; here to the person.")
        config = {
            "subject": line_of(self.said(row, block.text("subject")), row, "subject"),
            "body": body_of(self.said(row, body), row),
        }
        return self._one(block, row, "send_email", config, "email")

    def answer(self, block: Block, row: Row) -> Built:
        """Something that another system answers: never called in a rehearsal."""
        found = dict.fromkeys(self._filled(block))
        thinks = block.type in THINKERS
        stand_in = f"({block.type} answers here)" if thinks else None
        inside = block.options.get("webhook")
        call = inside if isinstance(inside, dict) else block.options
        url, method = call.get("url"), call.get("method")
        good = isinstance(method, str) and re.fullmatch(r"[A-Z]{3,7}", method)
        config: dict[str, Any] = {
            "url": line_of(self.said(row, url if isinstance(url, str) else ""), row, "address"),
            "method": method if good else "POST",
        }
        if found:
            config["sample"] = dict.fromkeys(found, stand_in)
            what = "words that stand in for it" if thinks else "empty"
            row.lose(
                f"It is not called in a rehearsal. Its answer ({', '.join(found)}) is {what}: "
                "write into its sample what it would answer."
            )
        else:
            row.lose("It is not called in a rehearsal, and nothing reads what it answers.")
        built = self._one(block, row, "webhook", config, block.type)
        prompts = [*prompts_of(block)]
        step = self.draft.steps[row.steps[-1]]
        action = block.text("action") or block.text("task")
        step["comment"] = "\n\n".join([f"Typebot: {block.type} {action}".strip(), *prompts])[
            :90_000
        ]
        return built

    def _filled(self, block: Block) -> Iterator[str]:
        """The variables that a block gives their values."""
        open_: list[tuple[Any, bool]] = [(block.options, False)]
        while open_:
            here, gives = open_.pop(0)
            if isinstance(here, list):
                open_.extend((one, gives) for one in here)
            if not isinstance(here, dict):
                continue
            for key, value in here.items():
                words = key.lower()
                inside = any(one in words for one in ("response", "extract", "save", "mapping"))
                names = isinstance(value, str) and "variableid" in words and (gives or inside)
                variable = self.bot.variable(value) if names else None
                if variable is not None:
                    yield variable
                elif isinstance(value, (dict, list)):
                    open_.append((value, gives or inside))

    def handoff(self, block: Block, row: Row) -> Built:
        """A live chat: a person takes over, where nothing comes after."""
        if block.after is not None or has_edge(block.raw):
            row.lose(f"It opens {block.type}, where a person may take over; the way goes on here.")
            return Built()
        step = self.step(block, row, "handoff", {"to": block.type}, "person")
        return Built(step["id"])

    def silent(self, block: Block, row: Row) -> Built:
        """Something that people do not see."""
        words = block.text("content")
        row.lose(
            f"{block.type} is not run in a rehearsal; the way goes on."
            + (f" It said: “{short(words, 300)}”." if words else "")
        )
        return Built()

    def strange(self, block: Block, row: Row) -> Built:
        """A type that is not known."""
        row.lose(f"The type “{short(block.type)}” is not known here; the way goes on.")
        return Built()


MAKERS: dict[str, Callable[[Builder, Block, Row], Built]] = {
    **dict.fromkeys(BUBBLES, Builder.bubble),
    **dict.fromkeys(TEXTS, Builder.written),
    **dict.fromkeys(("choice input", "picture choice input", "cards"), Builder.choice),
    **dict.fromkeys(("Code", "Script", "Google Analytics", "Pixel", "Return"), Builder.silent),
    "number input": Builder.number,
    "rating input": Builder.rating,
    "payment input": Builder.payment,
    "Condition": Builder.condition,
    "Set variable": Builder.set,
    "Redirect": Builder.redirect,
    "Wait": Builder.wait,
    "Jump": Builder.jump,
    "Typebot link": Builder.link,
    "AB test": Builder.split,
    "Email": Builder.email,
    "Chatwoot": Builder.handoff,
}
"""What makes the steps of each block; whatever else has options is answered by a sample."""
