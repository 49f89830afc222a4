"""Clips by name, and the kinds of files they become."""

import numpy as np
import pytest

from attention import UserError
from attention.settings import Settings
from scenes.drawing.alpha import straight_alpha
from scenes.output.clips import find_clip
from scenes.output.formats import Output, suited


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
