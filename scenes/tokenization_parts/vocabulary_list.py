"""`VocabularyList`: the vocabulary as a list, of which only the sentence's own entries are written out.

A piece that continues a word begins with a hyphen, whatever mark its vocabulary has for that.
"""

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, draw_number, outline
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import Theme
from scenes.places.layout import Region, visible_slots

_ROW = 1.35  # height of an entry, in em
_REST = 0.7  # height of the dots that stand for entries left out, in em
_GAP = 0.9  # between an id and its piece, in em
_MARGIN = 0.5  # at the left and right of an entry, in em
_BETWEEN = 0.8  # two columns, in em
_LONGEST = 8.0  # beyond it a piece is cut, in em
_MOST_COLUMNS = 3


class VocabularyList(DrawnMobject):
    """Ids and pieces as the vocabulary has them, in its order, with dots for all the entries in between.

    ``lit`` (entries,) says which are talked about.

    Parameters
    ----------
    trace
        Its tokens are the entries.
    region
        What it may take, in scene units; it is centred there, in as many columns as give it the largest letters.
    largest, smallest
        Bounds of the size of its text, in em; as many entries as fit are written out.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Vocabulary(DrawingScene):
            def construct(self):
                self.add(VocabularyList(trace("The cat sat."), Region(-2, -3, 2, 3), 0.3, 0.2, THEMES["dark"]))
    """

    changing = ("opacity", "lit")

    def __init__(self, trace: AttentionTrace, region: Region, largest: float, smallest: float, theme: Theme) -> None:
        self.theme = theme
        self.token_ids = trace.token_ids.tolist()
        read = zip(trace.readings, trace.continues.tolist(), strict=True)
        self.pieces = [shorten(f"-{reading}" if attached else reading, _LONGEST) for reading, attached in read]
        self.known = {own: Fact(f"token_ids[{self.token_ids.index(own)}]", float(own), 0) for own in self.token_ids}
        self.digits = max(len(fact.text) for fact in self.known.values())
        self.entry_width = 2 * _MARGIN + ADVANCE * self.digits + _GAP + max(outline(p).width for p in self.pieces)
        ids = sorted(self.known)
        self.size, columns, rows = self._fit(len(ids), region, largest, smallest)
        slots = visible_slots(len(ids), columns * rows)
        self.entries = [ids[slot] if slot >= 0 else None for slot in slots.tolist()]
        self.rows = -(-len(slots) // columns)
        width = self.entry_width + (columns - 1) * (self.entry_width + _BETWEEN)
        height = self.rows * (_ROW + _REST) + _REST
        super().__init__(width * self.size, height * self.size)
        self.points = region.middle(width * self.size, height * self.size).corners
        self.lit: Array = np.ones(len(self.entries))

    def _fit(self, count: int, region: Region, largest: float, smallest: float) -> tuple[float, int, int]:
        """Return the size of the text, and how many columns and rows there are at that size."""
        best = (0.0, 1, 1)
        for columns in range(1, _MOST_COLUMNS + 1):
            across = region.width / (columns * (self.entry_width + _BETWEEN) - _BETWEEN)
            down = region.height / (-(-count // columns) * (_ROW + _REST) + _REST)
            size = min(across, max(down, smallest), largest)
            rows = int((region.height / size - _REST) / (_ROW + _REST) + 1e-6)
            if (columns == 1 or size >= smallest) and (min(columns * rows, count), size) > (
                min(best[1] * best[2], count),
                best[0],
            ):
                best = size, columns, max(rows, 3 if columns == 1 else 1)
        return best

    def at(self, tokens: list[int]) -> Array:
        """Return ``lit`` for talking about some of the sentence's tokens."""
        wanted = {self.token_ids[token] for token in tokens}
        return np.array([float(entry in wanted) for entry in self.entries])

    def id_place(self, token: int) -> tuple[float, float]:
        """Return where the id of a token stands (its middle) in scene units; the dots where it is left out."""
        own = self.token_ids[token]
        index = self.entries.index(own if own in self.entries else None)
        left, middle = self._place(index)
        right = left + _MARGIN + ADVANCE * (self.digits - len(self.known[own].text) / 2)
        return float(self.points[0, 0] + right * self.size), float(self.points[0, 1] - middle * self.size)

    def facts(self) -> list[Fact]:
        """Return the ids that are written out."""
        return [self.known[entry] for entry in self.entries if entry is not None]

    def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
        """Draw the entries and, between those that are not neighbours, dots."""
        context.scale(self.size, self.size)
        for index, entry in enumerate(self.entries):
            left, middle = self._place(index)
            if entry is None:
                self._dots(context, left, middle)
                continue
            self._paint_entry(context, entry, left, middle, self.opacity[0] * (0.35 + 0.65 * self.lit[index]))
            before = self.entries[index - 1] if index else -1
            if before is not None and entry - before > 1:
                self._dots(context, left, middle - (_ROW + _REST) / 2)
        left, middle = self._place(len(self.entries) - 1)
        self._dots(context, left, middle + (_ROW + _REST) / 2)

    def _paint_entry(self, context: Context, entry: int, left: float, middle: float, alpha: float) -> None:
        rounded_rectangle(context, left, middle - _ROW / 2, self.entry_width, _ROW, 0.2, 0.2)
        set_color(context, self.theme.surface, alpha)
        context.fill()
        number = self.known[entry].text
        x = left + _MARGIN + ADVANCE * (self.digits - len(number) / 2)
        draw_number(context, number, x, middle, 1.0, self.theme.text, alpha)
        context.save()
        context.translate(left + _MARGIN + ADVANCE * self.digits + _GAP, middle + CAP_HEIGHT / 2)
        outline(self.pieces[self.token_ids.index(entry)]).draw(context, self.theme.text, alpha)
        context.restore()

    def _dots(self, context: Context, left: float, y: float) -> None:
        set_color(context, self.theme.quiet, self.opacity[0])
        for step in (-1, 0, 1):
            context.arc(left + self.entry_width / 2, y + step * 0.2, 0.065, 0, 2 * np.pi)
            context.fill()

    def _place(self, index: int) -> tuple[float, float]:
        """Return the left edge and the middle of an entry, in em from the upper left corner."""
        column, row = divmod(index, self.rows)
        return column * (self.entry_width + _BETWEEN), _REST + row * (_ROW + _REST) + _ROW / 2
