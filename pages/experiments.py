"""Experiments: all of them, a new one, or the one that the address names until it has results."""

from __future__ import annotations

from pages.parts.experiment_design import draw_experiment
from pages.parts.experiment_list import draw_list
from pages.parts.page import param

if chosen := param("experiment"):
    draw_experiment(chosen)
else:
    draw_list()
