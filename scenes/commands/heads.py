"""`attention heads`: what each head of a model does, as a table, as JSON and as a picture."""

import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from attention.attention_trace import Array
from attention.heads import HABITS
from attention.settings import Settings
from attention.surveying import HeadSurvey, chosen_survey
from scenes.commands.options import LOOK, MODEL, RENDERS, Out, choosing
from scenes.commands.progress import SentenceBar
from scenes.commands.shares import share_cell
from scenes.commands.telling import print_json, warn_of_missing_fonts
from scenes.content.habits import PLAIN, counted, habit_names
from scenes.drawing.manim_defaults import import_manim
from scenes.words import speak


@choosing("sentence", *MODEL, *LOOK)
def heads(
    settings: Settings,
    out: Out = RENDERS,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON, for programs.")] = False,
) -> None:
    """List what each head of each layer does, and draw all heads into `renders/<its words>/heads.png`.

    Measured on the sentence, and on 40 sentences whose grammar is known: the share of attention that goes to the token
    itself, to the previous and the next one, to separators such as [SEP] (without any, to the first token), and along
    dependency links.
    """
    speak(settings)  # a fault in its words is told before all is measured
    with SentenceBar("measuring heads") as bar:
        survey = chosen_survey(settings, bar.on_sentence)
    import_manim()  # takes a second
    from scenes.output.head_sheet import render_sheet

    warn_of_missing_fonts(survey.weights.labels)
    sheet = render_sheet(survey, settings, out)
    if as_json:
        print_json(_plain(survey, sheet))
    else:
        _print_table(survey)
        typer.echo(sheet)


def _plain(survey: HeadSurvey, sheet: Path) -> dict[str, Any]:
    layers, heads = survey.names.shape
    names = _named(survey)
    habits = [name.replace("separator", "first_or_separator") for name in HABITS]

    def named(shares: Array) -> dict[str, float | None]:
        values = (None if math.isnan(share) else share for share in shares.tolist())
        return dict(zip(habits, values, strict=True))

    each = [
        {
            "layer": layer,
            "head": head,
            "does": names[layer][head],
            "sentence": named(survey.shares[layer, head, :, 0]),
            "set": named(survey.shares[layer, head, :, 1]),
        }
        for layer in range(layers)
        for head in range(heads)
    ]
    return {
        "sentence": survey.weights.sentence,
        "model": survey.weights.model,
        "layers": layers,
        "heads_per_layer": heads,
        "tokens": survey.weights.labels,
        "left_out": survey.weights.left_out,
        "set_sentences": survey.on_set.sentences,
        "even": {"sentence": named(_even(survey)[:, 0]), "set": named(_even(survey)[:, 1])},
        "heads": each,
        "sheet": str(sheet),
    }


def _print_table(survey: HeadSurvey) -> None:
    first = {"separator": "sep", "first token": "1st"}[survey.separator]
    title = Text(f"heads of the model {survey.weights.model}")
    table = Table(title=title, box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("layer", justify="right", no_wrap=True)
    table.add_column("head", justify="right", no_wrap=True)
    table.add_column("does", no_wrap=True)
    for where in ("here", "set"):
        for name in ("self", "prev", "next", first, "link")[: 4 if where == "here" else 5]:
            table.add_column(f"{where}\n{name}", justify="right", no_wrap=True)
    names = _named(survey)
    layers, heads = survey.names.shape
    for layer in range(layers):
        for head in range(heads):
            does = Text(names[layer][head], style="dim" if names[layer][head] in PLAIN else "bold")
            cells = _cells(survey.shares[layer, head])
            table.add_row(str(layer), str(head), does, *cells, end_section=head == heads - 1)
    table.add_row("", "", Text("(even)", style="dim"), *_cells(_even(survey)))
    console = Console()
    console.width = max(console.width, console.measure(table).maximum)
    console.print(table)
    for line in _explanation(survey):
        console.print(Text(line, style="dim"))


def _named(survey: HeadSurvey) -> list[list[str]]:
    """Return what each head of each layer does."""
    called = habit_names(survey)
    return [[called[name] for name in layer] for layer in survey.names.tolist()]


def _cells(shares: Array) -> list[Text]:
    """Return the cells for a head's shares, (habits, 2); links are not known on the sentence."""
    return [*map(share_cell, shares[:-1, 0].tolist()), *map(share_cell, shares[:, 1].tolist())]


def _even(survey: HeadSurvey) -> Array:
    """Return the shares, (habits, 2), of heads that attend to all tokens alike; the mean over layers."""
    both = (survey.on_sentence.even_shares, survey.on_set.shares.even_shares)
    return np.stack([even.mean(axis=0) for even in both], axis=-1)


def _explanation(survey: HeadSurvey) -> list[str]:
    special = "separators such as [SEP]" if survey.separator == "separator" else "the first token"
    counts = ", ".join(f"{habit_names(survey)[name]} {fact.text}" for name, fact in counted(survey).items())
    lines = [
        f"Shares of attention that go to the token itself, the previous one, the next, {special}, and along dependency "
        "links; a dot where there are none. Last row: a head that attends to all tokens alike.",
        f"here: on the sentence. set: on {survey.on_set.sentences} sentences; what a head does there gives its name.",
        f"Heads: {counts}.",
    ]
    if survey.weights.left_out:
        lines.append(f"{' and '.join(survey.weights.left_out)} left out: a row is shares of what is left.")
    return lines
