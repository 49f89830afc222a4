"""What commands that make files say: what will be missing or large, and which files there are."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
from pydantic import ByteSize

from attention.settings import Settings
from scenes.drawing.missing_fonts import missing_fonts
from scenes.look.own_theme import faults, read_theme

_LARGE = 100_000_000  # bytes


def warn_of_missing_fonts(labels: Iterable[str]) -> None:
    """Say which letters of these tokens no font has, and what to install."""
    for line in missing_fonts(labels):
        typer.echo(f"warning: {line}", err=True)


def warn_of_theme(settings: Settings) -> None:
    """Say what cannot be told apart in a theme of one's own.

    Raises
    ------
    UserError
        If it cannot be drawn with.
    """
    if settings.own_theme:
        for line in faults(read_theme(settings.own_theme)):
            typer.echo(f"warning: {line}", err=True)


def tell_large_size(size: int) -> None:
    """Say how many bytes a render will take on disk, about, if they are many."""
    if size >= _LARGE:
        text = ByteSize(size).human_readable(decimal=True)
        typer.echo(f"up to about {text} will be written: --format webm takes a tenth", err=True)


def print_json(content: dict[str, Any]) -> None:
    """Print ``content`` for programs, as UTF-8 whatever the terminal takes."""
    typer.echo(json.dumps(content, ensure_ascii=False).encode())


def print_files(files: Iterable[Path]) -> None:
    """Print files, one a line."""
    for file in files:
        typer.echo(file)
