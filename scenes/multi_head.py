"""Clip between 7 and 8, for models with several heads: side by side, and mixed by W_O."""

import numpy as np
from manim import linear

from attention.attention_trace import Floats, Integers
from scenes.content.asking import named
from scenes.content.focus import most_attended
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import OUTPUT, WEIGHT, probability_scale, signed_scale
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.mobjects.token_chips import Standing, TokenChips
from scenes.multi_head_parts.multi_head_places import place_heads
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.layout import Region
from scenes.words import _

DIMMED = 0.25


class MultiHead(ExplainerScene):
    """Every head has its own weights and makes its own part; the parts stand side by side and meet W_O."""

    stage = "output"

    def construct(self) -> None:
        """Play the clip."""
        self.places = place_heads(self.trace, self.frame, self.shown_tokens, self.followed)
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
        own, name, cells = self.weights[self.own], self.names[self.own], self.places.alone.places.cells
        home, title = own.points.copy(), name.points.copy()
        own.points = cells.corners
        name.move_to((cells.center[0], self.frame.stage.top - name.height / 2, 0))
        around = self._chips_around()
        self.carry_over(own, name, *around)
        self.say(_("So far this was one head: one matrix of weights"))
        self.wait_until_read()
        self.play(*self.fade(around, 0), run_time=0.4)
        self.remove(*around)
        self.play(Change(own, points=home), Change(name, points=title), run_time=0.8)

    @beat
    def _every_head_attends_in_its_own_way(self) -> None:
        count = self.trace.heads
        several = _("The layer has {number}, each with matrices of its own", number=count)
        others: list[DrawnMobject] = [part for part in [*self.weights, *self.names] if part not in self.mobjects]
        if others:
            self.play(*self.appear(others), run_time=1.0)
        self.say(several if count > 1 else _("This layer has no other"))
        self.wait_until_read()
        if self.answers:
            token = named(self.trace, self.followed)
            self.say(_("Under each head: what {token} attends to most", token=token))
            lit = np.where(self.places.alone.slots == self.followed, 1.0, DIMMED)[:, None]
            self.play(
                *(Change(one, lit=lit) for one in self.weights),
                *self.appear(self.answers),
                run_time=1.0,
            )
            self.wait(1.0)

    @beat
    def _each_makes_its_own_part(self) -> None:
        self.say(_("Each mixes values of its own: its part of the output"))
        self.play(*self.fade(self.answers, 0), *(Change(one, lit=1) for one in self.weights), run_time=0.4)
        self.remove(*self.answers)
        for part in self.parts:
            part.shown[:] = 0
        self.add(*self.parts)
        self.play(
            *(Change(part, shown=1, order=row_order(*part.shape)) for part in self.parts),
            *(Change(one, shown=0, order=row_order(*one.shape)) for one in self.weights),
            run_time=1.8,
        )
        self.remove(*self.weights)
        self.wait(0.6)

    @beat
    def _the_parts_stand_side_by_side(self) -> None:
        self.say(_("The parts stand side by side: one wide row per token"))
        self.play(*(Change(name, opacity=0) for name in self.names), run_time=0.3)
        self.remove(*self.names)
        ways = [Change(part, points=self.places.part(place).corners) for place, part in enumerate(self.parts)]
        self.play(*ways, run_time=1.4)
        self.play(*self.appear([self.wide, self.chips, *self.wide_name.parts, *self.numbers]), run_time=0.6)
        self.remove(*self.parts)

    @beat
    def _w_o_mixes_the_parts(self) -> None:
        self.say(_("A last trained matrix, W_O, mixes the parts"))
        self.play(*self.appear([self.w_output, *self.w_name.parts, self.formula]), run_time=0.8)
        self.wait(0.4)
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
        self.play(Change(ring, opacity=0, remover=True), run_time=0.3)

    @beat
    def _the_output_rests(self) -> None:
        self.say(_("Out comes one embedding per token, from all heads"))
        self.rest()

    def _build(self) -> None:
        """Make each head's two matrices with its name, what they are side by side, and the product with W_O."""
        trace, places, theme = self.trace, self.places, self.theme
        shown = [(place, int(head)) for place, head in enumerate(places.heads) if head >= 0]
        self.own = next((index for index, (_, head) in enumerate(shown) if head == self.head), 0)
        self.weights = [self._weights(head, places.grid[place]) for place, head in shown]
        self.names = [self._name(head, places.grid[place]) for place, head in shown]
        self.answers = [chip for place, head in shown for chip in self._answer(head, places.grid[place])]
        everything = np.concatenate(list(trace.context), axis=1)
        self.wide = self._tensor(everything, "concatenate(context, 1)", places.slots, places.concatenated)
        self.wide.points = places.row.left.corners
        self.parts = [self._part(place, head) for place, head in enumerate(places.heads.tolist())]
        self.numbers = [self._number(place, head) for place, head in shown]
        self.chips = TokenChips(places.texts, "column", places.chip_size, theme)
        self.chips.points = places.row.row_names.corners
        sizes = self.frame.text * 1.2, self.frame.small_text
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
        self.formula = FormulaTerms(f"@1(C W_O){bias} = @2(Y)", [theme.quiet, ink, ink], 1.0)
        corner = places.row.corner
        self.formula.scale(min(self.frame.hero * 1.2, 0.9 * corner.width / self.formula.width))
        self.formula.move_to((*corner.center, 0))

    def _weights(self, head: int, square: Region) -> Tensor:
        slots = self.places.alone.slots
        values = np.where(self.trace.mask, self.trace.weights[head], np.nan)
        scale = probability_scale(WEIGHT, self.theme)
        field = f"weights[{head}]"
        tensor = Tensor(values, scale, field=field, rows=slots, columns=slots, decimals=2)
        tensor.printed[:] = 0
        tensor.points = square.corners
        return tensor

    def _chips_around(self) -> list[TokenChips]:
        """Return the names of the rows and columns of the one matrix."""
        alone = self.places.alone
        sides: list[tuple[Standing, Region]] = [
            ("column", alone.places.row_names),
            ("row turned" if alone.turned else "row", alone.places.column_names),
        ]
        chips = []
        for standing, region in sides:
            chips.append(TokenChips(alone.texts, standing, alone.size, self.theme))
            chips[-1].points = region.corners
        return chips

    def _answer(self, head: int, square: Region) -> list[TokenChips]:
        """Return a chip under a head's matrix: the token that the followed one attends to most in it, if any."""
        trace, size = self.trace, self.frame.smallest_text
        other = most_attended(trace, trace.weights[head], self.followed)
        if other is None:
            return []
        longest = square.width / size - 2 * PADDING
        chip = TokenChips(ChipTexts.of(trace, np.array([other]), longest), "row", size, self.theme)
        middle, height = square.bottom - self.frame.small_text * 0.95, TALL * size
        chip.points = Region(square.left, middle - height / 2, square.right, middle + height / 2).corners
        return [chip]

    def _part(self, place: int, head: int) -> Tensor:
        """Return what a head makes of the values, its colours its own; for the ellipsis between heads, an empty one."""
        places, head = self.places, max(head, 0)
        columns = places.columns if places.heads[place] >= 0 else np.full(len(places.columns), -1)
        tensor = self._tensor(self.trace.context[head], f"context[{head}]", places.slots, columns)
        square = places.grid[place]
        tensor.points = square.middle(square.width * 0.6, square.height).corners
        return tensor

    def _tensor(self, values: Floats, field: str, rows: Integers, columns: Integers) -> Tensor:
        """Return a tensor whose colours span the numbers that are seen."""
        scale = signed_scale(OUTPUT, values[np.ix_(rows[rows >= 0], columns[columns >= 0])], self.theme)
        tensor = Tensor(values, scale, field=field, rows=rows, columns=columns)
        tensor.printed[:] = 0
        return tensor

    def _name(self, head: int, square: Region) -> Label:
        lit = self.theme.text if head == self.head else self.theme.quiet
        label = Label(_("head {head}", head=head), lit, self.frame.small_text)
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
