"""How many SMS a text takes: the GSM 7-bit alphabet of 3GPP TS 23.038, UCS-2 where it does not do.

One SMS holds 160 septets, or 70 units of UCS-2. What is longer goes in parts of 153 or 67, because
each part carries a header. A sign of the extension table takes two septets, one beyond the basic
plane (most emoji) two units; neither is ever cut in two.
"""

from __future__ import annotations

from typing import NamedTuple

from core.domain.messages import Encoding

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet; its escape character is not a sign that one can write."""
EXTENSION = "\f^{}\\[~]|€"
"""Signs that need the escape before them."""
SIMPLER = {
    "’": "'",
    "‘": "'",
    "‚": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u200b": "",
    "\u2060": "",
    "\ufeff": "",
    "•": "-",
    "·": "-",
    "×": "x",
    "′": "'",
    "″": '"',
    "`": "'",
    "´": "'",
    "\t": " ",
}
"""Typographic signs that are not in the alphabet, and what says the same."""
_WIDTH = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}
_ONE: dict[Encoding, int] = {"gsm7": 160, "ucs2": 70}
_PART: dict[Encoding, int] = {"gsm7": 153, "ucs2": 67}
_LAST_OF_PLANE = "\uffff"


class Segmented(NamedTuple):
    """A text as SMS.

    Attributes:
        encoding: ``gsm7`` or ``ucs2``.
        length: Septets, or units of UCS-2.
        parts: The text in as many pieces as SMS are sent.
    """

    encoding: Encoding
    length: int
    parts: list[str]

    @property
    def segments(self) -> int:
        """How many SMS are sent."""
        return len(self.parts)

    @property
    def room(self) -> int:
        """What one SMS of these holds."""
        return _ONE[self.encoding] if len(self.parts) == 1 else _PART[self.encoding]


def segmented(text: str) -> Segmented:
    """A text as it is sent by SMS."""
    encoding: Encoding = "gsm7" if _WIDTH.keys() >= set(text) else "ucs2"
    widths = [_width(sign, encoding) for sign in text]
    length = sum(widths)
    if length <= _ONE[encoding]:
        return Segmented(encoding, length, [text])
    return Segmented(encoding, length, _parts(text, widths, _PART[encoding]))


def outsiders(text: str) -> list[str]:
    """The signs that are not in the GSM alphabet, in the order in which they come, each once."""
    return [sign for sign in dict.fromkeys(text) if sign not in _WIDTH]


def simplified(text: str) -> str:
    """The text with typographic signs replaced by those of the GSM alphabet."""
    return "".join(sign if sign in _WIDTH else SIMPLER.get(sign, sign) for sign in text)


def _width(sign: str, encoding: Encoding) -> int:
    if encoding == "gsm7":
        return _WIDTH[sign]
    return 2 if sign > _LAST_OF_PLANE else 1


def _parts(text: str, widths: list[int], most: int) -> list[str]:
    parts, begin, used = [], 0, 0
    for place, width in enumerate(widths):
        if used + width > most:
            parts.append(text[begin:place])
            begin, used = place, 0
        used += width
    return [*parts, text[begin:]]
