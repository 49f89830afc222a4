"""Lines that quote words of other scripts keep their order, also where the first word runs to the left."""

import re
import unicodedata

_TO_THE_RIGHT, _ISOLATE, _END = "\u200e", "\u2068", "\u2069"
_QUOTED = re.compile(r"([“„«「『]\s?)(.+?)(\s?[”“»」』])")  # as languages quote


def isolate_quotes(text: str) -> str:
    """Return ``text`` with marks, which no font draws, around what is quoted in letters that run to the left.

    Without them, who sets the line takes its direction from the first such letter, and moves numbers and signs.

    >>> isolate_quotes("“cat” moves"), isolate_quotes("“لا” moves") == "\\u200e“\\u2068لا\\u2069” moves"
    ('“cat” moves', True)
    """
    return _QUOTED.sub(lambda quote: _isolated(*quote.groups()) if _runs_to_the_left(quote[2]) else quote[0], text)


def _isolated(begin: str, quoted: str, end: str) -> str:
    return f"{_TO_THE_RIGHT}{begin}{_ISOLATE}{quoted}{_END}{end}"


def _runs_to_the_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
