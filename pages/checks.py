"""Checks: everything that is looked at in a flow, why, and what to do about it."""

from __future__ import annotations

from pages.parts.check_list import draw_checks
from pages.parts.page import param

draw_checks(param("check"))
