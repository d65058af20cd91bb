"""A flow's document as YAML text that keeps what its writer wrote."""

from core.flows.writing.sameness import same
from core.flows.writing.writer import restored, written

__all__ = ["restored", "same", "written"]
