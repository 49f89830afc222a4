"""How clips are rendered side by side: on the cores that there are, and leaving other people's processes alone."""

import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from attention import UserError
from scenes.clips import find_clip
from scenes.output import processes

CORES = "from scenes.output.cores import CORES; print(CORES)"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no such choice on this system")
def test_as_many_are_rendered_at_once_as_this_process_may_use_cores() -> None:
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [sys.executable, "-c", CORES],
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    assert done.stdout == "1\n"


def test_ctrl_c_ends_the_processes_that_render_and_no_others() -> None:
    context = multiprocessing.get_context("spawn")
    own = context.Process(target=time.sleep, args=(60,))
    own.start()

    def interrupted() -> None:
        with processes._ending_workers():
            inside.append(context.Process(target=time.sleep, args=(60,)))
            inside[0].start()
            raise KeyboardInterrupt

    inside: list[multiprocessing.context.SpawnProcess] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    inside[0].join(30)
    assert not inside[0].is_alive()
    assert own.is_alive()
    own.terminate()
    own.join(30)


def _never(*_: object) -> list[object]:
    raise AssertionError


def test_a_process_that_cannot_start_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(*_: object) -> None:
        raise EOFError  # as where the process that others are forked from has ended

    monkeypatch.setattr(processes.ProcessPoolExecutor, "submit", submit)
    with pytest.raises(UserError, match="--jobs 1"):
        processes.render_side_by_side([find_clip("1")], _never, 1, lambda *_: None)  # type: ignore[arg-type]
