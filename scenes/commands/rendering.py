"""`attention film`, `clip` and `samples`: everything that renders."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from attention.settings import DEFAULT_SENTENCE, Settings, read_settings
from attention.tracing import chosen_trace
from scenes.commands.options import (
    AllowPickle,
    File,
    Head,
    HideSpecial,
    Layer,
    Model,
    Most,
    Rate,
    Sentence,
    Shape,
    Sharpness,
    Size,
    Theme,
)
from scenes.commands.progress import ClipBars
from scenes.content.pair import read_pair
from scenes.look.missing_fonts import missing_fonts
from scenes.output.clip_names import find_clip
from scenes.output.clips import CLIPS, COMPARISON, film_clips
from scenes.output.formats import Output, suited
from scenes.output.rendering import render_clips, render_film
from scenes.output.samples import write_samples

ROOT = Path("renders")  # in the folder where the command is given
CORES = os.cpu_count() or 1


def film(
    sentence: Sentence = None,
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
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Clips rendered at the same time.")] = CORES,
) -> None:
    """Render the clips of a sentence, and the film of them all, into `renders/<its words>/`.

    The folder is something to hand over: index.html shows the clips without a network, manifest.json lists the files.
    """
    settings = read_settings(
        sentence=sentence,
        model=model,
        layer=layer,
        head=head,
        hide_special=hide_special,
        allow_pickle=allow_pickle,
        theme=theme,
        frame=frame,
    )
    settings = suited(settings, form, size)
    output = Output.of(settings, form, quality=quality, size=size, fps=fps, max_bytes=max_size)
    trace = chosen_trace(settings)
    _warn_of_missing_fonts(trace.labels)
    clips = film_clips(trace.heads)
    with ClipBars(clips) as bars:
        _print(render_film(settings, ROOT, output, jobs, bars.on_beat, clips))


def clip(
    name: Annotated[str, typer.Argument(help="The clip: its scene, its file's name, or its number.")],
    sentence: Sentence = None,
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
    """Render one clip of a sentence into `renders/<its words>/`."""
    clips = [find_clip(name)]
    settings = read_settings(
        sentence=sentence,
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
    _warn_of_missing_fonts((read_pair(settings) if clips == [COMPARISON] else chosen_trace(settings)).labels)
    with ClipBars(clips) as bars:
        _print(render_clips(settings, ROOT, output, 1, bars.on_beat, clips))


def samples() -> None:
    """Render the default sentence and make small pictures of its film, for pages such as the README."""
    settings = Settings(sentence=DEFAULT_SENTENCE)
    with ClipBars(CLIPS) as bars:
        clips = render_clips(settings, ROOT, Output.of(settings), CORES, bars.on_beat, CLIPS)
    _print(write_samples(clips, ROOT / "samples"))


def _warn_of_missing_fonts(labels: Iterable[str]) -> None:
    for line in missing_fonts(labels):
        typer.echo(f"warning: {line}", err=True)


def _print(files: Iterable[Path]) -> None:
    for file in files:
        typer.echo(file)
