"""`Change`: the one animation of drawn mobjects. It moves arrays, and copies nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import Animation, Mobject, smooth

from scenes.drawing.arrays import Array
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.lens import Lens


class Change(Animation):
    """Move arrays of a :class:`DrawnMobject` or a :class:`Lens` from what they are to what they shall be.

    Parameters
    ----------
    mobject
        Whose arrays change.
    order
        When each element moves, 0 first and 1 last; shaped like the arrays. Left out, all move together.
    overlap
        With ``order``: the share of the running time that one element takes, 0 to 1.
    run_time
        In seconds.
    rate_func
        How the motion speeds up and slows down, without ``order``.
    remover
        Whether the mobject leaves the scene in the end.
    **targets
        Array names with their new values, which broadcast to the array's shape; or with the way there, a function of
        the share that is done, for what does not go straight. ``points`` moves and resizes.

    Examples
    --------
    .. code-block:: python

        class Appearing(DrawingScene):
            def construct(self):
                label = Label("cat", THEMES["dark"].text, 1.0).set_opacity(0)
                self.play(Change(label, opacity=1, points=label.copy().shift([2, 0, 0]).points))
    """

    def __init__(
        self,
        mobject: DrawnMobject | Lens,
        *,
        order: Array | None = None,
        overlap: float = 0.25,
        run_time: float = 1.0,
        rate_func: Callable[[float], float] = smooth,
        remover: bool = False,
        **targets: Any,
    ) -> None:
        super().__init__(mobject, run_time=run_time, rate_func=rate_func, introducer=True, remover=remover)
        self.order = order
        self.overlap = overlap
        self.ways = {name: way for name, way in targets.items() if callable(way)}
        self.targets = {
            name: np.asarray(value, dtype=float) for name, value in targets.items() if name not in self.ways
        }

    def begin(self) -> None:
        """Note where the arrays start."""
        self.starts = {name: np.array(getattr(self.mobject, name), dtype=float) for name in self.targets}
        self.interpolate(0)

    def get_all_mobjects(self) -> tuple[Mobject]:
        """Return the mobject alone: there is no copy of it to keep up to date."""
        return (self.mobject,)  # type: ignore[return-value]

    def interpolate_mobject(self, alpha: float) -> None:
        """Set the arrays for ``alpha``, the share of the running time that has passed."""
        if self.order is None:
            progress: Any = self.rate_func(alpha)
        else:
            window = max(self.overlap, 1e-9)
            local = np.clip((alpha - self.order * (1 - window)) / window, 0, 1)
            progress = local * local * (3 - 2 * local)
        for name, start in self.starts.items():
            moved = start + progress * (self.targets[name] - start)
            setattr(self.mobject, name, np.where(np.asarray(progress) >= 1, self.targets[name], moved))
        for name, way in self.ways.items():
            setattr(self.mobject, name, way(progress))


def reading_order(rows: int, columns: int) -> Array:
    """Return when each cell of a matrix is reached by reading it row by row, (rows, columns), from 0 to 1."""
    return np.arange(rows * columns, dtype=float).reshape(rows, columns) / max(rows * columns - 1, 1)


def row_order(rows: int, columns: int) -> Array:
    """Return when each cell is reached if the rows come one after another, (rows, columns), from 0 to 1."""
    return np.repeat(np.arange(rows, dtype=float)[:, None] / max(rows - 1, 1), columns, axis=1)
