"""A text's tokens, with the letters and the word that each stands for."""

import unicodedata
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding

from attention.attention_trace import Booleans, Integers
from attention.pretrained.tokenizer import CheckpointTokenizer
from attention.readings import Reading
from attention.spans import spans_with_marks
from attention.text import check_length
from attention.tokenizer import encode


@dataclass(frozen=True, eq=False)
class Pieces:
    """The n tokens of a text; fields as in :class:`attention.AttentionTrace`."""

    tokens: tuple[str, ...]
    readings: tuple[str, ...]
    token_ids: Integers
    word_ids: Integers
    spans: Integers
    unknown: Booleans
    special: Booleans

    @property
    def added(self) -> tuple[str, ...]:
        """The tokens that the tokenizer adds."""
        return tuple(token for token, added in zip(self.tokens, self.special, strict=True) if added)

    def only(self, kept: Booleans) -> "Pieces":
        """Return some of the tokens, ``kept`` (n,) bool."""
        return Pieces(
            tokens=tuple(token for token, stays in zip(self.tokens, kept, strict=True) if stays),
            readings=tuple(reading for reading, stays in zip(self.readings, kept, strict=True) if stays),
            token_ids=self.token_ids[kept],
            word_ids=np.unique(self.word_ids[kept], return_inverse=True)[1],
            spans=self.spans[kept],
            unknown=self.unknown[kept],
            special=self.special[kept],
        )


def split_text(sentence: str, tokenizer: CheckpointTokenizer, most: int) -> Pieces:
    """Split a tidied ``sentence`` into tokens, with those that the tokenizer adds for the model.

    Raises
    ------
    UserError
        If the sentence has no token of its own, or with the added ones more than ``most``.
    """
    encoding = encode(tokenizer.backend, sentence, add_special=True)
    special = np.array(encoding.special_tokens_mask, dtype=bool)
    check_length(0 if special.all() else len(encoding.ids), most)
    readings = [
        Reading(token) if added else tokenizer.read(token)
        for token, added in zip(encoding.tokens, special, strict=True)
    ]
    spaces = np.array([reading.blank for reading in readings], dtype=bool)
    spans = _spans(sentence, encoding, special, spaces)
    token_ids = np.array(encoding.ids, dtype=np.int64)
    return Pieces(
        tokens=tuple(encoding.tokens),
        readings=tuple(reading.text for reading in readings),
        token_ids=token_ids,
        word_ids=_word_ids(sentence, encoding, spans, spaces),
        spans=spans,
        unknown=(token_ids == tokenizer.unknown) & ~special,
        special=special,
    )


def _spans(sentence: str, encoding: Encoding, special: Booleans, spaces: Booleans) -> Integers:
    """Return where each token stands, (n, 2), without the spaces around it.

    Where a token stands for no letter of the text, its span is empty: a special token, and the space that SentencePiece
    thinks before a text.
    """
    spans = spans_with_marks(sentence, encoding.offsets)
    end = 0
    for span, added, space in zip(spans, special, spaces, strict=True):
        letters = sentence[span[0] : span[1]]
        if added:
            span[:] = end
        elif space and not letters.isspace():
            span[1] = span[0]
        elif not space:
            span[0] += len(letters) - len(letters.lstrip())
            span[1] -= len(letters) - len(letters.rstrip())
        end = max(end, span[1])
    return spans


def _word_ids(sentence: str, encoding: Encoding, spans: Integers, spaces: Booleans) -> Integers:
    """Return the index of the word that each token belongs to, (n,).

    A word ends where the tokenizer says so, and at a space or a change between letters and other signs: SentencePiece
    may take a whole text for one word, and keeps a full stop with the word before it. A space that is a token is the
    beginning of the word after it.
    """
    words = encoding.word_ids
    begins = np.ones(len(spans), dtype=bool)
    for index in range(1, len(spans)):
        before, start = int(spans[index - 1, 1]), int(spans[index, 0])
        begins[index] = (
            words[index] is None  # a special token
            or words[index] != words[index - 1]
            or spaces[index]
            or start > before
            or (start == before and not spaces[index - 1] and _kind(sentence[start - 1]) != _kind(sentence[start]))
        )
    return np.cumsum(begins) - 1


def _kind(character: str) -> str:
    """Return what a character is in a word: a letter or digit (and the marks on it), or which kind of sign."""
    kind = unicodedata.category(character)[0]
    return "letter" if kind in "LMN" else kind
