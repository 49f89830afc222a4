"""Rendering clips: one process a clip, each file under its name only when it is whole."""

import multiprocessing
import os
import re
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import connection, forkserver
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any, Literal

from av.error import FFmpegError

from attention import UserError
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.look.missing_fonts import missing_fonts
from scenes.output.film_folder import CACHE, film_folder, write_manifest
from scenes.output.formats import Format
from scenes.output.joining import join, label
from scenes.output.receipts import choices, current_files, write_receipt

Quality = Literal["l", "m", "h", "p", "k"]
QUALITIES: dict[Quality, str] = {
    "l": "low_quality",
    "m": "medium_quality",
    "h": "high_quality",
    "p": "production_quality",
    "k": "fourk_quality",
}


@dataclass(frozen=True)
class Clip:
    """One scene of the film."""

    number: int
    scene: str
    title: str

    @property
    def module(self) -> str:
        """The scene's file in this package."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.scene.replace("PyTorch", "Pytorch")).lower()

    @property
    def name(self) -> str:
        """What its files are called, without ending."""
        return f"{self.number:02}-{self.module.replace('_', '-')}"

    def scene_class(self) -> Any:
        """Import and return the scene."""
        return getattr(import_module(f"scenes.{self.module}"), self.scene)


CLIPS = (
    Clip(1, "Tokenization", "Text becomes tokens"),
    Clip(2, "Embeddings", "Tokens become vectors"),
    Clip(3, "Relationships", "Tokens relate to one another"),
    Clip(4, "Communication", "Attention is communication"),
    Clip(5, "QueryKeyValue", "Queries, keys and values"),
    Clip(6, "ScoreMatrix", "Scores and weights"),
    Clip(7, "ContextVectors", "Embeddings with context"),
    Clip(8, "BroaderPicture", "The broader picture"),
    Clip(9, "PyTorchCode", "The same in PyTorch"),
    Clip(10, "DirectedGraph", "A directed graph"),
)

OnBeat = Callable[[Clip, int, int], None]  # a clip has played so many of its beats


def render_film(
    settings: Settings,
    root: Path,
    quality: Quality,
    jobs: int,
    on_beat: OnBeat = lambda *_: None,
    clips: Sequence[Clip] = CLIPS,
    form: Format | None = None,
) -> list[Path]:
    """Render clips of a sentence, join them into the film, and return the files in order, the film last.

    Takes what :func:`render_clips` takes and raises what that raises. Stills are not joined.
    """
    files = render_clips(settings, root, quality, jobs, on_beat, clips, form)
    folder, sentence = files[0].parent, chosen_trace(settings).sentence
    try:
        if form is None or form.moves:
            titles = [clip.title for clip in clips]
            files = [*files, join(files, titles, folder / f"film{files[0].suffix}", sentence)]
        names = [file.name for file in files]
        write_manifest(folder, {"sentence": sentence, "settings": settings.model_dump(mode="json"), "files": names})
    except (OSError, FFmpegError) as error:
        raise UserError(f"{folder}: the film was not written ({error.strerror}): make room and try again") from None
    return files


def render_clips(
    settings: Settings,
    root: Path,
    quality: Quality,
    jobs: int,
    on_beat: OnBeat = lambda *_: None,
    clips: Sequence[Clip] = CLIPS,
    form: Format | None = None,
) -> list[Path]:
    """Render clips of a sentence and return their files in order.

    Parameters
    ----------
    settings
        Sentence, model, theme, frame.
    root
        Folder in which the sentence's own folder is made.
    quality
        As Manim has it, from ``"l"`` (480p15) to ``"k"`` (2160p60).
    jobs
        How many clips are rendered at the same time.
    on_beat
        Called after each beat of each clip, in this process.
    clips
        Which ones; left out, all.
    form
        What kind of file; left out, the one that suits the theme.

    Raises
    ------
    UserError
        If the input is at fault, or a clip cannot be rendered. Finished clips, old ones included, stay.
    """
    form = form or Format.of(None, settings)
    _begin_importing()
    computed = chosen_trace(settings)  # once, then each clip finds it in the cache
    folder = film_folder(root, computed.sentence)
    chosen = choices(settings, quality, missing_fonts(computed.labels), form.name)
    done: dict[Clip, Path] = {}
    for clip in clips:
        for file in current_files(_receipt(folder, clip, form), chosen, folder)[:1]:
            done[clip] = file
            on_beat(clip, 1, 1)
    if to_do := [clip for clip in clips if clip not in done]:
        rendered = _render_in_processes(to_do, settings, folder, quality, form, chosen, jobs, on_beat)
        done |= zip(to_do, rendered, strict=True)
    return [done[clip] for clip in clips]


def _begin_importing() -> None:
    """Start the process that imports Manim once and is forked for each clip; goes on beside PyTorch's import."""
    multiprocessing.set_forkserver_preload(["manim", "scenes.explainer_scene"])
    forkserver.ensure_running()


def _render_in_processes(
    clips: Sequence[Clip],
    settings: Settings,
    folder: Path,
    quality: Quality,
    form: Format,
    chosen: dict[str, Any],
    jobs: int,
    on_beat: OnBeat,
) -> list[Path]:
    context = multiprocessing.get_context("forkserver")
    beats: SimpleQueue[tuple[int, int, int] | None] = context.SimpleQueue()
    with ProcessPoolExecutor(
        min(jobs, len(clips)), context, initializer=_connect, initargs=(beats,), max_tasks_per_child=1
    ) as pool:
        futures = [
            pool.submit(_render_clip, index, clip, settings, folder, quality, form, chosen, len(clips) == 1)
            for index, clip in enumerate(clips)
        ]
        with _ending_workers():
            for future in futures:
                future.add_done_callback(lambda _: beats.put(None))
            for _ in futures:
                for index, done, total in iter(beats.get, None):
                    on_beat(clips[index], done, total)
                if any(map(_failed, futures)):
                    for other in futures:
                        other.cancel()  # no more clips are begun
            try:
                for future in filter(_failed, futures):
                    future.result()  # raises what went wrong
                return [future.result() for future in futures]
            except BrokenProcessPool:
                raise UserError("a render was ended from outside (out of memory?): try again with --jobs 1") from None


def _failed(future: "Future[Path]") -> bool:
    return future.done() and not future.cancelled() and future.exception() is not None


@contextmanager
def _ending_workers() -> Iterator[None]:
    """On Ctrl-C, end the renders that go on instead of waiting for them."""
    try:
        yield
    except KeyboardInterrupt:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise


_beats: "SimpleQueue[Any]"


def _connect(beats: "SimpleQueue[Any]") -> None:
    """Prepare a worker process: where it reports beats, and that it ends when the process that asked for it does."""
    global _beats
    _beats = beats
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


def _receipt(folder: Path, clip: Clip, form: Format) -> Path:
    return folder.parent / CACHE / folder.name / f"{clip.name}.{form.name}.json"


def _render_clip(
    index: int,
    clip: Clip,
    settings: Settings,
    folder: Path,
    quality: Quality,
    form: Format,
    chosen: dict[str, Any],
    alone: bool,
) -> Path:
    cache = folder.parent / CACHE
    try:
        file = render_clip(
            clip, settings, folder, quality, form, lambda done, total: _beats.put((index, done, total)), not alone
        )
        subtitles = [file.with_suffix(".srt")] if form.moves else []
        with suppress(OSError):  # without a receipt it is rendered again next time
            write_receipt(_receipt(folder, clip, form), chosen, [file, *filter(Path.exists, subtitles)])
        return file
    except UserError:
        raise
    except Exception as error:
        log = cache / f"{folder.name}-{clip.name}.log"
        with suppress(OSError):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(traceback.format_exc(), encoding="utf-8")
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(f"{clip.name} was not rendered: {reason} (details: {log})") from None


def render_clip(
    clip: Clip,
    settings: Settings,
    folder: Path,
    quality: Quality,
    form: Format,
    on_beat: Callable[[int, int], None] = lambda *_: None,
    one_thread: bool = False,
) -> Path:
    """Render one clip in this process and return its file, ``folder``/NN-name.mp4 or so, with subtitles beside it."""
    from manim import config, tempconfig

    from scenes.drawing.file_writer import OneThreadWriter, WholeFileWriter
    from scenes.output.stills import write_still

    cache = folder.parent / CACHE
    choices = {
        "quality": QUALITIES[quality],
        "media_dir": str(cache),
        "video_dir": str(folder),
        "partial_movie_dir": str(cache / folder.name / clip.name),
        "output_file": clip.name,
        "input_file": "",
        "progress_bar": "none",
        "verbosity": "ERROR",
        "preview": False,
        **form.options(settings),
    }
    scene_class = clip.scene_class()
    done, total = 0, len(scene_class.beats())

    def count() -> None:
        nonlocal done
        done += 1
        on_beat(done, total)

    with tempconfig({}):
        for name, value in choices.items():
            setattr(config, name, value)
        scene = scene_class(
            settings, count, OneThreadWriter if one_thread else WholeFileWriter, skip_animations=not form.moves
        )
        scene.render()
        on_beat(total, total)  # a beat that the sentence or model does not need was not counted
        if not form.moves:
            return write_still(scene, folder / f"{clip.name}.{form.name}")
        file = folder / str(scene.renderer.file_writer.movie_file_path.name)
        return label(file, f"{clip.title}: {scene.trace.sentence}", scene.chapters)
