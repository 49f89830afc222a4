"""A message whose places are drawn in other colours than its words."""

from collections.abc import Iterator
from string import Formatter
from typing import TypeVar

Place = TypeVar("Place")


def pieces(text: str, **places: Place) -> list[str | Place]:
    """Return a text and what stands in its places, in the order in which the language has them.

    Signs that follow a place without a space at which a line may end belong to it, if it is a text.

    >>> pieces("row {number} of the table", number=7)
    ['row', 7, 'of the table']
    >>> pieces("cosine with {token}:", token="“it”")
    ['cosine with', '“it”:']
    """
    found: list[str | Place] = []
    for words, name in _parts(text):
        if found and isinstance(found[-1], str):
            sign, _, words = words.partition(" ")
            found[-1] += sign
        found += [words.strip(" ")] if words.strip(" ") else []
        found += [places[name]] if name is not None else []
    return found


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield words, and the name of the place after them."""
    for words, name, _, _ in Formatter().parse(text):
        yield words, name
