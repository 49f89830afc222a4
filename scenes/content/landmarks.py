"""What a map of meanings shows: the sentence's rows of the embedding table, and the rows that are near to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import most_attended

_TOLD = 3  # tokens whose neighbours have names
_NAMED = 5  # neighbours of each of them that may have a name
_CERTAIN, _NEAR = 2, 0.5  # of these, the first ones do however far they are; the others have a cosine from here on
_AROUND = 3  # neighbours of each other token


@dataclass(frozen=True)
class Landmark:
    """A point of the map: a token of the sentence, or a row of the table that is near to one.

    ``token`` is the index of the first token that has this row, or of the token that a neighbour is near to; ``rank``
    is -1 for a token, and 0 for its nearest neighbour, 1 for the next and so on. ``told`` says whether it is a
    neighbour that has a name, if there is room for it; the others only have a say in where all stand.
    """

    text: str
    token: int
    rank: int
    vector: NDArray[np.floating]
    told: bool


def told_tokens(trace: AttentionTrace, weights: NDArray[np.floating], followed: int) -> list[int]:
    """Return up to three tokens of different rows, the one that the film follows first, then whom it attends to most.

    The third is the word with a meaning of its own, which makes its row long, and with near relatives.
    """
    nearness = trace.neighbours.cosines[:, :_AROUND].mean(axis=1)
    meaning = np.linalg.norm(trace.token_vectors, axis=1) * nearness
    plain = trace.words & ~trace.continues & ~trace.unknown & ~trace.special
    other = most_attended(trace, weights, followed)
    order = sorted(range(len(trace)), key=lambda token: (not plain[token], -meaning[token]))
    found: dict[str, int] = {}
    for token in [followed, *([] if other is None else [other]), *order]:
        found.setdefault(trace.tokens[token], token)
    return list(found.values())[:_TOLD]


def share_of_other(vector: NDArray[np.floating], own: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Return which share ``other`` has, 0 to 1, in the mixture of two directions that is nearest to a vector.

    >>> share_of_other(np.array([3.0, 1.0]), np.array([1.0, 0.0]), np.array([0.0, 5.0]))
    0.25
    """
    directions = np.array([row / max(float(np.linalg.norm(row)), 1e-12) for row in (own, other)], dtype=float)
    parts = np.maximum(np.linalg.lstsq(directions.T, np.asarray(vector, dtype=float), rcond=None)[0], 0)
    return float(parts[1] / parts.sum()) if parts.sum() else 0.0


def landmarks(trace: AttentionTrace, told: Sequence[int]) -> list[Landmark]:
    """Return the rows of the table that the map shows, each once, those that matter most first.

    These are the sentence's own, then the nearest neighbours of the tokens ``told`` by rank, then those of the others.
    A row for the same letters, in capitals or as a part of a word, says nothing of meaning and has no name.
    """
    found: dict[str, Landmark] = {}
    for index, piece in enumerate(trace.tokens):
        found.setdefault(piece, Landmark(trace.labels[index], index, -1, trace.token_vectors[index], told=False))
    first = {piece: mark.token for piece, mark in found.items()}
    named = [first[trace.tokens[token]] for token in told]
    others = [token for token in first.values() if token not in named]
    near = trace.neighbours
    for tokens, most in ((named, _NAMED), (others, _AROUND)):
        for rank in range(min(most, near.cosines.shape[1])):
            for token in tokens:
                if rank >= _CERTAIN and near.cosines[token, rank] < _NEAR:
                    continue
                text, vector = near.readings[token][rank], near.vectors[token, rank]
                has_name = most == _NAMED and _letters(text) != _letters(trace.labels[token])
                found.setdefault(near.texts[token][rank], Landmark(text, token, rank, vector, has_name))
    return list(found.values())


def _letters(text: str) -> str:
    return text.lstrip("-").casefold() or text
