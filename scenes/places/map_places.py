"""`MapPlaces`: where the points of a map of meanings stand, which have names, and how its token moves."""

import numpy as np
from numpy.typing import NDArray

from scenes.content.landmarks import Landmark
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import shorten
from scenes.places.chip_texts import PADDING, TALL
from scenes.places.layout import Frame, Region
from scenes.places.projection import neighbour_map
from scenes.places.spreading import cross, fill, meets, nearest_free, spread

_CROWDED = 0.42  # share of the map that texts and the space around them may cover
_SHORTEST_LINE, _ALONE = 0.7, 4.0  # in em of a word; longer by so much for one token, half of it for two
_LONGEST_LINE = 0.35  # as a share of the map's diagonal, for the one neighbour that a token has at least
_NEAR, _NEAR_LEAST = 1.5, 3.5  # length of the lines to others at most, in widths of the token's chip or, if more, in em
_MOST_WORDS = 4  # neighbours of a token that have a name
_TURNS = np.linspace(-np.pi, np.pi, 36, endpoint=False)  # from where the map has a word
_TURNED = 1.5  # how much longer a line may be to turn by a radian less, in em
_LONGEST_WORD = 8.0  # in em
_AROUND_CHIP, _AROUND_WORD = 0.9, 0.8  # kept free around a text, in em
_ARROW = 1.6  # length that the way's arrow has at least, if there is room for it, in em
_BOWS = (
    0.0,
    0.12,
    -0.12,
    0.24,
    -0.24,
    0.36,
    -0.36,
    0.5,
    -0.5,
    0.7,
    -0.7,
)  # how far the way may bend, as shares of its length
_MANY = 14  # tokens beyond which texts are smaller
_STEPS = np.linspace(0, 1, 81)[:, None]


def map_region(frame: Frame) -> tuple[Region, Region]:
    """Return where the map stands, and under it where there is room for a line of text."""
    note, region = frame.stage.cut_bottom(frame.small_text * 1.4, frame.text * 0.4)
    return region, note


class MapPlaces:
    """Places around the map's middle in scene units, y downward, of the points and of the token that moves.

    A token stands where :func:`~scenes.places.projection.neighbour_map` has it, moved only as far as it takes to keep
    texts apart, with room for the one that moves. A neighbour stands at its token with a line to it, as far as there is
    room: toward where the map has it if it can, and farther the less near it is.

    Parameters
    ----------
    marks
        The map's points, tokens first.
    mover
        Which of them is the token that moves.
    goal, share
        Toward which one it moves, and how far on the way there it belongs; None if it stays.
    region
        The map's.
    frame
        Gives the sizes of texts.
    """

    longest_chip = 7.0  # beyond it a chip's text is cut, in em

    def __init__(
        self, marks: list[Landmark], mover: int, goal: int | None, share: float, region: Region, frame: Frame
    ) -> None:
        self.marks, self.mover, self.region = marks, mover, region
        self.goal, self.share = goal, share
        self.tokens = sum(mark.rank < 0 for mark in marks)
        vectors = np.array([mark.vector for mark in marks])
        points = neighbour_map(vectors)
        if frame.tall:
            points = points[:, ::-1]
        self.word_size = frame.text if self.tokens <= _MANY else frame.small_text
        self.places: Array = fill(
            _evened(points), region.width - 5 * self.word_size, region.height - 3 * self.word_size
        )
        for self.chip_size in (1.25 * frame.text, frame.text, frame.small_text, frame.smallest_text):
            self._measure()
            if self._stand_tokens():
                break
        self._find_way()
        self._stand_words()

    def box(self, place: Array, size: Array) -> Region:
        """Return where a text stands, in scene units, y upward."""
        (x, y), (width, height) = self.region.center, size
        x, y = x + place[0], y - place[1]
        return Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def _measure(self) -> None:
        """Cut long texts, and find the room that each takes, (n, 2)."""
        self.texts = [shorten(mark.text, self.longest_chip if mark.rank < 0 else _LONGEST_WORD) for mark in self.marks]
        lines = [outline(text) for text in self.texts]
        chips = np.array([[line.width + 2 * PADDING, TALL] for line in lines]) * self.chip_size
        words = np.array([[line.width, line.top + line.bottom] for line in lines]) * self.word_size
        self.sizes = np.where(np.arange(len(lines))[:, None] < self.tokens, chips, words)
        self.legible = np.array([not line.missing for line in lines])

    def _stand_tokens(self) -> bool:
        """Stand the tokens, with room for the one that moves; return whether all have a place."""
        points, sizes = self.places[: self.tokens], self.sizes[: self.tokens] + _AROUND_CHIP * self.chip_size
        if self.goal is not None:
            points = np.concatenate([points, points[[self.mover, self.goal]].mean(axis=0, keepdims=True)])
            sizes = np.concatenate([sizes, sizes[[self.mover]] + _ARROW * self.chip_size])
        places, kept = spread(points, sizes, self.region.width, self.region.height)
        self._standing = places[: self.tokens]
        self.named = np.zeros(len(self.marks), dtype=bool)
        self.named[: self.tokens] = kept[: self.tokens]
        return bool(kept[: self.tokens].all())

    def _find_way(self) -> None:
        """Find the way (k, 2) of the token that moves, bent only where it would meet another one."""
        self.places[: self.tokens] = self._standing
        start, end = self._standing[self.mover], self._after()
        others = np.arange(self.tokens) != self.mover
        room = self.sizes[: self.tokens][others] + self.sizes[self.mover] + 0.2 * self.chip_size
        edge = np.array([self.region.width, self.region.height]) / 2 - self.sizes[self.mover] / 2 + 1e-6
        ways = [_bent(start, end, bow) for bow in _BOWS]
        met = [
            int(_meets_way(way, self._standing[others], room).sum()) + int((np.abs(way) > edge).any()) for way in ways
        ]
        self.way = ways[int(np.argmin(met))]

    def _after(self) -> Array:
        """Return where the token that moves arrives: on the line to its goal, if there is a free place on it."""
        start = self._standing[self.mover]
        if self.goal is None:
            return np.asarray(start)
        ahead = np.linspace(self.share, 1, 60)[:, None]
        line = start + ahead * (self._standing[self.goal] - start)
        size, room = self.sizes[self.mover], self.sizes[: self.tokens] + 0.5 * self.chip_size
        for arrow in (_ARROW, 0.0):
            room[self.mover] = size + (0.5 + arrow) * self.chip_size
            taken = np.asarray((np.abs(line[:, None] - self._standing) < (room + size) / 2).all(axis=-1)).any(axis=1)
            if not taken.all():
                return np.asarray(line[int(taken.argmin())])
        place = nearest_free(line[0], size, self._standing, room, (self.region.width, self.region.height))
        return np.asarray(start if place is None else place)

    def _stand_words(self) -> None:
        """Stand neighbours near their tokens with a line to each, clear of all that stands and of the way."""
        self.lines: list[Array] = []
        self.line_ends: list[int] = []
        own = {mark.token: index for index, mark in enumerate(self.marks[: self.tokens])}
        padded = self.sizes + _AROUND_WORD * self.word_size
        told = np.array([mark.told for mark in self.marks]) & self.legible
        covered = np.cumsum(np.where(told, padded.prod(axis=1), 0)) / (self.region.width * self.region.height)
        along = self.way[:: len(self.way) // 8]
        moving = np.broadcast_to(self.sizes[self.mover] + 0.3 * self.chip_size, along.shape)
        boxes = np.concatenate([self.places[: self.tokens], along])
        sizes = np.concatenate([self.sizes[: self.tokens] + _AROUND_WORD * self.word_size, moving])
        reached = dict.fromkeys(own.values(), (_SHORTEST_LINE + _ALONE / self.tokens) * self.word_size)
        words = np.flatnonzero(told & (covered < _CROWDED)).tolist()
        count = dict.fromkeys(own.values(), 0)
        for word, near in [*((word, True) for word in words), *((word, False) for word in words)]:
            start = own[self.marks[word].token]
            if not self.named[start] or self.named[word] or count[start] >= (_MOST_WORDS if near else 1):
                continue
            found = self._beside(word, start, reached[start], boxes, sizes, near)
            if found is None:
                continue
            count[start] += 1
            self.places[word], line = found
            self.named[word] = True
            self.lines.append(line)
            self.line_ends.append(word)
            reached[start] = float(np.hypot(*(line[1] - line[0])))
            boxes, sizes = np.concatenate([boxes, [self.places[word]]]), np.concatenate([sizes, padded[[word]]])

    def _beside(
        self, word: int, own: int, least: float, boxes: Array, sizes: Array, near: bool
    ) -> tuple[Array, Array] | None:
        """Return the place of a word whose line to its token is short and leads where the map has it, and the line.

        The line is at least as long as that of a nearer neighbour, crosses no other and enters no box, nor comes
        near where the token that moves arrives. With ``near``, the word is nearer to its own token than to any other.
        """
        start, gap = self.places[own], 0.3 * self.word_size
        longest = _LONGEST_LINE * np.hypot(self.region.width, self.region.height)
        if near:
            longest = min(longest, max(_NEAR * self.sizes[own, 0], _NEAR_LEAST * self.word_size, 1.01 * least))
        lengths, turns = np.meshgrid(np.arange(least, longest, 0.5 * self.word_size), _TURNS)
        order = np.argsort((lengths / self.word_size + _TURNED * np.abs(turns)).ravel(), kind="stable")
        lengths, turns = lengths.ravel()[order, None], turns.ravel()[order]
        angles = np.arctan2(*(self.places[word] - start)[::-1]) + turns
        ways = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        leave, arrive = (_to_edge(size, ways) for size in (self.sizes[own], self.sizes[word] + gap))
        places = start + ways * (leave + lengths + arrive)
        lines = np.stack([start + ways * leave, start + ways * (leave + lengths)], axis=1)
        size = self.sizes[word] + _AROUND_WORD * self.word_size
        inside = (np.abs(places) <= np.array([self.region.width, self.region.height]) / 2 - size / 2).all(axis=1)
        free = inside & ~(np.abs(places[:, None] - boxes) < (sizes + size) / 2).all(axis=-1).any(axis=1)
        if near:
            apart = _apart(places, self.sizes[word], self.places[: self.tokens], self.sizes[: self.tokens])
            free &= apart[:, own] <= apart.min(axis=1) + 1e-9
        others = self.named & (np.arange(len(self.marks)) != own)
        taken, around = self.places[others], self.sizes[others] + gap
        if self.goal is not None:  # the token that moves stands at the way's end too
            arrived = self.sizes[[self.mover]] + _AROUND_CHIP * self.chip_size
            taken, around = np.concatenate([taken, self.way[-1:]]), np.concatenate([around, arrived])
        for index in np.flatnonzero(free).tolist():
            line = lines[index]
            if any(cross(line, other) or meets(other, places[[index]], size[None]).any() for other in self.lines):
                continue
            if not meets(line, taken, around).any():
                return places[index], line
        return None


def _to_edge(size: Array, ways: Array) -> Array:
    """Return how far it is from the middle of a box to its edge along each of the ``ways`` (n, 2), as (n, 1)."""
    return np.asarray((size / 2 / np.maximum(np.abs(ways), 1e-9)).min(axis=1, keepdims=True))


def _apart(places: Array, size: Array, points: Array, sizes: Array) -> Array:
    """Return how far boxes of one ``size`` at ``places`` (k, 2) are from other boxes (n, 2), edge to edge, (k, n)."""
    gaps = np.abs(places[:, None] - points) - (sizes + size) / 2
    return np.asarray(np.hypot(*np.maximum(gaps, 0).transpose(2, 0, 1)))


def _evened(points: Array) -> Array:
    """Return points (n, 2) half-way to as even a spread along each axis as their order allows."""
    ranks = points.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") / max(len(points) - 1, 1)
    low, high = points.min(axis=0), points.max(axis=0)
    return np.asarray((points - low) / np.maximum(high - low, 1e-9) + ranks)


def _meets_way(way: Array, points: Array, sizes: Array) -> NDArray[np.bool_]:
    """Return which boxes (n,) any of the points of a way (k, 2) is in."""
    return np.asarray((np.abs(way[:, None] - points) < sizes / 2).all(axis=-1).any(axis=0))


def _bent(start: Array, end: Array, bow: float) -> Array:
    """Return a way (k, 2) that leaves the straight one by ``bow`` of its length."""
    middle = (start + end) / 2 + 2 * bow * (end - start)[::-1] * [-1, 1]
    return np.asarray((1 - _STEPS) ** 2 * start + 2 * _STEPS * (1 - _STEPS) * middle + _STEPS**2 * end)
