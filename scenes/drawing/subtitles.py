"""Subtitles beside a video: SubRip for players, WebVTT for pages."""

from collections.abc import Iterable
from datetime import timedelta
from html import escape
from pathlib import Path

import srt
from webvtt import Caption, WebVTT

from attention.files import write_atomically


def write_subtitles(video: Path, subtitles: Iterable[srt.Subtitle]) -> list[Path]:
    """Write ``subtitles`` beside ``video`` and return the two files.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    lines = list(subtitles)
    cues = [Caption(_clock(line.start), _clock(line.end), escape(line.content, quote=False)) for line in lines]
    contents = {".srt": srt.compose(lines), ".vtt": WebVTT(captions=cues).content}
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


def _clock(time: timedelta) -> str:
    milliseconds = round(time.total_seconds() * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
