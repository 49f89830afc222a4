"""Where the clip about several heads stands their matrices, the parts side by side, and the last product."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Integers
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import fit
from scenes.places.layout import Frame, Region, visible_slots
from scenes.places.matrix_places import MatrixPlaces, place_matrix
from scenes.places.product_places import ProductPlaces, place_products

MOST_HEADS = 12
_COLUMNS = 36  # of all parts side by side, ellipses included; each has three at least


@dataclass(frozen=True)
class OneHead:
    """Where the weights of one head stand alone, with the tokens as names of rows and columns."""

    slots: Integers  # which tokens have a place, -1 for an ellipsis
    texts: ChipTexts
    size: float  # of the chips' text, in em, scene units
    turned: bool  # whether the names of columns stand upright
    places: MatrixPlaces


@dataclass(frozen=True)
class HeadPlaces:
    """What is shown of the heads, and where.

    ``heads`` and ``slots`` say which heads and tokens have a place, -1 for an ellipsis; ``columns`` which numbers of a
    head's part, ``outputs`` which of the output.
    """

    alone: OneHead
    heads: Integers
    slots: Integers
    columns: Integers
    outputs: Integers
    texts: ChipTexts
    chip_size: float  # in em, scene units
    grid: tuple[Region, ...]  # one square for each head, with room for a name over it and a token under it
    row: ProductPlaces  # the parts side by side, W_O over the output
    concatenated: Integers  # which columns of all parts side by side have a place

    def part(self, place: int) -> Region:
        """Return where the part of the head at ``place`` stands in the row of all."""
        left, each = self.row.left, self.row.left.width / len(self.heads)
        return Region(left.left + place * each, left.bottom, left.left + (place + 1) * each, left.top)


def place_heads(
    trace: AttentionTrace, frame: Frame, shown_tokens: Callable[[int], Integers], followed: int
) -> HeadPlaces:
    """Return the places for as many tokens as can be named."""
    text = frame.text
    heads = visible_slots(trace.heads, MOST_HEADS)
    d_v = trace.values.shape[2]
    columns = visible_slots(d_v, max(_COLUMNS // len(heads), 3))
    shifted = [np.where(columns < 0, -1, columns + head * d_v) if head >= 0 else [-1] * len(columns) for head in heads]
    outputs = visible_slots(trace.output.shape[1], 7 if frame.wide else 5)
    alone = _place_one(trace, frame, shown_tokens, followed)
    body = frame.stage.cut_bottom(text * 1.6)[1].cut_top(text * 1.4)[1]  # names stand under and over it

    def place(most: int) -> HeadPlaces | None:
        slots = shown_tokens(most)
        texts = ChipTexts.of(trace, slots, followed=followed)
        for size in (frame.small_text, frame.smallest_text):
            row = place_products(
                body,
                (len(slots), len(heads) * len(columns)),
                [2 * len(outputs)],  # cells twice as wide as those of the parts
                texts.width() * size,
                (text * 1.1, text * 1.4),
                (text * 0.5, 0.0),
                highest_top=0.24,
            )
            if row.left.height / len(slots) >= max(texts.letters(), 1.1) * size:
                grid, concatenated = _grid(frame, len(heads)), np.concatenate(shifted)
                return HeadPlaces(alone, heads, slots, columns, outputs, texts, size, grid, row, concatenated)
        return None

    return fit(place)


def _place_one(trace: AttentionTrace, frame: Frame, shown_tokens: Callable[[int], Integers], followed: int) -> OneHead:
    """Return where one head's matrix stands under its name."""
    region = frame.stage.cut_top(frame.text * 1.6)[1]
    largest = frame.text * 5.0, frame.text * 3.2

    def place(most: int) -> OneHead | None:
        slots = shown_tokens(most)
        texts, count = ChipTexts.of(trace, slots, followed=followed), len(slots)
        for size in (frame.small_text, frame.smallest_text):
            across = texts.width() * size
            turned = across > 0.96 * min(largest[0], (region.width - across) / count)
            places = place_matrix(region, (count, count), (across, across if turned else TALL * size), largest)
            pitches = places.cells.height, *([places.cells.width] if turned else [])
            if min(pitches) / count >= max(texts.letters(), 1.1) * size:
                return OneHead(slots, texts, size, turned, places)
        return None

    return fit(place)


def _grid(frame: Frame, count: int) -> tuple[Region, ...]:
    """Return ``count`` squares in lines, as large as fits, each with room for a name over it and a token under it."""
    stage, name, gap = frame.stage, frame.small_text * 1.3, frame.text * 0.6

    def side_of(across: int) -> float:
        lines = math.ceil(count / across)
        return min((stage.width + gap) / across - gap, (stage.height + gap) / lines - gap - 2 * name)

    best = max(range(1, count + 1), key=side_of)
    side, lines = side_of(best), math.ceil(count / best)
    across, down = side + gap, side + gap + 2 * name
    used = stage.middle(best * across - gap, lines * down - gap)
    corners = [(used.left + place % best * across, used.top - name - place // best * down) for place in range(count)]
    return tuple(Region(left, top - side, left + side, top) for left, top in corners)
