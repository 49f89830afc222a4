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

FOLDER = Path(attention.__file__).parent / "tiny"
NEIGHBOURS = 8
Numbers = dict[str, NDArray[np.float64]]


def softmax(scores: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    powers = np.where(mask, np.exp(scores - scores.max(axis=-1, keepdims=True)), 0.0)
    return powers / powers.sum(axis=-1, keepdims=True)


def recompute(sentence: str, folder: Path = FOLDER, causal: bool = False) -> Numbers:
    """Return every tensor of the layer, named as in the trace, without a dimension for heads; and the token table."""
    weights = {name: values.astype(np.float64) for name, values in load_file(folder / "model.safetensors").items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ids = tokenizer.encode(sentence, add_special_tokens=False).ids
    token_vectors, position_vectors = weights["token_vectors"][ids], weights["position_vectors"][: len(ids)]
    x = token_vectors + position_vectors
    queries, keys, values = (x @ weights[f"attention.w_{name}"][0] for name in ("query", "key", "value"))
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
        "w_query": weights["attention.w_query"][0],
        "w_key": weights["attention.w_key"][0],
        "w_value": weights["attention.w_value"][0],
        "embeddings": x,
        "queries": queries,
        "keys": keys,
        "values": values,
        "scores": scores,
        "scaled_scores": scaled,
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
