"""What a creator corrected in the method, as words that the twin knows, and what it may not say."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.twins import Methodology, Node

METHOD = "The method, as corrected"
"""The name under which the creator's own corrections are cited."""
_LINKS = {
    "before": "{source} comes before {target}.",
    "uses": "{source} uses {target}.",
    "part_of": "{source} is a part of {target}.",
}


def method_text(methodology: Methodology) -> str:
    """The nodes and links that the creator set by hand, as a text; empty where there are none."""
    names = {node.id: node.name for node in methodology.nodes}
    parts = [_told(node) for node in methodology.nodes if node.by_hand]
    told = [
        _LINKS[link.kind].format(source=names[link.source], target=names[link.target])
        for link in methodology.links
        if link.by_hand and link.source in names and link.target in names
    ]
    if told:
        parts.append("# How it hangs together\n\n" + " ".join(told))
    return "\n\n".join(parts)


def unsaid(methodology: Methodology) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Spans, by the name of the piece, that the creator took out: nothing is cited from there.

    Taking out a concept only takes it off the map, since all kinds of passages speak of it; a
    principle or an exercise is taken back together with the passage that says it.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for node in methodology.removed:
        if node.kind != "concept":
            for passage in node.passages:
                spans.setdefault(passage.file, []).append((passage.start, passage.end))
    return {name: tuple(sorted(found)) for name, found in spans.items()}


def _told(node: Node) -> str:
    says = node.says.strip()
    sentence = says if says.endswith((".", "!", "?")) or not says else f"{says}."
    about = f"{node.name} is a part of the method." if not sentence else ""
    steps = " ".join(f"Step {number}: {step}" for number, step in enumerate(node.steps, 1))
    words = " ".join(part for part in (about, sentence, steps) if part)
    return f"# {node.name}\n\n{words}"
