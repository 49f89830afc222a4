"""Lines with a head: what the edges of graphs are drawn with."""

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import fill_shape, stroke
from scenes.drawing.marks import note_line
from scenes.look.theme import Rgb

_EDGE = 0.12  # of a head's casing, as a share of its width


def stroke_line(context: Context, points: Array, width: float, color: Rgb, alpha: float) -> None:
    """Stroke a line through ``points`` (k, 2), in the context's unit."""
    _path(context, points)
    note_line(context, width, alpha)
    stroke(context, width, color, alpha)


def fill_head(context: Context, outline: Array, color: Rgb, alpha: float) -> None:
    """Fill an arrowhead, given by its corners (3, 2)."""
    _path(context, outline)
    context.close_path()
    note_line(context, 0.0, alpha)
    fill_shape(context, _EDGE * float(np.hypot(*(outline[2] - outline[0]))), color, alpha)


def head_outline(tip: Array, base: Array, half_width: float) -> Array:
    """Return the corners (3, 2) of an arrowhead from the middle of its base to its tip."""
    along = tip - base
    length = max(float((along @ along) ** 0.5), 1e-9)
    aside = along[::-1] * (-1.0, 1.0) * (half_width / length)
    return np.stack([base + aside, tip, base - aside])


def _path(context: Context, points: Array) -> None:
    first, *rest = points.tolist()
    context.new_path()
    context.move_to(*first)
    for x, y in rest:
        context.line_to(x, y)
