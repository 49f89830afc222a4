"""Cairo's context as Manim's camera uses it, and what is drawn in many places."""

from typing import TYPE_CHECKING, Any, TypeAlias

import cairo
import numpy as np

if TYPE_CHECKING:
    Context: TypeAlias = cairo.Context[Any]
else:
    Context = cairo.Context  # generic in the type stubs only

Rgb = tuple[float, float, float]


def set_color(context: Context, color: Rgb, alpha: float = 1.0) -> None:
    """Set the colour to draw with; Manim's pixel arrays are RGBA where cairo writes BGRA, hence the order."""
    red, green, blue = color
    context.set_source_rgba(blue, green, red, alpha)


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
