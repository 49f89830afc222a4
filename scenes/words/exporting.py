"""A catalogue for a user to edit: all messages as they are said now."""

import io
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from attention import UserError
from attention.files import write_atomically
from attention.settings import Settings
from scenes.words.catalogue import TEMPLATE, read_catalogues
from scenes.words.checking import forms

_HEADER = """\
# Words of your own for the film: change what stands after msgstr, and give this file as --words.
# What stands in braces is filled in. A caption has at most 60 characters then."""


def export_words(settings: Settings, file: Path) -> None:
    """Write all messages into ``file`` as the language and the words of ``settings`` have them.

    Raises
    ------
    UserError
        If the file is there already or cannot be written, or if the file of words has a fault.
    """
    said = read_catalogues(settings.language, settings.words)
    template = read_po(TEMPLATE.read_text(encoding="utf-8").splitlines(), locale=settings.language)
    template.header_comment = _HEADER
    template.fuzzy = False
    for message in (message for message in template if message.id):
        found = (catalog.get(message.id, message.context) for catalog in said)
        message.string = next((each.string for each in found if each), forms(message.id))
        if not message.pluralizable:
            (message.string,) = forms(message.string)
    content = io.BytesIO()
    write_po(content, template, width=0, include_lineno=False)
    try:
        if file.exists():
            raise UserError(f"{file}: is there already: choose another name, or move it away")
        write_atomically(file, content.getvalue())
    except OSError as error:
        raise UserError(f"{file}: cannot be written ({error.strerror})") from None
