"""`Ring`: the outline that says what is being talked about."""

from scenes.drawing.cairo_context import Context, rounded_rectangle
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import Rgb
from scenes.places.layout import Region


class Ring(DrawnMobject):
    """A rounded outline around a region.

    Parameters
    ----------
    region
        What it goes around.
    color
        Its colour.
    stroke
        Its width in scene units.

    Examples
    --------
    .. code-block:: python

        class Around(DrawingScene):
            def construct(self):
                self.add(Ring(Region(-2, -1, 2, 1), THEMES["dark"].text))
    """

    def __init__(self, region: Region, color: Rgb, stroke: float = 0.035) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.ink = color
        self.stroke = stroke

    def paint(self, context: Context, width: float, height: float) -> None:
        """Stroke the outline, just outside of the region."""
        radius = min(0.08, width / 3, height / 3)
        rounded_rectangle(context, 0, 0, width, height, radius, radius)
        stroke(context, self.stroke, self.ink, float(self.opacity[0]))
