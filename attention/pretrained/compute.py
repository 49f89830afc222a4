"""The trace of a text through one layer of a checkpoint, and the weights of all its heads."""

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from attention.attention_trace import AttentionTrace
from attention.errors import UserError
from attention.head_weights import MOST_TOKENS, HeadWeights
from attention.pretrained.arithmetic import Array, maps, norms, output_map, rotate, softmax
from attention.pretrained.capture import Captured, embedding_table, last_layer, part, run, run_all
from attention.pretrained.checkpoint import Checkpoint
from attention.pretrained.families import Family
from attention.pretrained.loading import LoadedModel, load_model
from attention.pretrained.pieces import Pieces, load_tokenizer, split_text
from attention.pretrained.table import find_neighbours
from attention.text import check_length

Numbers = dict[str, Any]  # fields of the trace by their names, arrays in float64 as far as they are computed here


def compute_trace(
    sentence: str, checkpoint: Checkpoint, layer: int, hide_special: bool, allow_pickle: bool
) -> AttentionTrace:
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
    pieces = _split(sentence, checkpoint)
    model = load_model(checkpoint, layer, allow_pickle)
    table = _table(checkpoint, model, pieces)
    captured = run(model.module, family, torch.from_numpy(pieces.token_ids))
    numbers = _numbers(model, family, captured)
    _compare(checkpoint, numbers, captured)
    left_out: tuple[str, ...] = ()
    if hide_special and pieces.special.any():
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
        neighbours=find_neighbours(table, pieces.token_ids, load_tokenizer(checkpoint)),
        **{name: _stored(value) for name, value in numbers.items()},
    )


def compute_weights(sentence: str, checkpoint: Checkpoint, hide_special: bool, allow_pickle: bool) -> HeadWeights:
    """Run the model of ``checkpoint`` once on a tidied ``sentence`` and return the weights of all heads of all layers.

    They are what the model reports, in float32.

    Raises
    ------
    UserError
        If the sentence has no token or more than are taken; if a file is damaged; if special tokens are to be left out
        and a token attends to nothing else.
    """
    pieces = _split(sentence, checkpoint)
    if len(pieces.tokens) > MOST_TOKENS:
        raise UserError(
            f"the text has {len(pieces.tokens)} tokens, and all heads are looked at for at most {MOST_TOKENS}: "
            "give a shorter one"
        )
    model = load_model(checkpoint, None, allow_pickle)
    _table(checkpoint, model, pieces)
    reported = run_all(model.module, checkpoint.family, torch.from_numpy(pieces.token_ids))
    weights, masks = _array(reported[0]), reported[1].numpy()
    left_out: tuple[str, ...] = ()
    if hide_special and pieces.special.any():
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


def _split(sentence: str, checkpoint: Checkpoint) -> Pieces:
    """Return the tokens of a sentence that the model takes."""
    pieces = split_text(sentence, load_tokenizer(checkpoint))
    longest = checkpoint.family.most_tokens(checkpoint.config())
    check_length(0 if pieces.special.all() else len(pieces.tokens), longest)
    return pieces


def _table(checkpoint: Checkpoint, model: LoadedModel, pieces: Pieces) -> torch.Tensor:
    """Return the embedding table, which must have a row for each of the tokens."""
    table = embedding_table(model.module, checkpoint.family)
    if pieces.token_ids.max() >= len(table):
        raise UserError(f"{checkpoint.path}: the tokenizer knows more tokens than the model: it belongs to another one")
    return table


def _numbers(model: LoadedModel, family: Family, captured: Captured) -> Numbers:
    """Return all that the layer computes of the rows that went into it."""
    layer = last_layer(model.module, family)
    attention = part(layer, family.attention)
    query, key, value = (made.repeated(model.heads) for made in maps(attention, family, model.heads, model.kv_heads))
    x = _array(captured.embeddings)
    projected_queries, projected_keys, values = query(x), key(x), value(x)
    queries, keys = projected_queries, projected_keys
    numbers: Numbers = {}
    if normed := norms(attention, family):
        queries, keys = normed[0](queries), normed[1](keys)
        numbers |= {"query_gain": normed[0].gain, "key_gain": normed[1].gain, "norm_epsilon": normed[0].epsilon}
    if captured.rotary:
        cos, sin = map(_array, captured.rotary)
        queries, keys = rotate(queries, cos, sin), rotate(keys, cos, sin)
        numbers |= {"rotary_cos": cos, "rotary_sin": sin}
    if queries is not projected_queries:
        numbers |= {"projected_queries": projected_queries, "projected_keys": projected_keys}
    root = math.sqrt(queries.shape[-1])
    divisor: float = 1 / getattr(attention, "scaling", 1 / root)
    scores = queries @ keys.swapaxes(-1, -2)
    bias = None if captured.position_bias is None else _array(captured.position_bias)
    mask = captured.mask.numpy()
    weights = softmax(scores / divisor + (0 if bias is None else bias), mask)
    context = weights @ values
    w_output, b_output = output_map(layer, family)
    output = np.concatenate(list(context), axis=-1) @ w_output + (0 if b_output is None else b_output)
    return numbers | {
        "token_vectors": _array(captured.token_vectors),
        "position_vectors": None if captured.position_vectors is None else _array(captured.position_vectors),
        "embeddings": x,
        "w_query": query.weight,
        "w_key": key.weight,
        "w_value": value.weight,
        "b_query": query.bias,
        "b_key": key.bias,
        "b_value": value.bias,
        "queries": queries,
        "keys": keys,
        "values": values,
        "kv_heads": None if model.kv_heads == model.heads else model.kv_heads,
        "scores": scores,
        "score_divisor": None if math.isclose(divisor, root) else divisor,
        "position_bias": bias,
        "mask": mask,
        "weights": weights,
        "context": context,
        "w_output": w_output,
        "b_output": b_output,
        "output": output,
    }


def _compare(checkpoint: Checkpoint, numbers: Numbers, captured: Captured) -> None:
    """Refuse a layer that computes something else than is known of its family, down to the rounding of float32."""
    largest = float(np.abs(numbers["scores"]).max()) / (
        numbers["score_divisor"] or math.sqrt(numbers["keys"].shape[-1])
    )
    for name, reported, rounding in (
        ("weights", captured.weights, 1e-5 + 1e-6 * largest),
        ("output", captured.output, 1e-5 + 1e-5 * float(captured.output.abs().max())),
    ):
        difference = float(np.abs(numbers[name] - _array(reported)).max())
        if not difference <= rounding:  # so that what is no number is refused too
            raise UserError(
                f"{checkpoint.path}: the attention {name} differ from what the model reports by {difference:.2g}: "
                f"this variant of {checkpoint.kind} cannot be traced"
            )


def _array(tensor: torch.Tensor) -> Array:
    values: NDArray[np.float64] = tensor.detach().to(torch.float64).numpy()
    return values


def _stored(value: Any) -> Any:
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value
