"""The tensors that lines of the code make, and those that they multiply."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.look.theme import WEIGHT, Theme, probability_scale, signed_scale
from scenes.mobjects.tensor import Tensor
from scenes.places.layout import Region, visible_slots
from scenes.pytorch_code_parts.code_variables import Shown

COLUMNS = 13  # of tensors whose columns are no tokens


@dataclass(frozen=True)
class LineTensors:
    """Makes tensors, of several heads those of one.

    Parameters
    ----------
    trace
        Has their numbers.
    head
        Which head is seen.
    rows, across
        The tokens that have rows, and those that have columns.
    cells
        Where a tensor stands, at the left.
    widest
        A cell at most, in scene units.
    smallest
        Size of numbers in em, below which they are left out.
    theme
        Gives colours.
    """

    trace: AttentionTrace
    head: int
    rows: NDArray[np.int64]
    across: NDArray[np.int64]
    cells: Region
    widest: float
    smallest: float
    theme: Theme

    def result(self, shown: Shown) -> Tensor:
        """Return a tensor with a row for each token that has one."""
        return self._make(shown, self.rows)

    def second_factor(self, shown: Shown, first: Shown) -> Tensor:
        """Return a tensor with a row for each column of the ``first`` one."""
        return self._make(shown, self.across if first.square else visible_slots(len(self.values(shown)), COLUMNS))

    def values(self, shown: Shown) -> Floats:
        """Return the numbers, (rows, columns)."""
        values: Floats = getattr(self.trace, shown.field)
        values = values[self.head] if values.ndim == 3 else values
        return values.T if shown.turned else values

    def _make(self, shown: Shown, rows: NDArray[np.int64]) -> Tensor:
        values = self.values(shown)
        share, masked = shown.color == WEIGHT, shown.field == "weights"
        by_head = getattr(self.trace, shown.field).ndim == 3
        tensor = Tensor(
            np.where(self.trace.mask, values, np.nan) if masked else values.astype(float),
            probability_scale(shown.color, self.theme) if share else signed_scale(shown.color, values, self.theme),
            field=shown.field + (f"[{self.head}]" if by_head else "") + (".T" if shown.turned else ""),
            rows=rows,
            columns=self.across if shown.square or shown.turned else visible_slots(values.shape[1], COLUMNS),
            decimals=0 if values.dtype == bool else 2 if share else None,
            smallest=self.smallest,
        )
        tensor.printed[:] = shown.square
        width = min(self.cells.width / tensor.shape[1], self.widest) * tensor.shape[1]
        tensor.points = self.cells.cut_left(width)[0].corners
        return tensor
