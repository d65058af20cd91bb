"""Fits the voice model: ``python -m benchmarks.fitting.voice FOLDER``.

FOLDER holds texts as ``KIND/AUTHOR__TITLE.txt``; the books of ``GREENROOM_BENCH_DATA`` are added
where it is set. Writes ``data/models/voice``. Only means over an author are kept, no passage.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.voice_data import Counts, cuts, mean_rows, read_authors, taken
from benchmarks.fitting.voice_figures import area, calibration_error
from benchmarks.fitting.voice_weights import Asked, each_left_out, fit_weights
from core.twins.voice.background import DATA, Side
from core.twins.voice.evidence import counts_of
from core.twins.voice.grams import FINE, VIEWS, Floats, Vectors, View, weighed
from core.twins.voice.learning import CHUNK, MOST_CHUNKS, directed, learnt
from core.twins.voice.weighing import chances, considered

FOLDS = 3
KINDS = ("manuals", "speeches")
"""The folders with authors that nothing is fitted on."""
AMOUNTS = ((4,), (20, MOST_CHUNKS), (60,), (120, MOST_CHUNKS))
"""Stretches of known text that creators are learnt from: each creator takes the next row."""
BOOK_AMOUNTS = ((4, 120, MOST_CHUNKS),)
LIKE = 8
"""Authors that are most like the creator, whose passages are the hardest impostors."""
ROWS = 60
"""Known stretches of an author that rarity and spread are taken from."""
USUAL = 40
"""Known stretches of an author that the usual level is taken from."""
SMOOTHING = 0.3
SAME = 0.8
"""The likeness from which on an author of the background is taken to be the creator."""
Mask = NDArray[np.bool_]


def held_out(author: str) -> bool:
    """A third of the authors: nothing is fitted on them until the figures are written."""
    return zlib.crc32(author.encode()) % 3 == 0 and not author.startswith(("creators/", "chats/"))


def kind_of(author: str) -> str:
    """The folder that an author's texts are in: what the register of them is."""
    return author.split("/")[0]


def a_book(author: str) -> bool:
    return author.startswith("creators/")


def fitted_side(view: View, known: Vectors, of: NDArray[np.int64], inside: Mask) -> Side:
    """One view of the background, measured on the authors inside; all get a direction."""
    firsts = np.concatenate([np.flatnonzero(of == one)[:ROWS] for one in np.flatnonzero(inside)])
    some = taken(known, firsts)
    held = np.bincount(some.key, minlength=view.size)
    rarity = (np.log((1 + some.texts) / (1 + held)) + 1).astype(np.float32)
    means = mean_rows(known, rarity, of, len(inside))
    squares = np.zeros((len(inside), view.size), np.float32)
    one = weighed(some, rarity)
    np.add.at(squares, (of[firsts][one.text], one.key), one.value**2)
    sizes = np.bincount(of[firsts], minlength=len(inside))[inside][:, None]
    within = (squares[inside] / sizes - means[inside] ** 2).clip(0).mean(axis=0)
    scale = 1 / np.sqrt(within + SMOOTHING * np.median(within[within > 0]))
    mean, scale = means[inside].mean(axis=0), scale.astype(np.float32)
    kept = means[: 0 if view is FINE else None]
    return Side.of(view, rarity, mean, scale, kept, np.zeros((2, 1), np.float32))


class Workshop:
    """All texts, counted once, and the background as fitted on some authors."""

    def __init__(self, counts: Counts, inside: Mask) -> None:
        self.counts = counts
        self.sides = [
            fitted_side(view, known, counts.known_of, inside)
            for view, known in zip((*VIEWS, FINE), counts.known, strict=True)
        ]
        self.known = self._weighed(counts.known)
        self.asked = self._weighed(counts.asked)
        self.sides = [
            side._replace(usual=self._usual(side, known, inside))
            for side, known in zip(self.sides, self.known, strict=True)
        ]
        self.others = [
            side.others(asked) for side, asked in zip(self.sides, self.asked, strict=True)
        ]

    def _weighed(self, every: Sequence[Vectors]) -> list[Vectors]:
        return [weighed(one, side.rarity) for one, side in zip(every, self.sides, strict=True)]

    def _usual(self, side: Side, known: Vectors, inside: Mask) -> Floats:
        """What the authors inside get of themselves where some of their text is kept out."""
        found = []
        for author in np.flatnonzero(inside):
            others = inside.copy()
            others[author] = False
            rows = some_of(np.flatnonzero(self.counts.known_of == author), USUAL, int(author))
            found.append(directed(side, taken(known, rows), others)[1])
        middle = np.mean([one.mean(axis=0) for one in found], axis=0)
        return np.stack([middle, np.mean([one.std(axis=0) for one in found], axis=0)])

    def ask(
        self, creator: int, amount: int, passages: NDArray[np.int64], others: Mask
    ) -> NDArray[np.float64]:
        """What is seen of passages by a creator learnt from so many stretches."""
        rows = some_of(np.flatnonzero(self.counts.known_of == creator), amount, creator)
        scores = []
        for side, known, asked, other in zip(
            self.sides, self.known, self.asked, self.others, strict=True
        ):
            direction = learnt(side, taken(known, rows), others)
            scores.append(direction.scores(side, taken(asked, passages), other[passages]))
        words = self.counts.words[passages]
        return considered(np.hstack(scores), words, len(rows) * CHUNK)


def some_of(rows: NDArray[np.int64], amount: int, seed: int) -> NDArray[np.int64]:
    """So many stretches: one after the other where they are few, as in one article."""
    if amount >= len(rows):
        return rows
    chance = np.random.default_rng(seed)
    if amount <= 8:
        first = chance.integers(0, len(rows) - amount + 1)
        return rows[first : first + amount]
    return np.sort(chance.permutation(rows)[:amount])


@dataclass(frozen=True)
class Trial:
    """Who is asked about, and beside whom.

    Attributes:
        weight: What the trial counts in the fit.
        creators: Whose twins are asked.
        amounts: What is known of each, in turn.
        impostors: For a creator, the authors whose passages are asked about.
        others: For a creator, the authors it is held against; never the creator.
        most: Passages of each length and group.
    """

    weight: float
    creators: NDArray[np.int64]
    amounts: Sequence[Sequence[int]]
    impostors: Callable[[int], Mask]
    others: Callable[[int], Mask]
    most: int = 6


def asked_of(shop: Workshop, trial: Trial) -> Asked:
    """What every creator of a trial sees."""
    found: list[tuple[NDArray[Any], ...]] = []
    for number, creator in enumerate(trial.creators.tolist()):
        others = trial.others(creator).copy()
        others[creator] = False
        pool = np.flatnonzero(trial.impostors(creator))
        for amount in trial.amounts[number % len(trial.amounts)]:
            picked = impostors_and_own(shop, creator, pool, trial.most, amount)
            seen = shop.ask(creator, amount, picked, others)
            own = shop.counts.asked_of[picked] == creator
            who, how_many = np.full(len(picked), creator), np.full(len(picked), amount)
            found.append((seen, own, who, picked, how_many))
    return Asked(*(np.concatenate(one) for one in zip(*found, strict=True)))


def impostors_and_own(
    shop: Workshop, creator: int, asked: NDArray[np.int64], most: int, seed: int
) -> NDArray[np.int64]:
    """Passages of each length: own, of authors like this one, of its kind, and some of any."""
    counts, chance = shop.counts, np.random.default_rng((creator, seed))
    likeness = shop.sides[0].authors @ shop.sides[0].authors[creator]
    rest = asked[asked != creator]
    like = rest[np.argsort(-likeness[rest])[:LIKE]]
    near = rest[[kind_of(counts.authors[one]) == kind_of(counts.authors[creator]) for one in rest]]
    groups = ((np.array([creator]), most), (like, most), (near, most), (rest, most // 3))
    found = []
    for length in np.unique(counts.words):
        for group, few in groups:
            here = np.flatnonzero((counts.words == length) & np.isin(counts.asked_of, group))
            found.append(chance.permutation(here)[:few])
    return np.concatenate(found)


def trials(counts: Counts, inside: Mask, books: Mask) -> dict[str, Trial]:
    """What the weights are fitted on: from all impostors known to a register never seen."""
    kind = np.array([kind_of(author) for author in counts.authors])
    fold = np.array([zlib.crc32(author[::-1].encode()) % FOLDS for author in counts.authors])
    authors, writers = np.flatnonzero(inside & (kind != "chats")), np.flatnonzero(books)

    def apart(creator: int) -> Mask:
        return inside & (fold != fold[creator])

    def together(creator: int) -> Mask:
        return inside & (fold == fold[creator])

    def elsewhere(creator: int) -> Mask:
        return apart(creator) & (kind != kind[creator])

    found = {
        "impostors in the background": Trial(
            1, authors, AMOUNTS, lambda _: inside, lambda _: inside
        ),
        "strangers": Trial(0.5, authors, AMOUNTS, together, apart),
        "strangers, another register": Trial(1, authors, AMOUNTS, together, elsewhere),
    }
    if len(writers):
        both = inside | books
        asked = (writers, BOOK_AMOUNTS, lambda _: books)
        found["books, in the background"] = Trial(4, *asked, lambda _: both, 30)
        found["books, not in the background"] = Trial(1, *asked, lambda _: inside, 30)
    return found


def figures(asked: Asked, words: NDArray[np.int64], chance: NDArray[np.float64]) -> dict[str, Any]:
    """AUC and calibration error by length of the passage and amount known."""
    found: dict[str, Any] = {}
    for amount in np.unique(asked.amount):
        for length in np.unique(words):
            here = (asked.amount == amount) & (words[asked.passage] == length)
            if not asked.own[here].any():
                continue
            parts = chance[here], asked.own[here]
            name = f"{amount * CHUNK} known, {length} asked"
            found[name] = {
                "auc": round(area(*parts), 4),
                "ece": round(calibration_error(*parts), 4),
            }
    return found


def asked_of_held(shop: Workshop, held: Mask, inside: Mask) -> Iterator[tuple[str, Asked]]:
    """What authors see that nothing was fitted on, with their register in the background or not."""
    kind = np.array([kind_of(author) for author in shop.counts.authors])
    for name in KINDS:
        creators = np.flatnonzero(held & (kind == name))
        for where, others in (("in", inside), ("not in", inside & (kind != name))):
            trial = Trial(0, creators, ((4, 120),), lambda _: held, _always(others), 10)
            yield f"{name} held out, register {where} the background", asked_of(shop, trial)


def _always(mask: Mask) -> Callable[[int], Mask]:
    return lambda _: mask


def pack(shop: Workshop, model: dict[str, Any]) -> dict[str, Any]:
    """The parameters file: small whole numbers, square roots so that rare n-grams are kept."""
    kept: dict[str, Any] = {**model, "habits": usual_habits(shop.counts), "same": np.array(SAME)}
    for side, known in zip(shop.sides, shop.counts.known, strict=True):
        for name in ("rarity", "mean", "scale", "usual"):
            kept[f"{side.view.name}_{name}"] = coarse(getattr(side, name))
        means = mean_rows(known, side.rarity, shop.counts.known_of, len(shop.counts.authors))
        root = np.sqrt(means[: len(side.authors)])
        step = root.max(axis=1) / 255
        kept[f"{side.view.name}_means"] = np.round(root / step[:, None]).astype(np.uint8)
        kept[f"{side.view.name}_step"] = step.astype(np.float32)
    return kept


def coarse(numbers: Floats) -> NDArray[np.float16]:
    """Numbers to within a hundredth: without their last bits they take less room in the file."""
    bits = numbers.astype(np.float16).view(np.uint16) & np.uint16(0xFFF8)
    return bits.view(np.float16)


def usual_habits(counts: Counts) -> NDArray[np.float64]:
    """How often each habit is in a word of an author, every author counting the same."""
    rates = []
    for author in range(len(counts.authors)):
        here = np.flatnonzero((counts.asked_of == author) & (counts.words == 150))
        found, words = counts_of("\n".join(counts.texts[one] for one in here))
        rates.append(found / max(words, 1))
    return np.mean(rates, axis=0)


def gathered(folder: Path) -> Counts:
    """The folder's authors and, where they are at hand, those of the books."""
    found = cuts(read_authors(folder))
    data = os.environ.get("GREENROOM_BENCH_DATA")
    if data:
        found += cuts(read_authors(Path(data) / "creators"), times=3)
    return Counts(found)


def main(arguments: Sequence[str]) -> None:
    """Fit, measure, write."""
    folder = Path(arguments[1]) if len(arguments) > 1 else DATA
    counts = gathered(Path(arguments[0]))
    books = np.array([a_book(author) for author in counts.authors])
    held = np.array([held_out(author) for author in counts.authors])
    inside = ~held & ~books
    shop = Workshop(counts, inside)
    asked = {name: asked_of(shop, one) for name, one in trials(counts, inside, books).items()}
    weight = {name: one.weight for name, one in trials(counts, inside, books).items()}
    parts = [(asked[name], weight[name]) for name in asked]
    model = fit_weights(parts)
    np.savez_compressed(folder / "parameters.npz", **pack(shop, model))
    tests = {
        name: (part, each_left_out(parts, part)) for name, part in asked.items() if "books" in name
    }
    for name, part in asked_of_held(shop, held & ~books, inside):
        tests[name] = part, chances(part.seen, **model)
    found = {name: figures(part, counts.words, chance) for name, (part, chance) in tests.items()}
    summary = {"authors": {"fitted on": int(inside.sum()), "in all": len(inside)}, "figures": found}
    (folder / "figures.json").write_text(json.dumps(summary, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
