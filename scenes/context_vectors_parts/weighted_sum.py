"""`WeightedSum`: one token's attention weights beside the values that they scale, and their sum below."""

import numpy as np
from manim import RIGHT, Group

from attention import AttentionTrace
from attention.attention_trace import Floats, Integers
from scenes.content.focus import others_in_words
from scenes.context_vectors_parts.clear_columns import SHARE_DECIMALS
from scenes.context_vectors_parts.context_places import SumPlaces
from scenes.context_vectors_parts.one_chip import one_chip
from scenes.context_vectors_parts.written_sum import WrittenSum, largest_terms
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import fitting_decimals
from scenes.look.theme import OUTPUT, VALUE, WEIGHT, Hue, Theme, probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor, same_size
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import stack
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Frame, Region
from scenes.words import _, pgettext

_TERMS, _TERMS_SQUARE = 3, 2  # of the sum of one column that are written out


class WeightedSum(Group):
    """Row by row a token's chip, the weight it has, and its values, plain or scaled; below them what they add up to.

    Where there are more tokens than rows, the last row is that of all others together, so that each column adds up.

    Parameters
    ----------
    trace
        Gives the numbers.
    head
        The head whose weights and values are shown.
    token
        The attending token.
    columns
        Which columns of the values are shown.
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
                places = place_sum(traced, frame, 0, 1, columns=4)
                columns = clear_columns(traced, 0, 1, places.slots, most=4)
                summed = WeightedSum(traced, 0, 1, columns, places, frame, THEMES["dark"])
                self.add(*summed.weighing, *summed.valuing)
                self.wait(0.5)
                self.play(*[Change(part, opacity=0) for part in (summed.values, summed.value_head)])
    """

    def __init__(
        self,
        trace: AttentionTrace,
        head: int,
        token: int,
        columns: Integers,
        places: SumPlaces,
        frame: Frame,
        theme: Theme,
    ) -> None:
        self.trace, self.head, self.token, self.columns, self.places = trace, head, token, columns, places
        self.frame, self.theme = frame, theme
        self.rows = places.slots[places.slots >= 0].tolist()
        self.hidden = [other for other in np.flatnonzero(trace.mask[token]).tolist() if other not in self.rows]
        self.chips = TokenChips(
            ChipTexts.of(trace, np.array(self.rows), followed=token), "column", places.chip_size, theme
        )
        self.chips.points = places.chips.corners
        self._build_cells()
        self._build_names()
        self._build_formula()
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """All of it."""
        return [*self.weighing, *self.valuing, self.scaled, self.scaled_head, self.total, *self.total_names]

    @property
    def weighing(self) -> list[DrawnMobject]:
        """The weights with what names them, and the formula."""
        return [self.chips, *self.others, self.weights, self.weight_head, *self.header, self.formula, *self.legend]

    @property
    def valuing(self) -> list[DrawnMobject]:
        """The values with what names them."""
        return [self.values, self.value_head]

    def write_out(self) -> tuple[int, list[int], WrittenSum]:
        """Return the place of a column, the rows of its largest terms, and its sum written out.

        Of those that add up as printed, it is the one with the largest sum.
        """
        written = [self._written(component) for component in self.columns.tolist()]
        column = min(
            range(len(written)), key=lambda place: (not written[place].adds_up, -abs(written[place].result.value))
        )
        return column, [self.rows.index(other) for other in written[column].others], written[column]

    def _written(self, component: int) -> WrittenSum:
        square = not self.frame.wide and not self.frame.tall
        most = _TERMS_SQUARE if square else _TERMS
        largest = largest_terms(self.trace, self.head, self.token, component, self.rows, most)
        place = self.places.written
        return WrittenSum(self.trace, self.head, self.token, component, largest, place, self.frame, self.theme)

    def _build_cells(self) -> None:
        trace, head, token, places = self.trace, self.head, self.token, self.places
        values, smallest = trace.values[head], self.frame.smallest_number
        decimals, share = fitting_decimals(values), trace.weights[head][token].astype(float)
        weights, products = f"weights[{head}][{token}]", f"(weights[{head}][{token}][:, None] * values[{head}])"
        self.weights = Tensor(
            self._with_others(share[:, None]),
            probability_scale(WEIGHT, self.theme),
            field=self._field(f"{weights}[:, None]"),
            decimals=SHARE_DECIMALS,
            smallest=smallest,
        )
        self.values = Tensor(
            values,
            signed_scale(VALUE, values[:, self.columns], self.theme),
            field=f"values[{head}]",
            rows=places.slots,
            columns=self.columns,
            decimals=decimals,
            smallest=smallest,
        )
        scaled = self._with_others(share[:, None] * values)
        self.scaled = Tensor(
            scaled,
            signed_scale(VALUE, scaled[:, self.columns], self.theme),
            field=self._field(products),
            columns=self.columns,
            decimals=decimals,
            smallest=smallest,
        )
        self.total = Tensor(
            trace.context[head],
            signed_scale(OUTPUT, trace.context[head][token, self.columns], self.theme),
            field=f"context[{head}]",
            rows=np.array([token]),
            columns=self.columns,
            decimals=decimals,
            smallest=smallest,
        )
        self.weights.points = places.weights.corners
        self.values.points = self.scaled.points = places.values.corners
        self.total.points = places.total.corners
        same_size([self.values, self.scaled, self.total])

    def _with_others(self, values: Floats) -> Floats:
        """Return the rows of the shown tokens, and under them the sum of all others if there are any."""
        rest = [values[self.hidden].sum(axis=0)] if self.hidden else []
        return np.array([*values[self.rows], *rest])

    def _field(self, source: str) -> str:
        """Return what :meth:`_with_others` makes of an expression."""
        rest = f"[sum({source}[{self.hidden}], 0)]" if self.hidden else ""
        return f"concatenate([{source}[{self.rows}], {rest}])" if rest else f"{source}[{self.rows}]"

    def _build_names(self) -> None:
        """Make the line that says whose sum it is, the names of the columns, of the last row and of the sum."""
        theme, places, text, small = self.theme, self.places, self.frame.text, self.frame.small_text
        left, y = places.header
        whose = one_chip(self.trace, self.token, self.token, text, theme)
        whose.move_to((left + whose.width / 2, y, 0))
        attends = Label(self._whom_it_attends_to(), theme.quiet, small)
        attends.move_to((left + whose.width + text * 0.4 + attends.width / 2, y, 0))
        self.header = [whose, attends]
        self.others = [Label(others_in_words(len(self.hidden)), theme.quiet, places.chip_size)] if self.hidden else []
        for label in self.others:
            row = self.weights.region(rows=len(self.rows))
            label.move_to((places.chips.right - label.width / 2, row.center[1], 0))
        output = Label(_("output ="), theme.ink(OUTPUT), small)
        x, y = places.total.left, places.total.center[1]
        output.move_to((x - output.width / 2 - text * 0.3, y, 0))
        chip = one_chip(self.trace, self.token, self.token, places.chip_size, theme)
        right = min(places.chips.right, float(output.get_left()[0]) - text * 0.3)
        chip.move_to((right - chip.width / 2, y, 0))
        self.total_names = [chip, output]
        self.weight_head = self._head(pgettext("column", "weight"), WEIGHT, places.weights)
        self.value_head = self._head(self._value_in_words(), VALUE, places.values)
        self.scaled_head = self._head(pgettext("column", "weight × value"), VALUE, places.values)
        self.times = [self._times(row) for row in range(len(self.rows))]

    def _build_formula(self) -> None:
        """Make the sum as a formula, and a line for each of its indices."""
        theme, frame = self.theme, self.frame
        colors = [theme.text, theme.ink(OUTPUT), theme.ink(WEIGHT), theme.ink(VALUE)]
        size = frame.text * (2.2 if frame.wide else 1.5)
        self.formula = FormulaTerms("@1(y_i) = sum_j @2(a_(i j)) @3(v_j)", colors, size, unlit=theme.quiet)
        small = frame.small_text if not frame.wide else frame.text
        chip = one_chip(self.trace, self.token, self.token, small, theme)
        lines: list[list[DrawnMobject]] = [
            # Translators: between the index i of a formula and the token that it stands for
            [Formula("i", theme.text, small * 1.3), Label(pgettext("index", "is"), theme.quiet, small), chip],
            # Translators: after the index j of a formula
            [Formula("j", theme.text, small * 1.3), Label(_("runs over the rows"), theme.quiet, small)],
        ]
        below = [Group(*line).arrange(RIGHT, buff=small * 0.4) for line in lines]
        if not frame.wide:
            below = [Group(*below).arrange(RIGHT, buff=frame.text * 1.5)]
        stack([self.formula, *below], self.places.written, frame.text * (0.7 if frame.wide else 0.3))
        self.legend = [part for line in lines for part in line]

    def _times(self, row: int) -> Label:
        """Return a sign between the weight and the values of a row."""
        sign = Label("×", self.theme.text, self.frame.small_text)
        middle = (self.places.weights.right + self.places.values.left) / 2
        sign.move_to((middle, self.values.region(rows=row).center[1], 0))
        return sign

    def _whom_it_attends_to(self) -> str:
        allowed = int(self.trace.mask[self.token].sum())
        # Translators: after the token that attends
        return _("attends to itself alone") if allowed == 1 else _("attends to {number} tokens", number=allowed)

    def _value_in_words(self) -> str:
        width = self.trace.values.shape[2]
        if len(self.columns) == width:
            return pgettext("column", "value")
        return _("value: {number} of {total} numbers", number=len(self.columns), total=width)

    def _head(self, text: str, color: Hue, region: Region) -> Label:
        label = Label(text, self.theme.ink(color), self.frame.small_text)
        label.move_to((region.center[0], region.top + label.height * 0.55, 0))
        return label
