"""The two typefaces, and whatever other fonts come as packages, registered so that every machine draws the same."""

import fontpkg
import manimpango

TEXT = "Inter"
MONO = "JetBrains Mono"

_families = fontpkg.families()
for _name in (TEXT, MONO):
    if not any(family.name == _name for family in _families.values()):
        raise ImportError(f"the font package of {_name} is missing: install this project's dependencies again")
for _family in _families.values():
    for _file in _family.files:
        if not manimpango.register_font(str(_file.path)):
            raise ImportError(f"the font file {_file.path} cannot be registered: install its package again")
