"""Subtitles beside a video: SubRip for players, WebVTT for pages."""

import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import srt
from webvtt import WebVTT

from attention.files import write_atomically
from scenes.words import language


def subtitle_file(video: Path, ending: str) -> Path:
    """Return the file of a video's subtitles in the language that is spoken, which players read in its name.

    English ones are called as the video is.
    """
    return video.with_suffix(ending if language() == "en" else f".{language()}{ending}")


def write_subtitles(video: Path, subtitles: Iterable[srt.Subtitle]) -> list[Path]:
    """Write ``subtitles`` beside ``video`` and return the two files.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    lines = list(subtitles)
    contents = {".srt": srt.compose(lines), ".vtt": _as_webvtt(lines)}
    files = [subtitle_file(video, ending) for ending in contents]
    for file, content in zip(files, contents.values(), strict=True):
        write_atomically(file, content.encode())
    return files


def read_subtitles(video: Path) -> list[srt.Subtitle]:
    """Return the subtitles beside ``video``; none, if it has no file of them that can be read."""
    try:
        return list(srt.parse(subtitle_file(video, ".srt").read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, srt.SRTParseError):
        return []


def _as_webvtt(lines: Sequence[srt.Subtitle]) -> str:
    marked = [srt.Subtitle(0, line.start, line.end, escape(line.content, quote=False)) for line in lines]
    converted = WebVTT.from_buffer(io.StringIO(srt.compose(marked)), format="srt") if lines else WebVTT()
    content: str = converted.content
    return content
