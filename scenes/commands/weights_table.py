"""Attention weights in a table that fits the terminal: the matrix, or the largest shares of each token by name."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from attention import AttentionTrace
from attention.attention_trace import Floats, Tokens
from attention.settings import Settings
from scenes.commands.shares import share_cell

_SHADES = " ░▒▓█"
_FEW = 5  # the part of the terminal's width, 1/5, that shades or a name may take


def print_weights(traced: AttentionTrace, settings: Settings) -> None:
    """Print who attends to whom: all as numbers where there is room for them, else the largest by name."""
    console = Console()
    weights = np.where(traced.mask, traced.weights_of(settings.head), math.nan)
    table = _matrix(traced, weights)
    legend = "A row is an attending token, a column an attended one; rows sum to 1."
    if console.measure(table, options=console.options.update(max_width=1_000_000)).maximum > console.width:
        shaded = weights.shape[1] <= console.width // _FEW
        table = _largest(traced, weights, console.width // _FEW, shaded)
        legend = "A row is an attending token, and the shares it gives to those it attends to most."
        legend += " The shades are its shares of all tokens in their order." if shaded else ""
    title = f"attention weights, model {traced.model}, layer {traced.layer}, head {settings.head}"
    console.print(Text(title, style="italic"), soft_wrap=True)
    console.print(table)
    console.print(Text(legend, style="dim"))
    if traced.left_out:
        names = " and ".join(traced.left_out)
        console.print(Text(f"{names} left out: a row is shares of what is left.", style="dim"))


def _matrix(traced: AttentionTrace, weights: Floats) -> Table:
    table = Table()
    for heading in ("id", "token", *traced.attended.labels):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    for number, name, shares in zip(traced.token_ids, _names(traced, traced.labels), weights, strict=True):
        table.add_row(str(number), name, *(share_cell(float(share)) for share in shares))
    return table


def _largest(traced: AttentionTrace, weights: Floats, longest: int, shaded: bool) -> Table:
    names, others = (_names(text, _told_apart(text.labels)) for text in (traced, traced.attended))
    for name in (*names, *others):
        name.truncate(longest, overflow="ellipsis")
    table = Table(expand=True)
    table.add_column("id", justify="right", no_wrap=True)
    table.add_column("token", justify="right", no_wrap=True)
    if shaded:
        table.add_column("", no_wrap=True)
    table.add_column("attends most to", no_wrap=True, ratio=1)
    for number, name, shares in zip(traced.token_ids, names, weights, strict=True):
        table.add_row(str(number), name, *([_shades(shares)] if shaded else []), _ByName(others, shares))
    return table


def _names(text: Tokens, labels: Sequence[str]) -> list[Text]:
    dim = text.unknown | text.special
    return [Text(label, style="dim" if each else "") for label, each in zip(labels, dim, strict=True)]


def _told_apart(labels: Sequence[str]) -> list[str]:
    """Return ``labels``, those that are there more than once with a number."""
    count, seen = Counter(labels), Counter[str]()
    names = []
    for label in labels:
        seen[label] += 1
        names.append(f"{label} ({seen[label]})" if count[label] > 1 else label)
    return names


def _shades(shares: Floats) -> Text:
    strengths = np.ceil(np.nan_to_num(shares) * (len(_SHADES) - 1) - 0.1)
    return Text("".join(_SHADES[int(strength)] for strength in strengths))


@dataclass
class _ByName:
    """The largest shares, each after its token's name, as many as have room."""

    names: list[Text]
    shares: Floats

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for index in np.argsort(-self.shares, kind="stable"):  # NaN, where nothing is attended to, comes last
            share = float(self.shares[index])
            told = Text.assemble(self.names[index], " ", share_cell(share))
            if line and (math.isnan(share) or share < 0.005 or line.cell_len + 2 + told.cell_len > options.max_width):
                break
            line = Text("  ").join([line, told]) if line else told
        yield line
