"""Receipts: what a clip was made of, so that one that would come out the same is not rendered again.

A receipt names the choices (sentence, theme, quality …), the libraries that draw, each source file with its SHA-256,
and each file that was made with its own. As long as all of that is so, the clip is current.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attention.files import write_atomically
from attention.model_folder import find_model
from attention.settings import Settings
from attention.surveying import SENTENCES
from attention.text import tidy
from scenes.output.formats import Output

_ROOT = Path(__file__).parents[2]
_DRAWN_WITH = ("manim", "manimpango", "pycairo", "typst", "av", "fontpkg-inter", "fontpkg-jetbrains-mono")


def choices(settings: Settings, output: Output, fonts_missing: Iterable[str]) -> dict[str, Any]:
    """Return all that decides how a clip looks, except for the code that draws it."""
    texts = {"sentence": settings.sentence, "other": settings.other}
    return {
        "settings": settings.model_dump(mode="json") | {name: text and tidy(text) for name, text in texts.items()},
        "model": find_model(settings.model).digest,
        "output": json.loads(json.dumps(asdict(output))),  # as it will be read: a pair becomes a list
        "fonts missing": list(fonts_missing),
        "libraries": {name: version(name) for name in _DRAWN_WITH},
    }


def write_receipt(file: Path, chosen: dict[str, Any], made: Iterable[Path], folder: Path) -> None:
    """Write into ``file`` that ``made``, in ``folder``, came from ``chosen`` and the modules that are loaded now."""
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    sources = sorted({path for path in map(Path, filter(None, loaded)) if path.is_relative_to(_ROOT / "scenes")})
    receipt = {
        "chosen": chosen,
        "sources": {str(path.relative_to(_ROOT)): _digest(path) for path in (*sources, *_computing())},
        "made": {path.relative_to(folder).as_posix(): _digest(path) for path in made},
    }
    write_atomically(file, json.dumps(receipt, ensure_ascii=False, indent=1).encode())


def current_files(file: Path, chosen: dict[str, Any], folder: Path) -> list[Path]:
    """Return the files in ``folder`` that the receipt ``file`` speaks of; none, if they would not come out the same."""
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        current = (
            receipt["chosen"] == chosen
            and all(_known_digest(_ROOT / name) == digest for name, digest in receipt["sources"].items())
            and all(_digest(folder / name) == digest for name, digest in receipt["made"].items())
        )
        return [folder / name for name in receipt["made"]] if current else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # never rendered, or a file is gone or damaged


def _computing() -> list[Path]:
    code = (file for folder in ("", "pretrained") for file in (_ROOT / "attention" / folder).glob("*.py"))
    return [*sorted(code), SENTENCES]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _known_digest(path: Path) -> str:
    """Return the digest of a source file, which the clips share."""
    return _digest(path)
