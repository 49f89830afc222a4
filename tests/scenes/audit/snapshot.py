"""One moment of a clip as a picture, with a red box around each thing that is found there."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from manim import tempconfig
from PIL import Image, ImageDraw

from attention.settings import Settings
from scenes.explainer_scene import ExplainerScene
from tests.scenes.audit.checks import faults
from tests.scenes.audit.recording import FRAMES_A_SECOND, QUICK, Recording


class _ReachedError(Exception):
    """The moment has come."""


def snapshot(scene_class: type[ExplainerScene], recording: Recording, time: float, file: Path, **choices: Any) -> None:
    """Write the picture at ``time`` of a clip that was recorded with the same choices."""
    scene = _scene_at(scene_class, time, choices)
    scene.renderer.update_frame(scene)
    drawn = Image.fromarray(scene.renderer.get_frame()).convert("RGBA")
    picture = Image.new("RGBA", drawn.size, (128, 128, 128, 255))  # seen where a theme is transparent
    picture.alpha_composite(drawn)
    pen = ImageDraw.Draw(picture)
    nearest = min(recording.pictures, key=lambda each: abs(each.time - time))
    for fault in faults(nearest, recording):
        for left, top, right, bottom in fault.boxes:
            pen.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=(255, 0, 0, 255), width=2)
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(file)


def _scene_at(scene_class: type[ExplainerScene], time: float, choices: dict[str, Any]) -> Any:
    class Stopped(scene_class):  # type: ignore[valid-type, misc]
        def play(self, *animations: Any, **options: Any) -> None:
            super().play(*animations, **options)
            self.stop_at(self.time)

        def update_to_time(self, passed: float) -> None:
            super().update_to_time(passed)
            self.stop_at(self.time + passed)

        def stop_at(self, now: float) -> None:
            if now >= time - 0.5 / FRAMES_A_SECOND:
                raise _ReachedError

    with tempconfig(QUICK):
        scene = Stopped(settings=Settings(**choices))
        scene.renderer.render = lambda *_: None
        with suppress(_ReachedError):
            scene.render()
    return scene
