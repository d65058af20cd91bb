"""What a branch can be, held against what CEL makes of every combination."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.flows.conditions import Condition
from core.flows.logic.deciding import Branches
from core.flows.logic.proving import Prover
from core.flows.logic.sources import Scene
from core.flows.logic.syntax import parse, reads
from tests.core.flows.logic.expressions import conditions, contexts, domains, state_of


def told(sources: list[str], domain: Any) -> list[str | None]:
    """What is said of each branch."""
    conditions_ = [Condition.compile(source) for source in sources]
    branches = Branches(conditions_, [Scene(state_of(domain))], Prover())
    found = {number: kind for number, _, kind, _, _ in branches.decisions()}
    return [found.get(number) for number in range(len(sources))]


def truth(sources: list[str], domain: Any) -> list[str | None]:
    """What is true of each branch, by trying everything."""
    names = {".".join(path) for source in sources for path in reads(parse(source))}
    names |= {name for name in domain if name.startswith("r.")} if "r" in names else {"r"}
    compiled = [Condition.compile(source) for source in sources]
    rows = [[one.evaluate(context)[0] for one in compiled] for context in contexts(domain, names)]
    found: list[str | None] = []
    for number in range(len(sources)):
        if not any(row[number] for row in rows):
            found.append("never")
        elif not any(row[number] and not any(row[:number]) for row in rows):
            found.append("shadowed")
        else:
            found.append("always" if all(row[number] for row in rows) else None)
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(conditions(2), min_size=1, max_size=3), domains())
def test_what_is_said_is_true(sources: list[str], domain: Any) -> None:
    pairs = zip(told(sources, domain), truth(sources, domain), strict=True)
    for source, (one, other) in zip(sources, pairs, strict=True):
        if (one, other) == ("always", "shadowed"):
            other = truth([source], domain)[0]
        assert one in (None, other) or (one, other) == ("shadowed", "never")


VAGUE = (*"exists,size,in l,in r,in t,int(,double(,With(,contains(,r ,l ".split(","), " / ", " % ")
"""What is told less exactly: lists, mappings, divisions, conversions, parts of texts."""


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(conditions(2), min_size=1, max_size=3), domains())
def test_what_is_true_is_said(sources: list[str], domain: Any) -> None:
    assume(not any(word in source for word in VAGUE for source in sources))
    assert told(sources, domain) == truth(sources, domain), (sources, domain)
