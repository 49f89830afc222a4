"""`GraphNodes`: the sentence's chips at any places, as the nodes of a graph."""

import numpy as np

from scenes.drawing.arrays import Array, corners
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.kept import draw_kept
from scenes.drawing.outlines import outline
from scenes.drawing.standing_chip import StandingChip
from scenes.look.theme import Theme
from scenes.mobjects.token_chips import opacity_of_chip, paint_chip
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.layout import Region

_ELLIPSIS = 1.0  # width of the place of an ellipsis, in em
_ROOM = 0.5  # around a chip for its border and for letters that stand out, in em


def chip_halves(texts: ChipTexts, size: float, tall: float | Array = TALL) -> Array:
    """Return half the width and half the height of each chip, (n, 2), in the unit of ``size``."""
    widths = [outline(label).width + 2 * PADDING if label else _ELLIPSIS for label in texts.labels]
    return np.stack(np.broadcast_arrays(np.array(widths) / 2, np.asarray(tall) / 2), axis=-1) * size


class GraphNodes(DrawnMobject):
    """Chips that look like those of :class:`~scenes.mobjects.token_chips.TokenChips`, each at a place of its own.

    Arrays say where and how: ``places`` (n, 2) are the chips' centres in scene units as long as the mobject stands in
    its region, ``sizes`` (n,) their text's em in scene units, ``tall`` (n,) their heights in em, ``lit`` and ``shown``
    (n,) dim and hide, and ``ringed`` (n,) shows the ring of the token that is followed.

    Parameters
    ----------
    texts
        What the n chips say; "" is an ellipsis.
    region
        Where the whole stands.
    places
        The chips' centres, (n, 2), scene units.
    size
        Of the text, in em, scene units.
    theme
        Gives the colours.
    tall
        A chip's height in em; less where chips stand close above each other.

    Examples
    --------
    .. code-block:: python

        class Nodes(DrawingScene):
            def construct(self):
                texts = ChipTexts.of(trace("The cat sat."), np.arange(4))
                places = np.array([[-3, 1], [3, 1], [3, -1], [-3, -1]])
                nodes = GraphNodes(texts, Region(-5, -3, 5, 3), places, 0.4, THEMES["dark"])
                self.play(Change(nodes, places=places[::-1]))
    """

    changing = ("opacity", "lit", "shown", "ringed", "places", "sizes", "tall")

    def __init__(
        self, texts: ChipTexts, region: Region, places: Array, size: float, theme: Theme, tall: float = TALL
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.texts = texts
        self.region = region
        self.theme = theme
        self.tall: Array = np.full(len(texts.labels), float(tall))
        self.places: Array = np.array(places, dtype=float)
        self.sizes: Array = np.full(len(texts.labels), float(size))
        self.lit: Array = np.ones(len(texts.labels))
        self.shown: Array = np.ones(len(texts.labels))
        self.ringed: Array = texts.followed.astype(float)

    def standing_chips(self) -> list[StandingChip]:
        """Return the chips that can be seen."""
        parts = np.column_stack([self.places, self.sizes, self.tall, self.lit, self.ringed]).tolist()
        seen = (self.shown * self.opacity[0] > 0) & (self.texts.tokens >= 0)
        return [StandingChip(int(self.texts.tokens[node]), *parts[node]) for node in np.flatnonzero(seen)]

    @property
    def halves(self) -> Array:
        """Half the width and half the height of each chip, (n, 2), scene units."""
        return chip_halves(self.texts, 1.0, self.tall) * self.sizes[:, None]

    def box(self, index: int, room: float = 0.0) -> Region:
        """Return where a chip stands, ``room`` scene units larger on each side."""
        (x, y), (across, up) = self.places[index], self.halves[index] + room
        return Region(x - across, y - up, x + across, y + up)

    def changed_part(self, before: Look) -> Array | None:
        """Return the corner points of the rectangle around the chips that are lit otherwise than they were."""
        now, lit = self.look(), 1 + self.changing.index("lit")
        changed = np.frombuffer(before[lit]) != self.lit
        same_otherwise = (*before[:lit], *before[lit + 1 :]) == (*now[:lit], *now[lit + 1 :])
        if not (same_otherwise and changed.any() and np.array_equal(self.points, self.region.corners)):
            return None
        low, high = ((self.places + side * self.halves)[changed] for side in (-1, 1))
        room = _ROOM * self.sizes.max()
        least, most = low.min(axis=0) - room, high.max(axis=0) + room
        return corners(*(least + most) / 2, *(most - least))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the chips one after the other."""
        context.scale(width / self.region.width, height / self.region.height)
        draw_kept(context, (self, *self.look()), self._paint_chips)

    def _paint_chips(self, context: Context) -> None:
        for index, label in enumerate(self.texts.labels):
            alpha = self.opacity[0] * self.shown[index] * opacity_of_chip(self.texts, index, self.lit[index])
            if alpha <= 0:
                continue
            x, y = self.places[index]
            context.save()
            context.translate(x - self.region.left, self.region.top - y)
            context.scale(self.sizes[index], self.sizes[index])
            if label:
                left = -outline(label).width / 2 - PADDING
                paint_chip(
                    context, self.texts, index, left, self.tall[index], self.theme, alpha, float(self.ringed[index])
                )
            else:
                self._paint_ellipsis(context, alpha)
            context.restore()

    def _paint_ellipsis(self, context: Context, alpha: float) -> None:
        set_color(context, self.theme.quiet, alpha)
        for step in (-1, 0, 1):
            context.arc(step * 0.3, 0, 0.08, 0, 2 * np.pi)
            context.fill()
