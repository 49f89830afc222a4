"""Drawing only what changed gives the same frames as drawing all."""

from typing import Any

import numpy as np
import pytest
from manim import CairoRenderer, tempconfig

from attention.settings import Settings
from scenes.clips import Clip, film_clips
from scenes.drawing.camera import DrawingCamera
from scenes.drawing.renderer import DrawingRenderer
from tests.scenes.played import QUIET

SMALL = {"pixel_width": 256, "pixel_height": 144, "frame_rate": 4, "dry_run": True, "disable_caching": True}


def frames(clip: Clip, renderer_class: type[CairoRenderer], **choices: Any) -> list[np.ndarray]:
    taken: list[np.ndarray] = []

    class Noting(renderer_class):  # type: ignore[valid-type, misc]
        def add_frame(self, frame: np.ndarray, num_frames: int = 1) -> None:
            taken.append(frame.copy())
            super().add_frame(frame, num_frames)

    with tempconfig(QUIET | SMALL):
        renderer = Noting(camera_class=DrawingCamera)
        clip.scene_class()(settings=Settings(**choices), renderer=renderer).render()
    return taken


@pytest.mark.parametrize("clip", film_clips(heads=1), ids=lambda clip: clip.scene)
@pytest.mark.parametrize("theme", ["dark", "transparent"])
def test_the_frames_are_those_of_drawing_all(clip: Clip, theme: str) -> None:
    choices = {"sentence": "The cat sat on it 🙂.", "theme": theme}
    ours, whole = frames(clip, DrawingRenderer, **choices), frames(clip, CairoRenderer, **choices)
    assert len(ours) == len(whole) > 20
    for index, (one, other) in enumerate(zip(ours, whole, strict=True)):
        # at the border of a clip cairo rounds slanted edges, such as a notch's, another way, by up to 5 of 255
        assert np.abs(one.astype(int) - other).max() <= 5, f"frame {index}"
