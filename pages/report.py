"""The report of one rehearsal: what was found, what to change first, and the evidence."""

from __future__ import annotations

from pages.parts.report_page import draw_report

draw_report()
