"""`ShapeLabel`: the shape of a tensor, as PyTorch prints it."""

from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import Rgb
from scenes.mobjects.label import Label


class ShapeLabel(Label):
    """A shape such as ``(1, 11, 32)``.

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
        super().__init__(str(shape), color, size, MONO)
        self.dimensions = [Fact(f"{field}.shape[{place}]", float(count), 0) for place, count in enumerate(shape)]

    def facts(self) -> list[Fact]:
        """Return the shape's numbers."""
        return self.dimensions
