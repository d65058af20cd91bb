"""litellm as it comes, asked by hand: ``python -m tests.core.minds.gateway.untouched``.

Reads one JSON list of arguments from standard input and makes those calls; ``do`` is the name of
the function, ``acompletion`` where it is not said, and ``path`` a file to send.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"


async def main() -> None:
    """Make the calls, one after the other."""
    import litellm

    for arguments in json.load(sys.stdin):
        if path := arguments.pop("path", None):
            arguments["file"] = ("recording.wav", Path(path).read_bytes())
        answer = await getattr(litellm, arguments.pop("do", "acompletion"))(**arguments)
        if arguments.get("stream"):
            async for _ in answer:
                pass


if __name__ == "__main__":
    asyncio.run(main())
