"""`fit`: as many of a sentence's tokens as can be read."""

from collections.abc import Callable
from typing import TypeVar

from attention import UserError

MOST_TOKENS = 24
_FEWEST = 3  # the first, an ellipsis, and the last

Found = TypeVar("Found")


def fit(place: Callable[[int], Found | None], most: int = MOST_TOKENS, fewest: int = _FEWEST) -> Found:
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
    for count in range(most, fewest - 1, -1):
        found = place(count)
        if found:
            return found
    raise UserError(f"not even {fewest} tokens of this text have room in the frame: choose another --frame or text")
