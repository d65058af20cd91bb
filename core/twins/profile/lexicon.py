"""Lists of words and phrases, looked for all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from core.twins.profile.writing import Ints, Writing

_SHORTEST_STEM, _LONGEST_STEM = 3, 20


class Lexicon:
    """Named lists; an entry is a word, the beginning of words (``worr*``), or words in a row.

    Args:
        lists: For each name its entries, in small letters.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self.names = tuple(lists)
        self._whole: defaultdict[str, list[str]] = defaultdict(list)
        self._stems: defaultdict[str, list[str]] = defaultdict(list)
        self._phrases: list[tuple[str, tuple[str, ...]]] = []
        for name, entries in lists.items():
            for entry in entries:
                self._keep(name, str(entry))

    def _keep(self, name: str, entry: str) -> None:
        parts = tuple(entry.split())
        if len(parts) > 1:
            self._phrases.append((name, parts))
        elif entry.endswith("*"):
            self._stems[entry[:-1]].append(name)
        else:
            self._whole[entry].append(name)

    def lists_of(self, word: str) -> set[str]:
        """The lists that a word stands in."""
        found = set(self._whole.get(word, ()))
        for end in range(_SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1):
            found.update(self._stems.get(word[:end], ()))
        return found

    def find(self, writing: Writing) -> dict[str, Ints]:
        """For each list the numbers of the words at which an entry begins, in order."""
        masks = {name: np.zeros(len(writing.types), bool) for name in self.names}
        for number, word in enumerate(writing.types):
            for name in self.lists_of(word):
                masks[name][number] = True
        found = {name: [np.flatnonzero(mask[writing.ids])] for name, mask in masks.items()}
        numbers = {word: number for number, word in enumerate(writing.types)}
        for name, parts in self._phrases:
            if all(part in numbers for part in parts):
                found[name].append(_in_a_row(writing, [numbers[part] for part in parts]))
        return {name: np.unique(np.concatenate(places)) for name, places in found.items()}


def _in_a_row(writing: Writing, words: list[int]) -> Ints:
    """Where these words stand in a row within one sentence."""
    last = len(words) - 1
    at = np.flatnonzero(writing.ids[: writing.words - last] == words[0])
    for step, word in enumerate(words[1:], 1):
        at = at[writing.ids[at + step] == word]
    whole: Ints = at[writing.sentence[at] == writing.sentence[at + last]]
    return whole
