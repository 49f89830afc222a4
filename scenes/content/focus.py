"""Which tokens a clip talks about: above all the one that the film follows."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.function_words import FUNCTION_WORDS, PRONOUNS
from scenes.words import ngettext

_CLEAR = 1.2  # how much more than the next word the one that a pronoun stands for gets
_SHARE = 0.05  # and how much at least
_FAR_MORE = 2.0  # than the first word, a token without letters has to get to be told instead


def over_even(trace: AttentionTrace, weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return how many times an even share of its row each of ``weights``, (n, n), is."""
    times: NDArray[np.floating] = weights * trace.mask.sum(axis=1, keepdims=True)
    return times


def strongest_rows(weights: NDArray[np.floating], slots: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most ``most`` of ``slots`` in their order: those with the largest weights, and -1 for what is between.

    >>> strongest_rows(np.array([0.1, 0.0, 0.0, 0.5, 0.0, 0.4]), np.arange(6), 5).tolist()
    [0, -1, 3, -1, 5]
    """
    if len(slots) <= most:
        return slots
    visible = slots[slots >= 0]
    order = visible[np.argsort(-weights[visible], kind="stable")]
    for count in range(most, 0, -1):
        rows: list[int] = []
        before = -1
        for slot in [*sorted(order[:count].tolist()), len(weights)]:
            rows += [-1] * (slot > before + 1) + [slot] * (slot < len(weights))
            before = slot
        if len(rows) <= most:
            break
    return np.array(rows)


def strongest_with_rest(
    weights: NDArray[np.floating], most: int, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Return which of ``weights`` are the largest, in their order; beyond ``most`` of them, a last -1 for all others.

    ``among`` says which may be returned; left out, all.

    >>> strongest_with_rest(np.array([0.1, 0.0, 0.5, 0.0, 0.4]), 3).tolist()
    [2, 4, -1]
    >>> strongest_with_rest(np.array([0.1, 0.0, 0.5, 0.0, 0.4]), 4, np.array([0, -1, 4])).tolist()
    [0, 4, -1]
    """
    visible = np.arange(len(weights)) if among is None else among[among >= 0]
    if len(visible) == len(weights) <= most:
        return visible
    largest = visible[np.argsort(-weights[visible], kind="stable")][: max(most - 1, 1)]
    return np.array([*np.sort(largest), -1])


def others_in_words(count: int) -> str:
    """Return what the tokens are called that have no row of their own."""
    # Translators: tokens; stands beside their sum
    return ngettext("{number} other", "{number} others", count, number=count)


def followed_token(trace: AttentionTrace, weights: NDArray[np.floating]) -> int:
    """Return the token that the film follows: the sentence's protagonist.

    A third-person pronoun that attends clearly to one content word before it; else the content word that gives the
    largest shares to other words; a token without letters only where there is no word. Between two texts, the word that
    attends to one token of the other most.

    Parameters
    ----------
    trace
        Gives the words.
    weights
        (n, m), rows attend to columns.
    """
    if trace.source is not None:
        return int(np.where(trace.words | ~trace.words.any(), weights.max(axis=1), -1.0).argmax())
    shares = _shares_of_words(trace, weights)
    pronouns = [
        (_antecedent(trace, shares, token), token) for token in range(len(trace)) if _is(trace, token, PRONOUNS)
    ]
    clear = [(share, token) for share, token in pronouns if share > 0]
    if clear:
        return max(clear)[1]
    plain, content = trace.words & ~trace.special, content_words(trace)
    times = _shares_of_words(trace, over_even(trace, weights))
    given = np.where(trace.word_ids[:, None] == np.arange(shares.shape[1]), 0, times)
    spoken = np.bincount(trace.word_ids[plain], minlength=shares.shape[1]) > 0
    among = next((each for each in (content, plain) if each.any()), np.ones(len(trace), dtype=bool))
    return int(np.where(among, given[:, spoken].sum(axis=1), -1.0).argmax())


def content_words(trace: AttentionTrace) -> NDArray[np.bool_]:
    """Return which tokens (n,) are words, or parts of words, that say more than how others belong together."""
    plain = trace.words & ~trace.special
    function = np.array([_is(trace, token, FUNCTION_WORDS) for token in range(len(trace))])
    return np.asarray(plain & ~function)


def most_attended(trace: AttentionTrace, weights: NDArray[np.floating], token: int) -> int | None:
    """Return the token of another word that ``token`` attends to most; None where it sees no other.

    One without letters, such as a comma, is taken only where it gets far more than all words.
    """
    seen = trace.mask[token] & (trace.word_ids != trace.word_ids[token]) & ~trace.special
    seen = seen if seen.any() else trace.mask[token] & (trace.word_ids != trace.word_ids[token])
    if not seen.any():
        return None
    words = seen & trace.words
    word, most = (int(np.where(among, weights[token], -1.0).argmax()) for among in (words, seen))
    return most if not words.any() or weights[token, most] > _FAR_MORE * weights[token, word] else word


def shown_tokens(weights: NDArray[np.floating], followed: int, most: int) -> NDArray[np.int64]:
    """Return which of n tokens are shown in at most ``most`` places, with -1 for gaps, in order.

    Left out are those that matter least to the token that is followed: it attends to them little, and they to it.
    """
    square = weights.shape[0] == weights.shape[1]
    matter = np.maximum(weights[followed], weights[:, followed]) if square else weights.max(axis=1)
    matter = matter.astype(float)
    matter[followed] = np.inf
    return strongest_rows(matter, np.arange(len(weights)), most)


def shown_keys(trace: AttentionTrace, weights: NDArray[np.floating], followed: int, most: int) -> NDArray[np.int64]:
    """Return which of m attended tokens are shown: those that attend, or of another text the largest weights."""
    if trace.source is None:
        return shown_tokens(weights, followed, most)
    return strongest_rows(weights[followed], np.arange(len(trace.attended)), most)


def _is(trace: AttentionTrace, token: int, words: frozenset[str]) -> bool:
    """Whether a token is by itself one of some words."""
    alone = (trace.word_ids == trace.word_ids[token]).sum() == 1
    return bool(alone) and trace.labels[token].lower() in words


def _shares_of_words(trace: AttentionTrace, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return what each token gives to each word, (n, words)."""
    shares = np.zeros((len(trace), int(trace.word_ids.max()) + 1))
    np.add.at(shares.T, trace.word_ids, np.asarray(weights, dtype=float).T)
    return shares


def _antecedent(trace: AttentionTrace, shares: NDArray[np.float64], pronoun: int) -> float:
    """Return the share of the content word before a pronoun that clearly gets most of it; 0 where none does."""
    words = dict.fromkeys(
        int(trace.word_ids[token])
        for token in range(pronoun)
        if trace.words[token] and not trace.special[token] and not _is(trace, token, FUNCTION_WORDS)
    )
    largest, second = [*sorted((float(shares[pronoun, word]) for word in words), reverse=True), 0.0, 0.0][:2]
    return largest if largest >= max(_SHARE, _CLEAR * second) else 0.0
