"""One moment of a clip as a picture, with a red box around each thing that was found there."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from manim import tempconfig
from PIL import Image, ImageDraw

from attention.settings import Settings
from scenes.drawing.drawing_scene import DrawingScene
from tests.scenes.audit.findings import Finding
from tests.scenes.audit.recording import FRAMES_A_SECOND
from tests.scenes.played import QUIET


class _ReachedError(Exception):
    """The moment has come."""


def snapshot(
    scene_class: type[DrawingScene], time: float, found: Iterable[Finding], file: Path, **choices: Any
) -> None:
    """Write the picture at ``time``, with boxes where something was first found within half a second of it."""
    scene = _scene_at(scene_class, time, choices)
    scene.renderer.update_frame(scene)
    picture = Image.fromarray(scene.renderer.get_frame()).convert("RGBA")
    ground = Image.new("RGBA", picture.size, (128, 128, 128, 255))  # seen where a picture is transparent
    ground.alpha_composite(picture)
    pen = ImageDraw.Draw(ground)
    for finding in found:
        if finding.box and finding.time - 0.5 <= time <= finding.time + max(finding.seconds, 0.5):
            left, top, right, bottom = finding.box
            pen.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=(255, 0, 0, 255), width=2)
    ground.convert("RGB").save(file)


def _scene_at(scene_class: type[DrawingScene], time: float, choices: dict[str, Any]) -> Any:
    class Stopped(scene_class):  # type: ignore[valid-type, misc]
        def play(self, *animations: Any, **options: Any) -> None:
            super().play(*animations, **options)
            self.stop(self.time)

        def update_to_time(self, passed: float) -> None:
            super().update_to_time(passed)
            self.stop(self.time + passed)

        def stop(self, now: float) -> None:
            if now >= time - 0.5 / FRAMES_A_SECOND:
                raise _ReachedError

    with tempconfig({**QUIET, "dry_run": True, "quality": "low_quality", "disable_caching": True}):
        scene = Stopped(settings=Settings(**choices))
        scene.renderer.render = lambda *_: None
        with suppress(_ReachedError):
            scene.render()
    return scene
