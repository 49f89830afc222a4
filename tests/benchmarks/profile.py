"""Where the time of a film goes: its clips one after the other in one process, in processor time of each part."""

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attention.settings import DEFAULT_SENTENCE, Settings

Parts = dict[str, float]  # seconds of processor time


def profile(quality: Any = "l") -> Parts:
    """Return what each part of rendering the default film takes; a part does not count in the one around it."""
    clock = _Clock()
    with clock.part("import"):
        from manim.renderer import cairo_renderer

        from attention.tracing import chosen_trace
        from scenes.clips import film_clips
        from scenes.drawing import outlines, typesetting
        from scenes.drawing.canvas import Canvas
        from scenes.drawing.conversion import Converter
        from scenes.drawing.file_writer import WholeFileWriter, WholeSegmentEncoder
        from scenes.drawing.renderer import DrawingRenderer
        from scenes.output.formats import Output
        from scenes.output.render_clip import render_clip

        for clip in film_clips(heads=1):
            clip.scene_class()
    settings = Settings(sentence=DEFAULT_SENTENCE)
    with clock.part("trace"):
        chosen_trace(settings)
    parts = [
        (outlines, "_shape", "building: texts"),
        (typesetting, "_set", "building: formulas"),
        (cairo_renderer, "get_hash_from_play_call", "hashing animations"),
        (Canvas, "_as_painted", "drawing: what changed"),
        (Canvas, "_draw", "drawing"),
        (DrawingRenderer, "get_frame", "copying frames"),
        (Converter, "convert", "converting"),
        (WholeSegmentEncoder, "write_frame", "encoding"),
        (WholeSegmentEncoder, "finish", "encoding"),
        (WholeFileWriter, "combine_files", "joining segments"),
    ]
    with ExitStack() as patches, tempfile.TemporaryDirectory() as folder:
        for owner, name, part in parts:
            patches.enter_context(patch.object(owner, name, clock.timed(getattr(owner, name), part)))
        film = Path(folder) / "film"
        film.mkdir()
        with clock.part("building and animating"):
            for clip in film_clips(heads=1):
                render_clip(clip, settings, film, Output(quality=quality), one_thread=True)
    return dict(clock.seconds)


class _Clock:
    """Adds up the processor time of parts, which may stand in one another, in any thread."""

    def __init__(self) -> None:
        self.seconds: Parts = defaultdict(float)
        self._inner: dict[int, list[float]] = defaultdict(list)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        inner = self._inner[threading.get_ident()]
        inner.append(0.0)
        start = time.thread_time()
        try:
            yield
        finally:
            taken = time.thread_time() - start
            self.seconds[name] += taken - inner.pop()
            if inner:
                inner[-1] += taken

    def timed(self, function: Any, name: str) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            with self.part(name):
                return function(*arguments, **options)

        return run
