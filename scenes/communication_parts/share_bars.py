"""`ShareBars`: shares of one token on bars below each other; each opens what the one above leaves unnamed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scenes.communication_parts.opening import Opening
from scenes.communication_parts.share_bar import ShareBar
from scenes.communication_parts.shares import Shares
from scenes.drawing.change import Change
from scenes.look.theme import Theme
from scenes.places.layout import Region

_LOWEST, _HIGHEST = 2.6, 7.0  # height of a bar, in em
_BETWEEN = 0.75  # room between two bars, as a share of a bar's height
_STROKE = 0.07  # width of the lines between, in em
_PALE = 0.0  # how much is lit what is not pointed out
_IN_THE_AIR = 3  # pieces, at most

Origin = Callable[[int], tuple[float, float] | None]


def most_levels(region: Region, size: float) -> int:
    """Return how many bars have room in ``region``, ``size`` being the em of what is written on them."""
    return max(1, int((region.height / (_LOWEST * size) + _BETWEEN) / (1 + _BETWEEN)))


class ShareBars:
    """ShareBars that fill a region, the first with all shares, and the openings between them.

    Parameters
    ----------
    levels
        What is on each bar.
    region
        Where they stand.
    size
        Of what is written on them, in em, scene units.
    theme
        Gives the colours.
    stage
        What pieces move in.
    origin
        Where the piece of a token comes from.
    """

    def __init__(
        self, levels: Sequence[Shares], region: Region, size: float, theme: Theme, stage: Region, origin: Origin
    ) -> None:
        self.tokens = [np.array(level.tokens) for level in levels]
        height = min(region.height / (len(levels) + _BETWEEN * (len(levels) - 1)), _HIGHEST * size)
        pitch = height * (1 + _BETWEEN)
        places, rest = [], region.middle(region.width, pitch * len(levels) - _BETWEEN * height)
        for _ in levels:
            place, rest = rest.cut_top(height, _BETWEEN * height)
            places.append(place)
        first = [
            replace(piece, origin=origin(token) if token >= 0 else None)
            for piece, token in zip(levels[0].pieces, levels[0].tokens, strict=True)
        ]
        pieces = [first, *(level.pieces for level in levels[1:])]
        self.bars = [ShareBar(own, stage, place, size, theme) for own, place in zip(pieces, places, strict=True)]
        self.openings = [
            Opening(bar.home(len(bar.pieces) - 1), below.bar, _STROKE * size, theme)
            for bar, below in zip(self.bars, self.bars[1:], strict=False)
        ]
        for bar in self.bars:
            bar.arrived[:] = 0

    @property
    def parts(self) -> list[ShareBar | Opening]:
        """All that is drawn."""
        return [*self.openings, *self.bars]

    def arriving(self, level: int) -> Change:
        """Return what brings the pieces of one bar to their places, one after another."""
        bar = self.bars[level]
        count = len(bar.pieces)
        return Change(bar, arrived=1, order=np.arange(count) / max(count - 1, 1), overlap=_IN_THE_AIR / (count + 2))

    def pointing_out(self, token: int) -> list[Change]:
        """Return what leaves the piece of one token lit alone."""
        return [
            Change(bar, lit=np.where(tokens == token, 1.0, _PALE))
            for bar, tokens in zip(self.bars, self.tokens, strict=True)
        ]
