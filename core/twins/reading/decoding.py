"""Bytes to characters: byte order marks, UTF-16 without one, and what older programs wrote."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

SAMPLE = 65_536
FEW = 0.3
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WESTERN = frozenset("äöüßÄÖÜéèêëàâáåãçñíìîïóòôõøúùûæœÉÈÀÁÇÑÅØÆ‘’“”„‚«»–—…•·°€£§©®™´¿¡½¼¾\xa0")
_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str:
    """The text of some bytes: no byte order mark, each line's end one ``\\n``; no other change."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return one_newline(data[len(mark) :].decode(name, errors="replace"))
    if wide := _wide(data[:SAMPLE]):
        return one_newline(data.decode(wide, errors="replace"))
    try:
        return one_newline(data.decode("utf-8"))
    except UnicodeDecodeError:
        return one_newline(data.decode(_older(data), errors="replace"))


def one_newline(text: str) -> str:
    """Each line's end as one ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like_text(data: bytes) -> bool:
    """Whether the first bytes of a file are text in some encoding."""
    if any(data.startswith(mark) for mark, _ in MARKS) or _wide(data):
        text = decode(data)
    else:
        text = data.decode("latin-1")
    return len(_CONTROL.findall(text)) <= len(text) // 2_000


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is mostly 0, the others never."""
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd > 0.7 * pairs and even < 0.02 * pairs:
        return "utf-16-le"
    if even > 0.7 * pairs and odd < 0.02 * pairs:
        return "utf-16-be"
    return None


def _older(data: bytes) -> str:
    """The encoding of text that is no UTF-8, judged by the lines that are not plain ASCII."""
    sample = b"".join(_LINE.findall(data))[:SAMPLE]
    western = sample.decode("cp1252", errors="replace")
    odd = [character for character in western if character > "\x7f"]
    letters = sum(character.isalpha() for character in western)
    usual = sum(character in WESTERN for character in odd)
    if usual >= 0.9 * len(odd) and len(odd) <= FEW * max(letters, 1):
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"
