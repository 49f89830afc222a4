"""`TrainedKind`: queries, keys and values, and what each is for."""

from dataclasses import dataclass

from attention import AttentionTrace
from attention.attention_trace import Floats
from scenes.look.theme import KEY, QUERY, VALUE, Hue
from scenes.words import N_


@dataclass(frozen=True)
class TrainedKind:
    """One of the three things that attention makes of an embedding, and what it is for, in messages to be said."""

    name: str
    plural: str
    verb: str
    question: str
    color: Hue

    @property
    def symbol(self) -> str:
        """Such as ``"Q"``."""
        return self.name[0].upper()

    def weight(self, trace: AttentionTrace) -> Floats:
        """Return its trained matrices, (heads, d_model, d_k)."""
        weight: Floats = getattr(trace, f"w_{self.name}")
        return weight

    def bias(self, trace: AttentionTrace) -> Floats | None:
        """Return what is added to the product, (heads, d_k), if the model has it."""
        bias: Floats | None = getattr(trace, f"b_{self.name}")
        return bias

    def field(self, trace: AttentionTrace) -> str:
        """Return the name of what the matrices make of X, (heads, n, d_k), before positions change it."""
        projected = f"projected_{self.plural}"
        return self.plural if getattr(trace, projected, None) is None else projected


KINDS = (
    # Translators: what a token does with its query, its key and its value, and what that answers
    TrainedKind("query", "queries", N_("asks"), N_("what do I need?"), QUERY),
    TrainedKind("key", "keys", N_("offers"), N_("what am I?"), KEY),
    TrainedKind("value", "values", N_("carries"), N_("what do I give?"), VALUE),
)
