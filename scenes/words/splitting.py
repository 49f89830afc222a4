"""A message whose places are drawn in other colours than its words."""

from collections.abc import Iterator
from string import Formatter
from typing import TypeVar

Place = TypeVar("Place")


def pieces(text: str, **places: Place) -> list[str | Place]:
    """Return a text and what stands in its places, in the order in which the language has them.

    Signs that follow a place without a space belong to it, if it is a text.

    >>> pieces("row {number} of the table", number=7)
    ['row', 7, 'of the table']
    >>> pieces("cosine with {token}:", token="“it”")
    ['cosine with', '“it”:']
    """
    found: list[str | Place] = []
    for words, name in _parts(text):
        if words and found and isinstance(found[-1], str) and not words[0].isspace():
            sign, *rest = words.split(maxsplit=1)
            found[-1] += sign
            words = rest[0] if rest else ""
        found += [words.strip()] if words.strip() else []
        found += [places[name]] if name is not None else []
    return found


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield words, and the name of the place after them."""
    for words, name, _, _ in Formatter().parse(text):
        yield words, name
