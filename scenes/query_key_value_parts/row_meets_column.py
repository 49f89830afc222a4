"""`RowMeetsColumn`: one row of X times one column of a trained matrix, written out at full size."""

from collections.abc import Callable, Sequence

import numpy as np
from manim import RIGHT, Group, Scene, rush_from, rush_into
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.content.written_product import WrittenProduct
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import EMBEDDING, Hue, Rgb, Theme, signed_scale
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
from scenes.words import _, ngettext

IN_THE_AIR = 3  # cells, at most
APART = 0.2  # seconds from one cell to the next
_UNDER = 0.86  # share of a cell's width that the term under it may take


class RowMeetsColumn(Group):
    """The first numbers of a column over those of a row, what each pair makes, and the sum of all.

    ``row``, ``column`` and the ``cells`` of the latter are seen through the lens: the row is where it is in its matrix,
    and the cells of the column fall onto it, each to its partner. All else is written where the close-up has it.

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
        self.places = CloseUpPlaces.of(frame, len(product.columns), product.before, product.after)
        kind = made.kind
        weight = kind.weight(trace)[head]
        decimals = product.factor_decimals
        of_x = trace.embeddings, EMBEDDING, "embeddings", product.token, decimals[0]
        of_weight = weight.T, kind.color, f"w_{kind.name}[{head}].T", product.component, decimals[1]
        self.row, self.column = self._strip(*of_x, product.columns), self._strip(*of_weight, product.columns)
        self.cells = [self._strip(*of_weight, np.array([column])) for column in product.columns]
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
        top, column = weight.place_of(product.columns[0], product.component)
        self.own = x.region(row, slice(first, first + len(product.columns)))
        seen = self.places.seen_from(self.own)
        self.row.points = self.own.corners
        self.beside, self.column.points = (
            self.places.through(region, seen).corners for region in (self.places.row, self.places.column)
        )
        for index, cell in enumerate(self.cells):
            cell.points = weight.region(top + index, column).corners
        for part in (*self.strips, *self.cells):
            part.printed[:] = 0
        return seen

    def widen(self) -> Change:
        """Return the row's growth to full height, ahead of the camera."""
        return Change(self.row, points=self.beside, rate_func=rush_from)

    def fall(self, scene: Scene) -> None:
        """Let the column's cells fall onto the row, one after another, each upright and straight to its partner."""
        count = len(self.cells)
        turns = count + IN_THE_AIR - 1
        falls = [
            Change(cell, points=self.column.region(columns=index).corners, rate_func=_in_turn(index, turns))
            for index, cell in enumerate(self.cells)
        ]
        scene.play(*falls, run_time=APART * turns)
        scene.add(self.column)
        scene.remove(*self.cells)

    def narrow(self) -> Change:
        """Return the row's way back to its own cells, behind the camera."""
        return Change(self.row, points=self.own.corners, rate_func=rush_into)

    def explain(self) -> list[Change]:
        """Let appear whose row and which column it is, and their numbers."""
        return [*(Change(part, printed=1) for part in self.strips), *_appear(self.titles)]

    def multiply(self, scene: Scene) -> None:
        """Write term after term under its pair, with the sum so far."""
        for index, term in enumerate(self.terms):
            self._point_at(scene, index)
            scene.play(*_appear([term]), run_time=0.2 if index else 0.4)
            scene.remove(*self.sums[:index])
            scene.add(self.sums[index])
            scene.wait(0.3 if index else 0.8)

    def add_up(self, scene: Scene) -> None:
        """Add the terms that are not written out, and show the whole."""
        scene.remove(*self.rings)
        scene.play(*_appear(self.rest), run_time=0.5)
        scene.play(*_appear([self.result]), run_time=0.4)

    def _point_at(self, scene: Scene, index: int) -> None:
        """Put the rings around a pair of cells; going there they would cross numbers."""
        for ring, cell in zip(self.rings, self.places.pair(index), strict=True):
            ring.points = cell.corners
        scene.add(*self.rings)

    def _strip(
        self, values: Floats, color: Hue, field: str, line: int, decimals: int, columns: NDArray[np.int64]
    ) -> Tensor:
        """Return some numbers of a row of ``values``; the largest that is written has the full colour."""
        return Tensor(
            values,
            signed_scale(color, values[line, self.product.columns], self.theme),
            field=field,
            rows=np.array([line]),
            columns=columns,
            decimals=decimals,
            smallest=self.frame.smallest_number,
        )

    def _titles(self, trace: AttentionTrace, color: Hue, weight: str) -> list[DrawnMobject]:
        """Return what says whose row and which column it is, over them, and dots where these go on."""
        theme, places, text = self.theme, self.places, self.frame.text
        sizes = text * 1.3, text if self.frame.wide else self.frame.small_text
        texts = ChipTexts.of(trace, np.array([self.product.token]), 9.0, self.product.token)
        chip = TokenChips(texts, "row", text, theme)
        chip.place(0, 0, texts.width() * text, TALL * text)
        row = TensorName("X", [(_("one row"), theme.quiet)], EMBEDDING, sizes, theme)
        column = TensorName(weight, [(_("one column"), theme.quiet)], color, sizes, theme)
        times = Label("×", theme.text, text)
        for line, region in (((column,), places.column_title), ((times, chip, row), places.row_title)):
            left = region.left
            for part in line:
                part.move_to((left + part.width / 2, region.center[1], 0))
                left += part.width + text * 0.6
        dots = [Label("⋯", theme.quiet, text) for _ in places.dots]
        for label, region in zip(dots, places.dots, strict=True):
            label.move_to((*region.center, 0))
        return [*column.parts, times, chip, *row.parts, *dots]

    def _write(self, ink: Rgb) -> None:
        """Stand each term under its pair, and under all of them the sum so far, the rest and the result."""
        product, theme = self.product, self.theme
        equals: list[Part] = [("=", theme.quiet)] if self.frame.wide else []
        parts: list[list[Part]] = [[*equals, (fact, theme.text)] for fact in product.terms]
        widest = max(self._label(term, 1.0).width for term in parts)
        under = min(self.frame.text * 1.4, _UNDER * self.places.row.width / self.places.cells / widest)
        self.terms = [self._label(term, under) for term in parts]
        for index, term in enumerate(self.terms):
            term.move_to((*self.places.under(index), 0))
        largest = self.frame.text * (1.4 if self.frame.wide else 1.0)
        for size in sizes(largest, self.frame.small_text):
            self._write_total(ink, size)
            if Group(self.sums[-1], *self.rest, self.result).height <= self.places.total.height:
                break

    def _write_total(self, ink: Rgb, size: float) -> None:
        """Write the sums, the rest and the result with letters of that ``size``."""
        product, theme = self.product, self.theme
        *on_the_way, total = product.sums
        self.sums = [self._label([(_("sum"), theme.quiet), (fact, theme.text)], size) for fact in on_the_way]
        self.sums.append(self._label([(total, theme.text)], size))
        # Translators: of a sum
        more = ngettext("({number} more term)", "({number} more terms)", product.hidden, number=product.hidden)
        further = [(product.rest, more)] if product.hidden else []
        further += [(product.bias, _("bias"))] if product.bias else []
        self.rest = [self._label([*self._added(fact), (words, theme.quiet)], size) for fact, words in further]
        self.result = self._label([("=", theme.quiet), (product.result, ink)], size * 1.3)
        flow([self.sums[-1], *self.rest, self.result], self.places.total, size * 0.6)
        for label in self.sums:
            label.move_to(self.sums[-1]).align_to(self.sums[-1], RIGHT)
            label.shift(RIGHT * max(self.places.total.left - label.get_left()[0], 0.0))

    def _added(self, fact: Fact) -> list[Part]:
        """Return a number that is added, or taken off if it is negative."""
        if fact.printed >= 0:
            return [("+", self.theme.quiet), (fact, self.theme.text)]
        return [("−", self.theme.quiet), (Fact(f"-({fact.source})", -fact.value, fact.decimals), self.theme.text)]

    def _label(self, parts: list[Part], size: float) -> Label:
        return Label(parts, self.theme.text, size, MONO)


def _in_turn(index: int, turns: int) -> Callable[[float], float]:
    """Return how one of several parts moves that set off one after another, of so many ``turns`` in all."""
    return lambda share: float(rush_from(np.clip((share * turns - index) / IN_THE_AIR, 0, 1)))


def _appear(parts: Sequence[DrawnMobject]) -> list[Change]:
    return [Change(part.set_opacity(0), opacity=1) for part in parts]
