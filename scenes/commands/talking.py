"""`attention deck`: the film as slides for a talk."""

from typing import Annotated, Literal

import typer

from attention.settings import read_settings
from attention.tracing import chosen_trace
from scenes.commands.options import AllowPickle, Head, HideSpecial, Layer, Model, Sentence, Shape, Sharpness
from scenes.commands.progress import ClipBars
from scenes.commands.rendering import CORES, ROOT
from scenes.deck.decks import Kind, check_choices, write_deck
from scenes.look.missing_fonts import missing_fonts
from scenes.output.clips import film_clips


def deck(
    sentence: Sentence = None,
    to: Annotated[
        Kind, typer.Option(help="A page for any browser, slides for PowerPoint, or a page per slide.")
    ] = "html",
    one_file: Annotated[
        bool, typer.Option("--one-file", help="Put all into the page: easy to send, but large.")
    ] = False,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    hide_special: HideSpecial = None,
    allow_pickle: AllowPickle = None,
    theme: Annotated[Literal["dark", "light"] | None, typer.Option(help="Colours.")] = None,
    frame: Shape = None,
    quality: Sharpness = "m",
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Clips rendered at the same time.")] = CORES,
) -> None:
    """Make slides of a sentence's film: one for each step, where you may stop and talk, its captions as notes.

    Writes `deck.html`, which needs the folder `deck` beside it and no network, `deck.pptx` or `deck.pdf` into
    `renders/<its words>/`. Clips that are rendered already are used again.

    Keys in the browser: arrows go on and back, Space pauses, R plays again, V plays backwards (not in one file),
    S shows the notes, F fills the screen, ? lists more.

    `manim-slides present --folder renders/<its words>/deck Film` plays the same in a window of its own.
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
    check_choices(settings, to, one_file)
    for line in missing_fonts(chosen_trace(settings).labels):
        typer.echo(f"warning: {line}", err=True)
    clips = film_clips(chosen_trace(settings).heads)
    with ClipBars(clips) as bars:
        slides = bars.add_task("slides", total=None)

        def on_slide(done: int, total: int) -> None:
            bars.update(slides, completed=done, total=total)

        file = write_deck(settings, ROOT, quality, jobs, to, one_file, bars.on_beat, on_slide, clips)
    typer.echo(file)
