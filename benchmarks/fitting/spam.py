"""Fits the spam model: ``GREENROOM_BENCH_DATA=… python -m benchmarks.fitting.spam [--search]``.

Reads ``sms_spam.csv.gz`` and ``spamassassin_mail.parquet``, writes ``data/models/spam``. Each side
is fitted by itself. Figures are of grouped cross-validation over all rows: those that nearly repeat
each other stay together in every split. The model that is shipped is then fitted on all of them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from benchmarks.fitting.spam_data import Rows, house_rows, real_rows
from benchmarks.fitting.spam_figures import figures, intervals, told
from core.messages.features import VIEWS, Seen, seen
from core.messages.shapes import shape_features, shape_names
from core.messages.weights import DATA, RARITY_STEP, SHAPE_WEIGHT, SIDES

FOLDS, REPEATS = 5, 2
MOST_RARE = 255
LEAST = np.float32(1e-12)
"""The step of a view that a side does not read."""


@dataclass(frozen=True)
class Choices:
    """How one side is fitted.

    Attributes:
        cost: How much a wrong row costs, against large weights.
        house: What a message that we wrote for fitting counts beside a real one.
        shared: What a feature that both sides share counts beside one of its side alone; at 0 the
            other side's rows are left out.
    """

    cost: float
    house: float
    shared: float


CHOSEN = (Choices(1.0, 1.0, 0.3), Choices(2.0, 0.1, 0.0))
"""For short messages and for e-mail."""


class Counted:
    """Rows as sparse counts, one matrix a view, and their shapes."""

    def __init__(self, rows: Rows) -> None:
        found: dict[str, list[Seen]] = {view.name: [] for view in VIEWS}
        for view, one in seen(rows.texts):
            found[view.name].append(one)
        self.views = {
            view.name: _matrix(found[view.name], (len(rows.texts), view.size)) for view in VIEWS
        }
        self.shapes = sp.csr_matrix(
            shape_features(
                [text.subject.encode() for text in rows.texts],
                [text.body.encode() for text in rows.texts],
            )
        )

    def rarity(self, rows: NDArray[np.int64]) -> dict[str, NDArray[np.uint8]]:
        """How seldom each hash is in these rows, in steps."""
        return {name: _rarity(counts[rows]) for name, counts in self.views.items()}

    def values(self, rarity: dict[str, NDArray[np.uint8]]) -> sp.csr_matrix:
        """Every view weighed, the shapes, and a one by which each side finds its own start."""
        parts = [_weighed(self.views[view.name], rarity[view.name]) * view.weight for view in VIEWS]
        one = sp.csr_matrix(np.ones((self.shapes.shape[0], 1), np.float32))
        return sp.hstack([*parts, self.shapes * SHAPE_WEIGHT, one]).tocsr()


def _matrix(parts: list[Seen], shape: tuple[int, int]) -> sp.csr_matrix:
    message, key, times = (np.concatenate(one) for one in zip(*parts, strict=True))
    return sp.csr_matrix((times.astype(np.float32), (message, key)), shape=shape)


def _rarity(counts: sp.csr_matrix) -> NDArray[np.uint8]:
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + held)) + 1
    return np.minimum(np.round(idf / RARITY_STEP), MOST_RARE).astype(np.uint8)


def _weighed(counts: sp.csr_matrix, rarity: NDArray[np.uint8]) -> sp.csr_matrix:
    found = counts.copy()
    found.data = (1 + np.log(found.data)) * rarity[found.indices].astype(np.float32) * RARITY_STEP
    norms = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return (sp.diags(1 / np.maximum(norms, 1e-9)) @ found).tocsr().astype(np.float32)


def tripled(values: sp.csr_matrix, own: NDArray[np.bool_], shared: float) -> sp.csr_matrix:
    """Every feature three times: for this side, for the other, for both.

    Daumé 2007, "Frustratingly easy domain adaptation": what is spam on one side is suspected on
    the other, unless the other side's rows say otherwise.
    """
    sides = [sp.diags(here.astype(np.float32)) @ values for here in (own, ~own)]
    return sp.hstack([*sides, values * shared]).tocsr()


def _reads(side: int) -> NDArray[np.float32]:
    """1 for each feature that a side reads."""
    views = [np.full(view.size, side or not view.email, np.float32) for view in VIEWS]
    return np.concatenate([*views, np.ones(len(shape_names()) + 1, np.float32)])


class Half(NamedTuple):
    """A linear model of one side: a weight for each feature, and where it starts."""

    weight: NDArray[np.float32]
    start: float


class Workshop:
    """All rows, counted once."""

    def __init__(self) -> None:
        self.real, self.house = real_rows(), house_rows()
        self.counted, self.house_counted = Counted(self.real), Counted(self.house)
        self._values: dict[bytes, tuple[sp.csr_matrix, sp.csr_matrix]] = {}
        self._apart: dict[tuple[int, Choices, int], NDArray[np.float64]] = {}

    def values(self, rows: NDArray[np.int64]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """All real rows and our own, weighed by how seldom a feature is in these rows."""
        known = rows.tobytes()
        if known not in self._values:
            rarity = self.counted.rarity(rows)
            both = self.counted.values(rarity), self.house_counted.values(rarity)
            self._values[known] = both
        return self._values[known]

    def fit(self, rows: NDArray[np.int64], side: int, choices: Choices) -> Half:
        """One side's model of these rows, and of the messages that we wrote for fitting."""
        real, house = self.values(rows)
        email = np.concatenate([self.real.email[rows], self.house.email])
        spam = np.concatenate([self.real.spam[rows], self.house.spam])
        weight = np.concatenate([np.ones(len(rows)), self.house.weight * choices.house])
        used = np.flatnonzero((email == side) | (choices.shared > 0))
        values = sp.vstack([real[rows], house]).tocsr()[used] @ sp.diags(_reads(side))
        values.eliminate_zeros()
        machine = LinearSVC(C=choices.cost, tol=1e-3, random_state=0)
        machine.fit(
            tripled(values, email[used] == side, choices.shared),
            spam[used],
            sample_weight=weight[used],
        )
        own, _, shared = np.split(machine.coef_[0], 3)
        return Half(own + choices.shared * shared, float(machine.intercept_[0]))

    def apart(self, side: int, choices: Choices, seed: int) -> NDArray[np.float64]:
        """For each row of a side the margin of a model that has not seen its group."""
        known = (side, choices, seed)
        if known not in self._apart:
            self._apart[known] = self._margins(side, choices, seed)
        return self._apart[known]

    def _margins(self, side: int, choices: Choices, seed: int) -> NDArray[np.float64]:
        rows = np.arange(len(self.real.texts))
        margins = np.zeros(len(rows))
        for inside, outside in folds(self.real, rows, seed):
            half = self.fit(inside, side, choices)
            margins[outside] = self.values(inside)[0][outside] @ half.weight + half.start
        return margins[self.real.email == side]


def folds(rows: Rows, part: NDArray[np.int64], seed: int) -> Iterator[tuple[Any, Any]]:
    strata = rows.spam[part] * 2 + rows.email[part]
    cut = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    yield from cut.split(part, strata, rows.group[part])


def calibrate(margins: NDArray[np.float64], spam: NDArray[np.int64]) -> tuple[float, float]:
    """Platt's slope and start: what turns margins into log-odds."""
    line = LogisticRegression(C=1e6).fit(margins[:, None], spam)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def probabilities(margins: Any, line: tuple[float, float]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(line[0] * margins + line[1]))))


def crossed(
    shop: Workshop, side: int, choices: Choices, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probabilities of a side's rows, and which they are; model and calibration fitted apart."""
    part = np.flatnonzero(shop.real.email == side)
    margins, risk = shop.apart(side, choices, seed), np.zeros(len(part))
    for inside, outside in folds(shop.real, part, seed + 100):
        line = calibrate(margins[inside], shop.real.spam[part[inside]])
        risk[outside] = probabilities(margins[outside], line)
    return risk, part


def cross_validated(shop: Workshop, side: int, choices: Choices) -> dict[str, Any]:
    """Figures of all repeats, and how far they may be off: groups drawn with replacement."""
    found = [crossed(shop, side, choices, seed) for seed in range(REPEATS)]
    spam, group = shop.real.spam, shop.real.group
    (risk, part), *_ = found
    return {
        "repeats": told([figures(one, spam[rows]) for one, rows in found]),
        "first": intervals(risk, spam[part], group[part]),
    }


def line_of(shop: Workshop, side: int, choices: Choices) -> tuple[float, float]:
    """The calibration of a side, from margins of models that had not seen the row."""
    margins = [shop.apart(side, choices, seed) for seed in range(REPEATS)]
    spam = shop.real.spam[shop.real.email == side]
    return calibrate(np.concatenate(margins), np.tile(spam, REPEATS))


def pack(
    rarity: dict[str, NDArray[np.uint8]],
    halves: Sequence[Half],
    calibration: Sequence[tuple[float, float]],
) -> dict[str, NDArray[Any]]:
    """The parameters file: small whole numbers, and the steps that they count in."""
    kept: dict[str, NDArray[Any]] = {}
    weights, place = np.stack([half.weight for half in halves]).astype(np.float32), 0
    for view in VIEWS:
        weight = weights[:, place : place + view.size]
        step = np.maximum(np.abs(weight).max(axis=1) / 127, LEAST)
        kept[f"weight_{view.name}"] = np.round(weight / step[:, None]).astype(np.int8)
        kept[f"step_{view.name}"] = step.astype(np.float32)
        kept[f"rarity_{view.name}"] = rarity[view.name]
        place += view.size
    slope, start = np.array(calibration).T
    kept["shapes"] = weights[:, place:-1]
    kept["slope"] = slope.astype(np.float32)
    own = np.array([half.start for half in halves]) + weights[:, -1]
    kept["start"] = (slope * own + start).astype(np.float32)
    assert kept["shapes"].shape[1] == len(shape_names())
    return kept


def search(shop: Workshop) -> None:
    """Compare choices by cross-validation."""
    tried: list[dict[str, float]] = [{}, {"house": 0.25}, {"cost": 4.0}, {"shared": 0.15}]
    for side, name in enumerate(SIDES):
        for change in tried:
            choices = replace(CHOSEN[side], **change)
            found = [crossed(shop, side, choices, seed) for seed in range(REPEATS)]
            repeats = told([figures(risk, shop.real.spam[rows]) for risk, rows in found])
            print(name, choices, json.dumps(repeats), flush=True)


def made(shop: Workshop, side: int) -> tuple[Half, tuple[float, float], dict[str, Any]]:
    """A side's model, its calibration, and its figures."""
    chosen = CHOSEN[side]
    half = shop.fit(np.arange(len(shop.real.texts)), side, chosen)
    return half, line_of(shop, side, chosen), cross_validated(shop, side, chosen)


def main() -> None:
    """Fit, measure, write."""
    shop = Workshop()
    if "--search" in sys.argv:
        search(shop)
        return
    halves, calibration, found = zip(*(made(shop, side) for side in (0, 1)), strict=True)
    rarity = shop.counted.rarity(np.arange(len(shop.real.texts)))
    np.savez_compressed(DATA / "parameters.npz", **pack(rarity, halves, calibration))
    summary = {"rows": shop.real.told(), "cross_validation": dict(zip(SIDES, found, strict=True))}
    (DATA / "figures.json").write_text(json.dumps(summary, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
