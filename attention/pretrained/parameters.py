"""The parameters of a checkpoint's attention layer, read out of the library's modules into one of this package."""

import math

from torch import Tensor, nn

from attention.pretrained.capture import last_layer, part
from attention.pretrained.families import Family
from attention.pretrained.layer import MultiHeadAttention
from attention.pretrained.loading import LoadedModel

Parameters = dict[str, Tensor]  # float64, by the names that `MultiHeadAttention` has for them


def build_layer(model: LoadedModel, family: Family) -> tuple[MultiHeadAttention, Parameters]:
    """Return the attention of the model's last layer in float64, and those of its parameters that the model has."""
    layer = last_layer(model.module, family)
    attention = part(layer, family.attention)
    found = _projections(attention, family, model.heads, model.kv_heads)
    found |= _named("output", *_weight_and_bias(part(layer, family.output)))
    heads, d_model, d_k = found["w_query"].shape
    built = MultiHeadAttention(heads, d_model, d_k, found["w_value"].shape[-1]).double()
    built.load_state_dict(built.state_dict() | found)
    if family.norms:
        built.norm_query, built.norm_key = (_norm(part(attention, name)) for name in family.norms)
    built.divisor = 1 / getattr(attention, "scaling", 1 / math.sqrt(d_k))
    return built, found


def _projections(attention: nn.Module, family: Family, heads: int, kv_heads: int) -> Parameters:
    """Return what maps X to queries, keys and values, (heads, d_model, d_k) and (heads, d_k); keys may be shared."""
    made = [_weight_and_bias(part(attention, name)) for name in family.projections]
    if len(made) == 1:
        weight, bias = made[0]
        biases = [None] * 3 if bias is None else bias.chunk(3)
        made = list(zip(weight.chunk(3, dim=1), biases, strict=True))
    found: Parameters = {}
    for name, own, (weight, bias) in zip(("query", "key", "value"), (heads, kv_heads, kv_heads), made, strict=True):
        by_head = weight.reshape(len(weight), own, -1).transpose(0, 1), None if bias is None else bias.reshape(own, -1)
        found |= {key: values.repeat_interleave(heads // own, dim=0) for key, values in _named(name, *by_head).items()}
    return found


def _named(name: str, weight: Tensor, bias: Tensor | None) -> Parameters:
    return {f"w_{name}": weight} | ({} if bias is None else {f"b_{name}": bias})


def _weight_and_bias(module: nn.Module) -> tuple[Tensor, Tensor | None]:
    """Return a linear map's matrix, (in, out), and bias; PyTorch keeps the matrix as (out, in), GPT-2 does not."""
    weight, bias = module.weight, module.bias
    assert isinstance(weight, Tensor)
    assert isinstance(bias, Tensor | None)
    matrix = weight.T if isinstance(module, nn.Linear) else weight
    return matrix.detach().double(), None if bias is None else bias.detach().double()


def _norm(module: nn.Module) -> nn.RMSNorm:
    """Return the root-mean-square norm (Zhang and Sennrich 2019) that ``module`` is."""
    gain = module.weight
    assert isinstance(gain, Tensor)
    norm = nn.RMSNorm(len(gain), eps=float(module.variance_epsilon)).double()  # type: ignore[arg-type]
    norm.load_state_dict({"weight": gain.double()})
    return norm
