"""Clip 9: the same in PyTorch: the code that computed every number of the film."""

import numpy as np

from scenes.drawing.change import Change, row_order
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.explainer_scene import ExplainerScene, beat
from scenes.look.fonts import MONO
from scenes.look.theme import probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import first_fit, fit, sizes
from scenes.places.layout import Region, visible_slots
from scenes.pytorch_code_parts.class_source import Statement, file_of, read_class
from scenes.pytorch_code_parts.code_panel import CodePanel
from scenes.pytorch_code_parts.code_variables import code_variables, what_the_code_is, what_the_layer_holds
from scenes.pytorch_code_parts.shape_label import ShapeLabel

COLUMNS = 12  # of tensors whose columns are no tokens
ROW = 1.25  # height of a row with a chip, at least, in em
POINTING, MAKING, LOOKING = 0.4, 0.7, 0.35  # seconds for a line, for its tensor, and for looking at it
IN_FULL = 12  # tensors for which so much time is taken; of more, each has far less


class PyTorchCode(ExplainerScene):
    """The source of the attention layer, line by line, with the tensor that each line made."""

    stage = None

    def construct(self) -> None:
        """Play the storyboard's row for clip 9."""
        self._lay_out()
        self._build()
        self._the_constructor_holds_the_trained_matrices()
        self._the_embeddings_go_in()
        self._each_line_makes_its_tensor()
        self._the_code_rests()

    @beat
    def _the_constructor_holds_the_trained_matrices(self) -> None:
        self.carry_over(self.code)
        self.say("The same in PyTorch: this code computed the film")
        steps = [step for step in self.source.methods["__init__"] if self._shows(step)]
        if steps:
            self.say(what_the_layer_holds(self.trace, len(steps)))
        for step in steps:
            self._make(step.name, step)

    @beat
    def _the_embeddings_go_in(self) -> None:
        signature = self.source.methods["forward"][0]
        self._make("x", signature)

    @beat
    def _each_line_makes_its_tensor(self) -> None:
        for step in self.source.methods["forward"][1:]:
            if self._shows(step) and step.name != self.shown:
                self._make(step.name, step)
            else:
                self.play(*self._point_at(step), run_time=0.4)

    @beat
    def _the_code_rests(self) -> None:
        self.say(what_the_code_is(self.trace))
        self.play(Change(self.code, lit=1, marked=0), run_time=0.5)
        self.rest()

    def _lay_out(self) -> None:
        """Cut the stage into code and tensor, and find how many tokens have room beside the tensor."""
        frame, gap = self.frame, self.frame.text
        if frame.wide:
            self.code_region, side = frame.stage.cut_left(0.68 * frame.stage.width, gap)
        else:
            self.code_region, side = frame.stage.cut_top(0.53 * frame.stage.height, gap * 0.4)
        self.title_region, self.tensor_region = side.cut_top(gap * 2.9, gap * 0.3)
        room, texts = fit(self._rows)
        size = frame.smallest_text
        body = self.tensor_region.middle(self.tensor_region.width, room * len(self.slots))
        chip_size = max(min(frame.small_text, room / TALL, room / texts.letters()), size)
        across = texts.width() * chip_size
        cells = min(body.width - across - gap * 0.4, gap * 1.9 * COLUMNS)
        body = body.middle(across + gap * 0.4 + cells, body.height)
        chips, self.cells = body.cut_left(across, gap * 0.4)
        self.chips = TokenChips(texts, "column", chip_size, self.theme)
        self.chips.points = chips.corners
        self.own_row = self.slots.tolist().index(self.followed)

    def _rows(self, most: int) -> tuple[float, ChipTexts] | None:
        """Return the height of a row of the tensor and what its chips say, if these have room."""
        self.slots = self.shown_tokens(most)
        texts, count = ChipTexts.of(self.trace, self.slots, followed=self.followed), len(self.slots)
        room = min(self.tensor_region.height, self.frame.text * 1.7 * count) / count
        return (room, texts) if room >= max(texts.letters(), ROW) * self.frame.smallest_text else None

    def _build(self) -> None:
        """Read the code, and set it in the largest size at which the whole of its main method is seen."""
        module, _, name = self.trace.computed_by.rpartition(".")
        self.source = read_class(file_of(module), name)
        self.variables = code_variables(self.trace)
        inks = {name: shown.color for name, shown in self.variables.items()}
        main = self.source.extent("forward")

        def whole(size: float) -> bool:
            self.code = CodePanel(self.source.lines, self.code_region, size, self.theme, inks)
            # at most one line goes on in a second row
            return len(self.code.rows_of(main)) <= min(self.code.room, len(main) + 1)

        first_fit(whole, sizes(self.frame.text, self.frame.smallest_text, finer=0.96))
        self.tensor: Tensor | None = None
        self.ring: Ring | None = None
        self.title: list[DrawnMobject] = []
        self.shown = ""
        steps = [step for method in self.source.methods.values() for step in method if self._shows(step)]
        self.pace = min(IN_FULL / len(steps), 1.0) ** 2

    def _tensor(self, name: str) -> Tensor:
        """Return the tensor of a variable, where it will stand."""
        shown, trace = self.variables[name], self.trace
        values = getattr(trace, shown.field)
        field = f"{shown.field}[{self.head}]" if values.ndim == 3 else shown.field
        values = values[self.head] if values.ndim == 3 else values
        of_tokens = not name.startswith("w_")
        if name == "weights":
            values = np.where(trace.mask, values, np.nan)
        if name in ("allowed", "weights"):
            scale = probability_scale(shown.color, self.theme)
        else:
            scale = signed_scale(shown.color, values, self.theme)
        rows = self.slots if of_tokens else visible_slots(len(values), COLUMNS)
        columns = self.slots if shown.square else visible_slots(values.shape[1], COLUMNS)
        tensor = Tensor(
            values.astype(float),
            scale,
            field=field,
            rows=rows,
            columns=columns,
            decimals=0 if name == "allowed" else None,
            smallest=self.frame.smallest_number,
        )
        region = self.cells if of_tokens else self.tensor_region
        pitch = min(region.width / len(columns), self.frame.text * 1.9)
        tensor.printed[:] = 0
        if of_tokens:
            tensor.points = Region(region.left, region.bottom, region.left + pitch * len(columns), region.top).corners
        else:
            cell = min(pitch, region.height / len(rows), self.frame.text)
            tensor.points = region.middle(cell * len(columns), cell * len(rows)).corners
        return tensor

    def _title(self, name: str, note: str) -> list[DrawnMobject]:
        """Return name and symbol, and the shape below: in the comment's words and in numbers."""
        shown, theme, size, small = self.variables[name], self.theme, self.frame.text, self.frame.smallest_text
        above, below = self.title_region.cut_top(size * 1.6)
        values = getattr(self.trace, shown.field)
        first, gap = self._name(name, above.width, values.ndim == 3)
        flow(first, above, gap)
        plain = self.trace.w_output is None and values.ndim == 3  # the code of one head has no dimension for heads
        field, sizes = (f"{shown.field}[0]", values.shape[1:]) if plain else (shown.field, values.shape)
        shape = ShapeLabel(field, sizes, theme.text, small)
        notes = [Label(f"{note} =", theme.quiet, small, MONO)] if note else []
        flow([*notes, shape], below, small * 0.8)
        return [*first, *notes, shape]

    def _name(self, name: str, room: float, by_head: bool) -> tuple[list[DrawnMobject], float]:
        """Return a variable's name and, as far as there is room, its symbol and which head is seen; and their gap."""
        frame, shown = self.frame, self.variables[name]
        ink = self.theme.ink(shown.color)
        head = [Label(f"head {self.head}", self.theme.quiet, frame.small_text)] if self.trace.heads > 1 else []

        def place(size: float, *, symbol: bool, headed: bool) -> tuple[list[DrawnMobject], float] | None:
            parts: list[DrawnMobject] = [Label(name, ink, size, MONO)]
            parts += [Formula(shown.symbol, ink, size * 1.1)] if symbol else []
            parts += head if headed else []
            gap = size * 0.8
            wide = sum(part.width for part in parts) + gap * (len(parts) - 1)
            return (parts, gap) if wide < room else None

        steps = list(sizes(frame.text, frame.smallest_text))
        tries = [(frame.text, True, by_head), *((size, True, False) for size in steps), (steps[-1], False, False)]
        found = first_fit(lambda one: place(one[0], symbol=one[1], headed=one[2]), tries)
        return found or ([Label(name, ink, steps[-1], MONO)], 0.0)

    def _shows(self, step: Statement) -> bool:
        return step.name in self.variables

    def _point_at(self, step: Statement) -> list[Change]:
        """Return what lights a statement, and scrolls to it."""
        lit = np.zeros(len(self.source.lines))
        lit[step.lines.start : step.lines.stop] = 1
        within = next(self.source.extent(method) for method, steps in self.source.methods.items() if step in steps)
        if within.start == self.source.extent("__init__").start:
            within = range(within.stop)
        scroll = self.code.scroll_to(step.lines, within)
        return [Change(self.code, lit=lit, marked=lit, scroll=scroll)]

    def _make(self, name: str, step: Statement) -> None:
        """Let the tensor of a variable appear row by row, in the place of the one before."""
        shown = self.variables[name]
        if shown.caption:
            self.say(shown.caption)
        old = [*self.title, *([self.tensor] if self.tensor else [])]
        self.play(
            *self._point_at(step),
            *(Change(part, opacity=0, remover=True) for part in old),
            run_time=POINTING * self.pace,
        )
        tensor, title = self._tensor(name), self._title(name, step.note)
        tensor.shown[:] = 0
        self.add(tensor, *([self.ring] if self.ring else []))  # the ring above it
        self.play(
            Change(tensor, shown=1, order=row_order(*tensor.shape)),
            *self.appear(title),
            *([] if name.startswith("w_") else self._follow(tensor.region())),
            run_time=MAKING * self.pace,
        )
        self.wait(LOOKING * self.pace)
        self.tensor, self.title, self.shown = tensor, title, name

    def _follow(self, cells: Region) -> list[Change]:
        """Return what puts the ring around the row, in ``cells``, of the token that is followed, and names the rows."""
        pitch = cells.height / len(self.slots)
        row = cells.cut_top(self.own_row * pitch)[1].cut_top(pitch)[0]
        if self.ring:
            return [Change(self.ring, points=row.corners)]
        self.ring = Ring(row, self.theme.text)
        return self.appear([self.chips, self.ring])
