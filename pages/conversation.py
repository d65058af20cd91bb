"""One person's conversation: what reached them, what they said, and why."""

from __future__ import annotations

from pages.parts.conversation_page import draw_conversation

draw_conversation()
