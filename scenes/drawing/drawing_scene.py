"""`DrawingScene`: a scene for mobjects that draw themselves; it draws only what changed, and encodes only that."""

import platform
import shutil
import sys
from typing import Any

import numpy as np
from manim import Scene, config, logger
from manim.constants import RendererType

from scenes.drawing.camera import DrawingCamera
from scenes.drawing.encoding import choose_encoder
from scenes.drawing.file_writer import WholeFileWriter
from scenes.drawing.renderer import DrawingRenderer


class DrawingScene(Scene):
    """A scene with the camera and the fast renderer for each :class:`~scenes.drawing.drawn_mobject.DrawnMobject`.

    Any other mobject is drawn as Manim draws it.

    Parameters
    ----------
    file_writer
        Writes the clip.
    **kwargs
        What Manim's ``Scene`` takes.

    Examples
    --------
    .. code-block:: python

        class Weights(DrawingScene):
            def construct(self):
                weights = trace("The cat sat.").weights[0]
                tensor = Tensor(weights, probability_scale(WEIGHT, THEMES["dark"])).place(0, 0, 5, 5)
                tensor.shown[:] = 0
                self.play(Change(tensor, shown=1, order=reading_order(*tensor.shape)))
    """

    def __init__(self, file_writer: type[WholeFileWriter] = WholeFileWriter, **kwargs: Any) -> None:
        require_cairo()
        choose_encoder()
        _preview_only_where_possible()
        kwargs.setdefault(
            "renderer",
            DrawingRenderer(
                file_writer_class=file_writer,
                camera_class=kwargs.pop("camera_class", DrawingCamera),
                skip_animations=kwargs.get("skip_animations", False),
            ),
        )
        super().__init__(**kwargs)

    def play(self, *animations: Any, **options: Any) -> None:
        """Play animations, and keep count of time by frames, cached ones included, so that subtitles do not drift."""
        start, rate = self.time, config.frame_rate
        super().play(*animations, **options)
        frozen = self.is_current_animation_frozen_frame()
        frames = int(self.duration * rate) if frozen else len(np.arange(0, self.duration, 1 / rate))
        self.renderer.time = start + frames / rate


def require_cairo() -> None:
    """End in one line where Manim was told to draw with OpenGL, which cannot draw mobjects that draw themselves."""
    if config.renderer != RendererType.CAIRO:
        print("error: these scenes are drawn by Cairo: leave out --renderer, also in manim.cfg", file=sys.stderr)
        raise SystemExit(2)


def _preview_only_where_possible() -> None:
    """Let ``manim -p`` render without opening the clip on a machine that has nothing to open it with."""
    opener = config.preview_command or {"Linux": "xdg-open"}.get(platform.system())
    if config.preview and opener and not shutil.which(opener):
        logger.warning("the clip is rendered but not opened: %s is not installed", opener)
        config.preview = False
