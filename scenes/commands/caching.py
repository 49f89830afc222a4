"""`attention cache`: what is kept for the next time, and how large it is."""

from typing import Annotated

import typer

from attention import UserError
from attention.cache import LIMIT, cache_folder, usage
from attention.cache import clear as clear_cache


def cache(clear: Annotated[bool, typer.Option("--clear", help="Delete all of it; it is made again.")] = False) -> None:
    """Show what is kept of earlier runs, such as traces, or clear it.

    What was not used for the longest time goes by itself when all takes more than 1 GB.
    """
    if clear:
        try:
            clear_cache()
        except OSError as error:
            raise UserError(f"{error.filename}: cannot be deleted ({error.strerror})") from None
    kinds = usage()
    for kind, (entries, size) in kinds.items():
        typer.echo(f"{kind:<12} {entries:>7} {_megabytes(size)}")
    total = sum(size for _, size in kinds.values())
    typer.echo(f"{cache_folder()}: {_megabytes(total).strip()} of at most {_megabytes(LIMIT).strip()}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:>8.1f} MB"
