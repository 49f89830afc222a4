"""`RowPanel`: one row of scores on its way to probabilities, as bars with names."""

from collections.abc import Sequence

import numpy as np
from manim import Group, Scene
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import others_in_words
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.look.theme import Hue, Theme
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import LINE, Label, Part
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import BLANK, ChipTexts
from scenes.places.layout import Frame, Region
from scenes.score_matrix_parts.bars import Bars

_CLOSEST, _CLOSEST_TALL = 1.38, 1.25  # how close chips stand under each other, in em of their text
_LOOSEST = 2.0  # how many times as far apart they stand at most

# A number for each key and for all that have no bar of their own, their colour, formulas, and what is said.
State = tuple[Sequence[Fact | None], Hue, list[str], list[Part]]


class RowPanel(Group):
    """Formulas, under them a bar for each key with its chip, a last one for all others, and a line at the foot.

    Parameters
    ----------
    trace, followed
        Give the tokens; the one that is followed has its ring.
    state
        What is seen at first: facts (None where masked), the bars' colour, formulas, and parts of the foot.
    slots
        The keys that have a bar, a last -1 for all others; no more than :func:`bars_in` has room for.
    region
        Where it stands.
    frame, theme
        Give sizes and colours.
    chip_size
        Of the tokens' text, in em, scene units.

    Examples
    --------
    .. code-block:: python

        class Row(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                states, keys = RowStates(traced, 0, 1, theme), np.arange(len(traced))
                panel = RowPanel(traced, 1, states.scaled, keys, Region(-2, -3, 2, 3), frame, theme, 0.3)
                self.add(*panel.parts)
                panel.turn(self, states.weights)
    """

    def __init__(
        self,
        trace: AttentionTrace,
        followed: int,
        state: State,
        slots: NDArray[np.int64],
        region: Region,
        frame: Frame,
        theme: Theme,
        chip_size: float,
    ) -> None:
        self.frame, self.theme, self.slots, self._keys = frame, theme, slots, len(trace.attended)
        title, foot, gap = _around(frame)
        bars_height = len(slots) * _closest(frame, chip_size) * _LOOSEST
        used = region.middle(region.width, title + foot + 2 * gap + bars_height)
        self.title_region, rest = used.cut_top(title, gap)
        self.foot_region, body = rest.cut_bottom(foot, gap)
        own = followed if trace.source is None else None
        named = np.where(slots >= 0, slots, BLANK)
        texts = ChipTexts.of(trace.attended, named, 9.0 if frame.wide else 5.0, own)
        others = Label(others_in_words(len(self.hidden)), theme.quiet, chip_size)
        self.others = [others] if self.hidden else []
        chips, bars = body.cut_left(max([texts.width() * chip_size, *(other.width for other in self.others)]), gap)
        others.move_to((chips.right - others.width / 2, body.bottom + body.height / len(slots) / 2, 0))
        self.chips = TokenChips(texts, "column", chip_size, theme)
        self.chips.points = chips.corners
        facts, color, formulas, words = state
        self.bars = Bars(self._along(facts), color, frame.small_text, theme, gaps_before(slots))
        self.bars.points = bars.corners
        self.title, self.total = self._title(formulas), self._foot(words)
        super().__init__(*self.parts)

    @property
    def hidden(self) -> list[int]:
        """The keys that have no bar of their own."""
        return sorted(set(range(self._keys)) - set(self.slots.tolist()))

    @property
    def parts(self) -> list[DrawnMobject]:
        """What there is to see at the moment."""
        return [*self.title, self.bars, *self.names, self.total]

    @property
    def names(self) -> list[DrawnMobject]:
        """What names the bars."""
        return [self.chips, *self.others]

    def grow(self) -> Change:
        """Return the animation in which bar after bar grows from nothing; its numbers are not seen."""
        lengths = self.bars.lengths.copy()
        self.bars.lengths, self.bars.printed = np.zeros_like(lengths), np.zeros(1)
        order: Array = np.linspace(0, 1, len(lengths))
        return Change(self.bars, lengths=lengths, order=order)

    def widen(self, region: Region) -> list[Change]:
        """Return the animations in which names go to the left edge of a wider ``region``, and bars become longer."""
        wider = region.width - self.title_region.width
        self.title_region, self.foot_region = (
            Region(region.left, part.bottom, region.right, part.top) for part in (self.title_region, self.foot_region)
        )
        longer = self.bars.points - np.array([[wider, 0, 0], [0, 0, 0], [wider, 0, 0]])
        names = [Change(part, points=part.points - np.array([wider, 0, 0])) for part in self.names]
        return [Change(self.bars, points=longer), *names]

    def turn(self, scene: Scene, state: State, *more: Change) -> None:
        """Move the bars to another state, while ``more`` happens; numbers are seen when they have arrived."""
        facts, color, formulas, words = state
        row = self._along(facts)
        old, self.title, self.total = [*self.title, self.total], self._title(formulas), self._foot(words)
        scene.play(Change(self.bars, printed=0), *(Change(part, opacity=0, remover=True) for part in old), run_time=0.3)
        self.bars.take(row, color)
        zero, lengths = Bars.spread(row)
        titles = [Change(part.set_opacity(0), opacity=1) for part in self.title]
        beside = Bars.room_beside(row)
        scene.play(Change(self.bars, zero=zero, lengths=lengths, beside=beside), *titles, *more, run_time=1.2)
        scene.play(Change(self.bars, printed=1), Change(self.total.set_opacity(0), opacity=1), run_time=0.3)

    def _title(self, formulas: list[str]) -> list[Formula]:
        sizes = [1.15 if index == 0 else 0.95 for index in range(len(formulas))]
        made = [
            Formula(source, self.theme.text, self.frame.text * size)
            for source, size in zip(formulas, sizes, strict=True)
        ]
        for formula in made:
            formula.scale(min(1.0, self.title_region.width / formula.width))
        flow(made, self.title_region, self.frame.text * 0.5)
        return made

    def _foot(self, words: list[Part]) -> Label:
        sizes = self.frame.small_text, self.frame.smallest_text
        tried = [Label(said, self.theme.text, size) for said in (words, words[1:]) for size in sizes]
        label = next((one for one in tried if one.width <= self.foot_region.width), tried[-1])
        label.move_to((*self.foot_region.center, 0))
        return label

    def _along(self, row: Sequence[Fact | None]) -> list[Fact | None]:
        return [row[slot] for slot in self.slots.tolist()]


def bars_in(region: Region, frame: Frame, chip_size: float) -> int:
    """Return for how many bars a panel has room in ``region``."""
    title, foot, gap = _around(frame)
    return max(int((region.height - title - foot - 2 * gap) / _closest(frame, chip_size)), 1)


def gaps_before(slots: NDArray[np.int64]) -> list[int]:
    """Return the bars before which keys are left out, those of others at the end not counted.

    >>> gaps_before(np.array([0, 1, 4, 5, -1])), gaps_before(np.array([1, 2]))
    ([2], [0])
    """
    before = [-1, *slots.tolist()]
    return [index for index, slot in enumerate(slots.tolist()) if slot > before[index] + 1]


def _around(frame: Frame) -> tuple[float, float, float]:
    """Return the heights of the formulas, of the foot, and of the gaps between them and the bars."""
    return frame.text * (2.8 if frame.tall else 4.6), frame.text * LINE, frame.text * 0.3


def _closest(frame: Frame, chip_size: float) -> float:
    return chip_size * (_CLOSEST_TALL if frame.tall else _CLOSEST)
