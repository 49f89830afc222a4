"""Progress of what takes long, in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scenes.clips import Clip


class _Bars(Progress):
    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        console = Console(stderr=True)
        super().__init__(*columns, console=console, transient=True, disable=not console.is_terminal)


class SentenceBar(_Bars):
    """One progress bar, counting sentences."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.task = self.add_task(what, total=None)

    def on_sentence(self, done: int, total: int) -> None:
        """Show that `done` of `total` sentences have been read."""
        self.update(self.task, completed=done, total=total)


class ClipBars(_Bars):
    """A progress bar for each clip, counting its beats."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        super().__init__()
        self.tasks_of = {clip: self.add_task(clip.name, total=None) for clip in clips}

    def on_beat(self, clip: Clip, done: int, total: int) -> None:
        """Show that `clip` has played `done` of its `total` beats."""
        self.update(self.tasks_of[clip], completed=done, total=total)
