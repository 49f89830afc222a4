"""`attention film`, `clip` and `samples`: everything that renders."""

from pathlib import Path
from typing import Annotated

import typer

from attention import UserError
from attention.settings import DEFAULT_SENTENCE, Settings
from attention.tracing import chosen_trace
from scenes.clips import Clip, film_clips, find_clip
from scenes.commands.options import ALL, CLIP, FILM, HEAD, LOOK, RENDERS, Jobs, Out, choosing
from scenes.commands.progress import ClipBars
from scenes.commands.telling import print_files, tell_large_size, warn_of_missing_fonts
from scenes.output.cores import CORES
from scenes.output.formats import Output
from scenes.output.preparing import prepare
from scenes.output.rendering import render_clips, render_film
from scenes.output.samples import RATE, write_samples

BANKS = "The bank of the river was steep.", "The bank approved the loan."


Short = Annotated[
    bool,
    typer.Option(
        "--short",
        help="Instead of all clips, less than a minute, upright for phones if no frame is chosen: the question, one "
        "token's graph, the softmax that makes its shares, and the answer.",
    ),
]


@choosing("sentence", *HEAD, *LOOK, *CLIP, *FILM, without=("loop",))
def film(settings: Settings, output: Output, out: Out = RENDERS, jobs: Jobs = CORES, short: Short = False) -> None:
    """Render the clips of a sentence, and the film of them all, into `renders/<its words>/`.

    The folder is something to hand over: index.html shows the clips without a network, manifest.json lists the files.
    """
    if short:
        _render_short(settings, output, out)
        return
    clips = film_clips(chosen_trace(settings).heads, settings.clips)
    warn_of_missing_fonts(prepare(clips, settings).labels)
    tell_large_size(2 * output.expected_bytes(settings, len(clips)))  # the clips, and the film of them
    with ClipBars(clips) as bars:
        print_files(render_film(settings, out, output, jobs, clips, bars.on_beat))


@choosing(*ALL)
def clip(
    name: Annotated[str, typer.Argument(help="The clip: its scene, its file's name, or its number.")],
    settings: Settings,
    output: Output,
    out: Out = RENDERS,
) -> None:
    """Render one clip of a sentence into `renders/<its words>/`."""
    _render_one(find_clip(name), settings, output, out)


def _render_short(settings: Settings, output: Output, out: Path) -> None:
    if settings.clips is not None:
        raise UserError("--short has clips of its own: omit it, or --clips")
    upright = settings if "frame" in settings.model_fields_set else settings.model_copy(update={"frame": "9:16"})
    _render_one(find_clip("Short"), upright, output, out)


def _render_one(clip: Clip, settings: Settings, output: Output, out: Path) -> None:
    clips = [clip]
    warn_of_missing_fonts(prepare(clips, settings).labels)
    tell_large_size(output.expected_bytes(settings, 1))
    with ClipBars(clips) as bars:
        print_files(render_clips(settings, out, output, 1, clips, bars.on_beat))


def samples(out: Out = RENDERS) -> None:
    """Render the default sentence, and a word in two, and make small pictures of them for pages such as the README."""
    settings, pair = Settings(sentence=DEFAULT_SENTENCE), Settings(sentence=BANKS[0], other=BANKS[1], token="bank")
    clips, beside = film_clips(chosen_trace(settings).heads), [find_clip("Comparison")]
    with ClipBars([*clips, *beside]) as bars:
        files = render_clips(settings, out, Output.of(settings, quality="l", fps=RATE), CORES, clips, bars.on_beat)
        others = render_clips(pair, out, Output.of(pair, quality="l", fps=RATE), 1, beside, bars.on_beat)
    print_files(write_samples(files, others, out / "samples"))
