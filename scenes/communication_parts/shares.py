"""What one token gives to each token, as the pieces of a bar."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.communication_parts.share_bar import Piece
from scenes.drawing.fact import Fact

_MOST = 8  # pieces with a name of their own
_NAMES_OF_REST = "{} other{}", "rest", "…"  # the shorter ones where there is no room


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
    of all that is left. What is printed adds up to 1.

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
    for count in range(len(tokens), 0, -1):
        left = np.setdiff1d(np.flatnonzero(weights > 0), tokens[:count])
        for name in _NAMES_OF_REST:
            bar = [*pieces[:count], *_rest(row, weights, pieces[:count], left, name)]
            if all(piece.fits(width, size) for piece in bar) and (len(left) > 1 or _adds_up(bar)):
                return bar, tokens[:count] + [-1] * (len(bar) - count)
    return _rest(row, weights, [], np.flatnonzero(weights > 0), _NAMES_OF_REST[0]), [-1]


def _rest(
    row: str, weights: NDArray[np.floating], others: Sequence[Piece], left: NDArray[np.int64], name: str
) -> list[Piece]:
    """Return the piece of all tokens that are left, or nothing if there are none.

    What it prints is what the printed numbers of the ``others`` leave of the whole.
    """
    if not len(left):
        return []
    if len(left) == 1:
        share = Fact(f"{row}, {left[0]}]", float(weights[left[0]]))
    else:
        printed = [piece.share for piece in others]
        source = " - ".join([f"sum({row}])", *(fact.text for fact in printed)])
        share = Fact(source, float(weights.sum(dtype=float)) - sum(fact.printed for fact in printed))
    return [Piece(name.format(len(left), "" if len(left) == 1 else "s"), share, length=float(weights[left].sum()))]


def _adds_up(pieces: Sequence[Piece]) -> bool:
    return abs(sum(piece.share.printed for piece in pieces) - 1) < 1e-6
