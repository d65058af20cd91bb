"""The consistency score: how many prompts held, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.intervals import rate
from core.domain.reports import Rate, Spread
from core.domain.twins import Probed, ProbeGroup

GROUPS: tuple[ProbeGroup, ...] = ("content", "off_topic", "provocation")
MOST_UNAVAILABLE = 0.5
"""Where a larger share of the prompts got no answer, there is no score."""
_DRAWS, _SEED = 2_000, 7


def consistency(results: Sequence[Probed]) -> Rate:
    """The share of the answered prompts that held, with its Wilson interval.

    Nothing is said where more prompts went without an answer than with one.
    """
    answered = [one for one in results if one.outcome != "unavailable"]
    held = sum(one.outcome == "held" for one in answered)
    if not answered or len(answered) < (1 - MOST_UNAVAILABLE) * len(results):
        return Rate(count=0, of=0)
    return rate(held, len(answered))


def by_group(results: Sequence[Probed]) -> dict[ProbeGroup, Rate]:
    """The same for each group."""
    return {
        group: consistency([one for one in results if one.probe.group == group]) for group in GROUPS
    }


def mean_voice(results: Sequence[Probed]) -> Spread:
    """The mean probability of the voice over the answers to content, with its interval.

    The interval is a percentile bootstrap over the answers (Efron & Tibshirani 1993, chapter 13),
    the same for the same answers.
    """
    heard = np.array(
        [one.voice for one in results if one.voice is not None and one.probe.group == "content"]
    )
    if len(heard) == 0:
        return Spread(n=0)
    q1, median, q3 = (float(one) for one in np.quantile(heard, [0.25, 0.5, 0.75]))
    found = {"q1": q1, "median": median, "q3": q3}
    if len(heard) == 1:
        return Spread(n=1, mean=float(heard[0]), **found)
    drawn = np.random.default_rng(_SEED).integers(len(heard), size=(_DRAWS, len(heard)))
    low, high = np.quantile(heard[drawn].mean(axis=1), [0.025, 0.975])
    return Spread(
        n=len(heard),
        mean=float(heard.mean()),
        low=float(low),
        high=float(high),
        sd=float(heard.std(ddof=1)),
        **found,
    )
