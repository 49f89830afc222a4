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
_LINES = 0.72  # from the middle of a piece to that of its name, and to that of its number, in em
_FLYING = 1.3  # height of a piece that sets out, in em
_OUTLINE = 0.1  # width of the line around a hollow piece, in em
_INKS: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True)
class Piece:
    """One share: whose it is, how much, where it comes from, and how long it is.

    It comes from (x, y) in scene units, None if it has no place; its length is its share, if it is not given. It is
    ``hollow`` if it stands for several that have no name here.
    """

    name: str
    share: Fact
    origin: tuple[float, float] | None = None
    length: float | None = None
    hollow: bool = False

    @property
    def part(self) -> float:
        """The part of the bar that it takes."""
        return self.share.value if self.length is None else self.length

    def fits(self, width: float, size: float) -> bool:
        """Whether name and number have room on a bar that is ``width`` long, ``size`` being their em."""
        needed = max(outline(self.name).width + 0.5, ADVANCE * (len(self.share.text) + 0.6))
        return self.part * width > needed * size


class ShareBar(DrawnMobject):
    """Probabilities as lengths on one bar, which is all there is of them; each has its name and its number on it.

    Arrays say how the pieces look: ``arrived`` (n,) is how far each is on its way from where it comes from, 0 to 1,
    and ``lit`` (n,) 1 is plain, less is paler.

    Parameters
    ----------
    pieces
        n shares, from left to right.
    region
        Where the whole picture is; what comes from outside of the bar moves in it.
    bar
        Where the bar stands.
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

    def home(self, index: int) -> Region:
        """Return the place of a piece on the bar."""
        before = self.bar.left + sum(other.part for other in self.pieces[:index]) * self.bar.width
        gap = _GAP * self.size
        width = max(self.pieces[index].part * self.bar.width - gap, gap)
        return Region(before, self.bar.bottom, before + width, self.bar.top)

    def box(self, index: int) -> Region:
        """Return where a piece is now: small where it comes from, then at its place."""
        home, arrived = self.home(index), float(self.arrived[index])
        x, y = home.center
        from_x, from_y = self.pieces[index].origin or (x, y)
        first, then = 1 - (1 - arrived) ** 2, arrived**2  # across first, and down then
        x, y = from_x + first * (x - from_x), from_y + then * (y - from_y)
        gap, low = _GAP * self.size, _FLYING * self.size
        width, height = gap + (home.width - gap) * then, low + (home.height - low) * then
        return Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the pieces, those that are still on their way under those that have arrived, and write on these."""
        context.scale(width / self.region.width, -height / self.region.height)
        context.translate(-self.region.left, -self.region.top)
        for index in np.argsort(self.arrived, kind="stable").tolist():
            if self.arrived[index] <= 0:
                continue
            arrived, lit, box = float(self.arrived[index]), float(self.lit[index]), self.box(index)
            piece = self.pieces[index]
            color = mix(mix(WEIGHT, self.theme.plate, _PALER), WEIGHT, lit)
            self._paint_piece(context, box, color, float(self.opacity[0]) * min(4 * arrived, 1), piece.hollow)
            alpha = float(self.opacity[0]) * max(20 * arrived - 19, 0)
            if alpha > 0:
                self._write(context, piece, box, self.theme.plate if piece.hollow else color, alpha)

    def _paint_piece(self, context: Context, box: Region, color: Rgb, alpha: float, hollow: bool) -> None:
        """Fill a piece, or draw its outline on a plate if it is hollow."""
        line = _OUTLINE * self.size if hollow else 0.0
        set_color(context, self.theme.plate if hollow else color, alpha)
        context.rectangle(box.left + line / 2, box.bottom + line / 2, box.width - line, box.height - line)
        if hollow:
            context.fill_preserve()
            context.set_line_width(line)
            set_color(context, color, alpha)
            context.stroke()
        else:
            context.fill()

    def _write(self, context: Context, piece: Piece, box: Region, ground: Rgb, alpha: float) -> None:
        """Write the name of a piece on it, and its share below."""
        if not piece.fits(self.bar.width, self.size):
            return
        color = max(_INKS, key=lambda ink: contrast(ink, ground))
        name = outline(piece.name)
        context.save()
        context.translate(*box.center)
        context.scale(self.size, -self.size)
        draw_number(context, piece.share.text, 0, _LINES, 1.0, color, alpha, plated=True)
        context.translate(-name.width / 2, CAP_HEIGHT / 2 - _LINES)
        name.draw(context, color, alpha)
        context.restore()
