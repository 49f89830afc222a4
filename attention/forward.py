"""A model of the tiny one's kind run on a sentence."""

from functools import lru_cache

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from attention.attention_trace import AttentionTrace, Floats, Neighbours
from attention.causal import CausalSelfAttention
from attention.errors import UserError, first_line
from attention.model_folder import ModelFolder
from attention.neighbours import nearest_rows
from attention.one_layer import AttentionModel
from attention.readings import read_wordpiece
from attention.spans import spans_with_marks
from attention.text import check_length
from attention.tokenizer import UNKNOWN


def compute_trace(sentence: str, folder: ModelFolder, layer: int) -> AttentionTrace:
    """Run the model in ``folder`` on a tidied ``sentence`` and return all that it computed.

    Raises
    ------
    UserError
        If the sentence has no token or more than the model takes, the model no such layer, or a file is damaged.
    """
    if layer != 0:
        raise UserError(f"layer {layer}: this model has one layer, number 0")
    name, model = load_model(folder)
    encoding = load_tokenizer(folder).encode(sentence, add_special_tokens=False)
    check_length(len(encoding.ids), model.position_vectors.shape[0])
    token_ids = torch.tensor(encoding.ids)
    with torch.inference_mode():
        steps = model(token_ids)
        embeddings = model.embed(token_ids)
    attention = model.attention
    n, causal = len(token_ids), isinstance(attention, CausalSelfAttention)
    return AttentionTrace(
        sentence=sentence,
        model=name,
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
        mask=np.tri(n, dtype=bool) if causal else np.ones((n, n), dtype=bool),
        weights=_one_head(steps.weights),
        context=_one_head(steps.output),
        output=_floats(steps.output),
        computed_by=f"{type(attention).__module__}.{type(attention).__name__}",
    )


@lru_cache(maxsize=4)
def load_model(folder: ModelFolder) -> tuple[str, AttentionModel]:
    """Return the name and the model that ``folder`` holds, in float64 so that a trace is exact.

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
                    "checkpoint has: give the folder with all files of one"
                )
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        sizes = {name: int(settings[name]) for name in ("vocabulary", "max_tokens", "d_model", "d_k")}
        model = AttentionModel(**sizes, causal=settings["causal"] == "true")
        # Earlier files have a dimension for heads, of size 1, in front.
        model.load_state_dict({name: tensor.flatten(end_dim=-2) for name, tensor in tensors.items()})
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError, ZeroDivisionError) as error:
        raise UserError(f"{weights}: the model's weights are damaged ({first_line(error)}): restore the file") from None
    return settings["name"], model.double().eval()


@lru_cache(maxsize=4)
def load_tokenizer(folder: ModelFolder) -> Tokenizer:
    """Return the tokenizer that ``folder`` holds.

    Raises
    ------
    UserError
        If its file is damaged.
    """
    try:
        return Tokenizer.from_str(folder.tokenizer.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises bare Exception for malformed content
        raise UserError(f"{folder.tokenizer}: the tokenizer is damaged ({error}): restore the file") from None


def _floats(tensor: torch.Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float32)


def _neighbours(token_ids: list[int], folder: ModelFolder) -> Neighbours:
    """Find each token's nearest other rows of the token table by cosine similarity."""
    tokenizer = load_tokenizer(folder)
    unit = _unit_table(folder)
    cosines = unit[token_ids] @ unit.T  # (n, vocabulary)
    cosines[np.arange(len(token_ids)), token_ids] = -np.inf
    unknown = tokenizer.token_to_id(UNKNOWN)
    if unknown is not None:
        cosines[:, unknown] = -np.inf
    nearest, largest = nearest_rows(cosines)
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
    unit: Floats = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), np.float32(1e-12))
    return unit
