"""`EmbeddingMap`: tokens among their nearest neighbours in the embedding table, on a plane."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_line
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import shorten
from scenes.embeddings_parts.projection import neighbour_map
from scenes.look.theme import Theme
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region
from scenes.places.map_places import cross, fill, line_between, meets, spread

_CROWDED = 0.38  # share of the map that texts and the space around them may cover
_CERTAIN = 3  # neighbours of the focus that are named however crowded it is
_NAMED = 5  # neighbours of a token that may be named
_LONGEST_LINE = 0.3  # as a share of the map's diagonal
_FEW = 3  # tokens up to which all neighbours are named and lines may be twice as long
_LONGEST_WORD = 8.0  # in em


@dataclass(frozen=True)
class Landmark:
    """A point of the map: a token of the sentence, or a row of the table that is near to one.

    ``token`` is the index of the first token that has this row, or of the token that a neighbour is near to; ``rank``
    is -1 for a token, and 0 for its nearest neighbour, 1 for the next and so on.
    """

    text: str
    token: int
    rank: int
    vector: NDArray[np.floating]


def landmarks(trace: AttentionTrace, focus: int = 0) -> list[Landmark]:
    """Return the rows of the table that the trace knows, each once, those that matter most first.

    These are the sentence's own, then the nearest neighbours of the token ``focus``, then those of all by rank.
    """
    found: dict[str, Landmark] = {}
    for index, piece in enumerate(trace.tokens):
        found.setdefault(piece, Landmark(trace.labels[index], index, -1, trace.token_vectors[index]))
    near = trace.neighbours
    first = np.array([mark.token for mark in found.values()])
    own = trace.tokens.index(trace.tokens[focus])
    for rank in range(min(_CERTAIN, near.cosines.shape[1])):
        piece = near.texts[own][rank]
        found.setdefault(piece, Landmark(near.readings[own][rank], own, rank, near.vectors[own, rank]))
    for rank in range(near.cosines.shape[1]):
        for index in first[np.argsort(-near.cosines[first, rank], kind="stable")].tolist():
            piece = near.texts[index][rank]
            found.setdefault(piece, Landmark(near.readings[index][rank], index, rank, near.vectors[index, rank]))
    return list(found.values())


class EmbeddingMap(DrawnMobject):
    """The sentence's tokens as chips, their nearest neighbours as quiet words, the rest of these as dots.

    Where a word stands is its vector's place in :func:`~scenes.embeddings_parts.projection.neighbour_map`, moved only
    as far as it takes to keep texts apart. Short lines lead from a token to its neighbours wherever they cross no text.
    ``shown`` says of each landmark how far it is a word instead of a dot, ``joined`` how far each line is drawn, 0 to
    1.

    Parameters
    ----------
    trace
        Gives tokens, neighbours and their vectors.
    region
        Where it stands.
    frame, theme
        Give sizes and colours.
    focus
        The token that is talked about most.

    Examples
    --------
    .. code-block:: python

        class Map(DrawingScene):
            def construct(self):
                frame = Frame("16:9")
                self.add(EmbeddingMap(trace("The cat sat."), frame.stage, frame, THEMES["dark"]))
    """

    changing = ("opacity", "shown", "joined")

    def __init__(self, trace: AttentionTrace, region: Region, frame: Frame, theme: Theme, focus: int = 0) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.region = region
        self.theme = theme
        self.pieces = trace.tokens
        self.landmarks = landmarks(trace, focus)
        self.tokens = sum(mark.rank < 0 for mark in self.landmarks)
        self.word_size = frame.smallest_text
        self.chip_size = frame.small_text if self.tokens < 15 else frame.smallest_text
        self.chips = [
            TokenChips(ChipTexts.of(trace, np.array([mark.token])), "row", self.chip_size, theme)
            for mark in self.landmarks[: self.tokens]
        ]
        self._place_landmarks()
        self._join()
        self.shown: Array = np.ones(len(self.landmarks))
        self.joined: Array = np.ones(len(self.lines))

    def of_tokens(self) -> Array:
        """Return 1 for each landmark that is a token of the sentence, 0 for the others."""
        return (np.arange(len(self.landmarks)) < self.tokens).astype(float)

    def near(self, token: int) -> Array:
        """Return 1 for the landmark of ``token`` and those that are its neighbours, 0 for the others."""
        return np.array([float(mark.token == self.landmarks[self.landmark_of(token)].token) for mark in self.landmarks])

    def lines_of(self, token: int) -> Array:
        """Return 1 for each line that leads to a neighbour of ``token``, 0 for the others."""
        return np.array(
            [
                float(self.landmarks[end].token == self.landmarks[self.landmark_of(token)].token)
                for end in self.line_ends
            ]
        )

    def landmark_of(self, token: int) -> int:
        """Return the landmark of a token; the same token elsewhere in the sentence has the same one."""
        first = self.pieces.index(self.pieces[token])
        return [mark.token for mark in self.landmarks[: self.tokens]].index(first)

    def box(self, landmark: int) -> Region:
        """Return where a landmark's text stands, in scene units."""
        (x, y), (width, height) = self.places[landmark], self.sizes[landmark]
        x, y = self.region.center[0] + x, self.region.center[1] - y
        return Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw dots and lines, then words, then chips."""
        context.scale(width / self.region.width, height / self.region.height)
        context.translate(self.region.width / 2, self.region.height / 2)
        alphas = self.opacity[0] * self.shown
        dots = self.opacity[0] * np.where(self.named, 1 - self.shown, self.dotted)
        for index in np.flatnonzero(dots > 0).tolist():
            x, y = self.places[index]
            context.arc(x, y, self.word_size * 0.12, 0, 2 * np.pi)
            set_color(context, self.theme.quiet, 0.6 * dots[index])
            context.fill()
        for line, drawn in zip(self.lines, self.joined.tolist(), strict=True):
            self._paint_line(context, line, drawn, self.opacity[0])
        for index in np.flatnonzero(self.named & (alphas > 0)).tolist():
            if index < self.tokens:
                self._paint_chip(context, index, alphas[index])
            else:
                self._paint_word(context, index, alphas[index])

    def _place_landmarks(self) -> None:
        """Find each landmark's place around the map's centre, y downward, and which ones are named."""
        width, height = self.region.width, self.region.height
        self.texts = [shorten(mark.text, _LONGEST_WORD) for mark in self.landmarks]
        lines = [outline(text) for text in self.texts]
        self.sizes = np.array(
            [[line.width * self.word_size, (line.top + line.bottom) * self.word_size] for line in lines]
        )
        for index, chip in enumerate(self.chips):
            self.sizes[index] = chip.texts.width() * self.chip_size, TALL * self.chip_size
        ranks = np.array([mark.rank for mark in self.landmarks])
        room, close = width * height, (self.sizes + 0.5 * self.word_size).prod(axis=1)
        padding = 1.0 if close[ranks < 0].sum() < 0.2 * room else 0.5
        padded = self.sizes + np.where(ranks < 0, padding, 0.6)[:, None] * self.word_size
        legible = np.array([not line.missing for line in lines]) & ((ranks < _NAMED) | (self.tokens <= _FEW))
        covered = np.cumsum(np.where(legible, padded.prod(axis=1), 0)) / room
        certain = np.arange(len(ranks)) < self.tokens + _CERTAIN
        wanted = np.flatnonzero((ranks < 0) | (legible & (certain | (covered < _CROWDED))))
        inner = width - 5 * self.word_size, height - 2 * self.word_size
        self.places = fill(neighbour_map(np.array([mark.vector for mark in self.landmarks])), *inner)
        for words in (len(wanted), len(wanted) // 2, 0):  # with fewer words there is room for all tokens
            wanted = wanted[: self.tokens + words]
            places, kept = spread(self.places[wanted], padded[wanted], width, height)
            if kept[: self.tokens].all():
                break
        self.places[wanted] = places
        self.named = np.zeros(len(lines), dtype=bool)
        self.named[wanted[kept]] = True
        self.dotted = ~self.named
        apart = np.abs(self.places[:, None] - self.places[self.named])
        self.dotted &= ~np.asarray((apart < padded[self.named] / 2).all(axis=-1)).any(axis=1)

    def _join(self) -> None:
        """Find the lines from tokens to their named neighbours that are short and cross no text."""
        self.lines: list[Array] = []
        self.line_ends: list[int] = []
        first = {mark.token: index for index, mark in enumerate(self.landmarks[: self.tokens])}
        longest = _LONGEST_LINE * (2 if self.tokens <= _FEW else 1) * np.hypot(self.region.width, self.region.height)
        gap = 0.3 * self.word_size
        for end in np.flatnonzero(self.named[self.tokens :]).tolist():
            end += self.tokens
            start = first.get(self.landmarks[end].token, -1)
            if start < 0 or not self.named[start]:
                continue
            line = line_between(self.places[start], self.places[end], self.sizes[start], self.sizes[end] + gap)
            others = self.named.copy()
            others[[start, end]] = False
            if line is None or np.hypot(*(line[1] - line[0])) > longest:
                continue
            free = not meets(line, self.places[others], self.sizes[others] + gap).any()
            if free and not any(cross(line, other) for other in self.lines):
                self.lines.append(line)
                self.line_ends.append(end)

    def _paint_line(self, context: Context, line: Array, drawn: float, alpha: float) -> None:
        if drawn <= 0:
            return
        context.move_to(*line[0])
        context.line_to(*(line[0] + drawn * (line[1] - line[0])))
        context.set_line_width(0.018)
        note_line(context, 0.018, alpha)
        set_color(context, self.theme.quiet, 0.8 * alpha)
        context.stroke()

    def _paint_word(self, context: Context, index: int, alpha: float) -> None:
        line, (x, y) = outline(self.texts[index]), self.places[index]
        context.save()
        context.translate(x, y)
        context.scale(self.word_size, self.word_size)
        context.translate(-line.width / 2, (line.top - line.bottom) / 2)
        line.draw(context, self.theme.quiet, alpha)
        context.restore()

    def _paint_chip(self, context: Context, index: int, alpha: float) -> None:
        (x, y), (width, height) = self.places[index], self.sizes[index]
        context.save()
        context.translate(x - width / 2, y - height / 2)
        self.chips[index].set_opacity(alpha).paint(context, width, height)
        context.restore()
