"""Looking through a text before it becomes knowledge: personal data, and instructions to models."""

from core.twins.screening.blanking import blank, decided_text, forgotten, knowledge_text, mask
from core.twins.screening.injections import injections
from core.twins.screening.personal import personal_data

__all__ = [
    "blank",
    "decided_text",
    "forgotten",
    "injections",
    "knowledge_text",
    "mask",
    "personal_data",
]
