"""One router a capability, all of them listed."""

from __future__ import annotations

from api.routers import (
    ai,
    checks,
    commands,
    converting,
    coverage,
    creator_twin,
    debug_sessions,
    flow_tests,
    flows,
    home,
    messages,
    models,
    parameters,
    personas,
    populations,
    program_flow,
    reading,
    runs,
    testing,
    twin_trials,
    twins,
    versions,
)

ROUTERS = (
    personas.router,
    testing.router,
    flow_tests.router,
    coverage.router,
    converting.router,
    flows.router,
    versions.router,
    debug_sessions.router,
    program_flow.router,
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
