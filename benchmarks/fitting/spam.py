"""Fits the spam model: ``GREENROOM_BENCH_DATA=… python -m benchmarks.fitting.spam [--search]``.

Reads ``sms_spam.csv.gz`` and ``spamassassin_mail.parquet``, writes ``data/models/spam``. Rows that
nearly repeat each other stay together in every split. A quarter of the groups is the validation
part: nothing is chosen on it, and it is looked at once, by the model that was fitted on the other
three quarters. The model that is shipped is then fitted on all of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

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

FOLDS, REPEATS = 5, 1
MOST_RARE = 255
START = 1.0
"""How freely each side finds its own start."""


@dataclass(frozen=True)
class Choices:
    """What cross-validation chose.

    Attributes:
        cost: How much a wrong row costs, against large weights.
        house: What a message that we wrote for fitting counts beside a real one.
        shared: What a feature that both sides share counts beside one of its side alone.
    """

    cost: float = 1.0
    house: float = 1.0
    shared: float = 0.3


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
        one = sp.csr_matrix(np.full((self.shapes.shape[0], 1), START, np.float32))
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


def tripled(values: sp.csr_matrix, email: NDArray[np.int64], shared: float) -> sp.csr_matrix:
    """Every feature three times: for both sides, for short messages, for e-mail.

    Daumé 2007, "Frustratingly easy domain adaptation": what is spam on one side is suspected on
    the other, unless the other side's rows say otherwise.
    """
    sides = [sp.diags((email == side).astype(np.float32)) @ values for side in (0, 1)]
    return sp.hstack([values * shared, *sides]).tocsr()


@dataclass(frozen=True)
class Fitted:
    """A linear model: one weight for each side and feature, and where each side starts."""

    rarity: dict[str, NDArray[np.uint8]]
    weight: NDArray[np.float32]
    start: float

    def margins(self, counted: Counted, email: NDArray[np.bool_]) -> NDArray[np.float64]:
        values = counted.values(self.rarity)
        both = np.asarray(values @ self.weight.T) + self.start
        return both[np.arange(len(email)), email.astype(int)]


class Workshop:
    """All rows, counted once."""

    def __init__(self) -> None:
        self.real, self.house = real_rows(), house_rows()
        self.counted, self.house_counted = Counted(self.real), Counted(self.house)
        self._apart: dict[tuple[bytes, Choices, int], NDArray[np.float64]] = {}

    def fit(self, rows: NDArray[np.int64], choices: Choices) -> Fitted:
        """A model of these rows, and of the messages that we wrote for fitting."""
        rarity = self.counted.rarity(rows)
        values = [self.counted.values(rarity)[rows], self.house_counted.values(rarity)]
        email = np.concatenate([self.real.email[rows], self.house.email])
        spam = np.concatenate([self.real.spam[rows], self.house.spam])
        weight = np.concatenate([np.ones(len(rows)), self.house.weight * choices.house])
        machine = LinearSVC(C=choices.cost, random_state=0)
        machine.fit(
            tripled(sp.vstack(values).tocsr(), email, choices.shared), spam, sample_weight=weight
        )
        shared, short, mail = np.split(machine.coef_[0], 3)
        both = np.stack([short, mail]) + choices.shared * shared.astype(np.float32)
        return Fitted(rarity, both, float(machine.intercept_[0]))

    def apart(self, rows: NDArray[np.int64], choices: Choices, seed: int) -> NDArray[np.float64]:
        """For each row the margin of a model that has not seen its group; worked out once."""
        known = (rows.tobytes(), choices, seed)
        if known not in self._apart:
            self._apart[known] = self._margins(rows, choices, seed)
        return self._apart[known]

    def _margins(self, rows: NDArray[np.int64], choices: Choices, seed: int) -> Any:
        margins = np.zeros(len(rows))
        for inside, outside in folds(self.real, rows, seed):
            fitted = self.fit(rows[inside], choices)
            margins[outside] = fitted.margins(self.counted, self.real.email)[rows[outside]]
        return margins


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


def cross_validated(shop: Workshop, rows: NDArray[np.int64], choices: Choices) -> dict[str, Any]:
    """Figures of each repeat, its calibration fitted apart from the rows that it is judged on."""
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for seed in range(REPEATS):
        margins = shop.apart(rows, choices, seed)
        for number, side in enumerate(SIDES):
            here = np.flatnonzero(shop.real.email[rows] == number)
            part, risk = rows[here], np.zeros(len(here))
            for inside, outside in folds(shop.real, part, seed + 100):
                line = calibrate(margins[here[inside]], shop.real.spam[part[inside]])
                risk[outside] = probabilities(margins[here[outside]], line)
            found[side].append(figures(risk, shop.real.spam[part]))
    return {side: told(repeats) for side, repeats in found.items()}


def lines(shop: Workshop, rows: NDArray[np.int64], choices: Choices) -> list[tuple[float, float]]:
    """The calibration of each side, from margins of models that had not seen the row."""
    margins = [shop.apart(rows, choices, seed) for seed in range(REPEATS)]
    of_side = [shop.real.email[rows] == side for side in (False, True)]
    return [
        calibrate(
            np.concatenate([one[here] for one in margins]),
            np.tile(shop.real.spam[rows][here], len(margins)),
        )
        for here in of_side
    ]


def validated(shop: Workshop, choices: Choices) -> dict[str, Any]:
    """The figures of the validation part, with intervals over its groups."""
    inside = np.flatnonzero(~shop.real.validation)
    fitted, found = shop.fit(inside, choices), {}
    calibration = lines(shop, inside, choices)
    margins = fitted.margins(shop.counted, shop.real.email)
    for number, side in enumerate(SIDES):
        part = np.flatnonzero(shop.real.validation & (shop.real.email == number))
        risk = probabilities(margins[part], calibration[number])
        found[side] = intervals(risk, shop.real.spam[part], shop.real.group[part])
    return found


def pack(fitted: Fitted, calibration: list[tuple[float, float]]) -> dict[str, NDArray[Any]]:
    """The parameters file: small whole numbers, and the steps that they count in."""
    kept: dict[str, NDArray[Any]] = {}
    place = 0
    for view in VIEWS:
        weight = fitted.weight[:, place : place + view.size]
        step = np.abs(weight).max(axis=1) / 127
        kept[f"weight_{view.name}"] = np.round(weight / step[:, None]).astype(np.int8)
        kept[f"step_{view.name}"] = step.astype(np.float32)
        kept[f"rarity_{view.name}"] = fitted.rarity[view.name]
        place += view.size
    slope, start = np.array(calibration).T
    kept["shapes"] = fitted.weight[:, place:-1]
    kept["slope"] = slope.astype(np.float32)
    own = fitted.start + START * fitted.weight[:, -1]
    kept["start"] = (slope * own + start).astype(np.float32)
    assert kept["shapes"].shape[1] == len(shape_names())
    return kept


def search(shop: Workshop) -> None:
    """Compare choices on the three quarters that are not for validation."""
    rows = np.flatnonzero(~shop.real.validation)
    usual = Choices()
    tried: list[dict[str, float]] = [
        {},
        {"house": 0.5},
        {"shared": 0.15},
        {"shared": 1.0},
        {"cost": 1.0},
    ]
    for change in tried:
        choices = replace(usual, **change)
        print(choices, json.dumps(cross_validated(shop, rows, choices)), flush=True)


def main() -> None:
    """Fit, measure, write."""
    shop = Workshop()
    if "--search" in sys.argv:
        search(shop)
        return
    choices, everything = Choices(), np.arange(len(shop.real.texts))
    calibration = lines(shop, everything, choices)
    np.savez(DATA / "parameters.npz", **pack(shop.fit(everything, choices), calibration))
    if "--quick" in sys.argv:
        return
    found = {
        "rows": shop.real.told(),
        "validation": validated(shop, choices),
        "cross_validation": cross_validated(shop, everything, choices),
    }
    (DATA / "figures.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
