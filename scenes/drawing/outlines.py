"""Text as outlines: shaped by Pango once, then drawn as one path however many glyphs it has."""

import base64
import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cairo
import manimpango
from PIL import Image

from scenes.drawing.cairo_context import Context, set_color, set_picture
from scenes.drawing.casing import case_glyphs
from scenes.drawing.marks import note_text
from scenes.look import fonts
from scenes.look.theme import Rgb

ADVANCE = 0.6  # JetBrains Mono: width of every character, in em
CAP_HEIGHT = 0.73  # Inter and JetBrains Mono: height of capitals and digits, in em

_SIZE = 48.0  # Pango's font size in points; an em is 4/3 of it in SVG units
_EM = _SIZE * 4 / 3
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_STEP = re.compile(r"([MLCZ])([^MLCZ]*)")  # all that cairo's SVG surface writes
_NO_WRAPPING = 1_000_000  # a line's width in SVG units that no label reaches


@dataclass(frozen=True)
class Outline:
    """A line of text, in em, origin on the baseline at the left edge of the ink, y downward."""

    text: str
    path: Any  # cairo's Path, whose class pycairo does not export
    pictures: tuple[tuple[cairo.ImageSurface, cairo.Matrix], ...]  # coloured emoji
    width: float  # of the ink
    top: float  # of the ink above the baseline
    bottom: float  # of the ink below it
    missing: bool  # whether a letter is in no installed font, so that its code point stands in its place

    def draw(self, context: Context, color: Rgb, alpha: float = 1.0, *, plated: bool = False) -> None:
        """Draw the glyphs at the context's origin, whose unit is an em; ``plated`` if they stand on a shape."""
        if not plated:
            self.case(context, color, alpha)
        self.fill(context, color, alpha)

    def case(self, context: Context, color: Rgb, alpha: float = 1.0) -> None:
        """Draw the casing alone: of several outlines beside each other all come first, so that none covers another."""
        context.append_path(self.path)
        case_glyphs(context, color, alpha)
        context.new_path()

    def fill(self, context: Context, color: Rgb, alpha: float = 1.0) -> None:
        """Fill the glyphs alone."""
        note_text(context, self.text, 0, -self.top, self.width, self.bottom, alpha)
        context.append_path(self.path)
        set_color(context, color, alpha)
        context.fill()
        for picture, matrix in self.pictures:
            context.save()
            context.transform(matrix)
            set_picture(context, picture)
            context.paint_with_alpha(alpha)
            context.restore()


@dataclass(frozen=True)
class _Piece:
    """What Pango put at one place: a glyph's path, the box of a missing glyph, or a picture."""

    matrix: cairo.Matrix
    steps: str = ""
    picture: cairo.ImageSurface | None = None
    missing: bool = False


def outline(text: str, font: str = fonts.TEXT, weight: str = "NORMAL") -> Outline:
    """Return the outline of one line of ``text``, shaped by Pango and never read as markup.

    Letters that no installed font has are written as their code points, such as U+A984.
    """
    return _outline(text, fonts.with_letters(font), weight)


@lru_cache(maxsize=4096)
def _outline(text: str, font: str, weight: str) -> Outline:
    pieces = list(_pieces(text, font, weight))
    missing = any(piece.missing for piece in pieces)
    if missing:
        pieces = list(_pieces(spell_out(text, font, weight), font, weight))
    left, top, right, bottom = _extents(pieces)
    # A picture alone has no baseline.
    em = _em(font)
    baseline = max((piece.matrix.y0 for piece in pieces if piece.steps and not piece.missing), default=bottom - em / 5)
    to_em = cairo.Matrix(1 / em, 0, 0, 1 / em, -left / em, -baseline / em)
    return Outline(
        text=text,
        path=_path((piece.steps, piece.matrix * to_em) for piece in pieces),
        pictures=tuple((piece.picture, piece.matrix * to_em) for piece in pieces if piece.picture),
        width=(right - left) / em,
        top=(baseline - top) / em,
        bottom=(bottom - baseline) / em,
        missing=missing,
    )


def spell_out(text: str, font: str = fonts.TEXT, weight: str = "NORMAL") -> str:
    """Return ``text`` with each letter that no installed font has written as its code point."""
    return " ".join(
        " ".join(f"U+{ord(letter):04X}" for letter in letters) if lacking else "".join(letters)
        for lacking, letters in groupby(text, lambda letter: _lacks(letter, fonts.with_letters(font), weight))
    )


@lru_cache(maxsize=4096)
def _lacks(letter: str, font: str, weight: str) -> bool:
    """Whether no installed font has a letter."""
    return any(piece.missing for piece in _pieces(letter, font, weight))


@lru_cache(maxsize=16)
def _em(font: str) -> float:
    """Return the em of a family in SVG units; of others than the two it is one whose capitals are as high as theirs."""
    if font in (fonts.TEXT, fonts.MONO):
        return _EM
    _, top, _, bottom = _extents(list(_pieces("H", font, "NORMAL")))
    return (bottom - top) / CAP_HEIGHT


def draw_number(
    context: Context, text: str, x: float, y: float, size: float, color: Rgb, alpha: float, *, plated: bool = False
) -> None:
    """Fill a printed number, centred on (``x``, ``y``), ``size`` units of the context to an em.

    ``plated`` says that it stands on a shape, such as a cell.
    """
    context.save()
    context.translate(x, y)
    context.scale(size, size)
    half = ADVANCE * len(text) / 2
    note_text(context, text, -half, -CAP_HEIGHT / 2, half, CAP_HEIGHT / 2, alpha)
    context.append_path(_number(text, fonts.family(fonts.MONO)))
    if not plated:
        case_glyphs(context, color, alpha)
    set_color(context, color, alpha)
    context.fill()
    context.restore()


@lru_cache(maxsize=8192)
def _number(text: str, font: str) -> Any:
    """Return the path of a printed number in em, centred on the origin; glyphs are shared between numbers."""
    context = _scratch_context()
    context.translate(-ADVANCE * len(text) / 2, CAP_HEIGHT / 2)
    for character in text:
        context.append_path(_monospaced(character, font))
        context.translate(ADVANCE, 0)
    context.identity_matrix()
    return context.copy_path()


@lru_cache(maxsize=64)
def _monospaced(character: str, font: str) -> Any:
    """Return the path of one character where it stands in its cell, `ADVANCE` em wide, origin on the baseline."""
    # Between two letters the character keeps its place in the cell, which its ink alone would not tell; it has no
    # ligature with them, as it may have with a bar.
    first, *glyphs, last = _pieces(f"H{character}H", font, "NORMAL")
    middle, em = (first.matrix.x0 + last.matrix.x0) / 2, _em(font)
    if font != fonts.MONO:  # others may be wider
        em = max(em, (middle - first.matrix.x0) / ADVANCE)
    to_em = cairo.Matrix(1 / em, 0, 0, 1 / em, -middle / em, -first.matrix.y0 / em)
    return _path((glyph.steps, glyph.matrix * to_em) for glyph in glyphs)


def _scratch_context() -> Context:
    return cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))


def _path(glyphs: Any) -> Any:
    context = _scratch_context()
    for steps, matrix in glyphs:
        context.set_matrix(matrix)
        _trace(context, steps)
    context.identity_matrix()
    return context.copy_path()


def _extents(pieces: list[_Piece]) -> tuple[float, float, float, float]:
    context = _scratch_context()
    for piece in pieces:
        context.set_matrix(piece.matrix)
        _trace(context, piece.steps)
        if piece.picture:
            context.rectangle(0, 0, piece.picture.get_width(), piece.picture.get_height())
    context.identity_matrix()
    return context.path_extents()


def _trace(context: Context, steps: str) -> None:
    for step, values in _parsed(steps):
        match step:
            case "M":
                context.move_to(*values)
            case "L":
                context.line_to(*values)
            case "C":
                context.curve_to(*values)
            case "Z":
                context.close_path()


@lru_cache(maxsize=1024)
def _parsed(steps: str) -> list[tuple[str, list[float]]]:
    """Return an SVG path's steps with their coordinates; texts have most of their glyphs in common."""
    return [(step, [float(value) for value in numbers.split()]) for step, numbers in _STEP.findall(steps)]


def _pieces(text: str, font: str, weight: str) -> Iterator[_Piece]:
    root = _shape(text, font, weight)
    symbols = {
        f"#{symbol.get('id')}": " ".join(path.get("d", "") for path in symbol.iter(f"{_SVG}path"))
        for symbol in root.iter()
        if symbol.get("id", "").startswith("glyph")
    }
    images = {f"#{image.get('id')}": image.get(_HREF, "") for image in root.iter(f"{_SVG}image")}
    drawn = (part for part in root if part.tag != f"{_SVG}defs")  # one group for all, or since cairo 1.18 all its parts
    for element in (element for part in drawn for element in part.iter()):
        target = element.get(_HREF, "")
        if target in symbols:
            place = cairo.Matrix(x0=float(element.get("x", 0)), y0=float(element.get("y", 0)))
            yield _Piece(place, symbols[target])
        elif target in images:
            values = re.findall(r"-?[\d.]+", element.get("transform", "matrix(1,0,0,1,0,0)"))
            yield _Piece(cairo.Matrix(*map(float, values)), picture=_picture(images[target]))
        elif element.tag == f"{_SVG}path":  # Pango draws the box of a missing glyph as a bare path
            yield _Piece(cairo.Matrix(), element.get("d", ""), missing=True)


def _shape(text: str, font: str, weight: str) -> ElementTree.Element:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.svg"
        setting = manimpango.TextSetting(0, len(text), font, "NORMAL", weight, 0)
        manimpango.text2svg([setting], _SIZE, 0, False, str(file), 0, 0, _NO_WRAPPING, 1000, text)
        return ElementTree.parse(file).getroot()


def _picture(data_url: str) -> cairo.ImageSurface:
    return as_surface(Image.open(io.BytesIO(base64.b64decode(data_url.partition(",")[2]))))


def as_surface(image: Image.Image) -> cairo.ImageSurface:
    """Return a picture as a surface whose channels stand in the order of Manim's pixel arrays."""
    multiplied = image.convert("RGBA").convert("RGBa")  # by alpha, as cairo wants colours
    return cairo.ImageSurface.create_for_data(bytearray(multiplied.tobytes()), cairo.FORMAT_ARGB32, *image.size)
