"""`StageStrip`: the thin strip that says where in the model the film is."""

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.casing import fill_shape
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.drawing.text_fitting import in_lines
from scenes.look.theme import Theme
from scenes.places.layout import Region
from scenes.words import NP_, pgettext

STAGES = (
    NP_("stage", "text"),
    NP_("stage", "tokens"),
    NP_("stage", "embeddings"),
    "Q K V",
    NP_("stage", "scores"),
    NP_("stage", "weights"),
    NP_("stage", "output"),
)

_GAP = 1.5  # between two stages, in em
_LINE = 1.6  # height of a line, in em
_EDGE = 0.06  # of the casing of the bar, in em


class StageStrip(DrawnMobject):
    """The stages of the model in order, the present one lit.

    Parameters
    ----------
    region
        Where it stands; stages that do not fit on one line go on in the next.
    size
        In em, scene units.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Strip(DrawingScene):
            def construct(self):
                frame = Frame("16:9")
                strip = StageStrip(frame.strip, frame.small_text, THEMES["dark"])
                strip.lit = StageStrip.at("scores")
                self.add(strip)
    """

    changing = ("opacity", "lit")

    def __init__(self, region: Region, size: float, theme: Theme) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.size = size
        self.theme = theme
        self.names = tuple(pgettext("stage", stage) for stage in STAGES)
        self.lines = self._lines(region.width / size)
        self.lit: Array = np.zeros(len(STAGES))

    @staticmethod
    def at(stage: str | None) -> Array:
        """Return ``lit`` for being at ``stage``, or for looking at the whole."""
        return np.array([float(name == stage) for name in STAGES])

    def region(self, stage: str) -> Region:
        """Return where the name of a stage stands, from its baseline to the top of its capitals, in scene units."""
        index = STAGES.index(stage)
        row, line = next((row, line) for row, line in enumerate(self.lines) if index in line)
        left = self._width(line[: line.index(index)]) + _GAP * (index != line[0]) - self._width(line) / 2
        down = (row - (len(self.lines) - 1) / 2) * _LINE
        x, y = (self.points[1, :2] + self.points[2, :2]) / 2
        right = x + (left + outline(self.names[index]).width) * self.size
        bottom, top = (y - (down + half * CAP_HEIGHT / 2) * self.size for half in (1, -1))
        return Region(float(x + left * self.size), float(bottom), float(right), float(top))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the names with a dot between neighbours, and a bar under the one that is lit."""
        context.translate(width / 2, height / 2)
        context.scale(self.size, self.size)
        for row, line in enumerate(self.lines):
            x = -self._width(line) / 2
            y = (row - (len(self.lines) - 1) / 2) * _LINE + CAP_HEIGHT / 2
            for index in line:
                self._paint_stage(context, index, x, y)
                x += outline(self.names[index]).width + _GAP
                if index != line[-1]:
                    self._paint_dot(context, x - _GAP / 2, y - CAP_HEIGHT / 3)

    def _paint_stage(self, context: Context, index: int, x: float, y: float) -> None:
        lit, name = self.lit[index], outline(self.names[index])
        context.save()
        context.translate(x, y)
        for color, alpha in ((self.theme.quiet, 1 - lit), (self.theme.text, lit)):
            if alpha > 0:
                name.draw(context, color, self.opacity[0] * alpha)
        context.rectangle(0, 0.34, name.width, 0.09)
        fill_shape(context, _EDGE, self.theme.text, float(self.opacity[0] * lit))
        context.restore()

    def _paint_dot(self, context: Context, x: float, y: float) -> None:
        context.arc(x, y, 0.07, 0, 2 * np.pi)
        set_color(context, self.theme.quiet, self.opacity[0])
        context.fill()

    def _width(self, line: list[int]) -> float:
        return sum(outline(self.names[index]).width for index in line) + _GAP * max(len(line) - 1, 0)

    def _lines(self, width: float) -> list[list[int]]:
        """Return the stages' indices in lines of at most ``width`` em."""
        return in_lines(range(len(STAGES)), lambda line: self._width(line) <= width)
