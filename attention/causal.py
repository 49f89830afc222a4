"""The layer of a model that looks back, as GPT does: :class:`attention.model.SelfAttention` with one more line."""

import math

import torch
from torch import Tensor, nn

from attention.model import AttentionSteps


class CausalSelfAttention(nn.Module):
    """Scaled dot-product attention where a token attends to itself and earlier ones only."""

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
        allowed = torch.ones_like(scaled, dtype=torch.bool).tril()  # (n, n)
        weights = scaled.masked_fill(~allowed, -math.inf).softmax(dim=-1)  # (n, n)
        output = weights @ values  # (n, d_model)
        return AttentionSteps(queries, keys, values, scores, weights, output)
