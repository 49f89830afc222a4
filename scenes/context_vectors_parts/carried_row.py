"""How a token's row of the attention matrix becomes the column of weights of its sum."""

import numpy as np

from scenes.context_vectors_parts.weighted_sum import WeightedSum
from scenes.mobjects.tensor import Tensor


def carried_row(matrix: Tensor, one: WeightedSum) -> tuple[list[Tensor], list[Tensor]]:
    """Return each weight of a token as a cell of its own: over its row of the ``matrix``, and where its sum has it.

    Those of the tokens that have no row in the sum come together where all others are.
    """
    row, cells = int(np.flatnonzero(matrix.rows == one.token)[0]), matrix.columns
    seen = np.flatnonzero((cells >= 0) & ~np.isnan(matrix.values[row])).tolist()

    def cell(column: int) -> Tensor:
        weights, place = one.trace.weights[one.head], cells[[column]]
        made = Tensor(weights, matrix.coloring, field=matrix.field, rows=matrix.rows[[row]], columns=place)
        made.printed[:] = 0
        return made

    before, after = [cell(column) for column in seen], [cell(column) for column in seen]
    for column, here, there in zip(seen, before, after, strict=True):
        token = int(cells[column])
        place = one.rows.index(token) if token in one.rows else len(one.rows)
        here.points, there.points = matrix.region(row, column).corners, one.weights.region(place).corners
    return before, after
