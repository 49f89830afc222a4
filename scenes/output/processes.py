"""Rendering clips side by side: a process for each, forked from one that has imported Manim where that is safe.

Windows cannot fork, and on macOS a fork after its libraries have been loaded may hang: there each process starts anew.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, util
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from attention import UserError
from scenes.clips import Clip
from scenes.drawing.manim_defaults import import_manim

OnBeat = Callable[[Clip, int, int], None]  # a clip has played so many of its beats
Render = Callable[[Clip, Callable[[int, int], None]], list[Path]]  # a clip; told of its beats, it returns its files


SOCKETS = "_ATTENTION_SOCKETS"  # variable that says where multiprocessing keeps a process's sockets
FORKED = "forkserver"
METHOD = FORKED if FORKED in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"


def begin_importing() -> None:
    """Start the process that imports Manim once and is forked for each clip; goes on beside PyTorch's import."""
    if METHOD == FORKED:
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(["scenes.output.forked"])
        with _environment(PYTHONSAFEPATH="1", **{SOCKETS: util.get_temp_dir()}):
            forkserver.ensure_running()


def render_side_by_side(clips: Sequence[Clip], render: Render, jobs: int, on_beat: OnBeat) -> list[list[Path]]:
    """Call ``render`` for each of ``clips`` in a process of its own, ``jobs`` at a time, and return what it returns.

    Raises
    ------
    UserError
        What ``render`` raises, after the clips that have been begun; or if a process is ended from outside.
    """
    context = multiprocessing.get_context(METHOD)
    once = 1 if len(clips) > jobs else None  # a clip each; at the end, none is begun for a clip that is not there
    beats: SimpleQueue[tuple[int, int, int] | None] = context.SimpleQueue()
    with (
        _told_if_killed(),
        _environment(PYTHONSAFEPATH="1"),
        ProcessPoolExecutor(
            min(jobs, len(clips)), context, initializer=_connect, initargs=(beats,), max_tasks_per_child=once
        ) as pool,
        _ending_workers(),
    ):
        futures = [pool.submit(_render, index, clip, render) for index, clip in enumerate(clips)]
        for future in futures:
            future.add_done_callback(lambda _: beats.put(None))
        for _ in futures:
            for index, done, total in iter(beats.get, None):
                on_beat(clips[index], done, total)
            if any(isinstance(_failure(future), UserError) for future in futures):
                for other in futures:
                    other.cancel()  # no more clips are begun
        for failure in filter(None, map(_failure, futures)):
            raise failure
        return [future.result() for future in futures]


def _failure(future: "Future[list[Path]]") -> BaseException | None:
    return future.exception() if future.done() and not future.cancelled() else None


@contextmanager
def _told_if_killed() -> Iterator[None]:
    try:
        yield
    except (BrokenProcessPool, EOFError):  # EOFError: of the one that others are forked from
        raise UserError("a render was ended from outside (out of memory?): try again with --jobs 1") from None


@contextmanager
def _ending_workers() -> Iterator[None]:
    """On Ctrl-C, end the processes begun inside instead of waiting for them; a notebook may have others."""
    before = set(multiprocessing.active_children())
    try:
        yield
    except KeyboardInterrupt:
        for worker in set(multiprocessing.active_children()) - before:
            worker.terminate()
        raise


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Let processes that are started inside have these variables.

    With PYTHONSAFEPATH they import nothing from the current folder, where somebody's own ``scenes.py`` may lie.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_beats: "SimpleQueue[Any]"  # in a worker


def _render(index: int, clip: Clip, render: Render) -> list[Path]:
    return render(clip, lambda done, total: _beats.put((index, done, total)))


def _connect(beats: "SimpleQueue[Any]") -> None:
    """Prepare a worker process: where it reports beats, that it ends when the one that asked for it does, and Manim."""
    global _beats
    _beats = beats
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import_manim()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)
