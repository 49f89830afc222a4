"""Where a matrix with named rows and columns stands, alone or as the product of two others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.places.layout import Region, visible_slots


@dataclass(frozen=True)
class MatrixPlaces:
    """Regions of a matrix, of the names of its rows (left) and columns (above), and of its factors.

    ``left`` and ``top`` are where the factors of a matrix product stand, so that the row of one and the column of the
    other meet in the cell they make; they have no extent for a matrix that stands alone.
    """

    cells: Region
    row_names: Region
    column_names: Region
    left: Region
    top: Region


def place_matrix(
    region: Region,
    shape: tuple[int, int],
    names: tuple[float, float],
    largest_cell: tuple[float, float],
    factors: tuple[float, float] = (0.0, 0.0),
    gap: float = 0.12,
) -> MatrixPlaces:
    """Return places for a matrix of ``shape`` that fill ``region`` as far as the largest cell allows, centred in it.

    Parameters
    ----------
    region
        What may be used, in scene units like all lengths here.
    shape
        Rows and columns.
    names
        Width of the row names, height of the column names.
    largest_cell
        Width and height that a cell never exceeds.
    factors
        Width of the left factor and height of the upper one in a matrix product.
    gap
        Between neighbours.
    """
    rows, columns = shape
    before = names[0] + gap + (factors[0] + gap if factors[0] else 0.0)
    above = names[1] + gap + (factors[1] + gap if factors[1] else 0.0)
    width = columns * min(largest_cell[0], (region.width - before) / columns)
    height = rows * min(largest_cell[1], (region.height - above) / rows)
    used = region.middle(before + width, above + height)
    left, top = used.left + before, used.top - above
    cells = Region(left, top - height, left + width, top)
    return MatrixPlaces(
        cells=cells,
        row_names=Region(used.left, cells.bottom, used.left + names[0], cells.top),
        column_names=Region(cells.left, used.top - names[1], cells.right, used.top),
        left=Region(left - gap - factors[0], cells.bottom, left - gap, cells.top),
        top=Region(cells.left, top + gap, cells.right, top + gap + factors[1]),
    )


def head_columns(width: int) -> NDArray[np.int64]:
    """Return which of so many columns of queries, keys and values are shown, -1 for what is left out."""
    return visible_slots(width, 6)
