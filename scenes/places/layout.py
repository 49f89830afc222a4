"""Where things may stand: the frame with its safe area, and rectangles cut out of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from attention.own_theme import Corner
from attention.settings import FrameName
from scenes.drawing.arrays import Array, corners
from scenes.drawing.outlines import CAP_HEIGHT

SAFE_MARGIN = 0.04  # of the frame, on each side
LOGO = 0.06  # height of a logo, as a share of the frame's shorter side
# Heights of capitals, as shares of the frame's shorter side; a tall frame is watched on phones.
HERO, CAPTION, LABEL, SMALLEST = 0.045, 0.0283, 0.0221, 0.0201
HERO_TALL, CAPTION_TALL, LABEL_TALL, SMALLEST_TALL = 0.05, 0.038, 0.026, 0.0241

_SHORT_SIDE = 8.0  # scene units
_WIDEST_LOGO = {"top": 3.0, "bottom": 2.0}  # by that height: captions leave less room beside them than the strip
ASPECTS: dict[FrameName, tuple[int, int]] = {"16:9": (16, 9), "1:1": (1, 1), "9:16": (9, 16)}


@dataclass(frozen=True)
class Region:
    """An upright rectangle in scene units, y upward."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float]:
        """The middle, (x, y)."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def corners(self) -> Array:
        """The corner points of a drawn mobject that fills the region, (3, 3)."""
        return corners(*self.center, self.width, self.height)

    def cut_left(self, width: float, gap: float = 0.0) -> tuple["Region", "Region"]:
        """Return a strip of ``width`` from the left, and what is right of it beyond ``gap``."""
        edge = self.left + width
        return Region(self.left, self.bottom, edge, self.top), Region(edge + gap, self.bottom, self.right, self.top)

    def cut_top(self, height: float, gap: float = 0.0) -> tuple["Region", "Region"]:
        """Return a strip of ``height`` from the top, and what is under it beyond ``gap``."""
        edge = self.top - height
        return Region(self.left, edge, self.right, self.top), Region(self.left, self.bottom, self.right, edge - gap)

    def cut_bottom(self, height: float, gap: float = 0.0) -> tuple["Region", "Region"]:
        """Return a strip of ``height`` from the bottom, and what is over it beyond ``gap``."""
        edge = self.bottom + height
        return Region(self.left, self.bottom, self.right, edge), Region(self.left, edge + gap, self.right, self.top)

    def middle(self, width: float, height: float) -> "Region":
        """Return a region of the given size around the same centre, no larger than this one."""
        x, y = self.center
        width, height = min(width, self.width), min(height, self.height)
        return Region(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def mirrored(self, part: "Region") -> "Region":
        """Return where a ``part`` of this region is if left and right change places."""
        both = self.left + self.right
        return Region(both - part.right, part.bottom, both - part.left, part.top)


@dataclass(frozen=True)
class Frame:
    """The picture's frame. Sizes of text are in em: the font's size, more than its capitals are high."""

    name: FrameName
    noted: bool = False  # whether a line under the strip says which layer and head is shown
    captioned: bool = True  # whether captions stand under the stage
    marked: tuple[Corner, float] | None = None  # in which corner a logo stands, and its width by its height

    @property
    def width(self) -> float:
        """In scene units; the shorter side has eight, as Manim's default frame."""
        across, down = ASPECTS[self.name]
        return _SHORT_SIDE * max(across / down, 1)

    @property
    def height(self) -> float:
        """In scene units."""
        across, down = ASPECTS[self.name]
        return _SHORT_SIDE * max(down / across, 1)

    @property
    def wide(self) -> bool:
        """Whether there is room for two things side by side."""
        return self.width > self.height

    def has_shape(self, size: tuple[int, int]) -> bool:
        """Whether a picture of ``size`` (width, height) in pixels has the frame's shape, to one part in a hundred."""
        across, down = ASPECTS[self.name]
        return abs(size[0] * down - size[1] * across) <= 0.01 * size[1] * across

    def pixels(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return ``size``, (width, height) in pixels, if it has the frame's shape; else one with its shorter side.

        Both are even then, as video needs them.
        """
        if self.has_shape(size):
            return size
        across, down = ASPECTS[self.name]
        scale = min(size) / min(across, down)
        return round(across * scale / 2) * 2, round(down * scale / 2) * 2

    @cached_property
    def safe(self) -> Region:
        """What nothing may leave."""
        x, y = self.width * (0.5 - SAFE_MARGIN), self.height * (0.5 - SAFE_MARGIN)
        return Region(-x, -y, x, y)

    @property
    def tall(self) -> bool:
        """Whether it is higher than wide."""
        return self.height > self.width

    @property
    def smallest_text(self) -> float:
        """In em, for labels in crowded places: what would be smaller is left out."""
        return self._em(SMALLEST_TALL if self.tall else SMALLEST)

    @property
    def smallest_number(self) -> float:
        """In em, for numbers in cells."""
        return self.smallest_text

    @property
    def small_text(self) -> float:
        """In em, for labels and numbers."""
        return self._em(LABEL_TALL if self.tall else LABEL)

    @property
    def text(self) -> float:
        """In em, for captions and what is read first."""
        return self._em(CAPTION_TALL if self.tall else CAPTION)

    @property
    def hero(self) -> float:
        """In em, for the one thing that a picture is about."""
        return self._em(HERO_TALL if self.tall else HERO)

    def _em(self, share: float) -> float:
        """Return the em whose capitals are so high, as a share of the shorter side."""
        return share * _SHORT_SIDE / CAP_HEIGHT

    @cached_property
    def logo(self) -> Region | None:
        """Where a logo stands, if there is one."""
        if self.marked is None:
            return None
        edge, side = self.marked[0].split()
        height = LOGO * _SHORT_SIDE * min(_WIDEST_LOGO[edge] / self.marked[1], 1)
        width = height * self.marked[1]
        rows = self.safe.cut_top(height)[0] if edge == "top" else self.safe.cut_bottom(height)[0]
        first = rows.cut_left(width)[0]
        return first if side == "left" else rows.mirrored(first)

    @property
    def open_top(self) -> float:
        """Up to where a picture may go that has no strip over it."""
        return self._without_logo("top", beside=False).top

    def _without_logo(self, edge: str, *, beside: bool) -> Region:
        """Return the safe area without a logo at that edge: what is ``beside`` it, else what is over or under it."""
        if self.logo is None or self.marked is None or not self.marked[0].startswith(edge):
            return self.safe
        gap = 0.6 * self.text
        if beside:
            return self.safe.middle(self.safe.width - 2 * (self.logo.width + gap), self.safe.height)
        cut = self.safe.cut_top if edge == "top" else self.safe.cut_bottom
        return cut(self.logo.height, gap)[1]

    @property
    def strip(self) -> Region:
        """Where the strip of stages stands, at the top; in narrow frames it takes two lines."""
        return self._without_logo("top", beside=self.wide).cut_top(self.small_text * (1.5 if self.wide else 3.2))[0]

    @property
    def note(self) -> Region:
        """Where it is said which layer and head is shown, under the strip."""
        below = Region(self.safe.left, self.safe.bottom, self.safe.right, self.strip.bottom - self.smallest_text * 0.25)
        return below.cut_top(self.smallest_text * 1.3)[0]

    @property
    def caption(self) -> Region:
        """Where the caption stands, at the bottom; in narrow frames it takes two lines."""
        return self._without_logo("bottom", beside=self.wide).cut_bottom(self.text * (1.4 if self.wide else 2.8))[0]

    @property
    def stage(self) -> Region:
        """What is left for the clip's own picture."""
        gap = self.text * 0.6
        top = self.note.bottom if self.noted else self.strip.bottom
        bottom = self.caption.top + gap if self.captioned else self.safe.bottom + 2 * gap
        above, below = (self._without_logo(edge, beside=False) for edge in ("bottom", "top"))
        return Region(self.safe.left, max(bottom, above.bottom), self.safe.right, min(top - gap, below.top))


def visible_slots(count: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return which of ``count`` rows are shown in at most ``most`` places, with -1 for an ellipsis.

    >>> visible_slots(4, 5).tolist(), visible_slots(9, 5).tolist()
    ([0, 1, 2, 3], [0, 1, -1, 7, 8])
    """
    if count <= most:
        return np.arange(count)
    after = max((most - 1) // 2, 1)
    before = max(most - 1 - after, 1)
    return np.concatenate([np.arange(before), [-1], np.arange(count - after, count)])


def slots_around(run: NDArray[np.int64], count: int, most: int) -> NDArray[np.int64]:
    """Return which of ``count`` columns are shown in at most ``most`` places if neighbouring ones must be among them.

    >>> slots_around(np.array([3, 4]), 9, 6).tolist(), slots_around(np.array([7, 8]), 9, 6).tolist()
    ([-1, 3, 4, -1, 7, 8], [0, 1, 2, -1, 7, 8])
    """
    if count <= most:
        return np.arange(count)
    first, end = int(run[0]), int(run[-1]) + 1
    room = most - len(run)
    if end == count:
        return np.concatenate([np.arange(room - 1), [-1], run])
    before = [-1] if first else []
    after = min(room - len(before) - 1, count - end)
    gap = [-1] if count - after > end else []
    return np.concatenate([before, run, gap, np.arange(count - after, count)]).astype(np.int64)
