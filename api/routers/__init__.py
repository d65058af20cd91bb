"""One router a capability, all of them listed."""

from __future__ import annotations

from api.routers import (
    commands,
    flows,
    home,
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
    populations.router,
    runs.router,
    reading.router,
    parameters.router,
    commands.router,
    home.router,
)

__all__ = ["ROUTERS"]
