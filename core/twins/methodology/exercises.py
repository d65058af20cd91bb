"""Exercises: sections with steps to do, named after their heading or their term."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from core.domain.twins import Node, Passage
from core.twins.methodology.concepts import describe, longest_first
from core.twins.methodology.layout import Corpus, blanked
from core.twins.methodology.places import SENTENCES, apart, naming, stretch
from core.twins.methodology.speech import labelled, unlabelled
from core.twins.methodology.steps import ANNOUNCED, CUE, HEADED, Steps, steps_in
from core.twins.methodology.terms import Term, heading_names, key_spelling
from core.twins.methodology.wording import key, node_id, title

MOST = 20
STEPS = 12
_LONGEST_STEP = 400
_BARE = re.compile(
    r"\W*(?:(?:exercise|practice|drill|step|week|day|lesson|chapter|part|module)\b[\s\w.]{0,8}"
    r"|(?:the )?(?:exercise|practice|steps?|method|how[- ]to)s?|in practice|your turn"
    r"|try (?:it|this)"
    r"|how to .*|how i .*|do(?:ing)? it\b.*|what to do\b.*|practical .*|introduct\w+|instructions?"
    r"|what .*|why .*|if .*|when .*|about .*|from .*|part \w+:.*)\W*",
    re.I,
)
_NOTE = re.compile(r"\W*(?:before|time|note|needs?|you need|duration|write down)\W*:", re.I)
_SPOKEN = 3
_SAYS_SOMETHING = 1.0
"""How well a sentence must say what an exercise is; else it is what its section begins with."""
_SHORT_HEADING, _LONG_SECTION = 9, 40
"""Words of a heading whose term is its name; sentences of a section that is an exercise."""


@dataclass(frozen=True)
class Found:
    """A place with steps.

    Attributes:
        steps: The sentences of each step, as numbers, first and last.
        score: How sure it is that this is an exercise, told whole.
    """

    name: str
    section: int
    steps: Steps
    score: float


def find_exercises(
    corpus: Corpus, terms: dict[str, Term]
) -> tuple[list[Node], dict[str, set[int]]]:
    """Exercises, the surest first, and the sections that each stands in, by its id."""
    own = [one for one in terms.values() if one.size > 1 and one.signals >= 0.7]
    patterns = [(one, naming(one)) for one in longest_first([term.key for term in own])]
    found = [
        one
        for number in range(len(corpus.sections))
        for steps in steps_in(corpus, number)
        if (one := _found(corpus, number, steps, patterns)) is not None
    ]
    alike: defaultdict[str, list[Found]] = defaultdict(list)
    for one in found:
        alike[key(one.name)].append(one)
    best = sorted(alike.values(), key=lambda group: -max(one.score for one in group))[:MOST]
    nodes, sections = [], {}
    for group in best:
        group.sort(key=lambda one: (-one.score, one.section))
        node = _node(corpus, group, terms)
        nodes.append(node)
        sections[node.id] = {one.section for one in group}
    return nodes, sections


def _found(
    corpus: Corpus,
    number: int,
    steps: Steps,
    patterns: list[tuple[str, re.Pattern[str]]],
) -> Found | None:
    section = corpus.sections[number]
    name, exact = _name(corpus, number, steps, patterns)
    if not name or any(blanked(_raw(corpus, one)) for one in steps):
        return None
    marked = sum(labelled(corpus.sentences[first].text) for first, _ in steps) / len(steps)
    text = " ".join(one.text for one in corpus.within(number))
    score = 2.0 * exact + 2.0 * marked + 0.3 * min(len(steps), 6)
    score += 1.0 * bool(HEADED.search(section.heading)) + 0.6 * bool(CUE.search(text))
    score += 0.5 * (corpus.sentences[steps[0][0]].kind == "item")
    return Found(name, number, steps[:STEPS], score)


def _raw(corpus: Corpus, step: tuple[int, int]) -> str:
    first, last = corpus.sentences[step[0]], corpus.sentences[step[1]]
    return corpus.text(first.piece)[first.start : last.end]


def _name(
    corpus: Corpus,
    number: int,
    steps: Steps,
    patterns: list[tuple[str, re.Pattern[str]]],
) -> tuple[str, bool]:
    """What an exercise is called, and whether its own heading says so."""
    section = corpus.sections[number]
    heading = section.heading
    names = heading_names(heading)
    is_short = bool(names) and len(names[0].split()) <= _SHORT_HEADING
    term = _first_term(names[0], patterns) if is_short else ""
    if term:
        return _shown(heading, term), True
    above = _above(corpus, number, patterns)
    if above:
        return _shown("", above), False
    is_name = names and not _BARE.fullmatch(heading)
    if is_name and section.last - section.first <= _LONG_SECTION:
        return title(key_spelling(names[0])), True
    if HEADED.match(section.heading):
        return _sentence_name(corpus, ((section.first, section.first), *steps)), True
    text = " ".join(corpus.sentences[at].text for at in range(steps[0][0], steps[-1][1] + 1))
    term = _most_said(text, patterns) or _of_file(corpus, section.piece, patterns)
    if term:
        return _shown("", term), False
    return _sentence_name(corpus, steps), False


def _above(corpus: Corpus, number: int, patterns: list[tuple[str, re.Pattern[str]]]) -> str:
    """The term that a heading above names, where that part of the text has this one exercise."""
    terms = {term for term, _ in patterns}
    for at in corpus.path(number)[1:]:
        own = [key(one) for one in heading_names(corpus.sections[at].heading)[:1]]
        if own and own[0] in terms:
            alone = not any(
                other != number and at in corpus.path(other)[1:] and steps_in(corpus, other)
                for other in range(at, len(corpus.sections))
                if corpus.sections[other].piece == corpus.sections[at].piece
            )
            return own[0] if alone else ""
    return ""


def _first_term(heading: str, patterns: list[tuple[str, re.Pattern[str]]]) -> str:
    """The term that a heading names first; of two that begin at one place the longer."""
    places = [
        (found.start(), -len(term), term)
        for term, pattern in patterns
        if (found := pattern.search(heading)) is not None
    ]
    return min(places)[2] if places else ""


def _shown(heading: str, term: str) -> str:
    found = naming(term).search(heading)
    return title(" ".join(found[0].split()) if found else term)


def _most_said(text: str, patterns: list[tuple[str, re.Pattern[str]]]) -> str:
    times = [(len(pattern.findall(text)), -at, term) for at, (term, pattern) in enumerate(patterns)]
    best = max(times, default=(0, 0, ""))
    return best[2] if best[0] >= _SPOKEN else ""


def _of_file(corpus: Corpus, piece: int, patterns: list[tuple[str, re.Pattern[str]]]) -> str:
    stem = re.sub(r"[-_./\\]+", " ", corpus.pieces[piece][0].rsplit(".", 1)[0])
    return _first_term(stem, patterns)


def _sentence_name(corpus: Corpus, steps: Steps) -> str:
    at = steps[0][0]
    text = unlabelled(corpus.sentences[at].text)
    if labelled(text) and at < steps[0][1]:
        text = corpus.sentences[at + 1].text
    return title(re.split(r"(?<=\w{3})[,;:.]\s", text)[0] if len(text) > 60 else text, 60)


def _node(corpus: Corpus, group: list[Found], terms: dict[str, Term]) -> Node:
    best = group[0]
    steps = [_step_text(corpus, one) for one in best.steps]
    term = terms.get(key(best.name))
    count = term.count if term else len(group)
    says = _says(corpus, best, term)
    return Node(
        id=node_id("exercise", best.name),
        kind="exercise",
        name=best.name,
        says=says,
        steps=tuple(one for one in steps if key(one) != key(best.name)),
        weight=round(min(1.0, 0.3 + 0.1 * len(group) + 0.03 * count), 3),
        passages=_passages(corpus, group, says),
    )


def _says(corpus: Corpus, found: Found, term: Term | None) -> str:
    if term is not None:
        own = replace(term, at=[at for at in term.at if not labelled(corpus.sentences[at].text)])
        says, _ = describe(corpus, own, _SAYS_SOMETHING)
        if says:
            return says
    section = corpus.sections[found.section]
    for at in range(section.first, found.steps[0][0]):
        text = corpus.sentences[at].text
        if (
            not _NOTE.match(text)
            and key(text) != key(found.name)
            and not text.endswith("?")
            and len(text.split()) > 3
        ):
            return text
    return ""


def _step_text(corpus: Corpus, step: tuple[int, int]) -> str:
    text = " ".join(corpus.sentences[at].text for at in range(step[0], step[1] + 1))
    bare = unlabelled(ANNOUNCED.sub("", text, count=1).strip()) or text
    return title_case(bare)[:_LONGEST_STEP]


def title_case(text: str) -> str:
    """With a capital first."""
    return text[:1].upper() + text[1:]


def _passages(corpus: Corpus, group: list[Found], says: str) -> tuple[Passage, ...]:
    """What it is, the steps of the best telling, then the beginning of each other one."""
    found: list[Passage] = []
    for number, one in enumerate(group):
        stretches = _stretches(corpus, one.steps)
        found += stretches[: 4 if number == 0 else 1]
    return apart([*_sentence(corpus, says), *found])


def _sentence(corpus: Corpus, says: str) -> list[Passage]:
    """Where a sentence stands first."""
    for one in corpus.sentences if says else ():
        if says.startswith(one.text) and one.kind != "row":
            return [corpus.passage(one.piece, one.start, one.end)]
    return []


def _stretches(corpus: Corpus, steps: Steps) -> list[Passage]:
    """Steps that follow each other, as passages of at most four sentences."""
    passages: list[Passage] = []
    first, last = steps[0][0], min(steps[0][1], steps[0][0] + SENTENCES - 1)
    for start, end in steps[1:]:
        if end - first < SENTENCES and start - last <= 1:
            last = end
            continue
        passages.append(stretch(corpus, first, last))
        first, last = start, min(end, start + SENTENCES - 1)
    passages.append(stretch(corpus, first, last))
    return passages
