"""Making the deck of a sentence: render its clips, cut them into slides, write the deck."""

import io
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from itertools import chain
from pathlib import Path
from typing import Literal

from av.error import FFmpegError

from attention import UserError
from attention.files import beside
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.clips import Clip
from scenes.drawing.manim_defaults import import_manim
from scenes.look.own_theme import read_theme
from scenes.look.theme import Theme
from scenes.output import page as index
from scenes.output.film_folder import CACHE, alone_in, film_folder
from scenes.output.formats import Output, Quality
from scenes.output.manifest import note_files
from scenes.output.plain_text import plain_text
from scenes.output.processes import OnBeat
from scenes.output.reasons import reason
from scenes.output.rendering import render_clips
from scenes.words import _, speak

DeckKind = Literal["html", "pptx", "pdf"]
OnSlide = Callable[[int, int], None]  # so many of so many slides have been made


def write_deck(
    settings: Settings,
    root: Path,
    quality: Quality,
    jobs: int,
    clips: Sequence[Clip],
    kind: DeckKind = "html",
    one_file: bool = False,
    on_beat: OnBeat = lambda *_: None,
    on_slide: OnSlide = lambda *_: None,
) -> Path:
    """Write the deck of a sentence into its folder under ``root`` and return its file, ``deck.html`` or so.

    A page has its videos in ``deck`` beside it, with the lists that ``manim-slides present`` reads; any other deck is
    whole by itself.

    Parameters
    ----------
    settings, root, quality, jobs, clips, on_beat
        As :func:`scenes.output.rendering.render_clips` takes them.
    kind
        A page for the browser, a presentation for PowerPoint, or a PDF with a page for each slide.
    one_file
        Put everything into the page, so that it needs no folder beside it.
    on_slide
        Called after each slide whose videos were made for a page with a folder, in this thread.

    Raises
    ------
    UserError
        If the input is at fault, a clip cannot be rendered, the deck cannot be written, or manim-slides, which a PDF
        does without, is missing. An older deck stays.
    """
    check_choices(settings, kind, one_file)
    speak(settings)
    trace = chosen_trace(settings)
    output = Output("pdf" if kind == "pdf" else "mp4", quality)
    files = [] if kind == "pdf" else render_clips(settings, root, output, jobs, clips, on_beat)
    folder = film_folder(root, trace.sentence, settings, output)
    deck = folder / f"deck.{kind}"
    theme = read_theme(settings.theme)
    title = plain_text(_("Self-attention: {sentence}", sentence=trace.sentence))
    try:
        with alone_in(folder):
            if kind == "pdf":
                from scenes.deck.pdf import write_pdf

                write_pdf(settings, clips, output, deck, title, on_beat)
            elif kind == "html" and not one_file:
                _write_with_folder(clips, files, deck, title, theme, jobs, on_slide)
            else:
                _write_alone(clips, files, deck, title, theme)
            note_files(folder, {None: [deck]}, trace, settings, resolution=output.resolution)
            index.write_page(folder)
    except (OSError, FFmpegError) as error:
        raise UserError(f"{deck} was not written: {reason(error)}") from None
    return deck


def check_choices(settings: Settings, kind: DeckKind, one_file: bool) -> None:
    """Raise a `UserError` where a deck cannot be made so, before anything is rendered."""
    if settings.transparent:
        raise UserError("a deck has a background: choose --theme dark or light")
    if kind == "pptx" and settings.frame != "16:9":
        raise UserError(f"PowerPoint's slides are 16:9, not {settings.frame}: leave out --frame, or choose --to html")
    if one_file and kind != "html":
        raise UserError(f"a {kind} is one file anyway: leave out --one-file")
    import_manim()
    if kind == "pdf":
        return
    try:
        import manim_slides  # noqa: F401
    except ImportError:
        raise UserError(f"a deck needs manim-slides: {sys.executable} -m pip install manim-slides") from None


def _write_with_folder(
    clips: Sequence[Clip],
    files: Sequence[Path],
    page: Path,
    title: str,
    theme: Theme,
    jobs: int,
    on_slide: OnSlide,
) -> None:
    from scenes.deck.page import write_deck_page
    from scenes.deck.slides import VIDEOS, Slide, clear_away, cut_slides, present, write_lists

    folder = page.with_suffix("")
    parts = {clip.scene: cut_slides(clip, file, folder / VIDEOS) for clip, file in zip(clips, files, strict=True)}
    parts["Film"] = list(chain(*parts.values()))
    with ThreadPoolExecutor(jobs) as pool:
        for done, _ in enumerate(pool.map(Slide.reverse, parts["Film"]), 1):
            on_slide(done, len(parts["Film"]))
    presentations = {name: present(slides, theme) for name, slides in parts.items()}
    write_deck_page(presentations["Film"], page, title)
    write_lists(folder, presentations)
    clear_away(folder, parts["Film"])


def _write_alone(clips: Sequence[Clip], files: Sequence[Path], deck: Path, title: str, theme: Theme) -> None:
    from scenes.deck.one_file import WRITERS
    from scenes.deck.slides import cut_slides, present

    parts = beside(deck.parent.with_name(CACHE) / f"{deck.parent.name}.parts")
    try:
        with redirect_stderr(io.StringIO()):  # manim-slides has progress bars of its own
            slides = chain(*(cut_slides(clip, file, parts) for clip, file in zip(clips, files, strict=True)))
            unfinished = parts / deck.name
            WRITERS[deck.suffix](present(list(slides), theme), unfinished, title)
        unfinished.replace(deck)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
