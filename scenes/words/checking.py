"""What a catalogue may have: texts in quotation marks, with the places of their messages, such as ``{token}``."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Message

from attention import UserError

_QUOTED = re.compile(r'(msg\w+(\[\d+\])?\s*)?"(\\.|[^"\\])*"')


def check_lines(file: Path, content: str) -> None:
    """Refuse a text that does not stand between two quotation marks: Babel would cut its last letter.

    Raises
    ------
    UserError
        If there is one.
    """
    for number, line in enumerate(content.split("\n"), 1):
        if '"' in line and not line.lstrip().startswith("#") and not _QUOTED.fullmatch(line.strip()):
            raise UserError(f'{file}:{number}: a text stands between two ", and one within it is written \\"')


def check_places(file: Path, message: Message) -> None:
    """Refuse a translation that cannot be filled in as its message is.

    Raises
    ------
    UserError
        If it has a place that the message lacks, unbalanced braces, or more than one line.
    """
    allowed = sorted({name for text in forms(message.id) for name in places(text)})
    for text in forms(message.string):
        try:
            unknown = sorted(set(places(text)) - set(allowed))
        except ValueError as error:
            raise UserError(f"{file}:{message.lineno}: {error}: {text!r}") from None
        if unknown:
            listed = ", ".join(f"{{{name}}}" for name in allowed) or "no places"
            raise UserError(f"{file}:{message.lineno}: {{{unknown[0]}}} is unknown here: this text has {listed}")
        if len(text.splitlines()) > 1:
            raise UserError(f"{file}:{message.lineno}: a text is one line: {text!r}")


def forms(texts: Any) -> tuple[str, ...]:
    """Return the forms of a message or of its translation: one, or with a number several; none where it is missing."""
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def places(text: str) -> list[str]:
    """Return the names of the places in a text.

    Raises
    ------
    ValueError
        If its braces are not balanced.

    >>> places("{one} and {other}")
    ['one', 'other']
    """
    parsed = list(Formatter().parse(text))
    return [
        name + (f"!{kind}" if kind else "") + (f":{spec}" if spec else "")
        for _, name, spec, kind in parsed
        if name is not None
    ]
