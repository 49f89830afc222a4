"""`CodePanel`: Python source with coloured words, one mobject; more lines than fit scroll."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from pygments import lex
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token, _TokenType

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import ADVANCE, draw_number
from scenes.look.theme import KEY, OUTPUT, SCORE, Hue, Rgb, Theme, mix
from scenes.places.layout import Region

_PITCHES = 1.3, 2.3  # of two rows, in em: the least, and the most where there is room
_MARGIN = 0.7  # inside of the panel on each side, in em
_BESIDE = 0.7  # from a line's end to what may stand beside it, in em
_HANGING = 4  # characters by which the rest of a long line is indented
_DIMMED = 0.75  # opacity of a line that is not lit
_PALE = 0.55  # share of the text's colour in the colours of the language's own words


@dataclass(frozen=True)
class CodeRow:
    """What stands beside each other: a line, or a part of one that is too long, in pieces of one colour each."""

    line: int
    pieces: tuple[tuple[int, str, Rgb], ...]  # first column, text, colour


class CodePanel(DrawnMobject):
    """Lines of Python on a ground of their own; those that are too long go on in the next row, indented.

    Three arrays say how it looks: ``lit`` (lines,) is 1 for plain and 0 for dimmed, ``marked`` (lines,) is the
    opacity of a bar behind the line, and ``scroll`` (1,) is the row at the top. Rows outside of the panel are left out.

    Parameters
    ----------
    lines
        The source.
    region
        Where the panel stands, in scene units.
    size
        Of the letters, in em.
    theme
        Gives the colours of ground and language.
    inks
        Colours of the names that stand for something.
    broken
        Which lines go on in a second row in any case.

    Examples
    --------
    .. code-block:: python

        class Code(DrawingScene):
            def construct(self):
                lines = ["scores = queries @ keys.mT", "weights = scores.softmax(dim=-1)"]
                panel = CodePanel(lines, Region(-5, -1, 5, 1), 0.4, THEMES["dark"], {"scores": SCORE})
                self.play(Change(panel, lit=[0, 1], marked=[0, 1]))
    """

    changing = ("opacity", "lit", "marked", "scroll")

    def __init__(
        self,
        lines: Sequence[str],
        region: Region,
        size: float,
        theme: Theme,
        inks: Mapping[str, Hue],
        broken: Collection[int] = (),
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.size = size
        self.theme = theme
        self.ground = mix(theme.background, theme.surface, 0.45)
        self.inks = {name: self._ink(color) for name, color in inks.items()}
        columns = int((region.width / size - 2 * _MARGIN) / ADVANCE)
        most = [min(columns, len(line) - 1) if index in broken else columns for index, line in enumerate(lines)]
        self.rows = [
            row for index, pieces in enumerate(self._color(lines)) for row in _wrap(index, pieces, most[index])
        ]
        tall = region.height / size - _MARGIN
        self.pitch = float(np.clip(tall / len(self.rows), *_PITCHES))  # in em
        self.room = int(tall / self.pitch + 1e-6)  # rows that are seen at the same time
        self.lit: Array = np.ones(len(lines))
        self.marked: Array = np.zeros(len(lines))
        self.scroll: Array = np.zeros(1)

    def rows_of(self, lines: range) -> range:
        """Return which rows some lines take."""
        rows = [index for index, row in enumerate(self.rows) if row.line in lines]
        return range(rows[0], rows[-1] + 1)

    def scroll_to(self, lines: range, within: range) -> Array:
        """Return ``scroll`` that puts ``lines`` near the middle while no more than ``within`` is seen, if it fits."""
        rows, limits = self.rows_of(lines), self.rows_of(within)
        middle = (rows.start + rows.stop - self.room) / 2
        last = max(limits.stop - self.room, limits.start)
        return np.array([float(np.clip(round(middle), limits.start, last))])

    def region(self, lines: range) -> Region:
        """Return where some lines stand, in scene units."""
        rows = self.rows_of(lines)
        (left, top), pitch = self.points[0, :2], self.pitch * self.size
        y = top - self._above - (rows.start - self.scroll[0]) * pitch
        return Region(float(left), float(y - len(rows) * pitch), float(self.points[1, 0]), float(y))

    def beside(self, lines: range) -> Region:
        """Return what is free at the right of some lines, in the row that leaves most, in scene units."""
        rows = self.rows_of(lines)
        ends = {index: max(column + len(text) for column, text, _ in self.rows[index].pieces) for index in rows}
        row, end = min(ends.items(), key=lambda item: item[1])
        whole, pitch = self.region(lines), self.pitch * self.size
        top = whole.top - (row - rows.start) * pitch
        left = whole.left + (_MARGIN + ADVANCE * end + _BESIDE) * self.size
        return Region(left, top - pitch, whole.right - _MARGIN * self.size, top)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the ground, then the rows that are inside."""
        rounded_rectangle(context, 0, 0, width, height, 0.08, 0.08)
        set_color(context, self.ground, self.opacity[0])
        context.fill()
        pitch = self.pitch * self.size
        for index, row in enumerate(self.rows):
            place = index - self.scroll[0]
            inside = np.clip(2 * min(place + 1, self.room - place) - 1, 0, 1) * self.opacity[0]
            if inside <= 0:
                continue
            top = self._above + place * pitch
            if self.marked[row.line] > 0:
                context.rectangle(0, top, width, pitch)
                set_color(context, self.theme.surface, inside * self.marked[row.line])
                context.fill()
            self._paint_row(context, row, top + pitch / 2, inside * (_DIMMED + (1 - _DIMMED) * self.lit[row.line]))

    @property
    def _above(self) -> float:
        """From the panel's upper edge to the first row, in scene units."""
        rows = min(self.room, len(self.rows))
        return float(self.points[0, 1] - self.points[2, 1] - rows * self.pitch * self.size) / 2

    def _paint_row(self, context: Context, row: CodeRow, y: float, alpha: float) -> None:
        for column, text, color in row.pieces:
            x = (_MARGIN + ADVANCE * (column + len(text) / 2)) * self.size
            draw_number(context, text, x, y, self.size, color, alpha)

    def _color(self, lines: Sequence[str]) -> list[list[tuple[str, Rgb]]]:
        """Return the words of each line with their colours."""
        color_of = cache(self._color_of)
        return [[(text, color_of(kind, text)) for kind, text in line] for line in _words("\n".join(lines))]

    def _color_of(self, kind: _TokenType, text: str) -> Rgb:
        if kind in Name and text in self.inks:
            return self.inks[text]
        pale = {Keyword: KEY, Operator.Word: KEY, String: OUTPUT, Number: SCORE}
        for own, color in pale.items():
            if kind in own:
                return self._ink(mix(self.theme.color(color), self.theme.text, _PALE))
        quiet = kind in Comment or kind in Operator or kind in Token.Punctuation or kind in Name.Builtin.Pseudo
        return self._ink(self.theme.quiet) if quiet else self.theme.text

    def _ink(self, color: Hue | Rgb) -> Rgb:
        """Return a colour that can be read on the bar behind a line, and so on the panel's ground."""
        return replace(self.theme, background=self.theme.surface).ink(color)


@lru_cache(maxsize=8)  # a panel is tried in many sizes
def _words(code: str) -> list[list[tuple[_TokenType, str]]]:
    """Return the words of each line with what they are."""
    lines: list[list[tuple[_TokenType, str]]] = [[]]
    for kind, text in lex(code, PythonLexer(stripnl=False, ensurenl=False)):
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((kind, part))
    return lines


def _wrap(line: int, pieces: Sequence[tuple[str, Rgb]], columns: int) -> list[CodeRow]:
    """Return a line's rows of at most ``columns`` characters."""
    text = "".join(part for part, _ in pieces)
    colors = [color for part, color in pieces for _ in part]
    indent = len(text) - len(text.lstrip())
    rows: list[CodeRow] = []
    start = shift = indent
    while not rows or start < len(text):
        end = _break(text, start, start + max(columns - shift, 8))
        rows.append(CodeRow(line, tuple(_pieces(text, colors, start, end, shift - start))))
        start, shift = end + len(text[end:]) - len(text[end:].lstrip()), min(indent + _HANGING, columns // 2)
    return rows


def _break(text: str, start: int, limit: int) -> int:
    """Return where a row from ``start`` ends: at a comma or a bracket, or else after a space, or at the limit."""
    if limit >= len(text):
        return len(text)
    ends = range((start + limit) // 2, limit + 1)
    opened = [end for end in ends if text[end - 1] == "(" and text[end] != ")"]
    closed = [end for end in ends if text[end - 2 : end] in (", ", ") ")]
    return max(opened + closed or [end for end in range(start + 1, limit + 1) if text[end - 1] in " (["] or [limit])


def _pieces(text: str, colors: list[Rgb], start: int, end: int, shift: int) -> list[tuple[int, str, Rgb]]:
    """Return a stretch of text as pieces of one colour, moved by ``shift`` columns; spaces are left out."""
    pieces: list[tuple[int, str, Rgb]] = []
    for index in range(start, end):
        if text[index] == " ":
            continue
        column, before = index + shift, pieces[-1] if pieces else None
        if before and before[0] + len(before[1]) == column and before[2] == colors[index]:
            pieces[-1] = (before[0], before[1] + text[index], before[2])
        else:
            pieces.append((column, text[index], colors[index]))
    return pieces
