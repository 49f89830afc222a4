"""`VocabularyList` and `VocabularyRow`: the vocabulary, with only some of the sentence's own entries written out.

A piece that continues a word begins with a hyphen, whatever mark its vocabulary has for that.
"""

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.casing import under_alpha
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, Outline, draw_number, outline
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import Theme
from scenes.places.fitting import fit
from scenes.places.layout import Region

_ROW = 1.15  # height of an entry, in em
_REST = 0.58  # height of the dots that stand for entries left out, in em
_DOT, _APART = 0.065, 0.17  # radius of a dot, and from one to the next, in em
_GAP = 0.9  # between an id and its piece, in em
_MARGIN = 0.5  # at the left and right of an entry, in em
_LONGEST = 7.0  # beyond it a piece is cut, in em
_FILLED, _WIDER = 0.95, 1.4  # share of its room that an entry fills, as long as that is not so much wider than its text
_ASIDE = 0.6  # width of the dots between two entries in a row, in em
ROW_HEIGHT, LANE = 2.9, 1.1  # of a row, and how high over it ids leave, in em
_DIMMED = 0.5  # opacity of an entry that is not talked about


class _Vocabulary(DrawnMobject):
    """Ids and pieces as the vocabulary has them, in its order, with dots for all the entries in between.

    ``lit`` (entries,) says which are talked about. Those that derive from it stand the :attr:`entries`.
    """

    changing = ("opacity", "lit")
    entries: list[int]  # ids

    def __init__(self, trace: AttentionTrace, theme: Theme) -> None:
        self.theme = theme
        self.token_ids = trace.token_ids.tolist()
        read = zip(trace.readings, trace.continues.tolist(), strict=True)
        self.pieces = [shorten(f"-{reading}" if attached else reading, _LONGEST) for reading, attached in read]
        self.known = {own: Fact(f"token_ids[{self.token_ids.index(own)}]", float(own), 0) for own in self.token_ids}

    def _stand(self, region: Region, width: float, height: float) -> None:
        """Stand in the middle of a region."""
        super().__init__(width, height)
        self.points = region.middle(width, height).corners
        self.lit: Array = np.ones(len(self.entries))

    def exit_of(self, token: int, gutter: float, room: float) -> tuple[float, float]:
        """Return where the id of a token that leaves toward the ``gutter`` (x) is seen first, ``room`` beside it."""
        raise NotImplementedError

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

    def facts(self) -> list[Fact]:
        """Return the ids that are written out."""
        return [self.known[entry] for entry in self.entries]

    def _piece(self, entry: int) -> Outline:
        return outline(self.pieces[self.token_ids.index(entry)])

    def _rank(self, token: int) -> float:
        """Return in which place a token's entry stands; between two where it is left out."""
        own = self.token_ids[token]
        return float(sum(entry < own for entry in self.entries) - 0.5 * (own not in self.entries))

    def _after_a_gap(self, place: int) -> bool:
        """Whether entries are left out before the one in a place."""
        return self.entries[place] - (self.entries[place - 1] if place else -1) > 1

    def _paint_ground(self, context: Context, x: float, y: float, width: float, height: float, alpha: float) -> None:
        rounded_rectangle(context, x, y, width, height, 0.2, 0.2)
        set_color(context, self.theme.surface, under_alpha(alpha))
        context.fill()

    def _write(self, context: Context, piece: Outline, x: float, middle: float, alpha: float) -> None:
        context.save()
        context.translate(x, middle + CAP_HEIGHT / 2)
        piece.draw(context, self.theme.text, alpha, plated=True)
        context.restore()

    def _alpha(self, place: int) -> float:
        return float(self.opacity[0] * (_DIMMED + (1 - _DIMMED) * self.lit[place]))

    def _dots(self, context: Context, x: float, y: float, across: float, down: float) -> None:
        set_color(context, self.theme.quiet, self.opacity[0])
        for step in (-_APART, 0, _APART):
            context.arc(x + step * across, y + step * down, _DOT, 0, 2 * np.pi)
            context.fill()


class VocabularyList(_Vocabulary):
    """The vocabulary from top to bottom, ids before their pieces.

    Parameters
    ----------
    trace
        Its tokens are the entries.
    certain
        The tokens whose entries are written out for certain.
    region
        What it may take, in scene units; it is centred there.
    largest, readable, smallest
        The size of its text at most, which it has at least if it is wide enough, and in any case, in em; as many
        entries as fit are written out.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Vocabulary(DrawingScene):
            def construct(self):
                region = Region(-2, -3, 2, 3)
                self.add(VocabularyList(trace("The cat sat."), [0], region, 0.4, 0.3, 0.2, THEMES["dark"]))
    """

    def __init__(
        self,
        trace: AttentionTrace,
        certain: list[int],
        region: Region,
        largest: float,
        readable: float,
        smallest: float,
        theme: Theme,
    ) -> None:
        super().__init__(trace, theme)
        self.digits = max(len(fact.text) for fact in self.known.values())
        natural = 2 * _MARGIN + ADVANCE * self.digits + _GAP + max(outline(p).width for p in self.pieces)
        down = region.height / (len(self.known) * (_ROW + _REST) + _REST)
        self.size = max(min(max(down, readable), largest, region.width / natural), smallest)
        most = max(int((region.height / self.size - _REST) / (_ROW + _REST) + 1e-6), 1)
        self.entries = _some(sorted(self.known), {self.token_ids[token] for token in certain}, most)
        self.entry_width = max(natural, min(_FILLED * region.width / self.size, _WIDER * natural))
        self.indent = (self.entry_width - natural) / 2 + _MARGIN
        width, height = self.entry_width, len(self.entries) * (_ROW + _REST) + _REST
        self._stand(region, width * self.size, height * self.size)

    def exit_of(self, token: int, gutter: float, room: float) -> tuple[float, float]:
        """Return where the id of a token is seen first: at the side of its entry, or of the dots it is among."""
        side = self.get_right() if gutter > self.get_center()[0] else self.get_left()
        away = room if gutter > side[0] else -room
        return float(side[0] + away), float(self.points[0, 1] - _middle(self._rank(token)) * self.size)

    def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
        """Draw the entries and, between those that are not neighbours, dots."""
        context.scale(self.size, self.size)
        for row, entry in enumerate(self.entries):
            alpha, middle = self._alpha(row), _middle(row)
            self._paint_ground(context, 0, middle - _ROW / 2, self.entry_width, _ROW, alpha)
            number = self.known[entry].text
            x = self.indent + ADVANCE * (self.digits - len(number) / 2)
            draw_number(context, number, x, middle, 1.0, self.theme.text, alpha, plated=True)
            self._write(context, self._piece(entry), self.indent + ADVANCE * self.digits + _GAP, middle, alpha)
            if self._after_a_gap(row):
                self._dots(context, self.entry_width / 2, _middle(row - 0.5), 0, 1)
        self._dots(context, self.entry_width / 2, _middle(len(self.entries) - 0.5), 0, 1)


class VocabularyRow(_Vocabulary):
    """The vocabulary from left to right, ids over their pieces: for a picture that has no room beside its chips.

    Parameters
    ----------
    trace
        Its tokens are the entries.
    certain
        The tokens whose entries are written out for certain.
    region
        What it may take, in scene units; it is centred there, and ids leave it above.
    size
        Of its text, in em; as many entries as fit are written out.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Vocabulary(DrawingScene):
            def construct(self):
                self.add(VocabularyRow(trace("The cat sat."), [0], Region(-3, -1, 3, 1), 0.2, THEMES["dark"]))
    """

    def __init__(self, trace: AttentionTrace, certain: list[int], region: Region, size: float, theme: Theme) -> None:
        super().__init__(trace, theme)
        self.size = size
        wanted = {self.token_ids[token] for token in certain}

        def place(most: int) -> tuple[list[int], Array] | None:
            entries = _some(sorted(self.known), wanted, most)
            widths = [max(ADVANCE * len(str(each)), self._piece(each).width) + 2 * _MARGIN for each in entries]
            lefts = np.cumsum([_ASIDE, *(width + _ASIDE for width in widths)])
            return (entries, lefts) if lefts[-1] * size <= region.width else None

        self.entries, self.lefts = fit(place, len(self.known), fewest=1)
        self._stand(region, float(self.lefts[-1]) * size, ROW_HEIGHT * size)

    def exit_of(self, token: int, gutter: float, room: float) -> tuple[float, float]:  # noqa: ARG002
        """Return where the id of a token is seen first: over its entry, or over the dots it is among."""
        rank = self._rank(token)
        x = self._middle(int(rank)) if rank == int(rank) else self.lefts[int(rank + 0.5)] - _ASIDE / 2
        return float(self.points[0, 0] + x * self.size), float(self.points[0, 1] + LANE * self.size)

    def paint(self, context: Context, width: float, height: float) -> None:  # noqa: ARG002
        """Draw the entries and, between those that are not neighbours, dots."""
        context.scale(self.size, self.size)
        for place, entry in enumerate(self.entries):
            alpha, x, piece = self._alpha(place), self._middle(place), self._piece(entry)
            left, right = self.lefts[place], self.lefts[place + 1] - _ASIDE
            self._paint_ground(context, left, 0, right - left, ROW_HEIGHT, alpha)
            number = self.known[entry].text
            draw_number(context, number, x, 0.3 * ROW_HEIGHT, 1.0, self.theme.text, alpha, plated=True)
            self._write(context, piece, x - piece.width / 2, 0.7 * ROW_HEIGHT, alpha)
            if self._after_a_gap(place):
                self._dots(context, left - _ASIDE / 2, ROW_HEIGHT / 2, 1, 0)
        self._dots(context, self.lefts[-1] - _ASIDE / 2, ROW_HEIGHT / 2, 1, 0)

    def _middle(self, place: int) -> float:
        return float(self.lefts[place] + self.lefts[place + 1] - _ASIDE) / 2


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
