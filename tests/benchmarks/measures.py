"""What is measured: each function yields the rows of one subject, ratios taken side by side."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from attention.settings import DEFAULT_SENTENCE
from tests.benchmarks.floor import floor
from tests.benchmarks.growth import seconds_per_frame, seconds_per_sentence
from tests.benchmarks.processes import ROOT, Run, run, time_until

_COMMAND = ("-c", "from scenes.cli import main; main()", "film")
_SIZES = {"l": "480p15", "h": "1080p60"}
_MEGABYTE = 1e6
_TOKENS = (4, 8, 16, 24)
_BATCHES = (1, 4, 16, 64)


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured in each repetition."""

    name: str
    values: tuple[float, ...]
    target: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Name, median, spread and target, as printed."""
        spread = f"{min(self.values):.2f} to {max(self.values):.2f}"
        return self.name, f"{median(self.values):.2f}", spread, self.target


def film(repeats: int) -> Iterator[Row]:
    """A film's time by the floor, with one job and two, and the memory that it takes."""
    for quality, (ratio, memory) in {"l": ("1.3", "450"), "h": ("1.0", "900")}.items():
        size = _SIZES[quality]
        runs: dict[int, list[Run]] = {1: [], 2: []}
        ratios: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(repeats):
            for jobs in (1, 2):
                with tempfile.TemporaryDirectory() as folder:
                    runs[jobs].append(_film(Path(folder), "-q", quality, "--jobs", str(jobs)))
                    clips = sorted(Path(folder).glob("renders/*/[0-9]*.mp4"))
                    ratios[jobs].append(runs[jobs][-1].seconds / floor(clips, jobs))
        seconds = {jobs: tuple(each.seconds for each in done) for jobs, done in runs.items()}
        for jobs in (1, 2):
            yield Row(f"{size}: seconds, {jobs} job(s)", seconds[jobs])
            yield Row(f"{size}: film / floor, {jobs} job(s)", tuple(ratios[jobs]), f"≤ {ratio}" if jobs == 2 else "")
        speed_up = tuple(one / two for one, two in zip(*seconds.values(), strict=True))
        yield Row(f"{size}: one job / two jobs", speed_up, "≥ 1.7" if quality == "l" else "")
        yield Row(
            f"{size}: MB of the largest process", tuple(each.largest / _MEGABYTE for each in runs[2]), f"≤ {memory}"
        )
        yield Row(f"{size}: MB of all processes", tuple(each.together / _MEGABYTE for each in runs[2]))


def stock(repeats: int) -> Iterator[Row]:
    """The comparison clip with Manim's stock mobjects by the same with ours."""
    for quality, target in {"l": "4", "h": "1.8"}.items():
        ratios = []
        for _ in range(repeats):
            seconds = [_clip(scene, quality) for scene in ("StockAttention", "OurAttention")]
            ratios.append(seconds[0] / seconds[1])
        yield Row(f"{_SIZES[quality]}: stock / ours", tuple(ratios), f"≥ {target}")


def growth(repeats: int) -> Iterator[Row]:
    """What more tokens cost per frame, and more sentences each."""
    for scene, target in {"ScoreMatrix": "1.5", "DirectedGraph": "2"}.items():
        taken = [{tokens: seconds_per_frame(scene, tokens) for tokens in _TOKENS} for _ in range(repeats)]
        for tokens in (4, 16, 24):
            ratios = tuple(seconds[tokens] / seconds[8] for seconds in taken)
            yield Row(f"{scene}: frame of {tokens} tokens / of 8", ratios, f"≤ {target}" if tokens == 24 else "")
    batches = [{count: seconds_per_sentence(count) for count in _BATCHES} for _ in range(repeats)]
    for count in _BATCHES[1:]:
        ratios = tuple(seconds[count] / seconds[1] for seconds in batches)
        yield Row(f"trace of a sentence among {count} / alone", ratios)


def again(repeats: int) -> Iterator[Row]:
    """A film again: with nothing changed, with one caption changed, with another theme."""
    unchanged, caption, theme = [], [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            first = _film(folder, "-q", "l").seconds
            imports = run(["-c", "import manim"], folder, _environment(folder)).seconds
            unchanged.append(_film(folder, "-q", "l").seconds / (1.2 * imports + 1))
            theme.append(_film(folder, "-q", "l", "--theme", "light").seconds / first)
            shutil.rmtree(folder / "renders")
            first = _film(folder, "-q", "l").seconds
            _change_a_caption(folder)
            caption.append(_film(folder, "-q", "l").seconds / first)
    yield Row("unchanged film / (1.2 × import manim + 1 s)", tuple(unchanged), "≤ 1")
    yield Row("one caption changed / first time", tuple(caption))
    yield Row("theme changed / first time", tuple(theme))


def start(repeats: int) -> Iterator[Row]:
    """Seconds from pressing return to the first piece of film on the disk, which is whole."""
    taken = [_start() for _ in range(repeats)]
    yield Row("seconds to the first piece of film", tuple(taken))


SUBJECTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "film": film,
    "stock": stock,
    "growth": growth,
    "again": again,
    "start": start,
}


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the project's copy in ``folder`` is run, with a cache of its own."""
    if not (folder / "scenes").exists():
        for package in ("attention", "scenes"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return os.environ | {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}


def _film(folder: Path, *options: str) -> Run:
    return run([*_COMMAND, DEFAULT_SENTENCE, *options], folder, _environment(folder))


def _clip(scene: str, quality: str) -> float:
    file = str(ROOT / "tests" / "benchmarks" / "comparison.py")
    with tempfile.TemporaryDirectory() as folder:
        options = [f"-q{quality}", "--media_dir", folder, "--progress_bar", "none", "-v", "ERROR"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return run(["-m", "manim", "render", *options, file, scene], Path(folder), environment).seconds


def _change_a_caption(folder: Path) -> None:
    file = folder / "scenes" / "score_matrix.py"
    text, count = re.subn(r'self\.say\("[A-Z]\w+', 'self.say("Now', file.read_text(encoding="utf-8"), count=1)
    assert count == 1, "the scene has another caption to change"
    file.write_text(text, encoding="utf-8")


def _start() -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = _environment(folder)
        pieces = folder / "renders" / ".cache"
        seconds = time_until(
            [*_COMMAND, DEFAULT_SENTENCE, "-q", "l"],
            folder,
            environment,
            lambda: any(not file.name.startswith(".") for file in pieces.rglob("*.mp4")),
        )
        time.sleep(2)  # the workers end by themselves, then the folder can go
        return seconds
