"""Clip 9: the same in PyTorch: the code that computed every number of the film."""

import math

import numpy as np

from attention.attention_trace import Floats
from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import TALL, THINNEST, ChipTexts, names_apart
from scenes.places.fitting import first_fit, fit, sizes
from scenes.places.layout import Region, visible_slots
from scenes.pytorch_code_parts.class_source import Statement, file_of, read_class
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import Shown, code_variables, what_the_code_is
from scenes.pytorch_code_parts.line_formulas import line_formulas
from scenes.pytorch_code_parts.shape_label import ShapeLabel, shape_in_words

COLUMNS = 13  # of tensors whose columns are no tokens
ROW = 1.25  # height of a row with a chip, at least, in em
POINTING, MAKING, LOOKING = 0.4, 0.7, 0.35  # seconds for a line, for its tensor, and for looking at it
DIMMED = 0.3  # how far cells are lit while one tensor gives way to the next
CODE_TALL = 0.46  # of a tall stage, that the code of one head takes
LARGEST, CODE = 1.35, (0.7, 0.58)  # of the code's letters, in texts; share of the stage in wide and narrow frames
IN_FULL = 12  # tensors for which so much time is taken; of more, each has far less


class PyTorchCode(ExplainerScene):
    """The source of the attention layer, line by line, with the tensor that each line made."""

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
        self.tensor, self.title = self._tensor("x"), self._title("x", as_output)
        self.ring = Ring(self._row(self.tensor.region()), self.theme.text)
        self.carry_over(self.code, self.tensor, *self.title, self.chips, self.ring)
        self.say("The same in PyTorch: this code computed the film")
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
            share = CODE_TALL if frame.tall and self.trace.w_output is None else CODE[1]
            self.code_region, side = frame.stage.cut_top(share * frame.stage.height, gap * 0.4)
        self.title_regions, self.tensor_region = self._title_places(side)
        room, texts = self._all_rows() or fit(self._rows)
        size = frame.smallest_text
        body = self.tensor_region.middle(self.tensor_region.width, room * len(self.slots))
        chip_size = max(min(frame.small_text, room * texts.apart / max(TALL, texts.letters())), size)
        across = texts.width() * chip_size
        cells = min(body.width - across - gap * 0.4, gap * 1.9 * COLUMNS)
        body = body.middle(across + gap * 0.4 + cells, body.height)
        chips, self.cells = body.cut_left(across, gap * 0.4)
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

    def _all_rows(self) -> tuple[float, ChipTexts] | None:
        """Return the same as :meth:`_rows` for all tokens, of which only some have a chip where rows are thin."""
        self.slots, weights = np.arange(len(self.trace)), self.shown_weights[self.followed].astype(float)
        weights[self.followed] = np.inf
        least = max(ChipTexts.of(self.trace, self.slots).letters(), ROW) * self.frame.smallest_text
        high = self.tensor_region.height - self.frame.smallest_text / 2  # the rest is for the last chip
        room = min(high, self.frame.text * 1.7 * len(self.slots)) / len(self.slots)
        named = names_apart(weights, math.ceil(least / room))
        return (room, ChipTexts.of(self.trace, named, followed=self.followed)) if room >= THINNEST else None

    def _rows(self, most: int) -> tuple[float, ChipTexts] | None:
        """Return the height of a row of the tensor and what its chips say, if these have room."""
        self.slots = self.shown_tokens(most)
        texts, count = ChipTexts.of(self.trace, self.slots, followed=self.followed), len(self.slots)
        room = min(self.tensor_region.height, self.frame.text * 1.7 * count) / count
        return (room, texts) if room >= max(texts.letters(), ROW) * self.frame.smallest_text else None

    def _build(self) -> None:
        """Read the code of the main method, and set it in the largest size at which all of it is seen."""
        module, _, name = self.trace.computed_by.rpartition(".")
        self.source = read_class(file_of(module), name).only("forward")
        self.steps = self.source.methods["forward"]
        self.variables = code_variables(self.trace)
        inks = {name: shown.color for name, shown in self.variables.items()}

        def whole(size: float) -> bool:
            self.code = CodePanel(self.source.lines, self.code_region, size, self.theme, inks)
            # at most one line goes on in a second row
            return len(self.code.rows) <= min(self.code.room, len(self.source.lines) + 1)

        def with_formulas(size: float) -> bool:
            told = sum(bool(shown.formula) for shown in self.variables.values())
            return whole(size) and len(self._formulas()) == told

        tried = list(sizes(LARGEST * self.frame.text, self.frame.smallest_text, finer=0.98))
        first_fit(with_formulas, tried) or first_fit(whole, tried)
        self.formulas = self._formulas()
        made = sum(step.name in self.variables for step in self.steps)
        self.pace = min(IN_FULL / made, 1.0) ** 2

    def _formulas(self) -> dict[str, Formula]:
        return line_formulas(self.code, self.steps, self.variables, self.frame)

    def _tensor(self, name: str) -> Tensor:
        """Return the tensor of a variable, where it will stand."""
        shown, trace = self.variables[name], self.trace
        values = getattr(trace, shown.field)
        field = f"{shown.field}[{self.head}]" if values.ndim == 3 else shown.field
        values = values[self.head] if values.ndim == 3 else values
        if name == "weights":
            values = np.where(trace.mask, values, np.nan)
        if name in ("allowed", "weights"):
            scale = probability_scale(shown.color, self.theme)
        else:
            scale = signed_scale(shown.color, values, self.theme)
        across = max(COLUMNS, len(self.slots))
        columns = self.shown_tokens(across) if shown.square else visible_slots(values.shape[1], COLUMNS)
        tensor = Tensor(
            values.astype(float),
            scale,
            field=field,
            rows=self.slots,
            columns=columns,
            decimals=0 if name == "allowed" else None,
            smallest=self.frame.smallest_number,
        )
        tensor.printed[:] = 0
        pitch = min(self.cells.width / len(columns), self.frame.text * 1.9)
        tensor.points = self.cells.cut_left(pitch * len(columns))[0].corners
        return tensor

    def _title(self, name: str, note: str) -> list[DrawnMobject]:
        """Return name and symbol, the shape in the comment's words and in numbers, and what is said of the cells."""
        shown, theme, frame = self.variables[name], self.theme, self.frame
        values = getattr(self.trace, shown.field)
        plain = self.trace.w_output is None and values.ndim == 3  # the code of one head has no dimension for heads
        field, counts = (f"{shown.field}[0]", values.shape[1:]) if plain else (shown.field, values.shape)
        above, middle, below = self.title_regions
        first, gap = self._name(name, above.width, values.ndim == 3)
        flow(first, above, gap)

        def shape(size: float, *, words: bool = True) -> list[DrawnMobject] | None:
            said: list[DrawnMobject] = [Formula(shape_in_words(note), theme.text, size * 1.1)] if words and note else []
            parts = [*said, ShapeLabel(field, counts, theme.text, size)]
            flow(parts, middle, size * 0.4)
            return parts if sum(part.width for part in parts) + size * 0.4 <= middle.width else None

        second = first_fit(shape, sizes(frame.text, frame.smallest_text))
        second = second or [ShapeLabel(field, counts, theme.text, frame.smallest_text).move_to((*middle.center, 0))]
        third = self._told(shown, values)
        flow(third, below, 0.0)
        return [*first, *second, *third]

    def _told(self, shown: Shown, values: Floats) -> list[DrawnMobject]:
        """Return what rows and columns are; of scores and weights, the number that the brightest cell holds."""
        quiet, text, size = self.theme.quiet, self.theme.text, self.frame.small_text
        if values.dtype == bool:
            return []
        if not shown.square:
            return [Label("tokens × numbers" if values.ndim == 2 or len(values) == 1 else "", quiet, size)]
        field = f"{shown.field}[{self.head}]"
        brightest = Fact(f"abs({field}).max()", float(np.abs(values[self.head]).max()))
        return [Label([("brightest cell:", quiet), (brightest, text)], text, size)]

    def _name(self, name: str, room: float, by_head: bool) -> tuple[list[DrawnMobject], float]:
        """Return a variable's name and, as far as there is room, its symbol and which head is seen; and their gap."""
        frame, shown = self.frame, self.variables[name]
        ink = self.theme.ink(shown.color)
        head = [Label(f"head {self.head}", self.theme.quiet, frame.small_text)] if self.trace.heads > 1 else []

        def place(size: float, *, symbol: bool, headed: bool) -> tuple[list[DrawnMobject], float] | None:
            beside = name in self.formulas or not shown.formula
            parts: list[DrawnMobject] = [Label(name, ink, size, MONO)] if beside or not symbol else []
            parts += [Formula(shown.symbol if beside else shown.formula, ink, size * 1.1)] if symbol else []
            parts += head if headed else []
            gap = size * 0.8
            wide = sum(part.width for part in parts) + gap * (len(parts) - 1)
            return (parts, gap) if wide < room else None

        steps = list(sizes(frame.text, frame.smallest_text))
        tries = [(frame.text, True, by_head), *((size, True, False) for size in steps), (steps[-1], False, False)]
        found = first_fit(lambda one: place(one[0], symbol=one[1], headed=one[2]), tries)
        return found or ([Label(name, ink, steps[-1], MONO)], 0.0)

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
        """Let the tensor of a variable take the place of the one before, and light it row by row."""
        if caption := self.variables[name].caption:
            self.say(caption)
        self.play(*self._point_at(step), Change(self.tensor, lit=DIMMED), run_time=POINTING * self.pace)
        self.remove(self.tensor, *self.title)
        formulas = [self.formulas[name]] if name in self.formulas else []
        self.tensor, self.title = self._tensor(name), self._title(name, step.note)
        self.tensor.lit[:] = DIMMED
        self.add(self.tensor, *self.title, self.ring)  # the ring above it
        self.play(
            Change(self.tensor, lit=1, order=row_order(*self.tensor.shape)),
            Change(self.ring, points=self._row(self.tensor.region()).corners),
            *self.appear(formulas),
            run_time=MAKING * self.pace,
        )
        self.wait(LOOKING * self.pace)

    def _row(self, cells: Region) -> Region:
        """Return the row of the token that is followed, in ``cells``."""
        pitch = cells.height / len(self.slots)
        above = self.slots.tolist().index(self.followed) * pitch
        return cells.cut_top(above)[1].cut_top(pitch)[0]
