"""`Formula`: mathematics set with Typst, one mobject."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cairo
from manim import MathTypst, VMobject

from scenes.drawing.cairo_context import Context, Rgb, set_color
from scenes.drawing.drawn_mobject import DrawnMobject

_FONT_SIZE = 48.0  # at which Manim's Typst mobjects are made
_EM = 0.5  # an em of these, in scene units
_RULE = 0.05  # thickness of the rules of fractions and roots, in em


class Formula(DrawnMobject):
    """A formula in Typst's notation, such as ``"Q K^top / sqrt(d_k)"``, in one colour.

    Parameters
    ----------
    source
        Typst mathematics.
    color
        Of the whole.
    size
        In em, scene units.

    Examples
    --------
    .. code-block:: python

        class Scaled(Scene):
            def __init__(self):
                super().__init__(camera_class=DrawingCamera)

            def construct(self):
                self.add(Formula("(Q K^top) / sqrt(d_k)", THEMES["dark"].text, 1.0))
    """

    def __init__(self, source: str, color: Rgb, size: float) -> None:
        self.source = source
        self.ink = color
        typeset = _typeset(source)
        super().__init__(typeset.width * size, typeset.height * size)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Fill the glyphs and stroke the rules."""
        typeset = _typeset(self.source)
        context.scale(width / typeset.width, height / typeset.height)
        set_color(context, self.ink, self.opacity[0])
        context.append_path(typeset.glyphs)
        context.fill()
        context.append_path(typeset.rules)
        context.set_line_width(_RULE)
        context.stroke()


@dataclass(frozen=True)
class _Typeset:
    """A formula's outlines in em, origin in the upper left corner, y downward."""

    glyphs: Any  # cairo's Path, filled
    rules: Any  # of fractions and roots, stroked
    width: float
    height: float


@lru_cache(maxsize=256)
def _typeset(source: str) -> _Typeset:
    formula = MathTypst(source, font_size=_FONT_SIZE)
    parts = [part for part in formula.family_members_with_points() if isinstance(part, VMobject)]
    to_em = cairo.Matrix(1 / _EM, 0, 0, -1 / _EM, -formula.get_left()[0] / _EM, formula.get_top()[1] / _EM)
    rules = [part for part in parts if part.get_fill_opacity() == 0]
    glyphs = [part for part in parts if part.get_fill_opacity() > 0]
    return _Typeset(path_of(glyphs, to_em), path_of(rules, to_em), formula.width / _EM, formula.height / _EM)


def path_of(parts: list[VMobject], matrix: cairo.Matrix) -> Any:
    """Return the outlines of Manim's vector mobjects as one path, moved by ``matrix``."""
    context = cairo.Context(cairo.RecordingSurface(cairo.CONTENT_ALPHA, None))
    context.set_matrix(matrix)
    for part in parts:
        for curves in part.get_subpaths():
            context.move_to(*curves[0, :2])
            for _, first, second, end in curves.reshape(-1, 4, 3):
                context.curve_to(*first[:2], *second[:2], *end[:2])
    context.identity_matrix()
    return context.copy_path()
