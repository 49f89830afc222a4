"""The attention layer of a checkpoint, whichever family it is of, written to be read from top to bottom.

`MultiHeadAttention` is shown in the film line by line. It has no branches: what a family lacks changes nothing, such as
biases of 0 and rotations by no angle.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class LayerSteps(NamedTuple):
    """Every tensor that one pass of :class:`MultiHeadAttention` makes and a trace keeps."""

    projected_queries: Tensor  # (heads, n, d_k)
    projected_keys: Tensor  # (heads, n, d_k)
    values: Tensor  # (heads, n, d_v)
    queries: Tensor  # (heads, n, d_k), normalised and rotated
    keys: Tensor  # (heads, n, d_k)
    scores: Tensor  # (heads, n, n), before scaling; a row is an attending token
    weights: Tensor  # (heads, n, n), each row sums to 1
    context: Tensor  # (heads, n, d_v)
    output: Tensor  # (n, d_model)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Return X, (heads, n, d_k), rotated as Llama does it: of the first r numbers of a row, i goes with i + r/2.

    Cosines and sines are (n, r); in most models r is d_k.
    """
    turned, kept = x.tensor_split([cos.shape[-1]], dim=-1)
    first, second = turned.tensor_split(2, dim=-1)
    return torch.cat([turned * cos + torch.cat([-second, first], dim=-1) * sin, kept], dim=-1)


class NormOfAllHeads(nn.Module):
    """A root-mean-square norm (Zhang and Sennrich 2019) of all heads' numbers of a token together, as OLMo 2 has it."""

    def __init__(self, gain: Tensor, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(gain)  # (heads, d_k)
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Return X, (heads, n, d_k), normalised."""
        mean_square = x.square().mean(dim=(0, -1), keepdim=True)  # (1, n, 1)
        return x * (mean_square + self.eps).rsqrt() * self.weight[:, None]


class SoftCap(nn.Module):
    """A cap that scores come near but never pass, as Gemma 2 has it."""

    def __init__(self, cap: float) -> None:
        super().__init__()
        self.cap = cap

    def forward(self, scores: Tensor) -> Tensor:
        """Return scores of any shape, each between minus and plus the cap."""
        return self.cap * (scores / self.cap).tanh()


class MultiHeadAttention(nn.Module):
    """Multi-head attention, Vaswani et al. 2017, section 3.2.2, with what later models add to it."""

    def __init__(self, heads: int, d_model: int, d_k: int, d_v: int) -> None:
        super().__init__()
        self.w_query = nn.Parameter(torch.zeros(heads, d_model, d_k))
        self.b_query = nn.Parameter(torch.zeros(heads, d_k))
        self.w_key = nn.Parameter(torch.zeros(heads, d_model, d_k))
        self.b_key = nn.Parameter(torch.zeros(heads, d_k))
        self.w_value = nn.Parameter(torch.zeros(heads, d_model, d_v))
        self.b_value = nn.Parameter(torch.zeros(heads, d_v))
        self.w_output = nn.Parameter(torch.zeros(heads * d_v, d_model))
        self.b_output = nn.Parameter(torch.zeros(d_model))
        self.norm_query: nn.Module = nn.Identity()
        self.norm_key: nn.Module = nn.Identity()
        self.divisor = math.sqrt(d_k)
        self.soft_cap: nn.Module = nn.Identity()

    def forward(self, x: Tensor, mask: Tensor, bias: Tensor, cos: Tensor, sin: Tensor) -> LayerSteps:
        """Return every tensor on the way from X, (n, d_model), to the output."""
        projected_queries = x @ self.w_query + self.b_query[:, None]  # (heads, n, d_k)
        projected_keys = x @ self.w_key + self.b_key[:, None]  # (heads, n, d_k)
        values = x @ self.w_value + self.b_value[:, None]  # (heads, n, d_v)
        queries = rotate(self.norm_query(projected_queries), cos, sin)  # (heads, n, d_k)
        keys = rotate(self.norm_key(projected_keys), cos, sin)  # (heads, n, d_k)
        scores = queries @ keys.mT  # (heads, n, n)
        scaled = scores / self.divisor  # (heads, n, n)
        capped = self.soft_cap(scaled)  # (heads, n, n)
        logits = capped + bias  # (heads, n, n)
        weights = logits.masked_fill(~mask, -math.inf).softmax(dim=-1)  # (heads, n, n)
        context = weights @ values  # (heads, n, d_v)
        output = context.transpose(0, 1).flatten(1) @ self.w_output + self.b_output  # (n, d_model)
        return LayerSteps(projected_queries, projected_keys, values, queries, keys, scores, weights, context, output)
