"""`attention film`, `clip` and `samples`: everything that renders."""

import os
from collections.abc import Sequence
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
    Sentence,
    Shape,
    Size,
    Theme,
)
from scenes.commands.progress import ClipBars
from scenes.look.missing_fonts import missing_fonts
from scenes.output.clip_names import find_clip
from scenes.output.formats import Format, FormatName, with_suitable_theme
from scenes.output.rendering import CLIPS, Clip, Quality, render_clips, render_film
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
    quality: Size = "m",
    file_format: File = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Clips rendered at the same time.")] = CORES,
) -> None:
    """Render the clips of a sentence into renders/<its words>/."""
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
    _render(settings, quality, file_format, jobs, CLIPS)


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
    quality: Size = "m",
    file_format: File = None,
) -> None:
    """Render one clip of a sentence into renders/<its words>/."""
    chosen = find_clip(name)
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
    _render(settings, quality, file_format, 1, [chosen])


def samples() -> None:
    """Render the default sentence and make small pictures of its film, for pages such as the README."""
    with ClipBars() as bars:
        *clips, _ = render_film(Settings(sentence=DEFAULT_SENTENCE), ROOT, "m", CORES, bars.on_beat)
    for picture in write_samples(clips, ROOT / "samples"):
        typer.echo(picture)


def _render(
    settings: Settings, quality: Quality, file_format: FormatName | None, jobs: int, clips: Sequence[Clip]
) -> None:
    settings = with_suitable_theme(settings, file_format)
    form = Format.of(file_format, settings)
    for line in missing_fonts(chosen_trace(settings).labels):
        typer.echo(f"warning: {line}", err=True)
    render = render_film if clips is CLIPS else render_clips
    with ClipBars(clips) as bars:
        files = render(settings, ROOT, quality, jobs, bars.on_beat, clips, form)
    for file in files:
        typer.echo(file)
