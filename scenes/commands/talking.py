"""`attention deck`: the film as slides for a talk."""

from typing import Annotated

import typer

from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.clips import film_clips
from scenes.commands.options import CLIP, FILM, HEAD, LOOK, RENDERS, Jobs, Out, Sharpness, choosing
from scenes.commands.progress import ClipBars
from scenes.commands.telling import warn_of_missing_fonts
from scenes.deck.decks import DeckKind, check_choices, write_deck
from scenes.output.cores import CORES


@choosing("sentence", *HEAD, *LOOK, *CLIP, *FILM)
def deck(
    settings: Settings,
    to: Annotated[
        DeckKind, typer.Option(help="A page for any browser, slides for PowerPoint, or a page per slide.")
    ] = "html",
    one_file: Annotated[
        bool, typer.Option("--one-file", help="Put all into the page: easy to send, but large.")
    ] = False,
    quality: Sharpness = "m",
    out: Out = RENDERS,
    jobs: Jobs = CORES,
) -> None:
    """Make slides of a sentence's film: one for each step, where you may stop and talk, its captions as notes.

    Writes `deck.html`, which needs the folder `deck` beside it and no network, `deck.pptx` or `deck.pdf` into
    `renders/<its words>/`. Clips that are rendered already are used again.

    Keys in the browser: arrows go on and back, Space pauses, R plays again, V plays backwards (not in one file),
    S shows the notes, F fills the screen, ? lists more.

    `manim-slides present --folder 'renders/<its words>/deck' Film` plays the same in a window of its own.
    """
    check_choices(settings, to, one_file)
    trace = chosen_trace(settings)
    warn_of_missing_fonts(trace.labels)
    clips = film_clips(trace.heads, settings.clips)
    with ClipBars(clips) as bars:
        slides = bars.add_task("slides", total=None)

        def on_slide(done: int, total: int) -> None:
            bars.update(slides, completed=done, total=total)

        file = write_deck(settings, out, quality, jobs, clips, to, one_file, bars.on_beat, on_slide)
    typer.echo(file)
