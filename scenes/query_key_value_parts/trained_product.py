"""`TrainedProduct`: a trained matrix, what it makes of X, and all that names them."""

from dataclasses import dataclass

import numpy as np
from manim import Group
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import EMBEDDING, KEY, QUERY, VALUE, Rgb, Theme, signed_scale
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label, Part
from scenes.mobjects.ring import Ring
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.places.layout import Frame, Region


@dataclass(frozen=True)
class TrainedKind:
    """One of the three things that attention makes of an embedding."""

    name: str
    plural: str
    question: str
    color: Rgb

    @property
    def symbol(self) -> str:
        """Such as ``"Q"``."""
        return self.name[0].upper()

    def weight(self, trace: AttentionTrace) -> Floats:
        """Return its trained matrices, (heads, d_model, d_k)."""
        weight: Floats = getattr(trace, f"w_{self.name}")
        return weight

    def bias(self, trace: AttentionTrace) -> Floats | None:
        """Return what is added to the product, (heads, d_k), if the model has it."""
        bias: Floats | None = getattr(trace, f"b_{self.name}")
        return bias

    def field(self, trace: AttentionTrace) -> str:
        """Return the name of what the matrices make of X, (heads, n, d_k), before positions change it."""
        projected = f"projected_{self.plural}"
        return self.plural if getattr(trace, projected, None) is None else projected


KINDS = (
    TrainedKind("query", "queries", "what am I looking for?", QUERY),
    TrainedKind("key", "keys", "what do I offer?", KEY),
    TrainedKind("value", "values", "what do I pass on?", VALUE),
)


class TrainedProduct(Group):
    """A trained matrix and its product with X as two tensors, a name for each, their formula, and a question.

    Parameters
    ----------
    kind
        Queries, keys or values.
    trace, head
        Give the numbers.
    slots
        Which rows of the product (tokens), rows of the matrix and columns of both are shown.
    frame, theme
        Give sizes and colours.

    Examples
    --------
    .. code-block:: python

        class Queries(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                rows, columns = (visible_slots(size, 5) for size in traced.w_query[0].shape)
                slots = np.arange(len(traced)), rows, columns
                made = TrainedProduct(KINDS[0], traced, 0, slots, Frame("16:9"), THEMES["dark"])
                made.stand(Region(-2, 0.5, 2, 2.5), Region(-2, -2.5, 2, 0), 0.4)
                made.question.move_to((0, -3.5, 0))
                made.formula.move_to((4.5, 0, 0))
                self.add(made)
                self.play(Change(made.product, shown=1, order=row_order(*made.product.shape)))
    """

    def __init__(
        self,
        kind: TrainedKind,
        trace: AttentionTrace,
        head: int,
        slots: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        frame: Frame,
        theme: Theme,
    ) -> None:
        self.kind, self.trace, self.head, self.frame, self.theme = kind, trace, head, frame, theme
        rows, inner, columns = slots
        field = kind.field(trace)
        weight, product, ink = kind.weight(trace)[head], getattr(trace, field)[head], theme.ink(kind.color)
        self.weight = _tensor(weight, kind.color, f"w_{kind.name}[{head}]", inner, columns, frame, theme)
        self.product = _tensor(product, kind.color, f"{field}[{head}]", rows, columns, frame, theme)
        self.product.shown[:] = 0
        self.empty = Ring(Region(0, 0, 1, 1), theme.surface)
        bias = "" if kind.bias(trace) is None else f" + b_{kind.symbol}"
        source = f"@1(X) @2(W_{kind.symbol}){bias} = @3({kind.symbol})"
        self.formula = FormulaTerms(source, [theme.quiet, theme.ink(EMBEDDING), ink, ink], frame.text * 1.15)
        sizes = frame.text, frame.small_text
        shape = shape_parts(self.product.field, product.shape, theme.quiet)
        weight_shape = shape_parts(self.weight.field, weight.shape, theme.quiet) if frame.wide else []
        self.weight_name = TensorName(f"W_{kind.symbol}", weight_shape, kind.color, sizes, theme)
        named: list[Part] = [(kind.plural, theme.quiet), *shape] if frame.wide else []
        self.product_name = TensorName(kind.symbol, named, kind.color, sizes, theme)
        words: list[Part] = [(kind.question, theme.text)]
        if not frame.wide:
            words = [(f"{kind.name}:", ink), *words, *shape]
        self.question = Label(words, theme.text, frame.small_text)
        super().__init__(*self.factors, *self.product_name.parts, self.product, self.question)

    def turned(self) -> Tensor | None:
        """Return what positions make of the product, in its place; None where they leave it alone."""
        if self.kind.field(self.trace) == self.kind.plural:
            return None
        values, field, own = (
            getattr(self.trace, self.kind.plural)[self.head],
            f"{self.kind.plural}[{self.head}]",
            self.product,
        )
        turned = _tensor(values, self.kind.color, field, own.rows, own.columns, self.frame, self.theme)
        turned.points = own.points
        return turned

    @property
    def factors(self) -> list[DrawnMobject]:
        """The trained matrix with its name, the formula, and the empty place of the product."""
        return [self.weight, *self.weight_name.parts, self.formula, self.empty]

    def stand(self, top: Region, cells: Region, gap: float) -> None:
        """Put the matrix at ``top``, the product in ``cells``, and their names over and under them."""
        self.weight.points, self.product.points, self.empty.points = top.corners, cells.corners, cells.corners
        self.weight_name.move_to((top.center[0], top.top + gap, 0))
        self.product_name.move_to((cells.center[0], cells.bottom - gap, 0))


def _tensor(
    values: Floats,
    color: Rgb,
    field: str,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    frame: Frame,
    theme: Theme,
) -> Tensor:
    scale = signed_scale(color, values, theme)
    return Tensor(values, scale, field=field, rows=rows, columns=columns, smallest=frame.smallest_number)
