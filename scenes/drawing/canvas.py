"""`Canvas`: what stands on the camera's picture, so that only the rectangle that changed is drawn again.

One rectangle, not several: cairo draws the same pixels under a clip that is a rectangle of whole pixels as without any,
but under one of several rectangles it rounds otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject, Look

Pixels = NDArray[Any]  # (height, width, 4), uint8
Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_MARGIN = 1  # pixels around the ink, for its soft edge


@dataclass(frozen=True)
class _Painted:
    """One mobject as it stands on the picture: its arrays' bytes, and a box around its ink."""

    look: Look
    box: Box | None
    changed: Box | None = None  # the part of the box in which it looks otherwise than in the picture before


class Canvas:
    """Keeps a picture of mobjects up to date.

    Parameters
    ----------
    pixels
        The picture, (height, width, 4); drawn into.
    context
        Draws into ``pixels``.
    background
        What stands where no mobject does, shaped like ``pixels``.
    """

    def __init__(self, pixels: Pixels, context: Context, background: Pixels) -> None:
        self.pixels = pixels
        self.context = context
        self.background = background
        self._painted: dict[DrawnMobject, _Painted] = {}
        self._empty = True

    def show(self, mobjects: Sequence[DrawnMobject]) -> bool:
        """Bring the picture up to date with ``mobjects``, in drawing order, and return whether it changed."""
        before = self._painted
        self._painted = {mobject: self._as_painted(mobject, before.get(mobject)) for mobject in mobjects}
        changed = self._whole if self._empty else self._changed(before)
        self._empty = False
        if changed:
            self._draw(changed)
        return changed is not None

    @property
    def _whole(self) -> Box:
        return 0, 0, self.pixels.shape[1], self.pixels.shape[0]

    def _as_painted(self, mobject: DrawnMobject, before: _Painted | None) -> _Painted:
        look = mobject.look()
        if before and before.look == look:
            return before
        if not before:
            box = _ink(mobject, self.context)
            return _Painted(look, box, box)
        part = mobject.changed_part(before.look)
        if part is not None:
            changed = _around(mobject.lens.through(part) if mobject.lens is not None else part, self.context)
            return _Painted(look, _union([before.box, changed]), changed)
        box = before.box if _only_fades(before.look, look) else None
        box = box or _ink(mobject, self.context)
        return _Painted(look, box, _union([before.box, box]))

    def _changed(self, before: dict[DrawnMobject, _Painted]) -> Box | None:
        now = self._painted
        if [each for each in before if each in now] != [each for each in now if each in before]:
            return self._whole  # another drawing order
        gone = [painted.box for each, painted in before.items() if each not in now]
        changed = [painted.changed for each, painted in now.items() if painted is not before.get(each)]
        box = _union([*gone, *changed])
        return box and _common(box, self._whole)

    def _draw(self, changed: Box) -> None:
        left, top, right, bottom = changed
        self.pixels[top:bottom, left:right] = self.background[top:bottom, left:right]
        context = self.context
        context.save()
        matrix = context.get_matrix()
        context.identity_matrix()
        context.rectangle(left, top, right - left, bottom - top)
        context.clip()
        context.set_matrix(matrix)
        for mobject, painted in self._painted.items():
            if painted.box and _common(painted.box, changed):
                mobject.draw(context)
        context.restore()


def _common(one: Box, other: Box) -> Box | None:
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _union(boxes: Iterable[Box | None]) -> Box | None:
    found = [box for box in boxes if box]
    if not found:
        return None
    left, top, right, bottom = zip(*found, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _only_fades(before: Look, now: Look) -> bool:
    """Whether two looks differ in nothing but the opacity of the whole, which comes after the corner points."""
    return before[0] == now[0] and before[2:] == now[2:]


def _around(corners: Array, context: Context) -> Box:
    """Return the box around a rectangle in scene units."""
    places = np.array([context.user_to_device(*corner) for corner in corners[:, :2]])
    left, top = np.floor(places.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(places.max(axis=0)).astype(int).tolist()
    return left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN


def _ink(mobject: DrawnMobject, context: Context) -> Box | None:
    """Return the box around the pixels that ``mobject`` draws on; None if it draws on none."""
    recording = cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None)
    recorder: Any = cairo.Context(recording)
    recorder.set_matrix(context.get_matrix())
    mobject.draw(recorder)
    x, y, width, height = recording.ink_extents()
    left, top = int(np.floor(x)) - _MARGIN, int(np.floor(y)) - _MARGIN
    right, bottom = int(np.ceil(x + width)) + _MARGIN, int(np.ceil(y + height)) + _MARGIN
    return (left, top, right, bottom) if width and height else None
