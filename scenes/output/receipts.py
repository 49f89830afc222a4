"""Receipts: what a clip was made of, so that one that would come out the same is not rendered again.

A receipt names the choices (sentence, theme, quality …), the libraries that draw, each source file with its SHA-256,
and each file that was made with its own. As long as all of that is so, the clip is current.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from attention.digests import file_digest
from attention.files import write_atomically
from attention.model_folder import find_model
from attention.settings import Settings
from attention.text import tidy
from scenes.drawing.sources import ROOT
from scenes.output.formats import Output
from scenes.output.manifest import Inside
from scenes.words import words_digest

_DRAWN_WITH = ("manim", "manimpango", "pycairo", "typst", "av", "fontpkg-inter", "fontpkg-jetbrains-mono")


class Receipt(BaseModel):
    """What a clip was made of, and its files."""

    chosen: dict[str, Any]
    sources: dict[str, str]  # file of this package: digest
    made: dict[Inside, str]  # path in the folder: digest


def choices(settings: Settings, output: Output, fonts_missing: Iterable[str]) -> dict[str, Any]:
    """Return all that decides how a clip looks, except for the code that draws it.

    The language of the ``settings`` is spoken already.
    """
    texts = {"sentence": settings.sentence, "other": settings.other}
    return {
        "own theme": settings.own_theme and settings.own_theme.digest,  # its logo's content, too
        "settings": settings.model_dump(mode="json") | {name: text and tidy(text) for name, text in texts.items()},
        "model": find_model(settings.model).digest,
        "words": words_digest(),
        "output": json.loads(json.dumps(asdict(output))),  # as it will be read: a pair becomes a list
        "fonts missing": list(fonts_missing),
        "libraries": {name: version(name) for name in _DRAWN_WITH},
    }


def write_receipt(
    file: Path, chosen: dict[str, Any], made: Iterable[Path], folder: Path, sources: dict[str, str]
) -> None:
    """Write into ``file`` that ``made``, in ``folder``, came from ``chosen`` and the modules that are loaded now.

    ``sources`` are the digests of all files of this package, read before they were imported: one that has been edited
    since then is not what drew the clip.
    """
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    files = map(Path, filter(None, loaded))
    drawing = {file.relative_to(ROOT).as_posix() for file in files if file.is_relative_to(ROOT)}
    receipt = Receipt(
        chosen=chosen,
        sources={name: found for name, found in sources.items() if name in drawing or name.startswith("attention/")},
        made={path.relative_to(folder).as_posix(): file_digest(path) for path in made},
    )
    write_atomically(file, receipt.model_dump_json(indent=1).encode())


def current_files(file: Path, chosen: dict[str, Any], folder: Path, sources: dict[str, str]) -> list[Path]:
    """Return the files in ``folder`` that the receipt ``file`` speaks of; none, if they would not come out the same.

    ``sources`` are the digests of all files of this package as they are now.
    """
    try:
        receipt = Receipt.model_validate_json(file.read_bytes())
        current = (
            receipt.chosen == chosen
            and receipt.sources.items() <= sources.items()
            and all(file_digest(folder / name) == found for name, found in receipt.made.items())
        )
    except (OSError, ValidationError):
        return []  # never rendered, or a file is gone or damaged
    return [folder / name for name in receipt.made] if current else []
