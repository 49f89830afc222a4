"""`Carrying`: how the last picture of one clip becomes the first of the next."""

from collections.abc import Callable, Sequence

import numpy as np
from manim import linear

from attention import AttentionTrace
from scenes.carrying.flights import Flights, plan_flights
from scenes.carrying.turns import Turns
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.standing_chip import StandingChip
from scenes.look.theme import Theme
from scenes.mobjects.graph_nodes import GraphNodes, chip_halves
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region

_MIRRORED = [0, 2, 1]  # corner points of a tensor at which its transpose looks as it does

# From and to where chips go, (n, 2) each, and half their sizes there: where they are on the way.
Way = Callable[[Array, Array, tuple[Array, Array]], Callable[[float], Array]]


class Carrying:
    """The steps from the parts of one picture to those of another: chips fly, tensors move, all else makes room.

    :attr:`flight` stands for all chips of the first picture while they are on their way; it takes the place of
    :attr:`replaced` before the first step, and leaves after the last. :attr:`moved` says which of the new tensors takes
    the place of which old one before it moves; one that is the other's transpose lies there mirrored, and so flips over
    its main diagonal on the way. :attr:`exchanged` says which old ones go to where new ones of other rows appear.

    Parameters
    ----------
    before, after
        What is on the picture; and what shall be, as it shall stand.
    trace
        Gives the tokens.
    followed
        The token that flies in any case.
    frame, theme
        Give room and colours.
    way
        On which all chips go at once; left out, as many as can fly straight or in lanes without meeting.
    in_turn
        Whether all of them fly, one after another.
    """

    def __init__(
        self,
        before: Sequence[DrawnMobject],
        after: Sequence[DrawnMobject],
        trace: AttentionTrace,
        followed: int,
        frame: Frame,
        theme: Theme,
        way: Way | None = None,
        in_turn: bool = False,
    ) -> None:
        self._before, self._after, self._way, self._in_turn = before, after, way, in_turn
        self.replaced = [part for part in before if isinstance(part, TokenChips | GraphNodes)]
        old = [chip for part in before for chip in part.standing_chips()]
        self._pairs = _pairs(old, [chip for part in after for chip in part.standing_chips()])
        self.flight = self._flight(trace, followed, frame, theme) if old else None
        pairs = [
            (one, other) for one in before for other in after if isinstance(one, Tensor) and isinstance(other, Tensor)
        ]
        self.moved = {one: other for one, other in pairs if _same(one, other) or _transposed(one, other)}
        self.exchanged = {one: other for one, other in pairs if _other_rows(one, other)}

    def leaving(self) -> list[Change]:
        """Let vanish what has no place in the next picture."""
        kept = [*self.replaced, *self.moved, *self.exchanged]
        gone = [Change(part, opacity=0, remover=True) for part in self._before if part not in kept]
        return gone + ([Change(self.flight, shown=self._flights.flying)] if self.flight else [])

    def moving(self) -> list[list[Change]]:
        """Let chips and tensors go where they belong, in one leg or two."""
        moves = [Change(other, points=other.points.copy()) for other in self.moved.values()]
        moves += [Change(one, points=other.points.copy()) for one, other in self.exchanged.items()]
        for one, other in self.moved.items():
            other.points = one.points[_MIRRORED] if _transposed(one, other) else one.points.copy()
        if not self.flight or not self._flights.flying.any():
            return [moves] if moves else []
        if self._in_turn:
            return [[self._in_turns(self.flight), *moves]]
        steps = []
        for places, shares in zip(self._flights.legs, self._flights.sizes, strict=True):
            sizes, talls = (ends[0] + shares * (ends[1] - ends[0]) for ends in (self._sizes, self._talls))
            there = self._along(self._way, self.flight.places, places) if self._way else places
            steps.append([Change(self.flight, places=there, sizes=sizes, tall=talls), *moves])
            moves = []
        return steps

    def arriving(self) -> list[Change]:
        """Let become visible what is new."""
        moved = self.moved.values()
        gone = [Change(part, opacity=0, remover=True) for part in self.exchanged]
        return gone + [Change(part.set_opacity(0), opacity=1) for part in self._after if part not in moved]

    def _in_turns(self, flight: GraphNodes) -> Change:
        """Return the flights of all chips, one after another."""

        def grown(ends: list[Array]) -> Callable[[float], Array]:
            return lambda share: ends[0] + self._turns.grown(share) * (ends[1] - ends[0])

        sizes, talls = grown(self._sizes), grown(self._talls)
        return Change(flight, places=self._turns.places, sizes=sizes, tall=talls, rate_func=linear)

    def _along(self, way: Way, starts: Array, ends: Array) -> Callable[[float], Array]:
        """Return where all chips are on the way; those that do not go stay."""
        going = self._flights.flying
        places = way(starts[going], ends[going], (self._halves[0][going], self._halves[1][going]))

        def there(share: float) -> Array:
            now = starts.copy()
            now[going] = places(share)
            return now

        return there

    def _flight(self, trace: AttentionTrace, followed: int, frame: Frame, theme: Theme) -> GraphNodes:
        """Plan the flights, and return the chips where they set off."""
        starts, ends = ([pair[side] for pair in self._pairs] for side in (0, 1))
        tokens = [chip.token for chip in starts]
        texts = ChipTexts.of(trace, np.array(tokens), followed=followed)
        places = [np.array([[chip.x, chip.y] for chip in side]) for side in (starts, ends)]
        sizes = [np.array([chip.size for chip in side]) for side in (starts, ends)]
        talls = [np.array([chip.tall for chip in side]) for side in (starts, ends)]
        halves = [chip_halves(texts, 1.0, tall) * size[:, None] for tall, size in zip(talls, sizes, strict=True)]
        self._sizes, self._talls, self._halves = sizes, talls, halves
        first = tokens.index(followed) if followed in tokens else -1
        together = Flights(places[1][None], np.ones((1, len(tokens))), np.ones(len(tokens), dtype=bool))
        flights = (
            together
            if self._way or self._in_turn
            else plan_flights((places[0], places[1]), (halves[0], halves[1]), first)
        )
        going = np.array([start is not end for start, end in self._pairs])
        if self._in_turn:
            self._turns = Turns(places[0], places[1], (halves[0], halves[1]), going)
            going = self._turns.flying
        self._flights = flights.only(going)
        whole = Region(-frame.width / 2, -frame.height / 2, frame.width / 2, frame.height / 2)
        flight = GraphNodes(texts, whole, places[0], 1.0, theme)
        flight.sizes, flight.tall = sizes[0], talls[0]
        flight.lit = np.array([chip.lit for chip in starts])
        flight.ringed = np.array([chip.ringed for chip in starts])
        return flight


def _pairs(old: list[StandingChip], new: list[StandingChip]) -> list[tuple[StandingChip, StandingChip]]:
    """Return from where to where chips go: to each new one the nearest old one of its token; the others stay."""
    pairs = []
    for chip in new:
        same = [one for one in old if one.token == chip.token]
        if same:
            pairs.append((min(same, key=lambda one: (one.x - chip.x) ** 2 + (one.y - chip.y) ** 2), chip))
    left = {id(one) for one, _ in pairs}
    return pairs + [(one, one) for one in old if id(one) not in left]


def _same(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors show the same numbers, so that one can go where the other stands."""
    same = np.array_equal(one.rows, other.rows) and np.array_equal(one.columns, other.columns)
    return same and one.field == other.field


def _transposed(one: Tensor, other: Tensor) -> bool:
    """Whether a tensor shows the transpose of another one, more than one cell."""
    same = one.values.size > 1 and np.array_equal(one.rows, other.columns) and np.array_equal(one.columns, other.rows)
    return same and one.field + ".T" == other.field


def _other_rows(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors show the same columns of the same matrix, but other rows."""
    return one.field == other.field and np.array_equal(one.columns, other.columns) and not _same(one, other)
