"""A condition or a value that cannot be read."""

from __future__ import annotations

from core.flows.checks.base import ReadingCheck
from core.flows.draft import FIXES


class ConditionError(ReadingCheck):
    """A condition or a value that cannot be read."""

    id = "condition_error"
    family = "logic"
    severity = "error"
    title = "Every condition can be read"
    explanation = (
        "A condition, or the value of a set step, is not written as CEL: a bracket is open, a "
        "word is missing, a function does not exist. Nobody could be sent either way."
    )
    fix = FIXES["condition_error"]
    example = """
name: An unfinished condition
steps:
  - id: sort
    type: condition
    config:
      branches: [{when: "contact.visits > 3 &&", next: warm}]
      else: done
  - {id: warm, type: tag, config: {add: [warm]}, next: done}
  - {id: done, type: end}
"""
