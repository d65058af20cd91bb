"""Creator twins: content in, a voice and a method found, questions answered, every state kept."""

from core.twins.library import Twins
from core.twins.opinions import Opinions
from core.twins.preparing import Chosen, Rules, Workshop
from core.twins.progress import Progress
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
    "Opinions",
    "Pack",
    "Progress",
    "Rules",
    "Serving",
    "Shelf",
    "Talks",
    "Tests",
    "Twins",
    "Upload",
    "Workshop",
]
