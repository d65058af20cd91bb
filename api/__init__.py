"""What programs call: the HTTP API, one router a capability, in the same words as the pages."""

from __future__ import annotations

from api.main import build_api

__all__ = ["build_api"]
