"""Raw text: made fit for the tokenizer, and which way it runs."""

import re
import unicodedata

from attention.errors import UserError

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


def check_length(count: int, limit: int) -> None:
    """Refuse a text of ``count`` tokens if there is none, or if a model takes no more than ``limit``.

    Raises
    ------
    UserError
        If it is refused.
    """
    if count == 0:
        raise UserError("the text has no token: it needs at least one letter, digit or sign")
    if count > limit:
        raise UserError(f"the text has {count} tokens, the model takes at most {limit}: give a shorter one")


def right_to_left(text: str) -> bool:
    """Return whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"
