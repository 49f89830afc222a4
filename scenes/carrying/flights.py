"""Ways on which chips can go from one picture to the next without driving through each other."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

_LOOKS = 9  # moments of each leg at which chips are compared
_ROOM = 1.04  # of a chip's box that others keep free


@dataclass(frozen=True)
class Flights:
    """Which of n chips fly, and in how many legs.

    Parameters
    ----------
    legs
        Where each of them is at the end of each leg, (legs, n, 2); the last is where they go.
    sizes
        (legs, n), their sizes then, as shares of the way from the first to the last.
    flying
        (n,) bool; the others are in the way of these.
    """

    legs: Array
    sizes: Array
    flying: NDArray[np.bool_]

    def only(self, some: NDArray[np.bool_]) -> "Flights":
        """Return the flights of ``some`` (n,) of the chips."""
        return Flights(self.legs, self.sizes, self.flying & some)


def plan_flights(places: tuple[Array, Array], halves: tuple[Array, Array], first: int) -> Flights:
    """Return how as many as possible of n chips get from the first of ``places`` to the second without meeting.

    They go straight, or in lanes: first up or down and then across, or the other way round.

    Parameters
    ----------
    places
        The chips' centres before and after, (n, 2) each.
    halves
        Half their widths and heights before and after, (n, 2) each.
    first
        The chip that flies in any case; -1 for none.
    """
    (starts, ends), (start_halves, end_halves) = places, halves
    order = sorted(range(len(starts)), key=lambda chip: chip != first)
    plans = []
    for lane in ("straight", "down first", "across first"):
        legs, shares = _legs(lane, starts, ends, end_halves[:, 1] > start_halves[:, 1])
        ways = _sampled(starts, legs, np.zeros(len(starts)), shares)
        share = ways[..., 2:]
        taken = (start_halves + share * (end_halves - start_halves)) * _ROOM
        plans.append(Flights(legs, shares, _free(ways[..., :2], taken, order)))
    return max(plans, key=lambda plan: int(plan.flying.sum()))


def _legs(lane: str, starts: Array, ends: Array, growing: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the ends of the legs, (legs, n, 2), and the shares of growth there: late if they grow, else early."""
    if lane == "straight":
        return ends[None], np.ones((1, len(ends)))
    own = [1, 0] if lane == "down first" else [0, 1]
    return np.stack([np.where(np.array(own) == 1, starts, ends), ends]), np.stack([~growing, np.ones(len(ends))])


def _sampled(starts: Array, legs: Array, start_shares: Array, shares: Array) -> Array:
    """Return place and share of growth at each moment, (moments, n, 3)."""
    corners = np.concatenate([starts[None], legs])
    growth = np.concatenate([start_shares[None], shares])[..., None]
    states = np.concatenate([corners, growth], axis=-1)
    steps = np.linspace(0, 1, _LOOKS)[:, None, None]
    return np.concatenate([one + steps * (other - one) for one, other in pairwise(states)])


def _free(places: Array, halves: Array, order: list[int]) -> NDArray[np.bool_]:
    """Return which chips fly, (n,): in ``order``, each that meets none that flies already."""
    flying: list[int] = []
    for chip in order:
        apart = np.abs(places[:, flying] - places[:, [chip]]) >= halves[:, flying] + halves[:, [chip]]
        if apart.any(axis=-1).all():
            flying.append(chip)
    return np.isin(np.arange(places.shape[1]), flying)
