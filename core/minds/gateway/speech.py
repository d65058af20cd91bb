"""One attempt at the words of a recording."""

from __future__ import annotations

import hashlib
from pathlib import Path

from core.domain.errors import BadInput, NotFound, TooLarge
from core.domain.models import LARGEST_RECORDING, Model, Recording, Segment, Transcript
from core.minds.gateway.wire import Wire


class SpeechWire:
    """Asks a provider once for the words of a recording; what goes wrong is a ``WireError``.

    The wire's process reads the file where it is. Times are asked for; a provider that says it has
    none is asked for the words alone from then on.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def complete(self, call: Recording) -> Transcript:
        """One attempt."""
        form = self._wire.takes_form(call.model)
        asked = {"path": call.path, "language": call.language, "form": form}
        answer = await self._wire.ask("transcribe", call.model, asked)
        return Transcript(
            text=answer["text"],
            segments=tuple(Segment(*one) for one in answer["segments"]),
            language=answer["language"],
            duration_seconds=answer["seconds"],
            prompt_tokens=answer["prompt_tokens"],
            completion_tokens=answer["completion_tokens"],
            cost_usd=answer["cost"],
            key=call.key(),
        )


def recording(
    model: Model, path: Path, language: str | None = None, account: str | None = None
) -> Recording:
    """A file as a question.

    Raises:
        NotFound: If it is not there.
        BadInput: If it is empty, or no file.
        TooLarge: If it is larger than providers take.
    """
    if not path.exists():
        raise NotFound(f"There is no recording {path.name} any more.", place="file")
    size = path.stat().st_size
    if not path.is_file() or not size:
        raise BadInput(f"{path.name} holds no recording.", place="file")
    if size > LARGEST_RECORDING:
        raise TooLarge(
            f"{path.name} has {size / 1024**2:,.1f} MB, and a recording may have "
            f"{LARGEST_RECORDING // 1024**2} MB.",
            place="file",
            fix="Cut it into shorter pieces, or save it with a lower bit rate.",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    return Recording(model, str(path.resolve()), digest, size, language, account)
