"""Small pictures of the film, to be looked at without a player: one sheet of stills, and a short GIF of each clip."""

import io
import math
from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

from attention.files import write_atomically

GIF_LIMIT = 400_000  # bytes

_SHEET_COLUMNS = 3
_SHEET_TILE = 480  # pixels across
_GIF_TRIES = ((480, 3.0), (480, 2.0), (400, 2.0), (400, 1.5), (320, 1.5), (320, 1.0), (240, 0.5))  # pixels, frames/s
_GIF_COLORS = 48


def write_samples(clips: Sequence[Path], folder: Path) -> list[Path]:
    """Write ``film.png``, a sheet of the clips' resting stills, and a GIF of each clip of at most 400 kB.

    Raises
    ------
    OSError
        If a clip cannot be read or a picture cannot be written.
    """
    sheet = folder / "film.png"
    write_atomically(sheet, _sheet([_frames(clip, None)[-1] for clip in clips]))
    gifs = [folder / f"{clip.stem}.gif" for clip in clips]
    for clip, gif in zip(clips, gifs, strict=True):
        write_atomically(gif, _gif(clip))
    return [sheet, *gifs]


def _frames(clip: Path, rate: float | None) -> list[Image.Image]:
    """Return ``rate`` frames a second of a clip, the last one included; only the last one if ``rate`` is None."""
    chosen: list[Image.Image] = []
    due = 0.0
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            if rate is not None and frame.time is not None and frame.time >= due:
                chosen.append(frame.to_image())  # type: ignore[no-untyped-call]
                due += 1 / rate
        last = frame.to_image()  # type: ignore[no-untyped-call]
    return [*chosen, last]


def _sheet(stills: Sequence[Image.Image]) -> bytes:
    sheet = _montage([_narrow(still, _SHEET_TILE) for still in stills])
    return _encode(sheet, format="PNG", optimize=True)


def _montage(tiles: Sequence[Image.Image]) -> Image.Image:
    width, height = tiles[0].size
    rows = math.ceil(len(tiles) / _SHEET_COLUMNS)
    montage = Image.new("RGB", (width * min(_SHEET_COLUMNS, len(tiles)), height * rows), tiles[0].getpixel((0, 0)))
    for index, tile in enumerate(tiles):
        montage.paste(tile, (index % _SHEET_COLUMNS * width, index // _SHEET_COLUMNS * height))
    return montage


def _gif(clip: Path) -> bytes:
    for width, rate in _GIF_TRIES:
        frames = [_narrow(frame, width) for frame in _frames(clip, rate)]
        # The widest range of colours: a small cell in a tensor's colour counts as much as all the dark around it.
        palette = _montage(frames[:: max(len(frames) // 12, 1)]).quantize(_GIF_COLORS, Image.Quantize.MAXCOVERAGE)
        small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        pauses = [round(1000 / rate)] * (len(small) - 1) + [2500]
        gif = _encode(
            small[0], format="GIF", save_all=True, append_images=small[1:], duration=pauses, loop=0, optimize=True
        )
        if len(gif) <= GIF_LIMIT:
            return gif
    raise OSError(f"{clip}: even a small GIF of it is larger than {GIF_LIMIT} bytes")


def _narrow(image: Image.Image, width: int) -> Image.Image:
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def _encode(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()
