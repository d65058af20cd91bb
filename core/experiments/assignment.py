"""Who meets which variant: a fixed function of the participant's id, nothing that is drawn.

A participant stands at one place of [0, 1): the first 53 bits of the SHA-256 of ``salt:unit`` in
UTF-8, over 2^53. The variants lie on [0, 1) one after the other in the design's order, each as wide
as its share of the weights, and whoever stands in a variant's stretch meets it. Any system can work
that out by itself: ``int(sha256(b"salt:unit").hexdigest()[:16], 16) // 2**11 / 2**53``.

Another salt gives independent places. Where weight moves from one variant to its neighbour, only
those in the stretch that changed hands meet another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from math import floor, fsum
from typing import Any

from core.domain.experiments import Variant

_SCALE = 2.0**-53
NOTHING = ""
"""What stands for an attribute that a participant does not have."""


def place_of(salt: str, unit: str) -> float:
    """Where a participant stands, from 0 to below 1."""
    digest = sha256(f"{salt}:{unit}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) * _SCALE


def shares_of(variants: Sequence[Variant]) -> dict[str, float]:
    """Each variant's share of the weights.

    Raises:
        ValueError: If none has a weight.
    """
    total = fsum(variant.weight for variant in variants)
    if not total > 0:
        raise ValueError("no variant has a weight")
    return {variant.id: variant.weight / total for variant in variants}


def variant_at(place: float, shares: Mapping[str, float]) -> str:
    """In whose stretch a place lies; one without a share has none."""
    total = fsum(shares.values())
    reached, last = 0.0, ""
    for variant, share in shares.items():
        if share > 0:
            reached, last = reached + share / total, variant
            if place < reached:
                return variant
    return last


def by_hash(salt: str, unit: str, shares: Mapping[str, float]) -> str:
    """The variant that a participant meets."""
    return variant_at(place_of(salt, unit), shares)


def stratum_of(attributes: Mapping[str, Any], strata: Sequence[str]) -> str:
    """The combination of strata that somebody belongs to, as JSON text."""
    return json.dumps([_said(attributes.get(name)) for name in strata], ensure_ascii=False)


def _said(value: Any) -> str:
    if value is None:
        return NOTHING
    return ", ".join(sorted(map(str, value))) if isinstance(value, list | tuple) else str(value)


def lacking(shares: Mapping[str, float], counts: Mapping[str, int]) -> dict[str, float]:
    """How likely the next one of a stratum is to meet each variant.

    It is what each variant lacks to its share of all with the next one, so that with equal weights
    every k participants in a row are one of each variant, in an order that only the hash knows:
    permuted blocks (Zelen, Journal of Chronic Diseases 27, 1974, p. 365-375), for any weights.
    """
    people = 1 + sum(counts.get(variant, 0) for variant in shares)
    owed = {
        variant: max(0.0, round(share * people - counts.get(variant, 0), 9)) if share > 0 else 0.0
        for variant, share in shares.items()
    }
    total = fsum(owed.values())
    return {variant: one / total for variant, one in owed.items()} if total > 0 else dict(shares)


def next_of_stratum(
    salt: str, unit: str, stratum: str, shares: Mapping[str, float], counts: Mapping[str, int]
) -> tuple[str, float]:
    """The variant of the next one who comes into a stratum, and how likely that was."""
    likely = lacking(shares, counts)
    variant = variant_at(place_of(f"{salt}:{stratum}", unit), likely)
    return variant, likely[variant]


def shared_out(
    salt: str, units: Iterable[str], strata: Mapping[str, str], shares: Mapping[str, float]
) -> dict[str, str]:
    """A list that is known beforehand, shared out exactly within each stratum.

    Whoever the whole parts of the shares leave over goes to the largest remainders (Hamilton's
    method), so that no variant is further than one from its share in any stratum.

    Args:
        salt: The assignment's.
        units: The participants; one who stands there twice counts once.
        strata: Each one's stratum.
        shares: Each variant's share.
    """
    groups: dict[str, list[str]] = {}
    for unit in dict.fromkeys(units):
        groups.setdefault(strata[unit], []).append(unit)
    found: dict[str, str] = {}
    for stratum, members in groups.items():
        members.sort(key=lambda unit: (place_of(f"{salt}:{stratum}", unit), unit))
        sizes = _sizes(len(members), shares, f"{salt}:{stratum}")
        names = [variant for variant, size in sizes.items() for _ in range(size)]
        found.update(zip(members, names, strict=True))
    return found


def _sizes(people: int, shares: Mapping[str, float], salt: str) -> dict[str, int]:
    """How many of a stratum each variant gets; ties go by the hash."""
    total = fsum(shares.values())
    exact = {variant: people * share / total for variant, share in shares.items()}
    sizes = {variant: floor(one + 1e-9) for variant, one in exact.items()}
    open_places = people - sum(sizes.values())
    order = sorted(
        (variant for variant in shares if shares[variant] > 0),
        key=lambda variant: (-round(exact[variant] - sizes[variant], 9), place_of(salt, variant)),
    )
    for variant in order[:open_places]:
        sizes[variant] += 1
    return sizes
