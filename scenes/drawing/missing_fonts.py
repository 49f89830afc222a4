"""Noticing letters that no installed font has, before they are drawn as code points."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from attention import UserError
from scenes.drawing.outlines import outline

# First words of Unicode names, and the Debian package with letters of that script
_PACKAGES = {
    "CJK": "fonts-noto-cjk, or the extra [fonts]",
    "HIRAGANA": "fonts-noto-cjk, or the extra [fonts]",
    "KATAKANA": "fonts-noto-cjk, or the extra [fonts]",
    "HANGUL": "fonts-noto-cjk, or the extra [fonts]",
    "ARABIC": "fonts-noto-core, or the extra [fonts]",
    "DEVANAGARI": "fonts-noto-core, or the extra [fonts]",
    "THAI": "fonts-noto-core, or the extra [fonts]",
    "TAMIL": "fonts-noto-core, or the extra [fonts]",
    "KHMER": "fonts-noto-core, or the extra [fonts]",
}
_SYMBOLS = "fonts-noto-color-emoji"
_OTHERS = "fonts-noto-core"


def missing_fonts(labels: Iterable[str]) -> list[str]:
    """Return a line for each script with letters that no installed font has: the script, letters, what to install."""
    lacking: dict[str, list[str]] = defaultdict(list)
    for label in dict.fromkeys(labels):
        if outline(label).missing:
            letter = next((letter for letter in label if outline(letter).missing), label[0])
            lacking[_script(letter)].append(label)
    return [
        f"no installed font has the {script} letters of {', '.join(found[:5])}, so code points (U+…) are drawn: "
        f"for the letters, install {_package(script)}"
        for script, found in lacking.items()
    ]


def require_letters(language: str) -> None:
    """Refuse to say a film in a language, given by its own name, whose letters no installed font has.

    Raises
    ------
    UserError
        If there are some.
    """
    if outline(language).missing:
        package = _package(_script(next(letter for letter in language if outline(letter).missing)))
        raise UserError(f"no installed font has the letters of {language}: install {package}")


def _script(letter: str) -> str:
    if unicodedata.category(letter) == "So":
        return "EMOJI"
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _package(script: str) -> str:
    return _SYMBOLS if script == "EMOJI" else _PACKAGES.get(script, _OTHERS)
