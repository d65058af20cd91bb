"""A text as a model may read it: without what splits, swaps or wraps its letters.

A view is a text and, for each of its characters, where it stands in the original.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

TAG_START = "\U000e0000"
LOOKALIKES = str.maketrans(
    "օսհոցɩıӏᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘᴛᴜᴠᴡʏᴢаеорсухіјѕԁһԛԝвнкмтАВЕКМНОРСТХУІЈЅԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαενρτυκιƖɡǃɑｏ",
    "ouhngiilabcdeghijklmnoptuvwyzaeopcyxijsdhqwbhkmtABEKMHOPCTXYIJSGABEZHIKMNOPTYXoaevptukilg!ao",
)
LEET = str.maketrans("013457@$!|", "oieastasil")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0080-\U000e0fff]"
)
_SPREAD = re.compile(r"(?<![^\W_])(?:[^\W\d_](?:[ .\-_*~]{1,3}|\n)){5,}[^\W\d_](?![^\W_])")
_LEET_WORD = re.compile(r"\b(?=[\w@$!|]*[a-z])(?=[\w@$!|]*[013457@$!|])[a-z013457@$!|]{4,}", re.I)
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}(?:\s[A-Za-z0-9+/_-]{24,})*"
    r"(?:\s[A-Za-z0-9+/_-]{2,}={1,2}|={1,2})?"
)
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:(?:\\x|%|0x| )?[0-9a-fA-F]{2}){16,}")
_ROT13 = re.compile(r"\b(?:vtaber|qvfertneq|cebzcg|vafgehpgvba|sbetrg|flfgrz|erirny|whaavat)", re.I)
_BACKWARDS = re.compile(r"(?:erongi|drageresid|snoitcurtsni|noitcurtsni|tpmorp)", re.I)
_ENTITIES = re.compile(r"&(?:#x?[0-9a-f]{1,6}|[a-z]{2,8});", re.I)
_JOINT = re.compile(r"(?<![.!?…:;\s)\]>»=*-])[ \t]*\n[ \t]*(?:\n[ \t]*){0,3}(?=[\"'“‘(]?\w)")
LONGEST_CUE = 160
LEAST_WRAPPED = 12


@dataclass(frozen=True)
class View:
    """A reading of a text.

    Attributes:
        name: How it was made.
        text: In lower case.
        places: Where each of its characters stands in the original; None: at the same place.
        span: Where all of it stands, where it was wrapped.
        changed: Where it differs from the plain view; None: anywhere.
        joints: Where lines that are one sentence are joined in it, in the original.
    """

    name: str
    text: str
    places: list[int] | None = None
    span: tuple[int, int] | None = None
    changed: tuple[tuple[int, int], ...] | None = None
    joints: tuple[tuple[int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of the view in the original."""
        if self.span is not None:
            return self.span
        if self.places is None:
            return start, end
        first, last = sorted((self.places[start], self.places[end - 1]))
        return first, last + 1


def views(text: str) -> Iterator[View]:
    """The text itself, without disguise, and what is wrapped in it; only what differs."""
    plain = _undisguised(text)
    yield plain
    for other in (_unspread(plain), _unleeted(plain), _joined(plain)):
        if other is not None:
            yield other
    yield from _wrapped(text)


def _undisguised(text: str) -> View:
    """Lower case, no invisible characters, look-alikes as the Latin letters that they mimic."""
    if text.isascii():
        return View("plain", text.lower())
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = character if character < "\x80" else _plain(character)
        if character >= TAG_START and place and text[place - 1] < TAG_START:
            plain = " " + plain
        letters.extend(plain)
        places.extend([place] * len(plain))
    lowered = "".join(letters)
    words = _words_without_lookalikes(lowered)
    lowered = words.lower() if len(words.lower()) == len(words) else words.casefold()[: len(words)]
    same = len(lowered) == len(text)
    return View("plain", lowered, None if same else places)


@lru_cache(maxsize=4_096)
def _plain(character: str) -> str:
    code = ord(character)
    if character >= TAG_START:
        return chr(code - 0xE0000) if 0xE0020 <= code < 0xE007F else ""
    if _UNSEEN.match(character):
        return ""
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded else " "


_MIXED = re.compile(r"[^\W\d_]+")


def _words_without_lookalikes(text: str) -> str:
    """Look-alikes only in words that mix alphabets: a Russian or Greek word stays as it is."""

    def swap(found: re.Match[str]) -> str:
        word = found[0]
        if word.isascii():
            return word
        swapped = word.translate(LOOKALIKES)
        latin = any(letter < "\u0250" for letter in word)
        return swapped if latin or swapped.isascii() else word

    return _MIXED.sub(swap, text)


def _unspread(view: View) -> View | None:
    """``i g n o r e  a l l`` as words; None where nothing is spread so."""
    found = list(_SPREAD.finditer(view.text))
    if not found:
        return None
    kept: list[int] = []
    letters: list[str] = []
    for match in found:
        for place in range(*match.span()):
            letter = view.text[place]
            gap = place + 1 < match.end() and view.text[place + 1] in " .-_*~\n"
            if letter.isalpha():
                letters.append(letter)
                kept.append(place)
            elif gap and letters[-1] != " ":
                letters.append(" ")
                kept.append(place)
        letters.append("\n")
        kept.append(match.end() - 1)
    places = [view.original(place, place + 1)[0] for place in kept]
    return View("spread", "".join(letters), places)


def _unleeted(view: View) -> View | None:
    """``1gn0r3`` as ``ignore``; the length stays."""
    spans = tuple(found.span() for found in _LEET_WORD.finditer(view.text))
    if not spans:
        return None
    changed = _LEET_WORD.sub(lambda found: found[0].translate(LEET), view.text)
    return View("leet", changed, view.places, changed=spans)


def _joined(view: View) -> View | None:
    """Lines and short paragraphs that go on in the next one as one line; None where none does."""
    parts: list[str] = []
    places: list[int] = []
    joints: list[tuple[int, int]] = []
    at = 0
    for found in _JOINT.finditer(view.text):
        start, end = found.span()
        line = start - view.text.rfind("\n", 0, start)
        if "\n" in found[0].strip(" \t")[1:] and line > LONGEST_CUE:
            continue
        parts += [view.text[at:start], " "]
        places.extend(range(at, start + 1))
        joints.append((view.original(start, start + 1)[0], view.original(end - 1, end)[1]))
        at = end
    if not joints:
        return None
    parts.append(view.text[at:])
    places.extend(range(at, len(view.text)))
    if view.places is not None:
        places = [view.places[place] for place in places]
    return View("joined", "".join(parts), places, joints=tuple(joints))


def _wrapped(text: str) -> Iterator[View]:
    """What is encoded in it: base64, hexadecimal, ROT13, backwards, entities, percent signs."""
    for pattern, decode in ((_BASE64, _from_base64), (_HEX, _from_hex)):
        for found in pattern.finditer(text):
            inner = decode(found[0])
            if inner is not None:
                yield View("wrapped", inner.lower(), span=found.span())
    if _ROT13.search(text):
        yield View("rot13", codecs.decode(text, "rot13").lower())
    if _BACKWARDS.search(text):
        last = len(text) - 1
        mirrored = text[::-1].lower()
        if len(mirrored) == len(text):
            yield View("backwards", mirrored, [last - place for place in range(len(text))])
    if _ENTITIES.search(text):
        yield _unescaped(text)


def _unescaped(text: str) -> View:
    parts: list[str] = []
    sizes: list[tuple[int, int]] = []
    at = 0
    for found in _ENTITIES.finditer(text):
        parts += [text[at : found.start()], html.unescape(found[0])]
        sizes += [(at, 1), (found.start(), 0)]
        at = found.end()
    parts.append(text[at:])
    sizes.append((at, 1))
    places = [
        start + step * number
        for part, (start, step) in zip(parts, sizes, strict=True)
        for number in range(len(part))
    ]
    return View("entities", "".join(part.lower() for part in parts), places)


def _readable(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return text if len(text) >= LEAST_WRAPPED and letters >= 0.8 * len(text) else None


def _from_base64(words: str) -> str | None:
    packed = "".join(words.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return _readable(base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _from_hex(words: str) -> str | None:
    digits = re.sub(r"\\x|0x|%|\s", "", words)
    try:
        return _readable(bytes.fromhex(digits))
    except ValueError:
        return None
