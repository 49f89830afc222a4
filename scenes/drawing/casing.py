"""Casings: the dark edges that light texts and lines have where nothing is known of what lies under the picture.

A clip with an alpha channel is laid over slides of any colour. So what is drawn free, on no shape of its own, has an
edge of the theme's background, as the names and roads on a map have.
"""

import cairo

from scenes.drawing.cairo_context import Context, set_color
from scenes.look.theme import Rgb, contrast

_WHITE: Rgb = (1.0, 1.0, 1.0)
_TEXT, _LINE = 4.5, 3.0  # contrast with white from which no casing is needed
_EDGE = 0.18  # around a text, in em
_WIDER = 2.4  # a line's casing, as a multiple of its width
_SOLID = 2.5  # how much more opaque than what stands on them casings and plates are

_casing: Rgb | None = None


def case_in(color: Rgb | None) -> None:
    """Give all that is drawn from now on casings of ``color``; None for none."""
    global _casing
    _casing = color


def under_alpha(alpha: float) -> float:
    """Return how opaque a shape is under a text of opacity ``alpha``: dimmed texts, too, stand on solid ones."""
    return min(_SOLID * alpha, 1.0) if _casing else alpha


def case_glyphs(context: Context, color: Rgb, alpha: float) -> None:
    """Draw the casing of the context's path, a text's glyphs with an em as unit; the path stays."""
    if _casing and contrast(color, _WHITE) < _TEXT:
        _edge(context, 2 * _EDGE, alpha)


def fill_shape(context: Context, edge: float, color: Rgb, alpha: float) -> None:
    """Fill the context's path, a shape that stands alone; a casing shows ``edge`` of the context's units around it."""
    if _casing and contrast(color, _WHITE) < _LINE:
        _edge(context, 2 * edge, alpha)
    set_color(context, color, alpha)
    context.fill()


def stroke(context: Context, width: float, color: Rgb, alpha: float) -> None:
    """Stroke the context's path."""
    if _casing and contrast(color, _WHITE) < _LINE:
        _edge(context, _WIDER * width, alpha)
    stroke_uncased(context, width, color, alpha)


def stroke_uncased(context: Context, width: float, color: Rgb, alpha: float) -> None:
    """Stroke the context's path, which has its casing already or stands on a shape."""
    context.set_line_width(width)
    set_color(context, color, alpha)
    context.stroke()


def _edge(context: Context, width: float, alpha: float) -> None:
    assert _casing
    join = context.get_line_join()
    context.set_line_join(cairo.LINE_JOIN_ROUND)  # letters have sharp corners
    context.set_line_width(width)
    set_color(context, _casing, under_alpha(alpha))
    context.stroke_preserve()
    context.set_line_join(join)
