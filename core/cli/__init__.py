"""The command line: reads arguments and files, asks a command, prints its answer."""

from core.cli.every import app
from core.cli.process import main

__all__ = ["app", "main"]
