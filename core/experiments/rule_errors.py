"""How often each rule is wrong, as measured: what stands beside every rule that decides.

The figures are simulated by ``benchmarks/peeking.py`` and shipped in
``data/models/experiment_rules.json``; their card says how.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from core.domain.experiment_results import RuleError
from core.domain.experiments import RuleKind

SHIPPED = Path(__file__).parents[2] / "data" / "models" / "experiment_rules.json"


@lru_cache(maxsize=1)
def _shipped() -> tuple[RuleError, ...]:
    document = json.loads(SHIPPED.read_text("utf-8"))
    return tuple(RuleError.model_validate(one) for one in document["rules"])


def rule_errors(kind: RuleKind | None = None) -> tuple[RuleError, ...]:
    """The measured error of every rule, or of those of one kind.

    Args:
        kind: Which of our rules; None for all, those that we do not offer among them.
    """
    return tuple(one for one in _shipped() if kind is None or one.kind == kind)
