"""`AttentionTrace`: every number that attention makes of one sentence, in one object that needs no PyTorch."""

import json
import os
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from attention.errors import UserError

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

FORMAT = "attention-trace-1"


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each of n tokens its k nearest other tokens in the embedding table, nearest first."""

    texts: tuple[tuple[str, ...], ...]  # n x k, pieces as the vocabulary writes them
    cosines: Floats  # (n, k), cosine similarity of the two rows of the table
    vectors: Floats  # (n, k, d_model), the neighbours' rows


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """One sentence on its way through one attention layer.

    n is the number of tokens. Arrays are float32 unless said otherwise, and follow the notation of Vaswani et al. 2017.
    The row of a score or weight belongs to the attending token (its query), the column to the attended one (its key).
    """

    sentence: str  # the text, tidied; spans point into it
    model: str  # the model's name
    layer: int  # counted from 0
    tokens: tuple[str, ...]  # n pieces, as the vocabulary writes them
    token_ids: Integers  # (n,) int64
    word_ids: Integers  # (n,) int64, index of the word that the piece belongs to
    spans: Integers  # (n, 2) int64, first character and the one after the last
    unknown: Booleans  # (n,) bool, True where the vocabulary lacks the piece
    token_vectors: Floats  # (n, d_model), rows of the token table
    position_vectors: Floats | None  # (n, d_model), what the position adds; None where the model has none
    neighbours: Neighbours
    embeddings: Floats  # (n, d_model), X: what is multiplied by W_Q, W_K, W_V
    w_query: Floats  # (heads, d_model, d_k)
    w_key: Floats  # (heads, d_model, d_k)
    w_value: Floats  # (heads, d_model, d_v)
    b_query: Floats | None  # (heads, d_k), None where the model has no bias
    b_key: Floats | None  # (heads, d_k)
    b_value: Floats | None  # (heads, d_v)
    queries: Floats  # (heads, n, d_k)
    keys: Floats  # (heads, n, d_k)
    values: Floats  # (heads, n, d_v)
    scores: Floats  # (heads, n, n), Q K^T before scaling
    mask: Booleans  # (n, n) bool, True where attending is allowed
    weights: Floats  # (heads, n, n), softmax(scores / sqrt(d_k)), 0 where masked
    context: Floats  # (heads, n, d_v), weights times values
    output: Floats  # (n, d_model), what the layer hands on

    def __len__(self) -> int:
        """Return n, the number of tokens."""
        return len(self.tokens)

    @property
    def heads(self) -> int:
        """The number of heads."""
        return len(self.queries)

    @property
    def d_k(self) -> int:
        """The length of a query and of a key."""
        return int(self.queries.shape[-1])

    @property
    def causal(self) -> bool:
        """Whether some attending is forbidden by the mask."""
        return not self.mask.all()

    @property
    def scaled_scores(self) -> Floats:
        """Scores divided by the square root of d_k, (heads, n, n); what the softmax is taken of."""
        return self.scores / np.float32(np.sqrt(self.d_k))

    @property
    def labels(self) -> tuple[str, ...]:
        """Each token in the text's own letters.

        Pieces that share one character (the letters of a Korean syllable) have no stretch of text of their own: they
        are written as the vocabulary has them.
        """
        stretches = [tuple(span) for span in self.spans.tolist()]
        return tuple(
            self.sentence[start:end] if stretches.count((start, end)) == 1 else token.removeprefix("##")
            for token, (start, end) in zip(self.tokens, stretches, strict=True)
        )

    @property
    def continues(self) -> Booleans:
        """Whether a token continues the word of the token before it, (n,) bool."""
        return np.asarray(np.diff(self.word_ids, prepend=-1) == 0)

    def save(self, path: Path) -> None:
        """Write the trace to ``path`` as one safetensors file; an older file stays until the new one is whole.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        arrays: dict[str, Any] = {}
        texts: dict[str, Any] = {"format": FORMAT}
        for name, value in _flat(self).items():
            if isinstance(value, np.ndarray):
                arrays[name] = np.ascontiguousarray(value)
            elif value is not None:
                texts[name] = value
        write_atomically(path, save(arrays, metadata={"trace": json.dumps(texts)}))

    @classmethod
    def load(cls, path: Path) -> "AttentionTrace":
        """Read a trace that :meth:`save` wrote. Neither pickle nor PyTorch takes part.

        Raises
        ------
        UserError
            If the file is missing, damaged, or not a trace.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                values: dict[str, Any] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                values |= json.loads((file.metadata() or {})["trace"])
            if values.pop("format") != FORMAT:
                raise KeyError("format")
            neighbours = Neighbours(
                texts=tuple(map(tuple, values.pop("neighbours.texts"))),
                cosines=values.pop("neighbours.cosines"),
                vectors=values.pop("neighbours.vectors"),
            )
            values["tokens"] = tuple(values["tokens"])
            for optional in ("position_vectors", "b_query", "b_key", "b_value"):
                values.setdefault(optional)
            return cls(**values, neighbours=neighbours)
        except FileNotFoundError:
            raise UserError(f"{path}: no such file") from None
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path}: not a trace, or damaged ({error}): make it again") from error


def _flat(trace: AttentionTrace) -> dict[str, Any]:
    values = {field.name: getattr(trace, field.name) for field in fields(trace) if field.name != "neighbours"}
    return values | {f"neighbours.{field.name}": getattr(trace.neighbours, field.name) for field in fields(Neighbours)}


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader finds the old file or the whole new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
