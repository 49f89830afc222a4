"""`IdFlights`: ids on their way from the vocabulary to their tokens, in lanes that nothing else stands in."""

from collections.abc import Sequence

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import draw_number
from scenes.look.theme import Theme
from scenes.places.chip_lines import ID_DROP, ID_SIZE, READ_DROP, READ_SIZE
from scenes.places.layout import Region

_DIMMED = 0.5  # opacity of an id that is not talked about
_LEGS = 3
_APART = 0.9  # of the time of its way that an id is ahead of the next: by then it is on its last leg


class IdFlights(DrawnMobject):
    """Ids that come out of the vocabulary, go up or down beside it, and then along the line of chips to their own.

    ``gone`` (n,) says how far each has come, 0 to 1; one that has not set off cannot be seen. Each of the three legs
    takes a third of the way's time. ``lit`` (n,) says which are talked about, ``read`` (1,) how far all are as large
    as ids that are what is looked at.

    Parameters
    ----------
    facts
        The n ids.
    exits, homes
        Where each leaves the vocabulary and where it goes, (n, 2), scene units.
    gutter
        Where they go up or down, x in scene units.
    size
        Of the numbers, in em, scene units.
    region
        The whole; where it goes and how large it becomes, the ids do too.
    theme
        Gives the colour.

    Examples
    --------
    .. code-block:: python

        class Flying(DrawingScene):
            def construct(self):
                fact = Fact("token_ids[1]", float(trace("The cat sat.").token_ids[1]), 0)
                ends = np.array([[3, 1]]), np.array([[-4, -1]])
                ids = IdFlights([fact], *ends, 2.0, 0.4, Region(-7, -4, 7, 4), THEMES["dark"])
                self.add(ids)
                self.play(Change(ids, gone=1))
    """

    changing = ("opacity", "gone", "lit", "read")

    def __init__(
        self,
        facts: Sequence[Fact],
        exits: Array,
        homes: Array,
        gutter: float,
        size: float,
        region: Region,
        theme: Theme,
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.region = region
        self.numbers = tuple(facts)
        self.size = size
        self.ink = theme.text
        bends = [np.column_stack([np.full(len(ends), gutter), ends[:, 1]]) for ends in (exits, homes)]
        self.ways: Array = np.stack([exits, *bends, homes], axis=1)  # (n, 4, 2)
        self.gone: Array = np.zeros(len(facts))
        self.lit: Array = np.ones(len(facts))
        self.read: Array = np.zeros(1)

    @property
    def turns(self) -> Array:
        """When each of the others sets off, 0 to 1, once the first has arrived."""
        return np.asarray(np.maximum(np.arange(len(self.numbers)) - 1.0, 0) / max(len(self.numbers) - 2, 1))

    @property
    def overlap(self) -> float:
        """The share of the time of all others that one of them takes.

        Each sets off when the one before it leaves the gutter, so that no two meet.
        """
        return 1 / (1 + _APART * max(len(self.numbers) - 2, 0))

    def facts(self) -> list[Fact]:
        """Return the ids."""
        return list(self.numbers)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the ids that have set off where they are."""
        context.scale(width / self.region.width, height / self.region.height)
        larger, lower = (READ_SIZE - ID_SIZE) / ID_SIZE, (READ_DROP - ID_DROP) / ID_SIZE
        size, drop = self.size * (1 + larger * float(self.read[0])), self.size * lower * float(self.read[0])
        for index in np.flatnonzero(self.gone > 0).tolist():
            x, y = self.place_of(index)
            alpha = float(self.opacity[0] * (_DIMMED + (1 - _DIMMED) * self.lit[index]))
            text = self.numbers[index].text
            draw_number(context, text, x - self.region.left, self.region.top - y + drop, size, self.ink, alpha)

    def place_of(self, index: int) -> tuple[float, float]:
        """Return where an id is, in scene units as long as the whole stands in its region."""
        passed = float(self.gone[index]) * _LEGS
        leg = min(int(passed), _LEGS - 1)
        start, end = self.ways[index, leg], self.ways[index, leg + 1]
        x, y = start + (passed - leg) * (end - start)
        return float(x), float(y)
