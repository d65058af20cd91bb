"""PowerPoint presentations: slide by slide, title first, the speaker's notes after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.twins.reading.days import day_in
from core.twins.reading.draft import Draft, Piece
from core.twins.reading.limits import Limits
from core.twins.reading.packages import check_xml
from core.twins.reading.refusals import Refused

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
FILLS = (f"{A}solidFill", f"{A}gradFill", f"{A}blipFill", f"{A}pattFill")
SMALLEST = 200
WHITE = ("FFFFFF", "ffffff")
GROUND = ("bg1", "lt1")
GROUP = 6
SLIDE_FURNITURE = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})


def read_pptx(path: Path, limits: Limits) -> Draft:
    """The words of all slides; those of hidden slides and outside of a slide are marked."""
    import pptx

    check_xml(path, limits)
    draft = Draft("pptx", limits)
    try:
        show = pptx.Presentation(str(path))
        slides = list(show.slides)
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise Refused("The slides are damaged: they cannot be read.", kind="unreadable") from error
    if len(slides) > limits.pages:
        raise Refused(f"It has {len(slides):,} slides; at most {limits.pages:,} are read.")
    draft.title = show.core_properties.title or ""
    if draft.title in ("PowerPoint Presentation", "PowerPoint-Präsentation"):
        draft.title = ""
    draft.written_on = day_in(show.core_properties.created)
    draft.unseen.append(show.core_properties.comments or "")
    for number, slide in enumerate(slides, 1):
        draft.mark(f"slide {number}")
        _add_slide(draft, slide, (show.slide_width or 0, show.slide_height or 0))
    return draft


def _add_slide(draft: Draft, slide: Any, size: tuple[int, int]) -> None:
    unseen = slide._element.get("show") in ("0", "false")
    plain = _plain_ground(slide)
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        words = _shape_pieces(title, unseen or _off(title, size), plain)
        draft.paragraph([piece for line in words for piece in [*line, (" ", line[0][1])]], 1)
        draft.title = draft.title or ("" if unseen else title.text_frame.text)
    for shape, off in _shapes(slide.shapes, size):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        for pieces in _shape_pieces(shape, unseen or off, plain and not _covered(shape, slide)):
            draft.paragraph(pieces)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        for paragraph in frame.paragraphs:
            draft.paragraph([("".join(run.text for run in paragraph.runs), unseen)])


def _shapes(shapes: Any, size: tuple[int, int], off: bool = False) -> Iterator[tuple[Any, bool]]:
    """Shapes from top to bottom, groups opened, and whether each is outside of the slide."""
    ordered = sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))
    for shape in ordered:
        outside = off or _off(shape, size)
        if shape.shape_type == GROUP:
            inner = [(each, outside) for each, _ in _shapes(shape.shapes, (0, 0))]
            yield from inner
        elif not _furniture(shape):
            yield shape, outside


def _furniture(shape: Any) -> bool:
    return bool(shape.is_placeholder and shape.placeholder_format.type) and (
        shape.placeholder_format.type.name in SLIDE_FURNITURE
    )


def _off(shape: Any, size: tuple[int, int]) -> bool:
    """Whether a shape lies wholly outside of the slide, or is said to be hidden."""
    named = shape._element.find(f".//{P}cNvPr")
    if named is not None and named.get("hidden") in ("1", "true"):
        return True
    if None in (shape.left, shape.top, shape.width, shape.height) or not all(size):
        return False
    right, bottom = shape.left + shape.width, shape.top + shape.height
    return bool(right <= 0 or bottom <= 0 or shape.left >= size[0] or shape.top >= size[1])


def _shape_pieces(shape: Any, unseen: bool, plain: bool) -> Iterator[list[Piece]]:
    if shape.has_text_frame:
        bare = plain and not _filled(shape._element)
        for paragraph in shape.text_frame.paragraphs:
            pieces = list(_runs(paragraph._p, unseen, bare))
            if pieces:
                yield pieces
    elif getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            yield [(" | ".join(cell.text.strip() for cell in row.cells), unseen)]


def _runs(paragraph: Any, unseen: bool, bare: bool) -> Iterator[Piece]:
    for element in paragraph:
        if element.tag == f"{A}br":
            yield "\n", unseen
        elif element.tag in (f"{A}r", f"{A}fld"):
            look = element.find(f"{A}rPr")
            words = element.findtext(f"{A}t") or ""
            yield words, unseen or (look is not None and _cannot_be_read(look, bare))


def _cannot_be_read(look: Any, bare: bool) -> bool:
    if (look.get("sz") or "").isdigit() and int(look.get("sz")) <= SMALLEST:
        return True
    fill = look.find(f"{A}solidFill")
    if look.find(f"{A}noFill") is not None:
        return True
    if fill is None:
        return False
    clear = any(alpha.get("val") == "0" for alpha in fill.iter(f"{A}alpha"))
    return clear or (bare and _is_white(fill))


def _is_white(fill: Any) -> bool:
    named = [colour.get("val") in WHITE for colour in fill.iter(f"{A}srgbClr")]
    themed = [
        colour.get("val") in GROUND and not len(colour) for colour in fill.iter(f"{A}schemeClr")
    ]
    return any(named) or any(themed)


def _filled(element: Any) -> bool:
    """Whether a shape has a ground of its own that is not white."""
    properties = element.find(f"{P}spPr")
    fill = (
        None
        if properties is None
        else next((child for child in properties if child.tag in FILLS), None)
    )
    styled = element.find(f"{P}style/{A}fillRef")
    if fill is None:
        none = properties is not None and properties.find(f"{A}noFill") is not None
        return not none and styled is not None and styled.get("idx") != "0"
    return not (fill.tag == f"{A}solidFill" and _is_white(fill))


def _covered(shape: Any, slide: Any) -> bool:
    """Whether a picture or a filled shape lies behind a shape."""
    if None in (shape.left, shape.top, shape.width, shape.height):
        return False
    for other in slide.shapes:
        if other.shape_id == shape.shape_id:
            return False
        if None in (other.left, other.top, other.width, other.height):
            continue
        apart = (
            other.left + other.width <= shape.left
            or other.top + other.height <= shape.top
            or other.left >= shape.left + shape.width
            or other.top >= shape.top + shape.height
        )
        if not apart and (other._element.tag == f"{P}pic" or _filled(other._element)):
            return True
    return False


def _plain_ground(slide: Any) -> bool:
    """Whether the slide's background is white, or nothing says that it is not."""
    for level in (slide, slide.slide_layout, slide.slide_layout.slide_master):
        ground = level._element.find(f"{P}cSld/{P}bg")
        if ground is None:
            continue
        fill = next((e for e in ground.iter(*FILLS)), None)
        if fill is not None:
            return fill.tag == f"{A}solidFill" and _is_white(fill)
        themed = next(ground.iter(f"{A}schemeClr"), None)
        return themed is None or (themed.get("val") in GROUND and not _dark_map(slide))
    return True


def _dark_map(slide: Any) -> bool:
    mapped = slide.slide_layout.slide_master._element.find(f"{P}clrMap")
    return mapped is not None and mapped.get("bg1") not in ("lt1", "lt2")
