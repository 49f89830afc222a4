"""Text that has to fit: broken into lines, or cut."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from scenes.drawing.outlines import outline

Item = TypeVar("Item")


def in_lines(items: Iterable[Item], fits: Callable[[list[Item]], bool]) -> list[list[Item]]:
    """Return ``items`` in lines, as many in each as fit; one that does not fit has a line of its own.

    >>> in_lines([3, 4, 2, 9, 1], lambda line: sum(line) <= 7)
    [[3, 4], [2], [9], [1]]
    """
    lines: list[list[Item]] = []
    for item in items:
        if lines and fits([*lines[-1], item]):
            lines[-1].append(item)
        else:
            lines.append([item])
    return lines


def break_lines(text: str, width: float) -> tuple[str, ...]:
    """Return ``text`` in lines of at most ``width`` em, broken between words; a longer word has a line of its own."""
    words = text.split()
    if outline(" ".join(words)).width <= width:  # mostly so, and each look shapes a text anew
        return (" ".join(words),)
    lines = in_lines(words, lambda line: outline(" ".join(line)).width <= width)
    return tuple(" ".join(line) for line in lines)


def balanced_lines(text: str, width: float) -> tuple[str, ...]:
    """Return ``text`` in lines as :func:`break_lines` does, but where there are two, as long as each other."""
    lines = break_lines(text, width)
    if len(lines) != 2:
        return lines
    words = text.split()
    pairs = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    pairs.sort(key=lambda pair: abs(len(pair[0]) - len(pair[1])))
    return next((pair for pair in pairs if max(outline(line).width for line in pair) <= width), lines)


def shorten(text: str, width: float) -> str:
    """Return ``text``, cut and with an ellipsis at its end if it takes more than ``width`` em."""
    if outline(text).width <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        half = (fits + too_long) // 2
        fits, too_long = (half, too_long) if outline(text[:half] + "…").width <= width else (fits, half)
    return text[: max(fits, 1)] + "…"
