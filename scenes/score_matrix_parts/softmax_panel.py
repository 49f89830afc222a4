"""`SoftmaxPanel`: one row of scores on its way to probabilities, as bars."""

from collections.abc import Sequence

import numpy as np
from manim import Group, Scene
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import strongest_rows
from scenes.content.scaling import logits
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import SCORE, Rgb, Theme
from scenes.mobjects.bars import Bars
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label, Part
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region


class SoftmaxPanel(Group):
    """A title, a bar for each key with its chip, and the sum of the row below.

    Parameters
    ----------
    trace
        Gives the tokens.
    row
        m facts, the scaled scores of one query; None where masked.
    weights
        (m,), what the row will become; where not all bars fit, those of the largest weights are shown.
    region
        Where it stands.
    frame, theme
        Give sizes and colours.
    chip_size
        Of the tokens' text, in em, scene units.
    """

    def __init__(
        self,
        trace: AttentionTrace,
        row: Sequence[Fact | None],
        weights: NDArray[np.floating],
        region: Region,
        frame: Frame,
        theme: Theme,
        chip_size: float,
    ) -> None:
        self.frame, self.theme = frame, theme
        title, foot, gap = frame.text * 3.2, frame.text * 1.4, frame.text * 0.3
        closest = chip_size * TALL * 1.06
        most = int((region.height - title - foot - 2 * gap) / closest)
        self.slots = strongest_rows(weights, np.arange(len(trace.attended)), most)
        region = region.middle(region.width, title + foot + 2 * gap + len(self.slots) * closest * 1.4)
        self.title_region, rest = region.cut_top(title, gap)
        self.sum_region, body = rest.cut_bottom(foot, gap)
        texts = ChipTexts.of(trace.attended, self.slots)
        chips, bars = body.cut_left(texts.width() * chip_size, gap)
        self.chips = TokenChips(texts, "column", chip_size, theme)
        self.chips.points = chips.corners
        self.bars = Bars(self._along(row), SCORE, frame.small_text * 0.95, theme)
        self.bars.points = bars.corners
        self.title = self._title(f"z = {logits(trace, 'q dot k')}")
        self.total: Label | None = None
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[DrawnMobject]:
        """What there is to see at the moment."""
        return [self.title, self.bars, self.chips, *([self.total] if self.total else [])]

    def turn(self, scene: Scene, row: Sequence[Fact | None], color: Rgb, title: str, total: Fact) -> None:
        """Move the bars to another row of m facts under another title, with the sum of all of it below."""
        facts = self._along(row)
        new_title = self._title(title)
        parts: list[Part] = [("sum", self.theme.quiet), (total, self.theme.text)]
        new_total = Label(parts, self.theme.text, self.frame.small_text * 1.1, MONO)
        new_total.move_to((*self.sum_region.center, 0))
        old = [self.title, *([self.total] if self.total else [])]
        scene.play(Change(self.bars, printed=0), *(Change(part, opacity=0) for part in old), run_time=0.3)
        scene.remove(*old)
        self.remove(*old)
        self.bars.take(facts, color)
        zero, lengths = Bars.spread(facts)
        scene.play(Change(self.bars, zero=zero, lengths=lengths), Change(new_title.set_opacity(0), opacity=1))
        scene.play(Change(self.bars, printed=1), Change(new_total.set_opacity(0), opacity=1), run_time=0.4)
        self.title, self.total = new_title, new_total
        self.add(new_title, new_total)

    def _title(self, source: str) -> Formula:
        formula = Formula(source, self.theme.text, self.frame.text * 1.15)
        formula.move_to((*self.title_region.center, 0))
        return formula

    def _along(self, row: Sequence[Fact | None]) -> list[Fact | None]:
        return [row[slot] if slot >= 0 else None for slot in self.slots.tolist()]
