"""Noting what is drawn: every text and line with its place, so that a picture can be checked without being looked at.

Nothing is noted unless someone listens with :func:`noting`; then each text and each line that a mobject draws leaves a
:class:`Mark`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context


@dataclass(frozen=True)
class Mark:
    """One text, or one line, as it was drawn.

    ``points`` are the corners of a text's box around its ink, or the bends of a line; ``size`` is an em, or a line's
    width. All in pixels of the frame.
    """

    kind: Literal["text", "line"]
    owner: Any  # the mobject that drew it
    text: str
    points: Array  # (k, 2), pixels
    size: float
    alpha: float


_noted: list[Mark] | None = None
_owner: Any = None


@contextmanager
def noting() -> Iterator[list[Mark]]:
    """Collect the marks of all that is drawn inside the ``with`` block."""
    global _noted
    _noted = []
    try:
        yield _noted
    finally:
        _noted = None


def wanted() -> bool:
    """Whether someone listens."""
    return _noted is not None


@contextmanager
def drawn_by(owner: Any) -> Iterator[None]:
    """Say which mobject draws inside the ``with`` block."""
    global _owner
    _owner = owner
    yield


def note_text(context: Context, text: str, left: float, top: float, right: float, bottom: float, alpha: float) -> None:
    """Note a text that is drawn with em as the context's unit; its ink's box is given in that unit."""
    if _noted is not None and alpha > 0 and text.strip() and _inside(context, left, top, right, bottom):
        box = [context.user_to_device(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
        size = float(np.hypot(*context.user_to_device_distance(0, 1)))
        _noted.append(Mark("text", _owner, text, np.array(box), size, alpha))


def _inside(context: Context, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a box in the context's unit is not all outside of what is drawn."""
    first_x, first_y, last_x, last_y = context.clip_extents()
    return left < last_x and right > first_x and top < last_y and bottom > first_y


def note_line(context: Context, width: float, alpha: float) -> None:
    """Note the context's current path as a line (or the outline of an arrowhead) that is about to be drawn."""
    if _noted is None or alpha <= 0:
        return
    scale = float(np.hypot(*context.user_to_device_distance(0, 1)))
    bends: list[tuple[float, float]] = []
    for step, values in context.copy_path_flat():
        if step == 0 and len(bends) > 1:  # cairo.PATH_MOVE_TO begins another line
            _noted.append(Mark("line", _owner, "", np.array(bends), width * scale, alpha))
        bends = [] if step == 0 else bends
        if values:
            bends.append(context.user_to_device(*values))
    if len(bends) > 1:
        _noted.append(Mark("line", _owner, "", np.array(bends), width * scale, alpha))
