"""`DrawingRenderer`: Manim's renderer, except that only what changed from one frame to the next is drawn again.

Manim draws every mobject from the first moving one upward anew for each frame. Where all mobjects are
:class:`~scenes.drawing.drawn_mobject.DrawnMobject`, whose look is known from their arrays, less will do; with any other
mobject on the picture, Manim's own way is taken.
"""

from collections.abc import Iterable
from typing import Any, cast

from manim import CairoRenderer, Mobject, Scene
from manim.utils.iterables import list_update

from scenes.drawing.canvas import Canvas, Pixels
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.lens import Lens


class DrawingRenderer(CairoRenderer):
    """Draws what changed; a :class:`~scenes.drawing.drawing_scene.DrawingScene` has it, and its camera."""

    _canvas: Canvas | None = None
    _frame: Pixels | None = None  # the last one handed out, while the picture has not changed since

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> Any:
        """Note what stands still, where Manim draws; a canvas knows by itself."""
        if self._drawn(scene) is None:
            return super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None
        return None

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **kwargs: Any,
    ) -> None:
        """Bring the camera's picture up to date with the scene."""
        drawn = self._drawn(scene)
        if drawn is None:
            self._canvas = self._frame = None
            super().update_frame(scene, mobjects, include_submobjects, ignore_skipping, **kwargs)
        elif not self.skip_animations or ignore_skipping:
            if self._canvas is None or self._canvas.pixels is not self.camera.pixel_array:
                pixels, background = self.camera.pixel_array, cast(Pixels, self.camera.background)
                self._canvas = Canvas(pixels, self.camera.get_cairo_context(pixels), background)
            if self._canvas.show(drawn):
                self._frame = None

    def get_frame(self) -> Any:
        """Return the picture; the same array again as long as it does not change."""
        if self._canvas is None:
            return super().get_frame()
        if self._frame is None:
            self._frame = super().get_frame()
        return self._frame

    def _drawn(self, scene: Scene) -> list[DrawnMobject] | None:
        """Return all that is on the picture, in drawing order; None if a part of it does not draw itself."""
        displayed: list[Any] = self.camera.get_mobjects_to_display(
            list_update(scene.mobjects, scene.foreground_mobjects)
        )
        shown = [mobject for mobject in displayed if not isinstance(mobject, Lens)]
        return shown if all(isinstance(mobject, DrawnMobject) for mobject in shown) else None
