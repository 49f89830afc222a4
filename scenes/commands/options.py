"""The options that several commands share."""

import re
from typing import Annotated

import typer
from pydantic import ByteSize, TypeAdapter, ValidationError

from attention.settings import FrameName, ThemeName
from scenes.output.formats import FormatName, Pixels, Quality


def _pixels(text: str) -> Pixels:
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip().lower())
    if not found:
        raise typer.BadParameter(f"{text!r} is no size: give one such as 1920x1080")
    return int(found[1]), int(found[2])


def _bytes(text: str) -> int:
    try:
        return int(TypeAdapter(ByteSize).validate_python(text))
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is no size: give one such as 5MB or 800kB") from None


Sentence = Annotated[
    str | None, typer.Argument(help="The text, in quotes. Left out: $ATTENTION_SENTENCE, or a default.")
]
Model = Annotated[
    str | None,
    typer.Option(help="`tiny`, which comes with the package, or the folder of a model or Hugging Face checkpoint."),
]
Layer = Annotated[int | None, typer.Option(help="Which attention layer, counted from 0.")]
Head = Annotated[
    str | None, typer.Option(metavar="N|mean", help="Which head of the layer, counted from 0, or the mean of all.")
]
HideSpecial = Annotated[
    bool | None,
    typer.Option(
        "--hide-special", help="Leave out tokens that the tokenizer adds, such as [CLS]; rows sum to 1 again."
    ),
]
AllowPickle = Annotated[
    bool | None,
    typer.Option("--allow-pickle", help="Read weights that are only there as a pickle; no code in it runs."),
]

Theme = Annotated[ThemeName | None, typer.Option(help="Colours; `transparent` makes clips for slides.")]
Shape = Annotated[FrameName | None, typer.Option("--frame", help="Shape of the picture.")]
Sharpness = Annotated[
    Quality, typer.Option("-q", "--quality", help="480p15, 720p30, 1080p60, 1440p60 or 2160p60, as Manim has them.")
]
File = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        help="Kind of file: `webm` and `mov` are transparent by default; `png`, `svg` and `pdf` are the last still.",
    ),
]
Size = Annotated[
    Pixels | None,
    typer.Option(parser=_pixels, metavar="WIDTHxHEIGHT", help="Pixels, such as 1920x1080; left out, the quality's."),
]
Rate = Annotated[int | None, typer.Option("--fps", min=1, max=120, help="Frames per second; left out, the quality's.")]
Most = Annotated[
    int | None,
    typer.Option(
        "--max-size",
        parser=_bytes,
        metavar="SIZE",
        help="The most a GIF may take, such as 5MB: it gets slower, then smaller, until it fits.",
    ),
]
