"""Clip 9: the same in PyTorch: the code that computed every number of the film."""

import math
from collections.abc import Collection
from itertools import product

import numpy as np

from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.mobjects.formula import Formula
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import BLANK, TALL, ChipTexts, names_apart
from scenes.places.fitting import first_fit, fit, sizes
from scenes.places.layout import Region
from scenes.pytorch_code_parts.class_source import Statement, file_of, read_class
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import TRAINED, Shown, code_variables, factor, what_the_code_is
from scenes.pytorch_code_parts.line_formulas import line_formulas
from scenes.pytorch_code_parts.line_tensors import COLUMNS, LineTensors
from scenes.pytorch_code_parts.product import Factor, stand_product
from scenes.pytorch_code_parts.tensor_title import TensorTitle
from scenes.words import _

ROW = 1.25  # from one chip to the next, at least, in em
THIN = 0.05  # height of a row, at least, in scene units
TALLEST, WIDEST = 1.7, 1.9  # of a cell, in texts; where there are fewer tokens than FEW, they share what these take
FEW = 3
RINGED = 0.1  # height of what is ringed, at least, in scene units
POINTING, MAKING, LOOKING = 0.3, 0.6, 0.3  # seconds for a line, for its tensor, and for looking at it
COMING, READING = 0.25, 0.6  # seconds for what a line multiplies: to come or go, and to be read
DIMMED = 0.3  # how far cells are lit while one tensor gives way to the next
CODE_TALL = 0.46, 0.54  # of a tall stage, that the code of one head takes, without and with a mask
LARGEST, CODE = 1.35, (0.62, 0.64)  # of the code's letters, in texts; share of the stage in wide and narrow frames
IN_FULL = 11  # tensors for which so much time is taken; of more, each has far less


class PyTorchCode(ExplainerScene):
    """The source of the attention layer, line by line, with what each line multiplied and the tensor that it made."""

    stage = None

    def construct(self) -> None:
        """Play the storyboard's row for clip 9."""
        self._lay_out()
        self._build()
        self._the_embeddings_go_in()
        self._the_queries()
        self._the_keys()
        self._the_values()
        self._the_scores()
        self._the_scores_are_scaled()
        self._the_weights()
        self._the_output()
        self._the_code_rests()

    @beat
    def _the_embeddings_go_in(self) -> None:
        self.coming = iter(self.steps[1:])
        as_output = next(step.note for step in self.steps if step.name == "output")
        self.tensor, self.title = self.tensors.result(self.variables["x"]), self._title("x", as_output)
        self.ring = Ring(self._row(self.tensor.region()), self.theme.text)
        self.carry_over(self.code, self.tensor, *self.title, self.chips, self.ring)
        self.say(_("The same in PyTorch: this code computed the film"))
        self.say(self.variables["x"].caption)
        self.play(*self._point_at(self.steps[0]), run_time=POINTING)

    @beat
    def _the_queries(self) -> None:
        self._make_up_to("queries", "projected_queries")

    @beat
    def _the_keys(self) -> None:
        self._make_up_to("keys", "projected_keys")

    @beat
    def _the_values(self) -> None:
        self._make_up_to("values")

    @beat
    def _the_scores(self) -> None:
        self._make_up_to("scores")

    @beat
    def _the_scores_are_scaled(self) -> None:
        self._make_up_to("scaled")

    @beat
    def _the_weights(self) -> None:
        self._make_up_to("weights")

    @beat
    def _the_output(self) -> None:
        self._make_up_to("output")

    @beat
    def _the_code_rests(self) -> None:
        self.say(what_the_code_is(self.trace))
        self.play(Change(self.code, lit=1, marked=0), run_time=0.5)
        self.rest()

    def _lay_out(self) -> None:
        """Cut the stage into code and tensor, and find how many tokens have room beside the tensor."""
        frame, gap = self.frame, self.frame.text
        if frame.wide:
            self.code_region, side = frame.stage.cut_left(CODE[0] * frame.stage.width, gap)
        else:
            share = CODE_TALL[self.trace.causal] if frame.tall and self.trace.w_output is None else CODE[1]
            self.code_region, side = frame.stage.cut_top(share * frame.stage.height, gap * 0.4)
        self.titles, self.tensor_region = self._title_places(side)
        larger = max(FEW / len(self.trace), 1.0)
        self.tallest, self.widest = (of * gap * larger for of in (TALLEST, WIDEST))
        room, texts = self._rows(len(self.trace)) or fit(self._rows)
        size = frame.smallest_text
        body = self.tensor_region.middle(self.tensor_region.width, room * len(self.slots))
        most = min(frame.small_text * larger, gap)
        chip_size = max(min(most, room * texts.apart / max(TALL, texts.letters())), size)
        across = texts.width() * chip_size
        cells = min(body.width - across - gap * 0.4, gap * WIDEST * COLUMNS)
        body = body.middle(across + gap * 0.4 + cells, body.height)
        chips, self.cells = body.cut_left(across, gap * 0.4)
        self.beside = Region(chips.right, self.tensor_region.bottom, side.right, self.tensor_region.top)
        named = self.shown_tokens(max(COLUMNS, len(self.slots)))
        self.tensors = LineTensors(
            self.trace, self.head, self.slots, named, self.cells, self.widest, frame.smallest_number, self.theme
        )
        self.chips = TokenChips(texts, "column", chip_size, self.theme)
        self.chips.points = chips.corners

    def _title_places(self, side: Region) -> tuple[tuple[Region, Region, Region], Region]:
        """Return where name, shape and more stand, under each other where there is room, and what is left."""
        gap = self.frame.text
        above, rest = side.cut_top(gap * 1.6)
        if self.frame.wide:
            middle, rest = rest.cut_top(gap * 1.5)
            below, rest = rest.cut_top(gap * 1.5, gap * 0.1)
            return (above, middle, below), rest
        if self.frame.tall:
            line, rest = rest.cut_top(gap * 1.5, gap * 0.3)
            return (above, *line.cut_left(0.55 * line.width)), rest
        above, right = above.cut_left(0.32 * side.width)
        return (above, *right.cut_left(0.5 * right.width)), rest

    def _rows(self, most: int) -> tuple[float, ChipTexts] | None:
        """Return the height of a row of the tensor and what its chips say; some rows have none where they are thin."""
        self.slots = self.shown_tokens(most)
        texts, smallest = ChipTexts.of(self.trace, self.slots), self.frame.smallest_text
        high = self.tensor_region.height - smallest / 2  # the rest is for the last chip
        room = min(high / len(self.slots), self.tallest)
        weights = np.where(self.slots < 0, -1.0, self.shown_weights[self.followed, self.slots])
        weights[self.slots == self.followed] = np.inf
        named = names_apart(weights, math.ceil(max(texts.letters(), ROW) * smallest / room))
        named = np.where(named == BLANK, BLANK, self.slots)
        return (room, ChipTexts.of(self.trace, named, followed=self.followed)) if room >= THIN else None

    def _build(self) -> None:
        """Read the code of the main method, and set it in the largest size at which all of it is seen."""
        module, _, name = self.trace.computed_by.rpartition(".")
        self.source = read_class(file_of(module), name).only("forward")
        self.steps = self.source.methods["forward"]
        self.variables = code_variables(self.trace)
        self.titled = TensorTitle(self.trace, self.head, self.titles, self.frame, self.theme)
        told = {step.name: step for step in self.steps if (shown := self.variables.get(step.name)) and shown.formula}

        lines = len(self.source.lines)

        def whole(size: float) -> bool:
            self._set_code(size)
            return len(self.code.rows) <= min(self.code.room, lines + 1)

        def with_formulas(tried: tuple[tuple[int, float], float]) -> bool:
            (more, largest), size = tried
            self._set_code(size, largest)
            if (
                without := told.keys() - self.formulas.keys()
            ):  # a line that goes on in a second row has room beside that
                self._set_code(size, largest, {told[name].lines[0] for name in without})
            return len(self.formulas) == len(told) and len(self.code.rows) <= lines + more

        tried = list(sizes(LARGEST * self.frame.text, self.frame.smallest_text, finer=0.98))
        looks = (2, np.inf), (5, np.inf), (5, 0.0)  # rows more than lines, size of formulas: the best first
        first_fit(with_formulas, product(looks, tried)) or first_fit(whole, tried)
        made = sum(step.name in self.variables for step in self.steps)
        self.share = min(IN_FULL / made, 1.0) ** 2

    def _set_code(self, size: float, formula: float = np.inf, broken: Collection[int] = ()) -> None:
        """Set the code in a size, with formulas no larger than a size where that can be read, and lines ``broken``."""
        inks = TRAINED | {name: shown.color for name, shown in self.variables.items()}
        self.code = CodePanel(self.source.lines, self.code_region, size, self.theme, inks, broken)
        least = 1.08 * self.frame.smallest_text  # their capitals are lower
        largest = max(min(formula, 1.05 * self.frame.text), least)
        self.formulas: dict[str, Formula] = line_formulas(self.code, self.steps, self.variables, least, largest)

    def _title(self, name: str, note: str) -> list[DrawnMobject]:
        shown = self.variables[name]
        return self.titled.of(name, shown, note, beside=name in self.formulas or not shown.formula)

    def _point_at(self, step: Statement) -> list[Change]:
        """Return what lights a statement, and scrolls to it."""
        lit = np.zeros(len(self.code.lit))
        lit[step.lines.start : step.lines.stop] = 1
        scroll = self.code.scroll_to(step.lines, range(len(lit)))
        return [Change(self.code, lit=lit, marked=lit, scroll=scroll)]

    def _make_up_to(self, *last: str) -> None:
        """Go on line by line until one of ``last`` is made."""
        for step in self.coming:
            if step.name in self.variables:
                self._make(step.name, step)
            if step.name in last:
                break

    def _make(self, name: str, step: Statement) -> None:
        """Show what a line multiplies, if it does, and let the tensor of its variable take that place row by row."""
        shown = self.variables[name]
        if shown.caption:
            self.say(shown.caption)
        self.play(*self._point_at(step), Change(self.tensor, lit=DIMMED, printed=0), run_time=POINTING * self.share)
        made = self.tensors.result(shown)
        factors = [known for text in step.factors if (known := factor(text, self.variables))]
        if len(factors) == 2:
            self._multiply(factors[0], factors[1], made)
        self.remove(*self.title)
        formulas = [self.formulas[name]] if name in self.formulas else []
        before, self.tensor, self.title = self.tensor, made, self._title(name, step.note)
        made.shown[:] = made.printed[:] = 0
        self.add(made, *self.title, self.ring)  # the ring above it
        self.play(
            Change(made, shown=1, order=row_order(*made.shape)),
            Change(before, points=made.points.copy()),
            self._ring_row(made),
            *self.appear(formulas),
            run_time=MAKING * self.share,
        )
        self.remove(before)
        self.play(Change(made, printed=shown.square), run_time=LOOKING * self.share)

    def _multiply(self, one: Shown, other: Shown, made: Tensor) -> None:
        """Stand two tensors side by side; the left one goes where what they make will be."""
        left, right = self.tensors.result(one), self.tensors.second_factor(other, one)
        factors = (
            Factor(one, left, self.tensors.values(one).shape),
            Factor(other, right, self.tensors.values(other).shape),
        )
        said = stand_product(factors, self.cells, self.beside, self.titles, self.frame, self.theme)
        left.printed[:] = right.printed[:] = 0
        self.remove(*self.title)
        coming = [self._ring_row(left)]
        if left.field == self.tensor.field:  # it stands there already
            left, there = self.tensor, left.points
            coming.append(Change(left, points=there, lit=1))
        else:
            coming += [Change(self.tensor, opacity=0, remover=True), *self.appear([left])]
        self.add(left, self.ring)
        self.play(*coming, run_time=COMING * self.share)
        self.play(*self.appear([right, *said]), run_time=COMING * self.share)
        self.wait(READING * self.share)
        gone = [Change(part, opacity=0, remover=True) for part in (right, *said)]
        self.play(*gone, Change(left, lit=DIMMED), run_time=COMING * self.share)
        self.play(Change(left, points=made.points.copy()), self._ring_row(made), run_time=COMING * self.share)
        self.tensor = left

    def _ring_row(self, tensor: Tensor) -> Change:
        """Return what puts the ring around the row of the token that is followed, where a tensor stands."""
        return Change(self.ring, points=self._row(tensor.region()).corners)

    def _row(self, cells: Region) -> Region:
        """Return what is ringed of ``cells``: the row of the token that is followed, and more where that is thin."""
        pitch = cells.height / len(self.slots)
        middle = cells.top - (self.slots.tolist().index(self.followed) + 0.5) * pitch
        half = max(pitch, RINGED) / 2
        return Region(cells.left, middle - half, cells.right, middle + half)
