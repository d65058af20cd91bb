"""Which words of a PDF page leave no ink that a reader could see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

Matrix = tuple[float, ...]
Box = tuple[float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
SMALLEST = 1.5
LIKE_WHITE = 0.94
INVISIBLE_MODES = (3, 7)
SLACK = 2.0
SHOWS = {b"Tj": 0, b"'": 0, b'"': 2, b"TJ": 0}
FILLS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
PATH_ENDS = FILLS | {b"n", b"S", b"s"}


@dataclass(frozen=True)
class State:
    """What decides how the next letters look."""

    white: bool = False
    clear: bool = False
    mode: int = 0
    size: float = 12.0


class Ink:
    """Follows a page's drawing and blanks either what is seen or what is not.

    Hand its ``before`` and ``after`` to pypdf as visitors. Strings are blanked in place while the
    page is read; ``restore`` puts them back.

    Args:
        page: The page.
        keep_hidden: Whether to keep what is not seen, instead of what is.
    """

    def __init__(self, page: Any, *, keep_hidden: bool = False) -> None:
        self._keep_hidden = keep_hidden
        self._box: Box = tuple(float(side) for side in page.mediabox)  # type: ignore[assignment]
        self._resources = [_resources(page)]
        self._base: list[Matrix] = [SAME]
        self._state = State()
        self._saved: list[State] = []
        self._callers: list[tuple[State, int]] = []
        self._path: list[Box] = []
        self._grounds: list[Box] = []
        self._blanked: list[tuple[Any, int, Any]] = []
        self.hidden = 0
        self.only_by_mode = True
        self.pictures = 0

    @property
    def base(self) -> Matrix:
        """Where the form that is drawn now lies on the page."""
        return self._base[-1]

    def before(self, operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
        """Called before each operation."""
        if operator in SHOWS:
            self._show(operands, SHOWS[operator], times(tm, times(cm, self.base)))
        elif operator == b"q":
            self._saved.append(self._state)
        elif operator == b"Q":
            self._state = self._saved.pop() if self._saved else State()
        elif operator == b"Do":
            self._draw(operands, times(cm, self.base))
        elif operator in (b"re", b"m", b"l", b"c", b"v", b"y") or operator in PATH_ENDS:
            self._trace(operator, operands, times(cm, self.base))
        else:
            self._restyle(operator, operands)

    def after(self, operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
        """Called after each operation; a form is over when its ``Do`` is."""
        if operator == b"Do" and self._callers:
            self._state, depth = self._callers.pop()
            del self._saved[depth:]
            self._base.pop()
            self._resources.pop()

    def restore(self) -> None:
        """Put back what was blanked."""
        for holder, at, original in self._blanked:
            holder[at] = original
        self._blanked.clear()

    def _show(self, operands: list[Any], at: int, place: Matrix) -> None:
        if len(operands) <= at:
            return
        unseen = self._unseen(place)
        if unseen:
            self.hidden += 1
            self.only_by_mode = self.only_by_mode and self._state.mode in INVISIBLE_MODES
        if unseen is self._keep_hidden:
            return
        holder = operands[at] if isinstance(operands[at], list) else operands
        for number, shown in enumerate(holder):
            if isinstance(shown, str | bytes):
                self._blanked.append((holder, number, shown))
                holder[number] = type(shown)()

    def _unseen(self, place: Matrix) -> bool:
        state, (x, y) = self._state, place[4:6]
        if state.clear or state.mode in INVISIBLE_MODES:
            return True
        if abs(state.size) * scale(place) < SMALLEST:
            return True
        left, bottom, right, top = self._box
        if not (left - SLACK <= x <= right + SLACK and bottom - SLACK <= y <= top + SLACK):
            return True
        return state.white and not any(_within(x, y, ground) for ground in self._grounds)

    def _restyle(self, operator: bytes, operands: list[Any]) -> None:
        numbers = [float(value) for value in operands if isinstance(value, int | float)]
        if operator in (b"g", b"rg", b"k", b"sc", b"scn"):
            self._state = replace(self._state, white=_is_white(numbers))
        elif operator == b"cs":
            self._state = replace(self._state, white=False)
        elif operator == b"Tr" and numbers:
            self._state = replace(self._state, mode=int(numbers[0]))
        elif operator == b"Tf" and numbers:
            self._state = replace(self._state, size=numbers[-1])
        elif operator == b"gs" and operands:
            looks = _got(_got(self._resources[-1], "/ExtGState"), operands[0])
            alpha = _got(looks, "/ca")
            if isinstance(alpha, int | float):
                self._state = replace(self._state, clear=float(alpha) < 1 - LIKE_WHITE)
        elif operator == b"BI" or operator == b"INLINE IMAGE":
            self.pictures += 1

    def _draw(self, operands: list[Any], place: Matrix) -> None:
        drawn = _got(_got(self._resources[-1], "/XObject"), operands[0] if operands else None)
        if _got(drawn, "/Subtype") == "/Image":
            self.pictures += 1
            self._grounds.append(_boxed([(0, 0), (1, 0), (0, 1), (1, 1)], place))
        matrix = _got(drawn, "/Matrix") or SAME
        self._callers.append((self._state, len(self._saved)))
        self._base.append(times([float(value) for value in matrix], place))
        self._resources.append(_got(drawn, "/Resources") or self._resources[-1])

    def _trace(self, operator: bytes, operands: list[Any], place: Matrix) -> None:
        numbers = [float(value) for value in operands if isinstance(value, int | float)]
        if operator == b"re" and len(numbers) == 4:
            x, y, width, height = numbers
            corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
            self._path.append(_boxed(corners, place))
        elif operator in PATH_ENDS:
            if operator in FILLS and not self._state.white and self._path:
                self._grounds.extend(self._path)
            self._path = []
        elif len(numbers) >= 2:
            box = _boxed(list(zip(numbers[::2], numbers[1::2], strict=False)), place)
            last = self._path.pop() if self._path and operator != b"m" else box
            self._path.append(
                (min(box[0], last[0]), min(box[1], last[1]), max(box[2], last[2]),
                 max(box[3], last[3]))
            )  # fmt: skip


def times(first: Any, second: Any) -> Matrix:
    """Two PDF matrices, one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
            e * p + f * r + t, e * q + f * s + u)  # fmt: skip


def scale(matrix: Any) -> float:
    """How much a matrix makes things larger."""
    return sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def _boxed(corners: list[tuple[float, float]], place: Matrix) -> Box:
    points = [times((1, 0, 0, 1, x, y), place)[4:6] for x, y in corners]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _within(x: float, y: float, box: Box) -> bool:
    return box[0] - SLACK <= x <= box[2] + SLACK and box[1] - SLACK <= y <= box[3] + SLACK


def _is_white(numbers: list[float]) -> bool:
    if len(numbers) == 4:
        return max(numbers) <= 1 - LIKE_WHITE
    return bool(numbers) and min(numbers) >= LIKE_WHITE


def _got(holder: Any, name: Any) -> Any:
    """What a PDF dictionary holds under a name, None where it is no dictionary."""
    if not isinstance(holder, dict) or name not in holder:
        return None
    found = holder[name]
    return found.get_object() if hasattr(found, "get_object") else found


def _resources(page: Any) -> Any:
    found = page.get("/Resources")
    return found.get_object() if found is not None else {}
