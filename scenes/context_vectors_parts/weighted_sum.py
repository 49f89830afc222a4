"""`WeightedSum`: one token's attention weights beside the values that they scale, and their sum below."""

from functools import partial

import numpy as np
from manim import Group
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.context_vectors_parts.context_places import SumPlaces
from scenes.context_vectors_parts.dot_product import DotProduct
from scenes.context_vectors_parts.travelling_chip import TravellingChip
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact, fitting_decimals
from scenes.look.theme import OUTPUT, VALUE, WEIGHT, Rgb, Theme, probability_scale, signed_scale
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import stack
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region

_TERMS = 3  # of the sum of one column that are written out


class WeightedSum(Group):
    """Row by row a token's chip, the weight it has, and its values, plain or scaled; below them what they add up to.

    Parameters
    ----------
    trace
        Gives the numbers.
    head
        The head whose weights and values are shown.
    token
        The attending token.
    columns
        Which columns of the values are shown, -1 for an ellipsis.
    places
        Where it stands, and which tokens are its rows.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Sum(DrawingScene):
            def construct(self):
                traced, frame = trace("The cat sat."), Frame("16:9")
                columns = visible_slots(traced.d_k, 5)
                places = place_sum(traced, frame, traced.weights[0, 1], len(columns), followed=1)
                summed = WeightedSum(traced, 0, 1, columns, places, frame, THEMES["dark"])
                self.add(summed)
                self.wait(0.5)
                self.play(*[Change(part, opacity=0) for part in (summed.values, summed.value_head)])
    """

    def __init__(
        self,
        trace: AttentionTrace,
        head: int,
        token: int,
        columns: NDArray[np.int64],
        places: SumPlaces,
        frame: Frame,
        theme: Theme,
    ) -> None:
        self.trace, self.head, self.token, self.columns, self.places = trace, head, token, columns, places
        self.frame, self.theme = frame, theme
        self.chips = TokenChips(ChipTexts.of(trace, places.slots, followed=token), "column", places.chip_size, theme)
        self.chips.points = places.chips.corners
        self._build_cells()
        self._build_names()
        self.definition = FormulaTerms(
            "@1(y_i) = sum_j @2(a_(i j)) @3(v_j)",
            [theme.text, theme.ink(OUTPUT), theme.ink(WEIGHT), theme.ink(VALUE)],
            frame.text * (2.2 if frame.wide else 1.5),
        )
        stack([self.definition], places.written, 0)
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """All of it."""
        cells = [self.weights, self.values, self.scaled, self.total]
        heads = [self.weight_head, self.value_head, self.scaled_head]
        return [self.chips, *cells, *heads, *self.header, *self.total_names, self.definition]

    @property
    def at_first(self) -> list[DrawnMobject]:
        """What stands before the values are scaled."""
        return [self.chips, self.weights, self.values, self.weight_head, self.value_head, *self.header, self.definition]

    def column_to_write(self) -> int:
        """Return the place of the column whose sum is the largest."""
        visible = np.flatnonzero(self.columns >= 0)
        sums = np.abs(self.trace.context[self.head][self.token][self.columns[visible]])
        return int(visible[sums.argmax()])

    def write_out(self, column: int) -> tuple[DotProduct, list[int]]:
        """Return the sum of a column, the largest terms first, and the rows of these terms."""
        head, component = self.head, int(self.columns[column])
        size = self.frame.text * (0.8 if self.frame.tall else 1.4 if self.frame.wide else 0.95)
        weights, values = self.trace.weights[head][self.token], self.trace.values[head][:, component]
        visible, allowed = self.places.slots[self.places.slots >= 0], int(self.trace.mask[self.token].sum())
        terms = np.abs(weights * values)[visible]
        largest = visible[np.argsort(-terms, kind="stable")][: min(_TERMS, allowed)].tolist()
        total = float(self.trace.context[head][self.token, component])
        written = DotProduct(
            [Fact(f"weights[{head}][{self.token}, {one}]", float(weights[one])) for one in largest],
            [Fact(f"values[{head}][{one}, {component}]", float(values[one]), self.values.decimals) for one in largest],
            allowed - len(largest),
            Fact(f"context[{head}][{self.token}, {component}]", total, self.total.decimals),
            size,
            self.theme,
            colors=(WEIGHT, VALUE, OUTPUT),
        )
        return written, [self.places.slots.tolist().index(one) for one in largest]

    def _build_cells(self) -> None:
        trace, head, token, slots = self.trace, self.head, self.token, self.places.slots
        weights, values = np.where(trace.mask, trace.weights[head], np.nan), trace.values[head]
        plain, sums = signed_scale(VALUE, values, self.theme), signed_scale(OUTPUT, trace.context[head], self.theme)
        share, own = probability_scale(WEIGHT, self.theme), np.array([token])
        smallest, decimals = self.frame.smallest_number, fitting_decimals(values)
        self.weights = Tensor(
            weights.T, share, field=f"weights[{head}].T", rows=slots, columns=own, decimals=2, smallest=smallest
        )
        tensor = partial(Tensor, columns=self.columns, decimals=decimals, smallest=smallest)
        self.values = tensor(values, plain, field=f"values[{head}]", rows=slots)
        field = f"(weights[{head}][{token}][:, None] * values[{head}])"
        scaled = weights[token][:, None] * values
        self.scaled = tensor(scaled, signed_scale(VALUE, scaled, self.theme), field=field, rows=slots)
        self.total = tensor(trace.context[head], sums, field=f"context[{head}]", rows=own)
        self.weights.points = self.places.weights.corners
        self.values.points = self.scaled.points = self.places.values.corners
        self.total.points = self.places.total.corners

    def _build_names(self) -> None:
        """Make the line that says whose sum it is, the names of the columns and that of the sum."""
        theme, places, text, small = self.theme, self.places, self.frame.text, self.frame.small_text
        left, y = places.header
        whose = TravellingChip(self.trace, self.token, text, theme)
        whose.stand(left + whose.width / 2, y)
        attends = Label(self._whom_it_attends_to(), theme.quiet, small)
        attends.move_to((left + whose.width + text * 0.4 + attends.width / 2, y, 0))
        self.header = [whose, attends]
        output = Label("output =", theme.ink(OUTPUT), small)
        x, y = places.total.left, places.total.center[1]
        output.move_to((x - output.width / 2 - text * 0.3, y, 0))
        chip = TravellingChip(self.trace, self.token, places.chip_size, theme)
        right = min(places.chips.right, float(output.get_left()[0]) - 0.08)
        chip.stand(right - chip.width / 2, y)
        self.total_names = [chip, output]
        self.weight_head = self._head("weight", WEIGHT, places.weights)
        self.value_head = self._head("value", VALUE, places.values)
        self.scaled_head = self._head("weight × value", VALUE, places.values)
        self.times = [self._times(row) for row, slot in enumerate(places.slots.tolist()) if slot >= 0]

    def _times(self, row: int) -> Label:
        """Return a sign between the weight and the values of a row."""
        sign = Label("×", self.theme.text, self.frame.small_text)
        middle = (self.places.weights.right + self.places.values.left) / 2
        sign.move_to((middle, self.values.region(rows=row).center[1], 0))
        return sign

    def _whom_it_attends_to(self) -> str:
        allowed, slots = self.trace.mask[self.token], self.places.slots
        seen = int(allowed[slots[slots >= 0]].sum())
        if allowed.sum() == 1:
            return "attends to itself alone"
        return "attends to these" if seen == allowed.sum() else f"attends to {allowed.sum()} tokens, {seen} shown"

    def _head(self, text: str, color: Rgb, region: Region) -> Label:
        label = Label(text, self.theme.ink(color), self.frame.small_text)
        label.move_to((region.center[0], region.top + label.height * 0.55, 0))
        return label
