"""Creator twins: all of them, or the one that the address names."""

from __future__ import annotations

from pages.parts.page import param
from pages.parts.twin_list import draw_twins
from pages.parts.twin_open import draw_twin

if chosen := param("twin"):
    draw_twin(chosen)
else:
    draw_twins()
