"""What commands that make files say: what will be missing, and which files there are."""

from collections.abc import Iterable
from pathlib import Path

import typer

from scenes.look.missing_fonts import missing_fonts


def warn_of_missing_fonts(labels: Iterable[str]) -> None:
    """Say which letters of these tokens no font has, and what to install."""
    for line in missing_fonts(labels):
        typer.echo(f"warning: {line}", err=True)


def print_files(files: Iterable[Path]) -> None:
    """Print files, one a line."""
    for file in files:
        typer.echo(file)
