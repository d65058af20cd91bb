"""Concepts: the terms that a creator names, defines or heads sections with, and what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from core.domain.twins import Node
from core.twins.methodology.layout import Corpus
from core.twins.methodology.places import apart, naming, saying, spread_out
from core.twins.methodology.speech import is_story, labelled, points_back
from core.twins.methodology.terms import Term, is_abstract
from core.twins.methodology.wording import is_common, key, node_id

MOST = 25
SINGLE = 12
"""Single words at most that nothing but their frequency sets off."""
FAINT, _COMPARED = 0.03, 5
"""The share of the fifth best term's score that a term must reach."""
_FREQUENT = 0.0004
"""Of all words, for a word that nothing sets off."""
_OFTEN = 0.05
_NAMES_THINGS = 8
"""A creator with so many terms of their own is not looked through for single common words."""
_DEFINES = 3.5
_LONGEST, _LABEL, _NEAR_WORDS = 60, 6, 20
_IS = re.compile(
    r"[\"”’*_]*,? (?:is|are|means?) (?:nothing but |simply |just |only |really )?(?:an?|the|my|your"
    r"|our|one|two|three|four|what|when|how|any|every|those|whatever|somebody|someone|something"
    r"|people|control|(?!\w+(?:ed|en|own)\b)\w+[.;,]|\w+ (?:who|that|which|of|for)\b)",
    re.I,
)
_HAS = re.compile(r"[\"”’*_]* (?:has|have|means?|consists?|begins?|asks?|gives?) ", re.I)
_CALLS_IT = re.compile(r"\bcall (?:it|this|them|these)\b[^.,:]*[.]?\Z", re.I)
_CALLED = re.compile(r"\b(?:call|called)\b[^.]{0,40}\.?\Z", re.I)
_LEADS_TO = re.compile(
    r"\W*(?:(?:week|day|part|stage|step|phase|module|lesson|exercise)\s+\w+\W+)?"
    r"(?:(?:the|an?|my|your|our|two|three|four)\s+)?\W*",
    re.I,
)
_ARCHAIC = re.compile(r"\b(?:thou|thee|thy|thine|ye|hath|doth|whatsoever)\b", re.I)
_GOES_ON = re.compile(r"(?:that|this|it|which|they|these) (?:is|are|means?)\b", re.I)


def choose_concepts(corpus: Corpus, terms: dict[str, Term], taken: Collection[str]) -> list[Node]:
    """The terms that are concepts, the weightiest first.

    Args:
        corpus: Where they stand.
        terms: Candidates, the best first.
        taken: Keys of names that exercises and parts have already.
    """
    chosen = _chosen(corpus, terms, taken)
    most = max((one.count for one in chosen), default=1)
    widest = max((one.spread for one in chosen), default=1)
    nodes = []
    for term in chosen:
        weight = 0.5 * (term.count / most) ** 0.5 + 0.5 * (term.spread / widest) ** 0.5
        nodes.append(concept(corpus, term, round(weight, 3)))
    return nodes


def concept(corpus: Corpus, term: Term, weight: float) -> Node:
    """A term as a node, with its definition and its places."""
    says, ranked = describe(corpus, term)
    return Node(
        id=node_id("concept", term.key),
        kind="concept",
        name=term.name,
        says=says,
        weight=weight,
        passages=apart(saying(corpus, one) for one in spread_out(corpus, ranked)),
    )


def describe(corpus: Corpus, term: Term, least: float = -9.0) -> tuple[str, list[int]]:
    """The sentence that best says what it is, and all that mention it, the most telling first.

    Args:
        corpus: Where it stands.
        term: What is to be described.
        least: How well a sentence must say it; where none does, nothing is said.
    """
    pattern = naming(term.key)
    scored = [(_telling(corpus, at, pattern), at) for at in term.at]
    scored.sort(key=lambda one: (-one[0], one[1]))
    ranked = [at for _, at in scored]
    if not ranked or scored[0][0] < least:
        return "", ranked
    says = corpus.sentences[ranked[0]].text
    following = _following(corpus, ranked[0])
    if following and _is_label(says, pattern):
        after = _following(corpus, ranked[0] + 1)
        short = len(following.split()) < _LABEL
        return f"{following} {after}".strip() if short else following, ranked
    if (following and _GOES_ON.match(following)) or (
        following and len(says.split()) < _NEAR_WORDS and _CALLS_IT.search(says)
    ):
        says = f"{says} {following}"
    elif len(says.split()) < 10 and _CALLED.search(says) and ranked[0]:
        one, before = corpus.sentences[ranked[0]], corpus.sentences[ranked[0] - 1]
        near = before.section == one.section and len(before.text.split()) < _NEAR_WORDS
        says = f"{before.text} {says}" if near else says
    return says, ranked


def _is_label(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a sentence only names it, as what leads a paragraph does (``Week six, …``)."""
    found = pattern.search(text)
    return (
        found is not None
        and len(text) - found.end() < 3
        and _LEADS_TO.fullmatch(text[: found.start()]) is not None
    )


def _chosen(corpus: Corpus, terms: dict[str, Term], taken: Collection[str]) -> list[Term]:
    own = [
        one for one in terms.values() if one.key not in taken and not _covered(one, taken, terms)
    ]
    if not own:
        return []
    best = sorted((one.score for one in terms.values()), reverse=True)[:_COMPARED][-1]
    words = sum(len(one.words) for one in corpus.sentences)
    own_names = sum(one.size > 1 and one.headings + one.named > 0 for one in terms.values())
    names_things = own_names >= _NAMES_THINGS
    strong, usual = list[Term](), list[Term]()
    for term in own:
        if term.score < FAINT * best or any(_inside(term, other) for other in strong):
            continue
        set_off = term.headings + term.named > (is_common(term.key) and not is_abstract(term.key))
        if term.size > 1 or set_off:
            strong.append(term)
        elif not names_things and is_abstract(term.key) and term.count >= max(5, _FREQUENT * words):
            usual.append(term)
    strong = [one for one in strong if not _variant(one, usual)]
    chosen = strong[: MOST - min(len(usual), SINGLE)] + usual[:SINGLE]
    return sorted(chosen, key=lambda one: -one.score)[:MOST]


def _variant(term: Term, usual: list[Term]) -> bool:
    """Whether it only is now and then said for a word that is a concept itself."""
    last = term.key.rsplit(" ", 1)[-1]
    return not term.signals and any(
        one.key == last and term.count < _OFTEN * one.count for one in usual
    )


def _covered(term: Term, taken: Collection[str], terms: dict[str, Term]) -> bool:
    """Whether it is mostly said as a part of a name that is taken."""
    words = set(term.key.replace("-", " ").split())
    if any(words <= set(name.replace("-", " ").split()) and "-" in name for name in taken):
        return True
    return any(
        f" {term.key} " in f" {name} " and terms[name].count >= 0.3 * term.count
        for name in taken
        if name in terms
    )


def _inside(term: Term, other: Term) -> bool:
    """Whether one is in the other, and mostly said there."""
    if f" {term.key} " in f" {other.key} ":
        return other.count >= 0.3 * term.count
    return f" {other.key} " in f" {term.key} " and term.count < 0.5 * other.count + 2


def _telling(corpus: Corpus, at: int, pattern: re.Pattern[str]) -> float:
    """How well a sentence says what a term is."""
    sentence = corpus.sentences[at]
    text = sentence.text
    found = pattern.search(text)
    if found is None:
        return -9.0
    words = len(text.split())
    score = _form(text, found) + (0.5 if 8 <= words <= 32 else 0.0) - (words > _LONGEST) * 3
    score -= 2.0 * labelled(text) + 1.0 * points_back(text) + 0.5 * (sentence.kind != "paragraph")
    score -= 1.0 * text.startswith(('"', "“")) + 1.0 * bool(_ARCHAIC.search(text))
    score -= 2.0 * text.rstrip("\"'”’)* ").endswith("?") + 0.7 * is_story(text)
    section = corpus.sections[sentence.section]
    if pattern.search(section.heading):
        score += 1.0 + 0.5 * (at - section.first < 3)
    following = _following(corpus, at)
    ends = len(text) - found.end() < 3
    if following and _is_label(text, pattern) and found.start() and not is_story(following):
        score += _DEFINES - 1.0
    return score + ((2.0 if ends else 1.0) if following and _GOES_ON.match(following) else 0.0)


def _form(text: str, found: re.Match[str]) -> float:
    before, after = text[: found.start()].lower(), text[found.end() :]
    if re.search(
        r"\b(?:i|we) (?:now )?call (?:it|this|that|them|these|those)\s+(?:the |a |my )?[\"“*]*$",
        before,
    ):
        return _DEFINES + 1.5
    opens = re.fullmatch(r"\W*(?:and |so |but )?(?:the |a |an |my |your |by )?[\"“‘*_]*", before)
    if opens and _IS.match(after):
        return _DEFINES + 1.0
    if opens and re.match(r"[\"”’*_]*(?::| [—–-] | I mean)\s*\w", after):
        return _DEFINES
    if re.search(
        r"\b(?:what (?:i|we) call|(?:is|are|was) called)\s+(?:the |a |my )?[\"“*]*$",
        before,
    ):
        return _DEFINES
    if re.match(r"[\"”’*_]*(?:: | [—–] )[\"“]?\w+,? \w+", after) or (opens and _HAS.match(after)):
        return 2.0
    if _IS.match(after):
        return 1.5
    return 0.5 if opens else 0.0


def _following(corpus: Corpus, at: int) -> str:
    if at + 1 >= len(corpus.sentences):
        return ""
    one, other = corpus.sentences[at], corpus.sentences[at + 1]
    return other.text if (one.section, one.block) == (other.section, other.block) else ""


def longest_first(names: Sequence[str]) -> list[str]:
    """Names so that a longer one is looked for before what is part of it."""
    return sorted(names, key=lambda one: (-len(key(one).split()), one))
