"""The model that the film explains: one layer of self-attention, written to be read from top to bottom.

`SelfAttention` is shown in the film line by line, so it stays short and free of cleverness. `AttentionModel` puts the
two embedding tables in front of it: X in, context-aware embeddings out, and nothing (no residual connection, no
normalisation) in between or around it.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class AttentionSteps(NamedTuple):
    """Every tensor that one pass of :class:`SelfAttention` makes; a batch may stand in front of each shape."""

    queries: Tensor  # (heads, n, d_k)
    keys: Tensor  # (heads, n, d_k)
    values: Tensor  # (heads, n, d_v)
    scores: Tensor  # (heads, n, n), before scaling; a row is an attending token
    mask: Tensor  # (n, n), True where attending is allowed
    weights: Tensor  # (heads, n, n), each row sums to 1
    context: Tensor  # (heads, n, d_v)
    output: Tensor  # (n, d_model)


class SelfAttention(nn.Module):
    """Scaled dot-product attention, Vaswani et al. 2017, "Attention Is All You Need", equation 1."""

    def __init__(self, d_model: int, d_k: int, heads: int = 1, causal: bool = False) -> None:
        super().__init__()
        self.w_query = nn.Parameter(torch.randn(heads, d_model, d_k) / math.sqrt(d_model))
        self.w_key = nn.Parameter(torch.randn(heads, d_model, d_k) / math.sqrt(d_model))
        self.w_value = nn.Parameter(torch.randn(heads, d_model, d_model // heads) / math.sqrt(d_model))
        self.causal = causal

    def forward(self, x: Tensor, mask: Tensor | None = None) -> AttentionSteps:
        """Return every tensor on the way from X, (n, d_model), to the output."""
        x = x.unsqueeze(-3)  # (1, n, d_model)
        queries = x @ self.w_query  # (heads, n, d_k)
        keys = x @ self.w_key  # (heads, n, d_k)
        values = x @ self.w_value  # (heads, n, d_v)
        scores = queries @ keys.mT  # (heads, n, n)
        allowed = scores.new_ones(scores.shape[-2:], dtype=torch.bool) if mask is None else mask  # (n, n)
        if self.causal:
            allowed = allowed.tril()
        scaled = scores / math.sqrt(keys.shape[-1])  # (heads, n, n)
        weights = scaled.masked_fill(~allowed, -math.inf).softmax(dim=-1)  # (heads, n, n)
        context = weights @ values  # (heads, n, d_v)
        output = context.transpose(-3, -2).flatten(-2)  # (n, d_model)
        return AttentionSteps(queries, keys, values, scores, allowed, weights, context, output)


class AttentionModel(nn.Module):
    """Token table + position table + one layer of :class:`SelfAttention`.

    Parameters
    ----------
    vocabulary
        Number of rows of the token table.
    max_tokens
        Number of rows of the position table: the longest input, in tokens.
    d_model
        Length of an embedding.
    d_k
        Length of a query and of a key.
    heads
        Number of heads; must divide ``d_model``, as each head's values have ``d_model / heads`` numbers.
    causal
        Whether a token may attend to itself and earlier tokens only.
    """

    def __init__(
        self, vocabulary: int, max_tokens: int, d_model: int, d_k: int, heads: int = 1, causal: bool = False
    ) -> None:
        super().__init__()
        self.token_vectors = nn.Parameter(torch.randn(vocabulary, d_model) / math.sqrt(d_model))
        self.position_vectors = nn.Parameter(torch.zeros(max_tokens, d_model))
        self.attention = SelfAttention(d_model, d_k, heads, causal)

    def embed(self, token_ids: Tensor) -> Tensor:
        """Return X, (n, d_model): the token's row plus the position's row, for ``token_ids`` of shape (n,)."""
        return self.token_vectors[token_ids] + self.position_vectors[: token_ids.shape[-1]]

    def forward(self, token_ids: Tensor, mask: Tensor | None = None) -> AttentionSteps:
        """Run the layer on ``token_ids`` (n,) or (batch, n); a padding ``mask`` broadcasts to (batch, heads, n, n)."""
        steps: AttentionSteps = self.attention(self.embed(token_ids), mask)
        return steps
