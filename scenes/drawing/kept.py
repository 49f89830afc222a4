"""What rests on a picture is drawn once, and laid there again as long as it looks the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

import cairo

from scenes.drawing import marks
from scenes.drawing.cairo_context import Context

_MOST = 4  # pictures that are kept

_kept: "OrderedDict[Hashable, cairo.ImageSurface]" = OrderedDict()


def draw_kept(context: Context, look: Hashable, draw: Callable[[Context], None]) -> None:
    """Draw into ``context`` what ``draw`` draws, from a picture of it where it has been drawn before.

    Parameters
    ----------
    context
        Where a picture's pixels are drawn; anything else, such as the pages of a PDF, gets what ``draw`` draws.
    look
        All that decides what is drawn, except for the size and the place in the picture.
    draw
        Draws it into the context that it is given.
    """
    target = context.get_target()
    if not isinstance(target, cairo.ImageSurface) or marks.wanted():
        draw(context)
        return
    size = target.get_width(), target.get_height()
    matrix = context.get_matrix()
    key = look, size, str(matrix)
    picture = _kept.pop(key, None) or _draw_picture(size, matrix, draw)
    _kept[key] = picture
    while len(_kept) > _MOST:
        _kept.popitem(last=False)
    context.save()
    context.identity_matrix()
    context.set_source_surface(picture)
    context.paint()
    context.restore()


def _draw_picture(size: tuple[int, int], matrix: cairo.Matrix, draw: Callable[[Context], None]) -> cairo.ImageSurface:
    picture = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    context: Context = cairo.Context(picture)
    context.set_matrix(matrix)
    draw(context)
    return picture
