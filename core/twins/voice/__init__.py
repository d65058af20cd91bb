"""A creator's voice: learnt from their text, and how likely it is that they wrote another one."""

from core.twins.voice.signature import LEAST_ASKED, LEAST_KNOWN, Signature
from core.twins.voice.stability import stability

__all__ = ["LEAST_ASKED", "LEAST_KNOWN", "Signature", "stability"]
