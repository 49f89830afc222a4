"""Every text, line and filled shape that mobjects draw, noted instead of drawn: what the audit looks at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import Mark, noting
from scenes.look.theme import Rgb

Points = NDArray[np.float64]  # (k, 2), pixels, y downward
Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels

_SAME = 1.5  # pixels by which a text's glyphs may leave its box


@dataclass(slots=True, eq=False)
class Ink:
    """One text, line or filled shape as it stands in a picture.

    ``points`` are a text's corners, a line's bends or a shape's outline, in pixels; ``size`` is a text's em or a line's
    width. ``number`` counts an owner's inks of one kind. ``halo`` is the colour that a text is edged with. A picture,
    as an emoji is one, has no colour.
    """

    kind: Literal["text", "line", "shape"]
    owner: DrawnMobject
    points: Points
    box: Box
    size: float = 0.0
    alpha: float = 1.0
    color: Rgb | None = None
    text: str = ""
    number: int = 0
    halo: Rgb | None = None
    edge: bool = False  # whether a line is the edge of the shape before it

    def __str__(self) -> str:
        name = type(self.owner).__name__
        return f"{name} {self.text!r}" if self.kind == "text" else f"{name}'s {self.kind}"

    @property
    def centre(self) -> Points:
        """The middle of its box, (2,)."""
        return np.array([(self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2])


class NotingContext(cairo.Context):  # type: ignore[type-arg]
    """A context that draws nothing, and keeps what it was asked to fill and stroke as :class:`Ink`.

    That a fill is a text's glyphs is known from the note that precedes it; see :mod:`scenes.drawing.marks`.
    """

    inks: list[Ink]
    owner: Any
    _texts: Sequence[Mark]
    _taken: int

    def __new__(cls, matrix: cairo.Matrix) -> "NotingContext":
        """Return a context that places things as ``matrix`` says."""
        context = super().__new__(cls, cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None))
        context.set_matrix(matrix)
        return context

    def note(self, mobject: DrawnMobject) -> list[Ink]:
        """Return what ``mobject`` draws, in order."""
        self.inks, self.owner, self._taken = [], mobject, 0
        with noting() as marks:
            self._texts = marks
            mobject.draw(self)
            self._take_texts()
        for kind in ("text", "line", "shape"):
            for number, ink in enumerate(ink for ink in self.inks if ink.kind == kind):
                ink.number = number
        return self.inks

    def fill(self) -> None:
        """Note the path as a shape, or as the glyphs of a text."""
        self.fill_preserve()
        self.new_path()

    def fill_preserve(self) -> None:
        """Note the path as a shape, or as the glyphs of a text."""
        self._note("shape", 0.0)

    def stroke(self) -> None:
        """Note the path as lines, or as the edge of a text."""
        self.stroke_preserve()
        self.new_path()

    def stroke_preserve(self) -> None:
        """Note the path as lines, or as the edge of a text."""
        scale = float(np.hypot(*self.user_to_device_distance(0, 1)))
        self._note("line", self.get_line_width() * scale)

    def paint(self) -> None:
        """Note nothing: what is painted is a picture, such as an emoji, whose text is noted."""

    def paint_with_alpha(self, alpha: float) -> None:
        """Note nothing, as for :meth:`paint`."""

    def _take_texts(self) -> None:
        for mark in self._texts[self._taken :]:
            if mark.kind == "text":
                box = (*mark.points.min(axis=0).tolist(), *mark.points.max(axis=0).tolist())
                self.inks.append(Ink("text", self.owner, mark.points, box, mark.size, mark.alpha, text=mark.text))
        self._taken = len(self._texts)

    def _note(self, kind: Literal["line", "shape"], width: float) -> None:
        self._take_texts()
        source: Any = self.get_source()
        color, alpha = None, 1.0
        if isinstance(source, cairo.SolidPattern):
            blue, green, red, alpha = source.get_rgba()  # the order of Manim's pixel arrays
            color = red, green, blue
        if alpha <= 0:
            return
        for points in self._subpaths():
            low, high = points.min(axis=0), points.max(axis=0)
            box = (*low.tolist(), *high.tolist())
            if not self._is_glyph(kind, box, color):
                edge = kind == "line" and bool(self.inks) and self.inks[-1].box == box
                self.inks.append(Ink(kind, self.owner, points, box, width, alpha, color, edge=edge))

    def _is_glyph(self, kind: str, box: Box, color: Rgb | None) -> bool:
        """Tell whether a path is a part of the text that was noted last, and give that text its colour."""
        text = self.inks[-1] if self.inks else None
        if text is None or text.kind != "text" or not _inside(box, text.box, max(_SAME, text.size / 8)):
            return False
        if kind == "line" and text.color is None:
            text.halo = color
        elif text.color is None:
            text.color = color
        return True

    def _subpaths(self) -> Iterator[Points]:
        matrix = self.get_matrix()
        turn = np.array([[matrix.xx, matrix.yx], [matrix.xy, matrix.yy]])
        shift = np.array([matrix.x0, matrix.y0])
        bends: list[tuple[float, ...]] = []
        for step, values in self.copy_path_flat():
            if step == cairo.PATH_MOVE_TO:
                if len(bends) > 1:
                    yield np.array(bends) @ turn + shift
                bends = [values]
            elif step == cairo.PATH_LINE_TO:
                bends.append(values)
            elif bends:
                bends.append(bends[0])
        if len(bends) > 1:
            yield np.array(bends) @ turn + shift


def _inside(box: Box, other: Box, slack: float) -> bool:
    return (
        box[0] >= other[0] - slack
        and box[1] >= other[1] - slack
        and box[2] <= other[2] + slack
        and box[3] <= other[3] + slack
    )
