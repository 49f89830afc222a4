"""What one token gives to each token, as the pieces of a bar."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.communication_parts.share_bar import Piece
from scenes.content.focus import others_in_words
from scenes.drawing.fact import Fact
from scenes.words import ngettext

_MOST = 8  # pieces with a name of their own


class Shares(NamedTuple):
    """The pieces of one bar, and which token each is, -1 for what is left."""

    pieces: list[Piece]
    tokens: list[int]


def largest_shares(
    row: str,
    weights: NDArray[np.floating],
    names: dict[int, str],
    token: int,
    width: float,
    size: float,
) -> Shares:
    """Return the pieces of a bar ``width`` long.

    The token's own share comes first if it has room, then the largest of the others as far as name and number have
    room, then the sum of all that is left. What is printed adds up to 1.

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
    whole = Fact(f"sum({row}])", float(weights.sum(dtype=float)))
    by_size = sorted([token, *others], key=lambda key: -float(weights[key]))
    for order in ([token, *others], by_size):  # a small share of its own stands among the others
        if found := _laid_out(row, weights, names, order, whole, width, size):
            return found
    left = np.flatnonzero(weights > 0)
    return Shares([_rest(weights, [], left, whole, others_in_words(len(left)))], [-1])


def _laid_out(
    row: str,
    weights: NDArray[np.floating],
    names: dict[int, str],
    order: Sequence[int],
    whole: Fact,
    width: float,
    size: float,
) -> Shares | None:
    """Return the first tokens of an ``order`` with a piece each and the rest of a ``whole``, as many as have room."""
    tokens = list(order[:_MOST])
    total = float(weights.sum(dtype=float))
    pieces = [
        Piece(names[key], Fact(f"{row}, {key}]", float(weights[key])), length=float(weights[key]) / total)
        for key in tokens
    ]
    for count in range(len(tokens), 0, -1):
        left = np.setdiff1d(np.flatnonzero(weights > 0), tokens[:count])
        if len(left) == 1:
            continue  # it has a name, or is what all others leave
        for name in _names_of_rest(len(left)):
            bar = pieces[:count] + ([_rest(weights, pieces[:count], left, whole, name)] if len(left) else [])
            if all(piece.fits(width, size) for piece in bar) and _adds_up(bar, whole):
                return Shares(bar, tokens[:count] + [-1] * (len(bar) - count))
    return None


def _rest(
    weights: NDArray[np.floating], others: Sequence[Piece], left: NDArray[np.int64], whole: Fact, name: str
) -> Piece:
    """Return the piece of all tokens that are left.

    What it prints is what the printed numbers of the ``others`` leave of the whole.
    """
    printed = [piece.share for piece in others]
    source = " - ".join([whole.source, *(str(fact.printed) for fact in printed)])
    share = Fact(source, whole.value - sum(fact.printed for fact in printed))
    part = float(weights[left].sum(dtype=float) / weights.sum(dtype=float))
    return Piece(name, share, length=part, hollow=True)


def _names_of_rest(count: int) -> tuple[str, str, str]:
    """Return what so many tokens without a name are called; the shorter ones are for where there is no room."""
    # Translators: tokens; a shorter form of "others"
    return others_in_words(count), ngettext("{number} more", "{number} more", count, number=count), f"+{count}"


def _adds_up(pieces: Sequence[Piece], whole: Fact) -> bool:
    """Whether what is printed is the whole, and nothing of it is less than nothing."""
    printed = [piece.share.printed for piece in pieces]
    return min(printed) >= 0 and abs(sum(printed) - whole.printed) < 1e-6
