"""Clip 5: X times three trained matrices gives queries, keys and values."""

from functools import partial

import numpy as np
from manim import LEFT, linear

from scenes.content.variants import (
    how_fast_positions_turn,
    what_makes_keys,
    what_makes_queries,
    what_makes_values,
    what_positions_do,
)
from scenes.drawing.change import Change, row_order
from scenes.drawing.fact import Fact, fitting_decimals
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, QUERY, signed_scale
from scenes.mobjects.dot_product import DotProduct
from scenes.mobjects.label import LINE
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow, stack
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Region, visible_slots
from scenes.places.matrix_places import place_matrix
from scenes.places.product_places import ProductPlaces, place_products
from scenes.query_key_value_parts.trained_product import KINDS, TrainedProduct

TERMS = 3  # of a dot product that are written out at most
COUNTED = 6  # sums that are shown on the way through the other terms
DIMMED = 0.25


class QueryKeyValue(ExplainerScene):
    """X meets W_Q, W_K and W_V: the first query number by number, then all queries, then the keys, then the values."""

    stage = "Q K V"

    def construct(self) -> None:
        """Play the storyboard's row for clip 5."""
        self._lay_out()
        self._build()
        self._each_token_is_a_row_of_x()
        self._a_trained_matrix_makes_queries()
        self._one_row_meets_one_column()
        self._the_row_meets_every_column()
        self._every_row_meets_every_column()
        self._a_second_matrix_makes_keys()
        self._a_third_matrix_makes_values()
        if self.trace.projected_queries is not None:
            self._positions_change_queries_and_keys()
        if self.trace.without_positions:
            self._positions_change_nothing()
        self._queries_keys_and_values_rest()

    @beat
    def _each_token_is_a_row_of_x(self) -> None:
        self.x.points, self.chips.points = self.alone.cells.corners, self.alone.row_names.corners
        self.x_name.move_to(self._under(self.alone.cells))
        self.carry_over(self.x, self.chips, *self.x_name.parts)
        self.say("X: one embedding per token, one row each")
        self.wait(1.0)

    @beat
    def _a_trained_matrix_makes_queries(self) -> None:
        self.say(what_makes_queries(self.trace))
        self.play(*self._move_to(self.first_places), run_time=0.9)
        self.play(*self.appear([*self.queries.factors, *self.queries.product_name.parts]), run_time=0.6)
        self.wait(0.4)

    @beat
    def _one_row_meets_one_column(self) -> None:
        self.say("One row of X meets one column of W_Q")
        self.play(*self._light(self.row, self.column), run_time=0.6)
        self.say("Multiply them number by number, and add it all up")
        self._write_out_the_dot_product()
        self.wait(0.5)
        self.dot_product.send_result(self, self.queries.product, self.row, self.column)

    @beat
    def _the_row_meets_every_column(self) -> None:
        self.say("Each column gives one number of this token's query")
        product, weight = self.queries.product, self.queries.weight
        own = np.zeros(product.shape)
        own[self.row] = 1
        across = np.broadcast_to(np.linspace(0, 1, product.shape[1]), product.shape)
        self.ring = Ring(weight.region(columns=0), self.theme.text)
        gone = [Change(part, opacity=0) for part in self.dot_product.parts]
        self.play(*self._light(self.row, None), *gone, run_time=0.5)
        self.remove(self.dot_product)
        last = weight.region(columns=product.shape[1] - 1)
        self.play(
            Change(product, shown=own, order=across, overlap=0.3),
            Change(self.ring, points=last.corners, rate_func=linear),
            run_time=1.5,
        )

    @beat
    def _every_row_meets_every_column(self) -> None:
        self.say("The same for every row: Q, all the queries")
        self.play(Change(self.ring, opacity=0), *self._light(None, None), run_time=0.4)
        self.ring.points = self.x.region(rows=0).corners
        self.play(Change(self.ring, opacity=1), run_time=0.2)
        self._sweep(self.queries, 1.6)
        self._ask(self.queries, "A query asks: what am I looking for?")

    @beat
    def _a_second_matrix_makes_keys(self) -> None:
        if self.first_places != self.places:
            self.play(*self._move_to(self.places), run_time=0.8)
        self._bring(self.keys, what_makes_keys(self.trace))
        self._ask(self.keys, "A key says: what do I offer?")

    @beat
    def _a_third_matrix_makes_values(self) -> None:
        self._bring(self.values, what_makes_values(self.trace))
        self._ask(self.values, "A value carries: what do I pass on?")

    @beat
    def _positions_change_queries_and_keys(self) -> None:
        self.say(what_positions_do(self.trace))
        self.play(
            *self._dim([self.queries, self.keys], 1), *self._dim([self.values], DIMMED), Change(self.ring, opacity=0)
        )
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
        self.say("This layer turns nothing: no position reaches its scores")
        self.wait(1.0)

    @beat
    def _queries_keys_and_values_rest(self) -> None:
        self.say("Every token now has a query, a key and a value")
        self.play(*self._dim(self.products, 1), Change(self.ring, opacity=0), run_time=0.8)
        self.remove(self.ring)
        self.rest()

    def _lay_out(self) -> None:
        """Find which rows and columns are seen, and the places of X alone, of the products, and of what is written."""
        frame, stage, trace = self.frame, self.frame.stage, self.trace
        self.name_gap = frame.text * 0.8
        lines = 1.0 if frame.wide else 3.7  # of questions; in narrow frames a dot product takes turns with them
        self.foot, body = stage.cut_bottom(frame.small_text * LINE * lines * 1.15, self.name_gap * 1.7)
        body = body.cut_top(0, self.name_gap * 1.7)[1]
        self.inner = visible_slots(trace.embeddings.shape[1], 6 if frame.wide else 5)
        self.columns = [visible_slots(kind.weight(trace).shape[2], 5 if frame.wide else 4) for kind in KINDS]
        fit(lambda most: self._place(body, most))
        names = self.texts.width() * self.chip_size, 0.0
        largest = frame.text * 3.4, frame.text * 1.9
        middle = stage.cut_bottom(self.name_gap * 2)[1]
        self.alone = place_matrix(middle, (len(self.slots), len(self.inner)), names, largest)

    def _place(self, body: Region, most: int) -> bool:
        """Find places for at most so many rows, and return whether their chips have room."""
        self.slots = visible_slots(len(self.trace), most)
        frame, rows = self.frame, len(self.slots)
        self.texts = ChipTexts.of(self.trace, self.slots)
        for self.chip_size in (frame.small_text * 1.05, frame.smallest_text):
            place = partial(
                place_products,
                body,
                (rows, len(self.inner)),
                names=self.texts.width() * self.chip_size,
                largest_cell=(frame.text * 2.4, frame.text * 1.5),
                gaps=(0.12, frame.text * (1.0 if frame.wide else 0.5)),
            )
            self.places = place([len(slots) for slots in self.columns])
            # While there is only Q, it may be wider where cells are narrow; in wide frames the terms are written there.
            self.first_places = self.places if frame.wide else place([len(self.columns[0])])
            pitch = self.places.left.height / rows
            if pitch >= 1.2 * self.chip_size:
                return True
        return pitch >= self.texts.pitch() * self.chip_size

    def _stand(self, places: ProductPlaces) -> None:
        """Put X, W_Q and Q where ``places`` says, and what names them."""
        self.x.points, self.chips.points = places.left.corners, places.row_names.corners
        self.x_name.move_to(self._under(places.left))
        self.queries.stand(places.tops[0], places.products[0], self.name_gap)
        self._stand_formulas(places.corner)

    def _move_to(self, places: ProductPlaces) -> list[Change]:
        """Return the animations that take X, W_Q and Q with their names to ``places``."""
        queries = [self.queries.product, *self.queries.product_name.parts, *self.queries.factors]
        parts = [self.x, self.chips, *self.x_name.parts, *queries]
        starts = [part.points.copy() for part in parts]
        self._stand(places)
        ends = [part.points.copy() for part in parts]
        for part, start in zip(parts, starts, strict=True):
            part.points = start
        return [Change(part, points=end) for part, end in zip(parts, ends, strict=True)]

    def _under(self, region: Region) -> tuple[float, float, float]:
        return region.center[0], region.bottom - self.name_gap, 0.0

    def _build(self) -> None:
        """Make X with its chips, and the three matrices with what they make of it."""
        trace, frame, theme = self.trace, self.frame, self.theme
        x = trace.embeddings
        self.x = Tensor(
            x,
            signed_scale(EMBEDDING, x, theme),
            field="embeddings",
            rows=self.slots,
            columns=self.inner,
            smallest=frame.smallest_number,
        )
        self.chips = TokenChips(self.texts, "column", self.chip_size, theme)
        shape = shape_parts("embeddings", x.shape, theme.quiet)
        self.x_name = TensorName("X", shape, EMBEDDING, (frame.text, frame.small_text), theme)
        self.products = [
            TrainedProduct(kind, trace, self.head, (self.slots, self.inner, columns), frame, theme)
            for kind, columns in zip(KINDS, self.columns, strict=True)
        ]
        self.queries, self.keys, self.values = self.products
        for made, top, cells in zip(self.products, self.places.tops, self.places.products, strict=True):
            made.stand(top, cells, self.name_gap)
        self._stand(self.first_places)
        self._stand_questions()
        self._pick_focus()

    def _stand_formulas(self, corner: Region) -> None:
        """Put the formulas into the corner over X, as large as it allows."""
        formulas = [made.formula for made in self.products]
        width, height = (max(getattr(part, side) for part in formulas) for side in ("width", "height"))
        fitting = min(1.0, corner.width / width, corner.height / height / 3.3)
        for formula in formulas:
            formula.scale(fitting)
        stack(formulas, corner, min((corner.height / 3 - fitting * height), 0.4 * fitting * height))

    def _stand_questions(self) -> None:
        """Put each question under its product, or in narrow frames all of them under each other."""
        questions = [made.question for made in self.products]
        if self.frame.wide:
            for question, cells in zip(questions, self.places.products, strict=True):
                question.move_to((cells.center[0], self.foot.center[1], 0))
        else:
            stack(questions, self.foot, self.frame.small_text * 0.2)
            for question in questions[1:]:
                question.align_to(questions[0], LEFT)

    def _pick_focus(self) -> None:
        """Choose the second visible word, and the largest visible number of its query."""
        shown = self.slots[self.slots >= 0].tolist()
        words = [index for index in shown if self.trace.words[index]] or shown
        self.token = words[min(1, len(words) - 1)]
        columns = self.columns[0][self.columns[0] >= 0]
        query = getattr(self.trace, self.queries.kind.field(self.trace))[self.head][self.token]
        self.component = int(columns[np.abs(query[columns]).argmax()])
        self.row, self.column = self.queries.product.place_of(self.token, self.component)

    def _write_out_the_dot_product(self) -> None:
        """Write the first terms and their sum while their factors are lit, then the rest and the result."""
        self.dot_product = self._dot_product()
        shown = self.dot_product
        if self.frame.wide:
            size, left = self.frame.text, self.queries.product.get_right()[0] + self.frame.text * 1.6
            stage = self.frame.stage
            stack(shown.parts, Region(left, stage.bottom, stage.right, stage.top), size * 0.45)
        else:
            last, above = self.foot.cut_bottom(shown.result.height, self.frame.text * 0.1)
            flow(shown.parts[:-1], above, self.frame.text * 0.25)
            stack([shown.result], last, 0)
        shown.gather_sums()
        for index, term in enumerate(shown.terms):
            self.play(*self.appear([term]), *self._point_at(index), run_time=0.4)
            self._count(index, 0.35)
        self.play(*self.appear(shown.rest), *self._light(self.row, self.column), run_time=0.5)
        for index in range(len(shown.terms), len(shown.sums)):
            self._count(index, 0.2)
        self.play(Change(shown.sums[-1], opacity=0), run_time=0.2)
        self.play(*self.appear([*shown.bias, shown.result]), run_time=0.5)

    def _count(self, index: int, run_time: float) -> None:
        """Let the sum so far take the place of the one before."""
        if index == 0:
            self.play(*self.appear(self.dot_product.sums[:1]), run_time=run_time)
            return
        self.remove(self.dot_product.sums[index - 1])
        self.add(self.dot_product.sums[index])
        self.wait(run_time)

    def _dot_product(self) -> DotProduct:
        """Return the product of the token's row of X and one column of W_Q, precise enough to be checked by hand."""
        trace, head, token, column = self.trace, self.head, self.token, self.component
        row, weight = trace.embeddings[token].astype(float), trace.w_query[head][:, column].astype(float)
        hidden = np.flatnonzero(self.inner < 0).tolist()
        terms = range(min([TERMS, len(self.inner), *hidden]))
        counted = sorted(
            {*(k + 1 for k in terms), *np.linspace(len(terms), len(row), COUNTED + 1).astype(int).tolist()}
        )
        bias, field = trace.b_query, self.queries.kind.field(trace)
        name = f"w_query[{head}]"
        return DotProduct(
            [Fact(f"embeddings[{token}, {k}]", float(row[k]), fitting_decimals(row) + 1) for k in terms],
            [Fact(f"{name}[{k}, {column}]", float(weight[k]), fitting_decimals(weight) + 1) for k in terms],
            len(row) - len(terms),
            Fact(
                f"{field}[{head}][{token}, {column}]",
                float(getattr(trace, field)[head][token, column]),
                self.queries.product.decimals,
            ),
            self.frame.text * (1.35 if self.frame.wide else 0.7),
            self.theme,
            colors=(EMBEDDING, QUERY, QUERY),
            sums=[
                Fact(f"sum(embeddings[{token}][:{k}] * {name}[:{k}, {column}])", float(row[:k] @ weight[:k]))
                for k in counted
            ],
            bias=None if bias is None else Fact(f"b_query[{head}][{column}]", float(bias[head][column])),
        )

    def _light(self, row: int | None, column: int | None) -> list[Change]:
        """Dim all but one row of X and one column of W_Q; None stands for all of them."""
        rows, columns = np.ones(len(self.slots)), np.ones(len(self.columns[0]))
        if row is not None:
            rows = np.where(np.arange(len(rows)) == row, 1.0, DIMMED)
        if column is not None:
            columns = np.where(np.arange(len(columns)) == column, 1.0, DIMMED)
        return [
            Change(self.x, lit=rows[:, None]),
            Change(self.chips, lit=rows),
            Change(self.queries.weight, lit=columns[None, :]),
        ]

    def _point_at(self, index: int) -> list[Change]:
        """Light one number of X and the one of W_Q that it is multiplied with."""
        x, weight = np.full(self.x.shape, DIMMED), np.full(self.queries.weight.shape, DIMMED)
        x[self.row], weight[:, self.column] = 0.45, 0.45
        x[self.row, index], weight[index, self.column] = 1, 1
        return [Change(self.x, lit=x), Change(self.queries.weight, lit=weight)]

    def _sweep(self, made: TrainedProduct, run_time: float) -> None:
        """Fill a product row by row while the ring goes down X."""
        rows, columns = made.product.shape
        self.play(
            Change(made.product, shown=1, order=row_order(rows, columns), overlap=0.15),
            Change(made.empty, opacity=0),
            Change(self.ring, points=self.x.region(rows=rows - 1).corners, rate_func=linear),
            run_time=run_time,
        )

    def _bring(self, made: TrainedProduct, words: str) -> None:
        """Bring up the next matrix, dim those before it, and make its product."""
        self.say(words)
        self.ring.points = self.x.region(rows=0).corners
        earlier = self.products[: self.products.index(made)]
        self.play(
            *self.appear([*made.factors, *made.product_name.parts, self.ring]),
            *self._dim(earlier, DIMMED),
            run_time=0.6,
        )
        self._sweep(made, 1.3)

    def _ask(self, made: TrainedProduct, words: str) -> None:
        """Say what the product is for, and leave the question under it."""
        self.say(words)
        self.play(*self.appear([made.question]), Change(self.ring, opacity=0), run_time=0.5)
        self.wait(0.8)

    def _dim(self, products: list[TrainedProduct], lit: float) -> list[Change]:
        return [Change(part, lit=lit) for made in products for part in (made.weight, made.product, made.formula)]
