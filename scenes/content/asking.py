"""The question that the film asks at its beginning and answers at its end, and how tokens are named in captions."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Tokens
from scenes.words import _

_LONGEST = 10  # letters of a token in a caption
_MOSTLY = 0.5  # of a text's tokens: so many words make them "words"


def named(trace: Tokens, token: int) -> str:
    """Return a token as a caption names it: in quotes, with a hyphen if it continues a word, and cut if it is long."""
    label = trace.labels[token]
    return in_quotes(f"-{label}" if trace.continues[token] else label)


def in_quotes(text: str, most: int = _LONGEST) -> str:
    """Return a part of a text as a caption has it: in quotes, and cut to ``most`` letters."""
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return _("“{token}”", token=shown)


def question(trace: AttentionTrace, token: int) -> str:
    """Return what the film asks about the token that it follows."""
    if whole_words(trace).sum() >= max(_MOSTLY * len(trace), 2):
        return _("What does {token} need from the other words?", token=named(trace, token))
    return _("What does {token} need from the other tokens?", token=named(trace, token))


def whole_words(trace: AttentionTrace) -> NDArray[np.bool_]:
    """Return which tokens are a word by themselves, (n,)."""
    alone: NDArray[np.bool_] = np.bincount(trace.word_ids)[trace.word_ids] == 1
    return trace.words & alone
