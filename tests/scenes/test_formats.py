"""Clips by name, and the kinds of files they become."""

from typing import get_args

import numpy as np
import pytest
from manim.constants import QUALITIES

from attention import UserError
from attention.settings import Settings
from scenes.clips import find_clip
from scenes.commands.telling import tell_large_size
from scenes.drawing.alpha import straight_alpha
from scenes.output.formats import Output, Quality, suited


@pytest.mark.parametrize("name", ["ScoreMatrix", "score-matrix", "score_matrix", "06-score-matrix", "6", "06"])
def test_a_clip_has_several_names(name: str) -> None:
    assert find_clip(name).scene == "ScoreMatrix"


@pytest.mark.parametrize("name", ["scormatrix", "11", "0", ""])
def test_an_unknown_clip_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="directed-graph"):
        find_clip(name)


def test_the_nearest_names_come_first() -> None:
    with pytest.raises(UserError, match="choose one of score-matrix"):
        find_clip("scormatrix")


def test_colours_no_longer_hold_their_alpha() -> None:
    pixels = np.array([[[100, 50, 0, 100], [7, 8, 9, 255], [0, 0, 0, 0], [64, 32, 16, 128]]], np.uint8)
    straight = straight_alpha(pixels)
    assert straight.tolist() == [[[255, 128, 0, 100], [7, 8, 9, 255], [0, 0, 0, 0], [128, 64, 32, 128]]]


def test_formats_for_laying_over_are_transparent_unless_a_theme_is_chosen() -> None:
    assert suited(Settings(), "webm", None).theme == "transparent"
    assert suited(Settings(theme="dark"), "webm", None).theme == "dark"
    assert suited(Settings(), "png", None).theme == "dark"
    assert Output.of(Settings(theme="transparent")).form == "mov"
    with pytest.raises(UserError, match="mp4 holds no transparency"):
        Output.of(Settings(theme="transparent"), "mp4")


@pytest.mark.parametrize("quality", get_args(Quality))
def test_qualities_are_manims(quality: Quality) -> None:
    """Their sizes and rates are known without importing Manim."""
    manims = QUALITIES[Output(quality=quality).options(Settings())["quality"]]
    same = Output("mov", size=(manims["pixel_width"], manims["pixel_height"]), fps=manims["frame_rate"])
    assert Output("mov", quality).expected_bytes(Settings(), 1) == same.expected_bytes(Settings(), 1)


def test_a_large_size_is_known_before(capsys: pytest.CaptureFixture[str]) -> None:
    """Measured: 61 MB, 41 MB and 93 MB for clips of 30 to 34 seconds at 480p15, 198 MB at 720p30."""
    assert 41e6 < Output("mov", "l").expected_bytes(Settings(), 1) < 93e6
    assert Output("mov", "m").expected_bytes(Settings(), 1) == pytest.approx(198e6, rel=0.15)
    assert Output("mov", size=(480, 480), fps=10).expected_bytes(Settings(frame="1:1"), 2) < 60e6
    for form in ("mp4", "webm", "gif", "png"):
        tell_large_size(Output(form, "k").expected_bytes(Settings(), 20))  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""
    tell_large_size(Output("mov", "h").expected_bytes(Settings(), 1))
    assert "about 630" in capsys.readouterr().err
