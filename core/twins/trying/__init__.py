"""Trying a twin out: the standard test with its score, and two versions side by side."""

from core.twins.trying.jobs import Tests
from core.twins.trying.standard import probes_for
from core.twins.trying.words import key_words, overlap, stem, stems

__all__ = ["Tests", "key_words", "overlap", "probes_for", "stem", "stems"]
