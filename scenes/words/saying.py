"""gettext's functions, with places that have names, and marks for messages that are said later."""

from scenes.words import speaking


def _(message: str, /, **places: object) -> str:
    """Return a message in the language that is spoken; with ``places``, these are filled."""
    return _filled(speaking.spoken().translations.gettext(message), places)


def pgettext(context: str, message: str, /, **places: object) -> str:
    """Return a message that has other words elsewhere; ``context`` tells which."""
    return _filled(speaking.spoken().translations.pgettext(context, message), places)


def ngettext(one: str, many: str, count: int, /, **places: object) -> str:
    """Return the form of a message that goes with ``count``, which is not filled in by itself."""
    return _filled(speaking.spoken().translations.ngettext(one, many, count), places)


def npgettext(context: str, one: str, many: str, count: int, /, **places: object) -> str:
    """Return the form that goes with ``count`` of a message that has other words elsewhere."""
    return _filled(speaking.spoken().translations.npgettext(context, one, many, count), places)


def language_name() -> str:
    """Return what the language is called in itself."""
    # Translators: the name of the language that you translate to, in that language
    return pgettext("language", "English")


def N_(message: str) -> str:  # noqa: N802 - as everywhere
    """Mark a message that is said later."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Mark both forms of a message that is said later."""
    return one, many


def NP_(context: str, message: str) -> str:  # noqa: ARG001, N802
    """Mark a message with its context that is said later."""
    return message


def _filled(text: str, places: dict[str, object]) -> str:
    return text.format(**places) if places else text
