"""Which ways out of a flow's steps can be taken: by whom, or why by nobody."""

from core.flows.reach.solving import solve, solve_way

__all__ = ["solve", "solve_way"]
