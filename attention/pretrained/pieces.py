"""A checkpoint's tokenizer: a text's tokens, with the letters and the word that each stands for."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from tokenizers import Encoding, Tokenizer

from attention.attention_trace import Booleans, Integers
from attention.errors import UserError
from attention.pretrained.checkpoint import TOKENIZER, VOCABULARIES, Checkpoint
from attention.pretrained.library import no_network
from attention.readings import Reading, read_byte_level, read_sentencepiece, read_wordpiece
from attention.spans import spans_with_marks


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


def split_text(sentence: str, tokenizer: Tokenizer) -> Pieces:
    """Split a tidied ``sentence`` into tokens, with those that the tokenizer adds for the model."""
    encoding = tokenizer.encode(sentence)
    read = reader(tokenizer)
    special = np.array(encoding.special_tokens_mask, dtype=bool)
    spans = _spans(sentence, encoding, special)
    unknown = getattr(tokenizer.model, "unk_token", None)
    return Pieces(
        tokens=tuple(encoding.tokens),
        readings=tuple(
            token if added else read(token).text for token, added in zip(encoding.tokens, special, strict=True)
        ),
        token_ids=np.array(encoding.ids, dtype=np.int64),
        word_ids=_word_ids(sentence, encoding, spans, special),
        spans=spans,
        unknown=np.array([token == unknown for token in encoding.tokens], dtype=bool) & ~special,
        special=special,
    )


def reader(tokenizer: Tokenizer) -> Callable[[str], Reading]:
    """Return the function that reads a piece of this tokenizer's vocabulary."""
    if "ByteLevel" in _kinds(tokenizer):
        return read_byte_level
    prefix = getattr(tokenizer.model, "continuing_subword_prefix", None)
    if prefix:
        return lambda piece: read_wordpiece(piece, prefix)
    ending = getattr(tokenizer.model, "end_of_word_suffix", None) or ""
    return lambda piece: read_sentencepiece(piece, ending)


@lru_cache(maxsize=2)
def load_tokenizer(checkpoint: Checkpoint) -> Tokenizer:
    """Return the tokenizer of ``checkpoint``, from ``tokenizer.json`` or made of the vocabulary that it has instead.

    Raises
    ------
    UserError
        If it has neither, or the file is damaged.
    """
    file = checkpoint.path / TOKENIZER
    if file.exists():
        try:
            tokenizer = Tokenizer.from_str(file.read_text(encoding="utf-8"))
        except Exception as error:  # the library raises bare Exception for malformed content
            raise UserError(f"{file}: the tokenizer is damaged ({_first_line(error)}): restore the file") from None
    else:
        tokenizer = _converted(checkpoint)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _converted(checkpoint: Checkpoint) -> Tokenizer:
    """Let Transformers turn an older checkpoint's vocabulary into a tokenizer."""
    vocabulary = next((name for name in VOCABULARIES if (checkpoint.path / name).exists()), None)
    if vocabulary is None:
        raise UserError(f"{checkpoint.path}: holds no {TOKENIZER}: get all files of the checkpoint")
    with no_network() as transformers:
        try:
            made = transformers.AutoTokenizer.from_pretrained(
                checkpoint.path, local_files_only=True, trust_remote_code=False
            )
            return Tokenizer.from_str(made.backend_tokenizer.to_str())
        except Exception as error:  # of many kinds: whatever the reader of this vocabulary stumbles over
            raise UserError(
                f"{checkpoint.path / vocabulary}: no tokenizer can be made of it ({_first_line(error)}): "
                f"get the checkpoint's {TOKENIZER}"
            ) from None


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]


def _kinds(tokenizer: Tokenizer) -> set[str]:
    """Return the types of the parts that split a text and put it together again."""
    states = (json.loads(part.__getstate__()) for part in (tokenizer.pre_tokenizer, tokenizer.decoder) if part)
    parts = (part for state in states for part in (state, *state.get("pretokenizers", ()), *state.get("decoders", ())))
    return {part["type"] for part in parts}


def _spans(sentence: str, encoding: Encoding, special: Booleans) -> Integers:
    """Return where each token stands, (n, 2), without the spaces around; a special token stands between two others."""
    spans = spans_with_marks(sentence, encoding.offsets)
    end = 0
    for span, added in zip(spans, special, strict=True):
        if added:
            span[:] = end
        elif sentence[span[0] : span[1]].strip():
            while sentence[span[0]].isspace():
                span[0] += 1
            while sentence[span[1] - 1].isspace():
                span[1] -= 1
        end = max(end, span[1])
    return spans


def _word_ids(sentence: str, encoding: Encoding, spans: Integers, special: Booleans) -> Integers:
    """Return the index of the word that each token belongs to, (n,).

    A word ends where the tokenizer says so, and at a space or a change between letters and other signs: SentencePiece
    may take a whole text for one word, and keeps a full stop with the word before it.
    """
    begins = np.ones(len(spans), dtype=bool)
    for index in range(1, len(spans)):
        (_, before), (start, end) = spans[index - 1], spans[index]
        begins[index] = (
            special[index - 1]
            or special[index]
            or encoding.word_ids[index] != encoding.word_ids[index - 1]
            or (start >= before and not _joined(sentence, int(before), int(start), int(end)))
        )
    return np.cumsum(begins) - 1


def _joined(sentence: str, before: int, start: int, end: int) -> bool:
    """Return whether nothing parts the token at ``start`` from what ends at ``before``."""
    if start == end or start != before or start == 0:
        return False
    last, first = sentence[start - 1], sentence[start]
    return not last.isspace() and not first.isspace() and _in_word(last) == _in_word(first)


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"
