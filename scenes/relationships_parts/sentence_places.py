"""Where a sentence's chips stand in one row or one column."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from attention.text import right_to_left
from scenes.drawing.arrays import Array
from scenes.mobjects.graph_nodes import chip_halves
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.layout import Region

_GAP = 0.3  # between chips in a row, in em, at least
_SPREAD = 0.6  # of the region's width, that a row takes at least
_LOOSE = 3.0  # from one chip of a column to the next, by the largest size, at most
_CLOSE = 0.86  # share of its place in a column that a chip may take


@dataclass(frozen=True)
class SentencePlaces:
    """Chips of a sentence, each as wide as its word, in a row, as the text runs, or a column from top to bottom."""

    texts: ChipTexts
    standing: Literal["row", "column"]
    size: float  # of the text, in em, scene units
    tall: float  # height of a chip, in em
    step: float  # from one chip of a row to the next, between their borders, or of a column, between their centres
    region: Region  # which the chips fill

    def without(self, left_out: Array | None = None) -> Array:
        """Return the chips' centres (n, 2) as they stand when some (n,) bool are gone and the others close up."""
        widths = chip_halves(self.texts, 2.0 * self.size)[:, 0]
        there = np.ones(len(widths)) if left_out is None else 1.0 - left_out
        if self.standing == "row":
            taken = (widths + self.step) * there
            ends = np.cumsum(taken)
            along = ends - taken + widths / 2 - (ends[-1] - self.step) / 2
            x = self.region.center[0] + (-along if right_to_left("".join(self.texts.labels)) else along)
            return np.stack([x, np.full(len(x), self.region.center[1])], axis=-1)
        steps = np.cumsum(there) - there
        y = self.region.center[1] + ((there.sum() - 1) / 2 - steps) * self.step
        return np.stack([self.region.right - widths / 2, y], axis=-1)


def place_row(texts: ChipTexts, region: Region, largest: float, smallest: float) -> SentencePlaces | None:
    """Return a row across the lower edge of ``region``, or None if it cannot be read."""
    widths = chip_halves(texts, 2.0)[:, 0]
    gaps = max(len(widths) - 1, 1)
    size = min(largest, region.width / (float(widths.sum()) + _GAP * gaps))
    if size < smallest:
        return None
    gap = max(_GAP * size, (_SPREAD * region.width - float(widths.sum()) * size) / gaps)
    return SentencePlaces(texts, "row", size, TALL, gap, region.cut_bottom(TALL * size)[0])


def place_column(texts: ChipTexts, region: Region, largest: float, smallest: float) -> SentencePlaces | None:
    """Return a column at the left of ``region``, or None if it cannot be read."""
    widths = chip_halves(texts, 2.0)[:, 0]
    pitch = min(region.height / len(widths), _LOOSE * largest)
    size = min(largest, max(pitch * _CLOSE / TALL, smallest))
    if pitch < texts.letters() * size or widths.max() * size > region.width / 2:
        return None
    tall = min(TALL, _CLOSE * pitch / size)
    return SentencePlaces(texts, "column", size, tall, pitch, region.cut_left(float(widths.max()) * size)[0])
