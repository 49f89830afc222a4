"""Where things stand when the camera is at one row and one column."""

from dataclasses import dataclass

from scenes.places.layout import Frame, Region

_CELL = 9.0, 5.0  # largest width and height of a cell, in em of the captions
_STEEP = 0.75  # of a cell's width, that its height is at most
_DOTS = 1.6  # width that is kept for dots, in em of the captions


@dataclass(frozen=True)
class CloseUpPlaces:
    """Regions of the picture, from top to bottom: the column under its title, the row, the terms, and the total.

    ``dots`` are what is beside row and column, left and right, where these go on.
    """

    stage: Region
    cells: int
    column_title: Region
    column: Region
    row_title: Region
    row: Region
    terms: Region
    total: Region
    dots: tuple[Region, ...]

    @classmethod
    def of(cls, frame: Frame, cells: int, before: bool = False, after: bool = False) -> "CloseUpPlaces":
        """Return the places for a row and a column of so many cells, and dots before and after them."""
        stage, text = frame.stage, frame.text
        beside = _DOTS * text
        width = min(_CELL[0] * text * cells, stage.width - (before + after) * beside)
        title, terms, total = 2.1 * text, (2.2 if frame.wide else 2.0) * text, (3.0 if frame.wide else 6.0) * text
        high = (stage.height - 2 * title - terms - total) / 2
        height = min(_CELL[1] * text, _STEEP * width / cells, high)
        used = stage.middle(width + (before + after) * beside, 2 * title + 2 * height + terms + total)
        left = used.left + before * beside
        lines = []
        for deep in (title, height, title, height, terms, total):
            line, used = used.cut_top(deep)
            lines.append(line)
        column, row, under = (
            Region(left, line.bottom, left + width, line.top) for line in (lines[1], lines[3], lines[4])
        )
        dots = [
            Region(edge, line.bottom, edge + beside, line.top)
            for line in (column, row)
            for edge in [left - beside] * before + [left + width] * after
        ]
        total_line = Region(stage.left, lines[5].bottom, stage.right, lines[5].top)
        return cls(stage, cells, lines[0], column, lines[2], row, under, total_line, tuple(dots))

    def under(self, index: int) -> tuple[float, float]:
        """Return the point under a pair of cells where their product is written."""
        return self.terms.left + (index + 0.5) * self.terms.width / self.cells, self.terms.center[1]

    def pair(self, index: int) -> tuple[Region, Region]:
        """Return a cell of the row, and the one of the column over it."""
        width = self.row.width / self.cells
        left = self.row.left + index * width
        one, other = (Region(left, line.bottom, left + width, line.top) for line in (self.row, self.column))
        return one, other

    def seen_from(self, own: Region) -> Region:
        """Return what is seen when the row, at its ``own`` place in its matrix, takes its place in the close-up."""
        zoom = self.row.width / own.width
        x, y = (
            there - (here - middle) / zoom
            for there, here, middle in zip(own.center, self.row.center, self.stage.center, strict=True)
        )
        half_width, half_height = self.stage.width / zoom / 2, self.stage.height / zoom / 2
        return Region(x - half_width, y - half_height, x + half_width, y + half_height)

    def through(self, region: Region, seen: Region) -> Region:
        """Return what is shown at ``region`` of the close-up when ``seen`` fills the stage."""
        zoom = self.stage.width / seen.width
        (x, y), (left, bottom) = seen.center, self.stage.center
        return Region(
            x + (region.left - left) / zoom,
            y + (region.bottom - bottom) / zoom,
            x + (region.right - left) / zoom,
            y + (region.top - bottom) / zoom,
        )
