"""Clip 7: weights times values, the context-aware embeddings."""

import numpy as np
from manim import linear
from numpy.typing import NDArray

from scenes.content.asking import named
from scenes.content.focus import most_attended
from scenes.content.scaling import product_symbol
from scenes.context_vectors_parts.carried_row import carried_row
from scenes.context_vectors_parts.clear_columns import clear_columns
from scenes.context_vectors_parts.closeness import Closeness, closeness
from scenes.context_vectors_parts.context_places import place_output, place_sum
from scenes.context_vectors_parts.move_on_map import MoveOnMap
from scenes.context_vectors_parts.weighted_sum import WeightedSum
from scenes.context_vectors_parts.written_sum import WrittenSum
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import OUTPUT, VALUE, WEIGHT, Scale, probability_scale, signed_scale
from scenes.mobjects.embedding_map import EmbeddingMap
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName
from scenes.mobjects.token_chips import Standing, TokenChips
from scenes.places.layout import Region, visible_slots
from scenes.words import _, pgettext

COLUMNS, COLUMNS_SQUARE = 7, 5  # of V and Y that are shown, the ellipsis among them
READ, READ_NARROW = 4, 3  # columns of one token's sum, whose numbers are read
DIMMED, DIMMED_SUM = 0.4, 0.6  # how far cells are lit that are not talked about
_NOTABLE = 0.1  # by which a cosine has to grow so that the token has come nearer


class ContextVectors(ExplainerScene):
    """One token's weights scale the values and add them up, A times V does so for all, and the token has moved."""

    stage = "output"

    def construct(self) -> None:
        """Play the storyboard's row for clip 7."""
        self._lay_out()
        self._build()
        self._one_tokens_weights_meet_the_values()
        self._each_weight_scales_a_value()
        self._the_scaled_values_add_up()
        self._one_number_is_written_out()
        self._every_row_is_added_up_at_once()
        if self.near:
            self._the_map_of_meanings_comes_back()
            self._what_it_takes_in_moves_it()
            self._the_token_has_moved()
        else:
            self._the_token_stays()

    @beat
    def _one_tokens_weights_meet_the_values(self) -> None:
        one = self.sum
        one.formula.lit = np.array([0.0, 0.0, 1.0, 0.0])
        alone = self.trace.mask[self.followed].sum() == 1
        taken = _("{token} takes its own value in full") if alone else _("{token} takes a share of each token’s value")
        matrices = [part for part in self.on_stage if isinstance(part, Tensor)]
        in_matrix, in_sum = carried_row(matrices[0], one) if matrices else ([], [])
        self._carry_cells(in_matrix, in_sum, one.weighing, said=taken.format(token=self.spoken))
        one.values.shown[:] = 0
        come = Change(one.values, shown=1, order=row_order(*one.values.shape))
        self.play(come, *self.appear([one.value_head]), Change(one.formula, lit=[0, 0, 1, 1]), run_time=1.4)

    @beat
    def _each_weight_scales_a_value(self) -> None:
        one, order = self.sum, row_order(*self.sum.values.shape)
        self.say(_("Each share scales the value of its token"))
        one.scaled.shown[:] = 0
        self.play(*self.appear(one.times), run_time=0.3)
        self.wait(0.4)
        told = (one.places.slots >= 0)[:, None]  # not the row of all others, which has no one value
        self.play(*self.fade([one.value_head], 0), Change(one.values, shown=told), run_time=0.2)
        self.play(
            Change(one.scaled, shown=1, order=order),
            Change(one.values, shown=0, order=order),
            *(Change(sign, opacity=0, order=order[row, :1], remover=True) for row, sign in enumerate(one.times)),
            run_time=1.8,
        )
        self.play(*self.appear([one.scaled_head]), run_time=0.3)
        self.remove(one.values, one.value_head)

    @beat
    def _the_scaled_values_add_up(self) -> None:
        self.say(_("Added up, they are the token’s output"))
        one = self.sum
        one.total.shown[:] = 0
        across = np.linspace(0, 1, one.total.shape[1])[None, :]
        self.play(
            Change(one.total, shown=1, order=across),
            *self.appear(one.total_names),
            Change(one.formula, lit=1),
            run_time=1.4,
        )

    @beat
    def _one_number_is_written_out(self) -> None:
        self.say(_("One of its numbers in full"))
        one = self.sum
        column, rows, written = one.write_out()
        lit = np.full(one.scaled.shape, DIMMED)
        lit[:, column] = 1
        gone = [one.formula, *one.legend]
        self.play(
            *self.fade(gone, 0),
            Change(one.scaled, lit=lit),
            Change(one.total, lit=np.maximum(lit[:1], DIMMED_SUM)),
            run_time=0.5,
        )
        self.remove(*gone)
        self._write_out_the_sum(written, rows, lit)

    @beat
    def _every_row_is_added_up_at_once(self) -> None:
        self.y.shown[self.row] = 1
        in_matrix, in_sum = carried_row(self.a, self.sum)
        self._carry_cells(in_sum, in_matrix, self.matrices)
        rows = len(self.slots)
        if rows > 1:
            whole, part = (
                _("All rows at once: A times V is the output"),
                _("All rows at once: A times V is this head’s part"),
            )
        else:
            whole, part = _("A times V is the output"), _("A times V is this head’s part")
        self.say(whole if self.whole else part)
        self.ring = Ring(self.a.region(rows=0), self.theme.text)
        self.play(*self.appear([self.ring]), run_time=0.4)
        self.play(
            Change(self.y, shown=1, order=row_order(*self.y.shape), overlap=0.15),
            Change(self.ring, points=self.a.region(rows=rows - 1).corners, rate_func=linear),
            run_time=2.0,
        )
        self.play(
            Change(self.ring, opacity=0, remover=True), Change(self.y_place, opacity=0, remover=True), run_time=0.3
        )

    @beat
    def _the_map_of_meanings_comes_back(self) -> None:
        self.carry_over(self.map, *self.move.at_first, run_time=1.2)
        self.say(_("On the map again: {token}", token=self.spoken))

    @beat
    def _the_token_stays(self) -> None:
        self.carry_over(self.map, run_time=1.2)
        self.say(_("{token} attends to itself alone, so no word draws it", token=self.spoken))
        self.rest()

    @beat
    def _what_it_takes_in_moves_it(self) -> None:
        move = self.move
        self.say(_("What it takes in from the others moves it"))
        self.play(move.alone(), *self.fade(move.at_first, 0), run_time=0.4)
        self.remove(*move.at_first)
        self.play(Change(self.map, points=move.close), run_time=1.2)
        self.play(*self.appear(move.close_up[:-1]), run_time=0.3)
        self.play(Change(self.map, moved=1), run_time=2.0)
        self.wait(0.6)

    @beat
    def _the_token_has_moved(self) -> None:
        self.say(self._verdict())
        self.play(*self.appear(self.move.close_up[-1:]), run_time=0.4)
        self.rest()

    def _carry_cells(
        self, before: list[Tensor], after: list[Tensor], parts: list[DrawnMobject], said: str | None = None
    ) -> None:
        """Let the token's weights go from where they are to where ``parts`` have them, while these take the stage."""
        self.bring_to_back(*before)  # what shows the same over them vanishes
        self.carry_over(*after, *parts, run_time=1.6, said=said)
        self.remove(*after)

    def _lay_out(self) -> None:
        """Find the places of the product and of one token's sum, and whom that token comes near."""
        trace, frame = self.trace, self.frame
        self.whole = product_symbol(trace) == "Y"  # whether weights times values is all that the layer hands on
        columns = COLUMNS if frame.wide or frame.tall else COLUMNS_SQUARE
        self.product = place_output(trace, frame, columns, self.shown_tokens, self.followed)
        self.slots, self.chip_size = self.product.slots, self.product.chip_size
        self.columns = visible_slots(trace.values.shape[2], columns)
        self.row = self.slots.tolist().index(self.followed)
        read = min(READ if frame.wide else READ_NARROW, trace.values.shape[2])
        self.sum_places = place_sum(trace, frame, self.head, self.followed, read)
        self.read = clear_columns(trace, self.head, self.followed, self.sum_places.slots, read)
        other = most_attended(trace, trace.weights[self.head], self.followed)
        self.near: Closeness | None = None if other is None else closeness(trace, self.followed, other)
        self.spoken = named(trace, self.followed)

    def _build(self) -> None:
        """Make every part in its place."""
        self._build_matrices()
        self._build_names()
        self.sum = WeightedSum(self.trace, self.head, self.followed, self.read, self.sum_places, self.frame, self.theme)
        self.map = EmbeddingMap(self.trace, self.shown_weights, self.followed, self.frame, self.theme)
        if self.near:
            self.move = MoveOnMap(self.map, self.near, self.frame, self.theme)

    @property
    def matrices(self) -> list[DrawnMobject]:
        """A and V and what names them, then Y, and its place before it is there."""
        beside = [self.value_chips] if self.product.value_names else []
        chips = [self.row_chips, self.column_chips, *beside]
        names = [part for name in (self.a_name, self.v_name, self.y_name) for part in name.parts]
        return [self.a, self.v, *chips, *names, *self.signs, self.y_place, self.y]

    def _build_matrices(self) -> None:
        trace, head, theme, product = self.trace, self.head, self.theme, self.product
        values, context = trace.values[head], trace.context[head]
        share = probability_scale(WEIGHT, theme)
        v_scale, y_scale = signed_scale(VALUE, values, theme), signed_scale(OUTPUT, context, theme)
        both, square = (self.slots, self.columns), (self.slots, self.slots)
        self.a = self._tensor(f"weights[{head}]", np.where(trace.mask, trace.weights[head], np.nan), share, *square)
        self.v = self._tensor(f"values[{head}]", values, v_scale, *both)
        self.y = self._tensor(f"context[{head}]", context, y_scale, *both)
        self.y.shown[:] = 0
        self.a.points, self.v.points, self.y.points = (region.corners for region in (product.a, product.v, product.y))

    def _tensor(
        self,
        field: str,
        values: NDArray[np.floating],
        scale: Scale,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
    ) -> Tensor:
        """Return a matrix as colours."""
        tensor = Tensor(values, scale, field=field, rows=rows, columns=columns)
        tensor.printed[:] = 0
        return tensor

    def _build_names(self) -> None:
        """Make the chips beside the matrices, and the names under them."""
        product, theme = self.product, self.theme
        self.row_chips = TokenChips(product.texts, "column", self.chip_size, theme)
        self.row_chips.points = product.row_names.corners
        standing: Standing = "row turned" if product.turned else "row"
        self.column_chips = TokenChips(product.texts, standing, self.chip_size, theme)
        self.column_chips.points = product.column_names.corners
        self.value_chips = TokenChips(product.texts, "column", self.chip_size, theme)
        self.value_chips.points = (product.value_names or product.row_names).corners
        sizes = self.frame.text * 1.2, self.frame.small_text
        made = pgettext("matrix", "output") if self.whole else _("head {head}", head=self.head)
        self.a_name, self.v_name, self.y_name = (
            TensorName(symbol, [(name, theme.quiet)], color, sizes, theme)
            for symbol, name, color in (
                ("A", pgettext("matrix", "attention weights"), WEIGHT),
                ("V", pgettext("matrix", "values"), VALUE),
                (product_symbol(self.trace), made, OUTPUT),
            )
        )
        self.y_place = Ring(product.y, theme.quiet, stroke=0.015)
        named = (self.a_name, product.a), (self.v_name, product.v), (self.y_name, product.y)
        for name, region in named:
            self._stand_under(name, region)
        times = self._sign("×", product.a, product.v)
        if self.frame.tall:  # V stands under A
            times.move_to((product.v.left + times.width / 2, self.a_name.get_center()[1], 0))
        self.signs = [times, self._sign("=", product.v, product.y)]

    def _sign(self, text: str, left: Region, right: Region) -> Label:
        """Return a sign between two matrices."""
        sign = Label(text, self.theme.text, self.frame.text)
        return sign.move_to(((left.right + right.left) / 2, left.center[1], 0))

    def _stand_under(self, name: TensorName, region: Region) -> None:
        reach = self.frame.safe.right - name.width / 2
        name.move_to((np.clip(region.center[0], -reach, reach), region.bottom - self.frame.text * 0.9, 0))

    def _write_out_the_sum(self, written: WrittenSum, rows: list[int], lit: NDArray[np.float64]) -> None:
        """Write terms while what they are made of is lit, then the rest and the result."""
        one = self.sum
        for line, row in enumerate(rows):
            there = np.where(np.arange(len(one.places.slots)) == row, 1.0, DIMMED)[:, None]
            point = [Change(one.weights, lit=there), Change(one.scaled, lit=np.minimum(lit, there))]
            self.play(*self.appear(written.of(line)), *point, run_time=0.6)
            self.wait(0.3)
        further = [part for line in range(len(rows), len(written.lines)) for part in written.of(line)]
        self.play(*self.appear(further), Change(one.weights, lit=1), Change(one.scaled, lit=lit), run_time=0.6)
        self.wait(0.8)

    def _verdict(self) -> str:
        """Return what has become of the token."""
        near = self.near
        if near and near.after.value > near.before.value + _NOTABLE:
            return _("{token} has moved toward {other}", token=self.spoken, other=near.name)
        return _("{token}, before attention and after it", token=self.spoken)
