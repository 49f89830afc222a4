"""Where one matrix, several factors over it, and the products of the two stand, so that rows and columns meet."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenes.places.layout import Region


@dataclass(frozen=True)
class ProductPlaces:
    """Regions of a left factor with the names of its rows, of the factors above, and of the products below these."""

    row_names: Region
    left: Region
    tops: tuple[Region, ...]
    products: tuple[Region, ...]

    @property
    def corner(self) -> Region:
        """What is free over the left factor."""
        return Region(self.row_names.left, self.tops[0].bottom, self.left.right, self.tops[0].top)


def place_products(
    region: Region,
    shape: tuple[int, int],
    columns: Sequence[int],
    names: float,
    largest_cell: tuple[float, float],
    gaps: tuple[float, float] = (0.12, 0.3),
    highest_top: float = 0.34,
) -> ProductPlaces:
    """Return places that fill ``region`` as far as the largest cell allows, centred in it.

    Parameters
    ----------
    region
        What may be used, in scene units like all lengths here.
    shape, columns
        Rows and columns of the left factor; columns of each product.
    names
        Width of the row names.
    largest_cell
        Width and height that a cell never exceeds.
    gaps
        Between factors and product, and between two products.
    highest_top
        Share of the height that the upper factors may take; beyond it their cells are lower than the others.
    """
    (rows, inner), (gap, between) = shape, gaps
    free = region.width - names - 2 * gap - between * (len(columns) - 1)
    cell = min(largest_cell[0], free / (inner + sum(columns)))
    room = region.height - gap
    height = min(largest_cell[1], room / (rows + inner))
    above = inner * height
    if above > highest_top * room:
        above = min(above, max(highest_top * room, room - rows * largest_cell[1]))
        height = min(largest_cell[1], (room - above) / rows)
    used = region.middle(region.width - free + cell * (inner + sum(columns)), above + gap + rows * height)
    top = used.top - above - gap
    left = Region(used.left + names + gap, used.bottom, used.left + names + gap + inner * cell, top)
    starts = [left.right + gap + index * between + cell * sum(columns[:index]) for index in range(len(columns))]
    sides = [(start, start + cell * count) for start, count in zip(starts, columns, strict=True)]
    return ProductPlaces(
        row_names=Region(used.left, used.bottom, used.left + names, top),
        left=left,
        tops=tuple(Region(start, top + gap, end, used.top) for start, end in sides),
        products=tuple(Region(start, used.bottom, end, top) for start, end in sides),
    )
