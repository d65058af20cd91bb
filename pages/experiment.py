"""One experiment's results: which variant is better, how sure that is, and what to decide."""

from __future__ import annotations

from pages.parts.experiment_page import draw_experiment

draw_experiment()
