"""A checkpoint's tokenizer, as it lies in the folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tokenizers import Tokenizer, models

from attention.errors import UserError, first_line
from attention.pretrained.checkpoint import TOKENIZER, VOCABULARIES, Checkpoint
from attention.pretrained.library import no_network
from attention.readings import Reading, read_byte_level, read_sentencepiece, read_wordpiece
from attention.tokenizer import read_tokenizer


@dataclass(frozen=True, eq=False)
class CheckpointTokenizer:
    """A tokenizer, with what its own notation means."""

    backend: Tokenizer
    read: Callable[[str], Reading]  # reads a piece of its vocabulary
    unknown: int | None  # the id of what the vocabulary lacks

    @classmethod
    def of(cls, backend: Tokenizer) -> "CheckpointTokenizer":
        """Return ``backend`` so that it takes a text as it is, neither cut nor filled up."""
        backend.no_padding()
        backend.no_truncation()
        return cls(backend, _reader(backend), _unknown(backend))


@lru_cache(maxsize=2)
def load_tokenizer(checkpoint: Checkpoint) -> CheckpointTokenizer:
    """Return the tokenizer of ``checkpoint``, from ``tokenizer.json`` or made of the vocabulary that it has instead.

    Raises
    ------
    UserError
        If it has neither, or the file is damaged.
    """
    file = checkpoint.path / TOKENIZER
    if not file.exists():
        return CheckpointTokenizer.of(_converted(checkpoint))
    return CheckpointTokenizer.of(read_tokenizer(file))


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
                f"{checkpoint.path / vocabulary}: no tokenizer can be made of it ({first_line(error)}): "
                f"get the checkpoint's {TOKENIZER}"
            ) from None


def _reader(tokenizer: Tokenizer) -> Callable[[str], Reading]:
    if "ByteLevel" in _kinds(tokenizer):
        return read_byte_level
    prefix = getattr(tokenizer.model, "continuing_subword_prefix", None)
    if prefix:
        return lambda piece: read_wordpiece(piece, prefix)
    ending = getattr(tokenizer.model, "end_of_word_suffix", None) or ""
    return lambda piece: read_sentencepiece(piece, ending)


def _unknown(tokenizer: Tokenizer) -> int | None:
    if isinstance(tokenizer.model, models.Unigram):
        found: int | None = json.loads(tokenizer.model.__getstate__())["unk_id"]
        return found
    token = getattr(tokenizer.model, "unk_token", None)
    return tokenizer.token_to_id(token) if token else None


def _kinds(tokenizer: Tokenizer) -> set[str]:
    """Return the types of the parts that split a text and put it together again."""
    states = (json.loads(part.__getstate__()) for part in (tokenizer.pre_tokenizer, tokenizer.decoder) if part)
    parts = (part for state in states for part in (state, *state.get("pretokenizers", ()), *state.get("decoders", ())))
    return {part["type"] for part in parts}
