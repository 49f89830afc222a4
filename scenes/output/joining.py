"""Joining rendered clips into the film, without encoding them again."""

import io
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import srt

from attention.files import written_whole
from scenes.drawing.subtitles import read_subtitles, write_subtitles
from scenes.drawing.unfinished import concat_manifest
from scenes.words import _, language

PRORES_4444 = "ap4h"  # what a MOV calls the only ProRes that `scenes.output.formats` makes
_MILLISECOND = Fraction(1, 1000)
ISO_639_2 = {"en": "eng", "de": "deu", "es": "spa", "fr": "fra", "pt": "por", "zh": "zho"}  # as videos name languages


def join(clips: Sequence[Path], titles: Sequence[str], film: Path, sentence: str) -> list[Path]:
    """Write ``clips``, which must have been encoded alike, one after the other into ``film``, and its subtitles.

    Each clip is a chapter with its title. An older film stays until the new one is whole. Returns the files written.

    Raises
    ------
    OSError, av.error.FFmpegError
        If a clip cannot be read or the film cannot be written.
    """
    starts = [0]
    for clip in clips:
        starts.append(starts[-1] + _milliseconds(clip))
    _mux(clips, film, {"title": _("Self-attention"), "comment": sentence}, _chapters(starts, titles))
    return [film, *write_subtitles(film, _subtitles(clips, starts))]


def label(clip: Path, title: str, sentence: str, beats: Sequence[tuple[str, float]]) -> None:
    """Write title and sentence into ``clip``, and its beats, each with its start in seconds, as chapters.

    Where MP4 keeps its index comes to the front, so that the clip plays while it loads.

    Raises
    ------
    OSError, av.error.FFmpegError
        If the clip cannot be read or written.
    """
    starts = [*(round(1000 * start) for _, start in beats), _milliseconds(clip)]
    chapters = _chapters(starts, [name for name, _ in beats])
    _mux([clip], clip, {"title": title, "comment": sentence}, chapters)


def _mux(clips: Sequence[Path], film: Path, tags: dict[str, str], chapters: list[Any]) -> None:
    with written_whole(film) as unfinished:
        _mux_into(unfinished, clips, tags, chapters)


def _mux_into(film: Path, clips: Sequence[Path], tags: dict[str, str], chapters: list[Any]) -> None:
    manifest = io.BytesIO(concat_manifest(clip.resolve() for clip in clips))
    options = {"movflags": "faststart"} if film.suffix == ".mp4" else {}
    with (
        av.open(manifest, "r", format="concat", options={"safe": "0"}) as source,
        av.open(str(film), "w", options=options) as target,
    ):
        target.metadata.update(tags)
        if chapters:
            target.set_chapters(chapters)
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.metadata["language"] = ISO_639_2[language()]
        if film.suffix == ".mov":
            stream.codec_context.codec_tag = PRORES_4444  # else it is called 422 HQ, and editors drop the alpha
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


def _subtitles(clips: Sequence[Path], starts: Sequence[int]) -> list[srt.Subtitle]:
    joined = []
    for clip, start in zip(clips, starts, strict=False):
        offset = timedelta(milliseconds=start)
        for line in read_subtitles(clip):
            joined.append(srt.Subtitle(0, line.start + offset, line.end + offset, line.content))
    return joined
