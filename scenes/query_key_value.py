"""Clip 5: X times three trained matrices gives queries, keys and values."""

from collections.abc import Callable, Sequence

import numpy as np
from manim import linear, smooth

from scenes.content.asking import named
from scenes.content.variants import (
    how_fast_positions_turn,
    what_makes_keys,
    what_makes_queries,
    what_makes_values,
    what_positions_do,
)
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.mobjects.label import LINE
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.layout import Region
from scenes.places.read_numbers import read_query
from scenes.query_key_value_parts.projection_places import place_projections
from scenes.query_key_value_parts.projections import Projections
from scenes.query_key_value_parts.row_meets_column import RowMeetsColumn
from scenes.query_key_value_parts.trained_product import TrainedProduct
from scenes.words import _

DIMMED = 0.4


class QueryKeyValue(ExplainerScene):
    """X meets W_Q, W_K and W_V: one entry number by number, then all queries, then the keys and values."""

    stage = "Q K V"
    names: list[DrawnMobject]  # that stand at the matrices

    def construct(self) -> None:
        """Play the storyboard's row for clip 5."""
        self._build()
        self._a_trained_matrix_makes_queries()
        self._one_row_meets_one_column()
        self._number_times_number_adds_up()
        self._each_column_gives_one_number()
        self._every_row_meets_every_column()
        self._two_more_matrices_make_keys_and_values()
        if self.trace.projected_queries is not None:
            self._positions_change_queries_and_keys()
        if self.trace.without_positions:
            self._positions_change_nothing()
        self._a_token_asks_offers_and_carries()

    @beat
    def _a_trained_matrix_makes_queries(self) -> None:
        x = self.all.x
        self.carry_over(self.all.chips, run_time=2.0, in_turn=True, said=what_makes_queries(self.trace))
        x.shown[:] = 0
        self.play(Change(x, shown=1, order=row_order(*x.shape[::-1]).T), run_time=0.7)
        self._show(self.all.x_name.parts)
        self._show(self.queries.factors)

    @beat
    def _one_row_meets_one_column(self) -> None:
        written = self.written
        self.say(_("{token} meets one column of W_Q", token=named(self.trace, self.followed)))
        seen = written.set_out(self.all.x, self.queries.weight)
        self.meeting = [
            Ring(part, self.theme.text)
            for part in (self.all.x.region(rows=self.row), self.queries.weight.region(columns=self.column))
        ]
        self.play(*self._light(self.row, self.column), *self.appear(self.meeting), run_time=0.4)
        self.wait(0.8)
        gone = [*self.names, self.all.chips, *self.meeting]
        self.play(*self.appear([written.row]), *self.fade(gone, 0), run_time=0.3)
        self.go_in(seen, written.widen(), *self.fade([self.all.x, self.queries.weight], 0), share=1.0, run_time=1.2)
        written.fall(self)
        self.play(*written.explain(), run_time=0.4)

    @beat
    def _number_times_number_adds_up(self) -> None:
        self.say(_("Number times number, and all of it added up"))
        self.written.multiply(self)
        self.written.add_up(self)
        self.wait(1.5)

    @beat
    def _each_column_gives_one_number(self) -> None:
        self.say(_("Each column gives one number of the query"))
        self._come_back_with_the_entry()
        product = self.queries.product
        own = np.zeros(product.shape)
        own[self.row] = 1
        across = np.broadcast_to(np.linspace(0, 1, product.shape[1]), product.shape)
        weight, last = self.queries.weight, product.shape[1] - 1
        self.ring = self.meeting[1]
        first = [
            Change(self.entry_ring, points=product.region(self.row, 0).corners),
            Change(self.ring, points=weight.region(columns=0).corners),
        ]
        self.play(*self._light(self.row, None), *first, *self.fade([self.written.result], 0), run_time=0.4)
        self.remove(self.written.result)
        entry = Change(self.entry_ring, points=product.region(self.row, last).corners, rate_func=linear)
        self._sweep(self.queries, own, across, weight.region(columns=last), 1.0, entry)

    @beat
    def _every_row_meets_every_column(self) -> None:
        several = len(self.trace) > 1
        everyone, alone = _("Every row does the same: Q, the queries"), _("Its query is the only row of Q, the queries")
        self.say(everyone if several else alone)
        self.play(*self.fade([*self.meeting, self.entry_ring], 0), *self._light(None, None), run_time=0.3)
        self.remove(self.meeting[0], self.entry_ring)
        self._sweep_rows(self.queries, 1.4)
        self._show(self.queries.product_name.parts)

    @beat
    def _two_more_matrices_make_keys_and_values(self) -> None:
        self.say(what_makes_keys(self.trace))
        self._rename(self.all.to_three)
        for made in (self.keys, self.values):
            if made is self.values and (told := what_makes_values(self.trace)):
                self.say(told)
            self._show(made.factors)
            self._sweep_rows(made, 0.5)
            self._show(made.product_name.parts)

    @beat
    def _positions_change_queries_and_keys(self) -> None:
        self.say(what_positions_do(self.trace))
        for made in (self.queries, self.keys):
            turned = made.turned()
            assert turned is not None
            turned.shown[:] = 0
            order = row_order(*turned.shape)
            self.play(Change(turned, shown=1, order=order), Change(made.product, shown=0, order=order), run_time=1.6)
            self.remove(made.product)
            made.product = turned
        base = how_fast_positions_turn(self.trace)
        if base:
            self.say(base)
        self.wait(1.0)

    @beat
    def _positions_change_nothing(self) -> None:
        self.say(_("This layer turns nothing: no position reaches its scores"))

    @beat
    def _a_token_asks_offers_and_carries(self) -> None:
        self.say(_("Each token: a query, a key and a value"))
        gone = [part for made in self.all.made for part in made.factors]
        self.names = [part for part in self.names if part not in gone]
        self.play(*self.fade([*gone, *self.names], 0), run_time=0.3)
        self.remove(*gone)
        self.play(*self.all.to_last(), run_time=0.8)
        self.play(*self.fade(self.names, 1), *self._dim_all(self.row, DIMMED), run_time=0.4)
        for made in self.all.made:
            others = [self._dim(each.product, self.row, 1.0 if each is made else DIMMED) for each in self.all.made]
            self.play(*others, *self.appear(made.words), run_time=0.4)
            self.wait(0.7)
        x, last = self.all.x.region(rows=self.row), self.values.product.region(rows=self.row)
        ring = Ring(Region(x.left, x.bottom, last.right, x.top), self.theme.text)
        self.play(*self._dim_all(None), *self.appear([ring]), run_time=0.5)
        self.rest()

    def _build(self) -> None:
        """Make all matrices, and what is written of one entry: of the followed token's query."""
        trace, frame, theme = self.trace, self.frame, self.theme
        self.entry = read_query(trace, self.head, self.followed, frame)
        weights = self.shown_weights[self.followed]
        places = place_projections(trace, frame, self.followed, weights, self.entry.columns, self.shown_tokens)
        self.all = Projections(trace, self.head, places, frame, theme)
        self.queries, self.keys, self.values = self.all.made
        for made in self.all.made:
            made.product.shown[:] = 0
        self.row, self.column = self.queries.product.place_of(self.followed, self.entry.component)
        self.written = RowMeetsColumn(trace, self.head, self.queries, self.entry, frame, theme)
        self.names = []

    def _come_back_with_the_entry(self) -> None:
        """Let the camera come back, and the sum fly to its cell."""
        written, product, number = self.written, self.queries.product, self.written.result
        cell = product.region(self.row, self.column)
        there = self._number_at(cell, product.region())
        lane = there.copy()
        lane[:, 1] += self.frame.stage.bottom - there[:, 1].min()  # the row passes over it
        flies = self.frame.wide  # elsewhere the camera would let row and matrix pass under it
        gone = [part for part in written.written if part is not number or not flies]
        self.play(*self.fade([*gone, written.column], 0), Change(written.row, printed=0), run_time=0.3)
        self.remove(*gone, written.column)
        if flies:
            self.play(Change(number, points=lane), run_time=0.4)
        matrices = [Change(part, opacity=1, rate_func=_late) for part in (self.all.x, self.queries.weight)]
        self.come_back(written.narrow(), *matrices, run_time=1.2)
        own = np.zeros(product.shape)
        own[self.row, self.column] = 1
        self.entry_ring = Ring(cell, self.theme.text)
        self.play(
            *self.fade([*self.names, self.all.chips], 1), Change(written.row, opacity=0, remover=True), run_time=0.3
        )
        if not flies:
            number.points = there
        self.play(Change(number, points=there, opacity=1), run_time=0.5)
        rings = [*self.meeting, self.entry_ring]
        self.play(Change(product, shown=own), *self.appear(rings), run_time=0.3)
        self.wait(0.8)

    def _number_at(self, cell: Region, free: Region) -> Array:
        """Return where the entry's number stands, over its ``cell`` or in the first row under it, within ``free``."""
        number = self.written.result.copy()
        size = self.frame.text * (1.4 if self.frame.wide else 1.0)
        number.scale(size * LINE / number.height)
        half = number.width / 2
        x = max(free.left + half, min(cell.center[0], free.right - half))
        number.move_to((x, cell.top + 0.75 * size if self.row else cell.bottom - 0.75 * size, 0))
        return number.points

    def _rename(self, moves: Callable[[], list[Change]]) -> None:
        """Let chips and matrices move while their names are away."""
        self.play(*self.fade(self.names, 0), run_time=0.2)
        self.play(*moves(), run_time=0.8)
        self.play(*self.fade(self.names, 1), run_time=0.2)

    def _show(self, parts: Sequence[DrawnMobject]) -> None:
        """Let matrices appear, and names that stay with them."""
        self.play(*self.appear(parts), run_time=0.3)
        self.names += [part for part in parts if not isinstance(part, Tensor)]

    def _sweep_rows(self, made: TrainedProduct, run_time: float) -> None:
        """Fill a product row by row while the ring goes down X."""
        x, (rows, columns) = self.all.x, made.product.shape
        self.ring.points = x.region(rows=0).corners
        self.play(Change(self.ring, opacity=1), run_time=0.2)
        order = row_order(rows, columns)
        self._sweep(made, np.ones(made.product.shape), order, x.region(rows=rows - 1), run_time)
        self.play(Change(self.ring, opacity=0, remover=True), run_time=0.2)

    def _sweep(
        self, made: TrainedProduct, shown: Array, order: Array, last: Region, run_time: float, *more: Change
    ) -> None:
        """Fill cells of a product in order while the ring goes to the last row or column that makes them."""
        self.play(
            Change(made.product, shown=shown, order=order, overlap=0.2),
            Change(self.ring, points=last.corners, rate_func=linear),
            *more,
            run_time=run_time,
        )

    def _light(self, row: int | None, column: int | None) -> list[Change]:
        """Dim all but one row of X and one column of W_Q; None stands for all of them."""
        columns = _lit(self.queries.weight.shape[1], column)
        return [
            self._dim(self.all.x, row),
            self._dim(self.all.chips, row),
            Change(self.queries.weight, lit=columns[None, :]),
        ]

    def _dim_all(self, row: int | None, bright: float = 1.0) -> list[Change]:
        """Dim all but one row of X, and of what is made of it, which is as ``bright``; None stands for all of them."""
        products = (self._dim(made.product, row, bright) for made in self.all.made)
        return [self._dim(self.all.chips, row), self._dim(self.all.x, row), *products]

    def _dim(self, part: Tensor | TokenChips, row: int | None, bright: float = 1.0) -> Change:
        """Dim all but one row, which is as ``bright`` as is said; None stands for all of them."""
        lit = _lit(len(self.all.places.slots), row, bright)
        return Change(part, lit=lit[:, None] if isinstance(part, Tensor) else lit)


def _late(share: float) -> float:
    """Return how far something is that comes when the camera is nearly back."""
    return float(smooth(max(4 * share - 3, 0.0)))


def _lit(count: int, place: int | None, bright: float = 1.0) -> Array:
    """Return how bright so many rows or columns are, if only one of them is talked about."""
    return np.ones(count) if place is None else np.where(np.arange(count) == place, bright, DIMMED)
