"""Where the little matrices of many heads stand, with their names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenes.drawing.outlines import outline
from scenes.words import _

CAPTION = 1.4  # room for the line under a matrix, in em

_GAP = 0.55  # between two matrices, or what is written under them, in em
_LINE = 1.35  # height of a line of names, in em
_BESIDE = 0.5  # from the names of rows to the first matrix, in em


@dataclass(frozen=True)
class HeadGrid:
    """A grid of square matrices, row by row. Lengths are in em of its texts, from the upper left corner.

    Parameters
    ----------
    heads
        Layer and head of each matrix.
    columns
        How many stand side by side.
    row_names, column_names
        Of layers and heads, or the other way round; empty where the captions say it all.
    corner
        What rows and columns are, if they have names: two words, for the lines above the first row.
    captions
        What stands under each matrix; empty for nothing.
    side
        Of a matrix.
    """

    heads: tuple[tuple[int, int], ...]
    columns: int
    row_names: tuple[str, ...] = ()
    column_names: tuple[str, ...] = ()
    corner: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    side: float = 1.0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return math.ceil(len(self.heads) / self.columns)

    @property
    def left(self) -> float:
        """Where the first column begins."""
        widest = max((outline(name).width for name in (*self.row_names, *self.corner)), default=0.0)
        return widest + _BESIDE if widest else 0.0

    @property
    def top(self) -> float:
        """Where the first row begins."""
        return _LINE * len(self.corner)

    @property
    def pitch(self) -> tuple[float, float]:
        """From one matrix to the next, across and down."""
        across = max(self.side, self._widest) + _GAP
        return across, self.side + (CAPTION if self.captions else 0.0) + _GAP

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of all."""
        across, down = self.pitch
        return self.left + self.columns * across - _GAP, self.top + self.rows * down - _GAP

    def place(self, index: int) -> tuple[float, float]:
        """Return the upper left corner of a matrix."""
        row, column = divmod(index, self.columns)
        across, down = self.pitch
        return self.left + column * across + (across - _GAP - self.side) / 2, self.top + row * down

    def fitted(self, width: float, height: float) -> "HeadGrid":
        """Return the same with matrices as large as fit, side 0 if none does."""
        across = (width - self.left + _GAP) / self.columns - _GAP
        down = (height - self.top + _GAP) / self.rows - _GAP - (CAPTION if self.captions else 0.0)
        return replace(self, side=max(min(across, down), 0.0) if across >= self._widest else 0.0)

    def limited(self, side: float) -> "HeadGrid":
        """Return the same with matrices no larger than ``side``."""
        return replace(self, side=min(self.side, side))

    @property
    def _widest(self) -> float:
        return max((outline(caption).width for caption in set(self.captions)), default=0.0)


def grid_of_all(layers: int, heads: int, captions: Sequence[Sequence[str]], *, turned: bool) -> HeadGrid:
    """Return the grid of all heads, a row for each layer, or ``turned``, a column.

    Parameters
    ----------
    layers, heads
        How many there are.
    captions
        One for each head of each layer; empty for none.
    turned
        Whether layers stand side by side.
    """
    order = [(layer, head) for layer in range(layers) for head in range(heads)]
    if turned:
        order.sort(key=lambda place: place[::-1])
    names = tuple(map(str, range(layers))), tuple(map(str, range(heads)))
    return HeadGrid(
        heads=tuple(order),
        columns=layers if turned else heads,
        row_names=names[turned],
        column_names=names[not turned],
        corner=(_("layer →"), _("head ↓")) if turned else (_("head →"), _("layer ↓")),
        captions=tuple(captions[layer][head] for layer, head in order) if captions else (),
    )


def grid_of_layer(layer: int, captions: Sequence[str], columns: int) -> HeadGrid:
    """Return the grid of one layer's heads, each with its number and its caption under it."""
    return HeadGrid(
        heads=tuple((layer, head) for head in range(len(captions))),
        columns=columns,
        captions=tuple(f"{head}: {caption}" for head, caption in enumerate(captions)),
    )
