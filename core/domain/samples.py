"""What statistics are made from: sums of one arm's units, never their rows.

A unit is whoever was assigned: a participant. What one unit did many times is added up to one
value a unit before it comes here, so that units are independent of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sample:
    """One arm's units: how many, the means of k values of each, and how these vary together.

    Attributes:
        n: How many units.
        means: The k means.
        products: The k × k sums of products of deviations from the means (not divided by n), so
            that samples can be added without cancellation.
    """

    n: int
    means: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]

    @classmethod
    def none(cls, k: int = 1) -> Sample:
        """Nobody."""
        return cls(0, (0.0,) * k, ((0.0,) * k,) * k)

    @classmethod
    def of_counts(cls, n: int, x: int) -> Sample:
        """``x`` of ``n`` did it."""
        share = x / n if n else 0.0
        return cls(n, (share,), ((float(x * (n - x)) / n if n else 0.0,),))

    @classmethod
    def from_sums(
        cls, n: int, sums: Sequence[float], products: Sequence[Sequence[float]]
    ) -> Sample:
        """From plain sums and sums of products; exact, whatever cancels.

        Args:
            n: How many units.
            sums: The k sums.
            products: The k × k sums of products (of squares on the diagonal).

        Raises:
            ValueError: If a sum is not a finite number.
        """
        if n == 0:
            return cls.none(len(sums))
        total = [_exact(one) for one in sums]
        return cls(
            n,
            tuple(float(one / n) for one in total),
            tuple(
                tuple(float(_exact(one) - total[i] * total[j] / n) for j, one in enumerate(row))
                for i, row in enumerate(products)
            ),
        )

    def __add__(self, other: Sample) -> Sample:
        """Both together (Chan, Golub & LeVeque, The American Statistician 37, 1983, eq. 2.1)."""
        if not self.n:
            return other
        if not other.n:
            return self
        n = self.n + other.n
        steps = [b - a for a, b in zip(self.means, other.means, strict=True)]
        shift = self.n * other.n / n
        return Sample(
            n,
            tuple(a + d * other.n / n for a, d in zip(self.means, steps, strict=True)),
            tuple(
                tuple(
                    one + two + steps[i] * steps[j] * shift
                    for j, (one, two) in enumerate(zip(row, more, strict=True))
                )
                for i, (row, more) in enumerate(zip(self.products, other.products, strict=True))
            ),
        )

    def variance(self, at: int = 0) -> float:
        """The variance of one value among units, with n - 1; 0 for fewer than two."""
        return self.covariance(at, at)

    def covariance(self, a: int, b: int) -> float:
        """The covariance of two values among units, with n - 1; 0 for fewer than two."""
        return self.products[a][b] / (self.n - 1) if self.n > 1 else 0.0

    def part(self, *at: int) -> Sample:
        """Some of the values alone, in that order."""
        return Sample(
            self.n,
            tuple(self.means[i] for i in at),
            tuple(tuple(self.products[i][j] for j in at) for i in at),
        )


@dataclass(frozen=True, slots=True)
class Quantiles:
    """One arm's quantile, and the order statistics around it.

    Attributes:
        n: How many units.
        q: Which quantile, between 0 and 1.
        value: The quantile itself.
        low: The order statistic at ``n q - z sqrt(n q (1 - q))``, z = 1.96.
        high: The one at ``n q + z sqrt(n q (1 - q))``.
    """

    n: int
    q: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect and how sure it is: what always-valid figures and posteriors are made from.

    Attributes:
        value: The effect, treatment less control, or treatment / control - 1.
        se: Its standard error.
        df: Degrees of freedom; infinite for a normal one.
        n: How many units it is made from (of both arms; pairs count once).
    """

    value: float
    se: float
    df: float
    n: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric among the participants of one cell.

    Attributes:
        sample: Of those who have a value. Its values are, in this order: the metric's ``value``,
            its ``per`` (a ratio), its ``before`` (where it has one). In a reading of pairs: value
            and per in the first variant, then value and per in the second.
        missing: Participants without a value (null or NaN).
    """

    sample: Sample
    missing: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The participants of one variant, in one value of a segment and one day, added up.

    Attributes:
        variant: The variant's id.
        n: How many participants.
        metrics: What was measured, by the metric's id; quantiles are read apart.
        value: The segment's value, None for everybody.
        day: Whole days since the experiment's first participant, None for all days.
    """

    variant: str
    n: int
    metrics: dict[str, Measured]
    value: str | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """How long a metric's tail is.

    Attributes:
        largest: The largest value.
        top_share: The share of the sum that the top 1 % of participants make up.
        cap: What values were winsorised to; None where they were not.
        capped: How many were.
        negative: How many values are below 0.
        skewness: How lopsided the values are, as they count (after winsorising); None where they
            do not differ. The top 1 % of participants are in it exactly.
    """

    largest: float | None
    top_share: float | None
    cap: float | None = None
    capped: int = 0
    negative: int = 0
    skewness: float | None = None


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is true of the data behind an experiment, beside its figures.

    Attributes:
        rows: How many rows or events there are.
        participants: How many participants, by variant.
        unknown: How many participants carry a variant that the design does not know, by its name.
        nameless: Rows without a participant or without a variant; they are left out.
        in_many: Participants that were seen in more than one variant; they are left out.
        several_rows: Participants with more than one row; these were added up.
        first: When the first participant came; None where no times are known.
        last: When the last one came.
        tails: By metric.
        counts: Metrics that are read as yes or no and hold counts: from 1 on it is a yes.
    """

    rows: int
    participants: dict[str, int]
    unknown: dict[str, int]
    nameless: int
    in_many: int
    several_rows: int
    first: datetime | None
    last: datetime | None
    tails: dict[str, Tail]
    counts: tuple[str, ...] = ()


def _exact(number: float) -> Fraction:
    """The number as it stands; JSON's integers stay integers.

    Raises:
        ValueError: If it is not finite.
    """
    try:
        return Fraction(number)
    except (OverflowError, ValueError) as error:
        raise ValueError(f"{number} is no number") from error
