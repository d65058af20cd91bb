"""Links: what comes before what, what uses what, and what is part of what, as the content says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from core.domain.twins import Link, LinkKind, Node
from core.twins.methodology.layout import Corpus
from core.twins.methodology.mentions import Mentions
from core.twins.methodology.order import reaches
from core.twins.methodology.parts import Part
from core.twins.methodology.speech import NUMBERS
from core.twins.methodology.terms import heading_names
from core.twins.methodology.wording import key

MOST = 80
_SAID, _IMPLIED = 3.0, 1.0
"""What a stated order weighs, and one that only the order of telling suggests."""
_NEEDS = re.compile(
    r"\b(?:needs?|requires?|builds? on|rests? on|depends? on|hangs? on|comes? (?:\w+ )?after"
    r"|comes? [^.]{0,30}, after|follows?|after)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:come|comes|goes|stand|stands|belongs) (?:in )?(?:first|before)\b|\bbefore\b", re.I
)
_ONCE = re.compile(r"\W*(?:when|once|as soon as|only when|after)\b[^,]{3,80},", re.I)
_NOTHING = re.compile(r"\b(?:nothing|no one|not|never|none|stands alone)\b", re.I)
_LABEL = re.compile(
    r"\W*(?:before(?: this)?|needs?|you need|prerequisites?|requires?|builds on|first)\W*:\s", re.I
)
_STAGE = re.compile(
    rf"\b(?:week|day|stage|phase|module|lesson|session|month) (\d{{1,2}}|{'|'.join(NUMBERS)})\b",
    re.I,
)
_ROW = re.compile(r"\|?\s*(\d{1,2})\s*\|")
_PARTS = re.compile(r"\b(?:has|have|consists? of|made (?:up )?of|falls? into|comes in)\b", re.I)
_HEADING_NUMBER = re.compile(r"\W*(\d{1,2})[.)]\s")


@dataclass
class Claims:
    """What speaks for each link."""

    before: Counter[tuple[str, str]] = field(default_factory=Counter)
    uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    part_of: Counter[tuple[str, str]] = field(default_factory=Counter)


def find_links(
    corpus: Corpus,
    nodes: Sequence[Node],
    sections: Mapping[str, set[int]],
    said: Mapping[str, Sequence[int]],
    parts: Sequence[Part],
) -> tuple[Link, ...]:
    """Every link that the content speaks for, at most 80; no cycle among what comes before what.

    Args:
        corpus: The content.
        nodes: The method's nodes, parts among them.
        sections: The sections that exercises stand in, by id.
        said: The sentences that say a principle, by id.
        parts: The parts of the method.
    """
    whole = {part.node.id for part in parts}
    named = [one for one in nodes if one.kind != "principle" and one.id not in whole]
    mentions, claims = Mentions(named), Claims()
    _stated(corpus, mentions, sections, claims)
    _numbered(corpus, sections, claims)
    _staged(corpus, mentions, sections, claims)
    _parts(corpus, mentions, parts, claims)
    _in_turn(list(enumerate(part.node.id for part in parts)), claims)
    _headed(corpus, mentions, claims)
    _used(nodes, mentions, claims)
    _with_principles(corpus, mentions, sections, said, claims)
    _together(corpus, named, mentions, claims)
    return _chosen(claims, {one.id for one in nodes})


def _stated(
    corpus: Corpus, mentions: Mentions, sections: Mapping[str, set[int]], claims: Claims
) -> None:
    """Orders in words: ``X needs Y``, ``when Y stands, add X``, ``Before: Y``."""
    owner = {number: identity for identity, own in sections.items() for number in own}
    for sentence in corpus.sentences:
        text = sentence.text
        found = mentions.find(text, short=True)
        if not found:
            continue
        target = owner.get(sentence.section)
        if _LABEL.match(text) and target:
            for _, _, source in found:
                _claim(claims.before, source, target, _SAID)
        elif len(found) > 1 and not _NOTHING.search(text[: found[1][0]]):
            for source, later in _orders(text, found):
                if {source, later} <= mentions.own:
                    _claim(claims.before, source, later, _SAID)


def _orders(text: str, found: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    first_end, rest = found[0][1], found[1:]
    between = text[first_end : rest[0][0]]
    once = _ONCE.match(text)
    if once and found[0][1] <= once.end() <= rest[0][0]:
        yield found[0][2], rest[0][2]
    elif len(between) > 60 or re.search(r"[.;]\s", between):
        return
    elif _NEEDS.search(between):
        yield from ((one, found[0][2]) for _, _, one in rest)
    elif _FIRST.search(between):
        yield found[0][2], rest[0][2]


def _numbered(corpus: Corpus, sections: Mapping[str, set[int]], claims: Claims) -> None:
    """Exercises with numbers in the headings of one piece."""
    numbers: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for identity, own in sections.items():
        for section in own:
            number = _HEADING_NUMBER.match(corpus.sections[section].heading)
            if number:
                numbers[corpus.sections[section].piece].append((int(number[1]), identity))
    for found in numbers.values():
        _in_turn(sorted(found), claims)


def _staged(
    corpus: Corpus, mentions: Mentions, sections: Mapping[str, set[int]], claims: Claims
) -> None:
    """Things that belong to a week, a day or a lesson, by the one that is named most often."""
    stages: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for identity, own in sections.items():
        for section in own:
            for number in _stage_numbers(corpus.sections[section].heading):
                stages[identity][number] += 2
    for sentence in corpus.sentences:
        opening = sentence.text[:60]
        row = _ROW.match(opening) if sentence.kind == "row" else None
        numbers = (
            [int(row[1])] if row else _stage_numbers(opening) if len(sentence.text) < 60 else []
        )
        if len(numbers) == 1:
            for _, _, identity in mentions.find(sentence.text):
                if identity in sections:
                    stages[identity][numbers[0]] += 1
    _in_turn(sorted((best.most_common(1)[0][0], one) for one, best in stages.items()), claims)


def _stage_numbers(text: str) -> list[int]:
    words = [one.lower() for one in _STAGE.findall(text)]
    return [int(one) if one.isdigit() else NUMBERS.index(one) + 1 for one in words]


def _in_turn(found: list[tuple[int, str]], claims: Claims) -> None:
    """Each stage comes before the next one that there is."""
    stages: defaultdict[int, list[str]] = defaultdict(list)
    for number, identity in found:
        stages[number].append(identity)
    order = [stages[number] for number in sorted(stages)]
    for earlier, later in pairwise(order):
        for source in earlier:
            for target in later:
                _claim(claims.before, source, target, _IMPLIED)


def _parts(corpus: Corpus, mentions: Mentions, parts: Sequence[Part], claims: Claims) -> None:
    """A thing is of the part that sets it off, or else that names it first."""
    taken: dict[str, str] = {}
    for loud in (True, False):
        for part in parts:
            within = [
                at
                for at in range(part.section, len(corpus.sections))
                if part.section in corpus.path(at)
            ]
            for section in within:
                for sentence in corpus.within(section):
                    raw = corpus.text(sentence.piece)[sentence.start : sentence.end]
                    spots = re.findall(r"\*\*([^*]+)\*\*", raw) if loud else [sentence.text]
                    for spot in spots:
                        for _, _, identity in mentions.find(spot):
                            taken.setdefault(identity, part.node.id)
    for identity, whole in taken.items():
        _claim(claims.part_of, identity, whole, _SAID)


def _headed(corpus: Corpus, mentions: Mentions, claims: Claims) -> None:
    """A thing whose heading stands under another's, and ``X has three parts: A, B, C``."""
    heads = [mentions.find(section.heading) for section in corpus.sections]
    wholes = [
        {one for one in mentions.own if mentions.keys[one] in map(key, heading_names(two.heading))}
        for two in corpus.sections
    ]
    for number, own in enumerate(heads):
        for above in corpus.path(number)[1:2]:
            is_whole = len(heads[above]) == 1 and heads[above][0][2] in wholes[above]
            if len(own) == 1 and is_whole:
                _claim(claims.part_of, own[0][2], heads[above][0][2], _IMPLIED)
    for sentence in corpus.sentences:
        found = mentions.find(sentence.text) if _PARTS.search(sentence.text) else []
        if len(found) > 2 and re.search(
            r"\b(?:parts|pieces|halves|elements)\b", sentence.text, re.I
        ):
            for _, _, one in found[1:]:
                _claim(claims.part_of, one, found[0][2], _SAID)


def _used(nodes: Sequence[Node], mentions: Mentions, claims: Claims) -> None:
    """What the words of an exercise or a principle mention."""
    for node in nodes:
        if node.kind == "concept":
            continue
        for text in (node.says, *node.steps):
            for _, _, identity in mentions.find(text):
                _claim(claims.uses, node.id, identity, 1.0)


def _with_principles(
    corpus: Corpus,
    mentions: Mentions,
    sections: Mapping[str, set[int]],
    said: Mapping[str, Sequence[int]],
    claims: Claims,
) -> None:
    """An exercise uses the principle that is said in its section or its paragraph."""
    owner = {number: identity for identity, own in sections.items() for number in own}
    blocks = _blocks(corpus)
    for principle, places in said.items():
        near: Counter[str] = Counter()
        for at in places:
            sentence = corpus.sentences[at]
            if sentence.kind == "item" and sentence.section not in owner:
                continue
            if sentence.section in owner:
                near[owner[sentence.section]] += 2
            for number in corpus.path(sentence.section):
                for _, _, one in mentions.find(corpus.sections[number].heading):
                    near[one] += 2
            text = blocks[(sentence.section, sentence.block)]
            near.update({one for _, _, one in mentions.find(text, short=True)})
        for identity, times in near.most_common(2):
            if times > 1:
                _claim(claims.uses, identity, principle, 0.5 * times)


def _together(corpus: Corpus, named: Sequence[Node], mentions: Mentions, claims: Claims) -> None:
    """A concept that nothing else links hangs on the thing that it is mostly told with."""
    linked = {one for pairs in (claims.part_of, claims.uses) for pair in pairs for one in pair}
    alone = {one.id for one in named if one.kind == "concept"} - linked
    others = {one.id for one in named} - alone
    with_it: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in _blocks(corpus).values():
        here = {one for _, _, one in mentions.find(text)}
        for one in here & alone:
            with_it[one].update(here & others)
    for one, near in with_it.items():
        for other, times in near.most_common(1):
            if times > 1:
                _claim(claims.uses, other, one, 0.5 * times)


def _blocks(corpus: Corpus) -> dict[tuple[int, int], str]:
    texts: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for sentence in corpus.sentences:
        texts[(sentence.section, sentence.block)].append(sentence.text)
    return {place: " ".join(one) for place, one in texts.items()}


def _claim(claims: Counter[tuple[str, str]], source: str, target: str, weight: float) -> None:
    if source != target:
        claims[(source, target)] += weight  # type: ignore[assignment]


def _chosen(claims: Claims, known: set[str]) -> tuple[Link, ...]:
    before = acyclic(claims.before)
    part_of = [pair for pair in _ranked(claims.part_of) if pair not in before]
    whole: dict[str, str] = {}
    for source, target in part_of:
        if source not in whole and whole.get(target) != source:
            whole[source] = target
    tied = set(before) | set(whole.items())
    used = [
        pair
        for pair in _ranked(claims.uses)
        if pair not in tied and pair[::-1] not in tied and claims.uses[pair] > 0
    ]
    links = [_link(pair, "before") for pair in before]
    links += [_link(pair, "part_of") for pair in whole.items()]
    seen: set[tuple[str, str]] = set()
    for pair in used:
        if pair[::-1] not in seen:
            seen.add(pair)
            links.append(_link(pair, "uses"))
    return tuple(one for one in links if {one.source, one.target} <= known)[:MOST]


def acyclic(claims: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    """The claims that hold together, the strongest first; one against more weight falls away.

    What is only implied falls away too where the order follows from the rest.
    """
    kept: list[tuple[str, str]] = []
    net = {
        pair: weight - claims.get(pair[::-1], 0)
        for pair, weight in claims.items()
        if weight > claims.get(pair[::-1], 0)
    }
    for source, target in _ranked(net):
        follows = net[(source, target)] < _SAID and reaches(kept, source, target)
        if not follows and not reaches(kept, target, source):
            kept.append((source, target))
    return kept


def _ranked(claims: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    return sorted(claims, key=lambda pair: (-claims[pair], pair))


def _link(pair: Iterable[str], kind: LinkKind) -> Link:
    source, target = pair
    return Link(source=source, target=target, kind=kind)
