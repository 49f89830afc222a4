"""`ShareBar`: arrows that become lengths on one bar, so that shares are seen to make a whole."""

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
_OUTLINE = 0.1  # width of the line around a hollow piece, in em
_TURNED = 0.3  # share of its way on which a block turns until it lies as the bar does
_PACES = (1.0, 1.0), (0.4, 2.0), (2.0, 0.4)  # powers of the share of the way, across and down: straight, or one first
_WRITTEN = 0.98, 1.0  # shares of its way between which a block gets its name
_LOOKS = 25  # moments of a flight at which it is looked at whether it is clear
_INKS: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@dataclass(frozen=True)
class Piece:
    """One share: whose it is, how much, and how long it is: its share, if that is not given.

    It is ``hollow`` if it stands for several that have no name here.
    """

    name: str
    share: Fact
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


@dataclass(frozen=True)
class ShareArrow:
    """What becomes a block of a piece: a line (k, 2) of some width, in scene units, and how long a part of the bar it
    takes."""

    piece: int
    line: Array
    width: float
    part: float


class ShareBar(DrawnMobject):
    """Probabilities as lengths on one bar, which is all there is of them; each has its name and its number on it.

    Each comes from an arrow, which shortens, thickens and becomes its block; those of a hollow piece lie side by side
    in it, and its outline takes their place. Arrays say how it looks: ``drawn_in`` (1,) is 1 where of
    arrows no more than stubs are left, at their beginnings; ``arrived`` (arrows,) is how far each arrow is on its way,
    0 to 1, and ``lit`` (pieces,) 1 is plain, less is paler.

    Parameters
    ----------
    pieces
        From left to right.
    arrows
        Those of each piece from left to right.
    region
        Where the whole picture is; arrows move in it.
    bar
        Where the bar stands.
    size
        Of names and numbers, in em, scene units.
    stub
        How long a stub is, in scene units.
    theme
        Gives the colours.
    avoided
        What blocks fly around, if they can, (n, 2, 2): lower left and upper right corners.

    Examples
    --------
    .. code-block:: python

        class Shares(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                row = traced.weights[0, 1].tolist()
                shares = [Fact(f"weights[0][1, {column}]", share) for column, share in enumerate(row)]
                pieces = [Piece(*pair) for pair in zip(traced.labels, shares, strict=True)]
                lines = [np.array([[x, 2], [x / 2, 1]]) for x in range(len(pieces))]
                arrows = [ShareArrow(place, line, 0.1, row[place]) for place, line in enumerate(lines)]
                bar = ShareBar(pieces, arrows, Region(-6, -3, 6, 3), Region(-5, -2, 5, -1), 0.3, 0.3, THEMES["dark"])
                bar.arrived[:] = 0
                self.play(Change(bar, arrived=1, order=np.linspace(0, 1, len(arrows))))
    """

    changing = ("opacity", "drawn_in", "arrived", "lit")

    def __init__(
        self,
        pieces: Sequence[Piece],
        arrows: Sequence[ShareArrow],
        region: Region,
        bar: Region,
        size: float,
        stub: float,
        theme: Theme,
        avoided: Array | None = None,
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.pieces = tuple(pieces)
        self.arrows = tuple(arrows)
        self.region = region
        self.bar = bar
        self.size = size
        self.stub = stub
        self.theme = theme
        self.drawn_in: Array = np.ones(1)
        self.arrived: Array = np.ones(len(self.arrows))
        self.lit: Array = np.ones(len(self.pieces))
        self.paces = [_PACES[0] for _ in self.arrows]
        if avoided is not None:
            self._fly_around(avoided)
        self.drawn_in[:] = 0

    def facts(self) -> list[Fact]:
        """Return the shares."""
        return [piece.share for piece in self.pieces]

    def home(self, index: int) -> Region:
        """Return the place of a piece on the bar."""
        before = sum(other.part for other in self.pieces[:index])
        return self._place(before, self.pieces[index].part)

    def block(self, index: int) -> Region:
        """Return the place of an arrow's block on the bar."""
        piece = self.arrows[index].piece
        before = sum(other.part for other in self.pieces[:piece])
        before += sum(other.part for other in self.arrows[:index] if other.piece == piece)
        return self._place(before, self.arrows[index].part)

    def _place(self, before: float, part: float) -> Region:
        left, gap = self.bar.left + before * self.bar.width, _GAP * self.size
        return Region(left, self.bar.bottom, left + max(part * self.bar.width - gap, 0.25 * gap), self.bar.top)

    def shape(self, index: int) -> Array:
        """Return the corners (2 k, 2) of an arrow's shape as it is now."""
        arrow, home, arrived = self.arrows[index], self.block(index), float(self.arrived[index])
        shares = np.linspace(-0.5, 0.5, len(arrow.line)) * (1 if arrow.line[-1, 0] >= arrow.line[0, 0] else -1)
        beginning = self._drawn(arrow.line)
        middle = beginning.mean(axis=0)
        center = middle + arrived ** np.array(self.paces[index]) * (np.array(home.center) - middle)
        turned, length = min(arrived / _TURNED, 1.0), float(np.hypot(*(beginning[-1] - beginning[0])))
        flat = np.stack([shares * (length + arrived**3 * (home.width - length)), 0 * shares], axis=-1)
        line = center + (1 - turned) * (beginning - middle) + turned * flat
        along = np.gradient(line, axis=0)
        along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        aside = np.stack([-along[:, 1], along[:, 0]], axis=-1)
        aside *= (arrow.width + (home.height - arrow.width) * arrived**3) / 2
        region = self.region
        corners = np.concatenate([line + aside, (line - aside)[::-1]])
        inside: Array = np.clip(corners, [region.left, region.bottom], [region.right, region.top])
        return inside

    def _fly_around(self, avoided: Array) -> None:
        """Let each block take the way on which it meets least of what is avoided; straight, if all are alike."""
        for index in range(len(self.arrows)):
            self.paces[index] = min(_PACES, key=lambda pace: self._meetings(index, pace, avoided))

    def _meetings(self, index: int, pace: tuple[float, float], avoided: Array) -> int:
        """Return how many regions a block meets on a way."""
        self.paces[index] = pace
        met = np.zeros(len(avoided), dtype=bool)
        for self.arrived[index] in np.linspace(0, 1, _LOOKS):
            shape = self.shape(index)
            met |= ((shape.max(axis=0) > avoided[:, 0]) & (shape.min(axis=0) < avoided[:, 1])).all(axis=-1)
        return int(met.sum())

    def _drawn(self, line: Array) -> Array:
        """Return what is seen of an arrow's line, (k, 2)."""
        length = max(float(np.hypot(*np.diff(line, axis=0).T).sum()), 1e-9)
        share = 1 - float(self.drawn_in[0]) * max(1 - self.stub / length, 0)
        places = np.linspace(0, share * (len(line) - 1), len(line))
        return np.stack([np.interp(places, np.arange(len(line)), line[:, axis]) for axis in (0, 1)], axis=-1)

    def there(self, index: int) -> float:
        """Return how much of a piece has arrived: as much as the last of its arrows."""
        own = [float(self.arrived[place]) for place, arrow in enumerate(self.arrows) if arrow.piece == index]
        return min(own or self.arrived.tolist(), default=1.0)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the arrows, those that are still on their way under those that have arrived, and write on these."""
        context.scale(width / self.region.width, -height / self.region.height)
        context.translate(-self.region.left, -self.region.top)
        opacity = float(self.opacity[0])
        for index in np.argsort(self.arrived, kind="stable").tolist():
            piece = self.arrows[index].piece
            hidden = min(2 * self._written(piece), 1) if self.pieces[piece].hollow else 0.0
            context.new_path()
            for x, y in self.shape(index).tolist():
                context.line_to(x, y)
            set_color(context, self._color(piece), opacity * (1 - hidden))
            context.fill()
        for index, piece in enumerate(self.pieces):
            alpha = opacity * self._written(index)
            if alpha > 0:
                if piece.hollow:  # the outline first, which takes the place of the blocks
                    self._outline(context, self.home(index), self._color(index), min(2 * alpha, 1))
                    alpha = max(2 * alpha - 1, 0)
                self._write(context, piece, self.home(index), self._color(index), alpha)

    def _written(self, index: int) -> float:
        first, last = _WRITTEN
        return float(np.clip((self.there(index) - first) / (last - first), 0, 1))

    def _color(self, index: int) -> Rgb:
        color = self.theme.color(WEIGHT)
        return mix(mix(color, self.theme.plate, _PALER), color, float(self.lit[index]))

    def _outline(self, context: Context, box: Region, color: Rgb, alpha: float) -> None:
        """Draw the outline of a hollow piece on a plate."""
        line = _OUTLINE * self.size
        set_color(context, self.theme.plate, alpha)
        context.rectangle(box.left + line / 2, box.bottom + line / 2, box.width - line, box.height - line)
        context.fill_preserve()
        context.set_line_width(line)
        set_color(context, color, alpha)
        context.stroke()

    def _write(self, context: Context, piece: Piece, box: Region, color: Rgb, alpha: float) -> None:
        """Write the name of a piece on it, and its share below."""
        if not piece.fits(self.bar.width, self.size):
            return
        ground = self.theme.plate if piece.hollow else color
        ink = max(_INKS, key=lambda one: contrast(one, ground))
        name = outline(piece.name)
        context.save()
        context.translate(*box.center)
        context.scale(self.size, -self.size)
        draw_number(context, piece.share.text, 0, _LINES, 1.0, ink, alpha, plated=True)
        context.translate(-name.width / 2, CAP_HEIGHT / 2 - _LINES)
        name.draw(context, ink, alpha)
        context.restore()
