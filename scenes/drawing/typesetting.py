"""Formulas as outlines: set by Typst once, then kept on disk for later clips and films, as reading its SVG is slow."""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cairo
from manim import MathTypst, VMobject, tempconfig

from attention.cache import Kept
from attention.digests import file_digest
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.casing import case_glyphs, stroke_uncased
from scenes.look.fonts import FOLDERS
from scenes.look.theme import Rgb

RULE = 0.05  # thickness of the rules of fractions and roots, in em

_FONT_SIZE = 48.0  # at which Manim's Typst mobjects are made
_EM = 0.5  # an em of these, in scene units
_TERM = re.compile(r"@(\d)\(")


@dataclass(frozen=True)
class Typeset:
    """A formula's outlines in em, origin in the upper left corner, y downward."""

    terms: tuple[tuple[Any, Any], ...]  # glyphs to fill, rules to stroke: cairo's Paths
    width: float
    height: float


@lru_cache(maxsize=256)
def typeset(source: str) -> Typeset:
    """Set Typst mathematics in which ``@3(…)`` makes what is in the brackets term 3; what is in none is term 0."""
    key = [source, version("typst"), version("manim"), file_digest(Path(__file__)), *_folders(source)]
    return _FORMULAS.load_or_make(key, lambda: _set(source))


def draw_typeset(context: Context, formula: Typeset, looks: Sequence[tuple[Rgb, float]]) -> None:
    """Draw a formula at the context's origin, whose unit is an em; ``looks`` are its terms' colours and opacities."""
    terms = list(zip(formula.terms, looks, strict=False))
    for (glyphs, rules), (color, alpha) in terms:
        context.append_path(glyphs)
        context.append_path(rules)
        case_glyphs(context, color, alpha)
        context.new_path()
    for (glyphs, rules), (color, alpha) in terms:
        context.append_path(glyphs)
        set_color(context, color, alpha)
        context.fill()
        context.append_path(rules)
        stroke_uncased(context, RULE, color, alpha)


def _to_bytes(formula: Typeset) -> bytes:
    steps = [[_steps_of(path) for path in paths] for paths in formula.terms]
    return json.dumps({"terms": steps, "width": formula.width, "height": formula.height}).encode()


def _from_bytes(content: bytes) -> Typeset:
    kept = json.loads(content)
    terms = tuple((_path_of(glyphs), _path_of(rules)) for glyphs, rules in kept["terms"])
    return Typeset(terms, float(kept["width"]), float(kept["height"]))


_FORMULAS: Kept[Typeset] = Kept("formulas", _to_bytes, _from_bytes)


def _folders(source: str) -> list[str]:
    """Return where fonts lie that a formula needs beside its own: those of words in it."""
    return [] if source.isascii() else FOLDERS


def _set(source: str) -> Typeset:
    # Each term is typeset in a colour of its own, by which its outlines are told apart afterwards. Manim's own cache of
    # formulas takes any file of the right name for whole, so it gets none.
    with tempfile.TemporaryDirectory() as folder, tempconfig({"tex_dir": folder}):
        colored = _TERM.sub(r'text(fill: #rgb("#00000\1"), ', source)
        formula = MathTypst(colored, font_size=_FONT_SIZE, font_paths=[*_folders(source)])
    parts = [part for part in formula.family_members_with_points() if isinstance(part, VMobject)]
    to_em = cairo.Matrix(1 / _EM, 0, 0, -1 / _EM, -formula.get_left()[0] / _EM, formula.get_top()[1] / _EM)
    terms = []
    for term in range(max(map(_term_of, parts)) + 1):
        mine = [part for part in parts if _term_of(part) == term]
        glyphs = [part for part in mine if part.get_fill_opacity() > 0]
        rules = [part for part in mine if part.get_fill_opacity() == 0]
        terms.append((_outlines(glyphs, to_em), _outlines(rules, to_em)))
    return Typeset(tuple(terms), formula.width / _EM, formula.height / _EM)


def _term_of(part: VMobject) -> int:
    color = part.get_fill_color() if part.get_fill_opacity() > 0 else part.get_stroke_color()
    marker = color.to_hex() if color else ""
    return int(marker[-1]) if marker.startswith("#00000") else 0


def _outlines(parts: list[VMobject], matrix: cairo.Matrix) -> Any:
    """Return the outlines of Manim's vector mobjects as one path, moved by ``matrix``."""
    context = _scratch_context()
    context.set_matrix(matrix)
    for part in parts:
        for curves in part.get_subpaths():
            context.move_to(*curves[0, :2])
            for _, first, second, end in curves.reshape(-1, 4, 3):
                context.curve_to(*first[:2], *second[:2], *end[:2])
    context.identity_matrix()
    return context.copy_path()


def _steps_of(path: Iterable[tuple[int, tuple[float, ...]]]) -> list[list[float]]:
    return [[kind, *coordinates] for kind, coordinates in path]


def _path_of(steps: list[list[float]]) -> Any:
    context = _scratch_context()
    draw: dict[float, Callable[..., None]] = {
        int(cairo.PATH_MOVE_TO): context.move_to,
        int(cairo.PATH_LINE_TO): context.line_to,
        int(cairo.PATH_CURVE_TO): context.curve_to,
        int(cairo.PATH_CLOSE_PATH): context.close_path,
    }
    for kind, *coordinates in steps:
        draw[kind](*coordinates)
    return context.copy_path()


def _scratch_context() -> Context:
    return cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
