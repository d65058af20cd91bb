"""Flows: all of them, or the one that the address names."""

from __future__ import annotations

from pages.parts.flow_list import draw_list
from pages.parts.flow_open import draw_open
from pages.parts.page import param

if chosen := param("flow"):
    draw_open(chosen)
else:
    draw_list()
