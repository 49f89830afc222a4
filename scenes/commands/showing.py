"""`attention trace`: a sentence's numbers as a table or as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from attention import AttentionTrace, UserError
from attention.attention_trace import Source, Tokens
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.commands.options import ATTENTION, choosing
from scenes.commands.telling import print_json
from scenes.commands.weights_table import print_weights


@choosing("sentence", *ATTENTION)
def show_trace(
    settings: Settings,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON, for programs.")] = False,
    save: Annotated[Path | None, typer.Option(help="Write the whole trace to this file (safetensors).")] = None,
) -> None:
    """Print a sentence's tokens and attention weights."""
    traced = chosen_trace(settings)
    if save:
        _save(traced, save)
    if as_json:
        print_json(_plain(traced))
    else:
        print_weights(traced, settings)


def _save(traced: AttentionTrace, path: Path) -> None:
    try:
        if path.is_dir():
            raise UserError(f"{path}: is a folder; name a file in it")
        if path.exists():
            AttentionTrace.load(path)  # an older trace may be replaced, anything else may not
        traced.save(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from None


def _plain(traced: AttentionTrace) -> dict[str, Any]:
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
        "soft_cap": traced.soft_cap,
        "causal": traced.causal,
        "window": traced.window,
        "rotary": traced.rotary_cos is not None,
        "left_out": traced.left_out,
        "tokens": _tokens(traced, traced.tokens, traced.token_ids.tolist()),
        **_attended(traced.source),
        **numbers,
    }


def _attended(source: Source | None) -> dict[str, Any]:
    """Return the text and the tokens that are the columns, where they are not those of the rows."""
    if source is None:
        return {}
    tokens = _tokens(source, source.tokens, source.token_ids.tolist())
    return {"attended": {"sentence": source.sentence, "tokens": tokens}}


def _tokens(text: Tokens, pieces: Sequence[str], ids: Sequence[int]) -> list[dict[str, Any]]:
    return [
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
            text.labels,
            pieces,
            ids,
            text.word_ids.tolist(),
            text.spans.tolist(),
            text.unknown.tolist(),
            text.special.tolist(),
            strict=True,
        )
    ]
