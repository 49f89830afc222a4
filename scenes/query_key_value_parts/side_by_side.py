"""Where matrices with the same rows stand beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenes.places.layout import Region


@dataclass(frozen=True)
class SideBySide:
    """Regions of matrices with the same rows, and of the names of these, left of them."""

    row_names: Region
    cells: tuple[Region, ...]


def place_side_by_side(
    region: Region,
    rows: int,
    columns: Sequence[int],
    names: float,
    largest_cell: tuple[float, float],
    gaps: tuple[float, float],
) -> SideBySide:
    """Return places that fill ``region`` as far as the largest cell allows, centred in it.

    Parameters
    ----------
    region
        What may be used, in scene units like all lengths here.
    rows, columns
        How many rows all have, and how many columns each.
    names
        Width of the row names.
    largest_cell
        Width and height that a cell never exceeds.
    gaps
        Between names and the first matrix, and between two of them.
    """
    before, between = names + gaps[0], gaps[1] * (len(columns) - 1)
    width = min(largest_cell[0], (region.width - before - between) / sum(columns))
    height = min(largest_cell[1], region.height / rows) * rows
    used = region.middle(before + between + width * sum(columns), height)
    left, cells = used.left + before, []
    for count in columns:
        cells.append(Region(left, used.bottom, left + count * width, used.top))
        left = cells[-1].right + gaps[1]
    return SideBySide(Region(used.left, used.bottom, used.left + names, used.top), tuple(cells))
