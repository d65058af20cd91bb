"""The catalogue of checks: one file a check, and one line in this list."""

from __future__ import annotations

from core.flows.checks.base import Check
from core.flows.checks.view import FlowView, Thresholds

CHECKS: tuple[Check, ...] = ()
"""Every check, in the order in which the catalogue shows them."""

__all__ = ["CHECKS", "Check", "FlowView", "Thresholds"]
