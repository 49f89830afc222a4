"""What the token that the film follows has taken: which shares are told, and what all others give."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.fact import Fact
from scenes.words import _

LEAST = 0.005  # a share that is printed as more than nothing
SUBSTANTIAL = 0.05  # a share that is told beside the largest
MOST = 4, 3  # shares of others that are told, in wide and in narrow frames


def told_places(weights: NDArray[np.floating], asker: int, wide: bool) -> list[int]:
    """Return the places (n,) of the others whose shares are told, the largest first; one at least, if it is any."""
    others = np.delete(np.arange(len(weights)), asker)
    order = others[np.argsort(-weights[others], kind="stable")]
    order = order[weights[order] >= LEAST]
    least = min(SUBSTANTIAL, float(weights[order].max(initial=0.0)) / 2)
    told = order[: MOST[not wide]]
    told = told[weights[told] >= least]
    alone = len(order) == len(told) + 1  # the last one is told too
    return [int(place) for place in (order if alone else told)]


def what_it_needs(names: list[str], shares: list[Fact]) -> str:
    """Return the answer to the film's question: one or two tokens with their shares."""
    (one, *more), (share, *smaller) = names, [fact.text for fact in shares]
    if not more:
        return _("Above all {token}, {share}", token=one, share=share)
    if more[0] == one:
        # Translators: two tokens that are written alike
        return _("Above all two {token}, {share} and {smaller}", token=one, share=share, smaller=smaller[0])
    said = _("Above all {token}, {share}, and {other}, {smaller}")
    return said.format(token=one, share=share, other=more[0], smaller=smaller[0])


def the_rest(row: str, weights: NDArray[np.floating], told: Sequence[Fact]) -> Fact | None:
    """Return what all tokens give whose shares are not ``told``: what these leave of the whole, as they are printed.

    None if that is nothing. ``row`` is the source of the weights (tokens,), such as ``"weights[0][7"``.
    """
    whole = Fact(f"sum({row}])", float(weights.sum(dtype=float)))
    share = Fact(
        " - ".join([whole.source, *(str(fact.printed) for fact in told)]),
        whole.value - sum(fact.printed for fact in told),
    )
    return share if int((weights > 0).sum()) > len(told) and share.printed > 0 else None
