"""`QueryMeetsKey`: one query times one key, written out where their scores will stand."""

from collections.abc import Callable

import numpy as np
from manim import LEFT, RIGHT, Group, Scene

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.drawing.arrays import Array
from scenes.drawing.change import Change
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE
from scenes.look.fonts import MONO
from scenes.look.theme import KEY, QUERY, SCORE, Hue, Theme, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import LINE, Label, Part
from scenes.mobjects.tensor import Tensor, same_size
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import flow
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import sizes
from scenes.places.layout import Frame, Region
from scenes.score_matrix_parts.written_score import LONGEST, WrittenScore
from scenes.words import _, ngettext

_CELL = 5.0, 3.2  # largest width and height of a cell, in em of the captions
_UNDER = 0.7  # share of a cell's width that the term under it may take
_NUMBER = 1.3 * LONGEST * ADVANCE  # width of a cell that can be read, in em of its number
_FULL, _FULL_TIME, _FAST_TIME = 3, 0.5, 0.2  # terms that are written at full length, seconds for each, and for others
_SCORE = 1.4  # how much larger the score is than what it is the sum of
_DIMMED = 0.4  # how far numbers are lit that are not yet multiplied


class QueryMeetsKey(Group):
    """A row of Q over a column of K, the products of their numbers, and the score that these add up to.

    Parameters
    ----------
    trace, head, written
        Give the numbers.
    region
        Where it is written.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Score(DrawingScene):
            def construct(self):
                traced, frame, theme = trace("The cat sat."), Frame("16:9"), THEMES["dark"]
                written = WrittenScore(traced, 0, 1, 2, np.array([0, 1, 2, -1]), 2)
                meeting = QueryMeetsKey(traced, 0, written, Region(-3, -2, 3, 2), frame, theme)
                meeting.set_out(Region(-6, 0, -5, 0.3), Region(-5, 2, -4, 3))
                meeting.lie_down(self)
                meeting.add_up(self)
    """

    def __init__(
        self, trace: AttentionTrace, head: int, written: WrittenScore, region: Region, frame: Frame, theme: Theme
    ) -> None:
        self.written, self.frame, self.theme = written, frame, theme
        self.query = self._strip(trace.queries[head], QUERY, f"queries[{head}]", written.query)
        self.key = self._strip(trace.keys[head], KEY, f"keys[{head}]", written.key)
        same_size(self.strips)
        text, cells = frame.text, len(written.columns)
        title, (terms, total) = 1.5 * text, (size * text for size in ((1.8, 2.2) if frame.wide else (1.4, 2.8)))
        width = min(region.width, _CELL[0] * text * cells)
        height = min(_CELL[1] * text, (region.height - 2 * title - terms - total) / 2)
        rest, lines = region.middle(region.width, 2 * (title + height) + terms + total), []
        for high in (title, height, title, height, terms, total):
            line, rest = rest.cut_top(high)
            lines.append(line.middle(width, high))
        self.ends, total_region = (lines[1].corners, lines[3].corners), lines[5]
        self.titles = [
            *self._title(ChipTexts.of(trace, np.array([written.query]), 6.0, written.query), "q", QUERY, lines[0]),
            *self._title(ChipTexts.of(trace.attended, np.array([written.key]), 6.0), "k", KEY, lines[2]),
        ]
        self.terms = self._terms(lines[4])
        self.total = self._total(Region(region.left, total_region.bottom, region.right, total_region.top))
        super().__init__(*self.strips, *self.written_parts)

    @property
    def strips(self) -> list[Tensor]:
        """The query and the key."""
        return [self.query, self.key]

    @property
    def written_parts(self) -> list[DrawnMobject]:
        """All that is written around them."""
        return [*self.titles, *(label for term in self.terms for label in term), *self.total]

    def set_out(self, row: Region, column: Region) -> None:
        """Put the query onto its row of Q, and the key onto its column of K."""
        self.query.points, self.key.points = row.corners, column.corners
        for strip in self.strips:
            strip.printed[:] = 0
            strip.shown[strip.left_out] = 0

    def lie_down(self, scene: Scene) -> None:
        """Let query and key go to under each other, and their numbers and names appear."""
        ways = [_down_first(strip.points.copy(), end) for strip, end in zip(self.strips, self.ends, strict=True)]
        scene.play(*(Change(strip, points=way) for strip, way in zip(self.strips, ways, strict=True)), run_time=0.7)
        scene.play(*(Change(strip, printed=1, shown=1) for strip in self.strips), *_appear(self.titles), run_time=0.3)

    def add_up(self, scene: Scene) -> None:
        """Write one product after another under its pair, then what they add up to."""
        waiting = np.flatnonzero(self.written.columns >= 0).tolist()
        for index, term in enumerate(self.terms):
            lit = np.ones(len(self.written.columns))
            lit[waiting[index + 1 :]] = _DIMMED
            light = [Change(strip, lit=lit[None]) for strip in self.strips]
            scene.play(*_appear(term), *light, run_time=_FULL_TIME if index < _FULL else _FAST_TIME)
        *before, equals, result = self.total
        for parts in (*([part] for part in before), [equals, result]):
            scene.play(*_appear(parts), run_time=0.4)

    def gone(self) -> list[Change]:
        """Return the animations in which all but the score vanishes."""
        parts = (*self.strips, *self.written_parts)
        return [Change(part, opacity=0, remover=True) for part in parts if part is not self.result]

    @property
    def result(self) -> Label:
        """The score."""
        return self.total[-1]

    def fly(self, cell: Region, matrix: Region) -> Change:
        """Return the flight of the score to its ``cell``, as small as can be read, within the ``matrix``."""
        landed = self.result.copy()
        landed.scale(LINE * self.frame.smallest_number / landed.height)
        free = matrix.middle(max(matrix.width - landed.width, 0), max(matrix.height - landed.height, 0))
        x, y = np.clip(cell.center, (free.left, free.bottom), (free.right, free.top))
        return Change(self.result, points=landed.move_to((x, y, 0)).points)

    def _strip(self, values: Floats, color: Hue, field: str, line: int) -> Tensor:
        columns = self.written.columns
        scale = signed_scale(color, values[line, columns[columns >= 0]], self.theme)
        rows, smallest = np.array([line]), self.frame.smallest_number
        decimals = self.written.decimals
        return Tensor(values, scale, field=field, rows=rows, columns=columns, decimals=decimals, smallest=smallest)

    def _title(self, texts: ChipTexts, symbol: str, color: Hue, region: Region) -> list[DrawnMobject]:
        """Return the token's chip and the symbol of its vector, over its strip."""
        size = self.frame.text
        chip = TokenChips(texts, "row", size, self.theme).place(0, 0, texts.width() * size, TALL * size)
        name = Formula(symbol, self.theme.ink(color), size * 1.3)
        chip.move_to((region.left + chip.width / 2, region.center[1], 0))
        name.move_to((region.left + chip.width + size * 0.5 + name.width / 2, region.center[1], 0))
        return [chip, name]

    def _terms(self, region: Region) -> list[list[Label]]:
        """Return the products, each under its pair, with the signs before them."""
        theme, places = self.theme, np.flatnonzero(self.written.columns >= 0).tolist()
        first, *others = self.written.terms
        signed = [_signed(term) for term in others]
        facts, cell = [first, *(fact for _, fact in signed)], region.width / len(self.written.columns)
        widest = max(self._label([(fact, theme.text)], 1.0).width for fact in facts)
        size = min(self.frame.text * 1.2, _UNDER * cell / widest)
        signs = [None, *(sign for sign, _ in signed)]
        made = []
        for at, fact, sign in zip(places, facts, signs, strict=True):
            term = [(float(at), self._label([(sign, theme.quiet)], size))] if sign else []
            term.append((at + 0.5, self._label([(fact, theme.text)], size)))
            for place, label in term:
                label.move_to((region.left + place * cell, region.center[1], 0))
            made.append([label for _, label in term])
        return made

    def _total(self, region: Region) -> list[Label]:
        """Return the sum, what the other terms add to it, and the score, as large as there is room."""
        for size in sizes(self.frame.text, self.frame.smallest_text):
            made = self._added_up(size)
            flow(made, region, size * 0.4)
            if Group(*made).height <= region.height:
                break
        *before, ends = made
        equals, result = (self._label([part], size * _SCORE) for part in ends.parts)
        equals.move_to(ends.get_left(), aligned_edge=LEFT)
        result.move_to(ends.get_right(), aligned_edge=RIGHT)
        return [*before, equals, result]

    def _added_up(self, size: float) -> list[Label]:
        """Return the same in letters of that ``size``."""
        written, theme = self.written, self.theme
        sign, rest = _signed(written.rest)
        parts: list[list[Part]] = [[(_("sum"), theme.quiet), (written.sum, theme.text)]]
        if written.hidden:
            # Translators: after a number that is added: the sum of so many more terms
            more = ngettext("in {number} more", "in {number} more", written.hidden, number=written.hidden)
            parts.append([(sign, theme.quiet), (rest, theme.text), (more, theme.quiet)])
        made = [self._label(part, size) for part in parts]
        return [*made, self._label([("=", theme.quiet), (written.result, theme.ink(SCORE))], size * _SCORE)]

    def _label(self, parts: list[Part], size: float) -> Label:
        return Label(parts, self.theme.text, size, MONO)


def most_numbers(region: Region, frame: Frame) -> int:
    """Return how many numbers can be read beside each other in ``region``."""
    return int(region.width / (_NUMBER * frame.smallest_number))


def _signed(fact: Fact) -> tuple[str, Fact]:
    """Return the sign before what is added, and its magnitude."""
    if fact.printed >= 0:
        return "+", fact
    return "−", Fact(f"-({fact.source})", -fact.value, fact.decimals)


def _appear(parts: list[DrawnMobject] | list[Label]) -> list[Change]:
    return [Change(part.set_opacity(0), opacity=1) for part in parts]


def _down_first(start: Array, end: Array) -> Callable[[float], Array]:
    """Return the way of a strip that goes down before it grows to the sides: it meets no chip."""

    def points(share: float) -> Array:
        across, down = share**2, 1 - (1 - share) ** 2
        return start + np.array([across, down, 0]) * (end - start)

    return points
