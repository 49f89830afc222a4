"""`HeadMaps`: the attention weights of many heads, each a little matrix, one mobject however many there are."""

from collections.abc import Set as AbstractSet

import cairo
import numpy as np
from numpy.typing import NDArray

from attention.head_weights import HeadWeights
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color, set_picture
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.look.theme import WEIGHT, Rgb, Theme, probability_scale
from scenes.places.head_places import CAPTION, HeadGrid
from scenes.places.layout import Region

_EDGE = 0.08  # width of the line around a matrix, in em
_DIMMED, _DIMMED_TEXT = 0.2, 0.8  # opacity of a head that is not lit, and of what is under it
_FINER = 8  # pixels of a cell across in vector pictures, whose viewers smooth what they enlarge


class HeadMaps(DrawnMobject):
    """Every head's true matrix without numbers: a row is an attending token, a cell's colour its attention weight.

    Arrays say how it looks: of each head ``shown`` (opacity), ``lit`` (1 is plain, less is dimmed) and ``captioned``
    (opacity of what is under it), and ``named`` (opacity of the names of rows and columns). It scales as a whole, texts
    included.

    Parameters
    ----------
    heads
        Gives the weights.
    grid
        Which heads are shown, where, and what is written.
    size
        Of the text, in em, scene units.
    theme
        Gives the colours.
    slots
        Which tokens are rows and columns, -1 for an ellipsis; left out, all.
    plain
        Captions that are written in a quiet colour, as they say little.

    Examples
    --------
    .. code-block:: python

        class Heads(DrawingScene):
            def construct(self):
                found = attention.surveying.survey("The cat sat.")  # or with a model that has more than one head
                grid = grid_of_all(*found.names.shape, found.names.tolist(), turned=False).fitted(60, 30)
                self.add(HeadMaps(found.weights, grid, 0.2, THEMES["dark"]))
    """

    changing = ("opacity", "shown", "lit", "captioned", "named")

    def __init__(
        self,
        heads: HeadWeights,
        grid: HeadGrid,
        size: float,
        theme: Theme,
        *,
        slots: NDArray[np.int64] | None = None,
        plain: AbstractSet[str] = frozenset(),
    ) -> None:
        super().__init__(grid.size[0] * size, grid.size[1] * size)
        self.grid = grid
        self.theme = theme
        self.plain = plain
        self.slots = np.arange(len(heads.special)) if slots is None else slots
        layers, numbers = np.array(grid.heads).T
        values = np.where(heads.masks[layers], heads.weights[layers, numbers].astype(float), np.nan)
        left_out = (self.slots < 0)[:, None] | (self.slots < 0)[None, :]
        self.values = np.where(left_out, np.nan, values[:, self.slots][:, :, self.slots])  # (heads, rows, columns)
        self.pixels = _pixels(probability_scale(WEIGHT, theme)(self.values), np.isnan(self.values), theme.surface)
        self.shown: Array = np.ones(len(grid.heads))
        self.lit: Array = np.ones(len(grid.heads))
        self.captioned: Array = np.ones(len(grid.heads))
        self.named: Array = np.ones(1)

    def region(self, layer: int, head: int, inside: Region | None = None) -> Region:
        """Return where a head's matrix stands, in scene units; or would, were all of it ``inside`` a region."""
        points = self.points if inside is None else inside.corners
        scale = (points[1, 0] - points[0, 0]) / self.grid.size[0]
        x, y = self.grid.place(self.grid.heads.index((layer, head)))
        left, top = points[0, 0] + x * scale, points[0, 1] - y * scale
        side = self.grid.side * scale
        return Region(float(left), float(top - side), float(left + side), float(top))

    def fitted(self, region: Region) -> Region:
        """Return the largest region of its shape in the middle of another."""
        scale = min(region.width / self.grid.size[0], region.height / self.grid.size[1])
        return region.middle(self.grid.size[0] * scale, self.grid.size[1] * scale)

    def facts(self) -> list[Fact]:
        """Return every weight that a cell shows."""
        return [
            Fact(f"all_weights[{layer}][{head}][{self.slots[row]}, {self.slots[column]}]", value)
            for (layer, head), values in zip(self.grid.heads, self.values, strict=True)
            for (row, column), value in np.ndenumerate(values)
            if not np.isnan(value)
        ]

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the matrices, then the texts."""
        context.scale(width / self.grid.size[0], height / self.grid.size[1])
        shown = self.opacity[0] * self.shown
        alphas, written = (shown * (least + (1 - least) * self.lit) for least in (_DIMMED, _DIMMED_TEXT))
        for index in np.flatnonzero(alphas > 0).tolist():
            self._paint_matrix(context, index, alphas[index])
        self._paint_captions(context, written * self.captioned)
        self._paint_names(context, self.opacity[0] * self.named[0] * float(self.shown.max()))

    def _paint_matrix(self, context: Context, index: int, alpha: float) -> None:
        x, y = self.grid.place(index)
        side = self.grid.side
        context.rectangle(x - _EDGE / 2, y - _EDGE / 2, side + _EDGE, side + _EDGE)
        set_color(context, self.theme.quiet, 0.45 * alpha)
        context.set_line_width(_EDGE)
        context.stroke()
        pixels = self.pixels[index]
        if isinstance(context.get_target(), cairo.SVGSurface | cairo.PDFSurface):
            pixels = pixels.repeat(_FINER, axis=0).repeat(_FINER, axis=1)
        count, data = len(pixels), bytearray(pixels.tobytes())
        context.save()
        context.translate(x, y)
        context.scale(side / count, side / count)
        set_picture(context, cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, count, count))
        context.get_source().set_filter(cairo.FILTER_NEAREST)
        context.paint_with_alpha(alpha)
        context.restore()

    def _paint_captions(self, context: Context, alphas: Array) -> None:
        for index, caption in enumerate(self.grid.captions):
            if alphas[index] <= 0:
                continue
            x, y = self.grid.place(index)
            color = self.theme.quiet if caption.rpartition(": ")[2] in self.plain else self.theme.text
            middle = x + self.grid.side / 2 - outline(caption).width / 2
            _write(context, caption, middle, y + self.grid.side + CAPTION - 0.25, color, alphas[index])

    def _paint_names(self, context: Context, alpha: float) -> None:
        grid, quiet = self.grid, self.theme.quiet
        if alpha <= 0:
            return
        for line, word in enumerate(grid.corner):
            _write(context, word, 0.0, grid.top * (line + 1) / len(grid.corner) - 0.45, quiet, alpha)
        half = grid.side / 2
        for column, name in enumerate(grid.column_names):
            x, _ = grid.place(column)
            _write(context, name, x + half - outline(name).width / 2, grid.top - 0.45, quiet, alpha)
        for row, name in enumerate(grid.row_names):
            x, y = grid.place(row * grid.columns)
            right = grid.left - 0.5
            _write(context, name, right - outline(name).width, y + half + CAP_HEIGHT / 2, quiet, alpha)


def _write(context: Context, text: str, x: float, y: float, color: Rgb, alpha: float) -> None:
    """Write a text whose baseline begins at (``x``, ``y``); the context's unit is an em."""
    context.save()
    context.translate(x, y)
    outline(text).draw(context, color, alpha)
    context.restore()


def _pixels(colors: Array, without: NDArray[np.bool_], ground: Rgb) -> NDArray[np.uint8]:
    """Return (heads, rows, columns, 4) in the order of Manim's pixel arrays, the ground's colour where is no value."""
    filled = np.where(without[..., None], ground, np.nan_to_num(colors))
    opaque = np.full((*filled.shape[:-1], 1), 255, dtype=np.uint8)
    return np.concatenate([np.rint(filled * 255).astype(np.uint8), opaque], axis=-1)
