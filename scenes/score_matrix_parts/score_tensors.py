"""`ScoreTensors`: queries and keys, and what becomes of their products."""

from dataclasses import replace
from functools import partial

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import KEY, QUERY, SCORE, WEIGHT, Scale, Theme, probability_scale, signed_scale
from scenes.mobjects.formula import Formula
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import Tensor
from scenes.mobjects.token_chips import TokenChips
from scenes.places.layout import Frame
from scenes.places.matrix_places import MatrixPlaces
from scenes.score_matrix_parts.score_places import ScorePlaces
from scenes.words import _


class ScoreTensors:
    """Q and Kᵀ at the edges of their scores, these in all states up to the weights, and the chips of rows and columns.

    Each state of the scores has a scale of its own: its largest magnitude has the full colour.

    Parameters
    ----------
    trace, head
        Give the numbers.
    query
        Whose row is seen as powers of e.
    places
        What is shown, and where.
    frame, theme
        Give sizes and colours.
    """

    def __init__(
        self, trace: AttentionTrace, head: int, query: int, places: ScorePlaces, frame: Frame, theme: Theme
    ) -> None:
        self.places, self.frame, self.theme = places, frame, theme
        queries, keys, biased = (values[head] for values in (trace.queries, trace.keys, trace.logits))
        matrix = partial(Tensor, smallest=frame.smallest_number)
        square = partial(matrix, rows=places.slots, columns=places.keys)
        inner, q_scale, k_scale = places.inner, signed_scale(QUERY, queries, theme), signed_scale(KEY, keys, theme)
        self.q = matrix(queries, q_scale, field=f"queries[{head}]", rows=places.slots, columns=inner)
        self.k = matrix(keys.T, k_scale, field=f"keys[{head}].T", rows=inner, columns=places.keys)
        self.scores, self.scaled, self.capped, self.biased = (
            square(values := getattr(trace, field)[head], _glowing(values, theme), field=f"{field}[{head}]")
            for field in ("scores", "scaled_scores", "capped_scores", "logits")
        )
        masked, weights = (np.where(trace.mask, values, np.nan) for values in (biased, trace.weights[head]))
        self.masked = square(masked, _glowing(biased, theme), field=f"logits[{head}]")
        self.weights = square(weights, probability_scale(WEIGHT, theme), field=f"weights[{head}]", decimals=2)
        powers = np.exp(masked[query].astype(float))[None]
        self.powers = matrix(
            powers,
            _glowing(np.nan_to_num(powers), theme),
            field=f"exp(logits[{head}][{query}])[None]",
            columns=places.keys,
        )
        for tensor in (self.q, self.k, self.powers, *self.squares):
            tensor.printed[:] = 0
        for tensor in (self.powers, *self.squares):
            tensor.shown[:] = 0
        self.query_chips = TokenChips(places.texts, "column", places.chip_size, theme)
        self.key_chips = TokenChips(places.key_texts, places.standing, places.chip_size, theme)
        size = frame.text * 1.1
        self.factor_names = [Formula("Q", theme.ink(QUERY), size), Formula("K^top", theme.ink(KEY), size)]
        self.axis_names = axis_names(frame, theme)
        self._stand_factors()
        self.stand(places.product)

    @property
    def squares(self) -> list[Tensor]:
        """The states of the scores, the weights last."""
        return [self.scores, self.scaled, self.capped, self.biased, self.masked, self.weights]

    @property
    def chips(self) -> list[TokenChips]:
        """Those of the rows, and those of the columns."""
        return [self.query_chips, self.key_chips]

    @property
    def factors(self) -> list[DrawnMobject]:
        """Q and Kᵀ with their names."""
        return [self.q, self.k, *self.factor_names]

    def stand(self, places: MatrixPlaces) -> None:
        """Put scores, chips and the names of the axes where ``places`` says."""
        for tensor in self.squares:
            tensor.points = places.cells.corners
        self.query_chips.points, self.key_chips.points = places.row_names.corners, places.column_names.corners
        asked, asks = self.axis_names
        right, bottom = places.row_names.right, places.column_names.bottom
        asks.move_to((right - asks.width / 2, bottom + asks.height / 2, 0))
        asked.move_to((right - asked.width / 2, bottom + asks.height * 1.5, 0))

    def _stand_factors(self) -> None:
        """Put Q and Kᵀ at the edges of their product, and their names where the two edges meet."""
        left, top = self.places.product.left, self.places.product.top
        self.q.points, self.k.points = left.corners, top.corners
        q, k = self.factor_names
        q.move_to((left.center[0], left.top + q.height * 0.75, 0))
        k.move_to((top.left - k.width * 0.75, max(top.center[1], left.top + q.height * 1.5 + k.height / 2), 0))


def axis_names(frame: Frame, theme: Theme) -> list[Label]:
    """Return what says which token is asked, along a row, and which one asks, down a column."""
    return [
        # Translators: over the columns of a matrix, each of a token whose key is asked
        Label(_("asked →"), theme.ink(KEY), frame.text),
        # Translators: beside its rows, each of a token whose query asks
        Label(_("asks ↓"), theme.ink(QUERY), frame.text),
    ]


def corner_of(names: list[Label]) -> tuple[float, float]:
    """Return the width and height that the names of the axes take under each other."""
    return max(name.width for name in names), sum(name.height for name in names)


def _glowing(values: Floats, theme: Theme) -> Scale:
    return replace(signed_scale(SCORE, values, theme), limit=float(np.abs(values).max()) or 1.0)
