"""The tiny model: X in, context-aware embeddings out; no residual connection and no norm around the layer."""

import math

import torch
from torch import Tensor, nn

from attention.causal import CausalSelfAttention
from attention.model import AttentionSteps, SelfAttention

LAYER = "attention."  # what the names of the layer's tensors start with
LOOKING_BACK = "causal_"  # before these names in a file, for the layer that looks back with the same token table


class AttentionModel(nn.Module):
    """Token table + position table + one layer of one head.

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
    causal
        Whether a token may attend to itself and earlier tokens only.
    """

    def __init__(self, vocabulary: int, max_tokens: int, d_model: int, d_k: int, causal: bool = False) -> None:
        super().__init__()
        self.token_vectors = nn.Parameter(torch.randn(vocabulary, d_model) / math.sqrt(d_model))
        self.position_vectors = nn.Parameter(torch.zeros(max_tokens, d_model))
        self.attention = CausalSelfAttention(d_model, d_k) if causal else SelfAttention(d_model, d_k)

    def embed(self, token_ids: Tensor) -> Tensor:
        """Return X, (n, d_model): the token's row plus the position's row, for ``token_ids`` of shape (n,)."""
        return self.token_vectors[token_ids] + self.position_vectors[: token_ids.shape[-1]]

    def forward(self, token_ids: Tensor) -> AttentionSteps:
        """Run the layer on ``token_ids``, (n,) or (batch, n)."""
        steps: AttentionSteps = self.attention(self.embed(token_ids))
        return steps
