"""`attention compare`: one word in two sentences."""

from typing import Annotated

import typer

from attention.settings import read_settings
from scenes.commands.options import (
    AllowPickle,
    File,
    Head,
    HideSpecial,
    Layer,
    Model,
    Most,
    Rate,
    Shape,
    Sharpness,
    Size,
    Theme,
)
from scenes.commands.progress import ClipBars
from scenes.commands.rendering import ROOT
from scenes.content.pair import read_pair
from scenes.look.missing_fonts import missing_fonts
from scenes.output.clips import COMPARISON
from scenes.output.formats import Output, suited
from scenes.output.rendering import render_clips


def compare(
    first: Annotated[
        str | None,
        typer.Argument(help="A text, in quotes. Both left out: $ATTENTION_SENTENCE and _OTHER, or defaults."),
    ] = None,
    second: Annotated[str | None, typer.Argument(help="Another text that shares a word with it.")] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help="The word to compare, whatever its case; its last piece stands for a word of several. Left out, the "
            "shared word that says most: the one with the longest row in the embedding table."
        ),
    ] = None,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    hide_special: HideSpecial = None,
    allow_pickle: AllowPickle = None,
    theme: Theme = None,
    frame: Shape = None,
    quality: Sharpness = "m",
    size: Size = None,
    fps: Rate = None,
    form: File = None,
    max_size: Most = None,
    loop: Annotated[bool, typer.Option("--loop", help="Lead the end back to the first picture.")] = False,
) -> None:
    """Compare one word in two sentences: what it attends to, and its vectors before attention and after.

    Renders the clip Comparison into `renders/<the words of both>/`, and prints the cosine of the two vectors: before,
    of the rows that attention receives (the embeddings, or what the layers below made of them); after, of its outputs.
    """
    settings = read_settings(
        sentence=first,
        other=second,
        token=token,
        model=model,
        layer=layer,
        head=head,
        hide_special=hide_special,
        allow_pickle=allow_pickle,
        theme=theme,
        frame=frame,
    )
    settings = suited(settings, form, size)
    output = Output.of(settings, form, quality=quality, size=size, fps=fps, max_bytes=max_size, loops=loop)
    pair = read_pair(settings)
    for line in missing_fonts(pair.labels):
        typer.echo(f"warning: {line}", err=True)
    with ClipBars([COMPARISON]) as bars:
        (file,) = render_clips(settings, ROOT, output, 1, bars.on_beat, [COMPARISON])
    typer.echo(file)
    before, after = (cosine.text.replace("−", "-") for cosine in (pair.before, pair.after))  # for any terminal
    typer.echo(f"{pair.word.text}: cosine {before} before attention, {after} after")
