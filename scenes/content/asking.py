"""The question that the film asks at its beginning and answers at its end, and how tokens are named in captions."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from attention.attention_trace import Tokens

_LONGEST = 10  # letters of a token in a caption
_MOSTLY = 0.5  # of a text's tokens: so many words make them "words"


def named(trace: Tokens, token: int) -> str:
    """Return a token as a caption names it: in quotes, with a hyphen if it continues a word, and cut if it is long."""
    label = trace.labels[token]
    return in_quotes(f"-{label}" if trace.continues[token] else label)


def in_quotes(text: str) -> str:
    """Return a part of a text as a caption has it: in quotes, and cut if it is long."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"“{shown}”"


def question(trace: AttentionTrace, token: int) -> str:
    """Return what the film asks about the token that it follows."""
    return f"What does {named(trace, token)} need from the other {kind_of_tokens(trace)}s?"


def kind_of_tokens(trace: AttentionTrace) -> str:
    """Return what a text's tokens are called: "word" where most of them are one, else "token"."""
    return "word" if whole_words(trace).sum() >= max(_MOSTLY * len(trace), 2) else "token"


def whole_words(trace: AttentionTrace) -> NDArray[np.bool_]:
    """Return which tokens are a word by themselves, (n,)."""
    alone: NDArray[np.bool_] = np.bincount(trace.word_ids)[trace.word_ids] == 1
    return trace.words & alone
