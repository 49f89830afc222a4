"""Write the template of all messages anew, and bring the catalogues up to date: ``python -m scenes.words.extract``.

A language named after it, such as ``fr``, gets a catalogue if it has none.
"""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from attention.files import write_atomically
from scenes.words.catalogue import TEMPLATE, catalogue_file
from scenes.words.chapters import chapter_of

_PACKAGE = Path(__file__).parents[1]
_TEMPLATES = (".j2", ".html")
_KEYWORDS: dict[str, Any] = {  # which arguments are a context and messages
    "_": None,
    "N_": None,
    "gettext": None,
    "pgettext": ((1, "c"), 2),
    "NP_": ((1, "c"), 2),
    "ngettext": (1, 2),
    "NN_": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
}
_HEADER = "# The words of the film, one message for each; what stands in braces is filled in."

Found = tuple[int, Any, list[str], str | None]  # line, message, comments, context


def extract_messages() -> Catalog:
    """Return all messages of this package, in the order of its files."""
    catalog = _empty()
    files = [file for file in _PACKAGE.rglob("*") if file.suffix in (".py", *_TEMPLATES)]
    for file in sorted(files):
        found = sorted([*_messages(file), *_chapters(file)], key=lambda each: each[0])
        for _, message, comments, context in found:
            place = file.relative_to(_PACKAGE.parent).as_posix()
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def update_catalogues(languages: Iterable[str]) -> None:
    """Write the template and the catalogues, new ones of ``languages`` that have none."""
    template = extract_messages()
    _write(template, TEMPLATE)
    for file in sorted({*TEMPLATE.parent.glob("*.po"), *map(catalogue_file, languages)}):
        if file.exists():
            catalog = read_po(file.read_text(encoding="utf-8").splitlines(), locale=file.stem)
        else:
            catalog = _empty(file.stem)
        catalog.update(template, update_creation_date=False)
        _write(catalog, file)


def _empty(language: str | None = None) -> Catalog:
    return Catalog(language, project="self-attention-explainer", header_comment=_HEADER, charset="utf-8", fuzzy=False)


def _messages(file: Path) -> Iterator[Found]:
    method: Any = babel_extract if file.suffix in _TEMPLATES else extract_python
    options = {"silent": "false"} if file.suffix in _TEMPLATES else {}
    with file.open("rb") as content:
        yield from extract(method, content, _KEYWORDS, ["Translators:"], options)


def _chapters(file: Path) -> Iterator[Found]:
    """Yield the names of the chapters that begin with the beats in ``file``."""
    if file.suffix != ".py":
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        marks = [mark.id for mark in getattr(node, "decorator_list", []) if isinstance(mark, ast.Name)]
        if isinstance(node, ast.FunctionDef) and "beat" in marks:
            yield node.lineno, chapter_of(node.name), [], "chapter"


def _write(catalog: Catalog, file: Path) -> None:
    """Write a catalogue, unless only its date would be another one."""
    content = io.BytesIO()
    write_po(content, catalog, width=0, ignore_obsolete=True, include_lineno=False)
    if not file.exists() or _undated(file.read_bytes()) != _undated(content.getvalue()):
        write_atomically(file, content.getvalue())


def _undated(content: bytes) -> bytes:
    return re.sub(rb'"POT-Creation-Date.*\n', b"", content)


if __name__ == "__main__":
    update_catalogues(sys.argv[1:])
