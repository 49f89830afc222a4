"""Which rows of the embedding table are shown around the vectors of one word in two sentences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.pair import Pair


@dataclass(frozen=True, eq=False)
class PairWord:
    """A row of the embedding table.

    Parameters
    ----------
    text
        What it is called.
    place
        Sentence (0 or 1) and token, where one has this row; None for a neighbour of a token.
    direction
        The row, of length 1.
    """

    text: str
    place: tuple[int, int] | None
    direction: NDArray[np.float64]


def words_around(pair: Pair, head: int, each: int) -> list[PairWord]:
    """Return rows that tell the word's vectors apart.

    First are the words that it attends to most in ``head``. Then come rows of tokens of both sentences and of these
    tokens' nearest neighbours in the table, where they have a letter or digit, by turns: one whose cosine with the
    first output exceeds that with the second one most, one where it is the other way round, and one nearest to the
    vectors before; ``each`` of them.
    """
    known = _known(pair)
    if not known:
        return []
    pieces, words = list(known), list(known.values())
    rows = np.stack([word.direction for word in words])
    (a, b), (one, other) = pair.word.tokens, pair.traces
    apart = rows @ (directions(one.output[a]) - directions(other.output[b]))
    near = rows @ (directions(one.embeddings[a]) + directions(other.embeddings[b]))
    orders = [np.argsort(-values, kind="stable")[:each].tolist() for values in (apart, -apart, near)]
    attended = [
        pieces.index(trace.tokens[token])
        for which, trace in enumerate(pair.traces)
        if (token := pair.strongest(which, head)) is not None and trace.tokens[token] in known
    ]
    by_turns = [index for turn in zip(*orders, strict=True) for index in turn]
    return [words[index] for index in dict.fromkeys([*attended, *by_turns])]


def directions(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return ``vectors`` (…, d) with length 1; those without a direction stay zero."""
    lengths = np.linalg.norm(vectors.astype(float), axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=float)


def _known(pair: Pair) -> dict[str, PairWord]:
    """Return each row once by its piece, without the word's own, at which all begins; tokens before neighbours."""
    found: dict[str, PairWord] = {}
    own = {trace.tokens[token] for trace, token in zip(pair.traces, pair.word.tokens, strict=True)}
    places = [(which, token) for which, trace in enumerate(pair.traces) for token in _words(trace)]
    for which, token in places:
        trace = pair.traces[which]
        row = directions(trace.token_vectors[token])
        found.setdefault(trace.tokens[token], PairWord(trace.labels[token], (which, token), row))
    for which, token in places:
        near = pair.traces[which].neighbours
        for piece, reading, row in zip(near.texts[token], near.readings[token], near.vectors[token], strict=True):
            if (letters := _letters(reading)) and letters != _letters(pair.word.text):
                found.setdefault(piece, PairWord(reading, None, directions(row)))
    return {piece: word for piece, word in found.items() if piece not in own}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _words(trace: AttentionTrace) -> list[int]:
    plain = ~trace.special & ~trace.unknown
    return [token for token in np.flatnonzero(plain).tolist() if any(map(str.isalnum, trace.labels[token]))]
