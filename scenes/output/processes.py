"""Rendering clips side by side: a process for each, forked from one that has imported Manim."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, forkserver
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from attention import UserError
from scenes.output.clips import Clip

OnBeat = Callable[[Clip, int, int], None]  # a clip has played so many of its beats
Render = Callable[[Clip, Callable[[int, int], None]], list[Path]]  # a clip; told of its beats, it returns its files


def begin_importing() -> None:
    """Start the process that imports Manim once and is forked for each clip; goes on beside PyTorch's import."""
    multiprocessing.set_forkserver_preload(["manim", "scenes.explainer_scene", "scenes.output.render_clip"])
    forkserver.ensure_running()


def render_side_by_side(clips: Sequence[Clip], render: Render, jobs: int, on_beat: OnBeat) -> list[list[Path]]:
    """Call ``render`` for each of ``clips`` in a process of its own, ``jobs`` at a time, and return what it returns.

    Raises
    ------
    UserError
        What ``render`` raises, after the clips that have been begun; or if a process is ended from outside.
    """
    context = multiprocessing.get_context("forkserver")
    beats: SimpleQueue[tuple[int, int, int] | None] = context.SimpleQueue()
    with ProcessPoolExecutor(
        min(jobs, len(clips)), context, initializer=_connect, initargs=(beats,), max_tasks_per_child=1
    ) as pool:
        futures = [pool.submit(_render, index, clip, render) for index, clip in enumerate(clips)]
        with _ending_workers():
            for future in futures:
                future.add_done_callback(lambda _: beats.put(None))
            for _ in futures:
                for index, done, total in iter(beats.get, None):
                    on_beat(clips[index], done, total)
                if any(isinstance(_failure(future), UserError) for future in futures):
                    for other in futures:
                        other.cancel()  # no more clips are begun
            try:
                for failure in filter(None, map(_failure, futures)):
                    raise failure
                return [future.result() for future in futures]
            except BrokenProcessPool:
                raise UserError("a render was ended from outside (out of memory?): try again with --jobs 1") from None


def _failure(future: "Future[list[Path]]") -> BaseException | None:
    return future.exception() if future.done() and not future.cancelled() else None


@contextmanager
def _ending_workers() -> Iterator[None]:
    """On Ctrl-C, end the renders that go on instead of waiting for them."""
    try:
        yield
    except KeyboardInterrupt:
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise


_beats: "SimpleQueue[Any]"  # in a worker


def _render(index: int, clip: Clip, render: Render) -> list[Path]:
    return render(clip, lambda done, total: _beats.put((index, done, total)))


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
