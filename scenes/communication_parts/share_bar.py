"""`ShareBar`: shares laid end to end, so that they are seen to make a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, draw_number, outline
from scenes.look.theme import WEIGHT, Rgb, Theme, contrast, mix
from scenes.places.layout import Region

_GAP = 0.1  # between two pieces, in em of the names
_PALER = 0.6  # how far a share that is not lit is mixed with the ground
_NAME_DROP = 0.45  # from the bar to the top of the names' capitals, in em
_NUMBERS: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
BAR_HEIGHT = 1.6  # in em of the names
WHOLE_HEIGHT = BAR_HEIGHT + _NAME_DROP + 1.0  # with the names, in em


@dataclass(frozen=True)
class Piece:
    """One share: whose it is, how much, where it comes from, and how long it is.

    It comes from (x, y) in scene units, None if it has no place; its length is its share, if it is not given.
    """

    name: str
    share: Fact
    origin: tuple[float, float] | None = None
    length: float | None = None

    @property
    def part(self) -> float:
        """The part of the bar that it takes."""
        return self.share.value if self.length is None else self.length

    def fits(self, width: float, size: float) -> bool:
        """Whether name and number have room on a bar that is ``width`` long, ``size`` being their em."""
        needed = max(outline(self.name).width + 0.5, ADVANCE * (len(self.share.text) + 0.6))
        return self.part * width > needed * size


class ShareBar(DrawnMobject):
    """Probabilities as lengths on one bar, whose whole length is 1; each has its name below and its number on it.

    Arrays say how the pieces look: ``arrived`` (n,) is how far each is on its way from where it comes from, 0 to 1,
    and ``lit`` (n,) 1 is plain, less is paler.

    Parameters
    ----------
    pieces
        n shares, from left to right.
    region
        Where the whole picture is; what comes from outside of the bar moves in it.
    bar
        Where the bar stands: it is as long as this is wide, at the upper edge, with the names below.
    size
        Of names and numbers, in em, scene units.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Shares(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                row = traced.weights[0, 1].tolist()
                shares = [Fact(f"weights[0][1, {column}]", share) for column, share in enumerate(row)]
                pieces = [Piece(*pair, (0, 2)) for pair in zip(traced.labels, shares, strict=True)]
                bar = ShareBar(pieces, Region(-6, -3, 6, 3), Region(-5, -2, 5, -1), 0.3, THEMES["dark"])
                bar.arrived[:] = 0
                self.play(Change(bar, arrived=1, order=np.linspace(0, 1, len(pieces))))
    """

    changing = ("opacity", "arrived", "lit")

    def __init__(self, pieces: Sequence[Piece], region: Region, bar: Region, size: float, theme: Theme) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.pieces = tuple(pieces)
        self.region = region
        self.bar = bar
        self.size = size
        self.theme = theme
        self.arrived: Array = np.ones(len(self.pieces))
        self.lit: Array = np.ones(len(self.pieces))

    def facts(self) -> list[Fact]:
        """Return the shares."""
        return [piece.share for piece in self.pieces]

    def box(self, index: int) -> Region:
        """Return where a piece is now: an upright bar where it comes from, then its place."""
        piece, arrived = self.pieces[index], float(self.arrived[index])
        before = sum(other.part for other in self.pieces[:index])
        height, gap = BAR_HEIGHT * self.size, _GAP * self.size
        width = max(piece.part * self.bar.width - gap, gap)
        x = self.bar.left + before * self.bar.width + (width + gap) / 2
        y = self.bar.top - height / 2
        from_x, from_y = piece.origin or (x, y)
        first, then = 1 - (1 - arrived) ** 2, arrived**2  # across first and down then, so that none passes over others
        x, y = from_x + first * (x - from_x), from_y + then * (y - from_y)
        width = gap + (width - gap) * then
        return Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the pieces from left to right, and the names of those that have arrived."""
        context.scale(width / self.region.width, -height / self.region.height)
        context.translate(-self.region.left, -self.region.top)
        for index in np.flatnonzero(self.arrived > 0).tolist():
            arrived, lit, box = float(self.arrived[index]), float(self.lit[index]), self.box(index)
            color = mix(mix(WEIGHT, self.theme.plate, _PALER), WEIGHT, lit)
            set_color(context, color, self.opacity[0] * min(4 * arrived, 1))
            context.rectangle(box.left, box.bottom, box.width, box.height)
            context.fill()
            alpha = float(self.opacity[0]) * max(20 * arrived - 19, 0)  # once it is clear of the chips above
            if alpha > 0:
                self._write(context, self.pieces[index], box, color, alpha)

    def _write(self, context: Context, piece: Piece, box: Region, ground: Rgb, alpha: float) -> None:
        """Write a share on its piece, and its name below."""
        context.save()
        context.translate(*box.center)
        context.scale(1, -1)
        if box.width > ADVANCE * (len(piece.share.text) + 0.4) * self.size:
            color = max(_NUMBERS, key=lambda ink: contrast(ink, ground))
            draw_number(context, piece.share.text, 0, 0, self.size, color, alpha, plated=True)
        name = outline(piece.name)
        context.translate(-name.width * self.size / 2, box.height / 2 + (_NAME_DROP + CAP_HEIGHT) * self.size)
        context.scale(self.size, self.size)
        name.draw(context, self.theme.text, alpha)
        context.restore()
