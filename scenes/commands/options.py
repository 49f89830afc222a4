"""The options that commands share, each said once: the fields of `Settings`, and what kind of file a clip becomes."""

import inspect
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import ByteSize, TypeAdapter, ValidationError

from attention import UserError
from attention.settings import Settings, fields_about, read_settings
from scenes.commands.telling import warn_of_theme
from scenes.output.formats import FormatName, Output, Quality, Size, suited

MODEL = fields_about("model")
HEAD = fields_about("model", "head")
ATTENTION = fields_about("model", "head", "decoder")
LOOK = fields_about("look", "words")
WORDS = fields_about("words")
CLIP = fields_about("clip")
FILM = fields_about("film")
ALL = tuple(name for name in fields_about() if name not in FILM)

RENDERS = Path("renders")  # in the folder where the command is given
Out = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder in which each sentence gets its own.")]
Sharpness = Annotated[
    Quality, typer.Option("-q", "--quality", help="480p15, 720p30, 1080p60, 1440p60 or 2160p60, as Manim has them.")
]
Jobs = Annotated[int, typer.Option("-j", "--jobs", min=1, help="Clips rendered at the same time.")]

_RENDERED: dict[str, tuple[Any, Any]] = {  # annotation and default
    "quality": (Sharpness, "m"),
    "size": (
        Annotated[
            str | None,
            typer.Option(metavar="WIDTHxHEIGHT", help="Pixels, such as 1920x1080; left out, the quality's."),
        ],
        None,
    ),
    "fps": (
        Annotated[int | None, typer.Option(min=1, max=120, help="Frames per second; left out, the quality's.")],
        None,
    ),
    "form": (
        Annotated[
            FormatName | None,
            typer.Option(
                "--format",
                help="Kind of file: `webm` and `mov` are transparent by default; `png`, `svg` and `pdf` are the last "
                "still.",
            ),
        ],
        None,
    ),
    "max_size": (
        Annotated[
            str | None,
            typer.Option(
                metavar="SIZE",
                help="The most a GIF may take, such as 5MB: it gets slower, then smaller, until it fits.",
            ),
        ],
        None,
    ),
    "loop": (Annotated[bool, typer.Option("--loop", help="Lead the end back to the first picture.")], False),
}

_Command = Callable[..., None]


def choosing(
    *fields: str, positional: tuple[str, ...] = ("sentence",), without: tuple[str, ...] = ()
) -> Callable[[_Command], _Command]:
    """Give a command options in place of its parameters ``settings`` and, if it has that one, ``output``.

    Parameters
    ----------
    fields
        The fields of `Settings` that are options; others stay as environment and ``attention.toml`` say.
    positional
        Those of them that are written without a name.
    without
        Options of a rendered file that the command lacks.
    """
    asked = {name: (_option(name, name in positional), None) for name in fields}
    rendered = {name: option for name, option in _RENDERED.items() if name not in without}

    def give(command: _Command) -> _Command:
        own = inspect.signature(command).parameters
        replaced = {"settings": asked, "output": rendered}

        @wraps(command)
        def run(**given: Any) -> None:
            settings = read_settings(**{name: given.pop(name) for name in fields})
            if "theme" in fields:
                warn_of_theme(settings)
            if "output" in own:
                settings, given["output"] = _rendering(settings, **{name: given.pop(name) for name in rendered})
            command(settings=settings, **given)

        options = (replaced.get(name, {name: (each.annotation, each.default)}) for name, each in own.items())
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
                for group in options
                for name, (annotation, default) in group.items()
            ]
        )
        return run

    return give


def _option(name: str, positional: bool) -> Any:
    """Return the annotation that typer makes an option of, for a field of `Settings`."""
    field = Settings.model_fields[name]
    assert field.description, name
    kind, metavar = _kind(field.annotation)
    if positional:
        left_out = f"Left out: $ATTENTION_{name.upper()}" + (", or a default." if name == "sentence" else ".")
        return Annotated[kind | None, typer.Argument(help=f"{field.description} {left_out}")]
    flag = name.replace("_", "-")
    flags = (f"--{flag}/--no-{flag}" if field.default else f"--{flag}",) if kind is bool else ()
    return Annotated[kind | None, typer.Option(*flags, metavar=metavar, help=field.description)]


def _kind(annotation: Any) -> tuple[Any, str | None]:
    """Return what typer reads for a field of this type, and what stands for its value; `Settings` checks it."""
    if get_origin(annotation) is Literal or annotation in (bool, int, float, str):
        return annotation, None
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    if kinds == [str]:
        return str, None
    named = [name for kind in kinds if get_origin(kind) is Literal for name in get_args(kind)]
    return str, "|".join(["N", *named])


def _rendering(
    settings: Settings,
    *,
    quality: Quality,
    size: str | None,
    fps: int | None,
    form: FormatName | None,
    max_size: str | None,
    loop: bool = False,
) -> tuple[Settings, Output]:
    """Return settings that suit the format and size, and what was chosen of a rendered file."""
    pixels = None if size is None else _pixels(size)
    most = None if max_size is None else _bytes(max_size)
    settings = suited(settings, form, pixels)
    return settings, Output.of(settings, form, quality=quality, size=pixels, fps=fps, max_bytes=most, loops=loop)


def _pixels(text: str) -> Size:
    found = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip().lower())
    if not found:
        raise UserError(f"--size {text!r} is no size: give one such as 1920x1080")
    return int(found[1]), int(found[2])


def _bytes(text: str) -> int:
    try:
        return int(TypeAdapter(ByteSize).validate_python(text))
    except ValidationError:
        raise UserError(f"--max-size {text!r} is no size: give one such as 5MB or 800kB") from None
