"""Settings: one frozen object, read once in ``app.py`` and ``cli.py`` and handed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from core.domain.errors import BadInput

WORKSPACE_NAME = r"^[a-z0-9][a-z0-9_-]{0,59}$"
REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseModel):
    """Every setting, with its default and what it is for.

    Each can be given in the environment as ``GREENROOM_`` and its name in capitals.
    """

    model_config = ConfigDict(frozen=True)

    home: Path = Field(
        default=Path("~/.greenroom"), description="The folder that holds all workspaces."
    )
    cache: Path | None = Field(
        default=None,
        description="Where models are unpacked, once; by default a folder in the home.",
    )
    workspace: str = Field(
        default="default",
        pattern=WORKSPACE_NAME,
        description="The workspace that is opened where none is named.",
    )
    workers: int = Field(
        default=1,
        ge=0,
        le=64,
        description="Processes that play a rehearsal beside the workbench; 0 plays it inside.",
    )
    max_flow_bytes: int = Field(default=5_000_000, ge=1, description="Largest flow document.")
    max_people: int = Field(default=1_000_000, ge=1, description="Most people in a population.")
    max_workspaces: int = Field(default=50, ge=1, description="Most workspaces in one home.")
    max_failed_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="A run has failed if more than this share of its reactions have no answer.",
    )
    model_cache_mb: int = Field(
        default=256, ge=0, description="What the kept answers of language models may take, in MB."
    )
    max_upload_mb: int = Field(
        default=100, ge=1, description="Largest file that a creator may give, in MB."
    )
    max_recording_mb: int = Field(
        default=500, ge=1, description="Largest sound or video file, in MB."
    )
    max_table_mb: int = Field(
        default=2_000,
        ge=1,
        description="Largest table that an experiment may read, unpacked, in MB.",
    )
    max_upload_files: int = Field(
        default=500, ge=1, description="Most files at once, those inside archives counted."
    )
    max_unpacked_mb: int = Field(
        default=500,
        ge=1,
        description="Most that an archive, or a document that is one inside, unpacks to, in MB.",
    )
    max_unpacked_ratio: int = Field(
        default=200, ge=2, description="How many times its packed size a part may unpack to."
    )
    max_pages: int = Field(default=2_000, ge=1, description="Most pages or slides in a document.")
    max_text_characters: int = Field(
        default=10_000_000, ge=1_000, description="Most characters that are kept of one file."
    )
    reading_seconds: float = Field(
        default=120, gt=0, description="Longest time for reading one file, in seconds."
    )
    reading_memory_mb: int = Field(
        default=1_500, ge=200, description="Most memory that reading a file may take, in MB."
    )
    chunk_tokens: int = Field(
        default=1_000, ge=100, le=8_000, description="Tokens in a chunk of a creator's content."
    )
    chunk_overlap: int = Field(
        default=200, ge=0, le=4_000, description="Tokens that a chunk shares with the one before."
    )
    whisper_model: Path | None = Field(
        default=None,
        description="Folder of a model for faster-whisper, where that is installed: it writes "
        "recordings down here, without a provider.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="What saved keys are encrypted with; by default a file in the home, made once.",
    )
    data: Path = Field(
        default=REPOSITORY / "data", description="Where the sample personas, flows and twins are."
    )

    def workspace_folder(self, name: str) -> Path:
        """The folder of one workspace."""
        return self.home / name


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from the environment; what is given by name wins.

    Raises:
        BadInput: If one has a value that it cannot have; the message names it.
    """
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for name in Settings.model_fields:
        text = source.get(f"GREENROOM_{name.upper()}")
        if text:
            values[name] = text
    values.update({name: value for name, value in given.items() if value is not None})
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(first["msg"], place=f"GREENROOM_{str(first['loc'][0]).upper()}") from error
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
