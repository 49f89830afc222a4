"""Text that has to fit: broken into lines, or cut."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from scenes.drawing.outlines import outline

Item = TypeVar("Item")

_WITHOUT_SPACES = "CJK UNIFIED", "HIRAGANA", "KATAKANA"  # names of letters of scripts that have none between words
_OPENING, _CLOSING = "“‘（「『《([", "”’）」』》)]、。，．：；！？,.:;!?…"


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
    words = _words(text)
    if outline(_line(words)).width <= width:  # mostly so, and each look shapes a text anew
        return (_line(words),)
    lines = in_lines(words, lambda line: outline(_line(line)).width <= width)
    return tuple(map(_line, lines))


def balanced_lines(text: str, width: float) -> tuple[str, ...]:
    """Return ``text`` in lines as :func:`break_lines` does, but where there are two, as long as each other."""
    lines = break_lines(text, width)
    if len(lines) != 2:
        return lines
    words = _words(text)
    pairs = [(_line(words[:k]), _line(words[k:])) for k in range(1, len(words))]
    pairs.sort(key=lambda pair: abs(len(pair[0]) - len(pair[1])))
    return next((pair for pair in pairs if max(outline(line).width for line in pair) <= width), lines)


def _words(text: str) -> list[str]:
    """Return the parts of a text with which lines may begin, each with the space before it.

    >>> _words("Each row"), _words("“词”是词元。")
    (['Each', ' row'], ['“词”', '是', '词', '元。'])
    """
    words, before = [""], ""
    for letter in re.sub(r"[ \t\r\n]+", " ", text).strip():  # a no-break space stays what it is
        if letter == " " or _may_break(before, letter):
            words.append("")
        words[-1] += letter
        before = letter
    return words


def _may_break(before: str, letter: str) -> bool:
    """Whether a line may end between two characters: beside a letter of a script that has no spaces between words."""
    if before in ("", " ") or before in _OPENING or letter in _CLOSING:
        return False
    return any(unicodedata.name(each, "").startswith(_WITHOUT_SPACES) for each in (before, letter))


def _line(words: Sequence[str]) -> str:
    return "".join(words).strip()


def shorten(text: str, width: float) -> str:
    """Return ``text``, cut and with an ellipsis at its end if it takes more than ``width`` em."""
    if outline(text).width <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        half = (fits + too_long) // 2
        fits, too_long = (half, too_long) if outline(text[:half] + "…").width <= width else (fits, half)
    return text[: max(fits, 1)] + "…"
