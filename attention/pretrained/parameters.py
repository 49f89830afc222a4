"""The parameters of a checkpoint's attention layer, read out of the library's modules into one of this package."""

import math
from typing import TypeVar

import torch
from torch import Tensor, nn

from attention.pretrained.capture import last_layer, part
from attention.pretrained.families import Family
from attention.pretrained.layer import MultiHeadAttention, NormOfAllHeads, SoftCap
from attention.pretrained.loading import LoadedModel

Layer = TypeVar("Layer", bound=MultiHeadAttention)
Parameters = dict[str, Tensor]  # float64, by the names that `MultiHeadAttention` has for them


def build_layer(model: LoadedModel, family: Family, kind: type[Layer]) -> tuple[Layer, Parameters]:
    """Return the attention of the model's last layer in float64, and those of its parameters that the model has."""
    layer = last_layer(model.module, family)
    attention = part(layer, family.attention)
    found = _projections(attention, family, model.heads, model.kv_heads)
    found |= _named("output", *_weight_and_bias(part(layer, family.output)))
    heads, d_model, d_k = found["w_query"].shape
    built = kind(heads, d_model, d_k, found["w_value"].shape[-1]).double()
    built.load_state_dict(built.state_dict() | found)
    if family.norms:
        built.norm_query, built.norm_key = (_norm(part(attention, name), family, built) for name in family.norms)
    cap = getattr(attention, family.soft_cap) if family.soft_cap else None
    if cap is not None:
        built.soft_cap = SoftCap(float(cap))
    built.divisor = 1 / getattr(attention, "scaling", 1 / math.sqrt(d_k))
    return built, found


def _projections(attention: nn.Module, family: Family, heads: int, kv_heads: int) -> Parameters:
    """Return what maps X to queries, keys and values, (heads, d_model, d_k) and (heads, d_k); keys may be shared."""
    made = [_weight_and_bias(part(attention, name)) for name in family.projections]
    if len(made) == 1:
        weight, bias = made[0]
        weights = _unfused(weight, family, heads, kv_heads)
        biases = [None] * 3 if bias is None else _unfused(bias, family, heads, kv_heads)
        made = list(zip(weights, biases, strict=True))
    found: Parameters = {}
    for name, own, (weight, bias) in zip(("query", "key", "value"), (heads, kv_heads, kv_heads), made, strict=True):
        by_head = weight.reshape(len(weight), own, -1).transpose(0, 1), None if bias is None else bias.reshape(own, -1)
        found |= {key: values.repeat_interleave(heads // own, dim=0) for key, values in _named(name, *by_head).items()}
    return found


def _unfused(fused: Tensor, family: Family, heads: int, kv_heads: int) -> list[Tensor]:
    """Return the columns for queries, keys and values of one map to all of them, (…, (heads + 2 kv_heads) d_k)."""
    sizes = heads, kv_heads, kv_heads
    if family.fused == "by group":
        by_group = fused.reshape(*fused.shape[:-1], kv_heads, heads // kv_heads + 2, -1)
        parts = torch.split(by_group, [heads // kv_heads, 1, 1], dim=-2)
        return [each.flatten(-3) for each in parts]
    d_k = fused.shape[-1] // sum(sizes)
    return list(torch.split(fused, [size * d_k for size in sizes], dim=-1))


def _named(name: str, weight: Tensor, bias: Tensor | None) -> Parameters:
    return {f"w_{name}": weight} | ({} if bias is None else {f"b_{name}": bias})


def _weight_and_bias(module: nn.Module) -> tuple[Tensor, Tensor | None]:
    """Return a linear map's matrix, (in, out), and bias; PyTorch keeps the matrix as (out, in), GPT-2 does not."""
    weight, bias = module.weight, module.bias
    assert isinstance(weight, Tensor)
    assert isinstance(bias, Tensor | None)
    matrix = weight.T if isinstance(module, nn.Linear) else weight
    return matrix.detach().double(), None if bias is None else bias.detach().double()


def _norm(module: nn.Module, family: Family, built: MultiHeadAttention) -> nn.RMSNorm | NormOfAllHeads:
    """Return the root-mean-square norm (Zhang and Sennrich 2019) that ``module`` is, of each head or of all of them."""
    weight = module.weight
    assert isinstance(weight, Tensor)
    gain = weight.detach().double() + family.gain_above_one
    eps = float(getattr(module, "variance_epsilon", None) or module.eps)  # type: ignore[arg-type]
    heads, _, d_k = built.w_query.shape
    if len(gain) != d_k:
        by_head = gain.reshape(-1, d_k)
        return NormOfAllHeads(by_head.repeat_interleave(heads // len(by_head), dim=0), eps)
    norm = nn.RMSNorm(d_k, eps=eps).double()
    norm.load_state_dict({"weight": gain})
    return norm
