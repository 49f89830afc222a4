"""Where tokens stand in the text: what a tokenizer says, put right for people."""

import unicodedata
from collections.abc import Sequence

import numpy as np

from attention.attention_trace import Integers


def spans_with_marks(sentence: str, offsets: Sequence[tuple[int, int]]) -> Integers:
    """Return where each token stands, (n, 2), with the marks that belong to its last letter.

    Accents written as characters of their own may be dropped before the look-up, so that offsets end early.
    """
    spans = np.array(offsets, dtype=np.int64)
    starts = set(spans[:, 0].tolist())
    for span in spans:
        while span[0] < span[1] < len(sentence) and span[1] not in starts and is_mark(sentence[span[1]]):
            span[1] += 1
    return spans


def is_mark(character: str) -> bool:
    """Return whether ``character`` belongs to the one before it."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
