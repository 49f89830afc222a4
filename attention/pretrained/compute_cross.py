"""The trace of two texts through the attention of a checkpoint's decoder to its encoder."""

import math

import numpy as np
import torch

from attention.attention_trace import AttentionTrace, Source
from attention.errors import UserError
from attention.pretrained.capture import CapturedCross, embedding_scale, run_cross
from attention.pretrained.checkpoint import Checkpoint
from attention.pretrained.compute import Numbers, compare, split, stored, table_of
from attention.pretrained.cross_attention import CrossAttention
from attention.pretrained.families import Family
from attention.pretrained.loading import LoadedModel, load_model
from attention.pretrained.parameters import build_layer
from attention.pretrained.pieces import Pieces
from attention.pretrained.table import find_neighbours
from attention.pretrained.tokenizer import load_tokenizer


def compute_cross_trace(sentence: str, decoder: str, checkpoint: Checkpoint, layer: int) -> AttentionTrace:
    """Run the model of ``checkpoint`` on a tidied ``sentence`` and what its decoder has written, ``decoder``.

    The decoder sees its text as in training: a token that begins it in front, and without the one that ends it. So a
    token's row is what the model looks at to find the token after it.

    Raises
    ------
    UserError
        As :func:`attention.pretrained.compute.compute_trace` has them, and if the model has no decoder for an encoder.
    """
    family = checkpoint.family.cross
    if family is None:
        raise UserError(
            f"a model of type {checkpoint.kind!r} has no decoder that attends to an encoder, as T5 and BART have: "
            "omit --decoder"
        )
    source, asking = split(sentence, checkpoint), _begun(split(decoder, checkpoint), checkpoint, family)
    model = load_model(checkpoint, layer, cross=True)
    table = table_of(checkpoint, model, source)
    table_of(checkpoint, model, asking)
    ids = [torch.from_numpy(pieces.token_ids) for pieces in (source, asking)]
    captured = run_cross(model.module, family, *ids)
    numbers = _numbers(model, family, captured)
    compare(checkpoint, numbers, captured)
    left_out: tuple[str, ...] = ()
    if checkpoint.hide_special:
        rows, columns = ~asking.special, ~source.special
        left_out = tuple(dict.fromkeys((*asking.added, *source.added)))
        numbers = _numbers(model, family, _only(captured, torch.from_numpy(rows), torch.from_numpy(columns)))
        source, asking = source.only(columns), asking.only(rows)
    return AttentionTrace(
        sentence=decoder,
        model=checkpoint.name,
        layer=layer,
        layers=model.layers,
        **vars(asking),
        left_out=left_out,
        token_vectors=stored(table[torch.from_numpy(asking.token_ids)]),
        embedding_scale=embedding_scale(model.module, family),
        neighbours=find_neighbours(table, asking.token_ids, load_tokenizer(checkpoint)),
        source=Source(sentence=sentence, **vars(source), embeddings=stored(numbers.pop("source"))),
        **{name: stored(value) for name, value in numbers.items()},
        computed_by=f"{CrossAttention.__module__}.{CrossAttention.__qualname__}",
    )


def _begun(pieces: Pieces, checkpoint: Checkpoint, family: Family) -> Pieces:
    """Return a decoder's tokens one place later, behind the one that begins every text."""
    config = checkpoint.config()
    start = config.get("decoder_start_token_id", config.get(family.starts_with))
    known = load_tokenizer(checkpoint).backend
    token = known.id_to_token(start) if isinstance(start, int) and start >= 0 else None
    if start is None or token is None:
        raise UserError(
            f"{checkpoint.path / 'config.json'}: says with which token the decoder begins in decoder_start_token_id, "
            f"and {start!r} is none: restore the file"
        )
    kept = pieces.only(np.arange(len(pieces.special)) < len(pieces.special) - bool(pieces.special[-1]))
    return Pieces(
        tokens=(token, *kept.tokens),
        readings=(token, *kept.readings),
        token_ids=np.insert(kept.token_ids, 0, start),
        word_ids=np.insert(kept.word_ids + 1, 0, 0),
        spans=np.insert(kept.spans, 0, 0, axis=0),
        unknown=np.insert(kept.unknown, 0, values=False),
        special=np.insert(kept.special, 0, values=True),
    )


@torch.inference_mode()
def _numbers(model: LoadedModel, family: Family, captured: CapturedCross) -> Numbers:
    """Return all that the layer computes of the rows that went into it, in float64."""
    layer, parameters = build_layer(model, family, CrossAttention)
    x, source = captured.embeddings.double(), captured.source.double()
    steps = layer(x, source)
    return {
        "position_vectors": captured.position_vectors,
        "embeddings": x,
        "source": source,
        "mask": torch.ones(len(x), len(source), dtype=torch.bool),
        "score_divisor": None if math.isclose(layer.divisor, math.sqrt(layer.w_query.shape[-1])) else layer.divisor,
        **dict.fromkeys(("b_query", "b_key", "b_value")),
        **parameters,
        **steps._asdict(),
        **dict.fromkeys(("projected_queries", "projected_keys")),
    }


def _only(captured: CapturedCross, rows: torch.Tensor, columns: torch.Tensor) -> CapturedCross:
    """Return the same for some of the tokens; weights and output are not those of a run."""
    positions = captured.position_vectors
    return CapturedCross(
        position_vectors=None if positions is None else positions[rows],
        embeddings=captured.embeddings[rows],
        source=captured.source[columns],
        weights=captured.weights[:, rows][:, :, columns],
        output=captured.output[rows],
    )
