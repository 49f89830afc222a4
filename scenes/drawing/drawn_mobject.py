"""`DrawnMobject`: a mobject that draws itself with cairo and keeps all that can change in arrays."""

from typing import Any, ClassVar, Self

import cairo
import numpy as np
from manim import Mobject

from scenes.drawing.arrays import Array, corners
from scenes.drawing.cairo_context import Context
from scenes.drawing.fact import Fact
from scenes.drawing.lens import Lens
from scenes.drawing.marks import drawn_by
from scenes.drawing.standing_chip import StandingChip

Look = tuple[bytes, ...]  # of the corner points and the view, then of the arrays that can change


class DrawnMobject(Mobject):
    """A rectangle that paints its own content; the base of all mobjects here.

    The rectangle is held by three corner points (upper left, upper right, lower left), so ``shift``, ``scale``,
    ``rotate``, ``next_to`` and ``.animate`` work as on any mobject. Whatever else can change over time is an array
    named in :attr:`changing`, opacity first: Manim's ``Transform`` interpolates these, its cache of partial movies
    hashes them, and :class:`~scenes.drawing.change.Change` moves them without copying a mobject.

    It belongs in a scene that knows it, a :class:`~scenes.drawing.drawing_scene.DrawingScene`.

    Parameters
    ----------
    width, height
        Size in scene units.
    """

    changing: ClassVar[tuple[str, ...]] = ("opacity",)

    def __init__(self, width: float, height: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opacity: Array = np.ones(1)
        self.lens: Lens | None = None  # what it is seen through
        self.steady = False  # whether it stays as it is when the camera goes in
        self.points = corners(0.0, 0.0, width, height)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw into ``context``: scene units, origin in the upper left corner, y downward."""
        raise NotImplementedError

    def draw(self, context: Context) -> None:
        """Draw into the camera's ``context`` where the corner points say."""
        if self.opacity[0] <= 0:
            return
        upper_left, upper_right, lower_left = self.points[:, :2]
        across, down = upper_right - upper_left, lower_left - upper_left
        width, height = float(np.hypot(*across)), float(np.hypot(*down))
        if abs(across[0] * down[1] - across[1] * down[0]) < 1e-6 * width * height or width * height == 0:
            return  # it is seen from its edge
        context.save()
        if self.lens is not None:
            self.lens.apply(context)
        context.transform(cairo.Matrix(*(across / width), *(down / height), *upper_left))
        with drawn_by(self):
            self.paint(context, width, height)
        context.restore()

    def look(self) -> Look:
        """Return what tells how it looks: the bytes of corner points and view, then of all arrays that can change.

        A mobject that follows another one adds the other's look.
        """
        seen = self.lens.view.tobytes() if self.lens is not None else b""
        return (self.points.tobytes() + seen, *(getattr(self, name).tobytes() for name in self.changing))

    def changed_part(self, before: Look) -> Array | None:  # noqa: ARG002
        """Return the corner points (3, 3) of a rectangle outside of which it looks as ``before``; None if unknown."""
        return None

    def facts(self) -> list[Fact]:
        """Return the numbers that it shows, printed or as a colour or length, each with its source in the trace."""
        return []

    def standing_chips(self) -> list[StandingChip]:
        """Return the tokens' chips that it draws and that can be seen."""
        return []

    def place(self, x: float, y: float, width: float, height: float) -> Self:
        """Move and resize so that the centre is at (``x``, ``y``)."""
        self.points = corners(x, y, width, height)
        return self

    def set_opacity(self, opacity: float) -> Self:
        """Set the opacity of the whole, 0 to 1."""
        self.opacity = np.array([float(opacity)])
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Self:
        """Take ``darkness`` (0 to 1) of the opacity away; what Manim's ``FadeIn`` and ``FadeOut`` call."""
        self.set_opacity(float(self.opacity[0]) * (1 - darkness))
        super().fade(darkness, family)
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Self:
        """Set every changing array between those of two mobjects of this class."""
        for name in self.changing:
            start, end = getattr(mobject1, name), getattr(mobject2, name)
            setattr(self, name, start + alpha * (end - start))
        return self
