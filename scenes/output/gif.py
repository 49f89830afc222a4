"""A clip as a GIF with a palette of its own, small enough for where it goes."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import av
from av.filter import Graph
from pydantic import ByteSize

from attention import UserError
from attention.files import written_whole

_FASTEST = 50  # frames per second; players show faster GIFs at ten
_RATES = 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2  # tried first, as a smaller picture is harder to read than a slower one
_SCALES = 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2
_SEEN_FOR_PALETTE = 4  # frames per second
_EXACT = "flags=lanczos+accurate_rnd+full_chroma_int"  # else colours become up to 2 levels darker
_RGB = ("format", "bgra")


class Step(NamedTuple):
    """One of the things that are tried to make a GIF small."""

    rate: Fraction  # frames per second
    scale: float = 1.0  # of the clip's width and height
    colors: int = 256


def write_gif(clip: Path, gif: Path, max_bytes: int | None, steps: Sequence[Step] = ()) -> Path:
    """Write ``clip`` as an endless GIF; if it would have more than ``max_bytes``, slower first, then smaller too.

    Parameters
    ----------
    clip, gif
        What is read, and what is written.
    max_bytes
        The most that it may take.
    steps
        What is tried instead, from the largest file to the smallest.

    Raises
    ------
    UserError
        If the slowest and smallest is still larger.
    OSError, av.error.FFmpegError
        If the clip cannot be read or the GIF cannot be written.
    """
    steps = steps or list(_steps(clip))
    palettes = {colors: _palette(clip, colors) for colors in {step.colors for step in steps}}

    with written_whole(gif) as unfinished:
        written: Step | None = None  # what is in the file
        size = 0

        def fits(step: Step) -> bool:
            nonlocal written, size
            if step != written:
                written, size = step, _encode(clip, unfinished, step, palettes[step.colors])
            return max_bytes is None or size <= max_bytes

        if not fits(steps[0]):
            smaller = bisect_left(steps, True, lo=1, key=fits)
            if not fits(steps[min(smaller, len(steps) - 1)]):
                size_text = ByteSize(size).human_readable(decimal=True)
                raise UserError(f"{gif.stem} takes {size_text} even as a small, slow GIF: raise --max-size")
    return gif


def _steps(clip: Path) -> Iterator[Step]:
    """Yield what to try, from the largest file to the smallest."""
    with av.open(str(clip)) as source:
        rate = min(source.streams.video[0].average_rate or Fraction(_FASTEST), Fraction(_FASTEST))
    rates = [rate, *(Fraction(each) for each in _RATES if each < rate)]
    for each in rates:
        yield Step(each)
    for scale in _SCALES:
        yield Step(rates[-1], scale)


def _palette(clip: Path, colors: int) -> av.VideoFrame:
    seen = ("fps", str(_SEEN_FOR_PALETTE)), ("scale", _EXACT), _RGB
    (palette,) = _filtered(clip, *seen, ("palettegen", f"reserve_transparent=0:max_colors={colors}"))
    return palette


def _encode(clip: Path, gif: Path, step: Step, palette: av.VideoFrame) -> int:
    """Write ``clip`` as ``gif`` and return its size in bytes."""
    width, height = (f"trunc({side}*{step.scale}/2)*2" for side in ("iw", "ih"))
    frames = _filtered(
        clip,
        ("fps", str(step.rate)),
        ("scale", f"{width}:{height}:{_EXACT}"),
        _RGB,
        ("paletteuse", "dither=none:diff_mode=rectangle"),
        palette=palette,
    )
    with av.open(str(gif), "w", options={"loop": "0"}) as target:
        first = next(frames)
        stream = target.add_stream("gif", rate=step.rate)
        stream.width, stream.height, stream.pix_fmt = first.width, first.height, "pal8"
        for frame in (first, *frames):
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return gif.stat().st_size


def _filtered(clip: Path, *filters: tuple[str, str], palette: av.VideoFrame | None = None) -> Iterator[av.VideoFrame]:
    """Yield the frames of ``clip`` after FFmpeg's ``filters`` (name, options), the last of which takes ``palette``."""
    with av.open(str(clip)) as source:
        graph = Graph()
        entry: Any = graph.add_buffer(template=source.streams.video[0])
        last = entry
        for name, options in filters:
            following = graph.add(name, options)
            last.link_to(following)
            last = following
        if palette is not None:
            colors = graph.add_buffer(
                width=palette.width, height=palette.height, format=palette.format, time_base=Fraction(1, 1000)
            )
            colors.link_to(last, 0, 1)
        last.link_to(graph.add("buffersink"))
        graph.configure()
        if palette is not None:
            colors.push(palette)
            colors.push(None)
        for frame in chain(source.decode(video=0), [None]):
            entry.push(frame)
            with suppress(BlockingIOError, EOFError):  # no more before the next frame, or none at all
                while True:
                    yield graph.pull()  # type: ignore[misc]
