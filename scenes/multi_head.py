"""Clip between 7 and 8, for models with several heads: side by side, and mixed by W_O."""

import numpy as np
from manim import linear

from attention.attention_trace import Floats, Integers
from scenes.drawing.change import Change, row_order
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import OUTPUT, WEIGHT, probability_scale, signed_scale
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.stage_strip import StageStrip
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.token_chips import TokenChips
from scenes.multi_head_parts.multi_head_places import place_heads
from scenes.places.layout import Region


class MultiHead(ExplainerScene):
    """Every head has its own weights and makes its own part; the parts stand side by side and meet W_O."""

    stage = "output"

    def construct(self) -> None:
        """Play the clip."""
        self.places = place_heads(self.trace, self.frame)
        self._build()
        self._one_head_stands_alone()
        self._every_head_attends_in_its_own_way()
        self._each_makes_its_own_part()
        self._the_parts_stand_side_by_side()
        if self.trace.w_output is not None:
            self._w_o_mixes_the_parts()
        self._the_output_rests()

    @beat
    def _one_head_stands_alone(self) -> None:
        own, name = self.weights[self.own], self.names[self.own]
        home, title = own.points.copy(), name.points.copy()
        stage = self.frame.stage
        side = 0.8 * min(stage.height, stage.width) - name.height
        own.points = stage.middle(side, side).corners
        name.move_to((stage.center[0], own.points[0, 1] + name.height, 0))
        self.carry_over(own, name)
        self.say("So far this was one head: one matrix of weights")
        self.wait(1.2)
        self.play(Change(own, points=home), Change(name, points=title), run_time=1.0)

    @beat
    def _every_head_attends_in_its_own_way(self) -> None:
        count = self.trace.heads
        several = f"The layer has {count}, each with matrices of its own"
        self.say(several if count > 1 else "This layer has no other")
        others = [part for part in [*self.weights, *self.names] if part not in self.mobjects]
        if others:
            self.play(*self.appear(others), run_time=1.2)
        self.wait(1.6)

    @beat
    def _each_makes_its_own_part(self) -> None:
        self.say("Each mixes values of its own: its part of the output")
        self.play(Change(self.strip, lit=StageStrip.at("output")), run_time=0.3)
        for part in self.parts:
            part.shown[:] = 0
        self.add(*self.parts)
        self.play(
            *(Change(part, shown=1, order=row_order(*part.shape)) for part in self.parts),
            *(Change(one, shown=0, order=row_order(*one.shape)) for one in self.weights),
            run_time=1.8,
        )
        self.remove(*self.weights)
        self.wait(1.0)

    @beat
    def _the_parts_stand_side_by_side(self) -> None:
        self.say("The parts stand side by side: one wide row per token")
        self.play(*(Change(name, opacity=0) for name in self.names), run_time=0.3)
        self.remove(*self.names)
        ways = [Change(part, points=self.places.part(place).corners) for place, part in enumerate(self.parts)]
        self.play(*ways, run_time=1.4)
        self.play(*self.appear([self.chips, *self.wide_name.parts, *self.numbers]), run_time=0.6)
        self.add(self.wide)
        self.remove(*self.parts)
        self.wait(1.0)

    @beat
    def _w_o_mixes_the_parts(self) -> None:
        self.say("A last trained matrix, W_O, mixes the parts")
        empty = Ring(self.places.row.products[0], self.theme.surface)
        self.play(*self.appear([self.w_output, *self.w_name.parts, empty, self.formula]), run_time=0.8)
        self.wait(0.6)
        ring = Ring(self.wide.region(rows=0), self.theme.text)
        rows = self.wide.shape[0]
        self.output.shown[:] = 0
        self.play(*self.appear([ring, *self.y_name.parts]), run_time=0.4)
        self.add(self.output)
        self.play(
            Change(self.output, shown=1, order=row_order(*self.output.shape), overlap=0.15),
            Change(ring, points=self.wide.region(rows=rows - 1).corners, rate_func=linear),
            run_time=2.4,
        )
        self.play(Change(ring, opacity=0), Change(empty, opacity=0), run_time=0.3)
        self.remove(ring, empty)

    @beat
    def _the_output_rests(self) -> None:
        self.say("Out comes one embedding per token, from all heads")
        self.rest()

    def _build(self) -> None:
        """Make each head's two matrices with its name, what they are side by side, and the product with W_O."""
        trace, places, theme = self.trace, self.places, self.theme
        shown = [(place, int(head)) for place, head in enumerate(places.heads) if head >= 0]
        self.own = next((index for index, (_, head) in enumerate(shown) if head == self.head), 0)
        self.weights = [self._weights(head, places.grid[place]) for place, head in shown]
        self.names = [self._name(head, places.grid[place]) for place, head in shown]
        everything = np.concatenate(list(trace.context), axis=1)
        self.wide = self._tensor(everything, "concatenate(context, 1)", places.slots, places.concatenated)
        self.wide.points = places.row.left.corners
        self.parts = [self._part(place, head) for place, head in enumerate(places.heads.tolist())]
        self.numbers = [self._number(place, head) for place, head in shown]
        self.chips = TokenChips(places.texts, "column", places.chip_size, theme)
        self.chips.points = places.row.row_names.corners
        sizes = self.frame.text, self.frame.smallest_text
        alone = trace.w_output is None
        line = shape_parts("output" if alone else "concatenate(context, 1)", everything.shape, theme.quiet)
        self.wide_name = TensorName("Y" if alone else "C", line, OUTPUT, sizes, theme)
        self._stand_at(self.wide_name, places.row.left.center[0], places.row.left.bottom - self.frame.text * 0.8)
        if trace.w_output is not None:
            self._build_product(trace.w_output, sizes)

    def _build_product(self, w_output: Floats, sizes: tuple[float, float]) -> None:
        trace, places, theme = self.trace, self.places, self.theme
        top, cells = places.row.tops[0], places.row.products[0]
        self.w_output = self._tensor(w_output, "w_output", places.concatenated, places.outputs)
        self.output = self._tensor(trace.output, "output", places.slots, places.outputs)
        self.w_output.points, self.output.points = top.corners, cells.corners
        self.w_name = TensorName("W_O", shape_parts("w_output", w_output.shape, theme.quiet), OUTPUT, sizes, theme)
        self._stand_at(self.w_name, top.center[0], top.top + self.frame.text * 0.8)
        self.y_name = TensorName("Y", shape_parts("output", trace.output.shape, theme.quiet), OUTPUT, sizes, theme)
        self._stand_at(self.y_name, cells.center[0], cells.bottom - self.frame.text * 0.8)
        bias = "" if trace.b_output is None else " + b_O"
        ink = theme.ink(OUTPUT)
        self.formula = FormulaTerms(f"@1(C W_O){bias} = @2(Y)", [theme.quiet, ink, ink], self.frame.text * 1.15)
        self.formula.move_to((*places.row.corner.center, 0))

    def _weights(self, head: int, square: Region) -> Tensor:
        slots, smallest = self.places.slots, self.frame.smallest_number
        values = np.where(self.trace.mask, self.trace.weights[head], np.nan)
        scale = probability_scale(WEIGHT, self.theme)
        field = f"weights[{head}]"
        tensor = Tensor(values, scale, field=field, rows=slots, columns=slots, decimals=2, smallest=smallest)
        tensor.points = square.corners
        return tensor

    def _part(self, place: int, head: int) -> Tensor:
        """Return what a head makes of the values; for the ellipsis between heads, one without numbers."""
        places, head = self.places, max(head, 0)
        columns = places.columns if places.heads[place] >= 0 else np.full(len(places.columns), -1)
        rows, smallest, scale = places.slots, self.frame.smallest_number, self.wide.coloring
        field = f"context[{head}]"
        tensor = Tensor(self.trace.context[head], scale, field=field, rows=rows, columns=columns, smallest=smallest)
        square = places.grid[place]
        tensor.points = square.middle(square.width * 0.6, square.height).corners
        return tensor

    def _tensor(self, values: Floats, field: str, rows: Integers, columns: Integers) -> Tensor:
        """Return a tensor whose colours span the numbers that are seen."""
        scale = signed_scale(OUTPUT, values[np.ix_(rows[rows >= 0], columns[columns >= 0])], self.theme)
        return Tensor(values, scale, field=field, rows=rows, columns=columns, smallest=self.frame.smallest_number)

    def _name(self, head: int, square: Region) -> Label:
        lit = self.theme.text if head == self.head else self.theme.quiet
        label = Label(f"head {head}", lit, self.frame.smallest_text)
        label.move_to((square.center[0], square.top + self.frame.small_text * 0.7, 0))
        return label

    def _number(self, place: int, head: int) -> Label:
        """Return the head's number over its part in the row of all."""
        region, size = self.places.part(place), self.frame.smallest_text
        label = Label(str(head), self.theme.text if head == self.head else self.theme.quiet, size)
        label.move_to((region.center[0], region.top + size * 0.7, 0))
        return label

    def _stand_at(self, name: TensorName, x: float, y: float) -> None:
        """Stand a name there, or beside where it would leave the safe area."""
        reach = self.frame.safe.right - name.width / 2
        name.move_to((min(x, reach), y, 0))
