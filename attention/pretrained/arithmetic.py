"""What one attention layer computes, again, in float64 NumPy, from its input and its matrices."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from attention.pretrained.capture import part
from attention.pretrained.families import Family

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Map:
    """A linear map for each head: the rows of X times ``weight``, plus ``bias``."""

    weight: Array  # (heads, d_model, d_k)
    bias: Array | None  # (heads, d_k)

    def __call__(self, x: Array) -> Array:
        """Return the map of X, (n, d_model), for each head, (heads, n, d_k)."""
        mapped: Array = x @ self.weight
        return mapped if self.bias is None else mapped + self.bias[:, None]

    def repeated(self, heads: int) -> "Map":
        """Return the map with each head as often as is needed for ``heads`` in all, copies side by side."""
        times = heads // len(self.weight)
        bias = None if self.bias is None else self.bias.repeat(times, axis=0)
        return Map(self.weight.repeat(times, axis=0), bias)


@dataclass(frozen=True)
class Norm:
    """A root-mean-square norm (Zhang and Sennrich 2019)."""

    gain: Array  # (d_k,)
    epsilon: float

    def __call__(self, x: Array) -> Array:
        """Return the normalised rows of X, (..., d_k)."""
        size = np.sqrt((x * x).mean(axis=-1, keepdims=True) + self.epsilon)
        normalised: Array = x / size * self.gain
        return normalised


def maps(attention: nn.Module, family: Family, heads: int, kv_heads: int) -> tuple[Map, Map, Map]:
    """Return the maps to queries, keys and values, those to keys and values with ``kv_heads`` heads."""
    made = [_weight_and_bias(part(attention, name)) for name in family.projections]
    if len(made) == 1:
        weight, bias = made[0]
        biases = [None] * 3 if bias is None else np.split(bias, 3)
        made = list(zip(np.split(weight, 3, axis=1), biases, strict=True))
    query, key, value = (
        _by_head(weight, bias, count) for (weight, bias), count in zip(made, (heads, kv_heads, kv_heads), strict=True)
    )
    return query, key, value


def output_map(layer: nn.Module, family: Family) -> tuple[Array, Array | None]:
    """Return W_O, (heads * d_v, d_model), and b_O, (d_model,)."""
    return _weight_and_bias(part(layer, family.output))


def norms(attention: nn.Module, family: Family) -> tuple[Norm, Norm] | None:
    """Return what queries and keys are normalised by, None where they are not."""
    if not family.norms:
        return None
    query, key = (
        Norm(_array(module.weight), float(module.variance_epsilon))  # type: ignore[arg-type]
        for module in (part(attention, name) for name in family.norms)
    )
    return query, key


def rotate(x: Array, cos: Array, sin: Array) -> Array:
    """Return X, (heads, n, d_k), rotated as Llama does it: number i of a row goes with number i + d_k/2."""
    first, second = np.split(x, 2, axis=-1)
    rotated: Array = x * cos + np.concatenate([-second, first], axis=-1) * sin
    return rotated


def softmax(logits: Array, mask: NDArray[np.bool_]) -> Array:
    """Return the shares of each row of ``logits``, (heads, n, n), among the columns that ``mask`` (n, n) allows."""
    allowed = np.where(mask, logits, -np.inf)
    powers = np.exp(allowed - allowed.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _by_head(weight: Array, bias: Array | None, heads: int) -> Map:
    split = weight.reshape(len(weight), heads, -1).transpose(1, 0, 2)
    return Map(split, None if bias is None else bias.reshape(heads, -1))


def _weight_and_bias(module: nn.Module) -> tuple[Array, Array | None]:
    """Return a linear map's matrix, (in, out), and bias; PyTorch keeps the matrix as (out, in), GPT-2 does not."""
    weight = _array(module.weight)
    return weight.T if isinstance(module, nn.Linear) else weight, None if module.bias is None else _array(module.bias)


def _array(tensor: Any) -> Array:
    values: Array = tensor.detach().to(torch.float64).numpy()
    return values
