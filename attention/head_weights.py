"""`HeadWeights`: the attention weights of every head of a model for one sentence, in one object without PyTorch."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from attention.attention_trace import AttentionTrace, Booleans, Floats, Integers, own_letters, write_atomically
from attention.errors import UserError

MOST_TOKENS = 256  # the weights of all heads of a large model take 300 MB then
_FORMAT = "head-weights-1"
_ARRAYS = ("spans", "special", "weights", "masks")
_LISTS = ("readings", "left_out")


@dataclass(frozen=True, eq=False)
class HeadWeights:
    """What all heads of all layers make of a sentence's n tokens; fields as in :class:`attention.AttentionTrace`."""

    sentence: str
    model: str
    readings: tuple[str, ...]
    spans: Integers  # (n, 2)
    special: Booleans  # (n,) bool
    left_out: tuple[str, ...]
    weights: Floats  # (layers, heads, n, n), 0 where masked; rows, those of attending tokens, sum to 1
    masks: Booleans  # (layers, n, n) bool, True where attending is allowed

    @classmethod
    def of(cls, trace: AttentionTrace) -> "HeadWeights":
        """Return those of a model whose one layer has been traced."""
        return cls(
            sentence=trace.sentence,
            model=trace.model,
            readings=trace.readings,
            spans=trace.spans,
            special=trace.special,
            left_out=trace.left_out,
            weights=trace.weights[None],
            masks=trace.mask[None],
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Each token in the text's own letters."""
        return own_letters(self.sentence, self.spans, self.readings)

    def save(self, path: Path) -> None:
        """Write all to ``path`` as one safetensors file; an older file stays until the new one is whole.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        texts = {name: getattr(self, name) for name in ("sentence", "model", *_LISTS)} | {"format": _FORMAT}
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _ARRAYS}
        write_atomically(path, save(arrays, metadata={"heads": json.dumps(texts)}))

    @classmethod
    def load(cls, path: Path) -> "HeadWeights":
        """Read what :meth:`save` wrote. Neither pickle nor PyTorch takes part.

        Raises
        ------
        UserError
            If the file is missing, damaged, or something else.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                texts = json.loads((file.metadata() or {})["heads"])
                arrays = {name: file.get_tensor(name) for name in _ARRAYS}
            if texts.pop("format") != _FORMAT:
                raise KeyError("format")
            return cls(**texts | {name: tuple(texts[name]) for name in _LISTS}, **arrays)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path}: no weights of heads, or damaged ({error}): make them again") from None
