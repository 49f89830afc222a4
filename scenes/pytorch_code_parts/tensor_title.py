"""What stands over a tensor that a line of the code made: its name, its shape, and what its cells are."""

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import Theme
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.places.arrange import flow
from scenes.places.fitting import first_fit, sizes
from scenes.places.layout import Frame, Region
from scenes.pytorch_code_parts.code_variables import Shown
from scenes.pytorch_code_parts.shape_label import ShapeLabel, shape_in_words
from scenes.words import _


class TensorTitle:
    """Makes the titles of tensors.

    Parameters
    ----------
    trace
        Has the tensors.
    head
        Which head is seen.
    regions
        Where name, shape and more stand.
    frame, theme
        Give sizes and colours.
    """

    def __init__(
        self, trace: AttentionTrace, head: int, regions: tuple[Region, Region, Region], frame: Frame, theme: Theme
    ) -> None:
        self.trace, self.head, self.regions, self.frame, self.theme = trace, head, regions, frame, theme

    def of(self, name: str, shown: Shown, note: str, *, beside: bool) -> list[DrawnMobject]:
        """Return name and symbol, the shape in the comment's words and in numbers, and what is said of the cells.

        ``beside`` its line the formula stands already; otherwise it stands here.
        """
        frame, theme = self.frame, self.theme
        values = getattr(self.trace, shown.field)
        plain = self.trace.w_output is None and values.ndim == 3  # the code of one head has no dimension for heads
        field, counts = (f"{shown.field}[0]", values.shape[1:]) if plain else (shown.field, values.shape)
        above, middle, below = self.regions
        first, gap = self._name(name, shown, above.width, by_head=values.ndim == 3, beside=beside)
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
        """Return what rows and columns are; of scores and weights, the number that the strongest cell holds."""
        quiet, text, size = self.theme.quiet, self.theme.text, self.frame.small_text
        if values.dtype == bool:
            return []
        if not shown.square:
            return [Label(_("tokens × numbers") if values.ndim == 2 or len(values) == 1 else "", quiet, size)]
        field = f"{shown.field}[{self.head}]"
        strongest = Fact(f"abs({field}).max()", float(np.abs(values[self.head]).max()))
        return [Label([(_("strongest cell:"), quiet), (strongest, text)], text, size)]

    def _name(
        self, name: str, shown: Shown, room: float, *, by_head: bool, beside: bool
    ) -> tuple[list[DrawnMobject], float]:
        """Return a variable's name and, as far as there is room, its symbol and which head is seen; and their gap."""
        frame = self.frame
        ink = self.theme.ink(shown.color)
        head = (
            [Label(_("head {head}", head=self.head), self.theme.quiet, frame.small_text)]
            if self.trace.heads > 1
            else []
        )

        def place(size: float, *, symbol: bool, headed: bool) -> tuple[list[DrawnMobject], float] | None:
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
