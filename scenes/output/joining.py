"""Joining rendered clips into the film, without encoding them again."""

import io
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import srt

from attention.attention_trace import write_atomically
from scenes.drawing.file_writer import beside, concat_manifest

_MILLISECOND = Fraction(1, 1000)


def join(clips: Sequence[Path], titles: Sequence[str], film: Path, sentence: str) -> Path:
    """Write ``clips``, which must have been encoded alike, one after the other into ``film``, and its subtitles.

    Each clip is a chapter with its title. An older film stays until the new one is whole.

    Raises
    ------
    OSError, av.error.FFmpegError
        If a clip cannot be read or the film cannot be written.
    """
    starts = [0]
    for clip in clips:
        starts.append(starts[-1] + _milliseconds(clip))
    unfinished = beside(film)
    try:
        _mux(clips, unfinished, f"Self-attention: {sentence}", _chapters(starts, titles))
        unfinished.replace(film)
    finally:
        unfinished.unlink(missing_ok=True)
    write_atomically(film.with_suffix(".srt"), _subtitles(clips, starts).encode())
    return film


def label(clip: Path, title: str, beats: Sequence[tuple[str, float]]) -> Path:
    """Write ``title`` into ``clip``, and its beats, each with its start in seconds, as chapters.

    Where MP4 keeps its index comes to the front, so that the clip plays while it loads.
    """
    unfinished = beside(clip)
    starts = [*(round(1000 * start) for _, start in beats), _milliseconds(clip)]
    try:
        _mux([clip], unfinished, title, _chapters(starts, [name.capitalize() for name, _ in beats]))
        unfinished.replace(clip)
    finally:
        unfinished.unlink(missing_ok=True)
    return clip


def _mux(clips: Sequence[Path], film: Path, title: str, chapters: list[Any]) -> None:
    manifest = io.BytesIO(concat_manifest(clip.resolve() for clip in clips))
    options = {"movflags": "faststart"} if film.suffix == ".mp4" else {}
    with (
        av.open(manifest, "r", format="concat", options={"safe": "0"}) as source,
        av.open(str(film), "w", options=options) as target,
    ):
        target.metadata["title"] = title
        if chapters:
            target.set_chapters(chapters)
        stream = target.add_stream_from_template(source.streams.video[0])
        if _has_vp9_alpha(clips[0]):
            stream.metadata["alpha_mode"] = "1"  # lost by the concat demuxer; without it browsers show no transparency
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.dts = None  # those of two files need not follow each other; the muxer counts anew
                packet.stream = stream
                target.mux(packet)


def _has_vp9_alpha(clip: Path) -> bool:
    with av.open(str(clip)) as container:
        tags = container.streams.video[0].metadata
        return any(name.lower() == "alpha_mode" and value == "1" for name, value in tags.items())


def _chapters(starts: Sequence[int], titles: Sequence[str]) -> list[Any]:
    return [
        {"id": k, "start": start, "end": end, "time_base": _MILLISECOND, "metadata": {"title": title}}
        for k, (start, end, title) in enumerate(zip(starts, starts[1:], titles, strict=False))
    ]


def _milliseconds(clip: Path) -> int:
    with av.open(str(clip)) as container:
        return round((container.duration or 0) / av.time_base * 1000)


def _subtitles(clips: Sequence[Path], starts: Sequence[int]) -> str:
    joined = []
    for clip, start in zip(clips, starts, strict=False):
        file = clip.with_suffix(".srt")
        for subtitle in srt.parse(file.read_text(encoding="utf-8")) if file.is_file() else ():
            offset = timedelta(milliseconds=start)
            joined.append(srt.Subtitle(0, subtitle.start + offset, subtitle.end + offset, subtitle.content))
    return str(srt.compose(joined))
