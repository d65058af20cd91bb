"""A creator's own terms: candidates, how often and where they stand, and what speaks for them.

Ranked by C-value (Frantzi, Ananiadou & Mima 2000, "Automatic recognition of multi-word terms",
equation 2), with one added to the length so that single words count as well (Barrón-Cedeño,
Sierra, Drouin & Ananiadou 2009), and raised by what a creator does with a term of their own: heads
a section with it, names it ("I call it …"), defines it, sets it off.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.twins.methodology.layout import Corpus, Sentence
from core.twins.methodology.speech import told
from core.twins.methodology.wording import ARTICLES, is_common, key, listed, singular

FRAMES = frozenset(
    "method model framework formula technique loop matrix protocol canvas ladder principle".split()
)
"""What people call what they have made up, after its name."""
_FRAMED = re.compile(rf"\b[Tt]he ((?:[\w'’-]+ ){{1,2}}(?i:{'|'.join(sorted(FRAMES))}))\b")
_SHORTEST_WORD = 4
_ORDINAL = frozenset({"th", "st", "nd", "rd"})
LONGEST = 4
"""Words in a term at most."""
_BREAK = re.compile(r"[^\w\s'’-]|--|—")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]*\w")
"""Words with a capital in the middle of a sentence."""
_NOUN_BEFORE = ARTICLES | frozenset(
    "every each no one any some of in with for into without about between from and or on under "
    "after before during is are was call called one two three four five six seven".split()
)
_EMPHASIS = re.compile(
    r"\*\*([^*\n]{3,60})\*\*|(?<![\w*])\*([^*\n]{3,60})\*(?![\w*])|(?<![\w_])_([^_\n]{3,60})_(?!\w)"
)
_QUOTED = re.compile(r"[“\"]([^”\"\n]{3,50})[”\"]|‘([^’\n]{3,50})’")
_NAMED = re.compile(
    r"\b(?:(?:I|we) (?:now )?call (?:it|this|them|that|these|those|her|him)|what (?:I|we) (?:now )?"
    r"call|(?:is|are|was|be) called|known as|(?:I|we) refer to (?:it|this) as)\s+(?:[“\"‘*_]*)"
    r"((?:the |a |an |my |your )?[\w'’-]+(?: [\w'’-]+){0,3})",
    re.I,
)
_NUMBERING = re.compile(
    r"\s*(?:chapter|lesson|part|exercise|week|day|module|session|unit|book|section|step)\s+"
    r"(?:\d{1,3}|[ivxlc]+|one|two|three|four|five|six|seven|eight|nine|ten)\b\s*(?:[.:,–—-]\s*(?=\S))?",
    re.I,
)
_ADJECTIVE = re.compile(
    r"\w+(?:ful|ous|able|ible|less|ive|ic|ical|al|ary|ant|ent|ish|some|ed|est)\Z"
)
_ABSTRACT = re.compile(
    r"\w{3,}(?:ation|ition|ution|ction|sion|ness|ity|ship|ism|hood|dom|ence|ance)\Z"
)
_LABEL = re.compile(r"\w+:|.*\b(?:step|chapter|lesson|episode|exercise) (?:\w+)|(?:two|three) .*")


@dataclass
class Term:
    """A candidate with what is known of it.

    Attributes:
        at: Numbers of the sentences where it stands, each once.
        emphasised: How often it is set off by stars or the cell of a table.
    """

    key: str
    count: int = 0
    nouns: int = 0
    at: list[int] = field(default_factory=list)
    spread: int = 0
    pieces: int = 0
    headings: int = 0
    in_headings: int = 0
    named: int = 0
    emphasised: int = 0
    quoted: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    score: float = 0.0

    @property
    def size(self) -> int:
        """How many words."""
        return self.key.count(" ") + 1

    @property
    def signals(self) -> float:
        """How much says that it is a term of the creator's own."""
        return (
            2.0 * min(self.headings, 3)
            + 2.0 * min(self.named, 2)
            + 0.7 * min(self.emphasised, 3)
            + 0.4 * min(self.in_headings + self.quoted, 3)
        )

    @property
    def name(self) -> str:
        """As it is mostly written, with a capital."""
        best = max(self.spellings.items(), key=lambda one: (one[1], one[0]))[0]
        return best[:1].upper() + best[1:]


def find_terms(corpus: Corpus) -> dict[str, Term]:
    """Every term that might be the creator's own, with its score, the best first."""
    runs = [list(_runs(one)) for one in corpus.sentences]
    names = proper_names(corpus)
    found = _counted(corpus, runs, names)
    _signalled(corpus, found, names)
    _nested(found)
    kept = [term for term in found.values() if _may_be(term) and _score(term) > 0]
    return {term.key: term for term in sorted(kept, key=lambda one: (-one.score, one.key))}


def proper_names(corpus: Corpus) -> frozenset[str]:
    """Words that are only written with a capital, also inside sentences: people and places."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for sentence in corpus.sentences:
        small.update(one for one in sentence.words if one[0].islower())
        large.update(one for one in _INSIDE.findall(sentence.text) if not one.isupper())
    usual: Counter[str] = Counter()
    for word, times in small.items():
        usual[singular(word)] += times
    named: Counter[str] = Counter()
    for word, times in large.items():
        named[singular(word.lower())] += times
    return frozenset(word for word, times in named.items() if usual[word] <= 0.1 * times)


def _runs(sentence: Sentence) -> Iterator[list[str]]:
    """The words between signs, as they are written."""
    for part in _BREAK.split(sentence.text):
        words = [one.replace("’", "'") for one in _WORD.findall(part)]
        if words:
            yield words


def _counted(corpus: Corpus, runs: list[list[list[str]]], names: frozenset[str]) -> dict[str, Term]:
    found: defaultdict[str, list[tuple[int, bool, str]]] = defaultdict(list)
    stop = listed("function")
    for number, parts in enumerate(runs):
        for words in parts:
            for before, chosen in _grams(words, stop, names):
                is_noun = before in _NOUN_BEFORE
                found[" ".join(map(_form, chosen))].append((number, is_noun, " ".join(chosen)))
    return {name: _term(corpus, name, places) for name, places in found.items() if len(places) > 1}


def _grams(
    words: list[str], stop: frozenset[str], names: frozenset[str]
) -> Iterator[tuple[str, list[str]]]:
    """Each run of 1 to 4 words without a common small word, and the word before it."""
    forms = [one.lower() for one in words]
    verbs = listed("verbs")
    free = [len(one) > 1 and one not in stop and singular(one) not in names for one in forms]
    for start in range(len(words)):
        opens = start == 0 and forms[0] not in verbs
        before = "the" if opens else forms[start - 1] if start else ""
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            if not free[end - 1]:
                break
            if _ends_well(forms, end):
                ends = end == len(words) or not free[end]
                yield before if ends else "", words[start:end]


def _ends_well(forms: list[str], end: int) -> bool:
    last = forms[end - 1]
    return last not in listed("modifiers") and not (
        last.endswith(("'s", "'", "n't")) or (last.endswith("ly") and len(last) > 4)
    )


def _form(word: str) -> str:
    return singular(word.lower())


def _term(corpus: Corpus, name: str, places: Iterable[tuple[int, bool, str]]) -> Term:
    term = Term(name)
    for number, noun, spelling in places:
        term.count += 1
        term.nouns += noun
        term.at.append(number)
        term.spellings[_small(spelling)] += 1
    term.at = sorted(set(term.at))
    term.spread = len({corpus.sentences[one].section for one in term.at})
    term.pieces = len({corpus.sentences[one].piece for one in term.at})
    return term


def _small(spelling: str) -> str:
    """With small letters, but for what is written in capitals."""
    return " ".join(
        one if one.isupper() and len(one) > 1 else one.lower() for one in spelling.split()
    )


def _signalled(corpus: Corpus, found: dict[str, Term], names: frozenset[str]) -> None:
    for text, signal in _signals(corpus):
        name = key(text)
        words = name.split()
        if not 0 < len(words) <= LONGEST or (set(words) & names and words[-1] not in FRAMES):
            continue
        term = found.get(name) or _said_so(corpus, found, name, text)
        if term is not None:
            setattr(term, signal, getattr(term, signal) + 1)
    texts = [f" {key(one.heading)} " for one in corpus.sections if one.heading]
    for term in found.values():
        if term.size > 1 or term.count > 5:
            term.in_headings = sum(f" {term.key} " in one for one in texts)


def _signals(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Words that stand as a heading, are named, or are set off, and which of these it is."""
    for section in corpus.sections:
        for part in heading_names(section.heading):
            yield part, "headings"
        text = corpus.text(section.piece)
        for block in section.blocks:
            inside = text[block.start : block.end]
            cells = inside.strip().strip("|").split("|") if block.kind == "row" else []
            bold = [next(filter(None, one.groups())) for one in _EMPHASIS.finditer(inside)]
            for spot in (*cells, *bold):
                for part in re.split(r"[,:]\s", spot):
                    yield part.strip(" .*_"), "emphasised"
            for one in _QUOTED.finditer(inside):
                yield (one[1] or one[2]).strip(" .,*_"), "quoted"
    for sentence in corpus.sentences:
        for one in _NAMED.finditer(sentence.text):
            yield from ((part, "named") for part in _cut(one[1]))
        for one in _FRAMED.finditer(sentence.text):
            yield one[1], "named"


def heading_names(heading: str) -> list[str]:
    """What a heading names: without its number and what stands in brackets."""
    bare = re.sub(r"\([^)]*\)", "", heading)
    bare = _NUMBERING.sub("", bare)
    bare = bare.capitalize() if bare.isupper() else bare
    bare = re.sub(r"^\s*(?:[\divxlc]{1,5}[.):]|\W)+\s*", "", bare, flags=re.I).strip()
    parts = [bare, *(one for one in re.split(r":\s|\s[–—-]\s", bare)[1:] if " " in _article(one))]
    return [one for one in parts if one and not one.endswith("?")]


def _article(name: str) -> str:
    words = name.split()
    return " ".join(words[1:] if words and words[0].lower() in ARTICLES else words)


def _cut(named: str) -> Iterator[str]:
    """What may be the name: the words up to each place where it may end."""
    words = named.split()
    first = 1 if words and words[0].lower() in ARTICLES else 0
    stop = listed("function")
    for end in range(first + 1, len(words) + 1):
        if end > first + 1 and words[end - 1].lower() in stop:
            return
        yield " ".join(words[:end])


def _said_so(corpus: Corpus, found: dict[str, Term], name: str, text: str) -> Term | None:
    """A term with small words in it (``passing the ladle``), if it is said elsewhere as well."""
    words = name.split()
    numbered = any(one.isdigit() for one in words)
    if len(words) < 2 or numbered or words[0] in listed("function") or told(text):
        return None
    pattern = re.compile(r"\b" + r"\W+".join(map(re.escape, words)) + r"(?:s|es)?\b", re.I)
    at = [number for number, one in enumerate(corpus.sentences) if pattern.search(one.text)]
    if len(at) < 2:
        return None
    term = found[name] = _term(corpus, name, [(one, True, key_spelling(text)) for one in at])
    return term


def key_spelling(text: str) -> str:
    """A name without its article and what stands in brackets."""
    bare = re.sub(r"\([^)]*\)", "", text).strip()
    return _article(bare) or bare


def _nested(found: dict[str, Term]) -> None:
    """C-value: how often a term stands, less how often it is only part of a longer one."""
    inside: defaultdict[str, list[int]] = defaultdict(list)
    for term in found.values():
        words = term.key.split()
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                inside[" ".join(words[start : start + size])].append(term.count)
    for term in found.values():
        longer = inside.get(term.key, [])
        alone = term.count - (sum(longer) / len(longer) if longer else 0)
        term.score = math.log2(term.size + 1) * alone


def _may_be(term: Term) -> bool:
    words = term.key.split()
    if words[0] in listed("numbered") or _LABEL.fullmatch(term.key):
        return False
    made = words[0].endswith(("ing", "ed"))
    empty = words[-1] in listed("empty") and not term.signals and not made
    if empty or words[0] in listed("openers") | listed("modifiers"):
        return False
    if max(map(len, words)) < _SHORTEST_WORD or words[-1] in listed("function") - {"no", "yes"}:
        return False
    if term.size > 1 and (words[0].endswith("ly") or words[0] in _ORDINAL):
        return False
    if term.size == 1:
        abstract = is_abstract(term.key)
        noun = abstract or _ADJECTIVE.match(term.key) is None or term.key in listed("nouns")
        enough = term.nouns >= (0.15 if term.headings or abstract else 0.25) * term.count
        least = 2 if term.headings else 4
        return noun and term.count >= least and enough and len(term.key) > 3
    strong = term.headings + term.named + term.emphasised + (term.pieces > 1) * term.quoted
    own = strong > (term.pieces > 1) * term.quoted
    if not own and _ADJECTIVE.match(words[-1]) and words[-1] not in listed("nouns"):
        return False
    return term.count >= (2 if strong else 3) and (strong > 0 or term.nouns >= 0.5 * term.count)


def is_abstract(word: str) -> bool:
    """Whether it is the name of something that one can think of and not touch."""
    return word in listed("abstract") or _ABSTRACT.match(word) is not None


def _score(term: Term) -> float:
    words = term.key.split()
    rare = sum(not is_common(one) for one in words) / len(words)
    strange = 0.35 + 0.65 * rare if term.size > 1 else 0.12 + 0.6 * rare
    spread = math.log2(1 + term.spread) * math.log2(1 + term.pieces)
    term.score = max(term.score, 0.5) ** 0.7 * strange * (1 + term.signals) * (0.5 + spread)
    return term.score
