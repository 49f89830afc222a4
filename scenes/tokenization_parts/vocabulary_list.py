"""`VocabularyList`: the vocabulary as a list, of which only some of the sentence's own entries are written out.

A piece that continues a word begins with a hyphen, whatever mark its vocabulary has for that.
"""

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.casing import under_alpha
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, draw_number, outline
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import Theme
from scenes.places.layout import Region

_ROW = 1.35  # height of an entry, in em
_REST = 0.4  # height of the dots that stand for entries left out, in em
_GAP = 0.9  # between an id and its piece, in em
_MARGIN = 0.5  # at the left and right of an entry, in em
_LONGEST = 7.0  # beyond it a piece is cut, in em
_DIMMED = 0.5  # opacity of an entry that is not talked about


class VocabularyList(DrawnMobject):
    """Ids and pieces as the vocabulary has them, in its order, with dots for all the entries in between.

    ``lit`` (entries,) says which are talked about.

    Parameters
    ----------
    trace
        Its tokens are the entries.
    certain
        The tokens whose entries are written out for certain.
    region
        What it may take, in scene units; it is centred there.
    largest, smallest
        Bounds of the size of its text, in em; as many entries as fit are written out.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Vocabulary(DrawingScene):
            def construct(self):
                self.add(VocabularyList(trace("The cat sat."), [0], Region(-2, -3, 2, 3), 0.3, 0.2, THEMES["dark"]))
    """

    changing = ("opacity", "lit")

    def __init__(
        self, trace: AttentionTrace, certain: list[int], region: Region, largest: float, smallest: float, theme: Theme
    ) -> None:
        self.theme = theme
        self.token_ids = trace.token_ids.tolist()
        read = zip(trace.readings, trace.continues.tolist(), strict=True)
        self.pieces = [shorten(f"-{reading}" if attached else reading, _LONGEST) for reading, attached in read]
        self.known = {own: Fact(f"token_ids[{self.token_ids.index(own)}]", float(own), 0) for own in self.token_ids}
        self.digits = max(len(fact.text) for fact in self.known.values())
        self.entry_width = 2 * _MARGIN + ADVANCE * self.digits + _GAP + max(outline(p).width for p in self.pieces)
        down = region.height / (len(self.known) * (_ROW + _REST) + _REST)
        self.size = min(max(down, smallest), largest, max(region.width / self.entry_width, smallest))
        most = max(int((region.height / self.size - _REST) / (_ROW + _REST) + 1e-6), 1)
        self.entries = _some(sorted(self.known), {self.token_ids[token] for token in certain}, most)
        width, height = self.entry_width, len(self.entries) * (_ROW + _REST) + _REST
        super().__init__(width * self.size, height * self.size)
        self.points = region.middle(width * self.size, height * self.size).corners
        self.lit: Array = np.ones(len(self.entries))

    @property
    def hidden(self) -> int:
        """How many of the sentence's entries are left out."""
        return len(self.known) - len(self.entries)

    def at(self, tokens: list[int]) -> Array:
        """Return ``lit`` for talking about some of the sentence's tokens."""
        wanted = {self.token_ids[token] for token in tokens}
        return np.array([float(entry in wanted) for entry in self.entries])

    def turns(self, tokens: list[int], when: Array) -> Array:
        """Return when each entry is talked about, if ``tokens`` have their turns at ``when``, 0 to 1."""
        own = [self.token_ids[token] for token in tokens]
        return np.array([when[own.index(entry)] if entry in own else 1.0 for entry in self.entries])

    def height_of(self, token: int) -> float:
        """Return y of the middle of a token's entry in scene units; of the dots it is among where it is left out."""
        own = self.token_ids[token]
        row = sum(entry < own for entry in self.entries) - 0.5 * (own not in self.entries)
        return float(self.points[0, 1] - _middle(row) * self.size)

    def facts(self) -> list[Fact]:
        """Return the ids that are written out."""
        return [self.known[entry] for entry in self.entries]

    def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
        """Draw the entries and, between those that are not neighbours, dots."""
        context.scale(self.size, self.size)
        for row, entry in enumerate(self.entries):
            self._paint_entry(context, entry, _middle(row), self.opacity[0] * (_DIMMED + _DIMMED * self.lit[row]))
            if entry - (self.entries[row - 1] if row else -1) > 1:
                self._dots(context, _middle(row - 0.5))
        self._dots(context, _middle(len(self.entries) - 0.5))

    def _paint_entry(self, context: Context, entry: int, middle: float, alpha: float) -> None:
        rounded_rectangle(context, 0, middle - _ROW / 2, self.entry_width, _ROW, 0.2, 0.2)
        set_color(context, self.theme.surface, under_alpha(alpha))
        context.fill()
        number = self.known[entry].text
        x = _MARGIN + ADVANCE * (self.digits - len(number) / 2)
        draw_number(context, number, x, middle, 1.0, self.theme.text, alpha, plated=True)
        context.save()
        context.translate(_MARGIN + ADVANCE * self.digits + _GAP, middle + CAP_HEIGHT / 2)
        outline(self.pieces[self.token_ids.index(entry)]).draw(context, self.theme.text, alpha, plated=True)
        context.restore()

    def _dots(self, context: Context, y: float) -> None:
        set_color(context, self.theme.quiet, self.opacity[0])
        for step in (-1, 0, 1):
            context.arc(self.entry_width / 2, y + step * 0.13, 0.05, 0, 2 * np.pi)
            context.fill()


def _some(ids: list[int], certain: set[int], most: int) -> list[int]:
    """Return at most ``most`` of some sorted ids, evenly chosen, those that are ``certain`` among them."""
    places = np.linspace(0, len(ids) - 1, min(most, len(ids))).round().astype(int).tolist()
    for own in sorted(map(ids.index, certain)):
        free = [index for index, place in enumerate(places) if ids[place] not in certain]
        if own not in places and free:
            places[min(free, key=lambda index: abs(places[index] - own))] = own
    return [ids[place] for place in sorted(places)]


def _middle(row: float) -> float:
    """Return the middle of a row of entries in em from the upper edge; between two rows stand dots."""
    return _REST + row * (_ROW + _REST) + _ROW / 2
