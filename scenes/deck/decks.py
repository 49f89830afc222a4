"""Making the deck of a sentence: render the clips, cut them into slides, write the deck."""

import io
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from av.error import FFmpegError

from attention import UserError
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.output import page as index
from scenes.output.clips import Clip, film_clips
from scenes.output.film_folder import alone_in
from scenes.output.formats import Output, Quality
from scenes.output.manifest import note_files
from scenes.output.processes import OnBeat
from scenes.output.reasons import reason
from scenes.output.rendering import render_clips

if TYPE_CHECKING:
    from manim_slides.config import PresentationConfig

Kind = Literal["html", "pptx", "pdf"]
OnClip = Callable[[int, int], None]  # so many of so many clips have been cut into slides


def write_deck(
    settings: Settings,
    root: Path,
    quality: Quality,
    jobs: int,
    kind: Kind = "html",
    one_file: bool = False,
    on_beat: OnBeat = lambda *_: None,
    on_clip: OnClip = lambda *_: None,
    clips: Sequence[Clip] | None = None,
) -> Path:
    """Write the deck of a sentence into its folder under ``root`` and return its file, ``deck.html`` or so.

    ``deck`` beside it holds the slides for every kind of deck, with the lists that ``manim-slides present`` reads.

    Parameters
    ----------
    settings, root, quality, jobs, on_beat, clips
        As :func:`scenes.output.rendering.render_clips` takes them.
    kind
        A page for the browser, a presentation for PowerPoint, or one page for each slide.
    one_file
        Put everything into the page, so that it needs no folder beside it.
    on_clip
        Called after each clip that was cut into slides, in this thread.

    Raises
    ------
    UserError
        If the input is at fault, a clip cannot be rendered, the deck cannot be written, or manim-slides is missing. An
        older deck stays.
    """
    check_choices(settings, kind, one_file)
    clips = clips or film_clips(chosen_trace(settings).heads)
    files = render_clips(settings, root, Output("mp4", quality), jobs, on_beat, clips)
    from scenes.deck.slides import clear_away, join, make_slides, write_lists

    folder = files[0].parent
    deck = folder / f"deck.{kind}"
    try:
        with alone_in(folder), ThreadPoolExecutor(jobs) as pool:
            parts = []
            for part in pool.map(make_slides, clips, files):
                parts.append(part)
                on_clip(len(parts), len(clips))
            film = join(parts, settings.theme)
            _write(film, deck, f"Self-attention: {chosen_trace(settings).sentence}", one_file)
            write_lists(
                folder, {clip.scene: join([part], settings.theme) for clip, part in zip(clips, parts, strict=True)}
            )
            write_lists(folder, {"Film": film})
            clear_away(folder, folder / "deck.html")
            note_files(folder, {None: [deck]}, chosen_trace(settings), settings, quality)
            index.write_page(folder)
    except (OSError, FFmpegError) as error:
        raise UserError(f"{deck} was not written: {reason(error)}") from None
    return deck


def check_choices(settings: Settings, kind: Kind, one_file: bool) -> None:
    """Raise a `UserError` where a deck cannot be made so, before anything is rendered."""
    try:
        import manim_slides  # noqa: F401
    except ImportError:
        raise UserError("a deck needs manim-slides: pip install manim-slides") from None
    if settings.theme == "transparent":
        raise UserError("a deck has a background: choose --theme dark or light")
    if kind == "pptx" and settings.frame != "16:9":
        raise UserError(f"PowerPoint's slides are 16:9, not {settings.frame}: leave out --frame, or choose --to html")
    if one_file and kind != "html":
        raise UserError(f"a {kind} is one file anyway: leave out --one-file")


def _write(presentation: "PresentationConfig", deck: Path, title: str, one_file: bool) -> None:
    from manim_slides.convert import PDF

    from scenes.deck.page import write_page
    from scenes.deck.powerpoint import write_powerpoint

    if deck.suffix == ".html":
        write_page(presentation, deck, title, one_file)
        return
    quietly = redirect_stderr(io.StringIO())  # manim-slides has progress bars of its own
    with tempfile.TemporaryDirectory(dir=deck.parent, prefix=".deck.") as folder, quietly:
        unfinished = Path(folder) / deck.name
        if deck.suffix == ".pptx":
            write_powerpoint(presentation, unfinished, title)
        else:
            PDF.model_validate({"presentation_configs": [presentation]}).convert_to(unfinished)
        unfinished.replace(deck)
