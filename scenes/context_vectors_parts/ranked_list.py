"""`RankedList`: names with bars and numbers under each other, which can change their ranks."""

from collections.abc import Sequence

import numpy as np
from manim import Group

from scenes.drawing.arrays import Array, corners
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.theme import Rgb, Theme
from scenes.mobjects.bars import Bars
from scenes.places.layout import Region


class RankedList(Group):
    """A row for each entry: its name, ending where all names end, then a bar with its number.

    Parameters
    ----------
    names
        One mobject for each entry, such as a chip or a label.
    facts
        Their numbers.
    span
        The numbers at the left and right end of the room for bars, so that lists can share a scale.
    region
        Where the list stands.
    color
        Of the bars.
    size
        Of the numbers, in em, scene units.
    theme
        Gives the other colours.

    Examples
    --------
    .. code-block:: python

        class Nearest(DrawingScene):
            def construct(self):
                near, theme = trace("The cat sat.").neighbours, THEMES["dark"]
                names = [Label(reading, theme.text, 0.4) for reading in near.readings[1][:3]]
                facts = [Fact(f"neighbour_cosines[1, {k}]", float(near.cosines[1, k])) for k in range(3)]
                self.add(RankedList(names, facts, (0, 1), Region(-5, -1, 5, 1), KEY, 0.4, theme))
    """

    def __init__(
        self,
        names: Sequence[DrawnMobject],
        facts: Sequence[Fact],
        span: tuple[float, float],
        region: Region,
        color: Rgb,
        size: float,
        theme: Theme,
    ) -> None:
        self.names, self.region, self.span, self.size = list(names), region, span, size
        self.bars = [Bars([fact], color, size, theme) for fact in facts]
        for bar, fact in zip(self.bars, facts, strict=True):
            bar.zero, bar.lengths = self.extent(fact)
        self.ranks = self.order(facts)
        self.edge = region.left + max(name.width for name in self.names)
        for index in range(len(self.names)):
            self.names[index].points, self.bars[index].points = self.places(index, self.ranks[index])
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """Names and bars."""
        return [*self.names, *self.bars]

    @staticmethod
    def order(facts: Sequence[Fact]) -> list[int]:
        """Return the rank of each number, 0 for the largest."""
        ranks = np.empty(len(facts), dtype=int)
        ranks[np.argsort([-fact.value for fact in facts], kind="stable")] = np.arange(len(facts))
        return ranks.tolist()

    def extent(self, fact: Fact) -> tuple[Array, Array]:
        """Return the zero line's place and the bar's length, as shares of the room for bars."""
        low, high = self.span
        return np.array([-low / (high - low)]), np.array([fact.value / (high - low)])

    def places(self, index: int, rank: int) -> tuple[Array, Array]:
        """Return the corner points of an entry's name and bar at a rank."""
        pitch = self.region.height / len(self.names)
        y, name = self.region.top - (rank + 0.5) * pitch, self.names[index]
        left = self.edge + 0.5 * self.size
        box = corners(self.edge - name.width / 2, y, name.width, name.height)
        return box, corners((left + self.region.right) / 2, y, self.region.right - left, pitch)

    def turn(self, facts: Sequence[Fact], color: Rgb) -> list[Change]:
        """Take other numbers, and return the animations that move bars to their lengths and entries to their ranks."""
        self.ranks = self.order(facts)
        moves = []
        for index, (bar, fact) in enumerate(zip(self.bars, facts, strict=True)):
            bar.take([fact], color)
            name_place, bar_place = self.places(index, self.ranks[index])
            _, length = self.extent(fact)
            moves.append(Change(self.names[index], points=name_place))
            moves.append(Change(bar, points=bar_place, lengths=length))
        return moves
