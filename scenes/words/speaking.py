"""Which language is spoken: that of the settings of which a scene was made or set up last."""

from dataclasses import dataclass, field
from gettext import NullTranslations

from attention.settings import LanguageName, Settings


@dataclass(frozen=True)
class Spoken:
    """A language, what is said in it, its signs in numbers, and a digest of all that."""

    language: LanguageName = "en"
    translations: NullTranslations = field(default_factory=NullTranslations)  # the messages are English
    decimal: str = "."
    group: str = ","
    digest: str = ""


_spoken = _ENGLISH = Spoken()


def speak(settings: Settings) -> None:
    """Say everything in the language and the words of ``settings`` from now on.

    Raises
    ------
    UserError
        If the file of words cannot be read, or has a fault.
    """
    global _spoken
    _spoken = _ENGLISH if settings.language == "en" and settings.words is None else _read(settings)


def spoken() -> Spoken:
    """Return what is spoken."""
    return _spoken


def language() -> LanguageName:
    """Return the language that is spoken, as HTML has it."""
    return _spoken.language


def words_digest() -> str:
    """Return a digest of the catalogues that are spoken; empty for plain English."""
    return _spoken.digest


def localized(number: str) -> str:
    """Return a number as Python prints it with the signs of the language: ``1,234.5`` may be ``1.234,5``."""
    if _spoken.decimal == ".":
        return number if _spoken.group == "," else number.replace(",", _spoken.group)
    signs = {".": _spoken.decimal, ",": _spoken.group}
    return "".join(signs.get(letter, letter) for letter in number)


def _read(settings: Settings) -> Spoken:
    from scenes.words.catalogue import read_spoken  # imports Babel, which plain English does without

    return read_spoken(settings.language, settings.words)
