"""Where the clip about several heads stands their matrices, the parts side by side, and the last product."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.places.chip_texts import ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region, visible_slots
from scenes.places.product_places import ProductPlaces, place_products

MOST_HEADS = 12
_NUMBERS = 3  # of each head's part that have a column, an ellipsis included


@dataclass(frozen=True)
class HeadPlaces:
    """What is shown of the heads, and where.

    ``heads`` and ``slots`` say which heads and tokens have a place, -1 for an ellipsis; ``columns`` which numbers of a
    head's part, ``outputs`` which of the output.
    """

    heads: NDArray[np.int64]
    slots: NDArray[np.int64]
    columns: NDArray[np.int64]
    outputs: NDArray[np.int64]
    texts: ChipTexts
    chip_size: float  # in em, scene units
    grid: tuple[Region, ...]  # one square for each head, with room for a name over it
    row: ProductPlaces  # the parts side by side, W_O over the output
    concatenated: NDArray[np.int64]  # which columns of all parts side by side have a place

    def part(self, place: int) -> Region:
        """Return where the part of the head at ``place`` stands in the row of all."""
        left, each = self.row.left, self.row.left.width / len(self.heads)
        return Region(left.left + place * each, left.bottom, left.left + (place + 1) * each, left.top)


def place_heads(trace: AttentionTrace, frame: Frame) -> HeadPlaces:
    """Return the places for as many tokens as can be named."""
    text = frame.text
    heads = visible_slots(trace.heads, MOST_HEADS)
    d_v = trace.values.shape[2]
    columns = visible_slots(d_v, _NUMBERS)
    shifted = [np.where(columns < 0, -1, columns + head * d_v) if head >= 0 else [-1] * len(columns) for head in heads]
    outputs = visible_slots(trace.output.shape[1], 7 if frame.wide else 5)
    body = frame.stage.cut_bottom(text * 1.6)[1].cut_top(text * 1.4)[1]  # names stand under and over it

    def place(most: int) -> HeadPlaces | None:
        slots = visible_slots(len(trace), most)
        texts = ChipTexts.of(trace, slots)
        for size in (frame.small_text, frame.smallest_text):
            row = place_products(
                body,
                (len(slots), len(heads) * len(columns)),
                [2 * len(outputs)],  # cells twice as wide as those of the parts
                texts.width() * size,
                (text * 1.1, text * 1.4),
                (text * 0.5, 0.0),
                highest_top=0.4,
            )
            if row.left.height / len(slots) >= max(texts.pitch(), 1.1) * size:
                return HeadPlaces(
                    heads, slots, columns, outputs, texts, size, _grid(frame, len(heads)), row, np.concatenate(shifted)
                )
        return None

    return fit(place)


def _grid(frame: Frame, count: int) -> tuple[Region, ...]:
    """Return ``count`` squares in lines, as large as fits, each with room for a name over it."""
    stage, name, gap = frame.stage, frame.small_text * 1.3, frame.text * 0.5

    def side_of(across: int) -> float:
        lines = math.ceil(count / across)
        wide, high = (stage.width - (across - 1) * gap) / across, (stage.height - (lines - 1) * gap) / lines - name
        return min(wide, high, 0.45 * stage.height)

    best = max(range(1, count + 1), key=side_of)
    side, lines = side_of(best), math.ceil(count / best)
    used = stage.middle(best * (side + gap) - gap, lines * (side + gap + name) - gap)
    return tuple(
        Region(
            used.left + (place % best) * (side + gap),
            used.top - (place // best) * (side + gap + name) - name - side,
            used.left + (place % best) * (side + gap) + side,
            used.top - (place // best) * (side + gap + name) - name,
        )
        for place in range(count)
    )
