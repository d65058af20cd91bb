"""Debugging one contact: step by step, forward and back, with breakpoints and what-if branches."""

from __future__ import annotations

from core.debugger.casting import Casting
from core.debugger.sessions import Debugger

__all__ = ["Casting", "Debugger"]
