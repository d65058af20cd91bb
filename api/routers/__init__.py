"""One router a capability, all of them listed."""

from __future__ import annotations

from api.routers import (
    checks,
    commands,
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
    commands.router,
    home.router,
)

__all__ = ["ROUTERS"]
