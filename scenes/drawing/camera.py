"""`DrawingCamera`: Manim's camera, with mobjects that draw themselves."""

import itertools
from collections.abc import Iterable
from typing import Any

from manim import Camera, Mobject

from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.lens import Lens


class DrawingCamera(Camera):
    """Draws stock mobjects as ever and lets each :class:`DrawnMobject` draw itself.

    A :class:`~scenes.drawing.drawing_scene.DrawingScene` has it.
    """

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw ``mobjects`` and their families in order onto the pixel array."""
        context = self.get_cairo_context(self.pixel_array)
        displayed = (each for each in self.get_mobjects_to_display(mobjects, **kwargs) if not isinstance(each, Lens))
        for kind, group in itertools.groupby(displayed, self._kind):
            if kind is DrawnMobject:
                for mobject in group:
                    mobject.draw(context)
            else:
                self.display_funcs[kind](list(group), self.pixel_array)

    def _kind(self, mobject: Mobject) -> type[Mobject]:
        # type_or_raise rebuilds its table of classes at each call, so it is asked about stock mobjects only
        return DrawnMobject if isinstance(mobject, DrawnMobject) else self.type_or_raise(mobject)
