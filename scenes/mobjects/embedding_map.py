"""`EmbeddingMap`: the map of meanings, a sentence's tokens among their nearest neighbours in the embedding table."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import most_attended
from scenes.content.landmarks import landmarks, share_of_other, told_tokens
from scenes.drawing.arrays import Array
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import outline
from scenes.drawing.standing_chip import StandingChip
from scenes.look.theme import EMBEDDING, OUTPUT, Theme
from scenes.mobjects.token_chips import opacity_of_chip, paint_chip
from scenes.places.chip_texts import PADDING, TALL, ChipTexts
from scenes.places.layout import Frame, Region
from scenes.places.map_places import MapPlaces, map_region

_JOIN = 0.03  # width of the line to a neighbour, in scene units
_APPEARS = 0.3  # share of the rest of the way on which a chip appears where the one that moves stood
_HEAD, _LINE = 0.5, 0.1  # length of the arrow's head, and its line's width, in em of a chip


class EmbeddingMap(DrawnMobject):
    """Tokens as chips, and the nearest neighbours of three of them as plain words.

    A short line leads from a token to each of its neighbours. The token that the film follows has its ring; it moves
    from its own row of the table toward that of the token that it attends to most, :attr:`goal`, by that row's share in
    the mixture of the two that is nearest to its output. For one sentence the map is the same in all clips.

    ``shown`` says of each landmark how far it is there, ``joined`` (lines,) how far each line is drawn, ``ringed`` (1,)
    is the opacity of the ring, and ``moved`` (1,) how far the token has gone; all 0 to 1.

    Parameters
    ----------
    trace
        Gives tokens, neighbours and their vectors.
    weights
        Those that are shown, (n, n): they say whose neighbours have names.
    followed
        The token that the film follows.
    frame, theme
        Give sizes and colours; the map fills the stage but for a line under it, :attr:`note`.

    Examples
    --------
    .. code-block:: python

        class Map(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                drawn = EmbeddingMap(traced, traced.weights[0], 1, Frame("16:9"), THEMES["dark"])
                self.add(drawn)
                self.play(Change(drawn, moved=1))
    """

    changing = ("opacity", "shown", "joined", "ringed", "moved")

    def __init__(
        self, trace: AttentionTrace, weights: NDArray[np.floating], followed: int, frame: Frame, theme: Theme
    ) -> None:
        self.region, self.note = map_region(frame)
        super().__init__(self.region.width, self.region.height)
        self.points = self.region.corners
        self.theme = theme
        self.followed = followed
        self.pieces = trace.tokens
        self.told = told_tokens(trace, weights, followed)
        self.landmarks = landmarks(trace, self.told)
        self.tokens = sum(mark.rank < 0 for mark in self.landmarks)
        self.goal = most_attended(trace, weights, followed)
        self.spots = self._stand(trace, frame)
        rows = np.array([mark.token for mark in self.landmarks[: self.tokens]])
        self.texts = ChipTexts.of(trace, rows, self.spots.longest_chip)
        self.shown: Array = np.ones(len(self.landmarks))
        self.joined: Array = np.ones(len(self.spots.lines))
        self.ringed: Array = np.ones(1)
        self.moved: Array = np.zeros(1)

    def _stand(self, trace: AttentionTrace, frame: Frame) -> MapPlaces:
        own = self.landmark_of(self.followed)
        goal = None if self.goal is None else self.landmark_of(self.goal)
        if goal is None or goal == own:
            return MapPlaces(self.landmarks, own, None, 0.0, self.region, frame)
        rows = (self.landmarks[mark].vector for mark in (own, goal))
        share = share_of_other(trace.output[self.followed], *rows)
        return MapPlaces(self.landmarks, own, goal if share > 0 else None, share, self.region, frame)

    @property
    def chip_size(self) -> float:
        """Of the chips' text, in em, scene units."""
        return self.spots.chip_size

    def landmark_of(self, token: int) -> int:
        """Return the landmark of a token; the same token elsewhere in the sentence has the same one."""
        first = self.pieces.index(self.pieces[token])
        return [mark.token for mark in self.landmarks[: self.tokens]].index(first)

    def of_tokens(self) -> Array:
        """Return 1 for each landmark that is a token of the sentence, 0 for the others."""
        return (np.arange(len(self.landmarks)) < self.tokens).astype(float)

    def near(self, token: int) -> Array:
        """Return 1 for the landmark of ``token`` and those that are its neighbours, 0 for the others."""
        own = self.landmarks[self.landmark_of(token)].token
        return np.array([float(mark.token == own) for mark in self.landmarks])

    def lines_of(self, token: int) -> Array:
        """Return 1 for each line that leads to a neighbour of ``token``, 0 for the others."""
        return self.near(token)[self.spots.line_ends]

    def named_ranks(self, token: int) -> list[int]:
        """Return which of the neighbours of ``token`` have names, 0 for the nearest."""
        own = self.landmarks[self.landmark_of(token)].token
        marks = zip(self.landmarks, self.spots.named.tolist(), strict=True)
        return [mark.rank for mark, named in marks if named and mark.token == own and mark.rank >= 0]

    def box(self, landmark: int) -> Region:
        """Return where a landmark's text stands, in scene units."""
        return self.spots.box(self.spots.places[landmark], self.spots.sizes[landmark])

    @property
    def mover_box(self) -> Region:
        """Where the chip of the token that moves stands now, in scene units."""
        return self.spots.box(self._gone(), self.spots.sizes[self.spots.mover])

    def standing_chips(self) -> list[StandingChip]:
        """Return the chips that can be seen, of tokens that share a row the first one's."""
        if self.opacity[0] <= 0:
            return []
        found, zoom = [], float(np.ptp(self.points[:, 0])) / self.region.width
        left, top = self.points[0, :2].tolist()
        for index in np.flatnonzero(self.spots.named[: self.tokens] & (self.shown[: self.tokens] > 0)).tolist():
            mover = index == self.spots.mover
            x, y = (self.mover_box if mover else self.box(index)).center
            token = self.followed if mover else self.landmarks[index].token
            faint = opacity_of_chip(self.texts, index, 0.0)
            lit = float(np.clip((self.shown[index] - faint) / (1 - faint), 0, 1))  # as chips are dimmed elsewhere
            x, y = left + zoom * (x - self.region.left), top + zoom * (y - self.region.top)
            ringed = float(self.ringed[0]) if mover else 0.0
            found.append(StandingChip(token, x, y, zoom * self.chip_size, TALL, lit, ringed))
        return found

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw lines, dots and words, then chips, and the one that moves on top."""
        context.scale(width / self.region.width, height / self.region.height)
        context.translate(self.region.width / 2, self.region.height / 2)
        for line, drawn in zip(self.spots.lines, self.joined.tolist(), strict=True):
            if drawn > 0:
                ends = np.array([line[0], line[0] + drawn * (line[1] - line[0])])
                stroke_line(context, ends, _JOIN, self.theme.ink(EMBEDDING), self.opacity[0])
        alphas = (self.opacity[0] * self.shown).tolist()
        for index in range(self.tokens, len(self.landmarks)):
            if self.spots.named[index] and alphas[index] > 0:
                self._paint_word(context, index, alphas[index])
        for index in np.flatnonzero(self.spots.named[: self.tokens]).tolist():
            there = self._left_behind() if index == self.spots.mover else 1.0
            self._paint_chip(context, index, self.spots.places[index], alphas[index] * there, 0.0)
        self._paint_mover(context, alphas[self.spots.mover])

    def _paint_mover(self, context: Context, alpha: float) -> None:
        """Draw what has been gone of the way, and the ringed chip at its end."""
        gone = self.spots.way[: self._step() + 1]
        half = self.spots.sizes[self.spots.mover] / 2
        free = (np.abs(gone - gone[0]) > half).any(axis=1) & (np.abs(gone - gone[-1]) > half * 1.06).any(axis=1)
        drawn, ink = gone[free], self.theme.ink(OUTPUT)
        if len(drawn) > 1 and alpha > 0:
            left = np.hypot(*(drawn - drawn[-1]).T)  # to the tip
            back = max(int((left > _HEAD * self.chip_size).sum()) - 1, 0)
            stroke_line(context, drawn[: back + 2], _LINE * self.chip_size, ink, alpha)
            fill_head(context, head_outline(drawn[-1], drawn[back], 0.45 * _HEAD * self.chip_size), ink, alpha)
        self._paint_chip(context, self.spots.mover, gone[-1], alpha, float(self.ringed[0]))

    def _left_behind(self) -> float:
        """Return how far the chip of the token that moves can be seen where it stood: from when it is clear of it."""
        way = self.spots.way
        clear = (np.abs(way - way[0]) > self.spots.sizes[self.spots.mover]).any(axis=1)
        gone = clear[: self._step() + 1].sum()
        return float(min(gone / max(_APPEARS * clear.sum(), 1), 1.0))

    def _step(self) -> int:
        return round(float(self.moved[0]) * (len(self.spots.way) - 1))

    def _gone(self) -> Array:
        return np.asarray(self.spots.way[self._step()])

    def _paint_word(self, context: Context, index: int, alpha: float) -> None:
        line, (x, y) = outline(self.spots.texts[index]), self.spots.places[index]
        context.save()
        context.translate(x, y)
        context.scale(self.spots.word_size, self.spots.word_size)
        context.translate(-line.width / 2, (line.top - line.bottom) / 2)
        line.draw(context, self.theme.ink(EMBEDDING), alpha)
        context.restore()

    def _paint_chip(self, context: Context, index: int, place: Array, alpha: float, ringed: float) -> None:
        if alpha <= 0:
            return
        context.save()
        context.translate(*place)
        context.scale(self.chip_size, self.chip_size)
        left = -outline(self.texts.labels[index]).width / 2 - PADDING
        paint_chip(context, self.texts, index, left, TALL, self.theme, alpha, ringed)
        context.restore()
