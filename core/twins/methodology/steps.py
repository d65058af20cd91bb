"""Where there are steps to do: marked as such, in lists, or commands one after another."""

from __future__ import annotations

import re
from itertools import groupby

from core.twins.methodology.layout import Corpus
from core.twins.methodology.places import SENTENCES
from core.twins.methodology.speech import in_order, is_only_label, labelled, told

Steps = tuple[tuple[int, int], ...]
"""The sentences of each step, as numbers, first and last."""
_FEWEST, _SPOKEN = 2, 3
"""Steps at least; and where only their wording gives them away."""
HEADED = re.compile(
    r"\b(?:exercises?|practice|drill|worksheet|assignment|homework|experiment|try (?:it|this))\b",
    re.I,
)
CUE = re.compile(
    r"\bfor (?:\w+ ){0,2}(?:minutes?|seconds?|days?|weeks?|hours?|times)\b"
    r"|\bwrite (?:it |them )?down\b|\b(?:each|every) (?:morning|evening|day|night)\b"
    r"|\bset a timer\b|\btake a (?:sheet|pen|piece)\b"
    r"|\b(?:exercise|practi[cs]e|experiment)\b|\b(?:\w+ )?minutes (?:a|each|every) day\b",
    re.I,
)
ANNOUNCED = re.compile(
    r"\W*(?:exercise|try (?:this|it)|action steps?|homework|your turn|practice|challenge|assignment"
    r"|journal(?:ing)? prompt|do this)\b[^.:]{0,40}[:.]",
    re.I,
)
_RULES_HEAD = re.compile(
    r"\b(?:principles?|rules?|laws?|commandments?|truths?|maxims?|resources|ingredients)\b", re.I
)


def steps_in(corpus: Corpus, number: int) -> list[Steps]:
    """The runs of steps in a section; there are seldom two."""
    section = corpus.sections[number]
    if _RULES_HEAD.search(section.heading):
        return []
    runs = [_marked(corpus, section.first, section.last), *_listed(corpus, number)]
    runs = [one for one in runs if len(one) >= _FEWEST]
    if runs:
        return [max(runs, key=len)]
    if HEADED.search(section.heading):
        run = _commands(corpus, section.first, min(section.last, section.first + 14))
        return [run] if len(run) >= _FEWEST else []
    return _paragraphs(corpus, number)


def _marked(corpus: Corpus, first: int, last: int) -> Steps:
    """Steps that say so (``Step one.``); each goes on until the next, or its paragraph ends."""
    marks = [at for at in range(first, last) if labelled(corpus.sentences[at].text)]
    steps = []
    for mark, following in zip(marks, [*marks, last][1:], strict=True):
        end = mark
        if mark + 1 < following and is_only_label(corpus.sentences[mark].text):
            end = mark + 1
        block = corpus.sentences[end].block
        while end + 1 < following and corpus.sentences[end + 1].block == block:
            end += 1
        steps.append((mark, min(end, mark + 2 * SENTENCES)))
    orders = [at for at in range(first, last) if in_order(corpus.sentences[at].text)]
    if len(steps) < _SPOKEN and len(orders) >= _SPOKEN and orders[-1] - orders[0] < 5 * len(orders):
        chosen = [one for one in orders if told(corpus.sentences[one].text)]
        return tuple((one, one) for one in chosen) if len(chosen) >= _SPOKEN else tuple(steps)
    return tuple(steps)


def _listed(corpus: Corpus, number: int) -> list[Steps]:
    """Lists in which most items tell somebody to do something."""
    section = corpus.sections[number]
    runs = []
    own = range(section.first, section.last)
    blocks = [list(group) for _, group in groupby(own, key=lambda at: corpus.sentences[at].block)]
    for is_item, group in groupby(blocks, key=lambda one: corpus.sentences[one[0]].kind == "item"):
        items = list(group)
        if is_item and len(items) >= _FEWEST:
            orders = sum(_tells(corpus, one[0], one[-1]) for one in items)
            if orders >= 0.6 * len(items):
                runs.append(tuple((one[0], one[-1]) for one in items))
    return runs


def _tells(corpus: Corpus, first: int, last: int) -> bool:
    text = corpus.sentences[first].text
    if labelled(text):
        return True
    return any(told(corpus.sentences[at].text) for at in range(first, min(last, first + 1) + 1))


def _commands(corpus: Corpus, first: int, last: int) -> Steps:
    return tuple((at, at) for at in range(first, last) if _command(corpus, at))


def _command(corpus: Corpus, at: int) -> bool:
    text = corpus.sentences[at].text
    return told(text) and not re.match(
        r"(?:(?:so|and|but|then) )?(?:never|always|do not|don['’]t|remember)\b", text, re.I
    )


def _paragraphs(corpus: Corpus, number: int) -> list[Steps]:
    """Paragraphs of commands one after another that say for how long, or with what."""
    section = corpus.sections[number]
    runs = []
    own = range(section.first, section.last)
    for _, group in groupby(own, key=lambda at: corpus.sentences[at].block):
        block = list(group)
        text = " ".join(corpus.sentences[at].text for at in block)
        steps = _commands(corpus, block[0], block[-1] + 1)
        announced = ANNOUNCED.match(text) is not None
        enough = _FEWEST if announced else max(_SPOKEN, 0.4 * len(block))
        if len(steps) >= enough and (announced or CUE.search(text)):
            runs.append(steps)
    return runs


def step_sentences(corpus: Corpus) -> set[int]:
    """Numbers of the sentences that are steps, of exercises that are shown or not."""
    return {
        at
        for number in range(len(corpus.sections))
        for run in steps_in(corpus, number)
        for first, last in run
        for at in range(first, last + 1)
    }
