"""How the cost grows with the number of tokens and of sentences."""

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av

from attention.settings import Settings

_TEXT = "The king gave his old friend a golden ring and the children went home when the long day came to an end at last"


def seconds_per_frame(scene: str, tokens: int) -> float:
    """Return what a frame of a clip takes at 480p15, in a process of its own; imports and trace are not counted."""
    return _elsewhere(_render, scene, tokens)


def seconds_per_sentence(count: int) -> float:
    """Return what a sentence's trace takes when ``count`` of them are computed in one process, imports included."""
    return _elsewhere(_trace, "", count) / count


def sentence(tokens: int) -> str:
    """Return a sentence of so many tokens."""
    return " ".join(_TEXT.split()[: tokens - 1]) + "."


def _elsewhere(measure: object, *arguments: object) -> float:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        seconds: float = pool.submit(measure, *arguments).result()  # type: ignore[arg-type]
        return seconds


def _render(scene: str, tokens: int) -> float:
    from attention.tracing import chosen_trace
    from scenes.clips import find_clip
    from scenes.output.formats import Output
    from scenes.output.render_clip import render_clip

    clip = find_clip(scene)
    settings = Settings(sentence=sentence(tokens))
    assert len(chosen_trace(settings)) == tokens
    clip.scene_class()
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film"
        film.mkdir()
        start = time.perf_counter()
        file = render_clip(clip, settings, film, Output(quality="l"))[0]
        seconds = time.perf_counter() - start
        with av.open(str(file)) as container:
            return seconds / container.streams.video[0].frames


def _trace(_: str, count: int) -> float:
    start = time.perf_counter()
    from attention.model_folder import TINY, find_model

    for index in range(count):
        find_model(TINY).trace(sentence(8 + index % 16), 0)
    return time.perf_counter() - start
