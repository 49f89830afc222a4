"""Cutting a clip into its beats without encoding it again, and playing a beat backwards; both exact to the frame."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import av
from av import Packet, VideoStream

from attention.files import written_whole
from scenes.drawing.conversion import tag_colors
from scenes.drawing.subtitles import read_subtitles

# A reversed beat is encoded a second time, so that it costs little and loses little.
_REVERSED = {"preset": "superfast", "crf": "20", "chromaoffset": "-12", "aq-mode": "0", "threads": "1"}


@dataclass(frozen=True)
class Beat:
    """A step of a clip: its name, what its captions say, and at which frame it starts."""

    title: str
    captions: tuple[str, ...]
    start: int


def read_beats(clip: Path) -> list[Beat]:
    """Return the beats of a rendered clip, from its chapters and the subtitles beside it."""
    with av.open(str(clip)) as container:
        rate = container.streams.video[0].average_rate or 0
        chapters: list[Any] = container.chapters()
        titles = [chapter["metadata"]["title"] for chapter in chapters]
        starts = [round(chapter["start"] * chapter["time_base"] * rate) for chapter in chapters]
        end = container.streams.video[0].frames
    captions = [
        (round(subtitle.start.total_seconds() * rate), round(subtitle.end.total_seconds() * rate), subtitle.content)
        for subtitle in read_subtitles(clip)
    ]
    return [
        Beat(title, tuple(text for shown, gone, text in captions if shown < last and gone > first), first)
        for title, (first, last) in zip(titles, pairwise([*starts, end]), strict=True)
        if first < last
    ]


def cut(clip: Path, beats: Sequence[Beat], files: Sequence[Path]) -> None:
    """Write each beat of ``clip`` into the file of the same place in ``files``.

    Every animation begins with a key frame, and so does every beat.

    Raises
    ------
    ValueError
        If a beat does not begin with one.
    OSError, av.error.FFmpegError
        If the clip cannot be read or a file cannot be written.
    """
    with av.open(str(clip)) as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        starts = {beat.start for beat in beats}
        cuts = [k for k, packet in enumerate(packets) if packet.is_keyframe and _number(packet, stream) in starts]
        if len(cuts) != len(files):
            raise ValueError(f"{clip.name} cannot be cut at its beats")
        for file, (first, last) in zip(files, pairwise([*cuts, len(packets)]), strict=True):
            begin = packets[first].pts or 0
            with _written(file) as target:
                copied = target.add_stream_from_template(stream)
                for packet in packets[first:last]:
                    packet.pts = (packet.pts or 0) - begin
                    packet.dts = None  # the muxer counts anew
                    packet.stream = copied
                    target.mux(packet)


def _number(packet: "Packet[VideoStream]", stream: VideoStream) -> int:
    """Return which frame of the clip a packet holds, counted from 0."""
    return round((packet.pts or 0) * (stream.time_base or 0) * (stream.average_rate or 0))


def reverse(file: Path, reversed_file: Path) -> None:
    """Write the frames of ``file`` in reverse order into ``reversed_file``.

    Goes from key frame to key frame, so that only the frames between two are in memory. (manim-slides 5.7 can do this
    too, but puts the pieces of what lasts longer than four seconds into the order in which the folder lists them.)

    Raises
    ------
    OSError, av.error.FFmpegError
        If the one cannot be read or the other cannot be written.
    """
    with av.open(str(file)) as source, _written(reversed_file) as target:
        stream = source.streams.video[0]
        encoded = target.add_stream("libx264", rate=stream.average_rate, options=_REVERSED)
        pixels = stream.pix_fmt or "yuv420p"
        encoded.width, encoded.height, encoded.pix_fmt = stream.width, stream.height, pixels
        tag_colors(encoded.codec_context, pixels)
        packets = [packet for packet in source.demux(stream) if packet.pts is not None]
        keys = [k for k, packet in enumerate(packets) if packet.is_keyframe]
        count, duration = 0, 1 / cast(Fraction, stream.average_rate)
        for first, last in reversed(list(pairwise([*keys, len(packets)]))):
            frames = [frame for packet in packets[first:last] for frame in packet.decode()]
            frames += stream.codec_context.decode(None)
            stream.codec_context.flush_buffers()
            for frame in reversed(frames):
                frame.pts, frame.time_base = count, duration
                frame.pict_type = av.video.frame.PictureType.NONE
                count += 1
                target.mux(encoded.encode(frame))
        target.mux(encoded.encode())


@contextmanager
def _written(file: Path) -> Iterator[Any]:
    """Open a video for writing that has its name only once it is whole."""
    with written_whole(file) as unfinished, av.open(str(unfinished), "w", options={"movflags": "faststart"}) as target:
        yield target
