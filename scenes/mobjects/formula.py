"""`Formula`: mathematics set with Typst, one mobject."""

from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import fill_glyphs, stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_text
from scenes.drawing.typesetting import RULE, typeset
from scenes.look.theme import Rgb


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

        class Scaled(DrawingScene):
            def construct(self):
                self.add(Formula("(Q K^top) / sqrt(d_k)", THEMES["dark"].text, 1.0))
    """

    def __init__(self, source: str, color: Rgb, size: float) -> None:
        self.source = source
        self.ink = color
        whole = typeset(source)
        super().__init__(whole.width * size, whole.height * size)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Fill the glyphs and stroke the rules."""
        whole = typeset(self.source)
        ((glyphs, rules),) = whole.terms
        context.scale(width / whole.width, height / whole.height)
        note_text(context, self.source, 0, 0, whole.width, whole.height, self.opacity[0])
        context.append_path(glyphs)
        fill_glyphs(context, self.ink, float(self.opacity[0]))
        context.append_path(rules)
        stroke(context, RULE, self.ink, float(self.opacity[0]))
