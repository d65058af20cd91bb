"""Flows as other programs draw them: Mermaid and SVG."""

from core.flows.exports.mermaid import mermaid
from core.flows.exports.svg import svg

__all__ = ["mermaid", "svg"]
