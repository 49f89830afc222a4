"""Raw text: made fit for the tokenizer, and which way it runs."""

import re
import unicodedata

from attention.errors import UserError

LONGEST = 1024  # tokens; a trace holds (heads, n, n) numbers several times
_MOST_NUMBERS = 64 * LONGEST**2  # in one array of a trace: 64 heads, and a text of that length
LONGEST_NAME = 100  # characters of a model's name, and of what its file says that it was trained on

_WHITESPACE = re.compile(r"[ \t\n\r\v\f\x85\u2028\u2029]+")


def tidy(text: str) -> str:
    """Return ``text`` without space around it and with each run of spaces, tabs and line breaks as one space.

    Raises
    ------
    UserError
        If nothing is left, or if the text holds a control character or a half of a broken character.
    """
    tidied = _WHITESPACE.sub(" ", text).strip()
    if not tidied:
        raise UserError("the text is empty: give a sentence, such as 'The cat sat on the mat.'")
    for index, character in enumerate(tidied):
        category = unicodedata.category(character)
        if category == "Cc":
            raise UserError(
                f"the text holds a control character (U+{ord(character):04X}) at position {index + 1}: remove it"
            )
        if category == "Cs":
            raise UserError(f"the text is not valid Unicode at position {index + 1}: save or type it as UTF-8")
    return tidied


def is_printable(text: object, longest: int) -> bool:
    """Return whether ``text`` is a text of at most ``longest`` characters, all of which a terminal can just print."""
    return isinstance(text, str) and bool(text.strip()) and len(text) <= longest and text.isprintable()


def check_length(count: int, limit: int, row: int = 1) -> None:
    """Refuse a text of ``count`` tokens if there is none, or if a model takes no more than ``limit``.

    It is refused, too, if there is no room for so many rows of ``row`` numbers.

    Raises
    ------
    UserError
        If it is refused.
    """
    if count == 0:
        raise UserError("the text has no token: it needs at least one letter, digit or sign")
    if count > limit:
        raise UserError(f"the text has {count} tokens, the model takes at most {limit}: give a shorter one")
    if count * row > _MOST_NUMBERS:
        raise UserError(f"the model makes {count * row:,} numbers of each kind of this text: give a shorter one")


def right_to_left(text: str) -> bool:
    """Return whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"
