"""What one token gives to each token, as the pieces of a bar."""

import numpy as np
from numpy.typing import NDArray

from scenes.communication_parts.share_bar import Piece
from scenes.drawing.fact import Fact

_MOST = 8  # pieces with a name of their own


def largest_shares(
    row: str,
    weights: NDArray[np.floating],
    names: dict[int, str],
    token: int,
    width: float,
    size: float,
) -> tuple[list[Piece], list[int]]:
    """Return the pieces of a bar ``width`` long, and which token each is, -1 for what is left.

    The token's own share comes first, then the largest of the others as far as name and number have room, then the sum
    of all that is left.

    Parameters
    ----------
    row
        The source of the weights, such as ``"weights[0][7"``.
    weights
        (tokens,), what the token gives to each; 0 where it may not attend.
    names
        What the tokens that are shown are called.
    token
        The one that attends.
    width, size
        The bar's length and the em of names and numbers, scene units.
    """
    others = [key for key in np.argsort(-weights, kind="stable").tolist() if key != token and key in names]
    tokens = [token, *others][:_MOST]
    pieces = [Piece(names[key], Fact(f"{row}, {key}]", float(weights[key]))) for key in tokens]
    rests = [_rest(row, weights, np.setdiff1d(np.flatnonzero(weights > 0), tokens[:k])) for k in range(len(tokens) + 1)]
    roomy = [piece.fits(width, size) for piece in pieces]
    count = next(
        (k for k in range(len(tokens), 0, -1) if all(roomy[:k]) and all(rest.fits(width, size) for rest in rests[k])), 0
    )
    return pieces[:count] + rests[count], tokens[:count] + [-1] * len(rests[count])


def _rest(row: str, weights: NDArray[np.floating], left: NDArray[np.int64]) -> list[Piece]:
    """Return the piece of all tokens that are left, or nothing if there are none."""
    if not len(left):
        return []
    name = "1 other" if len(left) == 1 else f"{len(left)} others"
    return [Piece(name, Fact(f"sum({row}][{left.tolist()}])", float(weights[left].sum(dtype=float))))]
