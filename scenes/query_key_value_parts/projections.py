"""`Projections`: X with its tokens, three trained matrices, and what they make of it."""

from manim import Group

from attention import AttentionTrace
from scenes.content.trained_kind import KINDS
from scenes.drawing.change import Change
from scenes.look.theme import EMBEDDING, Theme
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import LINE
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.tensor_name import TensorName
from scenes.mobjects.token_chips import TokenChips
from scenes.places.arrange import stack
from scenes.places.layout import Frame, Region
from scenes.query_key_value_parts.projection_places import ProjectionPlaces
from scenes.query_key_value_parts.trained_product import (
    FORMULA,
    TrainedProduct,
    colored,
    name_height,
    tensor_name,
    words_height,
)

_LINE = 1.2  # from one formula to the next, in heights of one
_SMALLEST_FORMULA = 1.08  # in em of the smallest text: a formula's capitals are lower than a text's


class Projections:
    """All matrices of clip 5 as colours, with chips and names, and the moves from one picture to the next.

    Parameters
    ----------
    trace, head
        Give the numbers.
    places
        Where everything stands in each picture.
    frame, theme
        Give sizes and colours.
    """

    def __init__(self, trace: AttentionTrace, head: int, places: ProjectionPlaces, frame: Frame, theme: Theme) -> None:
        self.places, self.frame = places, frame
        self.chips = TokenChips(places.texts, "column", places.chip_size, theme)
        self.x = colored(trace.embeddings, EMBEDDING, "embeddings", places.slots, places.inner, theme)
        self.x_name = tensor_name("X", self.x, trace.embeddings.shape, EMBEDDING, frame, theme)
        self.made = [
            TrainedProduct(kind, trace, head, (places.slots, places.inner, columns), frame, theme)
            for kind, columns in zip(KINDS, places.columns, strict=True)
        ]
        self.queries, self.keys, self.values = self.made
        room = self._room_for([made.formula for made in self.made], places.three.corner)
        for made in self.made:
            made.explained = room * FORMULA * frame.text >= _SMALLEST_FORMULA * frame.smallest_text
        self._stand_formulas([self.queries], places.first.corner)
        self.stand_first()

    def stand_first(self) -> None:
        """Put everything where X meets the first trained matrix."""
        places = self.places.first
        self._stand(places.row_names, (places.left, *places.products), places.tops)

    def to_three(self) -> list[Change]:
        """Return the moves to where X meets all three."""
        places = self.places.three
        self._stand_formulas(self.made, places.corner)
        moving = [self.queries.weight, self.queries.product]
        return self._moves(moving, places.row_names, (places.left, *places.products), places.tops)

    def to_last(self) -> list[Change]:
        """Return the moves to where X stands beside what they made of it."""
        places = self.places.last
        for made, region in zip(self.made, self._said_of(places.cells[1:]), strict=True):
            made.stand_words(region)
        return self._moves([made.product for made in self.made], places.row_names, places.cells)

    def _moves(
        self, moving: list[Tensor], row_names: Region, cells: tuple[Region, ...], tops: tuple[Region, ...] = ()
    ) -> list[Change]:
        """Put all where it belongs, and return the animations that take chips, X and what is ``moving`` there."""
        parts = [self.chips, self.x, *moving]
        starts = [part.points.copy() for part in parts]
        self._stand(row_names, cells, tops)
        moves = [Change(part, points=part.points.copy()) for part in parts]
        for part, start in zip(parts, starts, strict=True):
            part.points = start
        return moves

    def _stand(self, row_names: Region, cells: tuple[Region, ...], tops: tuple[Region, ...] = ()) -> None:
        """Put X and products into ``cells``, the trained matrices to the ``tops``, and all names to their own."""
        self.chips.points, self.x.points = row_names.corners, cells[0].corners
        self._stand_under(self.x_name, cells[0])
        for made, region in zip(self.made, cells[1:], strict=False):
            made.product.points = region.corners
            self._stand_under(made.product_name, region)
        for made, top in zip(self.made, tops, strict=False):
            made.weight.points = top.corners
            over = self.frame.text * (0.8 if self.frame.wide else 1.4)
            made.weight_name.move_to((top.center[0], top.top + over, 0))

    def _stand_under(self, name: TensorName, region: Region) -> None:
        """Put a name under a matrix: all symbols hang from one line, and all shapes stand on one."""
        frame, top = self.frame, region.bottom - self.frame.text * 0.35
        name.move_to((region.center[0], 0, 0))
        symbol, shape = name.parts
        symbol.set_y(top - symbol.height / 2)
        below = name_height(frame) - frame.small_text * LINE / 2
        shape.set_y(top - self.x_name.symbol.height / 2 if frame.wide else region.bottom - below)

    def _said_of(self, cells: tuple[Region, ...]) -> list[Region]:
        """Return where it is told what each product does: under its name, or in lines under all of them."""
        frame, below, high = self.frame, cells[0].bottom - name_height(self.frame), words_height(self.frame)
        if frame.wide:
            return [Region(each.left, below - high, each.right, below) for each in cells]
        widest = max(Group(*made.words).width for made in self.made)
        lines, rest = [], Region(-widest / 2, below - high, widest / 2, below - 0.4 * frame.text * LINE)
        for _ in cells:
            line, rest = rest.cut_top(frame.text * 1.1 * LINE)
            lines.append(line)
        return lines

    def _room_for(self, formulas: list[FormulaTerms], corner: Region) -> float:
        """Return how much larger the formulas may become at most, to stand under each other in the corner over X."""
        widest = max(formula.width for formula in formulas)
        return min(corner.width / widest, corner.height / (_LINE * len(formulas) * formulas[0].height))

    def _stand_formulas(self, shown: list[TrainedProduct], corner: Region) -> None:
        """Put formulas into the corner over X, as large as they were or as it allows."""
        formulas = [made.formula for made in shown]
        room = min(self._room_for(formulas, corner), 1.0)
        for formula in formulas:
            formula.scale(room)
        stack(formulas, corner, formulas[0].height * (_LINE - 1))
