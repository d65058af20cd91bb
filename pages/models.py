"""Language models: which ones may answer, what they cost, and whether they work."""

from __future__ import annotations

from pages.parts.context import workspace
from pages.parts.model_form import change_model, new_model
from pages.parts.model_list import draw_models
from pages.parts.page import guarded, param

if param("make"):
    new_model(param("make") or "")
elif param("edit"):
    with guarded():
        change_model(workspace().models.get(param("edit") or ""))
else:
    draw_models()
