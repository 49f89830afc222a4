"""`PairMap`: where attention takes one word in two sentences, among rows of the embedding table."""

import numpy as np
from numpy.typing import NDArray

from scenes.comparison_parts.badge import RADIUS, paint_badge
from scenes.comparison_parts.pair_plane import pair_plane
from scenes.comparison_parts.pair_words import directions, words_around
from scenes.content.pair import Pair
from scenes.drawing.arrays import Array
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import outline
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import EMBEDDING, OUTPUT, Theme
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Frame, Region
from scenes.places.spreading import nearest_free, spread

_WORDS = 5  # on each side, and around where the word was before
_LONGEST_WORD, _LONGEST_CHIP = 7.0, 6.0  # in em
_ROOM = 0.35  # around a word, in em
_FARTHEST = 0.25  # that a word may be moved, as a share of the map's diagonal
_APART = 0.3  # from a badge to its chip, in em
_PADDED = 0.4  # around badges with what is beside them, in em
_BEFORE = "before"
_HEAD, _LINE = 0.5, 0.09  # length of an arrow's head, and its line's width, in em
_BOWS = (
    0.0,
    0.05,
    -0.05,
    0.1,
    -0.1,
    0.2,
    -0.2,
    0.32,
    -0.32,
    0.45,
    -0.45,
)  # how far arrows may bend, as shares of their length
_STEPS = np.linspace(0, 1, 161)[:, None]


class PairMap(DrawnMobject):
    """The word's rows of X as badges, arrows to its outputs, and around them words whose rows tell these apart.

    A point stands where its direction falls on :func:`~scenes.comparison_parts.pair_plane.pair_plane`, moved only as
    far as it takes to keep texts apart; words give way to badges and arrows, and are left out where they would have to
    go far. Words of the two sentences are chips, others quiet. ``shown`` (1,) fades the words in, ``present`` (2,) the
    sentences' badges and chips, and ``moved`` (2,) says how far each has gone on the way from before to after.

    Parameters
    ----------
    pair
        The word in both sentences.
    region
        Where it stands.
    frame, theme
        Give sizes and colours.
    head
        Whose weights say which words are named first.

    Examples
    --------
    .. code-block:: python

        class Map(DrawingScene):
            def construct(self):
                frame, pair = Frame("16:9"), read_pair(Settings())
                drawn = PairMap(pair, frame.stage, frame, THEMES["dark"])
                drawn.moved[:] = 0
                self.add(drawn)
                self.play(Change(drawn, moved=1))
    """

    changing = ("opacity", "shown", "present", "moved")

    def __init__(self, pair: Pair, region: Region, frame: Frame, theme: Theme, head: int = 0) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.region = region
        self.theme = theme
        self.size = frame.text * 1.15 if frame.wide else frame.small_text
        self.word_size = frame.text * 0.9 if frame.wide else frame.smallest_text
        texts = (
            ChipTexts.of(trace, np.array([token]), _LONGEST_CHIP)
            for trace, token in zip(pair.traces, pair.word.tokens, strict=True)
        )
        self.chips = [TokenChips(text, "row", self.size, theme) for text in texts]
        self._take_words(pair, head)
        self._place(pair)
        self._route()
        self._stand_words()
        self.shown: Array = np.ones(1)
        self.present: Array = np.ones(2)
        self.moved: Array = np.ones(2)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw words, then arrows, then badges and chips; in between y runs downward from the middle."""
        context.scale(width / self.region.width, height / self.region.height)
        context.translate(self.region.width / 2, self.region.height / 2)
        for index in np.flatnonzero(self.named).tolist():
            self._paint_word(context, index, float(self.opacity[0] * self.shown[0]))
        for which in (0, 1):
            self._paint_arrow(context, which, float(self.opacity[0] * self.present[which]))
        for which in (0, 1):
            self._paint_pin(context, which, float(self.opacity[0] * self.present[which]))

    def _take_words(self, pair: Pair, head: int) -> None:
        """Find the words, those of the sentences as chips."""
        words = words_around(pair, head, _WORDS)
        self.words = [word for word in words if not outline(word.text).missing]
        self.word_chips = [
            TokenChips(
                ChipTexts.of(pair.traces[word.place[0]], np.array([word.place[1]]), _LONGEST_WORD),
                "row",
                self.word_size,
                self.theme,
            )
            if word.place
            else None
            for word in self.words
        ]
        self.texts = [shorten(word.text, _LONGEST_WORD) for word in self.words]
        sizes = [
            (chip.texts.width(), TALL) if chip else (outline(text).width, outline(text).top + outline(text).bottom)
            for chip, text in zip(self.word_chips, self.texts, strict=True)
        ]
        self.sizes = np.array(sizes).reshape(-1, 2) * self.word_size

    def _place(self, pair: Pair) -> None:
        """Find all places around the map's middle, y downward: badges before, badges after, then words."""
        before, after = (
            directions(np.stack([getattr(t, field)[k] for t, k in zip(pair.traces, pair.word.tokens, strict=True)]))
            for field in ("embeddings", "output")
        )
        rows = np.array([word.direction for word in self.words]).reshape(-1, before.shape[1])
        self.plane = pair_plane(before, after, rows)
        self.true_places = np.concatenate([before, after, rows]) @ self.plane.T
        pins, offsets = self._pin_boxes()
        beyond = np.abs(offsets[:, 0] + pins[:, 0] / 2 * [-1, -1, 1, 1]).max()  # the badges on both sides
        inner = self.region.width - 2 * beyond, self.region.height - 1.4 * TALL * self.size
        places = _scaled(self.true_places * [1, -1], max(inner[0], 0.1), max(inner[1], 0.1))
        for pair_of_pins in (slice(0, 2), slice(2, 4)):
            above = _above_each_other(places[pair_of_pins] + offsets[pair_of_pins], pins[pair_of_pins])
            places[pair_of_pins] = _inside(above, pins[pair_of_pins], self.region)
        places[:4], _ = spread(places[:4], pins, self.region.width, self.region.height)
        self.boxes, self.box_places = pins, places[:4].copy()
        places[:4] -= offsets
        self.places = places

    def _pin_boxes(self) -> tuple[Array, Array]:
        """Return what badges take with the chips beside them, (4, 2), and how far its middle is from the badge."""
        note = outline(_BEFORE).width * self.word_size
        left = np.array([note, note, 0, 0])
        right = np.tile([chip.texts.width() * self.size for chip in self.chips], 2)
        left, right = (np.where(part > 0, part + _APART * self.size, 0) for part in (left, right))
        boxes = np.stack([2 * RADIUS * self.size + left + right, np.full(4, TALL * self.size)], axis=-1)
        return boxes + _PADDED * self.size, np.stack([(right - left) / 2, np.zeros(4)], axis=-1)

    def _route(self) -> None:
        """Find a way for each arrow that crosses no badge or chip."""
        self.ways = [self._bent(which, 0.0) for which in (0, 1)]
        self.ways = [self._way(which) for which in (0, 1)]

    def _stand_words(self) -> None:
        """Stand each word as near to its place as badges, chips on their ways, and words before it leave room."""
        standing, room_taken = [self.box_places], [self.boxes]
        for which, way in enumerate(self.ways):
            passing = np.stack([self._chip_middle(which, moved) for moved in np.linspace(0, 1, 41).tolist()])
            chip = np.array([self.chips[which].texts.width(), TALL]) * self.size
            standing += [way[::4], passing]
            room_taken += [np.full((len(way[::4]), 2), 2 * RADIUS * self.size), np.tile(chip, (len(passing), 1))]
        taken, taking = np.concatenate(standing), np.concatenate(room_taken)
        room, padded = (self.region.width, self.region.height), self.sizes + 2 * _ROOM * self.word_size
        self.named: NDArray[np.bool_] = np.zeros(len(self.words), dtype=bool)
        middle = self.places[:4, 1].mean()
        for word, size in enumerate(padded):
            own = self.places[4 + word]
            beyond = [0.0, middle + np.copysign(room[1], middle - own[1])]  # what is higher is more like the first
            boxes, sizes = np.vstack([taken, beyond]), np.vstack([taking, np.multiply(2, room)])
            place = nearest_free(own, size, boxes, sizes, room)
            if place is not None and np.hypot(*(place - own)) < _FARTHEST * np.hypot(*room):
                self.places[4 + word], self.named[word] = place, True
                taken, taking = np.concatenate([taken, [place]]), np.concatenate([taking, [size]])

    def _way(self, which: int) -> Array:
        """Return the points (k, 2) of an arrow from one badge to the other, bent only where it has to."""
        others = [1 - which, 3 - which]
        places, sizes = self.box_places[others], self.boxes[others] - _PADDED * self.size
        badge = np.full(2, RADIUS * self.size)
        chip = np.array([self.chips[which].texts.width(), TALL]) * self.size / 2
        edge = np.array([self.region.width, self.region.height]) / 2

        def met(way: Array) -> tuple[int, int]:
            along = np.add(way, [self._aside(which), 0])
            hits, grazed = (
                int((np.abs(one[:, None] - places) < sizes / 2 + half).all(axis=-1).sum() + (np.abs(one) > limit).sum())
                for one, half, limit in ((way, badge, edge), (along, chip, edge - chip))
            )
            return hits, grazed

        return min((self._bent(which, bow) for bow in _BOWS), key=met)

    def _bent(self, which: int, bow: float) -> Array:
        start, end = self.places[which], self.places[2 + which]
        middle = (start + end) / 2 + 2 * bow * (end - start)[::-1] * [-1, 1]
        return np.asarray((1 - _STEPS) ** 2 * start + 2 * _STEPS * (1 - _STEPS) * middle + _STEPS**2 * end)

    def _chip_middle(self, which: int, moved: float) -> Array:
        """Return the middle of a chip, which goes ahead of its badge."""
        return np.add(self._badge_middle(which, moved), [self._aside(which), 0])

    def _aside(self, which: int) -> float:
        """Return how far the middle of a chip is from that of its badge."""
        return (RADIUS + _APART) * self.size + self.chips[which].texts.width() * self.size / 2

    def _badge_middle(self, which: int, moved: float) -> Array:
        return np.asarray(self._gone(which, moved)[-1])

    def _gone(self, which: int, moved: float) -> Array:
        """Return what has been gone of a way, (k, 2)."""
        way = self.ways[which]
        return way[: round(moved * (len(way) - 1)) + 1]

    def _paint_word(self, context: Context, index: int, alpha: float) -> None:
        (x, y), chip = self.places[4 + index], self.word_chips[index]
        context.save()
        if chip:
            width, height = self.sizes[index]
            context.translate(x - width / 2, y - height / 2)
            chip.set_opacity(alpha).paint(context, width, height)
        else:
            self._paint_text(context, self.texts[index], x, y, alpha)
        context.restore()

    def _paint_text(self, context: Context, text: str, x: float, y: float, alpha: float) -> None:
        line = outline(text)
        context.translate(x, y)
        context.scale(self.word_size, self.word_size)
        context.translate(-line.width / 2, (line.top - line.bottom) / 2)
        line.draw(context, self.theme.quiet, alpha)

    def _paint_arrow(self, context: Context, which: int, alpha: float) -> None:
        """Draw what has been gone of an arrow, from edge to edge of its badges."""
        gone, room = self._gone(which, float(self.moved[which])), (RADIUS + 0.15) * self.size
        free = (np.hypot(*(gone - gone[0]).T) > room) & (np.hypot(*(gone - gone[-1]).T) > room)
        drawn, ink = gone[free], self.theme.ink(OUTPUT)
        if len(drawn) < 2 or alpha <= 0:
            return
        left = np.hypot(*(drawn - drawn[-1]).T)  # to the tip
        back = max(int((left > _HEAD * self.size).sum()) - 1, 0)
        stroke_line(context, drawn[: back + 2], _LINE * self.size, ink, alpha)
        fill_head(context, head_outline(drawn[-1], drawn[back], 0.45 * _HEAD * self.size), ink, alpha)

    def _paint_pin(self, context: Context, which: int, alpha: float) -> None:
        """Draw the badge before with what is left there, then the badge and chip that move."""
        if alpha <= 0:
            return
        moved, chip = float(self.moved[which]), self.chips[which]
        away = np.hypot(*(self._badge_middle(which, moved) - self.places[which])) / (2 * RADIUS * self.size)
        left = np.clip(2 * (away - 1), 0, 1) if moved > 0 else 1.0  # a badge that goes covers no part of its number
        self._paint_badge(context, which, self.places[which], None, alpha * float(left))
        if moved > 0:
            note = outline(_BEFORE).width * self.word_size / 2 + (RADIUS + _APART) * self.size
            context.save()
            x, y = self.places[which] - [note, 0]
            self._paint_text(context, _BEFORE, x, y, alpha * max(2 * moved - 1, 0))
            context.restore()
            self._paint_badge(context, which, self._badge_middle(which, moved), OUTPUT, alpha)
        width, height = chip.texts.width() * self.size, TALL * self.size
        x, y = self._chip_middle(which, moved)
        context.save()
        context.translate(x - width / 2, y - height / 2)
        chip.set_opacity(alpha).paint(context, width, height)
        context.restore()

    def _paint_badge(
        self, context: Context, which: int, place: Array, fill: tuple[float, float, float] | None, alpha: float
    ) -> None:
        context.save()
        context.translate(*place)
        context.scale(self.size, self.size)
        paint_badge(context, which + 1, fill or EMBEDDING, fill, self.theme, alpha)
        context.restore()


def _scaled(points: Array, width: float, height: float) -> Array:
    """Return points (n, 2) that fill a rectangle around the origin, but upward in no larger scale than across.

    So what tells the two sentences apart is never drawn larger than the way that both have gone.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    across, up = np.array([width, height]) / np.maximum(high - low, 1e-9)
    return np.asarray((points - (low + high) / 2) * [across, min(across, up)])


def _inside(places: Array, sizes: Array, region: Region) -> Array:
    """Return the middles of boxes, moved together, as far as they can be, into a region around the origin."""
    half = np.array([region.width, region.height]) / 2
    low, high = (places - sizes / 2).min(axis=0), (places + sizes / 2).max(axis=0)
    return np.asarray(places + np.maximum(-half - low, 0) - np.maximum(high - half, 0))


def _above_each_other(places: Array, sizes: Array) -> Array:
    """Return the middles of two boxes, moved apart so that the first stands over the second if they overlap."""
    if (np.abs(places[0] - places[1]) >= sizes.mean(axis=0)).any():
        return places
    middle, half = places.mean(axis=0), sizes[:, 1].mean() / 2
    upper_first = places[0, 1] <= places[1, 1]  # y runs downward
    return np.asarray(middle + np.array([[0, -half], [0, half]]) * (1 if upper_first else -1))
