"""`Lens`: what the stage is seen through, so that the camera can go into a part of it and come back."""

import numpy as np
from manim import Mobject

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context


class Lens(Mobject):
    """A window onto the stage: at rest it shows all of it; closer, it shows a part enlarged, cut at the window's edges.

    ``view`` says what is seen: the middle (x, y) in scene units, and how much larger than at rest it is. A mobject is
    seen through the lens that it has as its :attr:`~scenes.drawing.drawn_mobject.DrawnMobject.lens`.

    Parameters
    ----------
    corners
        The window's corner points, (3, 3).

    Examples
    --------
    .. code-block:: python

        class CloseUp(DrawingScene):
            def construct(self):
                tensor = Tensor(trace("The cat sat.").weights[0], probability_scale(WEIGHT, THEMES["dark"]))
                tensor.place(0, 0, 6, 6).lens = lens = Lens(corners(0, 0, 8, 6))
                self.add(tensor)
                self.play(Change(lens, view=lens.onto(tensor.region(rows=1).corners)))
    """

    def __init__(self, corners: Array) -> None:
        super().__init__()
        upper_left, upper_right, lower_left = corners[:, :2]
        self.corner: Array = upper_left
        self.extent: Array = np.array([upper_right[0] - upper_left[0], upper_left[1] - lower_left[1]])
        self.view: Array = self.at_rest

    @property
    def middle(self) -> Array:
        """The window's middle, (2,)."""
        return self.corner + self.extent * [0.5, -0.5]

    @property
    def at_rest(self) -> Array:
        """The view that shows everything as it stands."""
        return np.array([*self.middle, 1.0])

    @property
    def zoom(self) -> float:
        """How much larger than at rest things are."""
        return float(self.view[2])

    def onto(self, corners: Array, share: float = 0.9) -> Array:
        """Return the view in which a rectangle (3, 3) takes ``share`` of the window's width or height."""
        upper_left, upper_right, lower_left = corners[:, :2]
        size = np.array([upper_right[0] - upper_left[0], upper_left[1] - lower_left[1]])
        return np.array([*(upper_right + lower_left) / 2, share * (self.extent / np.maximum(size, 1e-9)).min()])

    def through(self, points: Array) -> Array:
        """Return where ``points`` (k, 2 or 3) are seen."""
        seen = np.array(points, dtype=float)
        seen[:, :2] = self.middle + self.zoom * (seen[:, :2] - self.view[:2])
        return seen

    def apply(self, context: Context) -> None:
        """Let the context, in scene units, draw what is seen."""
        if np.array_equal(self.view, self.at_rest):
            return
        (x, y), (width, height) = self.corner.tolist(), self.extent.tolist()
        context.rectangle(x, y, width, -height)
        context.clip()
        context.translate(*self.middle)
        context.scale(self.zoom, self.zoom)
        context.translate(*-self.view[:2])
