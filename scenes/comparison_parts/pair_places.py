"""Where two sentences stand, one above the other, with room for a bar on each chip."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attention.text import right_to_left
from scenes.comparison_parts.badge import RADIUS
from scenes.comparison_parts.chip_bars import GAP, NUMBER
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import CAP_HEIGHT
from scenes.mobjects.graph_nodes import chip_halves
from scenes.places.chip_lines import ChipBlock, lay_chips
from scenes.places.chip_texts import ChipTexts
from scenes.places.layout import Region

GUTTER = 2 * RADIUS + 0.5  # room for a sentence's badge, in em
_BETWEEN, _LINES = 0.9, 0.45  # the least room between the sentences, and between lines, in em
_SPACED = 1.15 * NUMBER  # size of numbers for which there is room, in em, so that two do not read as one
_FINER = 0.96  # from one size that is tried to the next


@dataclass(frozen=True)
class PairPlaces:
    """Where the chips of two sentences stand.

    Parameters
    ----------
    size
        Of their text, in em, scene units.
    bar
        Height of the largest bar, in em.
    centers
        The middles of the chips of each sentence, (n, 2).
    badges
        The middles of their badges, (2, 2).
    height
        What both sentences take with the least room between them, scene units.
    """

    size: float
    bar: float
    centers: tuple[Array, Array]
    badges: Array
    height: float


def place_pair(
    texts: Sequence[ChipTexts],
    numbers: Sequence[list[str]],
    region: Region,
    sizes: tuple[float, float, float],
    bars: Sequence[float],
    *,
    flush: bool = False,
) -> PairPlaces | None:
    """Return places for two sentences, in few lines rather than in large letters, and with high bars.

    Parameters
    ----------
    texts, numbers
        What the chips of each sentence say, and what stands over their bars.
    region
        In scene units.
    sizes
        Of the text, in em: the largest, one that is read with ease, and the smallest. Between the first two, fewer
        lines count for more than size; only where nothing fits there it goes below.
    bars
        Heights of the largest bar to choose from, in em, the best one first.
    flush
        Whether all lines begin at the region's left edge; else they are centred.
    """
    largest, easy, smallest = sizes
    steps = int(np.ceil(np.log(largest / smallest) / np.log(1 / _FINER))) + 1
    tried = np.geomspace(largest, smallest, steps).tolist()
    found = [(size, blocks) for size in tried if (blocks := _fitting(texts, numbers, region, size, bars[-1]))]
    if not found:
        return None
    with_ease = [one for one in found if one[0] >= easy] or found[:1]
    size, _ = min(with_ease, key=lambda one: (_height(one[1]), -one[0]))
    for bar in bars:
        blocks = _fitting(texts, numbers, region, size, bar)
        if blocks:
            return _placed(texts, blocks, region, size, bar, flush=flush)
    return None


def _fitting(
    texts: Sequence[ChipTexts], numbers: Sequence[list[str]], region: Region, size: float, bar: float
) -> list[ChipBlock] | None:
    blocks = _blocks(texts, numbers, region.width / size, bar)
    return blocks if blocks and _height(blocks) * size <= region.height else None


def _height(blocks: Sequence[ChipBlock]) -> float:
    """Return what both sentences take with the least room between them, in em."""
    return sum(block.height for block in blocks) + _BETWEEN


def _blocks(
    texts: Sequence[ChipTexts], numbers: Sequence[list[str]], width: float, bar: float
) -> list[ChipBlock] | None:
    """Return the chips of both sentences in em, None where one is wider than ``width``."""
    printed = GAP + NUMBER * CAP_HEIGHT if any(map(any, numbers)) else 0.0
    room = (bar + GAP + printed if bar else 0.0), 0.0
    laid = (_evenly(text, number, width - GUTTER, room) for text, number in zip(texts, numbers, strict=True))
    blocks = [block for block in laid if block]
    return blocks if len(blocks) == len(texts) else None


def _evenly(text: ChipTexts, number: list[str], width: float, room: tuple[float, float]) -> ChipBlock | None:
    """Return a sentence's chips in as few lines as fit, none of them much shorter than the others."""
    backward = right_to_left("".join(text.labels))
    best = lay_chips(text, number, width, backward, room, _LINES, _SPACED)
    for narrower in np.linspace(width, width / 2, 20)[1:].tolist() if best else ():
        block = lay_chips(text, number, narrower, backward, room, _LINES, _SPACED)
        if block is None or best is None or block.height > best.height:
            break
        best = block
    return best


def _placed(
    texts: Sequence[ChipTexts], blocks: Sequence[ChipBlock], region: Region, size: float, bar: float, *, flush: bool
) -> PairPlaces:
    """Stand the sentences as far from each other as from the region's edges."""
    height = _height(blocks) * size
    margin = (region.height - height) / 3
    tops = region.top - margin, region.bottom + margin + blocks[1].height * size
    middle = region.center[0] + GUTTER * size / 2
    centers, badges = [], []
    for text, block, top in zip(texts, blocks, tops, strict=True):
        places, halves = block.centers * size + [middle, top], chip_halves(text, size)[:, 0]
        if flush:
            places[:, 0] += region.left + GUTTER * size - _line_starts(places, halves)
        centers.append(places)
        badges.append([(places[:, 0] - halves).min() - (GUTTER - RADIUS) * size, places[:, 1].max()])
    return PairPlaces(size, bar, (centers[0], centers[1]), np.array(badges), height)


def _line_starts(places: Array, halves: Array) -> Array:
    """Return where the line of each chip begins, (n,)."""
    same = np.isclose(places[:, None, 1], places[:, 1])
    return np.asarray(np.where(same, places[:, 0] - halves, np.inf).min(axis=1))
