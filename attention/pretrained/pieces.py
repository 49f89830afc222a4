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
from attention.readings import OPEN_SPACE, Reading, read_byte_level, read_sentencepiece, read_wordpiece
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


def split_text(sentence: str, tokenizer: Tokenizer) -> Pieces:
    """Split a tidied ``sentence`` into tokens, with those that the tokenizer adds for the model."""
    encoding = tokenizer.encode(sentence)
    special = np.array(encoding.special_tokens_mask, dtype=bool)
    read = reader(tokenizer)
    readings = [token if added else read(token).text for token, added in zip(encoding.tokens, special, strict=True)]
    spaces = np.array([bool(reading) and not reading.strip(OPEN_SPACE) for reading in readings], dtype=bool)
    spans = _spans(sentence, encoding, special, spaces)
    unknown = getattr(tokenizer.model, "unk_token", None)
    return Pieces(
        tokens=tuple(encoding.tokens),
        readings=tuple(readings),
        token_ids=np.array(encoding.ids, dtype=np.int64),
        word_ids=_word_ids(sentence, encoding, spans, spaces),
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
    begins = np.ones(len(spans), dtype=bool)
    for index in range(1, len(spans)):
        before, start = int(spans[index - 1, 1]), int(spans[index, 0])
        begins[index] = (
            encoding.word_ids[index] is None  # a special token
            or encoding.word_ids[index] != encoding.word_ids[index - 1]
            or spaces[index]
            or start > before
            or (start == before and not spaces[index - 1] and _kind(sentence[start - 1]) != _kind(sentence[start]))
        )
    return np.cumsum(begins) - 1


def _kind(character: str) -> str:
    """Return what a character is in a word: a letter or digit (and the marks on it), or which kind of sign."""
    kind = unicodedata.category(character)[0]
    return "letter" if kind in "LMN" else kind
