"""`attention compare`: one word in two sentences."""

import typer

from attention.settings import Settings
from scenes.clips import find_clip
from scenes.commands.options import CLIP, HEAD, LOOK, RENDERS, Out, choosing
from scenes.commands.progress import ClipBars
from scenes.commands.telling import print_files, warn_of_missing_fonts
from scenes.content.pair import read_pair
from scenes.output.formats import Output
from scenes.output.rendering import render_clips


@choosing("sentence", "other", "token", *HEAD, *LOOK, *CLIP, positional=("sentence", "other"))
def compare(settings: Settings, output: Output, out: Out = RENDERS) -> None:
    """Compare one word in two sentences: what it attends to, and its vectors before attention and after.

    Renders the clip Comparison into `renders/<the words of both>/`, and prints the cosine of the two vectors: before,
    of its row of the embedding table (above the first layer, what the layers below made of it); after, of its outputs.
    """
    pair = read_pair(settings)
    warn_of_missing_fonts(pair.labels)
    clips = [find_clip("Comparison")]
    with ClipBars(clips) as bars:
        print_files(render_clips(settings, out, output, 1, clips, bars.on_beat))
    before, after = pair.before.printed, pair.after.printed
    typer.echo(f"{pair.word.text}: cosine {before:.2f} before attention, {after:.2f} after")
