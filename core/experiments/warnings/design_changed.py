"""A design that is not the one that was registered."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.experiment_results import Warned, WarningKind
from core.experiments.warnings.base import Seen


class DesignChanged:
    """What was decided beforehand is no longer what is read."""

    kind: WarningKind = "design_changed"

    def find(self, seen: Seen) -> Iterator[Warned]:
        """By the fingerprints."""
        registered, design = seen.registered, seen.look.design
        if registered is None or registered.fingerprint == design.fingerprint:
            return
        yield Warned(
            kind=self.kind,
            severity="warning",
            title="The design is not the one that was registered",
            text=(
                f"On {registered.at:%d %B %Y} another design was frozen "
                f"({registered.fingerprint[:12]}…) than the one that is read now "
                f"({design.fingerprint[:12]}…). What was changed after data were seen was not "
                "decided beforehand."
            ),
            fix="Read the registered design, or start a new experiment with the changed one.",
            evidence={"registered": registered.fingerprint, "read": design.fingerprint},
        )
