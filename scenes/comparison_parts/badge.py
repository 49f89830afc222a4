"""`Badge`: a number in a circle, which says what belongs together."""

import numpy as np

from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import draw_number
from scenes.look.theme import Rgb, Theme, contrast

RADIUS = 0.72  # of the circle, in em
_NUMBER = 1.0  # size of the number, in em
_LINE = 0.1  # width of the outline, in em
_NUMBERS: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


class Badge(DrawnMobject):
    """A number in a circle of the theme's quiet colour.

    Parameters
    ----------
    number
        What it says.
    size
        In em, scene units.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class First(DrawingScene):
            def construct(self):
                self.add(Badge(1, 0.5, THEMES["dark"]))
    """

    def __init__(self, number: int, size: float, theme: Theme) -> None:
        super().__init__(2 * RADIUS * size, 2 * RADIUS * size)
        self.number = number
        self.theme = theme

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the circle, then the number."""
        context.translate(width / 2, height / 2)
        context.scale(width / (2 * RADIUS), height / (2 * RADIUS))
        paint_badge(context, self.number, self.theme.quiet, None, self.theme, float(self.opacity[0]))


def paint_badge(context: Context, number: int, line: Rgb, fill: Rgb | None, theme: Theme, alpha: float) -> None:
    """Draw a badge around the context's origin, whose unit is an em: an outline, and ``fill`` if there is one."""
    context.new_path()
    context.arc(0, 0, RADIUS - _LINE / 2, 0, 2 * np.pi)
    if fill:
        set_color(context, fill, alpha)
        context.fill_preserve()
    set_color(context, line, alpha)
    context.set_line_width(_LINE)
    context.stroke()
    ink = max(_NUMBERS, key=lambda color: contrast(color, fill)) if fill else theme.text
    draw_number(context, str(number), 0, 0, _NUMBER, ink, alpha, plated=fill is not None)
