"""Options that more than one command has, and how they become settings."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from uptc_messenger import settings
from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.models.base import UUID_PATTERN
from uptc_messenger.settings import Settings, Value

_ID: Final = re.compile(UUID_PATTERN)
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file in TOML.  [env: UPTC_CONFIG]"),
]
Data = Annotated[
    str | None,
    typer.Option(help="Folder of everything that is stored.  [env: UPTC_DATA; default: data]"),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Where the database is, sqlite:///FILE or postgresql://…"
        "  [env: UPTC_DATABASE; default: uptc.db in the data folder]",
    ),
]


def an_id(text: str, shown_by: str) -> str:
    """The text where it is an id; ends the command with a sentence where it is none."""
    if not _ID.match(text):
        fail(Exit.USAGE, f"{text} is no id: `uptc-messenger {shown_by}` shows them.")
    return text


def collect(config: Path | None, given: dict[str, object]) -> dict[str, Value]:
    """What every setting is given; says on standard error which variables look misspelt."""
    for sentence in settings.unknown_variables(os.environ):
        sys.stderr.write(f"uptc-messenger: {sentence}\n")
    return settings.collect(given, os.environ, config)


def load(config: Path | None, given: dict[str, object]) -> Settings:
    """The configuration of a command that was given these options; None is not given."""
    return settings.build(collect(config, given))
