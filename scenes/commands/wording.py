"""`attention words`: the words of the film, to be changed."""

from pathlib import Path
from typing import Annotated

import typer

from attention.settings import Settings
from scenes.commands.options import WORDS, choosing


@choosing(*WORDS)
def words(
    settings: Settings,
    export: Annotated[Path, typer.Option(metavar="FILE", help="The file to write; one that is there stays.")],
) -> None:
    """Write all words of the film into a file, to be changed and given as `--words`.

    It is a catalogue as gettext has them, for any editor of texts or of `.po` files. What you take out is said as the
    language has it.
    """
    from scenes.words.exporting import export_words  # imports Babel

    export_words(settings, export)
    typer.echo(f'change it, then: attention film "Any sentence." --words {export}')
