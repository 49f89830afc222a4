import base64
import io
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from scenes.drawing import missing_fonts as module
from scenes.drawing import outlines
from scenes.drawing.missing_fonts import missing_fonts
from scenes.drawing.outlines import outline, spell_out
from scenes.look import fonts


def without(letters: str) -> Callable[[str], object]:
    """Return the outlines of a machine whose fonts lack some letters."""
    return lambda text: replace(outline("x"), missing=any(letter in letters for letter in text))


@pytest.mark.parametrize(
    ("labels", "lacks", "script", "package"),
    [
        (["The", "猫"], "猫", "CJK", "fonts-noto-cjk"),
        (["한국"], "한국", "HANGUL", "fonts-noto-cjk"),
        (["🙂"], "🙂", "EMOJI", "fonts-noto-color-emoji"),
        (["नम"], "नम", "DEVANAGARI", "[fonts]"),
        (["\U0001e900"], "\U0001e900", "ADLAM", "fonts-noto-core"),
    ],
)
def test_one_line_names_script_letters_and_package(
    monkeypatch: pytest.MonkeyPatch, labels: list[str], lacks: str, script: str, package: str
) -> None:
    monkeypatch.setattr(module, "outline", without(lacks))
    (line,) = missing_fonts([*labels, *labels])
    assert all(part in line for part in (script, labels[-1], package))


NEWER_CAIRO = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<defs>
<g><g id="glyph-0-0"><path d="M 0 0 L 9 0 L 9 -9 Z"/></g></g>
<image id="source-7" x="0" y="0" width="2" height="2" xlink:href="data:image/png;base64,{png}"/>
</defs>
{drawn}
</svg>"""
GLYPH = '<g fill="rgb(0%, 0%, 0%)"><use xlink:href="#glyph-0-0" x="0" y="59.4"/></g>'
BOX = '<path fill="none" stroke-width="1.7" d="M 41 11 L 99 11 L 99 62 L 41 62 Z"/>'
EMOJI = '<use xlink:href="#source-7" transform="matrix(0.24, 0, 0, 0.24, 39.12, 0)"/>'


@pytest.mark.parametrize(
    ("drawn", "missing", "pictures"), [(GLYPH, False, 0), (GLYPH + BOX, True, 0), (EMOJI, False, 1)]
)
def test_boxes_and_emoji_are_seen_as_cairo_1_18_writes_them(
    monkeypatch: pytest.MonkeyPatch, drawn: str, missing: bool, pictures: int
) -> None:
    """Its SVG has no group around all, which cairo had until then."""
    png = io.BytesIO()
    Image.new("RGBA", (2, 2), "red").save(png, "PNG")
    written = NEWER_CAIRO.format(png=base64.b64encode(png.getvalue()).decode(), drawn=drawn)
    monkeypatch.setattr(outlines, "_shape", lambda *_: ElementTree.fromstring(written))
    found = outlines._outline.__wrapped__("text", fonts.TEXT, "NORMAL")
    assert (found.missing, len(found.pictures)) == (missing, pictures)
    assert found.width > 0


def test_latin_lacks_nothing() -> None:
    assert missing_fonts(["The", "Straße", "œuf", "<b>", "&"]) == []


def test_letters_that_no_font_has_are_drawn_as_code_points() -> None:
    """A private letter that no font can have."""
    assert spell_out("a\U0010fffdb") == "a U+10FFFD b"
    drawn = outline("\U0010fffd")
    assert drawn.missing
    assert str(drawn.path) == str(outline("U+10FFFD").path)
    assert spell_out("plain") == "plain"
