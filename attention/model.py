"""The layer that the film explains, one head of self-attention, written to be read from top to bottom.

`SelfAttention` is shown in the film line by line, so it has nothing that its numbers do not need.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class AttentionSteps(NamedTuple):
    """Every tensor that one pass of :class:`SelfAttention` makes; a batch may stand in front of each shape."""

    queries: Tensor  # (n, d_k)
    keys: Tensor  # (n, d_k)
    values: Tensor  # (n, d_model)
    scores: Tensor  # (n, n), before scaling; a row is an attending token
    weights: Tensor  # (n, n), each row sums to 1
    output: Tensor  # (n, d_model)


class SelfAttention(nn.Module):
    """Scaled dot-product attention, Vaswani et al. 2017, "Attention Is All You Need", equation 1."""

    def __init__(self, d_model: int, d_k: int) -> None:
        super().__init__()
        self.w_query = nn.Parameter(torch.randn(d_model, d_k) / math.sqrt(d_model))
        self.w_key = nn.Parameter(torch.randn(d_model, d_k) / math.sqrt(d_model))
        self.w_value = nn.Parameter(torch.randn(d_model, d_model) / math.sqrt(d_model))

    def forward(self, x: Tensor) -> AttentionSteps:
        """Return every tensor on the way from X, (n, d_model), to the output."""
        queries = x @ self.w_query  # (n, d_k)
        keys = x @ self.w_key  # (n, d_k)
        values = x @ self.w_value  # (n, d_model)
        scores = queries @ keys.mT  # (n, n)
        scaled = scores / math.sqrt(keys.shape[-1])  # (n, n)
        weights = scaled.softmax(dim=-1)  # (n, n)
        output = weights @ values  # (n, d_model)
        return AttentionSteps(queries, keys, values, scores, weights, output)
