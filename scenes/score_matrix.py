"""Clip 6: scores, scaling, softmax."""

from functools import partial

import numpy as np
from manim import linear
from numpy.typing import NDArray

from scenes.content.focus import strongest_pair
from scenes.content.looking_back import FIRST_LOOKS_AT_ITSELF
from scenes.content.scaling import divisor, logits
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change, reading_order, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact, fitting_decimals
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import KEY, QUERY, SCORE, WEIGHT, Scale, mix, probability_scale, signed_scale
from scenes.mobjects.dot_product import DotProduct
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.stage_strip import StageStrip
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import Standing, TokenChips
from scenes.places.arrange import flow, stack
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Region, visible_slots
from scenes.places.matrix_places import MatrixPlaces, place_matrix
from scenes.score_matrix_parts.softmax_panel import SoftmaxPanel

TERMS = 3  # of a dot product that are written out
DIMMED = 0.25


class ScoreMatrix(ExplainerScene):
    """One query against every key, the whole Q·Kᵀ, its scaling, the mask if there is one, and the softmax."""

    stage = "scores"
    scaled: Tensor
    biased: Tensor
    masked: Tensor

    def construct(self) -> None:
        """Play the storyboard's row for clip 6."""
        self._lay_out()
        self._build()
        self._one_query_meets_one_key()
        self._the_query_meets_every_key()
        self._every_query_meets_every_key()
        self._scores_are_scaled()
        if self.trace.position_bias is not None:
            self._positions_add_a_bias()
        if self.trace.causal:
            self._later_tokens_are_masked()
        self._softmax_makes_one_row_probabilities()
        self._softmax_makes_every_row_probabilities()
        self._the_weights_rest()

    @beat
    def _one_query_meets_one_key(self) -> None:
        self._stand(self.product_places)
        shown = (*self.product_parts, self.query_chips, self.key_chips)
        self.add(*(part.set_opacity(0) for part in shown))
        self.say("Each token asks with its query; each key may answer")
        self.play(*(Change(part, opacity=1) for part in shown))
        self.say("A score is the dot product of a query and a key")
        self.play(*self._light(self.row, self.column), run_time=0.6)
        self._write_out_the_dot_product()
        self.dot_product.send_result(self, self.scores, self.row, self.column)

    @beat
    def _the_query_meets_every_key(self) -> None:
        self.say("One query meets every key: a row of scores")
        self.ring = Ring(self.k.region(columns=0), self.theme.text)
        rows, columns = self.scores.shape
        across = np.broadcast_to(np.linspace(0, 1, columns), (rows, columns))
        self.play(*self._light(self.row, None), *self.fade(self.dot_product.parts, 0), run_time=0.6)
        self.remove(self.dot_product)
        self.play(
            Change(self.scores, shown=self._only_row(self.row, 1.0, 0.0), order=across, overlap=0.15),
            Change(self.ring, points=self.k.region(columns=columns - 1).corners, rate_func=linear),
            run_time=1.8,
        )

    @beat
    def _every_query_meets_every_key(self) -> None:
        self.say("Every query with every key: the whole matrix Q·Kᵀ")
        rows, columns = self.scores.shape
        self.play(Change(self.ring, points=self.q.region(rows=0).corners), *self._light(None, None), run_time=0.6)
        self.play(
            Change(self.scores, shown=1, order=row_order(rows, columns), overlap=0.15),
            Change(self.ring, points=self.q.region(rows=rows - 1).corners, rate_func=linear),
            run_time=1.8,
        )
        self.play(Change(self.ring, opacity=0, run_time=0.3))

    @beat
    def _scores_are_scaled(self) -> None:
        rooted = self.trace.score_divisor is None
        self.say(
            "Scores grow with d_k, so they are divided by its root" if rooted else "Scores are divided by a constant"
        )
        self.play(*self.fade(self.product_parts, 0), run_time=0.4)
        self.remove(*self.product_parts)
        self.play(*self._move(self.places))
        self._stand(self.places)
        self.ring.points = self.scores.region(self.row, self.column).corners
        note = self._division()
        self.play(*self.fade([*note, self.ring], 1))
        self._replace(self.scores, self.scaled, reading_order(*self.scores.shape), run_time=1.6)
        self.wait(0.6)
        self.play(*self.fade([*note, self.ring], 0), run_time=0.3)
        self.remove(*note)

    @beat
    def _positions_add_a_bias(self) -> None:
        self.say("This model adds a bias for where two tokens stand")
        note = self._addition()
        self.ring.points = self.scores.region(self.row, self.column).corners
        self.play(*self.fade([*note, self.ring], 1))
        self._replace(self.scaled, self.biased, reading_order(*self.scaled.shape), run_time=1.6)
        self.scaled = self.biased
        self.wait(0.6)
        self.play(*self.fade([*note, self.ring], 0), run_time=0.3)
        self.remove(*note)

    @beat
    def _later_tokens_are_masked(self) -> None:
        self.say("A token may not look at what comes after it")
        self._replace(self.scaled, self.masked, row_order(*self.scaled.shape), run_time=1.6)
        self.scaled = self.masked
        self.say(FIRST_LOOKS_AT_ITSELF)
        self.wait(1.2)

    @beat
    def _softmax_makes_one_row_probabilities(self) -> None:
        self.say("Softmax turns a row of scores into probabilities")
        place = f"[{self.head}][{self.query}"
        allowed = self.trace.mask[self.query]
        scaled, weights = (
            values[self.head][self.query].astype(float) for values in (self.trace.logits, self.trace.weights)
        )
        powers, row = np.exp(scaled), self._row_facts(f"logits{place}, {{}}]", scaled)
        self.panel = SoftmaxPanel(self.trace, row, weights, self.panel_region, self.frame, self.theme, self.chip_size)
        self.ring.points = self.scaled.region(rows=self.row).corners
        self._lift_the_row()
        self.wait(0.5)
        self.say("First e to the power of each score: all are positive")
        total = Fact(f"sum(exp(logits{place}])[mask[{self.query}]])", float(powers[allowed].sum()))
        row = self._row_facts(f"exp(logits{place}, {{}}])", powers)
        self.panel.turn(self, row, SCORE, "e^z", total)
        self.wait(0.5)
        self.say("Then each is divided by their sum: shares of 1")
        self.play(Change(self.strip, lit=StageStrip.at("weights"), run_time=0.4))
        total = Fact(f"sum(weights{place}])", float(weights.sum()))
        self.panel.turn(
            self, self._row_facts(f"weights{place}, {{}}]", weights), WEIGHT, '"softmax"(z) = e^z / (sum e^z)', total
        )
        self.wait(0.5)

    @beat
    def _softmax_makes_every_row_probabilities(self) -> None:
        self.say("The row of attention weights takes the scores' place")
        if not self.frame.wide:
            self.play(*self.fade(self.panel.parts, 0), *self.fade(self._matrix_parts(), 1), run_time=0.5)
        rows, columns = self.scaled.shape
        across = np.broadcast_to(np.linspace(0, 1, columns), (rows, columns))
        self.play(
            Change(self.weights, shown=self._only_row(self.row, 1.0, 0.0), order=across),
            Change(self.scaled, shown=self._only_row(self.row, 0.0, 1.0), order=across),
            run_time=1.2,
        )
        self.say("So does every other row")
        self.play(
            Change(self.scaled, lit=1), Change(self.query_chips, lit=1), Change(self.ring, opacity=0), run_time=0.5
        )
        self._replace(self.scaled, self.weights, row_order(rows, columns), run_time=1.8)

    @beat
    def _the_weights_rest(self) -> None:
        self.say("Attention weights: each row sums to 1")
        resting: list[DrawnMobject] = [*self._row_sums(), *self._name_axes()]
        if self.frame.wide:
            resting.append(self.ring)
        else:
            resting.append(Formula(f'"softmax"({logits(self.trace)})', self.theme.text, self.frame.text * 1.2))
            stack(resting[-1:], self.side, 0)
        self.add(*(part.set_opacity(0) for part in resting))
        self.play(*self.fade(resting, 1))
        self.rest()

    def _lay_out(self) -> None:
        """Find the places of the matrix product, of the matrix alone, and of what is shown beside them."""
        frame, stage, gap = self.frame, self.frame.stage, self.frame.text
        if frame.wide:
            product, self.side = stage.cut_left(0.76 * stage.width - gap, gap)
            alone, self.panel_region = stage.cut_left(0.67 * stage.width - gap, gap)
        else:
            self.side, product = stage.cut_bottom(0.2 * stage.height, gap * 0.5)
            alone, self.panel_region = product, stage
        fit(lambda most: self._place(product, alone, most), fewest=5)

    def _place(self, product: Region, alone: Region, most: int) -> bool:
        """Find sizes that hold in both pictures, and return whether the chips beside the matrix have room."""
        self.slots = visible_slots(len(self.trace), most)
        frame, count = self.frame, len(self.slots)
        self.inner = visible_slots(self.trace.d_k, 8 if frame.wide and count < 15 else 5)
        self.texts = ChipTexts.of(self.trace, self.slots)
        cell = frame.text * 3.0, frame.text * 1.9
        factors = frame.text * 0.62 * len(self.inner), frame.text * 0.5 * len(self.inner)
        self.chip_size = frame.small_text * 1.1
        for _ in range(2):  # a smaller chip leaves more room for the cells it names
            across = self.texts.width() * self.chip_size
            turned = across > 0.96 * min(cell[0], (product.width - across - factors[0]) / count)
            names = across, across if turned else TALL * self.chip_size
            self.product_places = place_matrix(product, (count, count), names, cell, factors)
            cells = self.product_places.cells
            self.chip_size = max(min(self.chip_size, cells.height / count / TALL), frame.smallest_text)
        self.standing: Standing = "row turned" if turned else "row"
        axis = self._axis_names()
        names = max(names[0], *(name.width for name in axis)), max(names[1], sum(name.height for name in axis))
        matrix_room = alone.cut_left(alone.width - frame.text * 2.2)[0]  # beside the sums of the rows
        self.places = place_matrix(matrix_room, (count, count), names, (cell[0] * 1.2, cell[1] * 1.2))
        pitch = min(cells.height, cells.width if turned else cells.height) / count
        return pitch >= self.texts.pitch() * self.chip_size

    def _stand(self, places: MatrixPlaces) -> None:
        """Put matrix and names where ``places`` says."""
        for tensor in (self.scores, self.scaled, self.biased, self.masked, self.weights):
            tensor.points = places.cells.corners
        self.query_chips.points = places.row_names.corners
        self.key_chips.points = places.column_names.corners

    def _move(self, places: MatrixPlaces) -> list[Change]:
        return [
            Change(self.scores, points=places.cells.corners),
            Change(self.query_chips, points=places.row_names.corners),
            Change(self.key_chips, points=places.column_names.corners),
        ]

    def _build(self) -> None:
        """Make the matrices, all of the same tokens, and their chips."""
        trace, head, theme = self.trace, self.head, self.theme
        queries, keys, scores, scaled = (
            values[head] for values in (trace.queries, trace.keys, trace.scores, trace.scaled_scores)
        )
        matrix = partial(Tensor, smallest=self.frame.smallest_number)
        square = partial(matrix, rows=self.slots, columns=self.slots)
        q_scale, k_scale = signed_scale(QUERY, queries, theme), signed_scale(KEY, keys, theme)
        self.q = matrix(queries, q_scale, field=f"queries[{head}]", rows=self.slots, columns=self.inner)
        self.k = matrix(keys.T, k_scale, field=f"keys[{head}].T", rows=self.inner, columns=self.slots)
        scale = signed_scale(SCORE, scores, theme)
        biased = trace.logits[head]
        masked, weights = (np.where(trace.mask, values, np.nan) for values in (biased, trace.weights[head]))
        self.scores = square(scores, scale, field=f"scores[{head}]")
        self.scaled = square(scaled, scale, field=f"scaled_scores[{head}]")
        self.biased = square(biased, scale, field=f"logits[{head}]")
        self.masked = square(masked, scale, field=f"logits[{head}]")
        self.weights = square(weights, probability_scale(WEIGHT, theme), field=f"weights[{head}]", decimals=2)
        for tensor in (self.scores, self.scaled, self.biased, self.masked, self.weights):
            tensor.shown[:] = 0
        self.query_chips = TokenChips(self.texts, "column", self.chip_size, theme)
        self.key_chips = TokenChips(self.texts, self.standing, self.chip_size, theme)
        self.query, self.key = strongest_pair(trace, trace.weights[head], self.slots)
        self.row, self.column = self.scores.place_of(self.query, self.key)
        self._build_product()

    def _build_product(self) -> None:
        """Stand Q and Kᵀ at the sides of the empty place of their product."""
        places, size = self.product_places, self.frame.text * 1.1
        self.q.points, self.k.points = places.left.corners, places.top.corners
        q, k = Formula("Q", self.theme.ink(QUERY), size), Formula("K^top", self.theme.ink(KEY), size)
        q.move_to((places.left.left + q.width / 2, places.left.top + size * 0.75, 0))
        k.move_to((places.top.left - size * 0.9, places.top.center[1], 0))
        self.product_parts = [Ring(places.cells, self.theme.surface), q, k, self.q, self.k]

    def _division(self) -> list[DrawnMobject]:
        """Return the formula, the divisor's value and the division of one score."""
        trace, theme, size = self.trace, self.theme, self.frame.text
        by = divisor(trace)
        root = "" if trace.score_divisor is not None else f" = sqrt({trace.d_k})"
        parts: list[Part] = [
            (self._score("scores"), theme.ink(SCORE)),
            (f"÷ {trace.divisor:.2f} =", theme.quiet),
            (self._score("scaled_scores"), theme.ink(SCORE)),
        ]
        note: list[DrawnMobject] = [
            Formula(f"(Q K^top) / {by}", theme.text, size * 1.4),
            Formula(f"{by}{root} = {trace.divisor:.2f}", theme.text, size),
            Label(parts, theme.text, size, MONO),
        ]
        return self._beside(note)

    def _addition(self) -> list[DrawnMobject]:
        """Return the formula with the bias, and what it adds to one score."""
        theme, size = self.theme, self.frame.text
        parts: list[Part] = [
            (self._score("scaled_scores"), theme.ink(SCORE)),
            ("+", theme.quiet),
            (self._score("position_bias"), theme.text),
            ("=", theme.quiet),
            (self._score("logits"), theme.ink(SCORE)),
        ]
        return self._beside([Formula(logits(self.trace), theme.text, size * 1.4), Label(parts, theme.text, size, MONO)])

    def _beside(self, note: list[DrawnMobject]) -> list[DrawnMobject]:
        """Stand a note beside the matrix or under it, not to be seen yet."""
        size = self.frame.text
        if self.frame.wide:
            stack(note, self.panel_region, size)
        else:
            flow(note, self.side, size * 0.7)
        return [part.set_opacity(0) for part in note]

    def _score(self, field: str) -> Fact:
        """Return the number of one query and one key, out of the scores or what is made of them."""
        score = float(getattr(self.trace, field)[self.head][self.query, self.key])
        decimals = self.scores.decimals if field == "scores" else self.biased.decimals
        return Fact(f"{field}[{self.head}][{self.query}, {self.key}]", score, decimals)

    def _row_sums(self) -> list[DrawnMobject]:
        """Return the column of the rows' sums with its name, or nothing where it could not be read."""
        cells, frame = self.places.cells, self.frame
        sums = self.trace.weights[self.head].sum(axis=-1, keepdims=True, dtype=float)
        plain = Scale(mix(self.theme.background, self.theme.surface, 0.5), 1e-9, self.theme)
        name = f"sum(weights[{self.head}], -1, keepdims=True)"
        column = Tensor(sums, plain, field=name, rows=self.slots, decimals=2, smallest=frame.smallest_number)
        width, left = min(frame.text * 1.9, self.weights.cell_size[0] * 1.4), cells.right + frame.text * 0.2
        column.points = Region(left, cells.bottom, left + width, cells.top).corners
        symbol = Formula("Sigma", self.theme.quiet, frame.text)
        symbol.move_to((left + width / 2, cells.top + frame.text * 0.7, 0))
        return [column, symbol] if column.number_size(*column.cell_size) else []

    def _axis_names(self) -> list[DrawnMobject]:
        """Return the names of columns and rows."""
        size = self.frame.smallest_text
        return [Label("keys →", self.theme.ink(KEY), size), Label("queries ↓", self.theme.ink(QUERY), size)]

    def _name_axes(self) -> list[DrawnMobject]:
        """Stand the axes' names in the corner where they meet."""
        keys, queries = names = self._axis_names()
        right, bottom = self.places.row_names.right, self.places.column_names.bottom
        queries.move_to((right - queries.width / 2, bottom + queries.height / 2, 0))
        keys.move_to((right - keys.width / 2, bottom + queries.height * 1.5, 0))
        return names

    def _light(self, row: int | None, column: int | None) -> list[Change]:
        """Dim all but one row of Q and one column of Kᵀ; None stands for all of them."""
        rows, columns = (np.full(len(self.slots), 1.0 if place is None else DIMMED) for place in (row, column))
        if row is not None:
            rows[row] = 1
        if column is not None:
            columns[column] = 1
        return [
            Change(self.q, lit=rows[:, None]),
            Change(self.k, lit=columns[None, :]),
            Change(self.query_chips, lit=rows),
            Change(self.key_chips, lit=columns),
        ]

    def _only_row(self, row: int, value: float, others: float) -> Array:
        values = np.full(self.scores.shape, others)
        values[row] = value
        return values

    def _replace(self, old: Tensor, new: Tensor, order: Array, run_time: float) -> None:
        """Let the cells of ``new`` take the place of those of ``old``, in order."""
        self.play(Change(new, shown=1, order=order), Change(old, shown=0, order=order), run_time=run_time)
        self.remove(old)

    def _write_out_the_dot_product(self) -> None:
        """Write the first terms beside the matrices while their factors are lit, then the rest and the result."""
        head, size = self.head, self.frame.text * (0.95 if self.frame.wide else 0.8)
        query, key = self.trace.queries[head][self.query], self.trace.keys[head][self.key]
        decimals = fitting_decimals(np.concatenate([query, key]))
        terms = range(min(TERMS, self.trace.d_k))
        self.dot_product = DotProduct(
            [Fact(f"queries[{head}][{self.query}, {term}]", float(query[term]), decimals) for term in terms],
            [Fact(f"keys[{head}][{self.key}, {term}]", float(key[term]), decimals) for term in terms],
            self.trace.d_k - len(terms),
            self._score("scores"),
            size,
            self.theme,
        )
        if self.frame.wide:
            stack(self.dot_product.parts, self.side, size * 0.4)
        else:
            flow(self.dot_product.parts, self.side, size * 0.5)
        for index, term in enumerate(self.dot_product.terms):
            self.play(Change(term.set_opacity(0), opacity=1), *self._point_at(index), run_time=0.5)
        last = [*self.dot_product.rest, self.dot_product.result]
        self.play(
            *(Change(part.set_opacity(0), opacity=1) for part in last),
            *self._light(self.row, self.column),
            run_time=0.6,
        )

    def _point_at(self, index: int) -> list[Change]:
        """Light one number of the query and the one of the key that it is multiplied with."""
        q, k = np.full(self.q.shape, DIMMED), np.full(self.k.shape, DIMMED)
        q[self.row], k[:, self.column] = 0.45, 0.45
        q[self.row, index], k[index, self.column] = 1, 1
        return [Change(self.q, lit=q), Change(self.k, lit=k)]

    def _lift_the_row(self) -> None:
        """Bring up the bars of the query's row: beside the matrix, or in its stead where there is no room for both."""
        for part in self.panel.parts:
            part.set_opacity(0)
        dimmed = self._only_row(self.row, 1.0, DIMMED)
        self.play(
            Change(self.scaled, lit=dimmed), Change(self.query_chips, lit=dimmed[:, 0]), Change(self.ring, opacity=1)
        )
        if not self.frame.wide:
            self.play(*self.fade(self._matrix_parts(), 0), run_time=0.5)
        self.play(*self.fade(self.panel.parts, 1), run_time=0.6)

    def _matrix_parts(self) -> list[DrawnMobject]:
        return [self.scaled, self.query_chips, self.key_chips, self.ring]

    def _row_facts(self, source: str, row: NDArray[np.floating]) -> list[Fact | None]:
        """Return the numbers of the query's row, each with its place in ``source``'s braces; None where masked."""
        return [
            Fact(source.format(key), float(number)) if allowed else None
            for key, (number, allowed) in enumerate(zip(row, self.trace.mask[self.query], strict=True))
        ]
