"""Flows of other builders, n8n and Typebot, as flow documents with a report of every node."""

from core.flows.foreign.importing import FORMATS, Imported, import_flow
from core.flows.foreign.tables import becomes

__all__ = ["FORMATS", "Imported", "becomes", "import_flow"]
