"""A clip as a GIF with a palette of its own, small enough for where it goes."""

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
from av.filter import Graph

from attention import UserError
from attention.files import beside

_FASTEST = 50  # frames per second; players show faster GIFs at ten
_RATES = 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2  # tried first, as a smaller picture is harder to read than a slower one
_SCALES = 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2
_SEEN_FOR_PALETTE = 4  # frames per second


class _Step(NamedTuple):
    rate: Fraction
    scale: float


def write_gif(clip: Path, gif: Path, max_bytes: int | None) -> Path:
    """Write ``clip`` as an endless GIF; if it would have more than ``max_bytes``, slower first, then smaller too.

    Raises
    ------
    UserError
        If the slowest and smallest is still larger.
    OSError, av.error.FFmpegError
        If the clip cannot be read or the GIF cannot be written.
    """
    steps, palette = list(_steps(clip)), _palette(clip)
    unfinished = beside(gif)
    try:
        size = _encode(clip, unfinished, steps[0], palette)
        if max_bytes is not None and size > max_bytes:
            fitting = bisect_left(steps, True, key=lambda step: _encode(clip, unfinished, step, palette) <= max_bytes)
            least = _encode(clip, unfinished, steps[min(fitting, len(steps) - 1)], palette)
            if least > max_bytes:
                raise UserError(f"{gif.stem} takes {-(-least // 1000)}kB even as a small, slow GIF: raise --max-size")
        unfinished.replace(gif)
    finally:
        unfinished.unlink(missing_ok=True)
    return gif


def _steps(clip: Path) -> Iterator[_Step]:
    """Yield what to try, from the largest file to the smallest."""
    with av.open(str(clip)) as source:
        rate = min(source.streams.video[0].average_rate or Fraction(_FASTEST), Fraction(_FASTEST))
    rates = [rate, *(Fraction(each) for each in _RATES if each < rate)]
    for each in rates:
        yield _Step(each, 1.0)
    for scale in _SCALES:
        yield _Step(rates[-1], scale)


def _palette(clip: Path) -> av.VideoFrame:
    (palette,) = _filtered(clip, ("fps", str(_SEEN_FOR_PALETTE)), ("palettegen", "reserve_transparent=0"))
    return palette


def _encode(clip: Path, gif: Path, step: _Step, palette: av.VideoFrame) -> int:
    """Write ``clip`` as ``gif`` and return its size in bytes."""
    width, height = (f"trunc({side}*{step.scale}/2)*2" for side in ("iw", "ih"))
    frames = _filtered(
        clip,
        ("fps", str(step.rate)),
        ("scale", f"{width}:{height}:flags=lanczos"),
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
        for frame in (*source.decode(video=0), None):
            entry.push(frame)
            with suppress(BlockingIOError, EOFError):  # no more before the next frame, or none at all
                while True:
                    yield graph.pull()  # type: ignore[misc]
