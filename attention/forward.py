"""A model of the tiny one's kind run on a sentence."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from safetensors import safe_open
from tokenizers import Tokenizer

from attention.attention_trace import AttentionTrace, Floats, Neighbours
from attention.errors import UserError, first_line
from attention.model_folder import ModelFolder
from attention.neighbours import NEIGHBOURS, nearest_rows
from attention.one_layer import LAYER, LOOKING_BACK, AttentionModel
from attention.pretrained.checkpoint import shown_name
from attention.readings import read_wordpiece
from attention.spans import spans_with_marks
from attention.text import LONGEST, LONGEST_NAME, check_length, is_printable
from attention.tokenizer import UNKNOWN, encode, read_tokenizer


def compute_trace(sentence: str, folder: ModelFolder, layer: int) -> AttentionTrace:
    """Run the model in ``folder`` on a tidied ``sentence`` and return all that it computed.

    Raises
    ------
    UserError
        If the sentence has no token or more than the model takes, the model no such layer, or a file is damaged.
    """
    said, model = load_model(folder)
    if layer != 0:
        raise UserError(f"layer {layer}: this model has one layer, number 0")
    encoding = encode(load_tokenizer(folder), sentence, add_special=False)
    _check_fit(folder, model, encoding.ids)
    token_ids = torch.tensor(encoding.ids)
    with torch.inference_mode():
        steps = model(token_ids)
        embeddings = model.embed(token_ids)
    attention = model.attention
    n = len(token_ids)
    return AttentionTrace(
        sentence=sentence,
        model=said.name,
        layer=layer,
        layers=1,
        tokens=tuple(encoding.tokens),
        readings=tuple(read_wordpiece(piece).text for piece in encoding.tokens),
        token_ids=np.array(encoding.ids, dtype=np.int64),
        word_ids=np.array(encoding.word_ids, dtype=np.int64),
        spans=spans_with_marks(sentence, encoding.offsets),
        unknown=np.array([token == UNKNOWN for token in encoding.tokens]),
        special=np.zeros(len(encoding.ids), dtype=bool),
        left_out=(),
        token_vectors=_floats(model.token_vectors[token_ids]),
        position_vectors=_floats(model.position_vectors[: len(token_ids)]),
        neighbours=_neighbours(encoding.ids, folder),
        embeddings=_floats(embeddings),
        w_query=_one_head(attention.w_query),
        w_key=_one_head(attention.w_key),
        w_value=_one_head(attention.w_value),
        b_query=None,
        b_key=None,
        b_value=None,
        queries=_one_head(steps.queries),
        keys=_one_head(steps.keys),
        values=_one_head(steps.values),
        scores=_one_head(steps.scores),
        mask=np.tri(n, dtype=bool) if folder.causal else np.ones((n, n), dtype=bool),
        weights=_one_head(steps.weights),
        context=_one_head(steps.output),
        output=_floats(steps.output),
        computed_by=f"{type(attention).__module__}.{type(attention).__name__}",
        trained_on=said.trained_on,
        vocabulary_size=len(model.token_vectors),
    )


class Said(NamedTuple):
    """What a file of weights says of itself."""

    name: str
    trained_on: str | None


@lru_cache(maxsize=4)
def load_model(folder: ModelFolder) -> tuple[Said, AttentionModel]:
    """Return the model that ``folder`` holds, in float64 so that a trace is exact, and what its file says of it.

    Raises
    ------
    UserError
        If the file is missing, damaged, or holds something else.
    """
    weights = folder.weights
    try:
        with safe_open(weights, framework="pt") as file:
            settings = file.metadata() or {}
            if "vocabulary" not in settings:
                raise UserError(
                    f"{folder.path}: no model of `attention train`, and without the config.json that a Hugging Face "
                    "checkpoint has: get all files of one, by hf download NAME --local-dir FOLDER"
                )
            found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118
            sizes = {name: int(settings[name]) for name in ("vocabulary", "max_tokens", "d_model", "d_k")}
            shapes = _shapes(**sizes)
            prefix = LOOKING_BACK if folder.causal else ""
            sources = {name: prefix + name if name.startswith(LAYER) else name for name in shapes}
            if not any(name.startswith(prefix) for name in found):
                raise UserError(
                    f"{folder.path}: holds no matrices for --causal: leave that out, or train the model again with "
                    "`attention train`"
                )
            _check_shapes(found, shapes)  # before memory is taken for a model of the sizes that the file speaks of
            model = AttentionModel(**sizes, causal=folder.causal)
            tensors = {name: file.get_tensor(sources[name]).float().reshape(at) for name, at in shapes.items()}
        if not all(tensor.isfinite().all() for tensor in tensors.values()):
            raise ValueError("not all of them are numbers")
        model.load_state_dict(tensors, assign=True)
    except UserError:
        raise
    except Exception as error:  # of many kinds, as each value may be wrong in its own way
        raise UserError(f"{weights}: the model's weights are damaged ({first_line(error)}): restore the file") from None
    name, trained_on = (
        said if is_printable(said := settings.get(key), LONGEST_NAME) else None for key in ("name", "trained_on")
    )
    return Said(name or shown_name(folder.path), trained_on), model.double().eval()


@lru_cache(maxsize=4)
def load_tokenizer(folder: ModelFolder) -> Tokenizer:
    """Return the tokenizer that ``folder`` holds.

    Raises
    ------
    UserError
        If its file is damaged.
    """
    return read_tokenizer(folder.tokenizer)


def _shapes(vocabulary: int, max_tokens: int, d_model: int, d_k: int) -> dict[str, list[int]]:
    """Return the shapes of a model's tensors, without making one: on PyTorch's "meta" device that takes a second."""
    if min(vocabulary, max_tokens, d_model, d_k) < 1:
        raise ValueError("a size is below 1")
    return {
        "token_vectors": [vocabulary, d_model],
        "position_vectors": [max_tokens, d_model],
        f"{LAYER}w_query": [d_model, d_k],
        f"{LAYER}w_key": [d_model, d_k],
        f"{LAYER}w_value": [d_model, d_model],
    }


def _check_shapes(found: Mapping[str, list[int]], shapes: Mapping[str, list[int]]) -> None:
    """Refuse tensors that are not those of a model, with or without a layer that looks back."""
    looking_back = {LOOKING_BACK + name: at for name, at in shapes.items() if name.startswith(LAYER)}
    shapes = {**shapes, **({} if found.keys().isdisjoint(looking_back) else looking_back)}
    # Earlier files have a dimension for heads, of size 1, in front.
    if found.keys() != shapes.keys() or any(found[name] not in (at, [1, *at]) for name, at in shapes.items()):
        raise ValueError("its tensors have other sizes than it says")


def _check_fit(folder: ModelFolder, model: AttentionModel, token_ids: list[int]) -> None:
    """Refuse a text that the model does not take, and a tokenizer of another model."""
    count = len(token_ids)
    check_length(count, min(LONGEST, len(model.position_vectors)), max(count, *model.attention.w_query.shape))
    if max(token_ids) >= len(model.token_vectors):
        raise UserError(f"{folder.path}: the tokenizer knows more tokens than the model: it belongs to another one")


def _floats(tensor: torch.Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().float().numpy())


def _neighbours(token_ids: list[int], folder: ModelFolder) -> Neighbours:
    """Find each token's nearest other rows of the token table by cosine similarity."""
    tokenizer = load_tokenizer(folder)
    unit = _unit_table(folder)
    cosines = unit[token_ids] @ unit.T  # (n, vocabulary)
    cosines[np.arange(len(token_ids)), token_ids] = -np.inf
    unknown = tokenizer.token_to_id(UNKNOWN)
    if unknown is not None:
        cosines[:, unknown] = -np.inf
    count = int(np.isfinite(cosines).sum(axis=1).min())
    nearest, largest = nearest_rows(cosines, min(NEIGHBOURS, count))
    texts = tuple(tuple(tokenizer.id_to_token(index) or UNKNOWN for index in row) for row in nearest.tolist())
    return Neighbours(
        texts=texts,
        readings=tuple(tuple(read_wordpiece(piece).alone for piece in row) for row in texts),
        cosines=largest,
        vectors=_floats(load_model(folder)[1].token_vectors[torch.from_numpy(nearest)]),
    )


def _one_head(tensor: torch.Tensor) -> Floats:
    """Return a tensor of the head with a dimension for heads in front, as a trace has it."""
    return _floats(tensor)[None]


@lru_cache(maxsize=4)
def _unit_table(folder: ModelFolder) -> Floats:
    """Return the token table (vocabulary, d_model) with rows of length 1."""
    table = _floats(load_model(folder)[1].token_vectors)
    with np.errstate(over="ignore"):  # a trace is refused if its numbers are too large
        unit: Floats = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), np.float32(1e-12))
    return unit
