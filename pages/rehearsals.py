"""Rehearsals: every run, newest first, what is going on now, and two of them side by side."""

from __future__ import annotations

from pages.parts.run_list import draw_runs

draw_runs()
