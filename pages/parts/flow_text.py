"""A version of a flow as it is read, and what can be known of one that cannot be played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core.domain.errors import InvalidFlow, NotFound
from core.domain.findings import Finding, Severity
from core.domain.flows import StoredFlow
from core.flows import SEVERITIES, CompiledFlow, Validation
from pages.parts.context import workspace


class Reading(NamedTuple):
    """A version of a flow as it is shown; ``compiled`` is None where it cannot be rehearsed."""

    compiled: CompiledFlow | None
    validation: Validation

    @property
    def findings(self) -> Sequence[Finding]:
        """What the checks found, worst first."""
        return self.validation.findings


def read(flow: StoredFlow) -> Reading:
    """A version of a flow, read once."""
    return _read((workspace().name, flow.id, flow.version, flow.created_at.isoformat()))


@st.cache_resource(max_entries=32, show_spinner=False)
def _read(key: tuple[str, str, int, str]) -> Reading:
    _, id, version, _ = key
    flows = workspace().flows
    validation = flows.validation(id, version)
    try:
        compiled = flows.compiled(id, version)
    except InvalidFlow:
        return Reading(None, validation)
    return Reading(compiled, validation)


def worst(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings there are by severity, the worst first."""
    counts = {one: sum(finding.severity == one for finding in findings) for one in SEVERITIES}
    return {severity: count for severity, count in counts.items() if count}


def step_count(flow: StoredFlow) -> int:
    """How many steps the document has."""
    steps = flow.document.get("steps")
    return len(steps) if isinstance(steps, list) else 0


def newest_or(id: str, version: str | None) -> StoredFlow:
    """The version that the address names, else the newest.

    Raises:
        NotFound: If there is no such flow or version.
    """
    if version and not version.isdigit():
        raise NotFound(f"There is no version '{version}' of this flow.", place="version")
    return workspace().flows.get(id, int(version) if version else None)
