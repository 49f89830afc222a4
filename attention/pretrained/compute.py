"""The trace of a text through one layer of a checkpoint, and the weights of all its heads."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attention.attention_trace import AttentionTrace
from attention.errors import UserError
from attention.head_weights import MOST_TOKENS, HeadWeights
from attention.pretrained.capture import (
    Captured,
    CapturedCross,
    embedding_scale,
    embedding_table,
    mapping,
    run,
    run_all,
)
from attention.pretrained.checkpoint import Checkpoint
from attention.pretrained.families import Family
from attention.pretrained.layer import LayerSteps, MultiHeadAttention, SoftCap
from attention.pretrained.loading import LoadedModel, load_model
from attention.pretrained.parameters import build_layer
from attention.pretrained.pieces import Pieces, split_text
from attention.pretrained.table import find_neighbours
from attention.pretrained.tokenizer import load_tokenizer
from attention.text import check_length

Numbers = dict[str, Any]  # fields of the trace by their names, tensors in float64 as far as they are computed here


def compute_trace(sentence: str, checkpoint: Checkpoint, layer: int) -> AttentionTrace:
    """Run the model of ``checkpoint`` on a tidied ``sentence`` and return what one of its layers computes.

    The model runs in float32. The layer's own arithmetic is done again in float64, from the rows that went into it, so
    that the trace's numbers follow from one another; where they are not what the model reports, there is no trace.

    Raises
    ------
    UserError
        If the sentence has no token or more than the model takes, the model no such layer; if a file is damaged, or the
        layer computes something else than those of its family do.
    """
    family = checkpoint.family
    pieces = split(sentence, checkpoint)
    model = load_model(checkpoint, layer)
    table = table_of(checkpoint, model, pieces)
    captured = run(model.module, family, torch.from_numpy(pieces.token_ids))
    numbers = _numbers(model, family, captured)
    compare(checkpoint, numbers, captured)
    matrix = mapping(model.module, family)
    left_out: tuple[str, ...] = ()
    if checkpoint.hide_special and pieces.special.any():
        kept, left_out = ~pieces.special, pieces.added
        numbers = _numbers(model, family, captured.only(torch.from_numpy(kept)))
        pieces = pieces.only(kept)
    return AttentionTrace(
        sentence=sentence,
        model=checkpoint.name,
        layer=layer,
        layers=model.layers,
        **vars(pieces),
        left_out=left_out,
        token_vectors=stored(table[torch.from_numpy(pieces.token_ids)]),
        embedding_size=None if matrix is None else len(matrix),
        embedding_scale=embedding_scale(model.module, family),
        neighbours=find_neighbours(table, pieces.token_ids, load_tokenizer(checkpoint)),
        **{name: stored(value) for name, value in numbers.items()},
        computed_by=f"{MultiHeadAttention.__module__}.{MultiHeadAttention.__qualname__}",
    )


def compute_weights(sentence: str, checkpoint: Checkpoint) -> HeadWeights:
    """Run the model of ``checkpoint`` once on a tidied ``sentence`` and return the weights of all heads of all layers.

    They are what the model reports, in float32.

    Raises
    ------
    UserError
        If the sentence has no token or more than are taken; if a file is damaged; if special tokens are to be left out
        and a token attends to nothing else.
    """
    pieces = split(sentence, checkpoint)
    if len(pieces.tokens) > MOST_TOKENS:
        raise UserError(
            f"the text has {len(pieces.tokens)} tokens, and all heads are looked at for at most {MOST_TOKENS}: "
            "give a shorter one"
        )
    model = load_model(checkpoint, None)
    table_of(checkpoint, model, pieces)
    reported = run_all(model.module, checkpoint.family, torch.from_numpy(pieces.token_ids))
    weights, masks = reported[0].double().numpy(), reported[1].numpy()
    left_out: tuple[str, ...] = ()
    if checkpoint.hide_special and pieces.special.any():
        kept, left_out = ~pieces.special, pieces.added
        weights, masks, pieces = weights[..., kept, :][..., kept], masks[:, kept][..., kept], pieces.only(kept)
        left = weights.sum(axis=-1, keepdims=True)
        if not left.all():
            raise UserError(f"a token attends to {' and '.join(left_out)} alone: do not use --hide-special here")
        weights /= left
    return HeadWeights(
        sentence=sentence,
        model=checkpoint.name,
        readings=pieces.readings,
        spans=pieces.spans,
        special=pieces.special,
        left_out=left_out,
        weights=weights.astype(np.float32),
        masks=masks,
    )


def split(sentence: str, checkpoint: Checkpoint) -> Pieces:
    """Return the tokens of a sentence that the model takes."""
    return split_text(sentence, load_tokenizer(checkpoint), checkpoint.family.most_tokens(checkpoint.config()))


def table_of(checkpoint: Checkpoint, model: LoadedModel, pieces: Pieces) -> torch.Tensor:
    """Return the embedding table, which must have a row for each of the tokens that the model takes."""
    count = len(pieces.tokens)
    check_length(count, model.most_tokens, model.heads * count)  # where config.json leaves it to the family
    table = embedding_table(model.module, checkpoint.family)
    if pieces.token_ids.max() >= len(table):
        raise UserError(f"{checkpoint.path}: the tokenizer knows more tokens than the model: it belongs to another one")
    return table


@torch.inference_mode()
def _numbers(model: LoadedModel, family: Family, captured: Captured) -> Numbers:
    """Return all that the layer computes of the rows that went into it."""
    layer, parameters = build_layer(model, family, MultiHeadAttention)
    x = captured.embeddings.double()
    heads, _, d_k = layer.w_query.shape
    bias = x.new_zeros(heads, len(x), len(x)) if captured.position_bias is None else captured.position_bias.double()
    cos, sin = captured.rotary or (x.new_ones(len(x), d_k), x.new_zeros(len(x), d_k))
    steps: LayerSteps = layer(x, captured.mask, bias, cos.double(), sin.double())
    numbers: Numbers = {
        "position_vectors": captured.position_vectors,
        "embeddings": x,
        "mask": captured.mask,
        "position_bias": captured.position_bias,
        "fused": len(family.projections) == 1,
        "shared_layers": family.shared,
        "kv_heads": None if model.kv_heads == model.heads else model.kv_heads,
        "score_divisor": None if math.isclose(layer.divisor, math.sqrt(d_k)) else layer.divisor,
        **dict.fromkeys(("b_query", "b_key", "b_value")),
        **parameters,
        **steps._asdict(),
    }
    if captured.rotary:
        numbers |= {"rotary_cos": cos, "rotary_sin": sin, "rotary_base": _rotary_base(model.module.config)}
    if family.norms:
        query, key = layer.norm_query, layer.norm_key
        numbers |= {"query_gain": query.weight, "key_gain": key.weight, "norm_epsilon": query.eps}
    if isinstance(layer.soft_cap, SoftCap):
        numbers["soft_cap"] = layer.soft_cap.cap
    if not captured.rotary and not family.norms:
        numbers |= {"projected_queries": None, "projected_keys": None}
    return numbers


def _rotary_base(config: Any) -> float | None:
    """Return the base of the angles in the last layer of a model with this ``config``; kinds of layers may differ."""
    said = getattr(config, "rope_parameters", None) or {}
    kind = (getattr(config, "layer_types", None) or [""])[-1]
    found = said.get(kind, said).get("rope_theta")
    return None if found is None else float(found)


def compare(checkpoint: Checkpoint, numbers: Numbers, captured: Captured | CapturedCross) -> None:
    """Refuse a layer that computes something else than is known of its family, down to the rounding of float32."""
    largest = float(numbers["scores"].abs().max()) / (numbers["score_divisor"] or math.sqrt(numbers["keys"].shape[-1]))
    for name, reported, rounding in (
        ("weights", captured.weights, 1e-5 + 1e-6 * largest),
        ("output", captured.output, 1e-5 + 1e-5 * float(captured.output.abs().max())),
    ):
        difference = float((numbers[name] - reported).abs().max())
        if not difference <= rounding:  # so that what is no number is refused too
            raise UserError(
                f"{checkpoint.path}: the attention {name} differ from what the model reports by {difference:.2g}: "
                f"this variant of {checkpoint.kind} cannot be traced"
            )


def stored(value: Any) -> Any:
    """Return a tensor as a trace has it, and anything else as it is."""
    if not isinstance(value, Tensor):
        return value
    return (value.float() if value.is_floating_point() else value).detach().numpy()
