"""The simulated rules: how often each declares a difference when it is looked at every day.

A scenario's name says what is simulated, ``AB_5pct_plus10pct_1600perday``: a rate of 5 %, a true
effect of + 10 % of it, and 1,600 participants a day in each arm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.errors import Undefined
from core.experiments.figures_kept import Figure, Kept
from core.experiments.statistics import Played, simulate_rules

SCENARIO = re.compile(
    r"A[AB]_(?P<rate>[\d.]+)pct(?:_(?P<sign>plus|minus)(?P<lift>[\d.]+)pct)?_(?P<people>\d+)perday"
)
SCENARIOS = (
    "AA_5pct_500perday",
    "AA_5pct_5000perday",
    "AA_1pct_200perday",
    "AB_5pct_plus10pct_1600perday",
    "AB_5pct_plus20pct_500perday",
)
"""What is simulated where the document names none."""
LOOKS, REPLICATES, SEED = 20, 20_000, 20260101
MOST = 4_000_000
"""Looks times replicates; a document cannot ask for more."""
RULES = {
    "fixed horizon, one look at day 20": "fixed",
    "peek daily, p<0.05 (no protection)": "fixed_peeked",
    "peek daily, p<0.05 after a 7-day minimum": "fixed_peeked_week",
    "Bonferroni over 20 looks": "bonferroni",
    "Pocock (20 looks)": "pocock",
    "O'Brien-Fleming (20 looks)": "obrien_fleming",
    "asymptotic CS / mSPRT, GrowthBook default tuning 5000": "sequence_5000",
    "asymptotic CS / mSPRT, tuned to planned N": "sequence_n",
    "asymptotic CS / mSPRT, tuned to planned N/2": "sequence_half",
    "Bayes flat, stop at P(best)>=95%": "believed_95",
    "Bayes flat, stop at P(best)>=97.5%": "believed_975",
    "Bayes flat, stop at P(best)>=99%": "believed_99",
    "Bayes relative-lift prior N(0,0.3^2), P>=95%": "prior_30",
    "Bayes relative-lift prior N(0,0.1^2), P>=95%": "prior_10",
    "expected loss of leader < 1% of base rate": "loss_100",
    "expected loss of leader < 0.25% of base rate": "loss_25",
}
"""The references' names of the rules, and ours."""


def peeking(parts: Mapping[str, Any]) -> dict[str, Figure]:
    """Each scenario's rules: how often they declare, and after how many days they stop."""
    looks, replicates = _protocol(str(parts.get("protocol", "")))
    kept = Kept()
    named = [name for name in parts if name != "protocol"]
    for name in named or SCENARIOS:
        try:
            kept.figures[name] = _scenario(name, looks, replicates)
        except Undefined as error:
            kept.refuse(name, str(error))
    return kept.done()


def _scenario(name: str, looks: int, replicates: int) -> dict[str, Figure]:
    found = SCENARIO.fullmatch(name)
    if found is None:
        raise Undefined(
            "This scenario's name does not say rate, effect and participants a day; people drawn "
            "from rows would need the rows."
        )
    lift = float(found["lift"] or 0) / 100 * (-1 if found["sign"] == "minus" else 1)
    rate, people = float(found["rate"]) / 100, int(found["people"])
    played = simulate_rules(rate, lift, people, looks, replicates, SEED)
    return {rule: _told(played[id]) for rule, id in RULES.items()}


def _told(one: Played) -> dict[str, Figure]:
    told = {
        "declared": one.declared,
        "mean_days": one.mean_looks,
        "declared_right_sign": one.right,
        "declared_wrong_sign": one.wrong,
        "mean_estimated_relative_lift_when_declared": one.mean_lift,
    }
    return {name: figure for name, figure in told.items() if figure is not None}


def _protocol(text: str) -> tuple[int, int]:
    """How many looks and replicates the document wants."""
    looks = re.search(r"(\d+) daily looks", text)
    replicates = re.search(r"(\d+) replicates", text)
    wanted = int(looks[1]) if looks else LOOKS
    times = int(replicates[1]) if replicates else REPLICATES
    if not 7 <= wanted <= 200 or not 1 <= times <= MOST // wanted:
        return LOOKS, REPLICATES
    return wanted, times
