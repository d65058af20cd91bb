"""The process: one exit code, and every error on one line."""

from __future__ import annotations

import logging
import os
import signal
import sys

import typer
from typer.exceptions import TyperException

from core.cli.every import app
from core.commands import BAD_INPUT, UNFINISHED, discard_output, standard_output
from core.domain.errors import GreenroomError, HomeHeld
from core.rehearsal import collect_seldom


def main() -> None:
    """Run the command line; every error is one line, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    collect_seldom()
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stdout is None:
        sys.exit(_say("the output cannot be written: it is closed.", UNFINISHED))
    debug = bool(os.environ.get("GREENROOM_DEBUG"))
    logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL)
    try:
        code = _answered(debug)
    except BrokenPipeError:
        discard_output()
        code = 0
    sys.exit(code)


def _answered(debug: bool) -> int:
    try:
        code = app(standalone_mode=False)
        with standard_output():  # what help has left to write
            pass
        return code if isinstance(code, int) else 0
    except TyperException as error:
        return _say(error.format_message().replace("\n", " "), BAD_INPUT)
    except GreenroomError as error:
        bad = error.actor == "person" or isinstance(error, HomeHeld)
        return _say(str(error), BAD_INPUT if bad else UNFINISHED)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted.", UNFINISHED)
    except BrokenPipeError:
        raise
    except Exception as error:
        if debug:
            raise
        return _say(
            f"something went wrong on our side ({type(error).__name__}). "
            "GREENROOM_DEBUG=1 shows where.",
            UNFINISHED,
        )


def _say(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code
