"""Subtitles beside a video: SubRip for players, WebVTT for pages."""

import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import srt
from webvtt import WebVTT

from attention.files import write_atomically


def write_subtitles(video: Path, subtitles: Iterable[srt.Subtitle]) -> list[Path]:
    """Write ``subtitles`` beside ``video`` and return the two files.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    lines = list(subtitles)
    contents = {".srt": srt.compose(lines), ".vtt": _as_webvtt(lines)}
    files = [video.with_suffix(ending) for ending in contents]
    for file, content in zip(files, contents.values(), strict=True):
        write_atomically(file, content.encode())
    return files


def read_subtitles(video: Path) -> list[srt.Subtitle]:
    """Return the subtitles beside ``video``; none, if it has no file of them that can be read."""
    try:
        return list(srt.parse(video.with_suffix(".srt").read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, srt.SRTParseError):
        return []


def _as_webvtt(lines: Sequence[srt.Subtitle]) -> str:
    marked = [srt.Subtitle(0, line.start, line.end, escape(line.content, quote=False)) for line in lines]
    converted = WebVTT.from_buffer(io.StringIO(srt.compose(marked)), format="srt") if lines else WebVTT()
    content: str = converted.content
    return content
