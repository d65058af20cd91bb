"""Creator twins: content in, a voice and a method found, questions answered, every state kept."""

from core.twins.library import Twins
from core.twins.preparing import Chosen, Rules, Workshop
from core.twins.reading import Limits
from core.twins.serving import Serving
from core.twins.shelf import CreatorMind, Pack, Shelf
from core.twins.talking import Talks
from core.twins.training import Upload
from core.twins.trying import Tests

__all__ = [
    "Chosen",
    "CreatorMind",
    "Limits",
    "Pack",
    "Rules",
    "Serving",
    "Shelf",
    "Talks",
    "Tests",
    "Twins",
    "Upload",
    "Workshop",
]
