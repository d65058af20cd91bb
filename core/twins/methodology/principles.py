"""Principles: short sentences that lay down a rule, said again and again or listed as rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.domain.twins import Node, Passage
from core.twins.methodology.layout import Corpus, blanked
from core.twins.methodology.places import apart, naming, saying, spread_out
from core.twins.methodology.speech import is_maxim, is_rhetoric, labelled, rule_strength
from core.twins.methodology.terms import heading_names
from core.twins.methodology.wording import content, node_id, title, tokens

MOST = 20
NEAR, SAME = 0.72, 0.84
"""Words in common, and cosine, from which two sentences say the same."""
_A_LIST = 5
"""Rules in lists from which what is said once and not listed is no principle."""
_TOPICAL = 0.8
FAINT = 2.4
"""The least that speaks for a principle that is said once and not listed."""
_HEAD = re.compile(
    r"\b(?:principles?|rules?|laws|commandments|maxims?|truths|what (?:I|we) believe|beliefs)\b",
    re.I,
)
_NUMBERED_RULE = re.compile(
    r"\W*(?:rule|principle|law|truth|commandment|maxim)\s+(?:(?:no\.? ?|number |#)?\d{1,2}|[a-z]+)"
    r"\s*[:.,–—-]\s*(.+)",
    re.I,
)
_LONGEST, _WHOLE = 24, 4


@dataclass
class Saying:
    """One sentence in all the places where it is said.

    Attributes:
        at: Numbers of these sentences.
        headed: Numbers of sections whose heading says it.
        listed: How often it stands in a list of rules.
        set_off: How often it is a heading, or is led up to as a rule.
    """

    text: str
    words: frozenset[str]
    at: list[int] = field(default_factory=list)
    headed: list[int] = field(default_factory=list)
    listed: int = 0
    set_off: int = 0
    strength: float = 0.0
    pieces: int = 1
    topical: bool = False

    @property
    def score(self) -> float:
        """How much speaks for it being a principle."""
        again = min(self.pieces - 1, 4) * 1.0 + min(len(self.at) - self.pieces, 3) * 0.25
        rule = min(self.strength, 4.0) + _TOPICAL * (self.topical and self.strength > 0)
        return (
            rule
            + 4.0 * min(self.listed, 1)
            + min(self.set_off, 2)
            + again * (rule > 0.4 or self.listed)
        )


def find_principles(corpus: Corpus, steps: set[int], topics: Sequence[str] = ()) -> list[Saying]:
    """What is laid down as a rule, the surest first; each once, in its best wording.

    Args:
        corpus: Where to look.
        steps: Numbers of sentences that are steps of exercises, and no rules.
        topics: What the method is about; a rule that speaks of it counts for more.
    """
    sayings = _sayings(corpus, steps)
    about = [naming(one) for one in topics]
    for one in sayings:
        one.topical = any(pattern.search(one.text) for pattern in about)
    has_list = sum(one.listed > 0 for one in sayings) >= _A_LIST
    kept = [one for one in sayings if one.listed or _holds(corpus, one, has_list)]
    kept.sort(key=lambda one: (-one.score, (one.at or [0])[0]))
    chosen: list[Saying] = []
    for one in kept:
        same = next((other for other in chosen if _same(one.words, other.words)), None)
        if same is not None:
            same.at += one.at
        else:
            chosen.append(one)
    _also_said(corpus, chosen[: 2 * MOST])
    return chosen


def _also_said(corpus: Corpus, chosen: Sequence[Saying]) -> None:
    """Longer sentences that hold a saying are places of it too."""
    spelt = [f" {' '.join(tokens(one.text))} " for one in corpus.sentences]
    for said in chosen:
        words = _spelt(said.text)
        if words.count(" ") >= _WHOLE - 1:
            known = set(said.at)
            said.at += [
                at for at, text in enumerate(spelt) if f" {words} " in text and at not in known
            ]


def _under(corpus: Corpus, number: int) -> Passage:
    """A heading with the sentence after it."""
    section = corpus.sections[number]
    return corpus.passage(section.piece, section.start, corpus.sentences[section.first].end)


def _holds(corpus: Corpus, said: Saying, has_list: bool) -> bool:
    """Whether a saying that is in no list is a principle: a creator who lists them is believed."""
    if said.pieces > 1 or len(said.at) > 2:
        edge = all(_at_the_edge(corpus, at) for at in said.at)
        return not edge and (said.score >= FAINT or said.pieces > 2)
    return not has_list and said.score >= FAINT


def _at_the_edge(corpus: Corpus, at: int) -> bool:
    """Whether it opens or closes a piece, as greetings do."""
    sentence = corpus.sentences[at]
    length = max(len(corpus.text(sentence.piece)), 1)
    return sentence.start < 0.2 * length or sentence.end > 0.95 * length


def principle(corpus: Corpus, said: Saying, most: float) -> Node:
    """A saying as a node."""
    ranked = spread_out(corpus, sorted(set(said.at)))
    heads = [_under(corpus, one) for one in said.headed]
    return Node(
        id=node_id("principle", said.text),
        kind="principle",
        name=title(said.text),
        says=said.text,
        weight=round(max(0.1, min(1.0, said.score / most)), 3),
        passages=apart([*heads, *(saying(corpus, at) for at in ranked)]),
    )


def _sayings(corpus: Corpus, steps: set[int]) -> list[Saying]:
    found: dict[str, Saying] = {}
    texts: defaultdict[str, list[int]] = defaultdict(list)
    for at, sentence in enumerate(corpus.sentences):
        if len(sentence.text) < 200 and len(sentence.text.split()) <= _LONGEST:
            texts[_spelt(sentence.text)].append(at)
    for spelt, places in texts.items():
        fit = [at for at in places if at not in steps and not labelled(corpus.sentences[at].text)]
        if not fit:
            continue
        said = _saying(corpus, fit)
        if said is not None:
            found[spelt] = said
    _headings(corpus, found)
    _headed(corpus, found)
    return list(found.values())


def _saying(corpus: Corpus, places: list[int]) -> Saying | None:
    first = corpus.sentences[places[0]]
    listed = sum(_is_listed(corpus, at) for at in places)
    text = _bare(first.text)
    strength = 0.0 if is_rhetoric(text) else rule_strength(text)
    pieces = len({corpus.sentences[at].piece for at in places})
    if not listed and not strength and not (pieces > 2 and is_maxim(text)):
        return None
    raw = corpus.text(first.piece)[first.start : first.end]
    if blanked(raw) or len(text.split()) < 3 or text.endswith("?"):
        return None
    return Saying(
        text, content(text), list(places), listed=listed, strength=strength, pieces=pieces
    )


def _bare(text: str) -> str:
    """Without what leads up to it (``The principle is: …``)."""
    lead = re.match(
        r"(?:and |so )?(?:the|my|our|one|first) (?:\w+ )?(?:principle|rule|law) (?:here )?is:?\s+"
        r"(?=\w)",
        text,
        re.I,
    )
    rest = text[lead.end() :] if lead else text
    return rest[:1].upper() + rest[1:]


def _is_listed(corpus: Corpus, at: int) -> bool:
    sentence = corpus.sentences[at]
    section = corpus.sections[sentence.section]
    opens = at == section.first or corpus.sentences[at - 1].block != sentence.block
    return sentence.kind == "item" and opens and _HEAD.search(section.heading) is not None


def _headings(corpus: Corpus, found: dict[str, Saying]) -> None:
    """A saying that is a heading too, or leads as ``the principle is``, counts for more."""
    for section in corpus.sections:
        said = found.get(_spelt(section.heading))
        if said is not None:
            said.set_off += 1
    for sentence in corpus.sentences:
        bare = _bare(sentence.text)
        said = found.get(_spelt(bare)) if bare != sentence.text else None
        if said is not None:
            said.set_off += 1


def _headed(corpus: Corpus, found: dict[str, Saying]) -> None:
    """Headings that are rules themselves: numbered as such, or under a heading that says so."""
    for number, section in enumerate(corpus.sections):
        text = _rule_in(corpus, number)
        words = len(text.split())
        if not 2 <= words <= _LONGEST or text.endswith("?") or section.first == section.last:
            continue
        text = f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
        fresh = Saying(text, content(text), strength=rule_strength(text))
        said = found.setdefault(_spelt(text), fresh)
        said.listed += 1
        said.headed.append(number)


def _rule_in(corpus: Corpus, number: int) -> str:
    """The rule that a heading is, empty where it is none."""
    heading = corpus.sections[number].heading
    rule = _NUMBERED_RULE.match(heading)
    if rule:
        return rule[1]
    names = heading_names(heading)
    above = [corpus.sections[one].heading for one in corpus.path(number)[1:2]]
    if not names or not any(map(_HEAD.search, above)):
        return ""
    return names[0] if re.match(r"\W*\d", heading) or rule_strength(f"{names[0]}.") else ""


def _spelt(text: str) -> str:
    return " ".join(tokens(_bare(text)))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    if not shared:
        return False
    within = shared / min(len(one), len(other))
    return shared >= NEAR * len(one | other) or (within >= 0.99 and min(len(one), len(other)) >= 3)
