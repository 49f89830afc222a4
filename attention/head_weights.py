"""`HeadWeights`: the attention weights of every head of a model for one sentence, in one object without PyTorch."""

from dataclasses import dataclass

from attention.attention_trace import AttentionTrace, Booleans, Floats, Integers, own_letters
from attention.packing import pack, unpack

MOST_TOKENS = 256  # the weights of all heads of a large model take 300 MB then
_TITLE = "heads"


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

    def to_bytes(self) -> bytes:
        """Return all as one safetensors file."""
        return pack(vars(self), _TITLE)

    @classmethod
    def from_bytes(cls, content: bytes) -> "HeadWeights":
        """Return what :meth:`to_bytes` was called for; another content raises an error of some kind."""
        values = unpack(content, _TITLE)
        return cls(**values | {name: tuple(values[name]) for name in ("readings", "left_out")})
