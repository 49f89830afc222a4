"""`ChipTexts`: what a sentence's chips say, and the room that they need."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from attention.attention_trace import Tokens
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.drawing.text_fitting import shorten

PADDING = 0.4  # inside a chip on each side of its text, in em
TALL = 1.45  # height of a chip, in em; less where the places are closer
CLOSE = 0.86  # share of its place that a chip may take in a column
BESIDE = 0.93  # the same in a row
_OVER = 0.05  # by which a letter may reach into its chip's edge, in em
BLANK = -2  # a place without a chip
THINNEST = 0.085  # row or column of a matrix of which only some have a chip, in scene units
_LONGEST = 9.0  # beyond it a chip's text is cut, in em


@dataclass(frozen=True)
class ChipTexts:
    """What the chips of a sentence say, for the tokens that are shown.

    Parameters
    ----------
    tokens
        (n,), which tokens they are, -1 for an ellipsis, :data:`BLANK` where a thin row or column has no name.
    labels
        The tokens in the text's own letters, "" for an ellipsis.
    continues
        (n,) bool, whether a token continues the word before it; such a chip is square where it begins.
    unknown
        (n,) bool, whether the vocabulary lacks the token; such a chip is dashed.
    special
        (n,) bool, whether the tokenizer added the token to the text; such a chip is an outline with quiet letters.
    followed
        (n,) bool, whether it is the token that the film follows; such a chip has a ring.
    """

    tokens: NDArray[np.int64]
    labels: tuple[str, ...]
    continues: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    special: NDArray[np.bool_]
    followed: NDArray[np.bool_]

    @classmethod
    def of(
        cls, tokens: Tokens, slots: NDArray[np.int64], longest: float = _LONGEST, followed: int | None = None
    ) -> "ChipTexts":
        """Return the chips of a text's tokens ``slots`` (-1 for an ellipsis), cut to ``longest`` em each."""
        shown = slots >= 0
        return cls(
            slots,
            tuple(shorten(tokens.labels[slot], longest) if slot >= 0 else "" for slot in slots.tolist()),
            tokens.continues[slots] & shown,
            tokens.unknown[slots] & shown,
            tokens.special[slots] & shown,
            (slots == followed) & shown,
        )

    @property
    def apart(self) -> int:
        """How many places there are from one that is not blank to the next, at least."""
        return int(np.diff(np.flatnonzero(self.tokens != BLANK)).min(initial=len(self.tokens)))

    def width(self) -> float:
        """Return the width of the widest chip, in em."""
        return max((outline(label).width for label in self.labels), default=0.0) + 2 * PADDING

    def pitch(self) -> float:
        """Return how close chips may stand under each other before their letters touch, in em."""
        lines = [outline(self.labels[place]) for place in np.flatnonzero(self.tokens != BLANK).tolist()]
        return max((upper.bottom + lower.top for upper, lower in pairwise(lines)), default=0.0) + 0.06

    def letters(self) -> float:
        """Return how close chips may stand under each other before letters reach over their own chip's edge, in em."""
        lines = [outline(label) for label in self.labels if label]
        half = max((max(line.bottom + CAP_HEIGHT / 2, line.top - CAP_HEIGHT / 2) for line in lines), default=0.5)
        return max(self.pitch(), 2 * (half - _OVER) / CLOSE)


def names_apart(weights: NDArray[np.floating], apart: int) -> NDArray[np.int64]:
    """Return which tokens have a chip if these are ``apart`` places from each other, :data:`BLANK` for the others.

    Those with the largest ``weights`` have one.

    >>> names_apart(np.array([0.1, 0.9, 0.5, 0.2]), 2).tolist()
    [-2, 1, -2, 3]
    """
    named = np.full(len(weights), BLANK)
    for token in np.argsort(-weights, kind="stable").tolist():
        if (named[max(token - apart + 1, 0) : token + apart] == BLANK).all():
            named[token] = token
    return named
