"""Training progress: coverage, freshness, steadiness of the voice, and what to upload next."""

from core.twins.progress.report import Progress, progress

__all__ = ["Progress", "progress"]
