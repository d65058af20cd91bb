"""Asking a language model for the method; only what it can quote from the content is believed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.domain.errors import CallFailed
from core.domain.twins import Link, LinkKind, Methodology, Node, NodeKind, Passage
from core.minds import load_prompt
from core.twins.knowledge import Embedder
from core.twins.methodology.finding import find_method
from core.twins.methodology.keeping import settled
from core.twins.methodology.layout import Corpus, Pieces, lay_out, plain
from core.twins.methodology.order import reaches
from core.twins.methodology.places import apart, naming
from core.twins.methodology.quoting import Quotes
from core.twins.methodology.wording import content, node_id, same_node, title

PROMPTS = Path(__file__).parent / "prompts"
METHOD, REPAIR = "method-1", "method-repair-1"
SHOWN = 30_000
"""Characters of passages that a model is shown."""
_LONGEST_ANSWER = 100_000
_STEP_KNOWN = 0.6
"""The share of a step's words that its piece must hold."""

Complete = Callable[[str, str, dict[str, Any]], Awaitable[str]]
"""Takes the system's words, the person's words and a JSON schema, and gives the model's answer."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ConceptAnswer(_Form):
    """A term of the creator's."""

    name: str = Field(max_length=120)
    says: str
    quotes: list[str]


class PrincipleAnswer(_Form):
    """A rule of the creator's."""

    says: str
    quotes: list[str]


class ExerciseAnswer(_Form):
    """Something that the creator has people do."""

    name: str = Field(max_length=120)
    says: str
    steps: list[str]
    quotes: list[str]


class LinkAnswer(_Form):
    """How two of them hang together."""

    source: str
    target: str
    kind: LinkKind
    quote: str


class MethodAnswer(_Form):
    """The map as a model gives it."""

    concepts: list[ConceptAnswer] = Field(max_length=60)
    principles: list[PrincipleAnswer] = Field(max_length=60)
    exercises: list[ExerciseAnswer] = Field(max_length=60)
    links: list[LinkAnswer] = Field(max_length=200)


SCHEMA: dict[str, Any] = MethodAnswer.model_json_schema()


async def ask_for_method(
    pieces: Pieces,
    complete: Complete,
    before: Methodology | None = None,
    embedder: Embedder | None = None,
) -> Methodology:
    """The method as a language model sees it, checked against the content.

    A node stays only where one of its quotes stands in the content word for word; its places are
    these. Where the model gives nothing of a kind, what was found without it is kept.

    Args:
        pieces: Names and texts.
        complete: Asks the model.
        before: The method as it was, with the creator's corrections.
        embedder: For what is found without the model.

    Raises:
        CallFailed: If the model's answer cannot be used, twice.
    """
    found = find_method(pieces, embedder=embedder)
    corpus = lay_out(pieces)
    answer = await _asked(corpus, found, complete)
    return settled(_checked(answer, found, corpus), before or Methodology(), corpus)


async def _asked(corpus: Corpus, found: Methodology, complete: Complete) -> MethodAnswer:
    system = load_prompt(PROMPTS, f"{METHOD}.system").fill()
    user = load_prompt(PROMPTS, f"{METHOD}.user").fill(
        headings=_headings(corpus), passages=_passages(corpus, found)
    )
    try:
        return read_method(await complete(system, user, SCHEMA))
    except ValueError as error:
        again = load_prompt(PROMPTS, REPAIR).fill(error=str(error)[:400])
    try:
        return read_method(await complete(system, f"{user}\n\n{again}", SCHEMA))
    except ValueError as error:
        raise CallFailed(
            "The model's map of the method could not be read.",
            place=str(error)[:200],
            fix="Train again, or choose another model.",
        ) from None


def read_method(text: str) -> MethodAnswer:
    """The map in a text: bare, in a code fence, or with prose around it.

    Raises:
        ValueError: If there is none; says why, for the model.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("it holds no JSON object")
    if len(text) > _LONGEST_ANSWER:
        raise ValueError("it is far too long")
    try:
        return MethodAnswer.model_validate_json(text[start : end + 1])
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[:3]
        told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong)
        raise ValueError("; ".join(told)) from None


def _headings(corpus: Corpus) -> str:
    lines = [
        f"{'  ' * max(0, one.level - 1)}{one.heading} ({corpus.pieces[one.piece][0]})"
        for one in corpus.sections
        if one.heading
    ]
    return "\n".join(lines)[: SHOWN // 4]


def _passages(corpus: Corpus, found: Methodology) -> str:
    """What the nodes that were found rest on, then the beginnings of sections, within the limit."""
    shown: list[str] = []
    room = SHOWN
    for text in _telling(corpus, found):
        if len(text) <= room:
            shown.append(text)
            room -= len(text) + 10
    return "\n\n".join(shown)


def _telling(corpus: Corpus, found: Methodology) -> list[str]:
    ranked = [
        passage
        for turn in range(3)
        for node in found.nodes
        for passage in node.passages[turn : turn + 1]
    ]
    texts = [f"[{one.file}] {plain(one.text)}" for one in ranked]
    for section in corpus.sections:
        own = corpus.sentences[section.first : min(section.last, section.first + 4)]
        if own:
            words = " ".join(one.text for one in own)
            texts.append(f"[{corpus.pieces[section.piece][0]}] {section.heading}: {words}")
    return list(dict.fromkeys(texts))


def _checked(answer: MethodAnswer, found: Methodology, corpus: Corpus) -> Methodology:
    quotes = Quotes(corpus.pieces)
    nodes = _nodes(answer, quotes, corpus, found)
    for kind in ("concept", "principle", "exercise"):
        if not any(one.kind == kind for one in nodes):
            nodes += [one for one in found.nodes if one.kind == kind]
    kept: dict[str, Node] = {}
    for node in nodes:
        kept.setdefault(node.id, node)
    links = _links(answer.links, list(kept.values()), quotes, found)
    return Methodology(nodes=tuple(kept.values()), links=links)


def _nodes(answer: MethodAnswer, quotes: Quotes, corpus: Corpus, found: Methodology) -> list[Node]:
    nodes = [
        _node("concept", one.name, one.says, one.quotes, quotes, found) for one in answer.concepts
    ]
    for principle in answer.principles:
        where = quotes.find(principle.says)
        name = title(plain(where.text)) if where else ""
        nodes.append(_node("principle", name, principle.says, principle.quotes, quotes, found))
    for exercise in answer.exercises:
        made = _node("exercise", exercise.name, exercise.says, exercise.quotes, quotes, found)
        nodes.append(made and _stepped(made, exercise.steps, corpus))
    return [one for one in nodes if one is not None and _is_said(one, corpus)]


def _node(
    kind: NodeKind,
    name: str,
    says: str,
    quoted: Sequence[str],
    quotes: Quotes,
    found: Methodology,
) -> Node | None:
    """A node, if one of its quotes stands in the content."""
    bare = title(plain(name))
    said = quotes.find(says)
    places = [place for one in quoted if (place := quotes.find(one)) is not None]
    if said is not None:
        places.insert(0, said)
    if not bare or not places:
        return None
    made = Node(
        id=node_id(kind, bare),
        kind=kind,
        name=bare,
        says=plain(places[0].text)[:1_000],
        passages=apart(places),
    )
    same = next((one for one in found.nodes if one.kind == kind and same_node(one, made)), None)
    return made if same is None else _joined(made, same)


def _joined(made: Node, same: Node) -> Node:
    """What the model says, with the id, the weight and the further places of what was found."""
    passages: tuple[Passage, ...] = apart((*made.passages, *same.passages))
    return made.model_copy(update={"id": same.id, "weight": same.weight, "passages": passages})


def _is_said(node: Node, corpus: Corpus) -> bool:
    """Whether a term is really a word of the creator's."""
    if node.kind == "principle":
        return True
    pattern = naming(node.name)
    if any(pattern.search(piece.text) for _, piece in corpus.pieces):
        return True
    return node.kind == "exercise" and bool(node.steps)


def _stepped(node: Node, steps: Sequence[str], corpus: Corpus) -> Node:
    """With the steps whose words stand in the pieces that the exercise is quoted from."""
    files = {one.file for one in node.passages}
    known: frozenset[str] = frozenset().union(
        *(content(piece.text) for name, piece in corpus.pieces if name in files)
    )
    kept = [plain(one)[:400] for one in steps if one.strip()]
    kept = [one for one in kept if len(content(one) & known) >= _STEP_KNOWN * len(content(one))]
    return node.model_copy(update={"steps": tuple(kept[:30])})


def _links(
    given: Sequence[LinkAnswer], nodes: Sequence[Node], quotes: Quotes, found: Methodology
) -> tuple[Link, ...]:
    """The model's links whose quote holds, then those that were found; the order stays an order."""
    known = {one.id for one in nodes}
    wanted = [
        Link(source=source, target=target, kind=one.kind)
        for one in given
        if (source := _named(one.source, nodes))
        and (target := _named(one.target, nodes))
        and source != target
        and (one.kind == "uses" or quotes.find(one.quote) is not None)
    ]
    kept: dict[tuple[str, str], Link] = {}
    order: Mapping[LinkKind, list[tuple[str, str]]] = {"before": [], "uses": [], "part_of": []}
    for link in (*wanted, *found.links):
        pair = (link.source, link.target)
        circular = link.kind != "uses" and reaches(order[link.kind], link.target, link.source)
        if {*pair} <= known and pair not in kept and pair[::-1] not in kept and not circular:
            kept[pair] = link
            order[link.kind].append(pair)
    return tuple(kept.values())


def _named(name: str, nodes: Sequence[Node]) -> str:
    for kind in ("concept", "exercise", "principle"):
        wanted = node_id(kind, title(plain(name)))
        if any(one.id == wanted for one in nodes):
            return wanted
    return ""
