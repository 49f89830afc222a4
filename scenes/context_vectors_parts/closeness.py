"""How close a token is to another one before attention and after it."""

from dataclasses import dataclass

from attention import AttentionTrace
from scenes.content.asking import named
from scenes.content.cosine import cosine
from scenes.drawing.fact import Fact


@dataclass(frozen=True)
class Closeness:
    """Cosines of one token's vectors with another token's row of the embedding table.

    Parameters
    ----------
    name
        How captions call the other token.
    before
        Cosine of the token's own row with it.
    after
        Cosine of the token's output with it.
    """

    name: str
    before: Fact
    after: Fact


def closeness(trace: AttentionTrace, token: int, other: int) -> Closeness:
    """Return how close ``token`` is to ``other``.

    Both are compared in one space: the rows of the embedding table, to which outputs of this layer are trained to be
    near.
    """
    row = trace.token_vectors[other]
    before, after = (
        Fact(f"cosine({field}[{token}], token_vectors[{other}])", cosine(getattr(trace, field)[token], row))
        for field in ("token_vectors", "output")
    )
    return Closeness(named(trace, other), before, after)
