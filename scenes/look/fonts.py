"""The two typefaces, for text and for numbers, and other fonts that come as packages, registered for every machine."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import fontpkg
import manimpango

from scenes.words import language

TEXT = "Inter"
MONO = "JetBrains Mono"

_LETTERS = {"zh": ["Noto Sans CJK SC"]}  # by language

_chosen = {TEXT: TEXT, MONO: MONO}

_families = fontpkg.families()
for _name in (TEXT, MONO):
    if not any(family.name == _name for family in _families.values()):
        raise ImportError(f"the font package of {_name} is missing: install this project's dependencies again")
_files = [str(file.path) for found in _families.values() for file in found.files]
if find_spec("noto_cjk_sans_otc"):  # of the extra [fonts]; the others say what they have by themselves
    _files.append(str(import_module("noto_cjk_sans_otc").FONT_PATH))
FOLDERS = sorted({str(Path(file).parent) for file in _files})  # for Typst, which looks for fonts by itself
for _file in _files:
    if not manimpango.register_font(_file):
        raise ImportError(f"the font file {_file} cannot be registered: install its package again")


def choose(text: str, mono: str) -> None:
    """Let all that is set in `TEXT` or `MONO` from now on be set in these families."""
    _chosen.update({TEXT: text, MONO: mono})


def family(font: str) -> str:
    """Return the family that stands for a typeface."""
    return _chosen.get(font, font)


def with_letters(font: str) -> str:
    """Return the families of a typeface in order: the one that stands for it, then what has the language's letters.

    Chinese, Japanese and Korean write many of the same letters in forms of their own.
    """
    return ",".join([family(font), *_LETTERS.get(language(), [])])


def families() -> list[str]:
    """Return the families that are installed."""
    return list(manimpango.list_fonts())
