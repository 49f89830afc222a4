"""Small pictures of the film, to be looked at without a player: one sheet of stills, and a short GIF of each clip."""

import io
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from attention.files import write_atomically
from scenes.output.gif import Step, write_gif

GIF_LIMIT = 600_000  # bytes
RATE = 6  # frames a second of clips that are rendered for samples; each rate of a GIF is a part of it

_RATES_AND_SCALES = (3, 0.56), (2, 0.56), (2, 0.47), (1, 0.47), (1, 0.35)
_GIF_STEPS = [Step(Fraction(rate), scale, colors=128) for rate, scale in _RATES_AND_SCALES]
_SHEET_COLUMNS = 3
_SHEET_TILE = 480  # pixels across


def write_samples(clips: Sequence[Path], beside: Sequence[Path], folder: Path) -> list[Path]:
    """Write ``film.png``, a sheet of the film's resting stills, and a GIF of at most 600 kB of each clip.

    Parameters
    ----------
    clips
        Those of the film.
    beside
        Those that stand outside of it.
    folder
        Where the pictures go.

    Raises
    ------
    OSError
        If a clip cannot be read or a picture cannot be written.
    UserError
        If even a small GIF of a clip is larger.
    """
    sheet = folder / "film.png"
    write_atomically(sheet, _sheet([_last_still(clip) for clip in clips]))
    return [sheet, *(write_gif(each, folder / f"{each.stem}.gif", GIF_LIMIT, _GIF_STEPS) for each in (*clips, *beside))]


def _last_still(clip: Path) -> Image.Image:
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):  # noqa: B007
            pass
        return frame.to_image()  # type: ignore[no-any-return, no-untyped-call]


def _sheet(stills: Sequence[Image.Image]) -> bytes:
    height = round(stills[0].height * _SHEET_TILE / stills[0].width)
    columns, rows = min(_SHEET_COLUMNS, len(stills)), math.ceil(len(stills) / _SHEET_COLUMNS)
    sheet = Image.new("RGB", (_SHEET_TILE * columns, height * rows), stills[0].getpixel((0, 0)))
    for index, still in enumerate(stills):
        place = index % _SHEET_COLUMNS * _SHEET_TILE, index // _SHEET_COLUMNS * height
        sheet.paste(still.resize((_SHEET_TILE, height), Image.Resampling.LANCZOS), place)
    buffer = io.BytesIO()
    sheet.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
