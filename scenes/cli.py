"""The command line: a thin layer over functions that work without it."""

import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from typer.exceptions import TyperException

from attention import AttentionTrace, UserError
from attention.model_folder import find_model
from attention.settings import DEFAULT_SENTENCE, FrameName, Settings, ThemeName, read_settings
from attention.text import tidy
from attention.tracing import chosen_trace
from scenes.look.missing_fonts import missing_fonts
from scenes.output.clip_names import find_clip
from scenes.output.formats import Format, FormatName, with_suitable_theme
from scenes.output.rendering import CLIPS, Clip, Quality, render_clips, render_film
from scenes.output.samples import write_samples

ROOT = Path("renders")  # in the folder where the command is given
CORES = os.cpu_count() or 1

app = typer.Typer(
    help="Self-attention, explained with the real numbers of your sentence.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sentence = Annotated[
    str | None, typer.Argument(help="The text, in quotes. Left out: $ATTENTION_SENTENCE, or a default.")
]
Model = Annotated[str | None, typer.Option(help="`tiny`, which comes with the package, or a model's folder.")]
Layer = Annotated[int | None, typer.Option(help="Which attention layer, counted from 0.")]
Head = Annotated[int | None, typer.Option(help="Which head of the layer, counted from 0.")]

Theme = Annotated[ThemeName | None, typer.Option(help="Colours; `transparent` makes clips for slides.")]
Shape = Annotated[FrameName | None, typer.Option("--frame", help="Shape of the picture.")]
Size = Annotated[
    Quality, typer.Option("-q", "--quality", help="480p15, 720p30, 1080p60, 1440p60 or 2160p60, as Manim has them.")
]
File = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        help="Kind of file: `webm` and `mov` are transparent by default, `png`, `svg` and `pdf` are the last still.",
    ),
]


@app.command(epilog='Example: attention film "The king loved his daughter." -q h --theme light')
def film(
    sentence: Sentence = None,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    theme: Theme = None,
    frame: Shape = None,
    quality: Size = "m",
    file_format: File = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Clips rendered at the same time.")] = CORES,
) -> None:
    """Render the clips of a sentence into renders/<its words>/."""
    settings = read_settings(sentence=sentence, model=model, layer=layer, head=head, theme=theme, frame=frame)
    _render(settings, quality, file_format, jobs, CLIPS)


@app.command(epilog='Example: attention clip ScoreMatrix "The king loved his daughter." --format webm')
def clip(
    name: Annotated[str, typer.Argument(help="The clip: its scene, its file's name, or its number.")],
    sentence: Sentence = None,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    theme: Theme = None,
    frame: Shape = None,
    quality: Size = "m",
    file_format: File = None,
) -> None:
    """Render one clip of a sentence into renders/<its words>/."""
    chosen = find_clip(name)
    settings = read_settings(sentence=sentence, model=model, layer=layer, head=head, theme=theme, frame=frame)
    _render(settings, quality, file_format, 1, [chosen])


@app.command(epilog="Example: attention samples, then look into renders/samples/")
def samples() -> None:
    """Render the default sentence and make small pictures of its film, for pages such as the README."""
    with _Bars() as bars:
        *clips, _ = render_film(Settings(sentence=DEFAULT_SENTENCE), ROOT, "m", CORES, bars.on_beat)
    for picture in write_samples(clips, ROOT / "samples"):
        typer.echo(picture)


@app.command("trace", epilog='Example: attention trace "The cat sat." --json | jq .weights')
def show_trace(
    sentence: Sentence = None,
    model: Model = None,
    layer: Layer = None,
    head: Head = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON, for programs.")] = False,
    save: Annotated[Path | None, typer.Option(help="Write the whole trace to this file (safetensors).")] = None,
) -> None:
    """Print a sentence's tokens and attention weights."""
    settings = read_settings(sentence=sentence, model=model, layer=layer, head=head)
    traced = chosen_trace(settings)
    if save:
        _save(traced, save)
    if as_json:
        typer.echo(json.dumps(_plain(traced), ensure_ascii=False))
    else:
        _print_table(traced, settings)


@app.command(epilog="Example: attention train --corpus books/ --out my-model/")
def train(
    corpus: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with .txt files, UTF-8.")],
    out: Annotated[Path, typer.Option(help="Folder for the model; use it with --model.")] = Path("model"),
    seed: Annotated[int, typer.Option(help="The same seed, corpus and machine give the same weights.")] = 0,
) -> None:
    """Train the tiny model on your own texts."""
    from attention.training.teacher import MiniLM
    from attention.training.train import train as train_model

    _print_figures(train_model(corpus, out, MiniLM(), seed=seed))
    typer.echo(f'use it with: attention film "A sentence." --model {out}')


@app.command(epilog="Example: attention evaluate links.jsonl")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Sentences with dependency links, one JSON object a line.")],
    model: Model = None,
) -> None:
    """Measure whether a model's attention follows language."""
    from attention.evaluation import evaluate as measure
    from attention.forward import compute_trace  # directly, as nobody wants these traces kept

    settings = read_settings(model=model)
    folder = find_model(settings.model)

    def weights_of(text: str) -> tuple[Any, list[tuple[int, int]]]:
        traced = compute_trace(tidy(text), folder, settings.layer)
        return traced.weights.mean(axis=0), [tuple(span) for span in traced.spans.tolist()]

    _print_figures(measure(weights_of, file))


def main() -> None:
    """Run the command line; what a user can put right ends in one line and exit code 2."""
    try:
        sys.exit(app(sys.argv[1:] or ["--help"], standalone_mode=False))
    except (UserError, TyperException) as error:
        message = error.format_message() if isinstance(error, TyperException) else str(error)
        typer.echo(f"error: {message}", err=True)
        sys.exit(2)


def _render(
    settings: Settings, quality: Quality, file_format: FormatName | None, jobs: int, clips: Sequence[Clip]
) -> None:
    settings = with_suitable_theme(settings, file_format)
    form = Format.of(file_format, settings)
    for line in missing_fonts(chosen_trace(settings).labels):
        typer.echo(f"warning: {line}", err=True)
    render = render_film if clips is CLIPS else render_clips
    with _Bars(clips) as bars:
        files = render(settings, ROOT, quality, jobs, bars.on_beat, clips, form)
    for file in files:
        typer.echo(file)


class _Bars(Progress):
    """A progress bar for each clip, counting its beats."""

    def __init__(self, clips: Sequence[Clip] = CLIPS) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        console = Console(stderr=True)
        super().__init__(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.tasks_of = {clip: self.add_task(clip.name, total=None) for clip in clips}

    def on_beat(self, clip: Clip, done: int, total: int) -> None:
        self.update(self.tasks_of[clip], completed=done, total=total)


def _print_figures(figures: Any) -> None:
    for field in dataclasses.fields(figures):
        value = getattr(figures, field.name)
        typer.echo(
            f"{field.name.replace('_', ' '):<16} {value:.3f}"
            if isinstance(value, float)
            else f"{field.name.replace('_', ' '):<16} {value}"
        )


def _save(traced: AttentionTrace, path: Path) -> None:
    if path.exists():
        AttentionTrace.load(path)  # an older trace may be replaced, anything else may not
    try:
        traced.save(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from None


def _plain(traced: AttentionTrace) -> dict[str, Any]:
    tokens = [
        {"text": label, "piece": piece, "id": identity, "word": word, "span": span, "unknown": unknown}
        for label, piece, identity, word, span, unknown in zip(
            traced.labels,
            traced.tokens,
            traced.token_ids.tolist(),
            traced.word_ids.tolist(),
            traced.spans.tolist(),
            traced.unknown.tolist(),
            strict=True,
        )
    ]
    numbers = {name: getattr(traced, name).tolist() for name in ("scores", "mask", "weights", "output")}
    return {
        "sentence": traced.sentence,
        "model": traced.model,
        "layer": traced.layer,
        "d_k": traced.d_k,
        "tokens": tokens,
        **numbers,
    }


def _print_table(traced: AttentionTrace, settings: Settings) -> None:
    table = Table(title=f"attention weights, model {traced.model}, layer {traced.layer}, head {settings.head}")
    for heading in ("id", "token", *traced.labels):
        table.add_column(Text(heading), justify="right", no_wrap=True)
    weights = traced.weights[settings.head]
    for index, label in enumerate(traced.labels):
        cells = [
            _cell(float(weight), bool(allowed))
            for weight, allowed in zip(weights[index], traced.mask[index], strict=True)
        ]
        name = Text(label, style="dim" if traced.unknown[index] else "")
        table.add_row(str(traced.token_ids[index]), name, *cells)
    console = Console()
    console.width = max(console.width, console.measure(table).maximum)
    console.print(table)
    console.print("A row is an attending token, a column an attended one; rows sum to 1.", style="dim")


def _cell(weight: float, allowed: bool) -> Text:
    if not allowed:
        return Text("·")
    strength = round(255 * weight**0.6)
    return Text(
        f"{weight:.2f}",
        style=f"{'black' if strength > 150 else 'white'} on rgb({strength // 2},{strength * 3 // 8},{strength})",
    )
