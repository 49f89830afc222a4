"""Running a command and measuring it: its time, and the memory of it and of all that it starts."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PAUSE = 0.1  # seconds between two looks
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """A command that ran to its end. Memory in bytes; what processes share is counted once in ``together``."""

    seconds: float
    largest: int
    together: int


def run(arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> Run:
    """Run Python with ``arguments`` in ``folder`` and return what it took.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    largest = together = 0
    while process.poll() is None:
        sizes = [_memory(each) for each in (process, *_children(process))]
        largest = max(largest, *(resident for resident, _ in sizes))
        together = max(together, sum(share for _, share in sizes))
        time.sleep(_PAUSE)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{arguments} failed: {process.stderr.read().decode()[-500:]}")
    return Run(seconds, largest, together)


def time_until(arguments: Sequence[str], folder: Path, environment: dict[str, str], ready: Callable[[], bool]) -> float:
    """Return the seconds from starting Python with ``arguments`` until ``ready``; the command is then ended."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while not ready():
            if process.poll() is not None:
                raise RuntimeError(f"{arguments} ended before it was ready")
            time.sleep(0.005)
        seconds = time.perf_counter() - start
        process.terminate()
    return seconds


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def _memory(process: psutil.Process) -> tuple[int, int]:
    """Return resident and proportional size (what n processes share counts 1/n in each)."""
    try:
        full = process.memory_full_info()
        return full.rss, getattr(full, "pss", full.rss)
    except psutil.Error:
        return 0, 0
