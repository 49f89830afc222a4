"""Rendering a sentence's clips and film: what is current stays, each file has its name only when it is whole."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from attention import UserError
from attention.settings import Settings
from scenes.clips import Clip
from scenes.drawing.missing_fonts import missing_fonts
from scenes.drawing.sources import IMPORTED, read_sources
from scenes.output.film_folder import CACHE, alone_in, film_folder
from scenes.output.formats import Output
from scenes.output.joining import join
from scenes.output.manifest import note_files, set_aside_edited_subtitles
from scenes.output.page import write_page
from scenes.output.preparing import prepare
from scenes.output.processes import OnBeat, render_side_by_side
from scenes.output.reasons import reason
from scenes.output.receipts import choices, current_files, write_receipt
from scenes.words import _


def render_film(
    settings: Settings,
    root: Path,
    output: Output,
    jobs: int,
    clips: Sequence[Clip],
    on_beat: OnBeat = lambda *_: None,
) -> list[Path]:
    """Render clips of a sentence, join them into the film, and return the files in order, the film last.

    Takes what :func:`render_clips` takes and raises what that raises. Stills and GIFs are not joined.
    """
    return _render(settings, root, output, jobs, clips, on_beat, joined=output.is_video)


def render_clips(
    settings: Settings,
    root: Path,
    output: Output,
    jobs: int,
    clips: Sequence[Clip],
    on_beat: OnBeat = lambda *_: None,
) -> list[Path]:
    """Render clips of a sentence and return their files in order.

    Parameters
    ----------
    settings
        Sentence, model, theme, frame.
    root
        Folder in which the sentence's own folder is made.
    output
        What kind of file, how large and how fast.
    jobs
        How many clips are rendered at the same time.
    clips
        Which ones.
    on_beat
        Called after each beat of each clip, in this process.

    Raises
    ------
    UserError
        If the input is at fault, or a clip cannot be rendered. Finished clips, old ones included, stay.
    """
    return _render(settings, root, output, jobs, clips, on_beat, joined=False)


def _render(
    settings: Settings,
    root: Path,
    output: Output,
    jobs: int,
    clips: Sequence[Clip],
    on_beat: OnBeat,
    joined: bool,
) -> list[Path]:
    subject = prepare(clips, settings)
    settings = subject.settings
    folder = film_folder(root, subject.sentence, settings, output)
    work = _Work(settings, folder, output, choices(settings, output, missing_fonts(subject.labels)), len(clips) == 1)
    with alone_in(folder):
        done = _current(clips, work)
        for clip in done:
            on_beat(clip, 1, 1)
        to_do = sorted(set(clips) - set(done), key=lambda clip: clip.seconds, reverse=True)
        if to_do:
            done |= zip(to_do, render_side_by_side(to_do, work, jobs, on_beat), strict=True)
        made: dict[Clip | None, list[Path]] = {clip: done[clip] for clip in clips}
        files = [main for main, *_ in made.values()]
        try:
            if joined:
                film = folder / f"film.{output.form}"
                made[None] = join(files, [_(clip.title) for clip in clips], film, subject.sentence)
                files.append(film)
            note_files(folder, made, subject.trace, settings, resolution=output.resolution)
            write_page(folder)
        except (OSError, FFmpegError) as error:
            raise UserError(f"{folder} is not finished: {reason(error)}") from None
    return files


def _current(clips: Sequence[Clip], work: "_Work") -> dict[Clip, list[Path]]:
    """Return the files of those clips that need not be rendered again."""
    try:
        set_aside_edited_subtitles(work.folder)
    except OSError as error:
        raise UserError(f"{work.folder}: cannot be written to ({error.strerror})") from None
    sources = read_sources()
    found = {clip: current_files(work.receipt(clip), work.chosen, work.folder, sources) for clip in clips}
    return {clip: files for clip, files in found.items() if files}


@dataclass(frozen=True)
class _Work:
    """What is to be done with each clip; called in the process of its own that the clip has."""

    settings: Settings
    folder: Path
    output: Output
    chosen: dict[str, Any]  # see `choices`
    alone: bool  # no other clip is rendered meanwhile

    def receipt(self, clip: Clip) -> Path:
        return self.folder.parent / CACHE / self.folder.name / f"{self.output.file_name(clip.name)}.json"

    def __call__(self, clip: Clip, on_beat: Callable[[int, int], None]) -> list[Path]:
        from scenes.output.render_clip import render_clip  # imports Manim, which only workers need

        try:
            files = render_clip(clip, self.settings, self.folder, self.output, on_beat, not self.alone)
            if read_sources() == IMPORTED:  # else it is not known which of them drew it
                with suppress(OSError):  # without a receipt it is rendered again next time
                    write_receipt(self.receipt(clip), self.chosen, files, self.folder, IMPORTED)
            return files
        except UserError:
            raise
        except Exception as error:
            log = self.folder.parent / CACHE / f"{self.folder.name}-{clip.name}.log"
            with suppress(OSError):
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(traceback.format_exc(), encoding="utf-8")
            raise UserError(f"{clip.name} was not rendered: {reason(error)} (details: {log})") from None
