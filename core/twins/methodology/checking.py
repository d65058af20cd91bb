"""A method as somebody sends it whole: what cannot be one is refused, with its place."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.errors import BadInput
from core.domain.twins import Methodology, Node
from core.twins.methodology.order import reaches

MOST_NODES, MOST_LINKS, MOST_STEPS, LONGEST_STEP = 300, 1_000, 40, 1_000


def checked(methodology: Methodology, before: Methodology, texts: Mapping[str, str]) -> Methodology:
    """The method, if it can be one; what stayed as it was is not looked at again.

    Args:
        methodology: Nodes and links.
        before: The method that it corrects.
        texts: The content by the names of its pieces: passages must stand in it.

    Raises:
        BadInput: If there is too much of it, two nodes have one id, a link leads nowhere, to
            itself or in circles, or a passage is not in the content.
    """
    _few_enough(len(methodology.nodes), MOST_NODES, "parts", "nodes")
    _few_enough(len(methodology.links), MOST_LINKS, "links", "links")
    known: set[str] = set()
    for number, node in enumerate(methodology.nodes):
        place = f"nodes[{number}]"
        if node.id in known:
            raise BadInput(f"Two parts have the id '{node.id}'.", place=f"{place}.id")
        known.add(node.id)
        if node not in before.nodes:
            _steps(node, place)
            _passages(node, texts, place)
    _links(methodology, before, known)
    return methodology


def _few_enough(count: int, most: int, what: str, place: str) -> None:
    if count > most:
        raise BadInput(f"A method has at most {most:,} {what}; these are {count:,}.", place=place)


def _steps(node: Node, place: str) -> None:
    if node.steps and node.kind != "exercise":
        raise BadInput("Only an exercise has steps.", place=f"{place}.steps")
    _few_enough(len(node.steps), MOST_STEPS, "steps in an exercise", f"{place}.steps")
    if any(len(step) > LONGEST_STEP for step in node.steps):
        words = f"A step has at most {LONGEST_STEP:,} characters."
        raise BadInput(words, place=f"{place}.steps")


def _passages(node: Node, texts: Mapping[str, str], place: str) -> None:
    for number, passage in enumerate(node.passages):
        text = texts.get(passage.file)
        here = f"{place}.passages[{number}]"
        if text is None:
            raise BadInput(f"There is no piece '{passage.file}'.", place=f"{here}.file")
        if passage.start < 0 or text[passage.start : passage.end] != passage.text:
            raise BadInput("These words do not stand there in the piece.", place=f"{here}.text")


def _links(methodology: Methodology, before: Methodology, known: set[str]) -> None:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for number, link in enumerate(methodology.links):
        place = f"links[{number}]"
        if link in before.links and {link.source, link.target} <= known:
            pairs.setdefault(link.kind, []).append((link.source, link.target))
            continue
        if link.source == link.target or not {link.source, link.target} <= known:
            raise BadInput("A link leads from one part of the method to another.", place=place)
        there = pairs.setdefault(link.kind, [])
        pair = (link.source, link.target)
        circular = link.kind != "uses" and reaches(there, link.target, link.source)
        if pair in there or circular:
            raise BadInput("This link is there already, or leads in a circle.", place=place)
        there.append(pair)
