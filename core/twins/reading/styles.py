"""What a style hides: just enough of CSS to see what a reader would not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

FAR = 900
TINY = 2.0
LIKE_WHITE = 0.94
HIDING_CLASSES = frozenset("sr-only visually-hidden visuallyhidden screen-reader-text".split())
_RULE = re.compile(r"([^{}@;]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"(\w+)?(?:([.#])([\w-]+))?")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b", re.I)
_RGB = re.compile(r"rgba?\(\s*(\d+%?)[\s,]+(\d+%?)[\s,]+(\d+%?)(?:[\s,/]+([\d.]+%?))?", re.I)
_LENGTH = re.compile(r"(-?[\d.]+)(px|pt|em|rem|%|vw)?")
NAMED = {"white": (1.0, 1.0, 1.0), "snow": (1.0, 0.98, 0.98), "ivory": (1.0, 1.0, 0.94)}
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """How an element is seen, as far as it is handed on to what is in it.

    Attributes:
        hidden: Whether it is not seen at all.
        colour: Of its letters, None where it is not said or is some dark name.
        ground: Behind them; None where it cannot be known (a picture, a gradient).
    """

    hidden: bool = False
    colour: Colour | None = None
    ground: Colour | None = (1.0, 1.0, 1.0)

    @property
    def unseen(self) -> bool:
        """Whether its letters cannot be told from what is behind them, or it is hidden."""
        if self.hidden or self.colour is None or self.ground is None:
            return self.hidden
        return max(abs(a - b) for a, b in zip(self.colour, self.ground, strict=True)) < (
            1 - LIKE_WHITE
        )


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute or a rule."""
    pairs = (line.partition(":") for line in style.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, colon, value in pairs
        if colon
    }


class Sheet:
    """Rules of a page's own style sheets that name one tag, class or id."""

    def __init__(self, css: str) -> None:
        self._rules: dict[tuple[str, str, str], dict[str, str]] = {}
        for rule in _RULE.finditer(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
            said = declarations(rule[2])
            for selector in rule[1].split(","):
                named = _SELECTOR.fullmatch(selector.strip())
                if named is not None and selector.strip():
                    key = (named[1] or "", named[2] or "", named[3] or "")
                    self._rules.setdefault(key, {}).update(said)

    def of(self, tag: str, identity: str, classes: list[str]) -> dict[str, str]:
        """What the rules say of an element."""
        if not self._rules:
            return {}
        keys = [(tag, "", "")]
        keys += [(t, ".", name) for name in classes for t in ("", tag)]
        keys += [(t, "#", identity) for t in ("", tag)]
        said: dict[str, str] = {}
        for key in keys:
            said |= self._rules.get(key, {})
        return said


def restyled(look: Look, said: dict[str, str]) -> Look:
    """The look of an element inside one of ``look`` with these declarations."""
    if not said:
        return look
    ground = said.get("background-color") or said.get("background")
    if ground and ground not in ("transparent", "inherit", "none", "initial"):
        look = replace(look, ground=colour_of(ground.split()[0]))
    if said.get("background-image", "none") != "none":
        look = replace(look, ground=None)
    if "color" in said and said["color"] not in ("inherit", "currentcolor"):
        look = replace(look, colour=colour_of(said["color"]))
    return replace(look, hidden=look.hidden or _hides(said))


def _hides(said: dict[str, str]) -> bool:
    return (
        said.get("display") == "none"
        or said.get("visibility") in ("hidden", "collapse")
        or _number(said.get("opacity", "1")) < 0.05
        or _number(said.get("font-size", "16px")) < _least(said.get("font-size", ""))
        or _clear(said.get("color", ""))
        or _far_away(said)
        or _shut(said)
    )


def _least(size: str) -> float:
    """The smallest size that can be read, in the unit that is given."""
    if not size[:1].isdigit() and size[:1] != ".":
        return -1
    return {"em": 0.15, "rem": 0.15, "%": 15.0, "vw": 0.2}.get(
        (_LENGTH.match(size) or [""] * 3)[2] or "px", TINY
    )


def _far_away(said: dict[str, str]) -> bool:
    moved = said.get("position") in ("absolute", "fixed", "relative")
    sides = ("left", "top", "right", "bottom", "margin-left", "margin-top")
    away = any(_number(said.get(side, "0")) <= -FAR for side in sides)
    return (moved and away) or _number(said.get("text-indent", "0")) <= -FAR


def _shut(said: dict[str, str]) -> bool:
    clipped = re.match(r"rect\(\s*[01](?:px)?\W+[01]", said.get("clip", "")) is not None
    flat = any(_number(said.get(side, "99")) <= 1 for side in ("width", "height"))
    return (
        clipped
        or (flat and said.get("overflow") == "hidden")
        or "scale(0)" in said.get("transform", "").replace(" ", "")
        or said.get("clip-path", "").startswith("inset(50%")
    )


def _clear(colour: str) -> bool:
    found = _RGB.match(colour)
    return colour == "transparent" or (
        found is not None and found[4] is not None and _number(found[4]) == 0
    )


def _number(said: str) -> float:
    found = _LENGTH.match(said.strip())
    try:
        return float(found[1]) if found else 99.0
    except ValueError:
        return 99.0


def colour_of(said: str) -> Colour | None:
    """A colour as three shares of light, None where it is not one that is known."""
    said = said.strip()
    if said in NAMED:
        return NAMED[said]
    if found := _HEX.match(said):
        digits = found[1]
        if len(digits) in (3, 4):
            digits = "".join(2 * digit for digit in digits[:3])
        if len(digits) < 6:
            return None
        red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        return red, green, blue
    if found := _RGB.match(said):
        red, green, blue = (
            float(part[:-1]) / 100 if part.endswith("%") else float(part) / 255
            for part in found.group(1, 2, 3)
        )
        return red, green, blue
    return None
