"""Cairo's context as Manim's camera uses it, and what is drawn in many places."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import cairo
import numpy as np

from scenes.look.theme import Rgb

if TYPE_CHECKING:
    Context: TypeAlias = cairo.Context[Any]
else:
    Context = cairo.Context  # generic in the type stubs only

_true_order = False


@contextmanager
def true_order() -> Iterator[None]:
    """Draw inside the ``with`` block with red and blue where cairo has them, onto a surface that is no pixel array."""
    global _true_order
    _true_order = True
    try:
        yield
    finally:
        _true_order = False


def set_color(context: Context, color: Rgb, alpha: float = 1.0) -> None:
    """Set the colour to draw with; Manim's pixel arrays are RGBA where cairo writes BGRA, hence the order."""
    red, green, blue = color
    if _true_order:
        red, blue = blue, red
    context.set_source_rgba(blue, green, red, alpha)


def set_picture(context: Context, picture: cairo.ImageSurface) -> None:
    """Set a picture to draw with, whose channels stand in the order of Manim's pixel arrays."""
    if _true_order:
        shape = picture.get_height(), picture.get_width(), 4
        pixels = np.frombuffer(picture.get_data(), np.uint8).reshape(shape)[..., [2, 1, 0, 3]]
        picture = cairo.ImageSurface.create_for_data(bytearray(pixels.tobytes()), cairo.FORMAT_ARGB32, *shape[1::-1])
    context.set_source_surface(picture)


def rounded_rectangle(
    context: Context, x: float, y: float, width: float, height: float, left: float, right: float
) -> None:
    """Add a rectangle to the path, its corners rounded by a radius on the left side and another on the right."""
    quarter = np.pi / 2
    context.new_sub_path()
    context.arc(x + width - right, y + right, right, -quarter, 0)
    context.arc(x + width - right, y + height - right, right, 0, quarter)
    context.arc(x + left, y + height - left, left, quarter, 2 * quarter)
    context.arc(x + left, y + left, left, 2 * quarter, 3 * quarter)
    context.close_path()
