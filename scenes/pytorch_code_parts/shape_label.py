"""`ShapeLabel`: the shape of a tensor, in numbers."""

import re

from scenes.drawing.fact import Fact
from scenes.look.theme import Rgb
from scenes.mobjects.label import Label


class ShapeLabel(Label):
    """A shape such as ``1 × 11 × 32``.

    Parameters
    ----------
    field
        Whose shape, as a field of the trace, such as ``"queries"``.
    shape
        The numbers.
    color
        Of the text.
    size
        In em, scene units.

    Examples
    --------
    .. code-block:: python

        class Shape(DrawingScene):
            def construct(self):
                queries = trace("The cat sat.").queries
                self.add(ShapeLabel("queries", queries.shape, (1, 1, 1), 0.4))
    """

    def __init__(self, field: str, shape: tuple[int, ...], color: Rgb, size: float) -> None:
        super().__init__(" × ".join(map(str, shape)), color, size)
        self.dimensions = [Fact(f"{field}.shape[{place}]", float(count), 0) for place, count in enumerate(shape)]

    def facts(self) -> list[Fact]:
        """Return the shape's numbers."""
        return self.dimensions


def shape_in_words(note: str) -> str:
    """Return a comment about a shape, such as ``(n, d_model)``, with an equals sign as Typst mathematics.

    >>> shape_in_words("(n, d_model)")
    'n times d_"model" ='
    """
    names = re.sub(r"heads|model", r'"\g<0>"', note.strip("()"))
    return f"{names.replace(', ', ' times ')} ="
