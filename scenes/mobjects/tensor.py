"""`Tensor`: a matrix as a grid of coloured cells with numbers, one mobject however many cells it has."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.casing import under_alpha
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.fact import Fact, fitting_decimals, print_number
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, draw_number
from scenes.look.theme import Rgb, Scale, luminance
from scenes.places.layout import Region

_FILL = 0.8  # share of a cell's width that its number may take
_TALL = 0.52  # a number's size in em, as a share of the cell's height
_GAP = 0.06  # between cells, as a share of their shorter side
_NOTCH = 0.5  # side of what is cut off a negative cell, as a share of its shorter side
_SHADED_TEXT = 0.18  # luminance from which a cell's number is dark


class Tensor(DrawnMobject):
    """A matrix of true values: each cell has its value's colour and, where there is room, its number.

    How strong the colour is says how large the value is; a negative cell has a notch.

    Three arrays of the cells' shape say how they look: ``shown`` (opacity), ``lit`` (1 is plain, less is dimmed) and
    ``printed`` (opacity of the number). Rows and columns that do not fit are left out behind an ellipsis.

    Parameters
    ----------
    values
        (rows, columns); NaN where there is no value, as under a mask.
    scale
        Gives each value its colour.
    field
        What of the trace is shown, such as ``"weights[0]"``.
    rows, columns
        Which rows and columns are shown, -1 for an ellipsis; see :func:`~scenes.places.layout.visible_slots`.
    decimals
        Printed after the point; left out, as many as make the longest number five characters.
    smallest
        Size in em, scene units, below which numbers are left out.

    Examples
    --------
    .. code-block:: python

        class Weights(DrawingScene):
            def construct(self):
                weights = trace("The cat sat.").weights[0]
                tensor = Tensor(weights, probability_scale(WEIGHT, THEMES["dark"])).place(0, 0, 5, 5)
                tensor.shown[:] = 0
                self.play(Change(tensor, shown=1, order=reading_order(*tensor.shape)))
    """

    changing = ("opacity", "shown", "lit", "printed")

    def __init__(
        self,
        values: NDArray[np.floating],
        scale: Scale,
        *,
        field: str = "",
        rows: NDArray[np.int64] | None = None,
        columns: NDArray[np.int64] | None = None,
        decimals: int | None = None,
        smallest: float = 8 / 60,
    ) -> None:
        self.rows = np.arange(values.shape[0]) if rows is None else rows
        self.columns = np.arange(values.shape[1]) if columns is None else columns
        super().__init__(len(self.columns), len(self.rows))
        self.field = field
        self.coloring = scale
        self.smallest = smallest
        self.left_out = (self.rows < 0)[:, None] | (self.columns < 0)[None, :]
        self.values = np.where(self.left_out, np.nan, np.asarray(values, dtype=float)[np.ix_(self.rows, self.columns)])
        self.colors = np.nan_to_num(scale(self.values))
        self.decimals = fitting_decimals(values) if decimals is None else decimals
        self.texts = [[print_number(value, self.decimals) for value in row] for row in self.values.tolist()]
        self.longest = max((len(text) for row in self.texts for text in row), default=1)
        self.shown: Array = np.ones(self.shape)
        self.lit: Array = np.ones(self.shape)
        self.printed: Array = np.ones(self.shape)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns that are shown, ellipses included."""
        return len(self.rows), len(self.columns)

    def number_size(self, width: float, height: float, zoom: float = 1.0) -> float:
        """Return the size of the numbers in em for cells of the given size, 0 where they would be seen too small."""
        size = min(height * _TALL, width * _FILL / (self.longest * ADVANCE))
        return size if size * zoom >= self.smallest else 0.0

    def region(self, rows: slice | int = slice(None), columns: slice | int = slice(None)) -> Region:
        """Return where some rows and columns (by place, not by index in the values) stand, in scene units."""
        top, bottom = _ends(rows, self.shape[0])
        left, right = _ends(columns, self.shape[1])
        (x, y), (cell_width, cell_height) = self.points[0, :2], self.cell_size
        return Region(x + left * cell_width, y - bottom * cell_height, x + right * cell_width, y - top * cell_height)

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in scene units, of an upright tensor."""
        width, height = self.points[1, 0] - self.points[0, 0], self.points[0, 1] - self.points[2, 1]
        return width / self.shape[1], height / self.shape[0]

    def place_of(self, row: int, column: int) -> tuple[int, int]:
        """Return where a cell, given by its index in the values, stands among the shown ones."""
        return int(np.flatnonzero(self.rows == row)[0]), int(np.flatnonzero(self.columns == column)[0])

    def facts(self) -> list[Fact]:
        """Return every value that is shown, with its field and index."""
        return [
            Fact(f"{self.field}[{self.rows[row]}, {self.columns[column]}]", value, self.decimals)
            for (row, column), value in np.ndenumerate(self.values)
            if not np.isnan(value)
        ]

    def changed_part(self, before: Look) -> Array | None:
        """Return the corner points of the rectangle around the cells that look otherwise than they did."""
        now = self.look()
        if before[:2] != now[:2] or self.points[0, 1] != self.points[1, 1]:  # moved, faded as a whole, or turned
            return None
        changes = [np.frombuffer(one) != np.frombuffer(other) for one, other in zip(before[2:], now[2:], strict=True)]
        changed = np.logical_or.reduce(changes).reshape(self.shape)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        return self.region(slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)).corners

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw cells, then numbers, then ellipses, as far as they are inside the context's clip."""
        rows, columns = self.shape
        cell = width / columns, height / rows
        alphas = np.zeros(self.shape)
        clip = np.array(context.clip_extents()).reshape(2, 2) / cell  # columns and rows, first and last
        (left, top), (right, bottom) = np.clip([np.floor(clip[0]), np.ceil(clip[1])], 0, [columns, rows]).astype(int)
        seen = slice(top, bottom), slice(left, right)
        alphas[seen] = (self.opacity[0] * self.shown * (0.25 + 0.75 * self.lit))[seen]
        size = self.number_size(*cell, self.lens.zoom if self.lens is not None else 1.0)
        beside = max(cell[0] - self.longest * ADVANCE * size, cell[1] - CAP_HEIGHT * size) / 2 - _GAP * min(cell)
        self._paint_cells(context, cell, alphas, min(_NOTCH * min(cell), beside))  # it leaves the number alone
        if size:
            self._paint_numbers(context, cell, size, alphas * self.printed)

    def _paint_cells(self, context: Context, cell: tuple[float, float], alphas: Array, notch: float) -> None:
        width, height = cell
        gap = _GAP * min(cell)
        self._paint_grounds(context, cell, np.where(self.left_out, 0, alphas))
        left_out, empty, negative = self.left_out.tolist(), np.isnan(self.values).tolist(), (self.values < 0).tolist()
        colors, shown = self.colors.tolist(), alphas.tolist()  # plain numbers: a film paints a million cells
        for row, column in np.argwhere(alphas > 0).tolist():
            x, y, alpha = column * width, row * height, shown[row][column]
            if left_out[row][column]:
                self._paint_ellipsis(context, x, y, cell, row, column, alpha)
                continue
            context.rectangle(x + gap / 2, y + gap / 2, width - gap, height - gap)
            if empty[row][column]:
                self._paint_no_value(context, x, y, cell, alpha)
            else:
                set_color(context, colors[row][column], alpha)
                context.fill()
                if negative[row][column]:
                    self._paint_notch(context, x + width - gap / 2, y + height - gap / 2, notch, alpha)

    def _paint_grounds(self, context: Context, cell: tuple[float, float], alphas: Array) -> None:
        """Fill what is under the cells, and seen between them: all of it at once that is as opaque."""
        width, height = cell
        for alpha in np.unique(alphas[alphas > 0]).tolist():
            for row, column in np.argwhere(alphas == alpha).tolist():
                context.rectangle(column * width, row * height, width, height)
            set_color(context, self.coloring.theme.surface, under_alpha(alpha))
            context.fill()

    def _paint_notch(self, context: Context, x: float, y: float, side: float, alpha: float) -> None:
        """Cut a cell's lower right corner, at (``x``, ``y``), off: its value is negative."""
        context.move_to(x, y)
        context.line_to(x - side, y)
        context.line_to(x, y - side)
        context.close_path()
        set_color(context, self.coloring.theme.surface, alpha)
        context.fill()

    def _paint_no_value(self, context: Context, x: float, y: float, cell: tuple[float, float], alpha: float) -> None:
        theme = self.coloring.theme
        set_color(context, theme.surface, alpha)
        context.fill()
        context.move_to(x + 0.3 * cell[0], y + 0.7 * cell[1])
        context.line_to(x + 0.7 * cell[0], y + 0.3 * cell[1])
        context.set_line_width(0.04 * min(cell))
        set_color(context, theme.quiet, alpha)
        context.stroke()

    def _paint_ellipsis(
        self, context: Context, x: float, y: float, cell: tuple[float, float], row: int, column: int, alpha: float
    ) -> None:
        across, down = self.columns[column] < 0, self.rows[row] < 0
        set_color(context, self.coloring.theme.quiet, alpha)
        for step in (-1, 0, 1):
            distance = step * 0.22 * min(cell)
            context.new_sub_path()
            context.arc(
                x + cell[0] / 2 + across * distance, y + cell[1] / 2 + down * distance, 0.06 * min(cell), 0, 2 * np.pi
            )
        context.fill()

    def _paint_numbers(self, context: Context, cell: tuple[float, float], size: float, alphas: Array) -> None:
        ground = np.asarray(self.coloring.theme.surface)
        dimmed = ground + (0.25 + 0.75 * self.lit[..., None]) * (self.colors - ground)
        dark = luminance(dimmed) > _SHADED_TEXT
        for row, column in np.argwhere((alphas > 0) & ~np.isnan(self.values)).tolist():
            x, y = (column + 0.5) * cell[0], (row + 0.5) * cell[1]
            color = _DARK_NUMBER if dark[row, column] else _LIGHT_NUMBER
            draw_number(context, self.texts[row][column], x, y, size, color, alphas[row, column], plated=True)


_DARK_NUMBER: Rgb = (0.0, 0.0, 0.0)
_LIGHT_NUMBER: Rgb = (1.0, 1.0, 1.0)


def _ends(places: slice | int, count: int) -> tuple[int, int]:
    if isinstance(places, int):
        return places, places + 1
    start, stop, _ = places.indices(count)
    return start, stop


def same_size(tensors: Sequence[Tensor]) -> None:
    """Let the numbers of tensors whose cells are alike be of one size, whichever has the longest."""
    longest = max(tensor.longest for tensor in tensors)
    for tensor in tensors:
        tensor.longest = longest
