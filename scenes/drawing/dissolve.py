"""`Dissolve`: all that stands below it turns into another picture."""

from typing import ClassVar

import cairo
import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_picture
from scenes.drawing.canvas import Pixels
from scenes.drawing.drawn_mobject import DrawnMobject


class Dissolve(DrawnMobject):
    """Covers the picture below with ``picture`` as far as ``share`` says, transparency included.

    Parameters
    ----------
    picture
        As the camera has it, (height, width, 4), uint8.

    Examples
    --------
    .. code-block:: python

        class Turning(DrawingScene):
            def construct(self):
                self.add(Label("before", THEMES["dark"].text, 1.0))
                self.renderer.update_frame(self)
                before = Dissolve(self.renderer.get_frame())
                before.share[:] = 1
                self.clear()
                self.add(Label("after", THEMES["dark"].text, 1.0), before)
                self.play(Change(before, share=0))
    """

    changing: ClassVar[tuple[str, ...]] = ("opacity", "share")

    def __init__(self, picture: Pixels) -> None:
        super().__init__(1.0, 1.0)
        self.picture = np.ascontiguousarray(picture)
        self.share: Array = np.zeros(1)  # of `picture`, 0 to 1

    def draw(self, context: Context) -> None:
        """Draw over all pixels of ``context``."""
        height, width = self.picture.shape[:2]
        surface = cairo.ImageSurface.create_for_data(bytearray(self.picture.data), cairo.FORMAT_ARGB32, width, height)
        share = float(self.share[0])
        context.save()
        context.identity_matrix()
        context.rectangle(0, 0, width, height)
        context.clip()
        context.set_operator(cairo.OPERATOR_DEST_OUT)
        context.set_source_rgba(0, 0, 0, share)
        context.paint()
        context.set_operator(cairo.OPERATOR_ADD)
        set_picture(context, surface)
        context.paint_with_alpha(share)
        context.restore()
