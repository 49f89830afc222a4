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

_ROOM = cairo.Rectangle(-20_000, -20_000, 40_000, 40_000)  # far beyond any picture

_SAME = 1.5  # pixels by which a text's glyphs may leave its box


@dataclass(slots=True, eq=False)
class Ink:
    """One text, line or filled shape as it stands in a picture.

    ``points`` are a text's corners, a line's bends or a shape's outline, in pixels; ``size`` is a text's em or a line's
    width. ``number`` counts an owner's inks of one kind. ``halo`` is the colour of the casing of a text, line or shape.
    A picture, as an emoji is one, has no colour.
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
    cut: float = 0.0  # pixels of it that a window's edge hides

    def __str__(self) -> str:
        name = type(self.owner).__name__
        return f"{name} {self.text!r}" if self.kind == "text" else f"{name}'s {self.kind}"

    @property
    def centre(self) -> Points:
        """The middle of all of it, (2,), also of what a window's edge hides."""
        middle: Points = (self.points.min(axis=0) + self.points.max(axis=0)) / 2
        return middle


class NotingContext(cairo.Context):  # type: ignore[type-arg]
    """A context that draws nothing, and keeps what it was asked to fill and stroke as :class:`Ink`.

    That a fill is a text's glyphs is known from the note that precedes it; see :mod:`scenes.drawing.marks`.
    """

    inks: list[Ink]
    owner: Any
    _texts: Sequence[Mark]
    _taken: int
    _windowed: bool
    _casing: Rgb | None
    _cased: list[tuple[Box, Rgb]]
    _edged: bool

    def __new__(cls, matrix: cairo.Matrix) -> "NotingContext":
        """Return a context that places things as ``matrix`` says."""
        context = super().__new__(cls, cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, _ROOM))
        context.set_matrix(matrix)
        return context

    def note(self, mobject: DrawnMobject) -> list[Ink]:
        """Return what ``mobject`` draws, in order."""
        self.inks, self.owner, self._taken, self._windowed, self._casing, self._edged = (
            [],
            mobject,
            0,
            False,
            None,
            False,
        )
        self._cased = []
        with noting() as marks:
            self._texts = marks
            mobject.draw(self)
            self._take_texts()
        for kind in ("text", "line", "shape"):
            for number, ink in enumerate(ink for ink in self.inks if ink.kind == kind):
                ink.number = number
        return self.inks

    def clip(self) -> None:
        """Let only what is inside of the path be seen from now on."""
        self._windowed = True
        super().clip()

    def fill(self) -> None:
        """Note the path as a shape, or as the glyphs of a text."""
        self.fill_preserve()
        self.new_path()

    def fill_preserve(self) -> None:
        """Note the path as a shape, or as the glyphs of a text."""
        self._note("shape", 0.0)

    def stroke(self) -> None:
        """Note the path as lines."""
        scale = float(np.hypot(*self.user_to_device_distance(0, 1)))
        self._note("line", self.get_line_width() * scale)
        self.new_path()

    def stroke_preserve(self) -> None:
        """Note the path as the casing of the text, line or shape that is drawn next."""
        begins = self._take_texts()
        blue, green, red, _ = self.get_source().get_rgba()  # type: ignore[attr-defined]
        if begins:
            self.inks[-1].halo, self._edged = (red, green, blue), True
        else:
            self._casing = red, green, blue
            self._cased += [(box, self._casing) for _, box in self._subpaths()]

    def paint(self) -> None:
        """Note nothing: what is painted is a picture, such as an emoji, whose text is noted."""

    def paint_with_alpha(self, alpha: float) -> None:
        """Note nothing, as for :meth:`paint`."""

    def _take_texts(self) -> bool:
        """Take over the texts that were noted since the last time, and return whether there are any."""
        texts = [mark for mark in self._texts[self._taken :] if mark.kind == "text"]
        for mark in texts:
            box = _box(mark.points.tolist())
            self._add(Ink("text", self.owner, mark.points, box, mark.size, mark.alpha, text=mark.text))
        self._taken = len(self._texts)
        return bool(texts)

    def _add(self, ink: Ink) -> None:
        """Keep what is not all outside of the window through which it is drawn."""
        if self._windowed:
            low, high = whole = np.array(ink.box).reshape(2, 2)
            first, last = self._window()
            if (high < first).any() or (low > last).any():
                return
            seen = np.clip(whole, first, last)
            ink.cut = float(np.abs(seen - whole).max())
            ink.box = tuple(seen.ravel().tolist())
        self.inks.append(ink)

    def _window(self) -> tuple[Points, Points]:
        left, top, right, bottom = self.clip_extents()
        corners = np.array([self.user_to_device(x, y) for x in (left, right) for y in (top, bottom)])
        return corners.min(axis=0), corners.max(axis=0)

    def _note(self, kind: Literal["line", "shape"], width: float) -> None:
        begins, self._edged = self._take_texts() or self._edged, False
        halo, self._casing = self._casing, None
        source: Any = self.get_source()
        color, alpha = None, 1.0
        if isinstance(source, cairo.SolidPattern):
            blue, green, red, alpha = source.get_rgba()  # the order of Manim's pixel arrays
            color = red, green, blue
        text = self.inks[-1] if self.inks and self.inks[-1].kind == "text" else None
        if begins and text:
            text.color = color
            text.halo = text.halo or next((halo for box, halo in self._cased if _inside(box, text.box, _SAME)), None)
        if begins or alpha <= 0:  # what is drawn right after a note is the text's
            return
        for points, box in self._subpaths():
            if text and _inside(box, text.box, max(_SAME, text.size / 8)):  # another part of it
                text.color = text.color or color
                continue
            edge = kind == "line" and bool(self.inks) and _alike(self.inks[-1].points, points)
            self._add(Ink(kind, self.owner, points, box, width, alpha, color, halo=halo, edge=edge))

    def _subpaths(self) -> Iterator[tuple[Points, Box]]:
        """Yield the bends and the box of each part of the path; in plain numbers, as most are the few of a cell."""
        xx, yx, xy, yy, x0, y0 = self.get_matrix()
        bends: list[tuple[float, float]] = []
        for step, values in self.copy_path_flat():
            if step == cairo.PATH_CLOSE_PATH:
                bends += bends[:1]
                continue
            if step == cairo.PATH_MOVE_TO:
                if len(bends) > 1:
                    yield np.array(bends), _box(bends)
                bends = []
            x, y = values
            bends.append((xx * x + xy * y + x0, yx * x + yy * y + y0))
        if len(bends) > 1:
            yield np.array(bends), _box(bends)


def _box(bends: Sequence[tuple[float, float]]) -> Box:
    across, down = zip(*bends, strict=True)
    return min(across), min(down), max(across), max(down)


def _alike(one: Points, other: Points) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max() < _SAME)


def _inside(box: Box, other: Box, slack: float) -> bool:
    return (
        box[0] >= other[0] - slack
        and box[1] >= other[1] - slack
        and box[2] <= other[2] + slack
        and box[3] <= other[3] + slack
    )
