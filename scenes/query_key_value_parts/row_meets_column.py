"""`RowMeetsColumn`: one row of X times one column of a trained matrix, written out at full size."""

from collections.abc import Sequence

import numpy as np
from manim import Group, Scene, rush_from, rush_into

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.content.written_product import WrittenProduct
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import EMBEDDING, Rgb, Theme, signed_scale
from scenes.mobjects.label import Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor, same_size
from scenes.mobjects.tensor_name import TensorName
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import sizes
from scenes.places.layout import Frame, Region
from scenes.query_key_value_parts.close_up_places import CloseUpPlaces
from scenes.query_key_value_parts.trained_product import TrainedProduct

AT_LENGTH = 2  # terms that take their time; the others go by
_UNDER = 0.86  # share of a cell's width that the term under it may take


class RowMeetsColumn(Group):
    """The first numbers of a row and of a column under one another, what each pair makes, and the sum of all.

    ``row`` and ``column`` are seen through the lens: they set out from their matrices, and lie down in the close-up.
    All else is written where the close-up has it.

    Parameters
    ----------
    trace, head, made
        Give the numbers.
    product
        What is written.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Entry(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                slots = np.arange(len(traced)), np.arange(64), np.arange(32)
                made = TrainedProduct(KINDS[0], traced, 0, slots, frame, theme)
                product = WrittenProduct(traced, 0, KINDS[0], 1, 0, np.arange(6))
                written = RowMeetsColumn(traced, 0, made, product, frame, theme)
                written.row.points = written.places.row.corners
                written.column.points = written.places.column.corners
                self.add(*written.strips)
                written.multiply(self)
                written.add_up(self)
    """

    def __init__(
        self,
        trace: AttentionTrace,
        head: int,
        made: TrainedProduct,
        product: WrittenProduct,
        frame: Frame,
        theme: Theme,
    ) -> None:
        self.product, self.frame, self.theme = product, frame, theme
        self.places = CloseUpPlaces.of(frame, len(product.columns) + product.before + product.after)
        kind = made.kind
        weight = kind.weight(trace)[head]
        self.row = self._strip(trace.embeddings, EMBEDDING, "embeddings", product.token, product.factor_decimals[0])
        field = f"w_{kind.name}[{head}].T"
        self.column = self._strip(weight.T, kind.color, field, product.component, product.factor_decimals[1])
        same_size(self.strips)
        self.rings = [Ring(cell, theme.text) for cell in self.places.pair(0)]
        self.titles = self._titles(trace, kind.color, f"W_{kind.symbol}")
        self._write(theme.ink(kind.color))
        super().__init__(*self.titles, *self.terms, *self.sums, *self.rest, self.result)
        for part in (*self.written, *self.sums, *self.rings):
            part.steady = True

    @property
    def strips(self) -> list[Tensor]:
        """The row and the column."""
        return [self.row, self.column]

    @property
    def written(self) -> list[DrawnMobject]:
        """All that is written, but for the sums on the way."""
        return [*self.titles, *self.terms, self.sums[-1], *self.rest, self.result]

    def set_out(self, x: Tensor, weight: Tensor) -> Region:
        """Put row and column onto their own cells, and return what the camera goes in to."""
        product = self.product
        row, first = x.place_of(product.token, product.columns[0])
        column = weight.place_of(product.columns[0], product.component)[1]
        cells = slice(first - product.before, first - product.before + self.row.shape[1])
        own = x.region(row, cells)
        upright = weight.region(cells, column)
        self.starts = [
            own.corners,
            np.array(
                [[upright.right, upright.top, 0], [upright.right, upright.bottom, 0], [upright.left, upright.top, 0]]
            ),
        ]
        self.row.points, self.column.points = self.starts
        self.row.printed[:], self.column.printed[:] = 0, 0
        seen = self.places.seen_from(own)
        self.ends = [self.places.through(region, seen).corners for region in (self.places.row, self.places.column)]
        return seen

    def lie_down(self) -> list[Change]:
        """Return the moves of row and column to under each other, ahead of the camera."""
        return [Change(part, points=end, rate_func=rush_from) for part, end in zip(self.strips, self.ends, strict=True)]

    def go_back(self) -> list[Change]:
        """Return the moves of row and column to their own cells, behind the camera."""
        return [
            Change(part, points=start, rate_func=rush_into)
            for part, start in zip(self.strips, self.starts, strict=True)
        ]

    def explain(self) -> list[Change]:
        """Let appear whose row and which column it is, and their numbers."""
        return [*(Change(part, printed=1) for part in self.strips), *_appear(self.titles)]

    def multiply(self, scene: Scene) -> None:
        """Write term after term under its pair, with the sum so far."""
        for index, term in enumerate(self.terms):
            at_length = index < AT_LENGTH
            self._point_at(scene, index)
            scene.play(*_appear([term]), run_time=0.35 if at_length else 0.2)
            scene.remove(*self.sums[:index])
            scene.add(self.sums[index])
            scene.wait(0.35 if at_length else 0.13)

    def add_up(self, scene: Scene) -> None:
        """Add the terms that are not written out, and show the whole."""
        scene.remove(*self.rings)
        scene.play(*_appear(self.rest), run_time=0.5)
        scene.play(*_appear([self.result]), run_time=0.4)

    def _point_at(self, scene: Scene, index: int) -> None:
        """Put the rings around a pair of cells; going there they would cross numbers."""
        for ring, cell in zip(self.rings, self.places.pair(index + self.product.before), strict=True):
            ring.points = cell.corners
        scene.add(*self.rings)

    def _strip(self, values: Floats, color: Rgb, field: str, line: int, decimals: int) -> Tensor:
        """Return the first numbers of a row of ``values``; the largest of them has the full colour."""
        columns, before, after = self.product.columns, self.product.before, self.product.after
        return Tensor(
            values,
            signed_scale(color, values[line, columns], self.theme),
            field=field,
            rows=np.array([line]),
            columns=np.array([*[-1] * before, *columns.tolist(), *[-1] * after]),
            decimals=decimals,
            smallest=self.frame.smallest_number,
        )

    def _titles(self, trace: AttentionTrace, color: Rgb, weight: str) -> list[DrawnMobject]:
        """Return what says whose row and which column it is, over them."""
        theme, places = self.theme, self.places
        symbol, size = self.frame.text * 1.4, self.frame.text * 1.2
        texts = ChipTexts.of(trace, np.array([self.product.token]), 9.0, self.product.token)
        chip = TokenChips(texts, "row", size, theme)
        chip.place(0, 0, texts.width() * size, TALL * size)
        row = TensorName("X", [("one row", theme.quiet)], EMBEDDING, (symbol, size), theme)
        column = TensorName(weight, [("one column", theme.quiet)], color, (symbol, size), theme)
        times = Label("×", theme.text, size)
        for line, region in (((chip, row), places.row_title), ((times, column), places.column_title)):
            left = region.left
            for part in line:
                part.move_to((left + part.width / 2, region.center[1], 0))
                left += part.width + self.frame.text * 0.6
        return [chip, *row.parts, times, *column.parts]

    def _write(self, ink: Rgb) -> None:
        """Stand each term under its pair, and under all of them the sum so far, the rest and the result."""
        product, theme = self.product, self.theme
        parts: list[list[Part]] = [[("=", theme.quiet), (fact, theme.text)] for fact in product.terms]
        widest = max(self._label(term, 1.0).width for term in parts)
        under = min(self.frame.text * 1.4, _UNDER * self.places.row.width / self.places.cells / widest)
        self.terms = [self._label(term, under) for term in parts]
        for index, term in enumerate(self.terms):
            term.move_to((*self.places.under(index + product.before), 0))
        largest = self.frame.text * (1.4 if self.frame.wide else 1.15)
        for size in sizes(largest, self.frame.small_text):
            self._write_total(ink, size)
            if Group(self.sums[-1], *self.rest, self.result).height <= self.places.total.height:
                break

    def _write_total(self, ink: Rgb, size: float) -> None:
        """Write the sums, the rest and the result with letters of that ``size``."""
        product, theme = self.product, self.theme
        self.sums = [self._label([("sum", theme.quiet), (fact, theme.text)], size) for fact in product.sums]
        more = f"in {product.hidden} more terms"
        further = [(product.rest, more)] if product.hidden else []
        further += [(product.bias, "bias")] if product.bias else []
        self.rest = [self._label([*self._added(fact), (words, theme.quiet)], size) for fact, words in further]
        self.result = self._label([("=", theme.quiet), (product.result, ink)], size * 1.3)
        flow([self.sums[-1], *self.rest, self.result], self.places.total, size * 0.6)
        for label in self.sums:
            label.move_to(self.sums[-1])

    def _added(self, fact: Fact) -> list[Part]:
        """Return a number that is added, or taken off if it is negative."""
        if fact.printed >= 0:
            return [("+", self.theme.quiet), (fact, self.theme.text)]
        return [("−", self.theme.quiet), (Fact(f"-({fact.source})", -fact.value, fact.decimals), self.theme.text)]

    def _label(self, parts: list[Part], size: float) -> Label:
        return Label(parts, self.theme.text, size, MONO)


def _appear(parts: Sequence[DrawnMobject]) -> list[Change]:
    return [Change(part.set_opacity(0), opacity=1) for part in parts]
