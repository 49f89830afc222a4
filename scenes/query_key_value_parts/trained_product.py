"""`TrainedProduct`: a trained matrix, what it makes of X, and all that names them."""

import numpy as np
from manim import Group
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.content.trained_kind import TrainedKind
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import EMBEDDING, Hue, Rgb, Theme, signed_scale
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import LINE, Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName, shape_parts
from scenes.places.arrange import stack
from scenes.places.layout import Frame, Region
from scenes.words import _

FORMULA = 1.25  # size of a formula, in em of the captions
_VERB, _QUESTION = 1.3, 1.0  # size of what a product does, and of its question, in em of the captions
_SAID = 1.1  # size of the two on one line


class TrainedProduct(Group):
    """A trained matrix and its product with X as two tensors, their names, their formula, and what the product does.

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
                inner, columns = (visible_slots(size, 5) for size in traced.w_query[0].shape)
                slots = np.arange(len(traced)), inner, columns
                made = TrainedProduct(KINDS[0], traced, 0, slots, Frame("16:9"), THEMES["dark"])
                self.add(made.weight.place(0, 1.5, 4, 2), made.product.place(0, -1, 4, 2.5))
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
        self.field = kind.field(trace)
        weight, product = kind.weight(trace)[head], getattr(trace, self.field)[head]
        self.weight = colored(weight, kind.color, f"w_{kind.name}[{head}]", inner, columns, theme)
        self.product = colored(product, kind.color, f"{self.field}[{head}]", rows, columns, theme)
        ink = theme.ink(kind.color)
        bias = "" if kind.bias(trace) is None else f" + b_{kind.symbol}"
        source = f"@1(X) @2(W_{kind.symbol}){bias} = @3({kind.symbol})"
        self.formula = FormulaTerms(source, [theme.quiet, theme.ink(EMBEDDING), ink, ink], frame.text * FORMULA)
        self.explained = True  # whether there is room for the formula
        shape = shape_parts(self.weight.field, weight.shape, theme.quiet)
        sizes = frame.text * 1.2, frame.small_text
        self.weight_name = TensorName(f"W_{kind.symbol}", shape, kind.color, sizes, theme, stacked=not frame.wide)
        self.product_name = tensor_name(kind.symbol, self.product, product.shape, kind.color, frame, theme)
        self.words = self._words(ink)
        super().__init__(*self.factors, *self.product_name.parts, self.product, *self.words)

    @property
    def factors(self) -> list[DrawnMobject]:
        """The trained matrix with its name, and the formula if there is room for it."""
        return [self.weight, *self.weight_name.parts, *([self.formula] if self.explained else [])]

    def turned(self) -> Tensor | None:
        """Return what positions make of the product, in its place; None where they leave it alone."""
        plural, own = self.kind.plural, self.product
        if self.field == plural:
            return None
        values, field = getattr(self.trace, plural)[self.head], f"{plural}[{self.head}]"
        turned = colored(values, self.kind.color, field, own.rows, own.columns, self.theme)
        turned.points = own.points
        return turned

    def stand_words(self, region: Region) -> None:
        """Put what the product does into ``region``: under each other in its middle, or in one line from its left."""
        if self.frame.wide:
            stack(self.words, region, 0.0)
            return
        symbol, said = self.words
        indent = self.frame.text * _SAID * 1.5
        symbol.move_to((region.left + symbol.width / 2, region.center[1], 0))
        said.move_to((region.left + indent + said.width / 2, region.center[1], 0))

    def _words(self, ink: Rgb) -> list[DrawnMobject]:
        """Return what the product does, and the question that it answers."""
        kind, text, size = self.kind, self.theme.text, self.frame.text
        if self.frame.wide:
            return [Label(_(kind.verb), ink, size * _VERB), Label(_(kind.question), text, size * _QUESTION)]
        size *= _SAID
        # Translators: as in "asks: what do I need?"
        verb = _("{verb}:", verb=_(kind.verb))
        said = Label([(verb, ink), (_(kind.question), text)], text, size)
        return [FormulaTerms(kind.symbol, [ink], size * 1.2), said]


def colored(
    values: Floats, color: Hue, field: str, rows: NDArray[np.int64], columns: NDArray[np.int64], theme: Theme
) -> Tensor:
    """Return a tensor that shows its numbers as colours alone."""
    tensor = Tensor(values, signed_scale(color, values, theme), field=field, rows=rows, columns=columns)
    tensor.printed[:] = 0
    return tensor


def tensor_name(
    symbol: str, tensor: Tensor, shape: tuple[int, ...], color: Hue, frame: Frame, theme: Theme
) -> TensorName:
    """Return the symbol and the whole shape of a tensor, beside each other or in narrow frames stacked."""
    size = frame.hero if frame.wide else frame.text * 1.2
    parts = shape_parts(tensor.field, shape, theme.quiet)
    return TensorName(symbol, parts, color, (size, frame.small_text), theme, stacked=not frame.wide)


def name_height(frame: Frame) -> float:
    """Return how much room a tensor's name takes under it, in scene units."""
    return frame.hero * 1.2 if frame.wide else frame.text * 1.6 + frame.small_text * LINE


def words_height(frame: Frame) -> float:
    """Return how much room is kept under that for what a query, a key and a value do, in scene units."""
    return frame.text * LINE * (_VERB + _QUESTION if frame.wide else 3 * _SAID + 0.4)
