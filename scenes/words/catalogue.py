"""Catalogues of words: files in gettext's format, one for each language, and one of a user's own."""

import hashlib
import io
from functools import lru_cache
from gettext import GNUTranslations
from itertools import pairwise
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from attention import UserError
from attention.files import read_regular
from attention.settings import LanguageName
from scenes.words.checking import check_lines, check_places, forms
from scenes.words.speaking import Spoken

_CATALOGUES = Path(__file__).with_name("catalogues")
TEMPLATE = _CATALOGUES / "film.pot"
_LARGEST = 10_000_000  # bytes of a catalogue


def catalogue_file(language: str) -> Path:
    """Return the file of a language that comes with the package; English, the language of the messages, has none."""
    return _CATALOGUES / f"{language}.po"


def read_spoken(language: LanguageName, words: str | None) -> Spoken:
    """Return a language, its messages replaced by those of the file ``words`` as far as it has them.

    Raises
    ------
    UserError
        If that file is missing, is no UTF-8, or is no catalogue, or if a text in it has a place that its message lacks.
    """
    return _spoken(language, tuple(_files(language, words)))


def read_catalogue(file: Path, content: str, language: str) -> Catalog:
    """Return the messages of a ``file`` with this ``content``, those without a translation left out.

    Raises
    ------
    UserError
        If it is no catalogue, or if a text in it has a place that its message lacks.
    """
    check_lines(file, content)
    try:
        catalog = read_po(io.StringIO(content), locale=language, abort_invalid=True)
        catalog.charset = "utf-8"
        _compiled(catalog)
    except PoFileError as error:
        what = str(error).rpartition(" on ")[0].lower()
        raise UserError(f"{file}:{error.lineno + 1}: {what}") from None
    except (ValueError, LookupError, TypeError) as error:
        raise UserError(f"{file}: is no catalogue of gettext ({error})") from None
    for message in [message for message in catalog if message.id]:
        if message.fuzzy or not all(forms(message.string) or [""]):
            catalog.delete(message.id, message.context)
        else:
            check_places(file, message)
    return catalog


def _content(file: Path) -> str:
    try:
        return read_regular(file, _LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: is no UTF-8 (byte {error.start}): save it as that") from None
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror})") from None


def read_catalogues(language: LanguageName, words: str | None) -> list[Catalog]:
    """Return what is said in a language, the user's own ``words`` first.

    Raises
    ------
    UserError
        As :func:`read_spoken` does.
    """
    return [read_catalogue(file, content, language) for file, content in _files(language, words)]


def _files(language: LanguageName, words: str | None) -> list[tuple[Path, str]]:
    """Return the files of catalogues with their contents, the user's own ``words`` first."""
    files = [] if words is None else [Path(words)]
    files += [] if language == "en" else [catalogue_file(language)]
    return [(file, _content(file)) for file in files]


@lru_cache(maxsize=8)
def _spoken(language: LanguageName, files: tuple[tuple[Path, str], ...]) -> Spoken:
    chain = [_compiled(read_catalogue(file, content, language)) for file, content in files]
    for first, then in pairwise(chain):
        first.add_fallback(then)
    digest = hashlib.sha256("\0".join(content for _, content in files).encode())
    signs = Locale.parse(language).number_symbols["latn"]
    return Spoken(language, chain[0], signs["decimal"], signs["group"], digest.hexdigest())


def _compiled(catalog: Catalog) -> GNUTranslations:
    content = io.BytesIO()
    write_mo(content, catalog)
    content.seek(0)
    return GNUTranslations(content)
