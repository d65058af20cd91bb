"""One router a capability, all of them listed."""

from __future__ import annotations

from api.routers import (
    ai,
    checks,
    commands,
    creator_twin,
    flows,
    home,
    messages,
    models,
    parameters,
    personas,
    populations,
    reading,
    runs,
    testing,
    twin_trials,
    twins,
)

ROUTERS = (
    personas.router,
    testing.router,
    flows.router,
    checks.router,
    populations.router,
    runs.router,
    reading.router,
    parameters.router,
    messages.router,
    models.router,
    twins.router,
    twin_trials.router,
    creator_twin.router,
    ai.router,
    commands.router,
    home.router,
)

__all__ = ["ROUTERS"]
