"""`attention train` and `evaluate`: making a model, and measuring one."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from attention.settings import Settings
from attention.text import tidy
from attention.tracing import chosen_model
from scenes.commands.options import HEAD, choosing


def train(
    corpus: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with .txt files, UTF-8.")],
    out: Annotated[Path, typer.Option(help="Folder for the model; use it with --model.")] = Path("model"),
    seed: Annotated[int, typer.Option(help="The same seed, corpus and machine give the same weights.")] = 0,
    trained_on: Annotated[
        str | None, typer.Option(help="What the texts are, as the film says it; left out, their number.")
    ] = None,
) -> None:
    """Train the tiny model on your own texts."""
    from attention.training.teacher import MiniLM
    from attention.training.train import train as train_model

    _print_figures(train_model(corpus, out, MiniLM(), seed=seed, trained_on=trained_on))
    typer.echo(f'use it with: attention film "A sentence." --model {out}')


@choosing(*HEAD)
def evaluate(
    file: Annotated[Path, typer.Argument(help="Sentences with dependency links or pronouns, one JSON object a line.")],
    settings: Settings,
) -> None:
    """Measure whether a model's attention follows grammar, or whether its pronouns find whom they stand for."""
    from attention.evaluation import evaluate as evaluate_links
    from attention.pronouns import evaluate_pronouns, holds_pronouns

    measure = evaluate_pronouns if holds_pronouns(file) else evaluate_links
    model = chosen_model(settings)

    def weights_of(text: str) -> tuple[Any, list[tuple[int, int]]]:
        traced = model.trace(tidy(text), settings.layer)  # past the cache, as nobody wants these traces kept
        return traced.weights_of(settings.head), [tuple(span) for span in traced.spans.tolist()]

    weights_of("A word.")  # so that a fault of the model is named, where a sentence at fault is left out

    _print_figures(measure(weights_of, file))


def _print_figures(figures: Any) -> None:
    for field in dataclasses.fields(figures):
        value = getattr(figures, field.name)
        typer.echo(
            f"{field.name.replace('_', ' '):<16} {value:.3f}"
            if isinstance(value, float)
            else f"{field.name.replace('_', ' '):<16} {value}"
        )
