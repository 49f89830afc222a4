"""A sentence with one word less: the trace of what is left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace, UserError
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.drawing.arrays import Array

CANDIDATES = 4  # words that are tried
_MOST_OF_IT = 0.4  # of the tokens, that the word may take


@dataclass(frozen=True)
class ShorterSentence:
    """What attention makes of a sentence without one of its words."""

    trace: AttentionTrace
    kept: NDArray[np.int64]  # which tokens of the whole sentence are left, in order
    change: float  # how much the relations of these have changed, the sum of all magnitudes


def relations(weights: NDArray[np.floating]) -> Array:
    """Return how much each two tokens relate, (n, n), symmetric: the larger of the attention weights both ways."""
    result: Array = np.maximum(weights, weights.T).astype(float)
    return result


def without_one_word(
    whole: AttentionTrace, among: NDArray[np.int64], settings: Settings, stays: int
) -> ShorterSentence | None:
    """Return the sentence without the word whose absence changes the others' relations most, or None if there is none.

    Tried are the words, among the given tokens, that relate most to others: those with words on both sides, if there
    are any, since a gap in the middle is seen to close. At least two tokens stay, among them the token ``stays``.
    """
    between = relations(whole.weights_of(settings.head))
    np.fill_diagonal(between, 0.0)
    words = dict.fromkeys(int(whole.word_ids[index]) for index in among if whole.words[index])
    tokens = [np.flatnonzero(whole.word_ids == word) for word in words]
    tokens = [word for word in tokens if np.isin(word, among).all()]
    tokens = [word for word in tokens[1:-1] or tokens if stays not in word]
    tokens = [word for word in tokens if len(word) <= max(_MOST_OF_IT * len(whole), 1)]
    tokens.sort(key=lambda word: -float(between[word].sum()) / len(word))
    tried = (_without(whole, word, settings) for word in tokens[:CANDIDATES])
    return max((shorter for shorter in tried if shorter), key=lambda shorter: shorter.change, default=None)


def _without(whole: AttentionTrace, word: NDArray[np.int64], settings: Settings) -> ShorterSentence | None:
    """Return the sentence without some tokens' letters, or None where the others are not read as before."""
    kept = np.setdiff1d(np.arange(len(whole)), word)
    if len(kept) < 2:
        return None
    start, end = int(whole.spans[word, 0].min()), int(whole.spans[word, 1].max())
    try:
        left = whole.sentence[:start] + whole.sentence[end:]
        shorter = chosen_trace(settings.model_copy(update={"sentence": left}))
    except UserError:
        return None
    if shorter.tokens != tuple(whole.tokens[index] for index in kept):
        return None
    before = relations(whole.weights_of(settings.head))[np.ix_(kept, kept)]
    change = np.abs(np.triu(relations(shorter.weights_of(settings.head)) - before, 1)).sum()
    return ShorterSentence(shorter, kept, float(change))
