"""`attention trace`: a sentence's numbers as a table or as JSON."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from attention import AttentionTrace, UserError
from attention.settings import Settings, read_settings
from attention.tracing import chosen_trace
from scenes.commands.options import AllowPickle, Head, HideSpecial, Layer, Model, Sentence
from scenes.commands.weights_table import print_weights


def show_trace(
    sentence: Sentence = None,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    hide_special: HideSpecial = None,
    allow_pickle: AllowPickle = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON, for programs.")] = False,
    save: Annotated[Path | None, typer.Option(help="Write the whole trace to this file (safetensors).")] = None,
) -> None:
    """Print a sentence's tokens and attention weights."""
    settings = read_settings(
        sentence=sentence, model=model, layer=layer, head=head, hide_special=hide_special, allow_pickle=allow_pickle
    )
    traced = chosen_trace(settings)
    if save:
        _save(traced, save)
    if as_json:
        typer.echo(json.dumps(_plain(traced), ensure_ascii=False))
    else:
        print_weights(traced, settings)


def _save(traced: AttentionTrace, path: Path) -> None:
    if path.exists():
        AttentionTrace.load(path)  # an older trace may be replaced, anything else may not
    try:
        traced.save(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from None


def _plain(traced: AttentionTrace) -> dict[str, Any]:
    tokens = [
        {
            "text": label,
            "piece": piece,
            "id": identity,
            "word": word,
            "span": span,
            "unknown": unknown,
            "special": special,
        }
        for label, piece, identity, word, span, unknown, special in zip(
            traced.labels,
            traced.tokens,
            traced.token_ids.tolist(),
            traced.word_ids.tolist(),
            traced.spans.tolist(),
            traced.unknown.tolist(),
            traced.special.tolist(),
            strict=True,
        )
    ]
    arrays = {name: getattr(traced, name) for name in ("scores", "position_bias", "mask", "weights", "output")}
    numbers = {name: None if values is None else values.tolist() for name, values in arrays.items()}
    return {
        "sentence": traced.sentence,
        "model": traced.model,
        "layer": traced.layer,
        "layers": traced.layers,
        "heads": traced.heads,
        "kv_heads": traced.kv_heads or traced.heads,
        "d_k": traced.d_k,
        "divisor": traced.divisor,
        "causal": traced.causal,
        "rotary": traced.rotary_cos is not None,
        "left_out": traced.left_out,
        "tokens": tokens,
        **numbers,
    }
