"""Making the deck of a sentence: render the clips, cut them into slides, write the deck."""

import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from av.error import FFmpegError

from attention import UserError
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.output.film_folder import CACHE
from scenes.output.formats import Format
from scenes.output.rendering import CLIPS, Clip, OnBeat, Quality, render_clips

if TYPE_CHECKING:
    from manim_slides.config import PresentationConfig

Kind = Literal["html", "pptx", "pdf"]
OnSlide = Callable[[int, int], None]  # so many of so many slides have been made


def write_deck(
    settings: Settings,
    root: Path,
    quality: Quality,
    jobs: int,
    kind: Kind = "html",
    one_file: bool = False,
    on_beat: OnBeat = lambda *_: None,
    on_slide: OnSlide = lambda *_: None,
    clips: Sequence[Clip] = CLIPS,
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
    on_slide
        Called after each slide that was made, in this thread.

    Raises
    ------
    UserError
        If the input is at fault, a clip cannot be rendered, the deck cannot be written, or manim-slides is missing. An
        older deck stays.
    """
    check_choices(settings, kind, one_file)
    files = render_clips(settings, root, quality, jobs, on_beat, clips, Format("mp4"))
    from scenes.deck.slides import Slide, clear_away, cut_slides, present, write_lists

    folder = files[0].parent
    deck = folder / f"deck.{kind}"
    try:
        parts = {clip.scene: cut_slides(clip, file) for clip, file in zip(clips, files, strict=True)}
        parts["Film"] = list(chain(*parts.values()))
        with ThreadPoolExecutor(jobs) as pool:
            for done, _ in enumerate(pool.map(Slide.reverse, parts["Film"]), 1):
                on_slide(done, len(parts["Film"]))
        presentations = {name: present(slides, settings.theme) for name, slides in parts.items()}
        _write(presentations["Film"], deck, f"Self-attention: {chosen_trace(settings).sentence}", one_file)
        write_lists(folder, presentations)
        clear_away(folder, [folder / "deck.html"])
    except (OSError, FFmpegError) as error:
        raise UserError(f"{deck}: the deck was not written ({error.strerror}): make room and try again") from None
    return deck


def check_choices(settings: Settings, kind: Kind, one_file: bool) -> None:
    """Raise a `UserError` where a deck cannot be made so, before anything is rendered."""
    try:
        import manim_slides  # noqa: F401
    except ImportError:
        raise UserError(f"a deck needs manim-slides: {sys.executable} -m pip install manim-slides") from None
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
    cache = deck.parent.with_name(CACHE)
    quietly = redirect_stderr(io.StringIO())  # manim-slides has progress bars of its own
    with tempfile.TemporaryDirectory(dir=cache) as folder, quietly:
        unfinished = Path(folder) / deck.name
        if deck.suffix == ".pptx":
            write_powerpoint(presentation, unfinished, title)
        else:
            PDF.model_validate({"presentation_configs": [presentation]}).convert_to(unfinished)
        unfinished.replace(deck)
