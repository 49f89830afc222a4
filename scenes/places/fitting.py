"""What is tried until it fits: `fit` as many of a sentence's tokens as can be read, `first_fit` anything else."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attention import UserError

MOST_TOKENS = 24
FEWEST = 3  # the first, an ellipsis, and the last

Tried = TypeVar("Tried")
Found = TypeVar("Found")


def fit(place: Callable[[int], Found | None], most: int = MOST_TOKENS, fewest: int = FEWEST) -> Found:
    """Return what ``place`` finds for as many tokens as have room: ``most`` of them, else one fewer, and so on.

    Parameters
    ----------
    place
        Takes how many tokens may be shown, and returns where they stand; None (or False) if they have no room.
    most, fewest
        How many it is asked for first and last.

    Raises
    ------
    UserError
        If not even ``fewest`` have room.
    """
    found = first_fit(place, range(most, fewest - 1, -1))
    if found is None:
        raise UserError(f"not even {fewest} tokens of this text have room in the frame: choose another --frame or text")
    return found


def first_fit(place: Callable[[Tried], Found | None], tries: Iterable[Tried]) -> Found | None:
    """Return what ``place`` finds for the first of ``tries``, the best one first, that has room; None if none has.

    >>> first_fit(lambda size: size * 3 <= 7 and f"three of {size}", [4, 3, 2, 1])
    'three of 2'
    """
    return next((found for each in tries if (found := place(each))), None)


def sizes(largest: float, smallest: float, finer: float = 0.95) -> Iterator[float]:
    """Yield ``largest``, each size ``finer`` times the one before, and last ``smallest``."""
    size = largest
    while size > smallest:
        yield size
        size *= finer
    yield smallest
