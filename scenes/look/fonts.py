"""The two typefaces, for text and for numbers, and other fonts that come as packages, registered for every machine."""

import fontpkg
import manimpango

TEXT = "Inter"
MONO = "JetBrains Mono"

_chosen = {TEXT: TEXT, MONO: MONO}

_families = fontpkg.families()
for _name in (TEXT, MONO):
    if not any(family.name == _name for family in _families.values()):
        raise ImportError(f"the font package of {_name} is missing: install this project's dependencies again")
for _family in _families.values():
    for _file in _family.files:
        if not manimpango.register_font(str(_file.path)):
            raise ImportError(f"the font file {_file.path} cannot be registered: install its package again")


def choose(text: str, mono: str) -> None:
    """Let all that is set in `TEXT` or `MONO` from now on be set in these families."""
    _chosen.update({TEXT: text, MONO: mono})


def family(font: str) -> str:
    """Return the family that stands for a typeface."""
    return _chosen.get(font, font)


def families() -> list[str]:
    """Return the families that are installed."""
    return list(manimpango.list_fonts())
