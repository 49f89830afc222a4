"""`attention trace`: a sentence's numbers as a table or as JSON."""

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from attention import AttentionTrace, UserError
from attention.settings import Settings
from attention.tracing import chosen_trace
from scenes.commands.options import HEAD, choosing
from scenes.commands.shares import share_cell


@choosing("sentence", *HEAD)
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
        typer.echo(json.dumps(_plain(traced), ensure_ascii=False))
    else:
        _print_table(traced, settings)


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


def _print_table(traced: AttentionTrace, settings: Settings) -> None:
    table = Table(title=f"attention weights, model {traced.model}, layer {traced.layer}, head {settings.head}")
    for heading in ("id", "token", *traced.labels):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    weights = traced.weights_of(settings.head)
    for index, label in enumerate(traced.labels):
        cells = [
            share_cell(float(weight) if allowed else math.nan)
            for weight, allowed in zip(weights[index], traced.mask[index], strict=True)
        ]
        name = Text(label, style="dim" if traced.unknown[index] or traced.special[index] else "")
        table.add_row(str(traced.token_ids[index]), name, *cells)
    console = Console()
    console.width = max(console.width, console.measure(table).maximum)
    console.print(table)
    console.print("A row is an attending token, a column an attended one; rows sum to 1.", style="dim")
    if traced.left_out:
        names = " and ".join(traced.left_out)
        console.print(Text(f"{names} left out: a row is shares of what is left.", style="dim"))
