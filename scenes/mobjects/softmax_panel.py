"""`SoftmaxPanel`: one row of scores on its way to probabilities, as bars."""

import numpy as np
from manim import Group, Scene
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.cairo_context import Rgb
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import Array, DrawnMobject
from scenes.fonts import MONO
from scenes.layout import Frame, Region, visible_slots
from scenes.mobjects.bars import Bars
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import print_number
from scenes.mobjects.token_chips import TALL, ChipTexts, TokenChips
from scenes.theme import SCORE, Theme


class SoftmaxPanel(Group):
    """A title, a bar for each key with its chip, and the sum of the row below.

    Parameters
    ----------
    trace
        Gives the tokens.
    row
        (n,), the scaled scores of one query; NaN where masked.
    region
        Where it stands; as many bars as fit, the others behind an ellipsis.
    frame, theme
        Give sizes and colours.
    chip_size
        Of the tokens' text, in em, scene units.
    """

    def __init__(
        self,
        trace: AttentionTrace,
        row: NDArray[np.floating],
        region: Region,
        frame: Frame,
        theme: Theme,
        chip_size: float,
    ) -> None:
        self.frame, self.theme = frame, theme
        title, foot, gap = frame.text * 3.2, frame.text * 1.4, frame.text * 0.3
        closest = chip_size * TALL * 1.06
        self.slots = visible_slots(len(trace), int((region.height - title - foot - 2 * gap) / closest))
        region = region.middle(region.width, title + foot + 2 * gap + len(self.slots) * closest * 1.4)
        self.title_region, rest = region.cut_top(title, gap)
        self.sum_region, body = rest.cut_bottom(foot, gap)
        texts = ChipTexts.of(trace, self.slots)
        chips, bars = body.cut_left(texts.width() * chip_size, gap)
        self.chips = TokenChips(texts, "column", chip_size, theme)
        self.chips.points = chips.corners
        self.bars = Bars(self._along(row), SCORE, frame.small_text * 0.95, theme)
        self.bars.points = bars.corners
        self.title = self._title("z = (q dot k) / sqrt(d_k)")
        self.total: Label | None = None
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """What there is to see at the moment."""
        return [self.title, self.bars, self.chips, *([self.total] if self.total else [])]

    def turn(self, scene: Scene, row: NDArray[np.floating], color: Rgb, title: str) -> None:
        """Move the bars to another row of values (n,) under another title, with the sum of all of it below."""
        values = self._along(row)
        new_title = self._title(title)
        total = Label(
            f"sum  {print_number(float(np.nansum(row)), 2)}", self.theme.text, self.frame.small_text * 1.1, MONO
        )
        total.move_to((*self.sum_region.center, 0))
        old = [self.title, *([self.total] if self.total else [])]
        scene.play(Change(self.bars, printed=0), *(Change(part, opacity=0) for part in old), run_time=0.3)
        scene.remove(*old)
        self.remove(*old)
        self.bars.take(values, color)
        zero, lengths = Bars.spread(values)
        scene.play(Change(self.bars, zero=zero, lengths=lengths), Change(new_title.set_opacity(0), opacity=1))
        scene.play(Change(self.bars, printed=1), Change(total.set_opacity(0), opacity=1), run_time=0.4)
        self.title, self.total = new_title, total
        self.add(new_title, total)

    def _title(self, source: str) -> Formula:
        formula = Formula(source, self.theme.text, self.frame.text * 1.15)
        formula.move_to((*self.title_region.center, 0))
        return formula

    def _along(self, row: NDArray[np.floating]) -> Array:
        return np.where(self.slots >= 0, row[self.slots], np.nan)
