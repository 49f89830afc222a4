"""What each head of a model does: where its attention goes, as shares, and a word for it.

The habits that are looked for are those that Clark et al. 2019, "What Does BERT Look At?", found in BERT: heads that
attend to the token itself, the one before, the one after, to separators, and along dependency links.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attention.attention_trace import Array, Booleans

HABITS = ("itself", "previous", "next", "separator", "links")
MIXED = "mixed"
_SEPARATOR = HABITS.index("separator")
_ENOUGH = 1 / 3  # of a head's attention, which must go to words for their sake to be looked at
_MOST = 2 / 5  # of what goes to words, from which on a habit is a head's name
_BEYOND_CHANCE = 1.5  # times what a head that attends to all tokens alike spends on it


@dataclass(frozen=True, eq=False)
class HeadShares:
    """How much of their attention the heads of a model spend on each of :data:`HABITS`, added up over tokens.

    A share is averaged over the attending tokens that can have the habit: the first one attends to no token before it.
    Tokens that the tokenizer adds, such as [CLS], do not count as attending tokens, nor as the one before or after.

    Of a text with such tokens, ``separator`` is what goes to them all; of one without, what goes to the first token,
    from any other. ``links`` is what goes to the tokens of words that a dependency joins with the token's own.
    """

    sums: Array  # (layers, heads, habits), of attention weights
    even: Array  # (layers, habits), the same for a head that attends to all tokens alike
    counts: NDArray[np.int64]  # (layers, habits), of attending tokens

    def __add__(self, other: "HeadShares") -> "HeadShares":
        """Return the shares over the tokens of both."""
        return HeadShares(self.sums + other.sums, self.even + other.even, self.counts + other.counts)

    @property
    def shares(self) -> Array:
        """The shares, (layers, heads, habits), 0 to 1; NaN where no token can have the habit."""
        return _quotient(self.sums, self.counts[:, None])

    @property
    def even_shares(self) -> Array:
        """The shares of a head that attends to all tokens alike, (layers, habits); it may do so by chance."""
        return _quotient(self.even, self.counts)


def measure(
    weights: NDArray[np.floating], masks: Booleans, special: Booleans, linked: Booleans | None = None
) -> HeadShares:
    """Measure the attention weights of one sentence.

    Parameters
    ----------
    weights
        (layers, heads, n, n), rows attending.
    masks
        (layers, n, n) bool, True where attending is allowed.
    special
        (n,) bool, True for tokens that the tokenizer adds.
    linked
        (n, n) bool, True for tokens of different words that a dependency joins; left out, no habit of links is
        measured.
    """
    count = len(special)
    between = ~special[:, None] & ~special[None, :]
    at = np.zeros((len(HABITS), count, count), dtype=bool)
    for habit, offset in enumerate((0, -1, 1)):
        at[habit] = np.eye(count, k=offset, dtype=bool) & between
    if special.any():
        at[_SEPARATOR] = ~special[:, None] & special[None, :]
    else:
        at[_SEPARATOR, 1:, 0] = True
    if linked is not None:
        at[HABITS.index("links")] = linked & between
    allowed = at & masks[:, None]  # (layers, habits, n, n)
    sums = np.stack([np.tensordot(one, there, ((1, 2), (1, 2))) for one, there in zip(weights, allowed, strict=True)])
    even = (allowed / masks.sum(axis=-1)[:, None, :, None]).sum(axis=(-2, -1))
    return HeadShares(sums.astype(np.float64), even, allowed.any(axis=-1).sum(axis=-1))


def linked_tokens(
    tokens: NDArray[np.int64], words: Sequence[tuple[int, int]], links: frozenset[frozenset[int]]
) -> Booleans:
    """Return which tokens a link of their words joins, (n, n) bool.

    Parameters
    ----------
    tokens
        (n, 2), where each token stands in the text.
    words
        The same of words; a token belongs to each that it shares characters with.
    links
        Pairs of words.
    """
    starts, ends = np.array(words, dtype=np.int64).T[..., None]
    belongs = ((tokens[:, 0] < ends) & (tokens[:, 1] > starts)).astype(np.int64)  # (words, n)
    joined = np.zeros((len(words), len(words)), dtype=np.int64)
    for one, other in links:
        joined[one, other] = joined[other, one] = 1
    found: Booleans = (belongs.T @ joined @ belongs > 0) & ~np.eye(len(tokens), dtype=bool)
    return found


def name_heads(measured: HeadShares) -> NDArray[np.str_]:
    """Return what each head does, (layers, heads): one of :data:`HABITS`, or "mixed".

    What a head spends on separators says little: it does so where it finds nothing to do (Clark et al. 2019, section
    3.2), so its name is looked for in the rest, as Voita et al. 2019, "Analyzing Multi-Head Self-Attention", do when
    they leave out the end of the sentence. A head is called after the largest of its other shares, if the rest is at
    least a third of all, that share at least two fifths of the rest, and one and a half times what it would be if the
    head attended to all tokens alike. If not, it is called after the separator if that gets at least half; if not,
    "mixed".
    """
    shares, even = np.nan_to_num(measured.shares), np.nan_to_num(measured.even_shares)[:, None]
    separator = shares[..., _SEPARATOR]
    rest = 1 - separator
    habits = shares / np.maximum(rest, 1e-12)[..., None]
    beyond = habits >= _BEYOND_CHANCE * even / (1 - even[..., [_SEPARATOR]])
    habits[..., _SEPARATOR] = 0
    largest = habits.argmax(axis=-1)
    has_habit = (rest >= _ENOUGH) & (habits.max(axis=-1) >= _MOST)
    has_habit &= np.take_along_axis(beyond, largest[..., None], axis=-1)[..., 0]
    return np.asarray(np.where(has_habit, np.array(HABITS)[largest], np.where(separator >= 0.5, "separator", MIXED)))


def _quotient(sums: Array, counts: NDArray[np.int64]) -> Array:
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
