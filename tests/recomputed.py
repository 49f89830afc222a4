"""The same numbers a second time: float64 NumPy from the weight file, with none of the project's arithmetic."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import attention
from attention import AttentionTrace

FOLDER = Path(attention.__file__).parent / "tiny"
NEIGHBOURS = 8
Numbers = dict[str, NDArray[np.float64]]


def softmax(scores: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    powers = np.where(mask, np.exp(scores - scores.max(axis=-1, keepdims=True)), 0.0)
    return powers / powers.sum(axis=-1, keepdims=True)


def recompute(sentence: str, folder: Path = FOLDER, causal: bool = False) -> Numbers:
    """Return every tensor of the layer, named as in the trace, without a dimension for heads; and the token table."""
    weights = {
        name: values.astype(np.float64).squeeze() for name, values in load_file(folder / "model.safetensors").items()
    }
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ids = tokenizer.encode(sentence, add_special_tokens=False).ids
    token_vectors, position_vectors = weights["token_vectors"][ids], weights["position_vectors"][: len(ids)]
    x = token_vectors + position_vectors
    layer = "causal_attention" if causal else "attention"
    queries, keys, values = (x @ weights[f"{layer}.w_{name}"] for name in ("query", "key", "value"))
    scores = queries @ keys.T
    mask = np.tri(len(ids), dtype=bool) if causal else np.ones_like(scores, dtype=bool)
    scaled = scores / np.sqrt(keys.shape[1])
    shares = softmax(scaled, mask)
    return {
        "mask": mask,
        "token_ids": np.array(ids),
        "token_vectors": token_vectors,
        "position_vectors": position_vectors,
        "table": weights["token_vectors"],
        "w_query": weights[f"{layer}.w_query"],
        "w_key": weights[f"{layer}.w_key"],
        "w_value": weights[f"{layer}.w_value"],
        "embeddings": x,
        "queries": queries,
        "keys": keys,
        "values": values,
        "scores": scores,
        "scaled_scores": scaled,
        "capped_scores": scaled,
        "logits": scaled,
        "weights": shares,
        "context": shares @ values,
        "output": shares @ values,
        **nearest(weights["token_vectors"], ids, NEIGHBOURS, tokenizer.token_to_id("[UNK]")),
    }


def nearest(table: NDArray[np.float64], ids: list[int], count: int, unknown: int | None) -> Numbers:
    """Return cosines (n, count) and rows (n, count, d_model) of each token's nearest other rows, nearest first."""
    lengths = np.sqrt((table * table).sum(axis=1))
    cosines, vectors = [], []
    for token in ids:
        own = (table @ table[token]) / (np.maximum(lengths, 1e-12) * max(lengths[token], 1e-12))
        order = [row for row in np.argsort(-own, kind="stable").tolist() if row not in (token, unknown)][:count]
        cosines.append(own[order])
        vectors.append(table[order])
    return {"neighbour_cosines": np.array(cosines), "neighbour_vectors": np.array(vectors)}


def rewrite(folder: Path, change: Callable[[dict[str, Any], dict[str, str]], None]) -> None:
    """Let ``change`` alter the tensors and the settings of the model in ``folder``."""
    file = folder / "model.safetensors"
    with safe_open(file, framework="numpy") as opened:
        settings = opened.metadata()
    tensors = load_file(file)
    change(tensors, settings)
    save_file(tensors, file, settings)


def recompute_layer(trace: AttentionTrace) -> Numbers:
    """Return every tensor of a traced layer, named as in the trace, from what went into the layer and its matrices."""

    def given(name: str) -> Any:
        values = getattr(trace, name)
        return None if values is None else values.astype(np.float64)

    def projected(name: str) -> NDArray[np.float64]:
        bias = given(f"b_{name}")
        read = given("embeddings")
        if trace.source is not None and name != "query":
            read = trace.source.embeddings.astype(np.float64)
        made: NDArray[np.float64] = read @ given(f"w_{name}") + (0 if bias is None else bias[:, None])
        return made

    def placed(made: NDArray[np.float64], gain: NDArray[np.float64] | None) -> NDArray[np.float64]:
        if gain is not None:
            together = gain.ndim == 2  # all heads as one
            mean = (made**2).mean(axis=(0, 2) if together else -1, keepdims=True)
            made = made / np.sqrt(mean + trace.norm_epsilon) * (gain[:, None] if together else gain)
        if trace.rotary_cos is not None:
            moving, kept = np.split(made, [trace.rotary_cos.shape[1]], axis=-1)
            first, second = np.split(moving, 2, axis=-1)
            moving = moving * given("rotary_cos") + np.concatenate([-second, first], axis=-1) * given("rotary_sin")
            made = np.concatenate([moving, kept], axis=-1)
        return made

    numbers = {
        "projected_queries": projected("query"),
        "projected_keys": projected("key"),
        "values": projected("value"),
    }
    queries = placed(numbers["projected_queries"], given("query_gain"))
    keys = placed(numbers["projected_keys"], given("key_gain"))
    scores = queries @ keys.swapaxes(-1, -2)
    scaled = scores / trace.divisor
    capped = scaled if trace.soft_cap is None else trace.soft_cap * np.tanh(scaled / trace.soft_cap)
    bias = given("position_bias")
    logits = capped if bias is None else capped + bias
    shares = softmax(logits, trace.mask)
    context = shares @ numbers["values"]
    output = np.concatenate(list(context), axis=-1) @ given("w_output")
    near = trace.neighbours.vectors.astype(np.float64)
    own = given("token_vectors")[:, None]
    names = ("embeddings", "token_vectors", "position_vectors", "w_query", "w_key", "w_value", "b_query", "b_key")
    return (
        numbers
        | {name: given(name) for name in (*names, "b_value", "w_output", "b_output", "position_bias")}
        | {
            "mask": trace.mask,
            "token_ids": trace.token_ids,
            "queries": queries,
            "keys": keys,
            "scores": scores,
            "scaled_scores": scaled,
            "capped_scores": capped,
            "logits": logits,
            "weights": shares,
            "context": context,
            "output": output + (0 if trace.b_output is None else given("b_output")),
            "neighbour_vectors": near,
            "neighbour_cosines": (near * own).sum(-1) / np.linalg.norm(near, axis=-1) / np.linalg.norm(own, axis=-1),
        }
    )
