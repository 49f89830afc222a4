"""How close a token is to others before attention and after it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.cosine import cosine
from scenes.drawing.fact import Fact


@dataclass(frozen=True)
class Closeness:
    """Cosines of one token's vectors with another row of the embedding table.

    Parameters
    ----------
    text
        What the row is called.
    token
        Index of the token that has this row, None for one that is not in the sentence.
    before
        Cosine of the token's own row with it.
    after
        Cosine of the token's output with it.
    """

    text: str
    token: int | None
    before: Fact
    after: Fact


def closeness(trace: AttentionTrace, token: int) -> list[Closeness]:
    """Return how close ``token`` is to each other token of the sentence, or to its neighbours where there is none.

    All are compared in one space: the rows of the embedding table, to which outputs of this layer are trained to be
    near. Tokens that share a row are one entry.
    """
    seen = {int(trace.token_ids[token])}
    found = []
    for other in range(len(trace)):
        if int(trace.token_ids[other]) not in seen:
            seen.add(int(trace.token_ids[other]))
            compare = _comparison(trace, token, f"token_vectors[{other}]", trace.token_vectors[other])
            found.append(Closeness(trace.labels[other], other, compare("token_vectors"), compare("output")))
    if found:
        return found
    for rank, reading in enumerate(trace.neighbours.readings[token]):
        source, row = f"neighbour_vectors[{token}, {rank}]", trace.neighbours.vectors[token, rank]
        compare = _comparison(trace, token, source, row)
        found.append(Closeness(reading, None, compare("token_vectors"), compare("output")))
    return found


def _comparison(trace: AttentionTrace, token: int, source: str, row: NDArray[np.floating]) -> Callable[[str], Fact]:
    def compare(field: str) -> Fact:
        return Fact(f"cosine({field}[{token}], {source})", cosine(getattr(trace, field)[token], row))

    return compare
