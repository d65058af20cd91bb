"""A creator's voice: habits against a reference population of writers, and signature phrases."""

from core.twins.profile.changes import TRAIT_NAMES, Change, changes
from core.twins.profile.features import FEATURES, Feature
from core.twins.profile.lexicon import Lexicon
from core.twins.profile.listening import formality
from core.twins.profile.profiling import ENOUGH_WORDS, profile_voice
from core.twins.profile.reference import EVERYBODY, Reference, shipped_reference
from core.twins.profile.stability import Point, Stability, stability
from core.twins.profile.writing import Writing, read_writing

__all__ = [
    "ENOUGH_WORDS",
    "EVERYBODY",
    "FEATURES",
    "TRAIT_NAMES",
    "Change",
    "Feature",
    "Lexicon",
    "Point",
    "Reference",
    "Stability",
    "Writing",
    "changes",
    "formality",
    "profile_voice",
    "read_writing",
    "shipped_reference",
    "stability",
]
