"""`FormulaTerms`: a formula whose terms have their own colours and light up one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cairo
import numpy as np
from manim import MathTypst, VMobject

from scenes.drawing.cairo_context import Context, Rgb, set_color
from scenes.drawing.drawn_mobject import Array, DrawnMobject
from scenes.drawing.marks import note_text
from scenes.mobjects.formula import path_of

_FONT_SIZE = 48.0  # at which Manim's Typst mobjects are made
_EM = 0.5  # an em of these, in scene units
_RULE = 0.05  # thickness of the rules of fractions and roots, in em
_DIMMED = 0.3  # opacity of a term that is not lit
_TERM = re.compile(r"@(\d)\(")


class FormulaTerms(DrawnMobject):
    """A formula set as a whole by Typst, so that nothing moves when its terms light up.

    ``lit`` says for each term how bright it is, 0 (dimmed) to 1.

    Parameters
    ----------
    source
        Typst mathematics in which ``@3(…)`` makes what is in the brackets term 3; terms may stand in others. What is
        in none belongs to term 0.
    colors
        Of the terms.
    size
        In em, scene units.

    Examples
    --------
    .. code-block:: python

        class Projection(Scene):
            def __init__(self):
                super().__init__(camera_class=DrawingCamera)

            def construct(self):
                formula = FormulaTerms("X W_Q = @1(Q)", [EMBEDDING, QUERY], 0.8)
                formula.lit = np.array([1.0, 0.0])
                self.add(formula)
                self.play(Change(formula, lit=1))
    """

    changing = ("opacity", "lit")

    def __init__(self, source: str, colors: Sequence[Rgb], size: float) -> None:
        self.source = source
        self.colors = tuple(colors)
        self.typeset = _typeset(source)
        super().__init__(self.typeset.width * size, self.typeset.height * size)
        self.lit: Array = np.ones(len(self.colors))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Fill and stroke the terms one after another."""
        typeset = self.typeset
        context.scale(width / typeset.width, height / typeset.height)
        note_text(context, self.source, 0, 0, typeset.width, typeset.height, self.opacity[0])
        context.set_line_width(_RULE)
        for (glyphs, rules), color, lit in zip(typeset.terms, self.colors, self.lit.tolist(), strict=False):
            set_color(context, color, self.opacity[0] * (_DIMMED + (1 - _DIMMED) * lit))
            context.append_path(glyphs)
            context.fill()
            context.append_path(rules)
            context.stroke()


@dataclass(frozen=True)
class _Typeset:
    """A formula's outlines in em, origin in the upper left corner, y downward."""

    terms: tuple[tuple[Any, Any], ...]  # glyphs to fill, rules to stroke: cairo's Paths
    width: float
    height: float


@lru_cache(maxsize=64)
def _typeset(source: str) -> _Typeset:
    # Each term is typeset in a colour of its own, by which its outlines are told apart afterwards.
    formula = MathTypst(_TERM.sub(r'text(fill: #rgb("#00000\1"), ', source), font_size=_FONT_SIZE)
    parts = [part for part in formula.family_members_with_points() if isinstance(part, VMobject)]
    to_em = cairo.Matrix(1 / _EM, 0, 0, -1 / _EM, -formula.get_left()[0] / _EM, formula.get_top()[1] / _EM)
    terms = []
    for term in range(max(map(_term_of, parts)) + 1):
        mine = [part for part in parts if _term_of(part) == term]
        glyphs = [part for part in mine if part.get_fill_opacity() > 0]
        rules = [part for part in mine if part.get_fill_opacity() == 0]
        terms.append((path_of(glyphs, to_em), path_of(rules, to_em)))
    return _Typeset(tuple(terms), formula.width / _EM, formula.height / _EM)


def _term_of(part: VMobject) -> int:
    color = part.get_fill_color() if part.get_fill_opacity() > 0 else part.get_stroke_color()
    marker = color.to_hex() if color else ""
    return int(marker[-1]) if marker.startswith("#00000") else 0
