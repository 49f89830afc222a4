"""Where the tokens stand: on a ring, then around the one that asks; and the bar that fits between them."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Integers
from attention.text import right_to_left
from scenes.communication_parts.around import around
from scenes.drawing.arrays import Array
from scenes.mobjects.edge_ends import way_out
from scenes.mobjects.edge_routes import LOOP_HEIGHT
from scenes.mobjects.graph_nodes import chip_halves
from scenes.mobjects.weighted_graph import number_half
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import first_fit, sizes
from scenes.places.layout import Frame, Region

SMALLEST_SHARE = 0.005  # that is printed: less would be 0.00
_HEADING = 0.9  # its size above the bar
LOOP = 0.6  # size of a loop among others
ASKING = 1.3  # size of the asking token among the others
_LARGEST = 1.9  # size of a token among others, by that of the text
_ALONE = 3.6  # size of a token that is the only one
_MANY = 10  # numbers, beyond which they are smaller
_GAP = 0.5  # between chips, in em of theirs
STUB = 0.4  # what is seen of an edge that is drawn in, in em of the chips
_SHORTEST = 1.7  # an edge, in em of the chips
_WRITTEN = 1.2, 1.0  # sizes of what is written on the bar, by that of other texts
_BAR = {"16:9": 2.8, "1:1": 3.6, "9:16": 5.0}  # its height in em of that
_AROUND_BAR = 0.4  # between the bar and what is above and below it, in em of the chips
_STRONG = 1.5  # how much more of the free room the strongest sender has beside it


@dataclass(frozen=True)
class StarPlaces:
    """Places of n chips in scene units: ``ring`` (n, 2) with the asker among the others, ``star`` (n, 2) with it in the
    middle, and ``sizes`` (n,) there; ``number_size`` in em."""

    texts: ChipTexts
    asker: int
    region: Region
    size: float
    ring: Array
    star: Array
    sizes: Array
    number_size: float
    bar: Region
    written: tuple[float, ...]  # sizes of what may be written on the bar, in em, the best first
    head: tuple[float, float]  # where the asker stands above the bar
    heading: float  # its size there
    foot: tuple[float, float]  # the middle of what stands below it


def place_star(trace: AttentionTrace, frame: Frame, slots: Integers, followed: int, shares: Array) -> StarPlaces | None:
    """Return places for the largest chips that have room; words are cut only where nothing else helps.

    Parameters
    ----------
    slots
        (n,), which tokens are shown, -1 for an ellipsis.
    followed
        The one that asks.
    shares
        (n,), what it gives to each.
    """
    largest = frame.text * (_ALONE if len(slots) == 1 else _LARGEST)
    wide, narrow = ((9.0, 6.5), (5.0, 4.0))
    tries = [*product(sizes(largest, frame.smallest_text), wide), *product(sizes(largest, frame.smallest_text), narrow)]
    return first_fit(lambda tried: _place(trace, frame, slots, followed, shares, *tried), tries)


def _place(
    trace: AttentionTrace, frame: Frame, slots: Integers, followed: int, shares: Array, size: float, longest: float
) -> StarPlaces | None:
    region = frame.stage.middle(frame.stage.width, frame.stage.height - 0.3 * frame.text)
    texts = ChipTexts.of(trace, slots, longest, followed)
    printed = int((shares >= SMALLEST_SHARE).sum())
    halves, count = chip_halves(texts, size), len(slots)
    asker = int(np.flatnonzero(slots == followed)[0])
    number_size = frame.small_text if printed > _MANY else frame.text
    written = tuple(share * (frame.text if frame.wide else frame.small_text) for share in _WRITTEN)
    height = _BAR[frame.name] * written[0]
    x, y = region.center
    bar = Region(region.left, y - height / 2, region.right, y + height / 2)
    beyond = height / 2 + _AROUND_BAR * size
    chip_sizes = np.full(count, size * (ASKING if count > 1 else 1))
    chip_sizes[np.arange(count) != asker] = size
    others = np.delete(np.arange(count), asker)
    strong = _STRONG * np.sqrt(shares / max(float(shares[others].max(initial=0.0)), 1e-9)).clip(0, 1)
    places = ring, star = np.tile(region.center, (2, count, 1)).astype(float)
    if count == 1:
        places -= [0.0, size]  # its loop stands above it
    else:
        backward = right_to_left(trace.sentence)
        on_ring = around(region, halves, _GAP * size, beyond, np.ones(count), backward=backward)
        in_star = around(region, halves[others], _GAP * size, beyond, 1 + strong[others], backward=backward)
        above = region.height / 2 - 2 * halves[0, 1] - beyond - TALL * _HEADING * size
        if on_ring is None or in_star is None or above < (STUB + 0.4) * size:
            return None
        ring, star[others] = on_ring, in_star
        beside = ASKING * (halves[asker, 0] + LOOP * LOOP_HEIGHT * halves[asker, 1]) + 2.2 * number_half(number_size)[0]
        if beside > region.width / 2 or _shortest(star, halves, asker) < _SHORTEST * size:
            return None
    return StarPlaces(
        texts,
        asker,
        region,
        size,
        ring,
        star,
        chip_sizes,
        number_size,
        bar,
        written,
        (x, bar.top + (_AROUND_BAR + TALL * _HEADING / 2) * size),
        _HEADING * size,
        (x, bar.bottom - _AROUND_BAR * size - frame.text / 2),
    )


def _shortest(star: Array, halves: Array, asker: int) -> float:
    """Return how long the shortest edge into the middle is, from border to border."""
    away = np.delete(star - star[asker], asker, axis=0)
    lengths = np.hypot(*away.T)
    along = away / lengths[:, None]
    taken = way_out(along, np.delete(halves, asker, axis=0)) + way_out(along, ASKING * halves[asker])
    return float((lengths - taken).min())
