"""`place_ring`: where the chips stand on a ring, and around the token that the film follows."""

from collections.abc import Callable
from itertools import chain, islice, product
from typing import NamedTuple

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Floats, Integers
from attention.text import right_to_left
from scenes.directed_graph_parts.answer import told_places
from scenes.directed_graph_parts.inside import Inside, find_inside
from scenes.directed_graph_parts.ring_places import ring_places
from scenes.drawing.arrays import Array
from scenes.mobjects.edge_routes import LOOP_HEIGHT
from scenes.mobjects.graph_nodes import chip_halves
from scenes.mobjects.weighted_graph import number_half
from scenes.places.chip_texts import TALL, ChipTexts
from scenes.places.fitting import MOST_TOKENS, first_fit, fit
from scenes.places.layout import Frame, Region

LOOPS = 0.5  # size of loops on the ring
LOOP = TALL / 2 * (LOOP_HEIGHT * LOOPS + 0.5)  # how far one stands out, in em
SIZES, LARGE_ONES = 4, 2  # sizes that are tried from the first on that has room, and those that are tried before
ALONE, PAIR, LARGE = 3.4, 2.4, 1.7  # size of a token that is the only one, of one of two, and of one of more
MOST_NARROW = 14  # tokens in a narrow frame
FEWEST = 2  # shares that are told beside its own, if there are more
LARGER = (1.2, 1.0, 0.8)  # how much larger it is there with edges and numbers, as tried
GROWN = 1.5  # size of the token inside, by that of the others, and by that of its edges
REACHES = (1 / 3, 0.4, 0.5, 0.6, 0.8)  # how far it may go, by the ring's half; the first that leaves room for numbers
STRETCHES = (1.8, 1.6, 1.4, 1.2, 1.0)  # how much more than its room a ring is asked to take; chips keep within it
FLATTEST = 5.5  # width of the ring by its height, at most
GAP = 1.1, 2.0  # between neighbours in wide and in narrow frames, in em


class RingPlaces(NamedTuple):
    """Chips on a ring, and around the token that has gone inside."""

    slots: Integers  # which tokens, -1 for an ellipsis
    texts: ChipTexts
    size: float  # of the chips' text, in em
    places: Array  # (n, 2), on the ring
    middle: Array  # (2,)
    asker: int  # which place the token that is followed has
    told: list[int]  # the places of those whose shares are told, the largest first
    inside: Inside  # where the token that is followed goes
    larger: float  # how large it and its edges are there
    number_size: float  # in em

    @property
    def around(self) -> Array:
        """The places (n, 2) with the token that is followed inside."""
        places = self.places.copy()
        places[self.asker] = self.inside.place
        return places

    @property
    def sizes(self) -> Array:
        """The sizes (n,) of the chips' texts around it."""
        sizes = np.full(len(self.places), self.size)
        sizes[self.asker] *= GROWN * self.larger if len(sizes) > 2 else 1
        return sizes


def place_ring(
    trace: AttentionTrace, weights: Floats, frame: Frame, followed: int, shown: Callable[[int], Integers]
) -> RingPlaces:
    """Return places for the largest chips of as many tokens as can be read; ``shown`` chooses them.

    There is room for the loops outside, and inside for the token that is followed with its edges and numbers.
    """

    def place(most: int) -> RingPlaces | None:
        slots = shown(most)
        shares = np.where(slots >= 0, weights[followed, slots], 0.0)
        asker = int(np.flatnonzero(slots == followed)[0])
        told = told_places(shares, asker, frame.wide)
        largest = frame.text * {1: ALONE, 2: PAIR if frame.wide else LARGE}.get(len(slots), LARGE)
        sizes = np.linspace(largest, frame.smallest_text, 12).tolist()
        lengths = (9.0, 6.5, 5.0) if frame.wide else (6.5, 5.0, 4.0)
        cut = (ChipTexts.of(trace, slots, longest, followed) for longest in lengths)
        texts = {each.labels: each for each in cut}.values()
        backward = right_to_left(trace.sentence)
        bare = (_ring(frame, slots, text, size, asker, backward) for size, text in product(sizes, texts))
        return _around(frame, list(islice(filter(None, bare), SIZES)), told)

    return fit(place, MOST_TOKENS if frame.wide else MOST_NARROW)


def _ring(
    frame: Frame, slots: Integers, texts: ChipTexts, size: float, asker: int, backward: bool
) -> RingPlaces | None:
    """Return the ring of chips of one size, nothing told yet; None where it has no room."""
    count, halves, stage, loop = len(slots), chip_halves(texts, size), frame.stage, LOOP * size
    gap = GAP[not frame.wide] * size if count > 2 else 5 * number_half(frame.hero)[0]
    room = stage.middle(stage.width - 2 * loop, stage.height - 2 * loop)
    places = _on_a_ring(room, halves, gap, backward, narrow=not frame.wide)
    if places is None:
        return None
    middle = np.array(room.center)
    if count < 3:
        places = places - [0.0, size]  # loops stand above
    inside = Inside(places[asker], np.array([0.0, 1.0]))
    return RingPlaces(slots, texts, size, places, middle, asker, [], inside, max(LARGER), frame.hero)


def _around(frame: Frame, rings: list[RingPlaces], told: list[int]) -> RingPlaces | None:
    """Return a ring with the token inside that is followed: near its own place, then as large, then told as much."""

    def within(tried: tuple[tuple[float, RingPlaces], int, float]) -> RingPlaces | None:
        (reach, ring), most, larger = tried
        count, size = len(ring.slots), ring.size
        number = max(larger * size, frame.text if frame.wide else frame.small_text)
        own = GROWN * max(larger, 1.0)
        grown = chip_halves(ring.texts, size) * np.where(np.arange(count) == ring.asker, own, 1.0)[:, None]
        half, loop = number_half(number), own * LOOP * size
        inside = find_inside(ring.places, grown, ring.asker, told[:most], half, loop, size, reach, frame.stage)
        return inside and ring._replace(told=told[:most], inside=inside, larger=max(larger, 1.0), number_size=number)

    if rings and (len(rings[0].slots) < 3 or not told):  # it stays
        return rings[0]._replace(told=told, larger=max(LARGER) if told else 1 / GROWN)
    nearest = [*product(REACHES, rings[:LARGE_ONES]), *product(REACHES, rings[LARGE_ONES:])]
    enough, few = range(len(told), FEWEST - 1, -1), range(min(len(told), FEWEST - 1), 0, -1)
    return first_fit(within, chain(product(nearest, enough, LARGER), product(nearest, few, LARGER)))


def _on_a_ring(room: Region, halves: Array, gap: float, backward: bool, *, narrow: bool) -> Array | None:
    """Return places on the widest ring that stays in a room."""
    x = room.center[0]
    for stretch in STRETCHES:
        half = stretch * room.width / 2
        wider = Region(x - half, room.bottom, x + half, room.top)
        places = ring_places(wider, halves, gap, FLATTEST, backward=backward, narrow=narrow)
        if places is not None and (np.abs(places[:, 0] - x) + halves[:, 0]).max() <= room.width / 2 + 1e-6:
            return places
    return None
