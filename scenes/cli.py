"""The command line: a thin layer over functions that work without it."""

import atexit
import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from attention import UserError
from scenes.commands import caching, comparing, heads, modelling, rendering, showing, talking, wording

app = typer.Typer(
    help="Self-attention, explained with the real numbers of your sentence.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog='Example: attention film "The king loved his daughter." -q h --theme light')(rendering.film)
app.command(epilog='Example: attention clip ScoreMatrix "The king loved his daughter." --format webm')(rendering.clip)
app.command(
    epilog='Example: attention compare "The bank of the river was steep." "The bank approved the loan." --token bank'
)(comparing.compare)
app.command(epilog='Example: attention deck "The king loved his daughter." --to pptx')(talking.deck)
app.command(epilog="Example: attention samples, then look into renders/samples/")(rendering.samples)
app.command("trace", epilog='Example: attention trace "The cat sat." --json | jq .weights')(showing.show_trace)
app.command(epilog='Example: attention heads "The cat sat on the mat." --model my-checkpoint/')(heads.heads)
app.command(epilog="Example: attention train --corpus books/ --out my-model/")(modelling.train)
app.command(epilog="Example: attention evaluate links.jsonl")(modelling.evaluate)
app.command(epilog="Example: attention words --export my-words.po --language de")(wording.words)
app.command(epilog="Example: attention cache --clear")(caching.cache)


def main() -> None:
    """Run the command line; what a user can put right ends in one line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows takes 256 characters: what it lacks becomes "?"
            stream.reconfigure(errors="replace")
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except (UserError, TyperException) as error:
        message = error.format_message() if isinstance(error, TyperException) else str(error)
        message = message.replace(": Value error, ", ": ", 1)  # pydantic's words for a wrong choice
        typer.echo(f"error: {' '.join(message.splitlines())}", err=True)
        sys.exit(2)
    _end(code or 0)


def _end(code: int) -> NoReturn:
    """End the process with all that is registered for its end, but without PyTorch's own, which takes half a second."""
    atexit._run_exitfuncs()
    with suppress(BrokenPipeError):  # who reads has seen enough
        sys.stdout.flush()
    os._exit(code)
