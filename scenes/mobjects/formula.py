"""`Formula`: mathematics set with Typst, one mobject."""

from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_text
from scenes.drawing.typesetting import draw_typeset, typeset
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
        """Draw glyphs and rules."""
        whole = typeset(self.source)
        context.scale(width / whole.width, height / whole.height)
        note_text(context, self.source, 0, 0, whole.width, whole.height, self.opacity[0])
        draw_typeset(context, whole, [(self.ink, float(self.opacity[0]))])
