"""The two typefaces, registered so that every machine draws the same letters."""

import fontpkg_inter
import fontpkg_jetbrains_mono
import manimpango

TEXT = "Inter"
MONO = "JetBrains Mono"

for _package in (fontpkg_inter, fontpkg_jetbrains_mono):
    for _file in sorted((_package.ROOT / "files").glob("*.ttf")):
        if not manimpango.register_font(str(_file)):
            raise ImportError(f"the font file {_file} cannot be registered: install its package again")
