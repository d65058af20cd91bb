"""What a bandit would have done in a rehearsal, where everybody's outcome in each variant is known.

People come in batches, in an order that only the hash knows. The bandit sees of each one the
outcome in the variant that it chose, and no other; what it lost is counted exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, fsum

from core.domain.errors import Undefined
from core.domain.experiment_results import BanditReading
from core.domain.experiments import Design
from core.domain.samples import Sample
from core.experiments.assignment import by_hash, place_of
from core.experiments.bandit_reading import Round, reading_of
from core.experiments.statistics import thompson_shares
from core.store import ParticipantReading, RunsOrigin

ROUNDS, SMALLEST = 20, 10
Outcomes = dict[str, list[float]]
"""Each contact's outcome in every variant, in the design's order."""


def replayed(participants: ParticipantReading, origin: RunsOrigin, design: Design) -> BanditReading:
    """A bandit, played over the outcomes of a rehearsal.

    Raises:
        Undefined: If nobody has an outcome in every variant.
    """
    outcomes = _outcomes(participants, origin, design)
    if not outcomes:
        raise Undefined("Nobody has an outcome in every variant.")
    columns = list(zip(*outcomes.values(), strict=True))
    truth = [fsum(column) / len(column) for column in columns]
    return reading_of(design, played(design, outcomes), truth)


def _outcomes(participants: ParticipantReading, origin: RunsOrigin, design: Design) -> Outcomes:
    """Those who have an outcome in every variant."""
    primary = design.primary
    if primary is None:
        return {}
    first, *others = (variant.id for variant in design.variants)
    found: dict[str, list[float | None]] = {}
    for at, other in enumerate(others):
        for contact, a, b in participants.values(origin, design, primary.id, first, other):
            known = found.setdefault(contact, [a])
            if len(known) == at + 1:
                known.append(b)
    return {
        contact: [one for one in values if one is not None]
        for contact, values in found.items()
        if len(values) == len(design.variants) and None not in values
    }


def played(design: Design, outcomes: Outcomes) -> list[Round]:
    """The bandit's rounds."""
    primary, salt = design.primary, design.assignment.salt or design.name
    if primary is None:
        return []
    ids = [variant.id for variant in design.variants]
    contacts = sorted(outcomes, key=lambda one: (place_of(f"{salt}:order", one), one))
    size = max(SMALLEST, ceil(len(contacts) / ROUNDS))
    known = [Sample.none() for _ in ids]
    rounds: list[Round] = []
    for start in range(0, len(contacts), size):
        likely = thompson_shares(
            known, kind=primary.kind, lower=primary.better == "lower", prior=design.prior
        )
        shares = dict(zip(ids, likely, strict=True))
        seen: dict[str, list[float]] = {id: [] for id in ids}
        for contact in contacts[start : start + size]:
            chosen = by_hash(salt, contact, shares)
            seen[chosen].append(outcomes[contact][ids.index(chosen)])
        arms = [sample_of(seen[id]) for id in ids]
        rounds.append(Round(shares, arms))
        known = [before + now for before, now in zip(known, arms, strict=True)]
    return rounds


def sample_of(values: Sequence[float]) -> Sample:
    """Some values, added up."""
    if not values:
        return Sample.none()
    return Sample.from_sums(
        len(values), [fsum(values)], [[fsum(value * value for value in values)]]
    )
