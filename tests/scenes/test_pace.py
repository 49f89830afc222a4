"""Motion and rests take their time divided by the pace; what is to be read stands as long at any."""

from datetime import timedelta
from typing import Any

import pytest
from manim import tempconfig

from scenes.captioned_scene import FADE_IN, LAST_STILL, CaptionedScene
from scenes.clips import Clip, film_clips, find_clip
from scenes.drawing.change import Change
from scenes.explainer_scene import ExplainerScene
from scenes.look.theme import THEMES
from scenes.mobjects.label import Label
from scenes.places.layout import Frame
from tests.scenes.audit.times import shortest
from tests.scenes.played import QUIET, play

FRAME = 1 / 60  # of a second, of Manim's default
SHORT = "A caption"


class Paced(CaptionedScene):
    frame, theme = Frame("16:9"), THEMES["dark"]
    moved = waited = rested = read = 0.0

    def construct(self) -> None:
        label = Label("cat", self.theme.text, 1.0)
        self.play(Change(label, opacity=1, run_time=2.0))
        self.moved = self.time
        self.wait(1.0)
        self.waited = self.time
        self.rest()
        self.rested = self.time
        self.say(SHORT)
        self.wait_until_read()
        self.read = self.time


@pytest.mark.parametrize("pace", [0.25, 0.8, 1.0, 4.0])
def test_motion_and_rests_take_their_time_and_reading_its_own(pace: float) -> None:
    class AtThisPace(Paced):
        pass

    AtThisPace.pace = pace
    with tempconfig({**QUIET, "dry_run": True}):
        scene: Any = AtThisPace(skip_animations=True)
        scene.render()
    times = [scene.moved, scene.waited - scene.moved, scene.rested - scene.waited, scene.read - scene.rested]
    expected = [2 / pace, 1 / pace, LAST_STILL / pace, FADE_IN / pace / 2 + shortest(SHORT)]
    assert times == pytest.approx(expected, abs=1.5 * FRAME)


def played(clip: Clip, **choices: Any) -> ExplainerScene:
    scene, _ = play(clip.scene_class(), opened=True, **choices)
    return scene


def test_a_clip_is_as_much_longer_or_shorter_as_it_has_motion() -> None:
    clip = find_clip("ContextVectors")
    half, as_it_is, twice = (played(clip, pace=pace).time for pace in (0.5, 1.0, 2.0))
    assert 0.5 * as_it_is < twice < 0.9 * as_it_is
    assert 1.2 * as_it_is < half < 2 * as_it_is
    assert played(clip).time == as_it_is


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
def test_all_captions_can_be_read_at_the_fastest_pace(clip: Clip) -> None:
    lines = played(clip, pace=4.0).renderer.file_writer.subcaptions
    assert len(lines) > 2
    for line in lines:
        assert line.end - line.start >= timedelta(seconds=shortest(line.content) - 2 * FRAME), line.content
