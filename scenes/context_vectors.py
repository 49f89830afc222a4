"""Clip 7: weights times values, the context-aware embeddings."""

import numpy as np
from manim import linear
from numpy.typing import NDArray

from scenes.content.focus import strongest_pair
from scenes.content.scaling import product_symbol
from scenes.context_vectors_parts.closeness import Closeness, closeness
from scenes.context_vectors_parts.context_places import place_lists, place_output, place_sum
from scenes.context_vectors_parts.rank_lines import RankLines
from scenes.context_vectors_parts.ranked_list import RankedList
from scenes.context_vectors_parts.weighted_sum import WeightedSum
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import fitting_decimals
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.theme import EMBEDDING, OUTPUT, VALUE, WEIGHT, Rgb, Scale, probability_scale, signed_scale
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.stage_strip import StageStrip
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName
from scenes.mobjects.token_chips import Standing, TokenChips
from scenes.mobjects.travelling_chip import TravellingChip
from scenes.places.arrange import flow, stack
from scenes.places.layout import Region, visible_slots

COLUMNS = 5  # of V and Y that are shown, the ellipsis among them
DIMMED = 0.25


class ContextVectors(ExplainerScene):
    """One token's weights scale the values and add them up, A times V does so for all, and the token has moved."""

    stage = "output"

    def construct(self) -> None:
        """Play the storyboard's row for clip 7."""
        self._lay_out()
        self._build()
        self._weights_stand_beside_values()
        self._one_token_has_a_row_of_weights()
        self._each_weight_scales_a_value()
        self._the_scaled_values_add_up()
        self._one_number_is_written_out()
        self._every_row_is_added_up_at_once()
        self._before_it_knows_no_context()
        self._after_it_has_moved()

    @beat
    def _weights_stand_beside_values(self) -> None:
        self.carry_over(self.a, self.row_chips, self.column_chips, *self.a_name.parts)
        self.say("Attention weights: how much each token attends")
        self.wait(0.6)
        self.say("Values: what each token passes on")
        names = [self.value_chips] if self.product.value_names else []
        self.play(*self.appear([self.v, *names, *self.v_name.parts]), run_time=0.8)
        self.wait(0.6)

    @beat
    def _one_token_has_a_row_of_weights(self) -> None:
        self.say("One row of weights belongs to one token")
        self.ring = Ring(self.a.region(rows=self.row), self.theme.text)
        self.play(*self._light(self.row), *self.appear([self.ring]), run_time=0.6)
        self.wait(0.4)
        self._stand_the_row_up()

    @beat
    def _each_weight_scales_a_value(self) -> None:
        self.say("Each weight scales the value of its token")
        one, order = self.sum, row_order(*self.sum.values.shape)
        one.scaled.shown[:] = 0
        self.play(*self.fade([one.value_head], 0), *self.appear([one.scaled_head]), run_time=0.3)
        self.play(Change(one.scaled, shown=1, order=order), Change(one.values, shown=0, order=order), run_time=2.0)
        self.wait(0.4)

    @beat
    def _the_scaled_values_add_up(self) -> None:
        self.say("Added up, they are the token's output")
        falling = self.sum.scaled.copy()
        self.play(
            Change(falling, points=self.sum.total.points, opacity=0, printed=0),
            *self.appear([self.sum.total, *self.sum.total_names]),
            run_time=1.6,
        )
        self.remove(falling)
        self.wait(0.6)

    @beat
    def _one_number_is_written_out(self) -> None:
        self.say("One of its numbers: weights times values, added up")
        one, column = self.sum, self.sum.column_to_write()
        lit = np.full(one.values.shape, DIMMED)
        lit[:, column] = 1
        self.play(
            Change(one.values, shown=1, lit=lit),
            Change(one.scaled, shown=0),
            Change(one.total, lit=lit[:1]),
            *self.fade([one.scaled_head, one.definition], 0),
            Change(one.value_head, opacity=1),
            run_time=0.6,
        )
        self.remove(one.scaled, one.scaled_head, one.definition)
        self._write_out_the_sum(column, lit)

    @beat
    def _every_row_is_added_up_at_once(self) -> None:
        made = "the output" if product_symbol(self.trace) == "Y" else "this head's part"
        self.say(f"All rows at once: weights times values is {made}")
        self._lay_the_rows_back()
        rows = len(self.slots)
        self.ring.points = self.a.region(rows=0).corners
        self.play(*self._light(None), Change(self.ring, opacity=1), *self.appear(self.y_name.parts), run_time=0.4)
        self.play(
            Change(self.y, shown=1, order=row_order(*self.y.shape), overlap=0.15),
            Change(self.ring, points=self.a.region(rows=rows - 1).corners, rate_func=linear),
            run_time=2.0,
        )
        self.play(Change(self.ring, opacity=0), run_time=0.3)
        self.wait(0.6)

    @beat
    def _before_it_knows_no_context(self) -> None:
        gone = [part for part in self.mobjects if isinstance(part, DrawnMobject) and part is not self.strip]
        chip, *header = self.headers[0]
        place, size = chip.get_center(), self.frame.text
        names, pitch = self.product.row_names, self.product.row_names.height / len(self.slots)
        chip.size = self.chip_size
        chip.stand(names.right - chip.width_at(self.chip_size) / 2, names.top - (self.row + 0.5) * pitch, pitch)
        self.say("Before: its row of the table knows no context")
        self.play(
            *self.fade([part for part in gone if part in self.mobjects], 0),
            Change(self.strip, lit=StageStrip.at("embeddings")),
            chip.go(place[0], place[1], size),
            run_time=0.9,
        )
        self.remove(*gone)
        self.play(*self.appear([*header, *self.before.parts]), run_time=0.8)
        self.wait(1.6)

    @beat
    def _after_it_has_moved(self) -> None:
        self.play(Change(self.strip, lit=StageStrip.at(self.stage)), run_time=0.3)
        self.say("After: its output, compared with the same rows")
        self.play(*self.appear([*self.headers[1], *self.after.parts]), run_time=0.6)
        for bar in self.after.bars:
            bar.printed[:] = 0
        self.play(*self.after.turn([one.after for one in self.listed], OUTPUT), run_time=1.6)
        self._draw_ranks()
        self.wait(0.6)
        self.say(self._verdict())
        self.rest()

    def _lay_out(self) -> None:
        """Find the places of the product, of one token's sum and of the lists."""
        self.product = place_output(self.trace, self.frame, COLUMNS)
        self.slots = self.product.slots
        self.columns = visible_slots(self.trace.values.shape[2], COLUMNS)
        self.token, self.other = strongest_pair(self.trace, self.trace.weights[self.head], self.slots)
        self.row = self.slots.tolist().index(self.token)
        weights = self.trace.weights[self.head][self.token]
        self.sum_places = place_sum(self.trace, self.frame, weights, self.slots, len(self.columns))
        self.chip_size = self.product.chip_size

    def _build(self) -> None:
        """Make every part in its place."""
        self._build_matrices()
        self._build_names()
        self.sum = WeightedSum(self.trace, self.head, self.token, self.columns, self.sum_places, self.frame, self.theme)
        self._build_lists()

    def _build_matrices(self) -> None:
        trace, head, theme, product = self.trace, self.head, self.theme, self.product
        values, context = trace.values[head], trace.context[head]
        self.a_values = np.where(trace.mask, trace.weights[head], np.nan)
        share = probability_scale(WEIGHT, theme)
        self.v_scale, self.y_scale = signed_scale(VALUE, values, theme), signed_scale(OUTPUT, context, theme)
        both, square = (self.slots, self.columns), (self.slots, self.slots)
        self.a = self._tensor(f"weights[{head}]", self.a_values, share, *square)
        self.v = self._tensor(f"values[{head}]", values, self.v_scale, *both)
        self.y = self._tensor(f"context[{head}]", context, self.y_scale, *both)
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
        decimals = 2 if scale.color == WEIGHT else fitting_decimals(self.trace.values[self.head])
        smallest = self.frame.smallest_number
        return Tensor(values, scale, field=field, rows=rows, columns=columns, decimals=decimals, smallest=smallest)

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
        sizes = self.frame.text, self.frame.smallest_text
        made = "output" if product_symbol(self.trace) == "Y" else f"part of head {self.head}"
        self.a_name, self.v_name, self.y_name = (
            TensorName(symbol, [(name, theme.quiet)], color, sizes, theme)
            for symbol, name, color in (
                ("A", "attention weights", WEIGHT),
                ("V", "values", VALUE),
                (product_symbol(self.trace), made, OUTPUT),
            )
        )
        named = (self.a_name, product.a), (self.v_name, product.v), (self.y_name, product.y)
        for name, region in named:
            self._stand_under(name, region)

    def _stand_under(self, name: TensorName, region: Region) -> None:
        reach = self.frame.safe.right - name.width / 2
        name.move_to((np.clip(region.center[0], -reach, reach), region.bottom - self.frame.text * 0.8, 0))

    def _build_lists(self) -> None:
        """Make both lists in the order of the first, and their headers."""
        found = closeness(self.trace, self.token)
        names = max(self._name(one).width for one in found)
        self.lists = places = place_lists(self.frame, len(found), names)
        kept = sorted(found, key=lambda one: -max(one.before.value, one.after.value))[: places.rows]
        self.listed: list[Closeness] = sorted(kept, key=lambda one: -one.before.value)
        numbers = [fact.value for one in self.listed for fact in (one.before, one.after)]
        span = min(0.0, *numbers), max(0.05, *numbers)
        size = self.frame.small_text
        regions = [region.cut_top(places.header)[1] for region in (places.before, places.after)]
        facts = [one.before for one in self.listed]
        self.before, self.after = (
            RankedList([self._name(one) for one in self.listed], facts, span, region, color, size, self.theme)
            for region, color in zip(regions, (EMBEDDING, EMBEDDING), strict=True)
        )
        gap = self.frame.text * 0.4
        self.gap = Region(regions[0].right + gap, regions[0].bottom, regions[1].left - gap, regions[1].top)
        self.headers = [
            self._list_header(places.before.cut_top(places.header)[0], "before", "row of the table", EMBEDDING),
            self._list_header(places.after.cut_top(places.header)[0], "after", "output", OUTPUT),
        ]

    def _name(self, one: Closeness) -> DrawnMobject:
        if one.token is None:
            return Label(one.text, self.theme.text, self.frame.small_text)
        return TravellingChip(self.trace, one.token, self.frame.small_text, self.theme)

    def _list_header(self, region: Region, when: str, what: str, color: Rgb) -> tuple[TravellingChip, Label, Label]:
        theme, frame = self.theme, self.frame
        chip = TravellingChip(self.trace, self.token, frame.text, theme)
        line = Label([(when, theme.text), (what, theme.ink(color))], theme.text, frame.small_text)
        cosine = Label("cosine with", theme.quiet, frame.small_text)
        if self.lists.stacked:
            flow([chip, line, cosine], region, frame.small_text * 0.6)
        else:
            stack([chip, line, cosine], region, 0)
        return chip, line, cosine

    def _light(self, row: int | None) -> list[Change]:
        """Dim all but one row of A with its name; None stands for all of them."""
        lit = np.full(len(self.slots), 1.0 if row is None else DIMMED)
        if row is not None:
            lit[row] = 1
        return [Change(self.a, lit=lit[:, None]), Change(self.row_chips, lit=lit)]

    def _stand_the_row_up(self) -> None:
        """Let the row's cells fly to the values that they will scale, while all else makes room."""
        one, slots = self.sum, self.sum.places.slots.tolist()
        flying, ways = [], []
        for slot in [slot for slot in slots if slot >= 0 and self.trace.mask[self.token, slot]]:
            cell = Tensor(
                self.a_values,
                self.a.coloring,
                field=self.a.field,
                rows=np.array([self.token]),
                columns=np.array([slot]),
                decimals=2,
                smallest=self.frame.smallest_number,
            )
            cell.points = self.a.region(*self.a.place_of(self.token, slot)).corners
            flying.append(cell)
            ways.append(Change(cell, points=one.weights.region(rows=slots.index(slot)).corners))
        self.add(*flying)
        beside = [self.value_chips] if self.product.value_names else []
        gone = [self.a, self.row_chips, self.column_chips, self.ring, *beside, *self.a_name.parts, *self.v_name.parts]
        self.play(*self.fade(gone, 0), run_time=0.4)
        home, one.values.points = one.values.points, self.v.points
        self.play(
            *ways,
            Change(one.values.set_opacity(0), points=home, opacity=1),
            Change(self.v, points=home, opacity=0),
            *self.appear([one.chips, *one.header]),
            run_time=1.3,
        )
        self.add(one.weights)
        self.remove(*flying, *gone, self.v)
        self.play(*self.appear([one.weight_head, one.value_head, one.definition]), run_time=0.4)

    def _write_out_the_sum(self, column: int, lit: NDArray[np.float64]) -> None:
        """Write terms while their factors are lit, then the rest and the result."""
        one = self.sum
        self.written, rows = one.write_out(column)
        size = self.frame.text * 0.4
        (stack if self.frame.wide else flow)(self.written.parts, one.places.written, size)
        for row, term in zip(rows, self.written.terms, strict=True):
            factors = np.where(np.arange(len(one.places.slots)) == row, 1.0, DIMMED)[:, None]
            point = [
                Change(one.weights, lit=factors),
                Change(one.values, lit=np.where(lit == 1, np.maximum(factors, 0.45), DIMMED)),
            ]
            self.play(*self.appear([term]), *point, run_time=0.6)
        self.play(
            *self.appear([*self.written.rest, self.written.result]),
            Change(one.weights, lit=1),
            Change(one.values, lit=lit),
            run_time=0.6,
        )
        self.wait(1.4)

    def _lay_the_rows_back(self) -> None:
        """Take the output to its row of Y and the values back beside A."""
        one, home = self.sum, self.product.v.corners
        gone = [part for part in [*self.written.parts, *one.parts] if part not in (one.values, one.total)]
        gone = [part for part in gone if part in self.mobjects]
        self.play(*self.fade(gone, 0), Change(one.values, lit=1), Change(one.total, lit=1), run_time=0.4)
        self.remove(*gone)
        self.v.points = one.values.points
        beside = [self.value_chips] if self.product.value_names else []
        parts = [self.a, self.row_chips, self.column_chips, *beside, *self.a_name.parts, *self.v_name.parts]
        self.play(
            *self.appear(parts),
            Change(one.total, points=self.y.region(rows=self.row).corners),
            Change(one.values, points=home, opacity=0),
            Change(self.v, points=home, opacity=1),
            run_time=1.4,
        )
        self.y.shown[self.row] = 1
        self.add(self.y)
        self.remove(one.total, one.values)

    def _draw_ranks(self) -> None:
        """Draw from rank to rank, in the colour of the output for those that have risen."""
        theme = self.theme
        prints = [Change(bar, printed=1) for bar in self.after.bars]
        if self.lists.stacked:
            self.play(*prints, run_time=0.4)
            return
        moved = zip(self.before.ranks, self.after.ranks, strict=True)
        colors = [theme.ink(OUTPUT) if new < old else theme.quiet for old, new in moved]
        lines = RankLines(self.gap, self.before.ranks, self.after.ranks, colors)
        lines.drawn[:] = 0
        self.play(Change(lines, drawn=1), *prints, run_time=0.8)

    def _verdict(self) -> str:
        """Return what has become of the token."""
        attended = int(self.trace.token_ids[self.other])
        closer = [one.token for one in self.listed if one.token is not None and one.after.value > one.before.value]
        if attended in self.trace.token_ids[closer]:
            return "It has moved toward the tokens it attends to"
        return "One token, before attention and after it"
