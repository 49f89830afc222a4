"""`Turns`: chips fly one after another, so that most of them arrive and none drives through another."""

from collections.abc import Iterator

import numpy as np
from manim import smooth
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

_FLIGHT = 32  # moments of one flight
_STEP = 4  # moments from one time to set off to the next
_FLOWN = np.array([smooth(moment / _FLIGHT) for moment in range(_FLIGHT + 1)])  # share of the way at each
_AT_ONCE = 3  # chips in the air at most
_ROOM = 1.08  # of a chip's box that others keep free


class Turns:
    """Where chips are while they go one after another, and how far each has grown to its new size.

    Those nearest to where all of them go set off first, if they can. Each goes straight, or in two legs around a
    corner, as early as it meets no other; those that have no such way are not among those :attr:`flying`.

    Parameters
    ----------
    starts, ends
        The chips' centres before and after, (n, 2) each; they end in a row or in a column.
    halves
        Half their widths and heights before and after, (n, 2) each.
    going
        (n,) bool: those that go; the others are in nobody's way.
    """

    def __init__(self, starts: Array, ends: Array, halves: tuple[Array, Array], going: NDArray[np.bool_]) -> None:
        count = len(starts)
        self._length = _FLIGHT * (count + 1) + 1
        self._starts, self._ends, self._halves = starts, ends, halves
        self._tracks = np.repeat(starts[:, None], self._length, axis=1)
        self._shares = np.zeros((count, self._length))
        self._flying = np.zeros(self._length)
        goal = ends[going] if going.any() else ends
        across = int(np.ptp(goal, axis=0).argmin())
        nearest = np.argsort(np.abs(starts - goal.mean(axis=0))[:, across], kind="stable")
        waiting = nearest[going[nearest]].tolist()
        arrived: list[int] = []
        while waiting:
            way = next(self._free_ways(waiting, arrived), None)
            if way is None:
                break
            chip, first, self._tracks[chip] = way
            self._shares[chip] = _shares(first, self._length)
            self._flying[first : first + _FLIGHT] += 1
            waiting.remove(chip)
            arrived.append(chip)
        self.flying = np.isin(np.arange(count), arrived)
        self._taken = max(self._last, 0) + 1

    def places(self, share: float) -> Array:
        """Return the chips' centres, (n, 2), when a ``share`` of the time has passed."""
        return self._at(self._tracks, share)

    def grown(self, share: float) -> Array:
        """Return how far each chip has come, (n,), from 0 to 1."""
        return self._at(self._shares, share)

    def _at(self, moments: Array, share: float) -> Array:
        at = share * self._taken
        before = min(int(at), self._taken - 1)
        result: Array = moments[:, before] + (at - before) * (moments[:, before + 1] - moments[:, before])
        return result

    @property
    def _last(self) -> int:
        """The last moment at which a chip flies, -1 before any does."""
        return int(np.flatnonzero(self._flying).max(initial=-1))

    def _free_ways(self, waiting: list[int], arrived: list[int]) -> Iterator[tuple[int, int, Array]]:
        """Yield the ways of those that wait on which they meet no other."""
        for chip in waiting:
            others = [other for other in waiting if other != chip]
            for way in self._ways(chip):
                if self._is_free(*way, arrived, others):
                    yield way

    def _ways(self, chip: int) -> Iterator[tuple[int, int, Array]]:
        """Yield a chip, when it sets off, and where it is at each moment, for each way that it has."""
        start, end = self._starts[chip], self._ends[chip]
        for first in range(0, self._last + 1 + _STEP, _STEP):
            if self._flying[first : first + _FLIGHT].max() >= _AT_ONCE:
                continue
            share = _shares(first, self._length)[:, None]
            one, other = np.minimum(2 * share, 1), np.maximum(2 * share - 1, 0)
            for legs in (np.hstack([share, share]), np.hstack([one, other]), np.hstack([other, one])):
                yield chip, first, start + legs * (end - start)

    def _is_free(self, chip: int, first: int, track: Array, arrived: list[int], waiting: list[int]) -> bool:
        """Whether a chip meets none of those that have their ways already, and while it flies none that waits."""
        own = self._sizes(chip, _shares(first, self._length))
        for others, until in ((arrived, self._length), (waiting, first + _FLIGHT + 1)):
            seen = slice(first, until)
            sizes = self._sizes(others, self._shares[others])
            apart = np.abs(self._tracks[others, seen] - track[seen]) >= sizes[:, seen] + own[seen]
            if not apart.any(axis=-1).all():
                return False
        return True

    def _sizes(self, chips: int | list[int], shares: Array) -> Array:
        """Return half the width and height of chips, and a little room, that have come so far."""
        first, second = (halves[chips][..., None, :] for halves in self._halves)
        result: Array = (first + shares[..., None] * (second - first)) * _ROOM
        return result


def _shares(first: int, count: int) -> Array:
    """Return how far a chip has come at each of ``count`` moments that sets off at the ``first``."""
    return np.concatenate([np.zeros(first), _FLOWN, np.ones(count - first - len(_FLOWN))])
