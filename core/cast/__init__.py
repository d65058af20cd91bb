"""Who takes part: personas and populations."""

from __future__ import annotations

from core.cast.people import copy_of
from core.cast.personas import Personas, built_in_personas
from core.cast.populations import DEFAULT_COPIES, Populations

__all__ = ["DEFAULT_COPIES", "Personas", "Populations", "built_in_personas", "copy_of"]
