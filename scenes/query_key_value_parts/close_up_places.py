"""Where things stand when the camera is at one row and one column."""

from dataclasses import dataclass

from scenes.places.layout import Frame, Region

_CELL = 9.0, 5.0  # largest width and height of a cell, in em of the captions


@dataclass(frozen=True)
class CloseUpPlaces:
    """Regions of the picture, from top to bottom: the row under its title, the column, the terms, and the total."""

    stage: Region
    cells: int
    row_title: Region
    row: Region
    column_title: Region
    column: Region
    terms: Region
    total: Region

    @classmethod
    def of(cls, frame: Frame, cells: int) -> "CloseUpPlaces":
        """Return the places for a row and a column of so many cells."""
        stage, text = frame.stage, frame.text
        title, terms, total = 2.3 * text, 2.2 * text, (3.0 if frame.wide else 6.4) * text
        width = min(_CELL[0] * text * cells, stage.width)
        height = min(_CELL[1] * text, (stage.height - 2 * title - terms - total) / 2)
        used = stage.middle(stage.width, 2 * title + 2 * height + terms + total)
        lines = []
        for high in (title, height, title, height, terms, total):
            line, used = used.cut_top(high)
            lines.append(line)
        row_title, row, column_title, column, under = (line.middle(width, line.height) for line in lines[:-1])
        return cls(stage, cells, row_title, row, column_title, column, under, lines[-1])

    def under(self, index: int) -> tuple[float, float]:
        """Return the point under a pair of cells where their product is written."""
        return self.row.left + (index + 0.5) * self.row.width / self.cells, self.terms.center[1]

    def pair(self, index: int) -> tuple[Region, Region]:
        """Return a cell of the row, and the one of the column under it."""
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
