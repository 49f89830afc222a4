"""`ReflowingText`: a text that goes from long lines to the short ones of a column, word by word, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import shorten
from scenes.places.fitting import sizes
from scenes.places.layout import Region
from scenes.tokenization_parts.splitting_text import PITCH, SplittingText
from scenes.tokenization_parts.text_lines import TextLine, break_evenly, centred, stretch

_PARTED, _ALONG = 0.6, 0.5  # when the lines have parted, and when words begin to move along them
_SOON = 4.0  # how much sooner than the whole a word has vanished


@dataclass(frozen=True)
class TextColumn:
    """A text in short lines, ``size`` scene units to an em; ``more`` says whether it goes on after the last of them."""

    lines: tuple[TextLine, ...]
    size: float
    more: bool

    @property
    def width(self) -> float:
        """Of the widest line, in scene units."""
        return max(outline(line.text).width for line in self.lines) * self.size


def break_into_column(
    trace: AttentionTrace, text: SplittingText, room: Region, largest: float, smallest: float
) -> TextColumn:
    """Return the largest column that fits into ``room`` and goes on in a new line wherever the ``text`` does."""

    def column(size: float) -> tuple[TextLine, ...]:
        return tuple(short for line in text.lines for short in break_evenly(trace, line.tokens, room.width / size))

    for size in sizes(min(largest, text.size), smallest, finer=0.93):
        lines = column(size)
        if len(lines) * PITCH * size <= room.height:
            return TextColumn(lines, size, more=False)
    most = max(int(room.height / (PITCH * size)), 1)
    return TextColumn(lines[:most], size, more=len(lines) > most)


class ReflowingText(DrawnMobject):
    """The words of a text on their way from its lines to those of a column.

    The lines shrink toward the column and part, until each short line has a height of its own; then the words move
    along it. So none passes through another. ``narrow`` (1,) says how far they are, 0 to 1. Words for which the column
    has no room vanish.

    Parameters
    ----------
    trace
        The sentence and its tokens.
    text
        As it stands in long lines.
    column
        Its short lines.
    room
        In the middle of which they stand, in scene units.

    Examples
    --------
    .. code-block:: python

        class Narrower(DrawingScene):
            def construct(self):
                traced, room = trace("The cat sat."), Region(-6, -3, -4, 3)
                text = SplittingText(traced, traced.labels, Region(-6, -3, 6, 3), 1, 0.2, (1, 1, 1), [])
                column = break_into_column(traced, text, room, 0.4, 0.2)
                self.play(Change(ReflowingText(traced, text, column, room), narrow=1))
    """

    changing = ("opacity", "narrow")

    def __init__(self, trace: AttentionTrace, text: SplittingText, column: TextColumn, room: Region) -> None:
        super().__init__(*text.natural)
        self.natural = text.natural
        self.points = text.points.copy()
        self.ink = text.ink
        self.narrow: Array = np.zeros(1)
        begins = centred(column.lines, room.width, room.height, column.size, PITCH)
        begins += [room.left - self.points[0, 0], self.points[0, 1] - room.top]
        rows = list(zip(column.lines, begins.tolist(), strict=True))
        edge, shrunk = float(begins[:, 0].min()), column.size / text.size
        self.words: list[_Word] = []
        for line, (x, y) in zip(text.lines, text.starts.tolist(), strict=True):
            for tokens in _words(trace, line.tokens, column.lines):
                far = _left(trace, line, tokens) * text.size
                word = shorten(stretch(trace, tokens), room.width / column.size)
                start, parted = (x + far, y, text.size), (edge + far * shrunk, y, column.size)
                end, kept = parted, False
                for short, (left, down) in rows:
                    if tokens.start in short.tokens:
                        parted = parted[0], down, column.size
                        end, kept = (left + _left(trace, short, tokens) * column.size, down, column.size), True
                self.words.append(_Word(word, np.array([start, parted, end]), kept))
        if column.more:
            line, (left, down) = rows[-1]
            end = left + outline(line.text).width * column.size, down, column.size
            self.words.append(_Word("…", np.array([end, end, end]), kept=True, new=True))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw each word where it is."""
        context.scale(width / self.natural[0], height / self.natural[1])
        for word in self.words:
            x, y, size = word.state_at(float(self.narrow[0]))
            context.save()
            context.translate(x, y)
            context.scale(size, size)
            outline(word.text).draw(context, self.ink, self.opacity[0] * word.seen_at(float(self.narrow[0])))
            context.restore()


@dataclass(frozen=True)
class _Word:
    """A word, or its part in one line.

    ``states`` (3, 3) are left edge, baseline and size while the lines are long, once they have parted, and in the
    column; ``kept`` is whether it has room there, ``new`` whether it is only there.
    """

    text: str
    states: Array
    kept: bool
    new: bool = False

    def state_at(self, narrow: float) -> list[float]:
        start, parted, end = self.states
        down, along = min(narrow / _PARTED, 1.0), max(narrow - _ALONG, 0.0) / (1 - _ALONG)
        now: list[float] = (start + down * (parted - start) + along * along * (end - parted)).tolist()
        return now

    def seen_at(self, narrow: float) -> float:
        if self.new:
            return max(_SOON * narrow - _SOON + 1, 0.0)
        return 1.0 if self.kept else max(1 - _SOON * narrow, 0.0)


def _words(trace: AttentionTrace, line: range, column: tuple[TextLine, ...]) -> Iterator[range]:
    """Yield the words of a line, those apart that the column breaks."""
    begins = {short.tokens.start for short in column}
    start = line.start
    for token in range(line.start + 1, line.stop + 1):
        if token == line.stop or token in begins or trace.spans[token, 0] > trace.spans[token - 1, 1]:
            yield range(start, token)
            start = token


def _left(trace: AttentionTrace, line: TextLine, tokens: range) -> float:
    """Return where the ink of some tokens of a line begins, in em from its left edge; added tokens have none."""
    written = [token for token in tokens if not trace.special[token]]
    return min((line.lefts[token - line.tokens.start] for token in written), default=0.0)
