"""Captions that quote Arabic or Hebrew keep the order of an English line, in pictures and in subtitles."""

from pathlib import Path

import pytest

from scenes.drawing.outlines import _pieces
from scenes.drawing.subtitles import read_subtitles, write_subtitles
from scenes.drawing.writing_direction import isolate_quotes
from scenes.look import fonts
from scenes.query_key_value import QueryKeyValue
from tests.scenes.played import play

CAPTIONS = ["“ل” meets W", "“ل” and “سق” meet 0.63 W", "“שלום” meets W"]


def is_last(letter: str, text: str) -> bool:
    """Whether a letter stands right of all others on the picture."""
    (glyph,) = _pieces(letter, fonts.TEXT, "NORMAL")
    pieces = [(piece.matrix.x0, piece.steps) for piece in _pieces(text, fonts.TEXT, "NORMAL")]
    return max(pieces)[1] == glyph.steps


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_stands_in_the_order_of_an_english_line(caption: str) -> None:
    assert not is_last("W", caption)
    assert is_last("W", isolate_quotes(caption))


def test_what_runs_to_the_right_is_left_alone() -> None:
    assert isolate_quotes("“it” meets one column of W_Q") == "“it” meets one column of W_Q"


def test_subtitles_and_captions_isolate_what_runs_to_the_left(tmp_path: Path) -> None:
    scene, _ = play(QueryKeyValue, sentence="القط جلس على السجادة")
    lines = list(scene.renderer.file_writer.subcaptions)
    quoting = [line.content for line in lines if "“" in line.content]
    assert quoting
    assert all("\u200e“\u2068" in content and "\u2069”" in content for content in quoting)
    write_subtitles(tmp_path / "clip.mp4", lines)
    assert [line.content for line in read_subtitles(tmp_path / "clip.mp4")] == [line.content for line in lines]
    assert all(content in (tmp_path / "clip.vtt").read_text(encoding="utf-8") for content in quoting)
